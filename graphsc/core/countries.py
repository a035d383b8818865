"""Countries by name: what a reader calls a two-letter code (ISO 3166-1), after Unicode's CLDR."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec

from graphsc.core.resources import knowledge
from graphsc.core.text import Text


@cache
def _codes() -> dict[str, str]:
    """From each name and code of a country, in small letters, to its code of two letters."""
    from pyoxigraph import Literal, RdfFormat, parse

    result: dict[str, str] = {}
    for quad in parse(knowledge("ontology/lists/countries.ttl").read_bytes(), RdfFormat.TURTLE):
        if isinstance(quad.object, Literal):
            result[_plain(quad.object.value)] = str(quad.subject)[1:-1].rsplit("/", 1)[1]
    return result


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def code(text: str) -> str | None:
    """The two-letter code (ISO 3166-1) of a country by its code of two or three letters or its Danish or English name."""
    return _codes().get(_plain(text))


def names() -> frozenset[str]:
    """Every name and code that `code` knows, in small letters."""
    return frozenset(_codes())


@cache
def country(code: str) -> Text:
    """The name of a country; the code itself where it stands for none, or Babel is not installed."""
    if find_spec("babel") is None:
        return Text.same(code)
    from babel import Locale

    danish, english = (Locale(language).territories.get(code.upper(), code) for language in ("da", "en"))
    return Text(danish, english)
