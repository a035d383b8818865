"""Concentration: which units hold how much, as shares and indices, what of it can be replaced, and the levels that others know.

The limits of the levels are those of merger control, each with its source. The scales are data (`ontology/parameters.ttl`). None of their sources was written for one buyer's own suppliers. They
say when a market is concentrated, and are borrowed here as a yardstick that others know; an organisation may set its own.

A *holding* says that a party (or the contract with it) holds an amount of an item: a share of the spend, a
contract, a system. The measures are those of competition economics: shares, the Herfindahl–Hirschman index
(the sum of squared percentages, 0–10,000), the effective number of suppliers (10,000 / HHI: how many equal ones
would be as concentrated), the shares of the largest and of the three largest, and the change of the index when
parties merge (2ab; Herfindahl 1950, Hirschman 1964; the effective number after Adelman 1969).

Two views. *Direct* stops at the first tier. *Ultimate* follows the chain, and "ultimate" has two common readings:

- *Where it ends.* Each holding is handed down the chain, in equal parts where a party has several suppliers, until
  it reaches those who have none. The total stays the same, so the shares still add up to one and an index may be
  taken of them. Who only passes work on ends with nothing.
- *Whom it reaches.* The part of the items that meet a party at any tier. This is what falls with that party, but
  the parts add up to more than one, so no index may be taken of them.

``Share.share`` in the ultimate view is the first, ``Share.reach`` the second: shares and the index answer "in whose
hands does it lie in the end", reach answers "how much would be hit". Both stand side by side for each party.

Amounts are additive, so a merger changes the index by exactly 2ab, and rolling up to owner groups before or after
summing gives the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from graphsc.analysis.model import DependencyGraph, critical_nodes, fixpoint, of_kind, threshold
from graphsc.core.contract import HIDDEN, told
from graphsc.core.cycles import reached
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset, is_true, plain
from graphsc.graph.labels import Labels, readable


class Level(StrEnum):
    """A level of concentration."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class HhiThresholds:
    """Limits on the Herfindahl–Hirschman index (0–10,000) and on its change under a merger.

    A change that is the limit itself counts, since a screen should rather ask once too often.
    """

    name: str  #: What the scale is called.
    moderate: float  #: The index from which concentration is moderate; below it is low.
    high: float  #: The index above which it is high.
    #: The change that is notable where concentration is moderate; null where the source leaves it open.
    moderate_change: float | None
    high_change: float  #: The change that is notable where concentration is high.
    source: Text  #: Where the scale comes from.

    def level(self, hhi: float) -> Level:
        """The level of an index."""
        if hhi < self.moderate:
            return Level.LOW
        return Level.MODERATE if hhi <= self.high else Level.HIGH

    def notable(self, after: float, change: float) -> bool:
        """Whether a merger that leads to the index ``after`` by this change deserves a closer look."""
        level = self.level(after)
        limit = {Level.LOW: None, Level.MODERATE: self.moderate_change, Level.HIGH: self.high_change}[level]
        return limit is not None and change >= limit


DEFAULT = "eu-2004"
"""The scale by default: that of the European Union."""


def scales(dataset: Dataset) -> dict[str, HhiThresholds]:
    """The scales of a dataset by name: those that ship, and those that the organisation added."""
    labels = Labels(dataset)
    result: dict[str, HhiThresholds] = {}
    for row in dataset.select(knowledge_text("ontology/analysis/scales.rq")):
        name = readable(plain(row["scale"]))
        result[name] = HhiThresholds(
            name=name,
            moderate=float(plain(row["moderate"])),
            high=float(plain(row["high"])),
            moderate_change=float(plain(row["moderateChange"])) if "moderateChange" in row else None,
            high_change=float(plain(row["highChange"])),
            source=labels[plain(row["source"])],
        )
    return result


@dataclass(frozen=True, slots=True)
class Purchases:
    """Spend (in kroner a year), service categories and frameworks of the running agreements, and their parties.

    ``parts`` are pairs of a unit and its
    legal unit: that is not supply. Of several categories or frameworks each gets an equal part; state bodies are not rolled up
    to an owner group.
    """

    spend: dict[str, float] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    frameworks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[tuple[str, str], ...] = ()
    state_bodies: frozenset[str] = frozenset()


