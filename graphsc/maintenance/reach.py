"""How far a change reaches: which solutions of a query can be others once some triples have come or gone.

A query is kept up to date by a *key*, a variable that every solution binds. Where a changed triple matches one of the
query's patterns, also one under a negation, the solutions that it can touch join it: so the patterns are followed from
the triple to the key, over what holds now or held before. Conditions are passed over, which can only find too many keys,
and too many cost time, never truth. Where no way leads to the key, every solution may be touched.

Source: incremental maintenance of views over keys (Gupta and Mumick, Maintenance of Materialized Views, 1995),
with delete and rederive for what is recursive (Gupta, Mumick and Subrahmanian, SIGMOD 1993).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

import pyoxigraph as ox

from graphsc.maintenance.edges import Block, Edge, Property, blocks
from graphsc.sparql.syntax import Group, Select

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

MOST = 20_000
"""With more keys than so many it is quicker to ask anew."""
FEW = 200
"""A way that leads to more nodes than so many is only gone when every other does too."""
WAYS = 6
"""So many ways from a pattern to the key are known."""


class Neighbourhood(Protocol):
    """What holds now or held before a change."""

    def objects(self, node: Node, predicate: str | None) -> Iterable[Node]:
        """The objects of a node, of one property or of any."""
        ...

    def subjects(self, node: Node, predicate: str | None) -> Iterable[Node]:
        """The subjects that name a node, by one property or by any."""
        ...


class Changed(Protocol):
    """The triples that came or went."""

    def matching(self, predicate: str | None, value: object = None) -> Iterable[ox.Triple]:
        """Those with a property, or all; with one value, where it is given."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """An edge followed from its source to its target, or back."""

    properties: frozenset[Property] | None
    forward: bool
    closure: bool

    def follow(self, nodes: set[Node], around: Neighbourhood, limit: int) -> set[Node] | None:
        """The nodes one step on; for a closure, these and all that can be reached. None for more than the limit."""
        if not self.closure:
            return self._once(nodes, around, limit)
        seen = set(nodes)
        while nodes:
            step = self._once(nodes, around, limit)
            if step is None:
                return None
            nodes = step - seen
            seen |= nodes
            if len(seen) > limit:
                return None
        return seen

    def _once(self, nodes: set[Node], around: Neighbourhood, limit: int) -> set[Node] | None:
        reached: set[Node] = set()
        ways = [(None, True)] if self.properties is None else self.properties
        for node in nodes:
            for name, forward in ways:
                step = around.objects if forward == self.forward else around.subjects
                for other in step(node, name):
                    reached.add(other)
                    if len(reached) > limit:
                        return None
        return reached


Route = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a pattern to the key: from its source or its target, over routes of which one is right in each solution."""

    from_source: bool
    routes: tuple[Route, ...]

    @property
    def cost(self) -> int:
        """How far it is; what repeats is far."""
        return max(sum(3 if step.closure else 1 for step in route) for route in self.routes)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A pattern of the query, and the ways from it to the key, the shortest first.

    Each of them leads to every key that what matches the pattern can touch, and perhaps to others. Without any, it can touch
    every solution.
    """

    edge: Edge
    ways: tuple[Way, ...]

    def matches(self, changed: Changed) -> Iterable[tuple[Node, Node]]:
        """The source and target of each changed triple that the pattern may match."""
        edge = self.edge
        source, target = (None if isinstance(end, str) or edge.closure else end for end in (edge.source, edge.target))
        for name, forward in [(None, True)] if edge.properties is None else edge.properties:
            for triple in changed.matching(name, target if forward else source):
                ends = (triple.subject, triple.object) if forward else (triple.object, triple.subject)
                if (source is None or ends[0] == source) and (target is None or ends[1] == target):
                    yield ends

    def keys(self, ends: Sequence[tuple[Node, Node]], around: Neighbourhood) -> set[Node] | None:
        """The keys that matching triples lead to, by the way that leads to few; None for more than `MOST`."""
        for way in self.ways:
            nodes = self._along(way, ends, around, max(FEW, 4 * len(ends)))
            if nodes is not None:
                return nodes
        several = [self._along(way, ends, around, MOST) for way in self.ways]
        return min((nodes for nodes in several if nodes is not None), key=len, default=None)

    def _along(
        self, way: Way, ends: Sequence[tuple[Node, Node]], around: Neighbourhood, limit: int
    ) -> set[Node] | None:
        start: set[Node] | None = {source if way.from_source else target for source, target in ends}
        if self.edge.closure and start is not None:
            start = Step(self.edge.properties, not way.from_source, True).follow(start, around, limit)
        nodes: set[Node] = set()
        for route in way.routes:
            here = start
            for step in route:
                here = None if here is None else step.follow(here, around, limit)
            if here is None:
                return None
            nodes |= here
        return nodes


@dataclass(frozen=True, slots=True)
class Reach:
    """How changes reach the key of a query."""

    key: str
    occurrences: tuple[Occurrence, ...]

    @property
    def local(self) -> bool:
        """Whether every pattern that matches facts leads to the key."""
        return all(occurrence.ways for occurrence in self.occurrences)

    def keys(self, changed: Changed, around: Neighbourhood) -> set[Node] | None:
        """The keys whose solutions the change can touch; None when that may be any."""
        nodes: set[Node] = set()
        for occurrence in self.occurrences:
            ends = list(occurrence.matches(changed))
            if ends:
                keys = occurrence.keys(ends, around)
                if keys is None:
                    return None
                nodes |= keys
            if len(nodes) > MOST:
                return None
        return nodes


def reach(where: Group | Select, key: str) -> Reach:
    """How changes reach a variable of a pattern."""
    top = blocks(where)
    occurrences = [
        _occurrence(edge, block, key) for block in top.all() for edge in block.edges if edge.properties != frozenset()
    ]
    return Reach(key, tuple(dict.fromkeys(occurrences)))


def _occurrence(edge: Edge, block: Block, key: str) -> Occurrence:
    ways = [
        Way(from_source, routes)
        for from_source, end in ((True, edge.source), (False, edge.target))
        if isinstance(end, str)
        for routes in _routes(end, key, *_holding(block))
    ]
    return Occurrence(edge, tuple(sorted(ways, key=lambda way: way.cost)[:WAYS]))


def _holding(block: Block) -> tuple[list[Edge], list[list[Block]]]:
    """The edges that hold together with those of a block, and the unions of which one branch does."""
    edges: list[Edge] = []
    unions: list[list[Block]] = []
    below: Block | None = None
    here: Block | None = block
    while here is not None:
        edges += here.edges
        unions += [union for union in here.unions if not any(branch is below for branch in union)]
        below, here = here, here.parent
    return edges, unions


def _routes(start: str, key: str, edges: Sequence[Edge], unions: Sequence[list[Block]]) -> list[tuple[Route, ...]]:
    """The choices of routes of which one is right in each solution; none where nothing is sure to lead to the key."""
    paths = _paths(start, key, edges)
    if paths:
        return [(path,) for path in paths]
    for place, union in enumerate(unions):
        rest = [*unions[:place], *unions[place + 1 :]]
        routes: list[Route] = []
        for branch in union:
            choices = _routes(start, key, [*edges, *branch.edges], [*branch.unions, *rest])
            if not choices:
                break
            routes += choices[0]
        else:
            return [tuple(dict.fromkeys(routes))]
    return []


def _paths(start: str, key: str, edges: Sequence[Edge]) -> list[Route]:
    """The shortest ways between two variables that pass none twice, on which few steps repeat."""
    routes: list[Route] = []
    waiting: list[tuple[int, int, Route, tuple[str, ...]]] = [(0, 0, (), (start,))]
    number = 0
    while waiting and len(routes) < WAYS and number < _TRIED:
        cost, _, route, passed = heappop(waiting)
        if passed[-1] == key:
            routes.append(route)
            continue
        for edge in edges:
            for here, there, forward in ((edge.source, edge.target, True), (edge.target, edge.source, False)):
                if here == passed[-1] and isinstance(there, str) and there not in passed:
                    same = edge.properties == frozenset()
                    step = () if same else (Step(edge.properties, forward, edge.closure),)
                    number += 1
                    price = cost + (0 if same else 3 if edge.closure else 1)
                    heappush(waiting, (price, number, (*route, *step), (*passed, there)))
    return list(dict.fromkeys(routes))


_TRIED = 2_000
"""A pattern of very many variables is not searched to its end for further ways."""
