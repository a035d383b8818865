"""Duties as text, JSON, CSV, Markdown and a calendar; who does what; gaps in responsibility and handovers."""

from __future__ import annotations

from graphsc.core.text import Language
from graphsc.duties.results import Duties

FORMATS = ("text", "json", "csv", "markdown", "ics")


def render(form: str, shown: Duties, *, language: Language, color: bool = False) -> str:
    """Duties in a format, which is imported only when it is asked for."""
    match form:
        case "json":
            from graphsc.rendering.duties import json

            return json.render(shown)
        case "csv":
            from graphsc.rendering.duties import csv

            return csv.render(shown, language=language)
        case "markdown":
            from graphsc.rendering.duties import markdown

            return markdown.render(shown, language=language)
        case "ics":
            from graphsc.rendering.duties import calendar

            return calendar.render(shown, language=language)
    from graphsc.rendering.duties import text

    return text.render(shown, language=language, color=color)
