"""Countries by name: what a reader calls a two-letter code (ISO 3166-1), after Unicode's CLDR."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from graphsc.core.text import Text


@cache
def country(code: str) -> Text:
    """The name of a country; the code itself where it stands for none, or Babel is not installed."""
    if find_spec("babel") is None:
        return Text.same(code)
    from babel import Locale

    danish, english = (Locale(language).territories.get(code.upper(), code) for language in ("da", "en"))
    return Text(danish, english)
