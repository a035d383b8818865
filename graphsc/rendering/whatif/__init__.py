"""What if: the comparison of before and after as text, as Markdown, and as JSON, version 1 of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from graphsc.core.contract import INLINE
from graphsc.core.document import Section
from graphsc.core.text import Language, Text
from graphsc.rendering import sections
from graphsc.rendering.contract import document
from graphsc.rendering.whatif import content
from graphsc.whatif.model import WhatIf

Format = Literal["text", "json", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(form: Format, comparison: WhatIf, *, language: Language, colour: bool = False) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return document("what-if", Document(comparison, content.title(comparison), content.summary(comparison)))
    day = Text(f"Pr. {comparison.as_of}.", f"As of {comparison.as_of}.")
    shown = [
        Section(Text("Kort fortalt", "In short"), (content.summary(comparison), day)),
        *content.sections(comparison, language),
    ]
    return sections.page(form, content.title(comparison), shown, language, colour=colour)


@dataclass(frozen=True, slots=True)
class Document:
    """The comparison of an input with the same input in a scenario. Nodes are IRIs."""

    comparison: WhatIf = field(metadata=INLINE)
    title: Text  #: What is supposed, as a question.
    summary: Text  #: The comparison in one sentence.
