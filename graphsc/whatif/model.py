"""Scenarios, and findings and duties before and after a change, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphsc.analysis.concentration.shares import Base, Concentration, HhiThresholds, Merger, Unit, View
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.validation import Report
from graphsc.validation.findings import Finding, ReadInput, Severity


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: all its changes are made together. Nodes are IRIs.

    ``without`` are lost organisations and owner groups, ``without_countries`` countries from which nothing can be delivered,
    ``mergers`` pairs that become one owner group, ``alternatives`` pairs of a system and an organisation that could deliver
    it instead. ``outage`` is the length of the losses in ISO 8601; None for permanent losses.
    """

    without: tuple[str, ...] = ()
    without_countries: tuple[str, ...] = ()
    mergers: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[tuple[str, str], ...] = ()
    outage: str | None = None

    @property
    def loses(self) -> bool:
        """Whether anything is lost."""
        return bool(self.without or self.without_countries)

    @property
    def rearranges(self) -> bool:
        """Whether there are mergers or alternatives, after which other losses than before may stop things."""
        return bool(self.mergers or self.alternatives)


class Outcome(StrEnum):
    """Whether something that stands still tolerates the outage."""

    STOPS = "stops"
    TOLERATED = "tolerated"
    NOT_RECORDED = "not-recorded"


@dataclass(frozen=True, slots=True)
class Standstill:
    """A thing that stands still because of the losses."""

    node: str  #: The function, system or process.
    kind: str  #: function, system or process.
    critical: bool  #: Whether its loss counts as critical.
    tolerable: str | None  #: The recorded tolerable outage (ISO 8601); null where none is.
    outcome: Outcome  #: Whether it bears the outage, stops where no length is given; not-recorded counts as stopped.


@dataclass(frozen=True, slots=True)
class Working:
    """How many things of one kind work."""

    kind: str  #: function, critical-system, other-system or process.
    before: int  #: How many there are.
    after: int  #: How many do not stand still.
    tolerated: int  #: How many stand still, but bear the outage.


@dataclass(frozen=True, slots=True, order=True)
class Dependence:
    """A single point of failure: a party and what its loss alone stops."""

    event: str  #: The organisation or owner group.
    target: str  #: The critical system or function.


@dataclass(frozen=True, slots=True)
class Points:
    """Organisations and owner groups whose loss alone stops something critical that still works.

    Before and after, only things that still work after the losses are counted: what has stopped has no single point any more,
    but is not safer for it.
    """

    before: int  #: How many pairs of a party and what it stops.
    after: int  #: How many pairs then.
    new: tuple[Dependence, ...]  #: Pairs that come.
    gone: tuple[Dependence, ...]  #: Pairs that go.
    targets: int  #: How many critical systems and functions still work; where none does, the numbers say nothing.


