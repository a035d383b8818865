"""The cheapest fix: the one added alternative that removes most single points of failure.

A single point is a pair of a basic event and a critical system or function that the event alone stops. An
alternative is new and independent of everything else, so a need that has one does not fail with any single loss.
There are two kinds of fix: a second option for one need of a node that needs all of its needs, and one more
option in a group of which some must work.

Every fix has an upper bound from the events below and the targets above it. The search is best first: the most promising
fixes are computed exactly until no bound exceeds the best of these. So most fixes are never computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

import numpy as np

from graphsc.analysis.kernels import Grouping, positions
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import Cone
from graphsc.analysis.resilience.losses import BLOCK, Spread, sink
from graphsc.core.cycles import reached

EFFORT = 2_000_000
"""The nodes and edges that the search may visit before it returns the best fixes so far."""

_NODE, _BOUND, _EXACT = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Fix:
    """One added alternative and what it changes.

    A second option for what ``node`` gets from ``need`` or, where that is None, one more option in the group
    ``node``. ``removed`` counts the single points that disappear, ``weight`` sums the weights of the targets over them;
    ``events`` are the parties that then stop less, ``targets`` the systems and functions that then depend on fewer.
    """

    node: int
    need: int | None
    removed: int
    weight: float
    events: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fixes:
    """The best fixes, most single points first.

    ``before`` counts the single points before any fix. ``exact`` says that no fix left out is better than one of these;
    otherwise the search was cut short, and they are the best that it computed.
    """

    before: int
    ranked: tuple[Fix, ...]
    exact: bool


def cheapest_fix(
    graph: DependencyGraph,
    *,
    most: int = 5,
    at: Iterable[int] | None = None,
    effort: int = EFFORT,
    spread: Spread | None = None,
) -> Fixes:
    """The ``most`` single alternatives that remove most single points of the critical systems and functions.

    ``at`` are the nodes that may get one, by default all that are no basic event: nobody can add a second owner or
    a second home country to a company. A node with a single user gets none where that user can: the fix furthest up removes
    at least as much. A group of which one option is enough gets one more option instead of a second group. Fixes that
    remove nothing are left out. ``effort`` bounds the work once ``most`` fixes were computed; see `Fixes.exact`. Ties are
    broken in a fixed way. ``spread``, if given, is that of the critical targets.
    """
    if at is None:
        at = np.flatnonzero(~graph.basic).tolist()
    search = _Search(graph, frozenset(at), spread or Spread.below(graph, graph.critical))
    heap = search.start()
    ranked: list[Fix] = []
    exact = True
    while heap and len(ranked) < most:
        bound, stage, node, need = heappop(heap)
        if not bound:
            break
        if stage == _EXACT:
            ranked.append(search.fixes[node, need])
        elif not exact:
            continue
        elif stage == _NODE:
            for entry in search.options(node):
                heappush(heap, entry)
        elif search.spent >= effort and len(search.fixes) >= most:
            exact = False
        else:
            fix = search.fixes[node, need] = search.compute(node, need)
            heappush(heap, (-fix.removed, _EXACT, node, need))
    return Fixes(search.before, tuple(ranked), exact)


def with_alternative(graph: DependencyGraph, node: int, need: int | None) -> DependencyGraph:
    """The graph after a fix, for single losses: the need that has an alternative is not needed any more.

    With ``need`` None, the group ``node`` bears one loss more.
    """
    thresholds = graph.thresholds.copy()
    if need is None:
        thresholds[node] += 1
        return replace(graph, thresholds=thresholds)
    start, member = graph.needs.start.copy(), graph.needs.member
    place = graph.needs[node].index(need)
    thresholds[node] = min(thresholds[node], len(graph.needs[node]) - 1)
    member = np.delete(member, start[node] + place)
    start[node + 1 :] -= 1
    return replace(graph, needs=Grouping(start, member, len(graph)), thresholds=thresholds)


class _Search:
    """The graph before any fix, with the bounds and exact values of fixes."""

    _NO_NEED = -1

    def __init__(self, graph: DependencyGraph, at: frozenset[int], spread: Spread) -> None:
        self._graph, self._at, self._spread = graph, at, spread
        self._cone = cone = spread.cone
        self._targets, self._stops = spread.targets, spread.stops
        self._over = sink(cone.above, cone.cycles, spread.inside) if cone.has_gates else self._stops
        self._inward = spread.onward.inverted()
        self._turning = {part for cycle in cone.cycles for part in cycle}
        self._below = self._events_below()
        self._reach = [bits.bit_count() for bits in self._over]
        reach = map(int.bit_count, self._stops) if cone.has_gates else self._reach
        self.before = sum(count * targets for count, targets in zip(map(len, cone.basic), reach, strict=True))
        self.fixes: dict[tuple[int, int], Fix] = {}
        self.spent = 0

    def start(self) -> list[tuple[int, int, int, int]]:
        """A heap with an entry per node: an upper bound of the fixes at it."""
        heap = [
            (-bound, _NODE, node, self._NO_NEED)
            for members, below, reach in zip(self._cone.members, self._below, self._reach, strict=True)
            if (bound := below * reach)
            for node in members
            if node in self._at
        ]
        heapify(heap)
        return heap

    def options(self, node: int) -> Iterator[tuple[int, int, int, int]]:
        """The fixes at a node, each with a bound."""
        graph, cone = self._graph, self._cone
        part = cone.part_of[node]
        reach = self._reach[part]
        if graph.thresholds[node] > 1:
            yield -self._below[part] * reach, _BOUND, node, self._NO_NEED
        elif not self._passes_on(node):
            for need in graph.needs[node]:
                lower = cone.part_of[need]
                if lower >= 0 and need != node and not self._can_grow(need):
                    yield -self._below[lower] * reach, _BOUND, node, need

    def compute(self, node: int, need: int) -> Fix:
        """A fix with its exact effect: the graph around it is failed with and without it."""
        cone, alternative_to = self._cone, None if need == self._NO_NEED else need
        part = cone.part_of[node]
        targets = [self._targets[place] for place in positions(self._over[part])]
        lower = part if alternative_to is None else cone.part_of[need]
        events = [
            event
            for other in sorted(reached((lower,), self._inward.__getitem__))  # those whose loss alone fails it
            if self._stops[other] & self._over[part]
            for event in cone.basic[other]
        ]
        fixed = with_alternative(self._graph, node, alternative_to)
        before, after = Cone.below(self._graph, targets), Cone.below(fixed, targets)
        removed: dict[int, int] = defaultdict(int)
        weaker: list[int] = []
        for first in range(0, len(events), BLOCK):
            block = events[first : first + BLOCK]
            self.spent += before.size + after.size
            bits_before, bits_after = _flow_of(before, block), _flow_of(after, block)
            any_target = 0
            for target in targets:
                place = after.part_of[target]
                bits = bits_before[before.part_of[target]] & ~(bits_after[place] if place >= 0 else 0)
                if bits:
                    any_target |= bits
                    removed[target] += bits.bit_count()
            weaker.extend(block[bit] for bit in positions(any_target))
        counts = sorted(removed.items())
        return Fix(
            node=node,
            need=alternative_to,
            removed=sum(count for _, count in counts),
            weight=sum(count * self._graph.weights[target] for target, count in counts),
            events=tuple(sorted(weaker)),
            targets=tuple(target for target, _ in counts),
        )

    def _passes_on(self, node: int) -> bool:
        """Whether the only user of a node can get the alternative instead."""
        cone = self._cone
        part = cone.part_of[node]
        if node in self._graph.critical or len(cone.members[part]) > 1 or len(cone.above[part]) != 1:
            return False
        (upper,) = cone.above[part]
        users = cone.members[upper]
        return cone.thresholds[upper] == 1 and len(users) == 1 and users[0] in self._at

    def _can_grow(self, node: int) -> bool:
        """Whether a node is a group of which one option is enough and that can get another."""
        threshold = self._graph.thresholds[node]
        any_will_do = threshold > 1 and threshold == len(self._graph.needs[node])
        return any_will_do and node in self._at and not self._graph.basic[node]

    def _events_below(self) -> list[int]:
        """For each part an upper bound of the basic events that alone make it fail."""
        cone = self._cone
        total = sum(map(len, cone.basic))
        counts, inward = [len(events) for events in cone.basic], self._inward.lists
        cycle_at = {cycle.start: cycle for cycle in cone.cycles}
        for part in range(len(cone)):
            if part in self._turning:
                cycle = cycle_at.get(part)
                if cycle is not None:
                    inside = sum(counts[member] for member in cycle)
                    below = (counts[other] for member in cycle for other in inward[member] if other < part)
                    bound = min(total, inside + sum(below))
                    for member in cycle:
                        counts[member] = bound
                continue
            counts[part] = min(total, counts[part] + sum(counts[other] for other in inward[part]))
        return counts


def _flow_of(cone: Cone, events: Sequence[int]) -> list[int]:
    initial: dict[int, int] = defaultdict(int)
    for place, event in enumerate(events):
        if cone.part_of[event] >= 0:
            initial[cone.part_of[event]] |= 1 << place
    return cone.flow(initial)
