"""Supply chains: where amounts end, what reaches whom, and who stands behind several suppliers; and the concentration of holdings.

In a chain nodes are contracts or parties; an edge leads from one to those it is delivered through (its subcontracts, its suppliers).
There may be cycles, whose nodes are taken together, and a party may supply itself.

The holders are agreements, since tier and path belong to a link and not to an organisation: that a supplier uses a
subcontractor for one customer says nothing of another. Organisations hold only what depends on them without an agreement.
Below an agreement are its subcontracts, and the organisations that its supplier depends on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import networkx as nx

from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Purchases, Share, Unit, View, herfindahl
from graphsc.analysis.model import DependencyGraph, components, critical_nodes, of_kind
from graphsc.core.cycles import reached

Key = TypeVar("Key")


class Chains:
    """The chains of a graph."""

    def __init__(self, graph: nx.DiGraph[str]) -> None:
        self.graph = graph

    @cached_property
    def parts(self) -> list[list[str]]:
        """The strongly connected components, mostly single nodes, each after those above it."""
        return components(self.graph)[::-1]

    def ends(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """Where amounts end: they are handed down in equal parts to whoever is directly below.

        A cycle shares out among nodes, not cycles: two suppliers are two, also if they need each other. One that leads
        nowhere keeps what it gets, in equal parts.
        """
        received = defaultdict(list, {node: [amount] for node, amount in amounts.items()})
        kept: dict[str, float] = {}
        for part in self.parts:
            amount = math.fsum(value for node in part for value in received[node])
            if not amount:
                continue
            outside = {lower for node in part for lower in self.graph.succ[node]}.difference(part)
            itself = [node for node in part if len(part) == 1 and node in self.graph.succ[node]]
            count = len(outside) + len(itself)
            for lower in outside:
                received[lower].append(amount / count)
            for node in itself if count else part:
                kept[node] = amount / (count or len(part))
        return kept

    def reaching(self, starts: Mapping[str, Collection[Key]]) -> dict[str, Collection[Key]]:
        """For each node the keys that start at it or flow down to it."""
        result: dict[str, Collection[Key]] = {}
        for part in self.parts:
            uppers = {upper for node in part for upper in self.graph.pred[node]}.difference(part)
            sources = [keys for keys in (result[upper] for upper in uppers) if keys]
            sources += [starts[node] for node in part if node in starts]
            met = sources[0] if len(sources) == 1 else set[Key]().union(*sources)
            result.update(dict.fromkeys(part, met))
        return result

    def ways(self, ends: Iterable[str]) -> dict[str, str]:
        """For each node that leads to one of the ends the next on a shortest path to it, of several the first by name.

        The ends lead to themselves.
        """
        result = {end: end for end in ends}
        nearer: Collection[str] = set(result)
        for layer in nx.bfs_layers(self.graph.reverse(copy=False), sorted(result)):
            for node in layer:
                if node not in result:
                    result[node] = min(lower for lower in self.graph.succ[node] if lower in nearer)
            nearer = set(layer)
        return result


def path(ways: Mapping[str, str], start: str) -> tuple[str, ...]:
    """The path from a start by what `Chains.ways` gave; KeyError without one."""
    nodes = [start]
    while (following := ways[nodes[-1]]) != nodes[-1]:
        nodes.append(following)
    return tuple(nodes)


def shortest(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest of some paths, of several the first by the names on it."""
    return min(paths, key=lambda nodes: (len(nodes), nodes))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Hidden concentration: one unit behind several first-tier units that look independent."""

    node: str  #: The unit.
    suppliers: tuple[str, ...]  #: The units of the first tier that it stands behind.
    paths: tuple[tuple[str, ...], ...]  #: A shortest path from each of them to it, in the same order.
    direct: bool  #: Whether it is in the first tier too.


def overlaps(
    first: Iterable[str], chains: Chains, units: Mapping[str, Collection[str]], most: int | None = None
) -> tuple[Overlap, ...]:
    """Every unit that stands behind several different first-tier units, the most shared first.

    ``first`` are the nodes of the first tier; ``units`` says which units each node counts in. A unit is never behind itself.
    With ``most`` only the first so many are returned.
    """
    tier = [(unit, node) for node in sorted(set(first)) for unit in units.get(node, ())]
    # A unit stands behind what lies above it, so each supplier starts one step down.
    starts: dict[str, set[str]] = defaultdict(set)
    for unit, node in tier:
        for lower in chains.graph.succ[node]:
            starts[lower].add(unit)
    reaching = chains.reaching(starts)
    members: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, set[str]] = defaultdict(set)
    for node, met in reaching.items():
        for unit in units.get(node, ()):
            members[unit].append(node)
            behind[unit].update(met)
    counts = {unit: len(suppliers - {unit}) for unit, suppliers in behind.items()}
    shared = sorted((unit for unit, count in counts.items() if count > 1), key=lambda unit: (-counts[unit], unit))
    direct = {unit for unit, _ in tier}

    def paths(unit: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        ways = chains.ways(members[unit])
        from_: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for supplier, node in tier:
            if supplier != unit and supplier in behind[unit]:
                from_[supplier] += ((node, *path(ways, lower)) for lower in chains.graph.succ[node] if lower in ways)
        yield from ((supplier, shortest(found)) for supplier, found in sorted(from_.items()))

    result: list[Overlap] = []
    for unit in shared[:most]:
        suppliers, found = zip(*paths(unit), strict=True)
        result.append(Overlap(unit, suppliers, found, unit in direct))
    return tuple(result)


CHAINED = (Unit.CONTRACT, Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
"""The kinds of unit that can change from one tier of a chain to the next."""
_SAME = {
    Base.CONTRACTS: Unit.CONTRACT,
    Base.SYSTEMS: Unit.SYSTEM,
    Base.CRITICAL_SYSTEMS: Unit.SYSTEM,
    Base.SOCIETY_CRITICAL_FUNCTIONS: Unit.FUNCTION,
}
"""For each base of things the unit that these things are: such a concentration means nothing."""

Units = Mapping[str, Collection[str]]
"""The units that each node counts in, of one kind."""
Edges = Mapping[str, Collection[str]]
"""For each node those that it needs, of some kinds."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a unit meets an item: a shortest path, link by link, from the item's first tier to a node of the unit."""

    item: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Supply:
    """The first tier and the chains below it.

    ``held`` has for each view the holdings of each base: direct ones, or also those through other things that an item
    depends on, such as another system. ``units`` has the units of each kind that a node counts in.
    """

    chains: Chains
    held: Mapping[View, Mapping[Base, tuple[Holding, ...]]]
    units: Mapping[Unit, Units]

    def measure(self) -> tuple[Concentration, ...]:
        """The concentration of every base in every kind of unit: directly, and ultimately for kinds that change down a chain."""
        result = [
            concentration
            for base in Base
            for view, kinds in ((View.DIRECT, tuple(Unit)), (View.ULTIMATE, CHAINED))
            for concentration in concentrations(
                self.held[view][base],
                base,
                {unit: self.units[unit] for unit in kinds if unit in self.units and _SAME.get(base) is not unit},
                self.chains if view is View.ULTIMATE else None,
            )
        ]
        bases, order = tuple(Base), tuple(Unit)
        return tuple(sorted(result, key=lambda c: (bases.index(c.base), order.index(c.unit), c.view)))

    def holdings(self, base: Base, view: View = View.DIRECT) -> tuple[Holding, ...]:
        """The holdings of a base, in name order of holder and item."""
        return self.held[view][base]

    def units_of(self, name: str, unit: Unit) -> tuple[str, ...]:
        """The units of a node; none for an unknown one."""
        return tuple(self.units[unit].get(name, ()))

    def reasons(self, base: Base, unit: Unit, node: str, view: View = View.ULTIMATE) -> tuple[Reason, ...]:
        """The facts behind a unit's share: every item of the base that meets it, with a path; as many as `Share.items`.

        KeyError for an unknown unit.
        """
        members = [name for name, its in self.units[unit].items() if node in its]
        if not members:
            raise KeyError(node)
        ways = self.chains.ways(members) if view is View.ULTIMATE else {name: name for name in members}
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for holding in self.held[view][base]:
            if holding.holder in ways:
                found[holding.item].append(path(ways, holding.holder))
        return tuple(Reason(item, shortest(paths)) for item, paths in sorted(found.items()))

    def overlaps(self, base: Base, *, most: int | None = None) -> tuple[Overlap, ...]:
        """The organisations that stand behind several of those that deliver directly to a base; see `overlaps`."""
        first = [holding.holder for holding in self.held[View.DIRECT][base]]
        return overlaps(first, self.chains, self.units[Unit.ORGANISATION], most)


