"""Scenarios, and findings and duties before and after a change, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from graphsc.analysis.concentration.shares import Base, Concentration, HhiThresholds, Merger, Unit, View
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.validation import Report
from graphsc.validation.findings import Finding, ReadInput, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Who could deliver to a system instead."""

    system: str  #: The system.
    organisation: str  #: Who could deliver; urn:graphsc:what-if:new-supplier is in no data yet.


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """One thing before and after, where it is not the same."""

    before: T  #: As it was.
    after: T  #: As it is then.


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed; all its changes are made together. Nodes are IRIs."""

    without: tuple[str, ...] = ()  #: Organisations and owner groups that are lost.
    without_countries: tuple[str, ...] = ()  #: Countries from which nothing can be delivered.
    mergers: tuple[tuple[str, str], ...] = ()  #: Pairs that become one owner group.
    alternatives: tuple[Alternative, ...] = ()  #: Who could deliver to a system instead.
    outage: str | None = None  #: How long the losses last (ISO 8601); null where they are permanent.

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
    """The effect of a merger."""

    parties: tuple[str, str]  #: The two.
    group: str  #: The owner group that they become.
    index: Mapping[Base, Merger]  #: The index of owner groups, by base in which both hold a share.
    #: Critical systems and functions that stop with the group, though neither of the two stopped them.
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A concentration that is not the same."""

    base: Base  #: What the shares are shares of.
    unit: Unit  #: By whom.
    view: View  #: At the first tier, or where the chains end.
    before: Concentration | None  #: As it was; null where nothing is held.
    after: Concentration | None  #: As it is then.


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that count."""

    before: Mapping[Severity, int]  #: How many of each severity, before.
    after: Mapping[Severity, int]  #: And after.
    new: tuple[Finding, ...]  #: Those that come, gravest first.
    gone: tuple[Finding, ...]  #: Those that go.


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of all parties."""

    before: Mapping[State, int]  #: How many are in each state, before.
    after: Mapping[State, int]  #: And after.
    new: tuple[Duty, ...]  #: Duties that come, most pressing first.
    gone: tuple[Duty, ...]  #: Duties that fall away.
    changed: tuple[Changed[Duty], ...]  #: Duties that are in another state or have another holder.


@dataclass(frozen=True, slots=True)
class WhatIf(ReadInput):
    """The comparison of an input with the same input in a scenario. Nodes are IRIs."""

    scenario: Scenario  #: What is supposed.
    as_of: date  #: The day that both sides are judged on.
    #: What stands still because of the losses: functions first, then what weighs most.
    standstill: tuple[Standstill, ...]
    placeless: tuple[str, ...]  #: Suppliers of which no country is recorded, so that the loss of a country leaves them.
    #: What stops and does not count as critical, since its criticality is not recorded.
    unweighed: tuple[str, ...]
    #: What is critical and is stopped by no loss, since it is not recorded on whom it depends.
    unsupported: tuple[str, ...]
    working: tuple[Working, ...]  #: How many things work, before and after; empty without a loss.
    ended_agreements: tuple[str, ...]  #: Agreements that end with the losses.
    single_points: Points  #: Single points of failure, before and after.
    mergers: tuple[Merging, ...]  #: What each merger does.
    #: Critical systems and functions that still work and whose weakest link is another or of another strength.
    weakest_links: tuple[Changed[WeakestLink], ...]
    concentration: tuple[Shift, ...]  #: The concentrations that are not the same.
    findings: Findings  #: What becomes of the findings.
    duties: Duties  #: What becomes of the duties.
    concentration_scale: HhiThresholds  #: The scale that says when concentration is high.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.


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
    changed = [Changed(old[key], duty) for key, duty in new.items() if key in old and old[key].state is not duty.state]
    gone = _sorted(duty for key, duty in old.items() if key not in new)
    added = _sorted(duty for key, duty in new.items() if key not in old)
    moved: list[Changed[Duty]] = []
    for item in gone:
        other = next((duty for duty in added if _obligation(duty) == _obligation(item)), None)
        if other is not None:
            moved.append(Changed(item, other))
            added.remove(other)
    unmoved = [duty for duty in gone if all(duty is not other.before for other in moved)]
    return Duties(
        before={state: sum(duty.state is state for duty in before) for state in State},
        after={state: sum(duty.state is state for duty in after) for state in State},
        new=tuple(added),
        gone=tuple(unmoved),
        changed=tuple(sorted((*changed, *moved), key=lambda pair: pair.after.order)),
    )


def _obligation(duty: Duty) -> tuple[str, str, str, str]:
    """A duty without its holder: the rule, the subject, the value, and the kind of evidence."""
    return duty.rule, duty.subject, duty.value or "", duty.kind


def _sorted(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda duty: duty.order)


@dataclass(frozen=True, slots=True)
class Differences(Findings):
    """The findings, those on older agreements too; what is accepted or not recorded does not count."""

    #: Those of one rule on one thing that say something else, or are of another severity.
    changed: tuple[Changed[Finding], ...]
    accepted: frozenset[str]  #: The fingerprints of those gone that are still there, under a waiver.
    #: The registers and facts that are not recorded now and were: what they showed is unknown, not mended.
    no_longer_kept: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Diff(ReadInput):
    """The comparison of an older input with a newer one; the problems are those of both."""

    old: str  #: The older input, as the user named it.
    as_of: date  #: The day that both sides are judged on.
    findings: Differences  #: What becomes of the findings.
    duties: Duties  #: What becomes of the duties.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.

    @property
    def worse(self) -> tuple[Finding, ...]:
        """The findings that are new, or graver than before."""
        changed = self.findings.changed
        graver = (pair.after for pair in changed if pair.after.severity.rank < pair.before.severity.rank)
        return (*self.findings.new, *graver)


def paired(new: Sequence[Finding], gone: Sequence[Finding]) -> tuple[Changed[Finding], ...]:
    """Pairs of a gone and a new finding of the same rule on the same thing."""
    before = {_key(finding): finding for finding in gone}
    return tuple(Changed(before[_key(finding)], finding) for finding in new if _key(finding) in before)


def reworded(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Changed[Finding], ...]:
    """Pairs of findings, before and after, with another message, such as another date."""
    old = {finding.fingerprint: finding for finding in before if finding.counts}
    return tuple(
        Changed(old[finding.fingerprint], finding)
        for finding in after
        if finding.counts and finding.fingerprint in old and old[finding.fingerprint].message != finding.message
    )


def _key(finding: Finding) -> tuple[str, str, str | None]:
    return finding.code, finding.subject, finding.value
