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
from typing import Protocol

import pyoxigraph as ox

from graphsc.maintenance.edges import Block, Edge, Property, blocks
from graphsc.validation.compiler.syntax import Group, Select

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

MOST = 20_000
"""With more keys than so many it is quicker to ask anew."""


class Around(Protocol):
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

    def follow(self, found: set[Node], around: Around) -> set[Node]:
        """The nodes one step on; for a closure, these and all that can be reached."""
        if not self.closure:
            return self._once(found, around)
        seen = set(found)
        while found:
            found = self._once(found, around) - seen
            seen |= found
            if len(seen) > MOST:
                break
        return seen

    def _once(self, found: set[Node], around: Around) -> set[Node]:
        reached: set[Node] = set()
        ways = [(None, True)] if self.properties is None else self.properties
        for node in found:
            for name, forward in ways:
                step = around.objects if forward == self.forward else around.subjects
                reached.update(step(node, name))
        return reached


Route = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A pattern of the query, and the routes to the key: from its source or from its target.

    No routes stand for a pattern that no way leads from: what matches it can touch every solution.
    """

    edge: Edge
    from_source: bool
    routes: tuple[Route, ...] | None

    def matches(self, changed: Changed) -> Iterable[tuple[Node, Node]]:
        """The source and target of each changed triple that the pattern may match."""
        edge = self.edge
        source, target = (None if isinstance(end, str) or edge.closure else end for end in (edge.source, edge.target))
        for name, forward in [(None, True)] if edge.properties is None else edge.properties:
            for triple in changed.matching(name, target if forward else source):
                ends = (triple.subject, triple.object) if forward else (triple.object, triple.subject)
                if (source is None or ends[0] == source) and (target is None or ends[1] == target):
                    yield ends


@dataclass(frozen=True, slots=True)
class Reach:
    """How changes reach the key of a query."""

    key: str
    occurrences: tuple[Occurrence, ...]

    @property
    def local(self) -> bool:
        """Whether every pattern that matches facts leads to the key."""
        return all(one.routes is not None for one in self.occurrences)

    def keys(self, changed: Changed, around: Around) -> set[Node] | None:
        """The keys whose solutions the change can touch; None when that may be any."""
        found: set[Node] = set()
        for one in self.occurrences:
            ends = list(one.matches(changed))
            if not ends:
                continue
            if one.routes is None:
                return None
            start: set[Node] = {source if one.from_source else target for source, target in ends}
            if one.edge.closure:
                start = Step(one.edge.properties, not one.from_source, True).follow(start, around)
            for route in one.routes:
                here = start
                for step in route:
                    here = step.follow(here, around)
                    if len(here) > MOST:
                        return None
                found |= here
            if len(found) > MOST:
                return None
        return found


def reach(where: Group | Select, key: str) -> Reach:
    """How changes reach a variable of a pattern."""
    top = blocks(where)
    found = [
        _occurrence(edge, block, key) for block in top.all() for edge in block.edges if edge.properties != frozenset()
    ]
    return Reach(key, tuple(dict.fromkeys(found)))


def _occurrence(edge: Edge, block: Block, key: str) -> Occurrence:
    options: list[tuple[int, bool, tuple[Route, ...]]] = []
    for from_source, end in ((True, edge.source), (False, edge.target)):
        if isinstance(end, str):
            routes = _routes(end, key, *_holding(block))
            if routes is not None:
                cost = max(sum(3 if step.closure else 1 for step in route) for route in routes)
                options.append((cost, from_source, routes))
    if not options:
        return Occurrence(edge, True, None)
    _, from_source, routes = min(options, key=lambda option: (option[0], not option[1]))
    return Occurrence(edge, from_source, routes)


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


def _routes(start: str, key: str, edges: Sequence[Edge], unions: Sequence[list[Block]]) -> tuple[Route, ...] | None:
    """Routes of which one is right in each solution; None where there are none for sure."""
    route = _route(start, key, edges)
    if route is not None:
        return (route,)
    for place, union in enumerate(unions):
        rest = [*unions[:place], *unions[place + 1 :]]
        found: list[Route] = []
        for branch in union:
            routes = _routes(start, key, [*edges, *branch.edges], [*branch.unions, *rest])
            if routes is None:
                break
            found += routes
        else:
            return tuple(dict.fromkeys(found))
    return None


def _route(start: str, key: str, edges: Sequence[Edge]) -> Route | None:
    """The shortest way between two variables, on which few steps repeat (Dijkstra)."""
    best: dict[str, tuple[int, Route]] = {start: (0, ())}
    done: set[str] = set()
    while waiting := [name for name in best if name not in done]:
        name = min(waiting, key=lambda one: best[one][0])
        if name == key:
            return best[name][1]
        done.add(name)
        cost, route = best[name]
        for edge in edges:
            for here, there, forward in ((edge.source, edge.target, True), (edge.target, edge.source, False)):
                if here == name and isinstance(there, str):
                    step = Step(edge.properties, forward, edge.closure)
                    price = cost + (0 if edge.properties == frozenset() else 3 if edge.closure else 1)
                    if there not in best or price < best[there][0]:
                        best[there] = (price, (*route, step) if edge.properties != frozenset() else route)
    return None
