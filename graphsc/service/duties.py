"""The duties of an input, chosen and named: what ``graphsc duties`` shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.periods import Period
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.lookup import find
from graphsc.validation import Report, Rule
from graphsc.validation.findings import Input

_SHORT = re.compile(r"(\d{1,4})\s*([dwmyåu])", re.IGNORECASE)
_UNITS = {"å": "Y", "u": "W"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which duties to show; None and the empty set mean all.

    ``holder``, ``role``, ``person`` and ``agreement`` are IRIs. ``until`` keeps what must be done by that day: all
    that is overdue or open without a day, what falls due, what is accepted no longer than that, and what is not recorded.
    """

    holder: str | None = None
    role: str | None = None
    person: str | None = None
    agreement: str | None = None
    until: date | None = None
    states: frozenset[State] = frozenset()

    def takes(self, duty: Duty) -> bool:
        """Whether the duty is one of those to show."""
        who = duty.holder
        return (
            self.holder in {None, who.organisation}
            and self.role in {None, who.role}
            and self.person in {None, who.person}
            and (self.agreement is None or self.agreement in {duty.subject, *duty.agreements})
            and (not self.states or duty.state in self.states)
            and (self.until is None or _by(duty, self.until))
        )


def _by(duty: Duty, until: date) -> bool:
    match duty.state:
        case State.OVERDUE:
            return True
        case State.OPEN:
            return duty.due is None or duty.due <= until
        case State.MET:
            return duty.due is not None and duty.due <= until
        case State.WAIVED:
            return duty.waived is not None and duty.waived.until is not None and duty.waived.until <= until
    return True  # not recorded: it may be due, and nobody can tell


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties chosen: what every rendering of them shows.

    ``asked`` is what they were chosen by, ``labels`` names every IRI that they mention.
    """

    as_of: date
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]
    rules: Mapping[str, Rule]
    duties: tuple[Duty, ...]
    labels: Mapping[str, Text]
    asked: Wanted = Wanted()

    @property
    def partial(self) -> bool:
        """Whether some input could not be read."""
        return bool(self.problems)

    def count(self, state: State) -> int:
        """How many are in a state."""
        return sum(1 for duty in self.duties if duty.state is state)


def duties(opened: Opened, wanted: Wanted = Wanted()) -> Duties:
    """The duties of an opened input, most pressing first."""
    report, rules = validate(opened)
    found = all_duties(opened.dataset, opened.sources, opened.settings, report, rules)
    return listed(opened, report, rules, [duty for duty in found if wanted.takes(duty)], wanted)


def listed(opened: Opened, report: Report, rules: Mapping[str, Rule], found: Sequence[Duty], wanted: Wanted) -> Duties:
    """Duties with the names of all that they mention."""
    labels = Labels(opened.dataset)
    return Duties(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        rules=rules,
        duties=tuple(found),
        labels={iri: labels[iri] for iri in sorted(set().union(*map(mentioned, found)))},
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
        | {one.iri for one in evidence}
        | {iri for one in evidence for iri in one.performers}
        | {one.person for one in evidence if one.person}
    )


def chosen(
    opened: Opened,
    *,
    holder: str | None = None,
    role: str | None = None,
    person: str | None = None,
    agreement: str | None = None,
    within: Period | None = None,
    states: Sequence[State] = (),
) -> Wanted:
    """What to show, from names as a person writes them. Raises UnknownNameError."""
    labels = Labels(opened.dataset)

    def iri(text: str | None, sort: str) -> str | None:
        return None if text is None else find(opened.dataset, labels, text, sort)

    return Wanted(
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
