"""Duties as CSV for a spreadsheet: names for people, IRIs for programs."""

from __future__ import annotations

from graphsc.core.text import Language
from graphsc.duties.duties import Duty
from graphsc.duties.results import Duties
from graphsc.rendering import spreadsheet
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice


def render(shown: Duties, *, language: Language) -> str:
    """Render the duties that were chosen, one to a line; column names are the same in every language."""
    voice = Voice(shown.labels, language)
    columns: spreadsheet.Columns[Duty] = {
        "state": lambda duty: words.STATE[duty.state][language],
        "due": lambda duty: duty.due,
        "rule": lambda duty: duty.rule,
        "what": lambda duty: voice.name(duty.kind),
        "subject": lambda duty: voice.name(duty.subject),
        "holder": lambda duty: voice.name(duty.holder.organisation),
        "role": lambda duty: voice.name(duty.holder.role),
        "person": lambda duty: voice.name(duty.holder.person),
        "counterparty": lambda duty: voice.names(duty.counterparties),
        "agreement": lambda duty: voice.names(duty.agreements),
        "latest": lambda duty: duty.latest and voice.record(duty.latest),
        "waived_until": lambda duty: duty.waived and duty.waived.until,
        "statements": lambda duty: duty.statements,
        "finding": lambda duty: duty.finding,
        "subject_iri": lambda duty: duty.subject,
        "value_iri": lambda duty: duty.value,
        "holder_iri": lambda duty: duty.holder.organisation,
        "agreement_iris": lambda duty: duty.agreements,
    }
    return spreadsheet.csv(columns, shown.duties)
