"""The holdings of a dependency graph, for the measures of concentration.

The holders are agreements, since tier and path belong to a link and not to an organisation: that a supplier uses a
subcontractor for one customer says nothing of another. Organisations hold only what depends on them without an agreement.
Below an agreement are its subcontracts, and the organisations that its supplier depends on.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graphsc.analysis.concentration.flows import Chains, Flow
from graphsc.analysis.concentration.overlap import Overlap, overlaps
from graphsc.analysis.concentration.purchases import Purchases
from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Unit, View
from graphsc.analysis.concentration.tally import Kind, Rows, tally
from graphsc.analysis.kernels import Flags, Grouping, Ints, distinct
from graphsc.analysis.model import DependencyGraph

CHAINED = (Unit.CONTRACT, Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
"""The kinds of unit that can change from one tier of a chain to the next."""
_SAME = {
    Base.CONTRACTS: Unit.CONTRACT,
    Base.SYSTEMS: Unit.SYSTEM,
    Base.CRITICAL_SYSTEMS: Unit.SYSTEM,
    Base.SOCIETY_CRITICAL_FUNCTIONS: Unit.FUNCTION,
}
"""For each base of things the unit that these things are: such a concentration means nothing."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a unit meets an item: a shortest path, link by link, from the item's first tier to a node of the unit."""

    item: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Supply:
    """The first tier and the chains below it.

    ``rows`` has for each view the holdings of each base: direct ones, or also those through other things that an item
    depends on, such as another system. Numbers are those of ``names``, the nodes of the dependency graph; ``flow`` has the
    edges between agreements and organisations.
    """

    names: tuple[str, ...]
    flow: Flow
    rows: Mapping[View, tuple[Rows, ...]]
    kinds: Mapping[Unit, Kind]

    def measure(self) -> tuple[Concentration, ...]:
        """The concentration of every base in every kind of unit: directly, and ultimately for kinds that change down a chain."""
        concentrations: list[Concentration] = []
        for view, units in ((View.DIRECT, tuple(Unit)), (View.ULTIMATE, CHAINED)):
            kinds = [self.kinds[unit] for unit in units if unit in self.kinds]
            concentrations += tally(self.flow, self.rows[view], len(self.names), kinds, view)
        bases, order = tuple(Base), tuple(Unit)
        meaningful = (c for c in concentrations if _SAME.get(c.base) is not c.unit)
        return tuple(sorted(meaningful, key=lambda c: (bases.index(c.base), order.index(c.unit), c.view)))

    def holdings(self, base: Base, view: View = View.DIRECT) -> tuple[Holding, ...]:
        """The holdings of a base, in name order of holder and item."""
        return tuple(
            sorted(
                Holding(self.names[holder], self.names[item], amount)
                for rows in self.rows[view]
                if rows.base is base
                for holder, item, amount in zip(
                    rows.holder.tolist(), rows.item.tolist(), rows.amount.tolist(), strict=True
                )
            )
        )

    def units_of(self, name: str, unit: Unit) -> tuple[str, ...]:
        """The units of a node; none for an unknown one."""
        kind, node = self.kinds[unit], self.chains.index.get(name)
        return () if node is None else tuple(kind.names[number] for number in kind.groups[node])

    def reasons(self, base: Base, unit: Unit, node: str, view: View = View.ULTIMATE) -> tuple[Reason, ...]:
        """The facts behind a unit's share: every item of the base that meets it, with a path; as many as `Share.items`.

        KeyError for an unknown unit.
        """
        kind = self.kinds[unit]
        place = bisect_left(kind.names, node)
        if place == len(kind.names) or kind.names[place] != node:
            raise KeyError(node)
        members = kind.groups.inverted()[place]
        steps, length = self.chains.steps_to(members)
        holders, items = (
            np.concatenate([getattr(rows, name) for rows in self.rows[view] if rows.base is base])
            for name in ("holder", "item")
        )
        meets = steps[holders] >= 0 if view is View.ULTIMATE else length[holders] == 0
        holders, items = holders[meets], items[meets]
        # Of equally short paths the first by the numbers of the nodes.
        order = np.lexsort((holders, length[holders], items))
        items, first = np.unique(items[order], return_index=True)
        ways = self.chains.paths(holders[order[first]], steps, length)
        return tuple(Reason(self.names[item], way) for item, way in zip(items.tolist(), ways, strict=True))

    def overlaps(self, base: Base, *, most: int | None = None) -> tuple[Overlap, ...]:
        """The organisations that stand behind several of those that deliver directly to a base; see `overlaps`."""
        first = np.concatenate([row.holder for row in self.rows[View.DIRECT] if row.base is base])
        return overlaps(first, self.chains, self.kinds[Unit.ORGANISATION], most)

    @cached_property
    def chains(self) -> Chains:
        """The chains between agreements and organisations, by name."""
        return Chains(self.names, self.flow)


