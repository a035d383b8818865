"""The duties of an input, chosen and named: what ``graphsc duties`` shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from graphsc.core.periods import Period
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.duties.results import Duties, DutyFilter
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.lookup import find
from graphsc.validation import Report, Rule

_SHORT = re.compile(r"(\d{1,4})\s*([dwmyåu])", re.IGNORECASE)
_UNITS = {"å": "Y", "u": "W"}
_ALL = DutyFilter()


def duties(opened: Opened, wanted: DutyFilter = _ALL) -> Duties:
    """The duties of an opened input, most pressing first."""
    report, rules = validate(opened)
    states = wanted.states or frozenset(State)
    result = all_duties(opened.dataset, opened.settings, report, rules, states=states)
    chosen = [duty for duty in result if wanted.takes(duty)]
    return listed(opened, report, rules, chosen, Labels(opened.dataset), wanted)


def listed(
    opened: Opened,
    report: Report,
    rules: Mapping[str, Rule],
    found: Sequence[Duty],
    labels: Labels,
    wanted: DutyFilter = _ALL,
) -> Duties:
    """Duties with the names of all that they mention."""
    return Duties(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        rules=rules,
        duties=tuple(found),
        labels=labels.of(set().union(*map(mentioned, found))),
        locate=cache(opened.sources.locate),  # many duties are about one subject
        asked=wanted,
    )


def mentioned(duty: Duty) -> set[str]:
    """Every IRI that a duty mentions."""
    evidence = [*duty.satisfied_by, *([duty.latest] if duty.latest else ())]
    some = {duty.value, duty.register, duty.holder.organisation, duty.holder.role, duty.holder.person}
    some |= {duty.event.iri if duty.event else None, duty.waived.approver if duty.waived else None}
    some |= {duty.waived.waiver if duty.waived else None}
    named = {iri for iri in some if iri}
    named |= {duty.subject, duty.kind, *duty.counterparties, *duty.agreements}
    return (
        named
        | {record.iri for record in evidence}
        | {iri for record in evidence for iri in record.performers}
        | {record.person for record in evidence if record.person}
    )


def duty_filter(
    opened: Opened,
    *,
    holder: str | None = None,
    role: str | None = None,
    person: str | None = None,
    agreement: str | None = None,
    within: Period | None = None,
    states: Sequence[State] = (),
) -> DutyFilter:
    """What to show, from names as a person writes them. Raises UnknownNameError."""
    labels = Labels(opened.dataset)

    def iri(text: str | None, sort: str) -> str | None:
        return None if text is None else find(opened.dataset, labels, text, sort)

    return DutyFilter(
        holder=iri(holder, "Organisation"),
        role=iri(role, "role"),
        person=iri(person, "Person"),
        agreement=iri(agreement, "Agreement"),
        until=within.after(opened.settings.as_of) if within is not None else None,
        states=frozenset(states),
    )


def span(text: str) -> Period:
    """A length of time as a person writes it: ``30d``, ``2w``, ``3m``, ``1y``, or as ISO 8601 has it; else ValueError."""
    short = _SHORT.fullmatch(text.strip())
    if short is None:
        return Period.parse(text.strip().upper())
    unit = short[2].lower()
    return Period.parse(f"P{short[1]}{_UNITS.get(unit, unit.upper())}")