@dataclass(frozen=True, slots=True)
class Merging:
    """The effect of a merger of ``parties`` to the owner group ``group``.

    ``index`` has the change of the index of owner groups for each base in which both have a share. ``together`` are the
    critical systems and functions that stop with the new group, but did not with either of the two before.
    """

    parties: tuple[str, str]
    group: str
    index: tuple[tuple[Base, Merger], ...]
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The weakest link behind a critical system or function before and after, where they differ."""

    before: WeakestLink  #: As it was.
    after: WeakestLink  #: As it is then.


@dataclass(frozen=True, slots=True)
class Shift:
    """A concentration before and after; None on a side where nothing is held."""

    base: Base
    unit: Unit
    view: View
    before: Concentration | None
    after: Concentration | None


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that count: how many of each severity before and after, and which are new or gone."""

    before: Mapping[Severity, int]
    after: Mapping[Severity, int]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties: how many in each state before and after, and which are new or gone.

    ``changed`` are pairs of before and after, with another state or another holder.
    """

    before: Mapping[State, int]
    after: Mapping[State, int]
    new: tuple[Duty, ...]
    gone: tuple[Duty, ...]
    changed: tuple[tuple[Duty, Duty], ...]


@dataclass(frozen=True, slots=True)
class WhatIf(ReadInput):
    """The comparison.

    ``standstill``, ``working`` and ``ended`` (the agreements that end with the losses) are meaningful only for a scenario
    with losses, ``mergings`` only for one with mergers. ``points`` and ``chains`` are those of what still works.
    ``placeless`` are the suppliers without a recorded country, which the loss of a country does not affect, and
    ``unweighed`` the systems that stop without a recorded criticality, which do not count as critical. ``unsupported`` are the
    critical systems and functions of which it is not recorded on whom they depend, so that no loss stops them.
    ``thresholds`` is the scale of concentration. ``labels`` names every IRI in it. ``problems`` are those of reading the
    input, which is missing from the comparison.
    """

    scenario: Scenario
    as_of: date
    standstill: tuple[Standstill, ...]
    placeless: tuple[str, ...]
    unweighed: tuple[str, ...]
    unsupported: tuple[str, ...]
    working: tuple[Working, ...]
    ended: tuple[str, ...]
    points: Points
    mergings: tuple[Merging, ...]
    chains: tuple[Chain, ...]
    shifts: tuple[Shift, ...]
    findings: Findings
    duties: Duties
    thresholds: HhiThresholds
    labels: Mapping[str, Text]


def compared_findings(before: Report, after: Report) -> Findings:
    """The findings that count, compared by their fingerprints."""
    old, new = ({f.fingerprint: f for f in report.findings if f.counts} for report in (before, after))
    return Findings(
        before={level: before.count(level) for level in Severity},
        after={level: after.count(level) for level in Severity},
        new=tuple(sorted((f for name, f in new.items() if name not in old), key=lambda f: f.order)),
        gone=tuple(sorted((f for name, f in old.items() if name not in new), key=lambda f: f.order)),
    )


def compared_duties(before: Sequence[Duty], after: Sequence[Duty]) -> Duties:
    """The duties, compared by obligation and holder.

    A duty that passes from one holder to another has changed; where several pass at the same time, the holders are paired in
    the order of their IRIs.
    """
    old, new = (
        {(*_obligation(duty), duty.holder.organisation or ""): duty for duty in owed} for owed in (before, after)
    )
    changed = [(old[key], duty) for key, duty in new.items() if key in old and old[key].state is not duty.state]
    gone = _sorted(duty for key, duty in old.items() if key not in new)
    added = _sorted(duty for key, duty in new.items() if key not in old)
    moved: list[tuple[Duty, Duty]] = []
    for item in gone:
        other = next((duty for duty in added if _obligation(duty) == _obligation(item)), None)
        if other is not None:
            moved.append((item, other))
            added.remove(other)
    unmoved = [duty for duty in gone if all(duty is not former for former, _ in moved)]
    return Duties(
        before={state: sum(duty.state is state for duty in before) for state in State},
        after={state: sum(duty.state is state for duty in after) for state in State},
        new=tuple(added),
        gone=tuple(unmoved),
        changed=tuple(sorted((*changed, *moved), key=lambda pair: pair[1].order)),
    )


def _obligation(duty: Duty) -> tuple[str, str, str, str]:
    """A duty without its holder: the rule, the subject, the value, and the kind of evidence."""
    return duty.rule, duty.subject, duty.value or "", duty.kind


def _sorted(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda duty: duty.order)


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of an older input, named ``old``, with a newer one, both as of the same day.

    ``changed`` are pairs of findings of the same rule on the same thing that differ in message or severity. ``accepted`` are
    the fingerprints of gone findings that are now waived. ``unkept`` are findings that a register or fact is not recorded any
    more: what it showed is unknown, not mended. ``labels`` names every IRI of the duties, ``problems`` are those of reading
    both inputs.
    """

    old: str
    as_of: date
    findings: Findings
    changed: tuple[tuple[Finding, Finding], ...]
    accepted: frozenset[str]
    unkept: tuple[Finding, ...]
    duties: Duties
    labels: Mapping[str, Text]
    problems: tuple[Problem, ...]

    @property
    def worse(self) -> tuple[Finding, ...]:
        """The findings that are new, or graver than before."""
        graver = (after for before, after in self.changed if after.severity.rank < before.severity.rank)
        return (*self.findings.new, *graver)


def paired(new: Sequence[Finding], gone: Sequence[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """Pairs of a gone and a new finding of the same rule on the same thing."""
    before = {_key(finding): finding for finding in gone}
    return tuple((before[_key(finding)], finding) for finding in new if _key(finding) in before)


def reworded(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """Pairs of findings, before and after, with another message, such as another date."""
    old = {finding.fingerprint: finding for finding in before if finding.counts}
    return tuple(
        (old[finding.fingerprint], finding)
        for finding in after
        if finding.counts and finding.fingerprint in old and old[finding.fingerprint].message != finding.message
    )


def _key(finding: Finding) -> tuple[str, str, str | None]:
    return finding.code, finding.subject, finding.value
