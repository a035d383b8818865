"""The text of cells: how values are written to them and read from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from graphsc.core import vocabulary as v
from graphsc.sources.terms import Property
from graphsc.sources.values import literal

Value = str | int | float | bool | date | datetime | time | timedelta
"""The value of a cell; the empty text is an empty cell."""

LONGEST = 32_767
"""The most characters in a cell."""

FIRST_DAY = date(1950, 1, 1)
"""The first date that is written to a cell as a number: an earlier one is more likely a year that was taken for a date."""

_LETTERS = {"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"}
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"(?P<name>.*\S)\s*\[(?P<id>[^\[\]]+)\]", re.DOTALL)
_APART = re.compile(r"\n|;(?![^\[\]\n]*\])")


def text_of(value: Value) -> str:
    """The text that a person sees in the cell, dates as ``2024-03-01`` whatever the cell's format."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    """A number with the 15 digits that a spreadsheet computes with: a third is not 0.3333333333333333148."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    shown = format(Decimal(f"{value:.15g}"), ".18f" if 1e-15 < abs(value) < 1 else "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def date_of(value: Value) -> str:
    """The text of a cell in a date column: the date, without a time of day."""
    return value.date().isoformat() if isinstance(value, datetime) else text_of(value)


def several(text: str) -> list[str]:
    """The values in a cell, one on each line or with ``;`` between."""
    return [part for piece in _APART.split(text.replace("\r\n", "\n")) if (part := piece.strip())]


def reference(text: str) -> tuple[str, str | None]:
    """The name and the id of a reference such as ``Fjord Hosting [org/fjord]``; a text without brackets is a name."""
    parts = _NAMED.fullmatch(text)
    return (text, None) if parts is None else (parts["name"], parts["id"].strip())


def is_single_name(name: str) -> bool:
    """Whether a name alone in a cell is read as that name."""
    return several(name) == [name] and reference(name)[1] is None


def referring(name: str, id_: str) -> str:
    """The text of a reference with name and id: readable, and still valid when the thing is renamed."""
    shown = " ".join(name.replace(";", ",").replace("[", "(").replace("]", ")").split())
    return f"{shown} [{id_}]" if shown and shown != id_ else id_


def plain(text: str) -> bool:
    """Whether a cell keeps the text unchanged: not empty, not too long, no blanks at its ends, no control characters."""
    return bool(text) and text == text.strip() and len(text) <= LONGEST and _ODD.search(text) is None


def joined(parts: Iterable[str]) -> str | None:
    """Several values in one cell; None where they would not be read back the same."""
    values = list(parts)
    text = "\n".join(values)
    return text if plain(text) and several(text) == values else None


def cell_of(text: str, prop: Property) -> Value | None:
    """A literal as the value of a cell in its property's column; None where it would not be read back the same."""
    value: Value = text
    if prop.range == v.XSD_DATE and _is_day(text):
        value = date.fromisoformat(text)
    elif prop.range in (v.XSD_INTEGER, v.XSD_DECIMAL):
        try:
            value = float(text)
        except ValueError:
            return None
    elif prop.range == v.XSD_BOOLEAN:
        return {"true": True, "false": False}.get(text)
    if text_of(value) != text:  # such as 12.50, which a number does not tell from 12.5
        value = text
    return value if plain(text) and literal(text, prop.range) == (text, None) else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= FIRST_DAY
    except ValueError:
        return False


def slug(name: str) -> str:
    """A name as the last part of an id: small letters without accents, hyphens between."""
    text = "".join(_LETTERS.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"
