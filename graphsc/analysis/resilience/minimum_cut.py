"""The cheapest way to stop a target: the minimum cut among basic events."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
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
    """A cut set of a target and what it costs; minimal, unless it is not exact and very large.

    ``exact`` says that no other costs less; otherwise it is the best that was found. ``priced`` says that costs were
    given, so that the cost is not just the number of events.
    """

    events: frozenset[int]
    cost: float
    exact: bool
    priced: bool = False


def minimum_cut(
    graph: DependencyGraph, target: int, costs: Mapping[int, float] | None = None, *, limit: int = LIMIT
) -> Cut | None:
    """The cheapest set of basic events that stops a target; None when nothing does.

    Each event costs 1 unless ``costs`` say otherwise, so by default this is the fewest events. Three ways, the
    first that applies:

    1. *Flow*: exact, as a minimum node cut (Ford and Fulkerson 1956), on graphs in which every node below the first
       gates that bear losses needs one of its needs (1 of n; a node with a single need is one too, whatever it is).
       Above those gates any all-of is allowed: there the cheapest of its needs decides. Circles are allowed as long
       as the cut that was found also stops them, which is looked up.
    2. *Diagram*: exact for all other graphs whose failure has a decision diagram within ``limit`` nodes.
    3. *Bound*: the cheapest combination as if nothing were shared, without what turns out not to be needed, or a
       cheaper single point. A true cut set, and exact only if no two other events cost less together.

    ValueError for a cost below 0 or one that is not finite.
    """
    for node, cost in sorted((costs or {}).items()):
        if not (cost >= 0 and math.isfinite(cost)):
            raise ValueError(f"{cost} of {graph.names[node]!r} is no cost")
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return None
    cheapest = {
        part: min(((costs or {}).get(node, 1), node) for node in events)
        for part, events in acting_as_one(cone, end).items()
    }
    own = {part: cost for part, (cost, _) in cheapest.items()}
    parts, exact = _parts(cone, end, own, limit)
    if not all(own[part] for part in parts):  # what costs nothing need not be of use
        parts = _needed(cone, end, parts, own)
    events = frozenset(cheapest[part][1] for part in parts)
    return Cut(events, sum(own[part] for part in sorted(parts)), exact, priced=costs is not None)


def _parts(cone: Cone, end: int, own: Mapping[int, float], limit: int) -> tuple[frozenset[int], bool]:
    able = cone.flow(dict.fromkeys(own, 1))
    gates = _first_gates(cone, end, able)
    if all(_is_network(cone, gate, able) for gate in gates[1]):
        ways = [frozenset((part,)) for part in gates[0] if part in own]
        ways += [_flow_cut(cone, gate, able, own) for gate in gates[1]]
        best = min(ways, key=lambda way: (sum(own[part] for part in sorted(way)), sorted(way)))
        if _stops(cone, end, best):
            return best, True
    try:
        diagrams, function, order = failure_diagram(cone, end, own, limit)
    except DiagramTooLargeError:
        return _bound(cone, end, own)
    pair = diagrams.cheapest(function, [own[part] for part in order])
    return frozenset(order[variable] for variable in pair[1]) if pair else frozenset(), True


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


def _flow_cut(cone: Cone, gate: int, able: Sequence[int], own: Mapping[int, float]) -> frozenset[int]:
    """The cheapest events on every way from a gate to something that needs nothing."""
    import networkx as nx

    network: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    sink = ("ground", gate)
    for part in _below(cone, gate, able):
        if part in own:
            network.add_edge(("in", part), ("out", part), capacity=own[part])
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
    return frozenset(part for part in own if ("in", part) in near and ("out", part) not in near)


def _stops(cone: Cone, end: int, parts: frozenset[int]) -> bool:
    return bool(cone.flow(dict.fromkeys(sorted(parts), 1))[end])


def _bound(cone: Cone, end: int, own: Mapping[int, float]) -> tuple[frozenset[int], bool]:
    """The best cut set that is found without a diagram, and whether it must be the cheapest."""
    alone = stopping_alone(cone, end, own)
    others = sorted(cost for part, cost in own.items() if part not in alone)
    pair = others[0] + others[1] if len(others) > 1 else math.inf
    ways = [frozenset((part,)) for part in alone]
    if not any(own[part] <= pair for part in alone):
        ways.append(_needed(cone, end, _as_if_unshared(cone, end, own), own))
    best = min(ways, key=lambda way: (sum(own[part] for part in sorted(way)), sorted(way)))
    return best, sum(own[part] for part in best) <= pair


def _as_if_unshared(cone: Cone, end: int, own: Mapping[int, float]) -> frozenset[int]:
    """A cut set that is cheap: each gate by its cheapest needs (Knuth 1977), as if nothing were shared."""
    heap = [(cost, part) for part, cost in sorted(own.items())]
    left = list(cone.thresholds)
    spent = [0.0] * len(cone)
    chosen: list[list[int]] = [[] for _ in range(len(cone))]
    settled: dict[int, float] = {}
    while heap and end not in settled:
        cost, part = heappop(heap)
        if part in settled:
            continue
        settled[part] = cost
        for upper in cone.above[part]:
            if upper in settled or not left[upper]:
                continue
            left[upper] -= 1
            spent[upper] += cost
            chosen[upper].append(part)
            if not left[upper] and spent[upper] < own.get(upper, math.inf):
                heappush(heap, (spent[upper], upper))

    def by_itself(part: int) -> bool:
        return own.get(part, math.inf) <= settled[part]

    used = reached((end,), lambda part: () if by_itself(part) else chosen[part])
    return frozenset(filter(by_itself, used))


def _needed(cone: Cone, end: int, parts: Collection[int], own: Mapping[int, float]) -> frozenset[int]:
    """A cut set without what it does not need, the dearest left out first.

    World ``n`` has lost what is known to be needed and all from place ``n`` on; the last world in which the end
    still fails shows the next that is needed. After `_LONGEST` of these the rest stays as it is.
    """
    order = sorted(parts, key=lambda part: (-own[part], part))
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
