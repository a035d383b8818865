"""Duties and matrices as CSV for a spreadsheet: names for people, IRIs for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphsc.core import escape
from graphsc.core.text import Language
from graphsc.core.writing import comma_separated
from graphsc.duties.duties import Duty
from graphsc.duties.results import Duties
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice

_COLUMNS = (
    *("state", "due", "rule", "what", "subject", "holder", "role", "person", "counterparty", "agreement"),
    *("latest", "waived_until", "statements", "finding", "subject_iri", "value_iri", "holder_iri", "agreement_iris"),
)


def render(shown: Duties, *, language: Language) -> str:
    """Render the duties that were chosen, one to a line; column names are the same in every language."""
    voice = Voice(shown.labels, language)
    return write([_COLUMNS, *(_row(duty, voice) for duty in shown.duties)])


def write(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, in which no cell is read as a formula."""
    return comma_separated([escape.cell(cell) for cell in row] for row in rows)


def _row(duty: Duty, voice: Voice) -> tuple[str, ...]:
    who, waived = duty.holder, duty.waived
    return (
        words.STATE[duty.state][voice.language],
        duty.due.isoformat() if duty.due else "",
        duty.rule,
        voice.name(duty.kind),
        voice.name(duty.subject),
        voice.name(who.organisation),
        voice.name(who.role),
        voice.name(who.person),
        voice.names(duty.counterparties),
        voice.names(duty.agreements),
        voice.record(duty.latest) if duty.latest else "",
        waived.until.isoformat() if waived and waived.until else "",
        " ".join(duty.statements),
        duty.finding or "",
        duty.subject,
        duty.value or "",
        who.organisation or "",
        " ".join(duty.agreements),
    )