def concentrations(
    holdings: Iterable[Holding], base: Base, units: Mapping[Unit, Units], chains: Chains | None = None
) -> list[Concentration]:
    """The concentration of a base in each kind of unit of which any holds something: directly, or down ``chains``.

    Two rows of the same holder and item are added up or counted once, depending on the base. A holder without a unit is one
    by itself where the kind allows that.
    """
    amounts: dict[tuple[str, str], list[float]] = defaultdict(list)
    for holding in holdings:
        amounts[holding.holder, holding.item].append(holding.amount)
    by_holder: dict[str, list[float]] = defaultdict(list)
    by_item: dict[str, list[float]] = defaultdict(list)
    starts: dict[str, set[str]] = defaultdict(set)
    for (holder, item), several in amounts.items():
        amount = math.fsum(several) if base.adds_up else max(several)
        by_holder[holder].append(amount)
        by_item[item].append(amount)
        starts[holder].add(item)
    held = {holder: math.fsum(several) for holder, several in by_holder.items()}
    worth = {item: math.fsum(several) if base.adds_up else 1.0 for item, several in by_item.items()}
    ends = held if chains is None else chains.ends(held)
    met = starts if chains is None else chains.reaching(starts)
    return [
        found
        for unit, of_node in units.items()
        if (
            found := _concentration(
                unit, base, View.DIRECT if chains is None else View.ULTIMATE, of_node, ends, met, worth
            )
        )
    ]


