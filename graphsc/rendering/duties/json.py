"""Duties as JSON, version 1 of the contract; ``docs/schemas/duties-1.schema.json`` describes it."""

from __future__ import annotations

from graphsc.duties.duties import Duty
from graphsc.duties.results import Duties
from graphsc.duties.timing import Evidence
from graphsc.rendering.contract import both, place, read, written

SCHEMA = "graphsc.duties/1"


def render(shown: Duties) -> str:
    """Render every duty that was chosen, with the names of all it mentions in both languages.

    Fields may be added to the contract, never changed.
    """
    asked = shown.asked
    contents = {
        "schema": SCHEMA,
        "asOf": shown.as_of.isoformat(),
        **read(shown.inputs, shown.problems, partial=shown.partial),
        "asked": {
            "holder": asked.holder,
            "role": asked.role,
            "person": asked.person,
            "agreement": asked.agreement,
            "until": asked.until.isoformat() if asked.until else None,
            "states": sorted(asked.states),
        },
        "duties": [_duty(duty, shown) for duty in shown.duties],
        "labels": {iri: both(name) for iri, name in sorted(shown.labels.items())},
    }
    return written(contents)


def _evidence(evidence: Evidence | None) -> dict[str, object] | None:
    if evidence is None:
        return None
    return {
        "record": evidence.iri,
        "date": evidence.day.isoformat() if evidence.day else None,
        "until": evidence.until.isoformat() if evidence.until else None,
        "performers": list(evidence.performers),
        "person": evidence.person,
    }


def _duty(duty: Duty, shown: Duties) -> dict[str, object]:
    rule, event, waived = shown.rules[duty.rule], duty.event, duty.waived
    return {
        "kind": duty.kind,
        "holder": {
            "organisation": duty.holder.organisation,
            "role": duty.holder.role,
            "person": duty.holder.person,
        },
        "counterparty": next(iter(duty.counterparties), None),
        "counterparties": list(duty.counterparties),
        "subject": duty.subject,
        "value": duty.value,
        "agreement": next(iter(duty.agreements), None),
        "agreements": list(duty.agreements),
        "due": duty.due.isoformat() if duty.due else None,
        "state": str(duty.state),
        "satisfiedBy": [evidence.iri for evidence in duty.satisfied_by],
        "latest": _evidence(duty.latest),
        "event": None
        if event is None
        else {"record": event.iri, "date": event.day.isoformat(), "due": event.due.isoformat()},
        "waived": None
        if waived is None
        else {
            "waiver": waived.waiver,
            "until": waived.until.isoformat() if waived.until else None,
            "reason": waived.reason,
            "approver": waived.approver,
        },
        "register": duty.register,
        "statements": list(duty.statements),
        "rule": duty.rule,
        "title": both(rule.title),
        "remedy": both(rule.remedy),
        "finding": duty.finding,
        "location": place(duty.location),
    }
