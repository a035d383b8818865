"""A comparison of before and after as text, JSON and Markdown."""

from __future__ import annotations

from typing import Literal, get_args

from graphsc.rendering import sections
from graphsc.rendering.what_if import figures, parts
from graphsc.rendering.what_if.words import summary, title
from graphsc.scenario.model import WhatIf
from graphsc.text import Language, Text

Format = Literal["text", "json", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(form: Format, found: WhatIf, *, language: Language, colour: bool = False) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return figures.json(found)
    day = Text(f"Pr. {found.as_of}.", f"As of {found.as_of}.")
    shown = [sections.Section(Text("Kort sagt", "In short"), (summary(found), day)), *parts.sections(found)]
    if form == "markdown":
        return sections.markdown(title(found), shown, language)
    return sections.text(title(found), shown, language, colour=colour)