def _concentration(
    unit: Unit,
    base: Base,
    view: View,
    units: Units,
    ends: Mapping[str, float],
    met: Mapping[str, Collection[str]],
    worth: Mapping[str, float],
) -> Concentration | None:
    """The concentration in a kind of unit, from the amounts that end at each node and the items that meet it."""
    amounts: dict[str, list[float]] = defaultdict(list)
    items: dict[str, set[str]] = defaultdict(set)
    for node, its in met.items():
        several = units.get(node) or ((node,) if unit.alone else ())
        for name in several if its else ():
            items[name].update(its)
            amounts[name].append(ends.get(node, 0.0) / len(several))
    sums = {name: math.fsum(several) for name, several in amounts.items()}
    total, whole = math.fsum(sums.values()), math.fsum(worth.values())
    if total <= 0:
        return None

    def share(name: str) -> Share:
        reach = min(1.0, math.fsum(worth[item] for item in items[name]) / whole)
        every = len(items[name]) == len(worth)
        return Share(name, sums[name], sums[name] / total, len(items[name]), 1.0 if every else reach)

    return Concentration(
        unit=unit,
        base=base,
        view=view,
        total=total,
        items=len(worth),
        covered=min(1.0, total / math.fsum(ends.values())),
        hhi=herfindahl(sums.values()),
        shares=tuple(sorted(map(share, sums), key=lambda share: (-share.share, -share.reach, share.node))),
    )


def supply(graph: DependencyGraph, bought: Purchases) -> Supply:
    """The holdings, chains and units of a dependency graph, and of the purchases of the same dataset.

    KeyError for an agreement or organisation that is no node, ValueError for spend that is negative or no finite number.
    """
    for name in (*bought.spend, *(name for pair in bought.parts for name in pair)):
        if name not in graph:
            raise KeyError(name)
    if not all(math.isfinite(amount) and amount >= 0 for amount in bought.spend.values()):
        raise ValueError("spend must be a number and not negative")
    needs = _Needs(graph, bought.parts)
    paid = tuple(Holding(name, name, amount) for name, amount in sorted(bought.spend.items()) if amount > 0)
    contracts = tuple(Holding(root, root) for root in needs.roots())
    critical = set(critical_nodes(graph))
    held: dict[View, dict[Base, tuple[Holding, ...]]] = {}
    for view in View:
        systems, functions = needs.first("system", view), needs.first("function", view)
        held[view] = {
            Base.SPEND: paid,
            Base.CONTRACTS: contracts,
            Base.SYSTEMS: _holdings(systems),
            Base.CRITICAL_SYSTEMS: _holdings({item: systems[item] for item in systems.keys() & critical}),
            Base.SOCIETY_CRITICAL_FUNCTIONS: _holdings({item: functions[item] for item in functions.keys() & critical}),
            Base.ORGANISATIONS: _holdings(needs.organisations),
        }
    units = needs.units(bought.state_bodies)
    for unit, base in ((Unit.SYSTEM, Base.SYSTEMS), (Unit.FUNCTION, Base.SOCIETY_CRITICAL_FUNCTIONS)):
        of_holder: dict[str, list[str]] = defaultdict(list)
        for holding in held[View.DIRECT][base]:
            of_holder[holding.holder].append(holding.item)
        units[unit] = of_holder
    for unit, memberships in ((Unit.CATEGORY, bought.categories), (Unit.FRAMEWORK, bought.frameworks)):
        if memberships:
            units[unit] = memberships
    return Supply(Chains(needs.below()), held, units)


