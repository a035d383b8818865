"""What is supposed, and what comes of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphsc.analysis.concentration.shares import Base, Concentration, Merger, Unit, View
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.thresholds import HhiThresholds
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.validation.findings import Finding, ReadInput, Severity


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed; the parts hold together, and nodes are IRIs.

    ``without`` are organisations and owner groups that are lost, ``without_countries`` countries from
    which nothing can be delivered, ``mergers`` pairs that become one owner group, ``alternatives`` pairs of a system
    and an organisation that could deliver it instead. ``outage`` is how long the losses last, an ISO 8601 length; where
    it is None they last.
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
        """Whether anything else is changed, so that other losses than before may stop things."""
        return bool(self.mergers or self.alternatives)


class Outcome(StrEnum):
    """How something that stands still bears it."""

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

    Only what still works after a loss is counted, on both sides: what has stopped has no single point any more, and is
    none the safer for that.
    """

    before: int  #: How many pairs of a party and what it stops.
    after: int  #: How many pairs then.
    new: tuple[Dependence, ...]  #: Pairs that come.
    gone: tuple[Dependence, ...]  #: Pairs that go.
    targets: int  #: How many critical systems and functions still work; where none does, the numbers say nothing.


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merger does: the change of the index of owner groups, and what then rests on the new group alone.

    ``parties`` are the two, ``group`` the owner group that they become. ``index`` has for each base in which both hold
    a share what the merger does to the index of owner groups. ``together`` are the critical systems and functions
    that stop with the new group, though neither of the two stopped them before.
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
    """The findings that count, before and after: how many of each severity, and which come and go."""

    before: Mapping[Severity, int]
    after: Mapping[Severity, int]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties before and after: how many in each state, which come and go, and which are in another state or move.

    ``changed`` are pairs of before and after: of another state, or of another holder.
    """

    before: Mapping[State, int]
    after: Mapping[State, int]
    new: tuple[Duty, ...]
    gone: tuple[Duty, ...]
    changed: tuple[tuple[Duty, Duty], ...]


@dataclass(frozen=True, slots=True)
class WhatIf(ReadInput):
    """The comparison.

    ``standstill``, ``working`` and ``ended`` (the agreements that end with the losses) say something only where the
    scenario loses something, ``mergings`` only where it merges. ``points`` and ``chains`` speak of what still works.
    ``placeless`` are the suppliers of which no country is recorded, so that the loss of a country leaves them, and
    ``unweighed`` the systems that stop and of which no criticality is recorded, so that they do not count as critical.
    ``thresholds`` is the scale that says when concentration is high. ``labels`` names every IRI in it. ``problems`` are what could not be read, so that the comparison lacks it.
    """

    scenario: Scenario
    as_of: date
    standstill: tuple[Standstill, ...]
    placeless: tuple[str, ...]
    unweighed: tuple[str, ...]
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