def purchases(dataset: Dataset) -> Purchases:
    """The purchases of a derived dataset. Of several yearly spends of one agreement the greatest counts."""
    spend: dict[str, float] = {}
    result: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in ("category", "framework")}
    for row in dataset.named_rows("analysis/purchases"):
        agreement = plain(row["agreement"])
        if "spend" in row and (amount := float(plain(row["spend"]))) >= 0:
            spend[agreement] = max(amount, spend.get(agreement, 0.0))
        for name, values in result.items():
            if name in row:
                values[agreement].add(plain(row[name]))
    parts: set[tuple[str, str]] = set()
    state: set[str] = set()
    for row in dataset.named_rows("analysis/parties"):
        party = plain(row["party"])
        if "legal" in row:
            parts.add((party, plain(row["legal"])))
        if is_true(row["state"]):
            state.add(party)

    def by_agreement(name: str) -> dict[str, tuple[str, ...]]:
        return {agreement: tuple(sorted(values)) for agreement, values in sorted(result[name].items())}

    return Purchases(
        spend=spend,
        categories=by_agreement("category"),
        frameworks=by_agreement("framework"),
        parts=tuple(sorted(parts)),
        state_bodies=frozenset(state),
    )


@dataclass(frozen=True, slots=True)
class Substitutability:
    """How many alternatives each item has at its first tier; ``without`` are the items with 0."""

    #: How many suppliers of each item may fail, in the worst case, before it does; without those that rest on no supplier.
    alternatives: Mapping[str, int]
    without: tuple[str, ...] = field(metadata=HIDDEN)
    share_without: float  #: The part that has no alternative, from 0 to 1.


def substitutability(
    graph: DependencyGraph,
    items: Iterable[str] | None = None,
    units_of: Callable[[str], Collection[str]] = lambda _: (),
) -> Substitutability:
    """The alternatives of each item (by default of each critical node) among its groups of options.

    Options of a group count by their source: two agreements with one supplier, or by ``units_of`` (the owner groups of an
    agreement or organisation) two suppliers of one group, are one option. Below the first tier nothing is looked at: two
    options with the same subcontractor are two options, and an overlap. A supplier in two groups counts in each, so for
    nested groups the number is an upper bound; the minimal cut sets are exact.
    """
    counted = sorted(critical_nodes(graph) if items is None else items)
    link = frozenset(of_kind(graph, "agreement", "organisation"))
    between = reached(
        counted, lambda node: [need for need in graph.succ[node] if need not in link and node not in link]
    )

    def source(name: str) -> tuple[str, ...]:
        """The source of a link: its units, or the suppliers of an agreement."""
        if units := units_of(name):
            return tuple(sorted(set(units)))
        if graph.nodes[name]["kind"] == "agreement":
            suppliers = [need for need in graph.succ[name] if graph.nodes[need]["kind"] == "organisation"]
            return tuple(sorted({unit for supplier in suppliers for unit in source(supplier)})) or (name,)
        return (name,)

    def fewest(node: str, known: Mapping[str, float]) -> float:
        """The least number of failures that make a node fail, from those of its needs."""
        falls_at, needs = threshold(graph, node), graph.succ[node]
        if falls_at == 1:
            return min(1 if need in link else known.get(need, math.inf) for need in needs)
        options: dict[tuple[str, ...] | str, tuple[float, int]] = {}
        for need in needs:
            if need in link:
                one = source(need)
                options[one] = 1, options.get(one, (1, 0))[1] + 1
            else:
                options[need] = known.get(need, math.inf), 1
        return _cheapest(list(options.values()), falls_at)

    losses = fixpoint(graph.subgraph(between), math.inf, fewest)  # nothing fails without a cause
    result = {item: int(losses[item]) - 1 for item in counted if losses[item] < math.inf}
    without = tuple(item for item, number in result.items() if number == 0)
    return Substitutability(result, without, len(without) / len(result) if result else 0.0)


def _cheapest(options: list[tuple[float, int]], falls_at: int) -> float:
    """The least cost of options, pairs of a cost and the needs that fail with it, that make so many needs fail."""
    best = [0.0] + [math.inf] * falls_at
    for cost, needs in options:
        for before in range(falls_at - 1, -1, -1):
            total = min(falls_at, before + needs)
            best[total] = min(best[total], best[before] + cost)
    return best[falls_at] if falls_at else math.inf


