"""The questionnaires: the open questions of each agreement, to be answered where the records do not show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graphsc.core.contract import HIDDEN, told
from graphsc.core.identifiers import iris
from graphsc.core.text import Text
from graphsc.graph.labels import Labels
from graphsc.service import validate
from graphsc.service.lookup import find
from graphsc.service.opened import Opened
from graphsc.validation import wording
from graphsc.validation.findings import Actor, Answer, ReadInput


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is open: what the guide asks, of whom, and about what."""

    finding: str  #: The fingerprint of the finding that asks it.
    rule: str  #: The code of its rule.
    statement: str  #: The id of the statement of the guide that an answer is to.
    subject: str  #: What it is about, as an IRI.
    text: Text  #: The question.
    remedy: Text  #: What to do where the answer is no.
    actor: Actor  #: Who should answer.
    urgent: bool  #: Whether society depends on what it is about.
    weight: str  #: How strongly the guide speaks: must, should or may.
    answer: Answer | None  #: An answer that does not close it: partly or no.


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The open questions about one agreement, or of one organisation where they are about none, the most important first."""

    about: str  #: The agreement, organisation or other thing, as an IRI.
    questions: tuple[Question, ...]  #: The questions.

    @property
    @told
    def urgent(self) -> int:
        """How many of them are about what society depends on."""
        return sum(question.urgent for question in self.questions)


@dataclass(frozen=True, slots=True)
class Questions(ReadInput):
    """The questionnaires of a register: what society depends on first."""

    as_of: date  #: The day on which the questions are open.
    questionnaires: tuple[Questionnaire, ...]  #: The questionnaires.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.
    base: str = field(metadata=HIDDEN)


def questions(opened: Opened, *, agreement: str | None = None) -> Questions:
    """The open questions of a register, or of what ``agreement`` names. Raises UnknownNameError."""
    labels = Labels(opened.dataset)
    base = opened.sources.base or opened.settings.base
    only = find(opened.dataset, labels, agreement, base=base) if agreement is not None else None
    report, rules = validate(opened)
    made = tuple(
        Questionnaire(
            place,
            tuple(
                Question(
                    finding=item.fingerprint,
                    rule=item.code,
                    statement=rules[item.code].asks,
                    subject=item.subject,
                    text=item.message,
                    remedy=item.remedy,
                    actor=item.actor,
                    urgent=item.urgent,
                    weight=item.weight,
                    answer=item.answer,
                )
                for item in found
            ),
        )
        for place, found in wording.open_questions(wording.counted(report)).items()
        if only in (None, place)
    )
    return Questions(
        inputs=report.inputs,
        problems=report.problems,
        as_of=report.as_of,
        questionnaires=made,
        labels=labels.of(iris(made)),
        base=base,
    )
