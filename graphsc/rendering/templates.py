"""Jinja environments for templates in one language, in which all values from outside are escaped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from graphsc.core import escape
from graphsc.core.text import Language, Text, capital
from graphsc.rendering import sections
from graphsc.rendering.days import with_written_days

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment


def environment(loader: BaseLoader, language: Language, *, longest: int, name: int, days: bool = False) -> Environment:
    """An environment that escapes each value and cuts it after ``longest`` characters.

    Its filter ``brief`` cuts after ``name`` characters, ``capital`` begins with a capital. With ``days`` the dates in texts
    are written out. A missing value is an error. Needs Jinja, which comes with graphsc[report].
    """
    import jinja2

    def text_of(value: object) -> str:
        text = plain(value, language)
        return with_written_days(text, language) if days and isinstance(value, Text) else text

    templates = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed(text_of, longest),
    )
    templates.globals.update(is_bar=lambda cell: isinstance(cell, sections.Bar))
    templates.filters.update(
        brief=lambda value: escape.brief(text_of(value), name),
        capital=lambda value: capital(text_of(value)),
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


def _printed(text_of: Callable[[object], str], longest: int) -> Callable[[Any], Any]:
    from markupsafe import Markup

    def printed(value: Any) -> Any:
        return value if isinstance(value, Markup) else escape.brief(text_of(value), longest)

    return printed
