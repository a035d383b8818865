"""Text as typed values: dates that exist, numbers, truth values, durations."""

from __future__ import annotations

import re
from datetime import date

from graphsc.core import vocabulary as v
from graphsc.core.text import Text
from graphsc.sources.reporting import Fault, quoted

TRUE = frozenset({"ja", "yes", "true", "sand", "sandt"})
FALSE = frozenset({"nej", "no", "false", "falsk"})

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_DANISH_DATE = re.compile(r"(\d{1,2})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{4})\Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_DURATION = re.compile(r"P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?\Z", re.ASCII)


def wrong_type(da: str, en: str) -> Fault:
    """That a value is not of its type."""
    return "wrong-type", Text(da, en)


def bad_date(da: str, en: str) -> Fault:
    """That a text is no day."""
    return "bad-date", Text(da, en)


def date_fault(text: str) -> Fault | None:
    """What is wrong with a date; None when it is written ``YYYY-MM-DD`` and exists."""
    parts = _DATE.match(text)
    if parts is None:
        danish = _DANISH_DATE.match(text)
        hint = Text("", "")
        if danish is not None:
            day, month, year = (int(part) for part in danish.groups())
            iso = f"{year:04}-{month:02}-{day:02}"
            if date_fault(iso) is None:
                hint = Text(f", altså {iso}", f", here {iso}")
        return bad_date(
            f"{quoted(text)} er ikke en dato; skriv år-måned-dag{hint.da or ' som 2024-03-01'}.",
            f"{quoted(text)} is not a date; write year-month-day{hint.en or ' such as 2024-03-01'}.",
        )
    try:
        date(*(int(part) for part in parts.groups()))
    except ValueError:
        return bad_date(f"Datoen {quoted(text)} findes ikke.", f"The date {quoted(text)} does not exist.")
    return None


def duration_fault(text: str) -> Fault | None:
    """What is wrong with a period; None when it is an ISO 8601 duration in years, months, weeks, days."""
    if _DURATION.match(text):
        return None
    return "bad-period", Text(
        f"{quoted(text)} er ikke en varighed; skriv fx P3M for tre måneder, P1Y for et år eller P14D for 14 dage.",
        f"{quoted(text)} is not a duration; write P3M for three months, P1Y for a year or P14D for 14 days.",
    )


def literal(text: str, datatype: str | None) -> tuple[str, Fault | None]:
    """The lexical form of a value that a person wrote, and what is wrong with it for its type.

    Truth values may be written in either language. Numbers are written with a point.
    """
    if datatype == v.XSD_DATE:
        return text, date_fault(text)
    if datatype == v.XSD_BOOLEAN:
        word = text.casefold()
        if word in TRUE | FALSE:
            return ("true" if word in TRUE else "false"), None
        return text, wrong_type(f"{quoted(text)} er hverken ja eller nej.", f"{quoted(text)} is neither yes nor no.")
    if datatype == v.XSD_INTEGER and not _INTEGER.match(text):
        return text, wrong_type(f"{quoted(text)} er ikke et helt tal.", f"{quoted(text)} is not a whole number.")
    if datatype == v.XSD_DECIMAL and not _DECIMAL.match(text):
        return text, wrong_type(
            f"{quoted(text)} er ikke et tal; skriv det med punktum, fx 12.5.",
            f"{quoted(text)} is not a number; write it with a point, such as 12.5.",
        )
    return text, None


def lexical_fault(text: str, datatype: str) -> Fault | None:
    """What is wrong with the lexical form of a literal in RDF, where nothing is translated."""
    if datatype == v.XSD_BOOLEAN:
        if text in ("true", "false", "1", "0"):
            return None
        return wrong_type(
            f"{quoted(text)} er ikke en sandhedsværdi; skriv true eller false.",
            f"{quoted(text)} is not a truth value; write true or false.",
        )
    return literal(text, datatype)[1]
