"""Duties as text, JSON, CSV, Markdown and a calendar; who does what; gaps in responsibility and handovers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from graphsc.core.text import Language
from graphsc.duties.results import Duties

FORMATS = ("text", "json", "csv", "markdown", "ics")


def render(form: str, shown: Duties, *, language: Language, color: bool = False) -> str:
    """Duties in a format, which is imported only when it is asked for; colour is for the text alone."""
    write: Callable[..., str] = import_module(f"{__name__}.{'calendar' if form == 'ics' else form}").render
    if form == "json":
        return write(shown)
    return write(shown, language=language, **({"color": color} if form == "text" else {}))
