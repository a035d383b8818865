"""The fewest losses that stop a target: the minimum cut among basic events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.availability import LIMIT, failure_diagram
from graphsc.analysis.resilience.cone import Cone
from graphsc.analysis.resilience.cutsets import acting_as_one, stopping_alone
from graphsc.analysis.resilience.diagrams import DiagramTooLargeError
from graphsc.core.cycles import reached

if TYPE_CHECKING:
    import networkx as nx

_LONGEST = 200
"""Events of a cut set that are each shown to be needed."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut set of a target; minimal, unless it is not exact and very large.

    ``exact`` says that no other has fewer events; otherwise it is the smallest that the search came to.
    """

    events: frozenset[int]
    exact: bool


def minimum_cut(graph: DependencyGraph, target: int, *, limit: int = LIMIT) -> Cut | None:
    """The fewest basic events that stop a target; None when nothing does.

    Three ways, the first that applies:

    1. *Flow*: exact, as a minimum node cut (Ford and Fulkerson 1956), on graphs in which every node below the first
       gates that bear losses needs one of its needs (1 of n; a node with a single need is one too, whatever it is).
       Above those gates any all-of is allowed: there the smallest cut of its needs decides. Circles are allowed as
       long as the cut also stops them, which is looked up.
    2. *Diagram*: exact for all other graphs whose failure has a decision diagram within ``limit`` nodes.
    3. *Bound*: a single point, or the smallest combination as if nothing were shared, without what turns out not to
       be needed. A true cut set, and exact only if it has at most two events.
    """
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return None
    groups = acting_as_one(cone, end)
    parts, exact = _parts(cone, end, groups.keys(), limit)
    return Cut(frozenset(groups[part][0] for part in parts), exact)


def _parts(cone: Cone, end: int, basic: Collection[int], limit: int) -> tuple[frozenset[int], bool]:
    able = cone.flow(dict.fromkeys(basic, 1))
    gates = _first_gates(cone, end, able)
    if all(_is_network(cone, gate, able) for gate in gates[1]):
        ways = [frozenset((part,)) for part in gates[0] if part in basic]
        ways += [_flow_cut(cone, gate, able, basic) for gate in gates[1]]
        best = min(ways, key=lambda way: (len(way), sorted(way)))
        if _stops(cone, end, best):
            return best, True
    try:
        diagrams, function, order = failure_diagram(cone, end, basic, limit)
    except DiagramTooLargeError:
        return _bound(cone, end, basic)
    return frozenset(order[variable] for variable in diagrams.fewest(function)), True


def _first_gates(cone: Cone, end: int, able: Sequence[int]) -> tuple[list[int], list[int]]:
    """The parts that fail the end with any one of their needs, and the gates right below them."""
    plain = sorted(reached((end,), lambda part: _live(cone, part, able) if cone.thresholds[part] < 2 else ()))
    return plain, [part for part in plain if cone.thresholds[part] > 1]


def _live(cone: Cone, part: int, able: Sequence[int]) -> list[int]:
    """What a part needs and that can fail, in order."""
    return sorted({other for other in cone.needs[part] if able[other]})


def _below(cone: Cone, top: int, able: Sequence[int]) -> list[int]:
    return sorted(reached((top,), lambda part: _live(cone, part, able)))


def _is_network(cone: Cone, gate: int, able: Sequence[int]) -> bool:
    """Whether everything from a gate down works as long as one of its needs does."""
    for part in _below(cone, gate, able):
        if cone.thresholds[part] == 1:
            if len(_live(cone, part, able)) > 1:
                return False
        elif cone.thresholds[part] and cone.thresholds[part] != len(cone.needs[part]):
            return False
    return True


def _flow_cut(cone: Cone, gate: int, able: Sequence[int], basic: Collection[int]) -> frozenset[int]:
    """The fewest events on every way from a gate to something that needs nothing."""
    import networkx as nx

    network: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    sink = ("ground", gate)
    for part in _below(cone, gate, able):
        if part in basic:
            network.add_edge(("in", part), ("out", part), capacity=1)
        else:
            network.add_edge(("in", part), ("out", part))
        live = _live(cone, part, able)
        if cone.thresholds[part] > 1 and any(not able[other] for other in cone.needs[part]):
            live = []
        network.add_edges_from((("out", part), ("in", other)) for other in live)
        if not live:
            network.add_edge(("out", part), sink)
    if sink not in network:  # a circle that nothing outside holds up
        return frozenset()
    _, (near, _) = nx.minimum_cut(network, ("in", gate), sink)
    return frozenset(part for part in basic if ("in", part) in near and ("out", part) not in near)


def _stops(cone: Cone, end: int, parts: frozenset[int]) -> bool:
    return bool(cone.flow(dict.fromkeys(sorted(parts), 1))[end])


def _bound(cone: Cone, end: int, basic: Collection[int]) -> tuple[frozenset[int], bool]:
    """A small cut set without a diagram, and whether none can be smaller."""
    alone = stopping_alone(cone, end, basic)
    if alone:
        return frozenset((min(alone),)), True
    best = _needed(cone, end, _as_if_unshared(cone, end, basic))
    return best, len(best) == 2


def _as_if_unshared(cone: Cone, end: int, basic: Collection[int]) -> frozenset[int]:
    """A cut set that is small: each gate by the needs that take fewest events (Knuth 1977), as if nothing were shared."""
    heap = [(1, part) for part in sorted(basic)]
    left = list(cone.thresholds)
    spent = [0] * len(cone)
    chosen: list[list[int]] = [[] for _ in range(len(cone))]
    settled: set[int] = set()
    while heap and end not in settled:
        cost, part = heappop(heap)
        if part in settled:
            continue
        settled.add(part)
        for upper in cone.above[part]:
            if upper in settled or not left[upper]:
                continue
            left[upper] -= 1
            spent[upper] += cost
            chosen[upper].append(part)
            if not left[upper] and upper not in basic:
                heappush(heap, (spent[upper], upper))
    used = reached((end,), lambda part: () if part in basic else chosen[part])
    return frozenset(basic) & used


def _needed(cone: Cone, end: int, parts: Collection[int]) -> frozenset[int]:
    """A cut set without what it does not need.

    World ``n`` has lost what is known to be needed and all from place ``n`` on; the last world in which the end
    still fails shows the next that is needed. After `_LONGEST` of these the rest stays as it is.
    """
    order = sorted(parts)
    needed: list[int] = []
    while order and len(needed) < _LONGEST:
        every = (1 << len(order) + 1) - 1
        worlds = {part: (2 << place) - 1 for place, part in enumerate(order)}
        worlds.update(dict.fromkeys(needed, every))
        last = cone.flow(worlds)[end].bit_length() - 1
        if last == len(order):
            return frozenset(needed)
        needed.append(order[last])
        order = order[last + 1 :]
    return frozenset((*needed, *order))