def _holdings(needs: Edges) -> tuple[Holding, ...]:
    """Each item with those that it rests on as holders, in name order of holder and item."""
    return tuple(sorted(Holding(holder, item) for item, holders in needs.items() for holder in holders))


class _Needs:
    """The needs of a dependency graph, by the kinds of both ends."""

    def __init__(self, graph: DependencyGraph, parts: Iterable[tuple[str, str]]) -> None:
        self.graph, self.parts = graph, sorted(parts)
        self.kinds: dict[str, str] = {node: values["kind"] for node, values in graph.nodes.items()}
        same = frozenset(self.parts)
        self.organisations = {
            upper: {lower for lower in inner if (upper, lower) not in same}
            for upper, inner in self._needed("organisation", ("organisation",)).items()
        }
        self.agreements = self._needed("agreement", ("agreement",))
        self.suppliers = self._needed("agreement", ("organisation",))

    def _needed(self, kind: str, kinds: Collection[str], through: Collection[str] = ("gate",)) -> dict[str, set[str]]:
        """What each node of a kind needs of some kinds, directly or through nodes of others: groups of options by default."""

        def onward(node: str) -> Iterable[str]:
            return self.graph.succ[node] if self.kinds[node] in through else ()

        return {
            node: {need for need in reached(self.graph.succ[node], onward) if self.kinds[need] in kinds}
            for node in of_kind(self.graph, kind)
        }

    def first(self, kind: str, view: View) -> dict[str, set[str]]:
        """The first tier of the things of a kind: the agreements and organisations that they reach without another between.

        A function rests on what its processes and systems rest on. A system rests directly on what delivers to it,
        and in the end also on what the systems it depends on rest on.
        """
        directly = kind == "system" and view is View.DIRECT
        through = ("gate",) if directly else ("gate", "function", "process", "system")
        return self._needed(kind, ("agreement", "organisation"), through)

    def roots(self) -> list[str]:
        """The agreements that are below no other, in order."""
        under = set().union(*self.agreements.values())
        return [agreement for agreement in self.agreements if agreement not in under]

    def below(self) -> nx.DiGraph[str]:
        """The chains: below an agreement its subcontracts and what its suppliers depend on, below an organisation the same."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(of_kind(self.graph, "agreement", "organisation"))
        for agreement, subcontracts in self.agreements.items():
            behind = (self.organisations[supplier] for supplier in self.suppliers[agreement])
            graph.add_edges_from((agreement, lower) for lower in sorted(subcontracts.union(*behind)))
        for organisation, suppliers in self.organisations.items():
            graph.add_edges_from((organisation, lower) for lower in sorted(suppliers))
        return graph

    def units(self, apart: Collection[str]) -> dict[Unit, Units]:
        """The units of agreements and organisations: contract, supplier, owner group and country; no groups for those ``apart``."""
        # An agreement whose supplier is not recorded stands for itself.
        suppliers = {agreement: its or {agreement} for agreement, its in self.suppliers.items()}
        suppliers |= {organisation: {organisation} for organisation in self.organisations}
        # Of several owner groups the first in name order, so that nothing counts twice.
        owner = {unit: min(groups) for unit, groups in self._needed("organisation", ("group",)).items() if groups}
        # A unit without an owner group of its own counts in that of its legal unit, or as its legal unit.
        over = {name: group for name, group in (dict(self.parts) | owner).items() if name not in apart}
        countries = self._needed("organisation", ("country",))
        return {
            Unit.CONTRACT: {node: (node,) for node in suppliers},
            Unit.ORGANISATION: {node: tuple(sorted(its)) for node, its in suppliers.items()},
            Unit.GROUP: {
                node: tuple(sorted({_top(supplier, over) for supplier in its})) for node, its in suppliers.items()
            },
            Unit.COUNTRY: {
                node: tuple(sorted(set().union(*(countries.get(supplier, ()) for supplier in its))))
                for node, its in suppliers.items()
            },
        }


def _top(name: str, over: Mapping[str, str]) -> str:
    """The last of those over a name; the name itself where they go in a circle."""
    seen, top = {name}, name
    while (above := over.get(top)) is not None:
        if above in seen:
            return name
        seen.add(above)
        top = above
    return top