def supply(graph: DependencyGraph, bought: Purchases) -> Supply:
    """The holdings, chains and units of a dependency graph, and of the purchases of the same dataset.

    KeyError for an agreement or organisation that is no node, ValueError for spend that is negative or no finite number.
    """
    needs = _Needs(graph, bought.parts)
    money = {graph.index[name]: amount for name, amount in sorted(bought.spend.items())}
    if not all(math.isfinite(amount) and amount >= 0 for amount in money.values()):
        raise ValueError("spend must be a number and not negative")
    money = {node: amount for node, amount in money.items() if amount > 0}
    paid = Rows.of(
        Base.SPEND,
        np.fromiter(money, np.int64, len(money)),
        np.fromiter(money, np.int64, len(money)),
        np.fromiter(money.values(), np.float64, len(money)),
    )
    roots = needs.roots()
    contracts = Rows.of(Base.CONTRACTS, roots, roots, np.ones(len(roots)))
    rows: dict[View, tuple[Rows, ...]] = {}
    for view in View:
        systems, functions = needs.first("system", view), needs.first("function", view)
        critical = np.zeros(len(graph), dtype=bool)
        critical[list(graph.critical)] = True
        rows[view] = (
            paid,
            contracts,
            _rows(Base.SYSTEMS, systems),
            _rows(Base.CRITICAL_SYSTEMS, _of_items(systems, critical)),
            _rows(Base.SOCIETY_CRITICAL_FUNCTIONS, _of_items(functions, critical)),
            _rows(Base.ORGANISATIONS, needs.organisations),
        )
    direct = {row.base: row for row in rows[View.DIRECT]}
    kinds = needs.kinds(bought.state_bodies)
    for unit, base in ((Unit.SYSTEM, Base.SYSTEMS), (Unit.FUNCTION, Base.SOCIETY_CRITICAL_FUNCTIONS)):
        kinds[unit] = needs.kind(unit, direct[base].holder, direct[base].item)
    for unit, memberships in ((Unit.CATEGORY, bought.categories), (Unit.FRAMEWORK, bought.frameworks)):
        if memberships:
            kinds[unit] = Kind.of(unit, graph.names, memberships)
    return Supply(graph.names, needs.flow, rows, kinds)


Pairs = tuple[Ints, Ints]
"""Edges by number: the nodes that need, and those they need."""


def _rows(base: Base, pairs: Pairs) -> Rows:
    items, holders = pairs
    return Rows.of(base, holders, items, np.ones(len(items)))


def _of_items(pairs: Pairs, selected: Flags) -> Pairs:
    keep = selected[pairs[0]]
    return pairs[0][keep], pairs[1][keep]


