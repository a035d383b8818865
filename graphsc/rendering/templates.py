"""Jinja environments for templates in one language, in which all values from outside are escaped."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from graphsc.core import escape
from graphsc.core.document import Bar
from graphsc.core.text import Language, Text, capital, with_written_days

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment


def environment(loader: BaseLoader, language: Language, *, longest: int, name: int, days: bool = False) -> Environment:
    """An environment that escapes each value and cuts it after ``longest`` characters.

    Its filter ``brief`` cuts after ``name`` characters, ``capital`` begins with a capital, ``lines`` keeps the lines of a
    text such as a query. With ``days`` the dates in texts are written out. A missing value is an error. Needs Jinja, which
    comes with graphsc[report].
    """
    import jinja2
    from markupsafe import Markup

    def text_of(value: object) -> str:
        text = plain(value, language)
        return with_written_days(text, language) if days and isinstance(value, Text) else text

    templates = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else escape.brief(text_of(value), longest),
    )
    templates.globals.update(is_bar=lambda cell: isinstance(cell, Bar))
    templates.filters.update(
        brief=lambda value: escape.brief(text_of(value), name),
        capital=lambda value: capital(text_of(value)),
        lines=lambda text: Markup("\n").join(escape.source(line) for line in text.split("\n")),
    )
    return templates


def plain(value: object, language: Language) -> str:
    """A value as text of one language; empty for None, dates in ISO 8601, numbers with separated thousands."""
    if type(value) is str:
        return value
    if isinstance(value, Text):
        return value[language]
    if value is None:
        return ""
    if isinstance(value, int):
        return Text.number(value)[language]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
