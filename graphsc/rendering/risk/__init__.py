"""Risk as text, JSON, CSV and Markdown."""

from __future__ import annotations

from typing import Literal, get_args

from graphsc.analysis.risk import Assessment
from graphsc.core.text import Language
from graphsc.rendering import sections
from graphsc.rendering.risk import content, csv, explained, json

Format = Literal["text", "json", "csv", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(
    form: Format,
    assessment: Assessment,
    *,
    language: Language,
    node: str | None = None,
    most: int = 10,
    colour: bool = False,
) -> str:
    """The risk in a format; with ``node``, that of one node with the facts behind its figures.

    Tables for people have at most ``most`` rows. JSON and CSV always have everything.
    """
    if form == "json":
        return json.render(assessment)
    if form == "csv":
        return csv.render(assessment, language)
    if node is None:
        title, parts = content.title(assessment), content.sections(assessment, most)
    else:
        title, parts = explained.title(assessment, node), explained.sections(assessment, node, most)
    return sections.page(form, title, parts, language, colour=colour)
