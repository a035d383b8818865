"""The cone of some targets: the graph below them, without nodes that cannot fail, and with nodes that fail together joined.

Every measure of resilience starts here. The parts are numbered so that each comes after its needs, except in
cycles that lead through a gate; those are runs of numbers and are solved by repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain
from typing import TypeVar

import numpy as np

from graphsc.analysis.kernels import Grouping, Ints, at_least, components, fallen
from graphsc.analysis.model import DependencyGraph

Value = TypeVar("Value")

NOWHERE = -1
"""The representative of a part whose failure does no harm above it."""


@dataclass(frozen=True, slots=True)
class Cone:
    """The parts below the targets.

    ``members`` are the nodes of the graph in each part: one, or several that need each other in a
    cycle without a gate and so fail together. A part fails when ``thresholds`` of its ``needs`` have failed (0 for
    never); a part that a gate names twice counts twice. ``above`` is the inverse of ``needs``. ``cycles`` are the
    runs of parts that need each other through a gate, ``part_of`` is the part of each node of the graph (-1:
    it is not below the targets or cannot fail), ``basic`` has for each part the nodes in it that can fail by themselves,
    ``size`` is the number of nodes and needs of the graph below the targets.
    """

    members: Sequence[Sequence[int]]
    needs: Grouping
    thresholds: Sequence[int]
    above: Grouping
    cycles: tuple[range, ...]
    part_of: Ints
    basic: Sequence[Sequence[int]]
    size: int

    def __len__(self) -> int:
        return len(self.members)

    @property
    def has_gates(self) -> bool:
        """Whether any part bears the loss of a need."""
        return max(self.thresholds, default=0) > 1

    @classmethod
    def below(cls, graph: DependencyGraph, targets: Iterable[int]) -> Cone:
        """The cone of some nodes of a graph, in time linear in its size."""
        reached = np.array(_reached(graph, targets), dtype=np.int64)
        upper, needed = graph.needs.inside(reached)
        size = len(reached) + len(needed)
        number = np.full(len(graph), -1)
        number[reached] = np.arange(len(reached))
        other = reached[upper] != needed  # that a node needs itself changes nothing
        upper, lower = upper[other], number[needed[other]]
        thresholds = graph.thresholds[reached]
        above = Grouping.in_order(upper, lower, len(reached), len(reached)).inverted()
        fails = fallen(above, thresholds, np.flatnonzero(graph.basic[reached]))
        number = np.cumsum(fails) - 1  # from here on only of what can fail
        kept = fails[upper] & fails[lower]
        upper, lower, nodes, thresholds = number[upper[kept]], number[lower[kept]], reached[fails], thresholds[fails]
        parts, cycles = _parts(upper, lower, thresholds)
        part, place = parts.pairs()
        nodes, thresholds = nodes[place], thresholds[place[parts.start[:-1]]]
        basic = graph.basic[nodes]
        part_at = np.empty(len(part), dtype=np.int64)
        part_at[place] = part
        part_of = np.full(len(graph), -1)
        part_of[nodes] = part
        needs = _joined(part_at[upper], part_at[lower], thresholds)
        return cls(
            members=Grouping(parts.start, nodes, len(graph)).lists,
            needs=needs,
            thresholds=thresholds.tolist(),
            above=needs.inverted(),
            cycles=cycles,
            part_of=part_of,
            basic=Grouping.in_order(part[basic], nodes[basic], len(parts), len(graph)).lists,
            size=size,
        )

    def solve(
        self, values: list[Value], step: Callable[[int, list[Value]], Value], parts: Sequence[int] | None = None
    ) -> list[Value]:
        """Compute values, in place, from needs upwards to the least fixpoint.

        ``step`` computes the value of a part from the values so far and must be monotone. ``parts`` limits the work to
        some parts, in ascending order and with all or none of a cycle.
        """
        cycle_at = {cycle.start: cycle for cycle in self.cycles}
        skip_to = 0
        for part in range(len(self)) if parts is None else parts:
            if part < skip_to:
                continue
            if part in cycle_at:
                cycle = cycle_at[part]
                skip_to = cycle.stop
                self._settle(values, step, cycle)
            else:
                values[part] = step(part, values)
        return values

    def _settle(self, values: list[Value], step: Callable[[int, list[Value]], Value], cycle: range) -> None:
        """Solve a cycle in rounds: a change that goes back to a lower number waits for the next round."""
        heap = list(cycle)
        queued = set(heap)
        waiting: set[int] = set()
        while heap:
            part = heappop(heap)
            queued.discard(part)
            value = step(part, values)
            if value != values[part]:
                values[part] = value
                for upper in self.above[part]:
                    if upper not in cycle or upper in queued:
                        continue
                    if upper > part:
                        queued.add(upper)
                        heappush(heap, upper)
                    else:
                        waiting.add(upper)
            if not heap:
                heap = sorted(waiting)
                queued = waiting
                waiting = set()

    def flow(self, initial: Mapping[int, int], parts: Sequence[int] | None = None) -> list[int]:
        """The bits for which each part fails, when it fails by itself for its ``initial`` bits.

        A bit is a scenario: the loss of one event, or one random sample.
        """
        bits = [0] * len(self)
        for part, failing in initial.items():
            bits[part] = failing
        needs, thresholds = self.needs.lists, self.thresholds

        def step(part: int, bits: list[int]) -> int:
            fails = bits[part]
            if thresholds[part] == 1:
                for other in needs[part]:
                    if bits[other]:
                        fails = fails | bits[other] if fails else bits[other]
                return fails
            rows = [bits[other] for other in needs[part] if bits[other]]
            return fails | at_least(rows, thresholds[part]) if rows else fails

        return self.solve(bits, step, parts)

    def representatives(self, tops: Collection[int] = ()) -> list[int]:
        """For each part the highest one that fails with it and through which alone it can do any harm.

        Harm is to make a gate or one of the ``tops`` fail. The loss of a part has the same effect as the loss of its
        representative; a part that does no harm has ``NOWHERE``. Parts in cycles represent themselves.
        """
        result = [NOWHERE] * len(self)
        ends = {*tops, *(part for cycle in self.cycles for part in cycle)}
        above, thresholds = self.above.lists, self.thresholds
        for part in reversed(range(len(self))):
            if part in ends:
                result[part] = part
                continue
            highest = NOWHERE
            for upper in above[part]:
                candidate = part if thresholds[upper] > 1 else result[upper]
                if candidate in (NOWHERE, highest):
                    continue
                highest = candidate if highest == NOWHERE else part
                if highest == part:
                    break
            result[part] = highest
        return result


def _reached(graph: DependencyGraph, targets: Iterable[int]) -> list[int]:
    """The nodes at or below the targets, each after its needs, except in cycles."""
    needs = graph.needs
    seen = bytearray(len(graph))
    nodes: list[int] = []
    open_ = sorted(set(targets), reverse=True)
    while open_:
        node = open_.pop()
        if node < 0:  # all below it is done
            nodes.append(~node)
        elif not seen[node]:
            seen[node] = 1
            open_.append(~node)
            open_.extend(needs[node])
    return nodes


def _parts(upper: Ints, lower: Ints, thresholds: Ints) -> tuple[Grouping, tuple[range, ...]]:
    """The nodes joined to parts, each after its needs, and the runs of parts that are in cycles."""
    count = len(thresholds)
    if (lower < upper).all():  # no cycles: the nodes already stand in this order
        return Grouping(np.arange(count + 1), np.arange(count), count), ()
    inner = Grouping.in_order(upper, lower, count, count).lists
    parts: list[tuple[int, ...]] = []
    cycles: list[range] = []
    for members in components(inner):
        if len(members) == 1:
            parts.append(members)
            continue
        place = {member: number for number, member in enumerate(members)}
        plain = [
            [place[other] for other in inner[member] if other in place] if thresholds[member] == 1 else []
            for member in members
        ]
        joined = [tuple([members[number] for number in part]) for part in components(plain)]
        if len(joined) > 1:
            cycles.append(range(len(parts), len(parts) + len(joined)))
        parts.extend(joined)
    rows = np.repeat(np.arange(len(parts)), list(map(len, parts)))
    return Grouping.in_order(rows, np.array(list(chain.from_iterable(parts))), len(parts), count), tuple(cycles)


def _joined(upper: Ints, lower: Ints, thresholds: Ints) -> Grouping:
    """The needs of each part: each other part once, but in a gate as often as the gate names it."""
    other = upper != lower
    upper, lower = upper[other], lower[other]
    gate = thresholds[upper] > 1
    order = np.lexsort((np.where(gate, np.arange(len(upper)), lower), upper))
    upper, lower, gate = upper[order], lower[order], gate[order]
    fresh = np.ones(len(upper), dtype=bool)
    fresh[1:] = (upper[1:] != upper[:-1]) | (lower[1:] != lower[:-1]) | gate[1:]
    return Grouping.in_order(upper[fresh], lower[fresh], len(thresholds), len(thresholds))
