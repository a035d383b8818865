"""What if: the comparison of before and after as text, JSON and Markdown."""

from __future__ import annotations

from typing import Literal, get_args

from graphsc.core.document import Section
from graphsc.core.text import Language, Text
from graphsc.rendering import sections
from graphsc.rendering.whatif import content, json
from graphsc.whatif.model import WhatIf

Format = Literal["text", "json", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(form: Format, comparison: WhatIf, *, language: Language, colour: bool = False) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return json.render(comparison)
    day = Text(f"Pr. {comparison.as_of}.", f"As of {comparison.as_of}.")
    shown = [
        Section(Text("Kort sagt", "In short"), (content.summary(comparison), day)),
        *content.sections(comparison, language),
    ]
    return sections.page(form, content.title(comparison), shown, language, colour=colour)
