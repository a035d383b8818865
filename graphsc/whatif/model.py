"""Scenarios and the results of comparing them, as values."""

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