class _Needs:
    """The needs of a dependency graph, by the kinds of both ends."""

    def __init__(self, graph: DependencyGraph, parts: Iterable[tuple[str, str]]) -> None:
        count = len(graph)
        self.names, self.count, self.of_kind = np.array(graph.names, dtype=object), count, graph.of_kind
        self.upper, self.lower = graph.needs.pairs()
        self.through_gates = self._flow(graph.of_kind("gate"))
        self.through_all = self._flow(graph.of_kind("gate", "function", "process", "system"))
        same = np.array(
            [graph.index[unit] * count + graph.index[other] for unit, other in sorted(parts)], dtype=np.int64
        )
        upper, lower = self._edges("organisation", "organisation")
        supplied = ~np.isin(upper * count + lower, same)
        self.organisations: Pairs = upper[supplied], lower[supplied]
        self.parts: Pairs = np.divmod(same, max(1, count))
        self.agreements = self._edges("agreement", "agreement")
        self.suppliers = self._edges("agreement", "organisation")
        beneath = self._joined(self.suppliers, self.organisations)
        below = [np.concatenate(edges) for edges in zip(self.agreements, self.organisations, beneath, strict=True)]
        self.flow = Flow(count, below[0], below[1])

    def _flow(self, over: Flags) -> Flow:
        """The graph in which only certain nodes are passed through."""
        keep = over[self.upper]
        return Flow(self.count, self.upper[keep], self.lower[keep])

    def _edges(self, kind: str, other_kind: str) -> Pairs:
        """The needs between nodes of two kinds, directly or through groups of options."""
        return self._reached(self.of_kind(kind), self.of_kind(other_kind), self.through_gates)

    def _reached(self, start: Flags, targets: Flags, over: Flow) -> Pairs:
        begins = start[self.upper]
        upper, lower = self.upper[begins], self.lower[begins]
        continues = np.diff(over.below.start)[lower] > 0
        beyond = over.reached(upper[continues], lower[continues])
        upper, lower = (
            np.concatenate((near[~continues], far)) for near, far in zip((upper, lower), beyond, strict=True)
        )
        code = distinct((upper * self.count + lower)[targets[lower]])
        pair = np.divmod(code, max(1, self.count))
        return pair[0], pair[1]

    def _joined(self, first: Pairs, second: Pairs) -> Pairs:
        """The composition of two sets of edges."""
        place, inner = Grouping.of(*second, self.count, self.count).inside(first[1])
        return first[0][place], inner

    def first(self, kind: str, view: View) -> Pairs:
        """The first tier of the things of a kind: the agreements and organisations that they reach without another between.

        A function rests on what its processes and systems rest on. A system rests directly on what delivers to it,
        and in the end also on what the systems it depends on rest on.
        """
        over = self.through_gates if kind == "system" and view is View.DIRECT else self.through_all
        return self._reached(self.of_kind(kind), self.of_kind("agreement", "organisation"), over)

    def roots(self) -> Ints:
        """The agreements that are below no other."""
        under = np.zeros(self.count, dtype=bool)
        under[self.agreements[1]] = True
        return np.flatnonzero(self.of_kind("agreement") & ~under)

    def kind(self, unit: Unit, nodes: Ints, members: Ints) -> Kind:
        """A kind of unit from pairs of node and unit, both by number."""
        present = np.zeros(self.count, dtype=bool)
        present[members] = True
        names = self.names[present].tolist()
        return Kind(unit, names, Grouping.of(nodes, (np.cumsum(present) - 1)[members], self.count, len(names)))

    def kinds(self, apart: Collection[str]) -> dict[Unit, Kind]:
        """The units of agreements and organisations: contract, supplier, owner group and country; no groups for those ``apart``."""
        links = np.flatnonzero(self.of_kind("agreement", "organisation"))
        organisations = np.flatnonzero(self.of_kind("organisation"))
        supplied = np.zeros(self.count, dtype=bool)
        supplied[self.suppliers[0]] = True
        unsupplied = np.flatnonzero(self.of_kind("agreement") & ~supplied)
        # An agreement whose supplier is not recorded stands for itself.
        supplier = tuple(np.concatenate((edges, organisations, unsupplied)) for edges in self.suppliers)
        alone = [node for node in organisations.tolist() if self.names[node] in apart]
        member, group = self._edges("organisation", "group")
        rolled = ~np.isin(member, alone)
        member, group = member[rolled], group[rolled]
        # Of several owner groups the first in name order, so that nothing counts twice.
        member, first = np.unique(member, return_index=True)
        # A unit without an owner group of its own counts in that of its legal unit, or as its legal unit.
        of_group = np.arange(self.count)
        unit, legal = self.parts
        rolled = ~np.isin(unit, alone)
        of_group[unit[rolled]] = legal[rolled]
        of_group[member] = group[first]
        for _ in range(self.count.bit_length()):
            of_group = of_group[of_group]
        country = self._joined((supplier[0], supplier[1]), self._edges("organisation", "country"))
        return {
            Unit.CONTRACT: self.kind(Unit.CONTRACT, links, links),
            Unit.ORGANISATION: self.kind(Unit.ORGANISATION, supplier[0], supplier[1]),
            Unit.GROUP: self.kind(Unit.GROUP, supplier[0], of_group[supplier[1]]),
            Unit.COUNTRY: self.kind(Unit.COUNTRY, country[0], country[1]),
        }