class Unit(StrEnum):
    """The kinds of unit that have shares."""

    CONTRACT = "contract"
    CATEGORY = "category"
    SYSTEM = "system"
    FUNCTION = "function"
    ORGANISATION = "organisation"
    GROUP = "group"
    COUNTRY = "country"
    FRAMEWORK = "framework"

    @property
    def alone(self) -> bool:
        """Whether a holder without a unit is a unit by itself, as a company without an owner group is."""
        return self in (Unit.CONTRACT, Unit.ORGANISATION, Unit.GROUP)


class Base(StrEnum):
    """What is shared: money, or things, of which each counts one per holder."""

    SPEND = "spend"
    CONTRACTS = "contracts"
    SYSTEMS = "systems"
    CRITICAL_SYSTEMS = "critical-systems"
    SOCIETY_CRITICAL_FUNCTIONS = "society-critical-functions"
    ORGANISATIONS = "organisations"

    @property
    def adds_up(self) -> bool:
        """Whether two rows of the same holder and item are two amounts, not the same fact twice."""
        return self is Base.SPEND


class View(StrEnum):
    """How far down the chain."""

    DIRECT = "direct"
    ULTIMATE = "ultimate"


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """That a holder holds an amount (not negative) of an item."""

    holder: str
    item: str
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's share."""

    node: str  #: The holder.
    amount: float  #: The amount.
    share: float  #: Its part of the amounts, from 0 to 1.
    items: int  #: How many things meet it at any tier of the view.
    reach: float  #: Their part of all, from 0 to 1, weighted by amount where the base is money.


@dataclass(frozen=True)
class Concentration:
    """How concentrated one base is on the units of a kind."""

    unit: Unit  #: Whose hands it lies in.
    base: Base  #: What is counted.
    view: View  #: At the first tier, or where the chains end.
    total: float  #: All amounts.
    items: int  #: How many different things are counted.
    covered: float  #: The part of all amounts whose unit is recorded, from 0 to 1; the shares leave out the others.
    hhi: float  #: Herfindahl–Hirschman index, from 0 to 10,000.
    shares: tuple[Share, ...]  #: Largest first; who only passes work on has a share of 0.

    @property
    @told
    def effective_suppliers(self) -> float:
        """How many equally large units would be as concentrated: 10,000 / HHI."""
        return 10_000 / self.hhi

    @property
    @told
    def cr1(self) -> float:
        """The share of the largest unit (0–1)."""
        return self._largest(1)

    @property
    @told
    def cr3(self) -> float:
        """The share of the three largest units together (0–1)."""
        return self._largest(3)

    def of(self, node: str) -> Share:
        """One unit's share; all of it zero for a unit that holds and meets nothing."""
        return self._by_node.get(node) or Share(node, 0.0, 0.0, 0, 0.0)

    def _largest(self, count: int) -> float:
        return min(1.0, math.fsum(share.share for share in self.shares[:count]))

    @cached_property
    def _by_node(self) -> dict[str, Share]:
        return {share.node: share for share in self.shares}


@dataclass(frozen=True, slots=True)
class Merger:
    """The change of the index when some units merge, by 2ab for shares a and b."""

    parties: tuple[str, ...]  #: The units.
    share: float  #: Of them together.
    before: float  #: The index before.
    after: float  #: The index after.
    change: float  #: What it rises by.


def merger(result: Concentration, parties: Collection[str]) -> Merger:
    """The index after a merger of these units. KeyError for a unit without a share."""
    names = tuple(sorted(set(parties)))
    by_node = {share.node: share.share for share in result.shares}
    shares = [by_node[name] for name in names]
    change = 10_000 * (math.fsum(shares) ** 2 - math.fsum(share * share for share in shares))
    return Merger(names, math.fsum(shares), result.hhi, min(10_000.0, result.hhi + change), change)


def herfindahl(amounts: Iterable[float]) -> float:
    """The Herfindahl–Hirschman index of amounts in any unit of measure, 0–10,000; 0 when there are none."""
    values = list(amounts)
    largest = max(values, default=0.0)
    if largest <= 0:
        return 0.0
    # Scaled by a power of two, which loses no digit: squares of huge or tiny amounts would overflow or vanish.
    exponent = -math.frexp(largest)[1]
    scaled = [math.ldexp(value, exponent) for value in values]
    return 10_000 * math.fsum(value * value for value in scaled) / math.fsum(scaled) ** 2
