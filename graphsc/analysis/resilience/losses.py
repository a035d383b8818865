"""Losses: which nodes fail with which, and which single loss stops a critical system or function.

A node fails when ``threshold`` of its needs have failed, in cycles as the least fixpoint (`graphsc.analysis.model`).
`failed` follows one loss; `losses` gives the loss of every basic event at once.

How `losses` works: only a gate that bears the loss of a member makes the spread of a failure differ from
reachability. So the basic events that alone make such a gate fail are computed first, for thousands of events per
pass: as bits that rise through the graph, counted at each gate. An event that reaches gates only through one other
node shares the bit of that node. Every gate is then joined to the highest of its events as if it needed them, and
the rest is reachability, for which the targets are bits that sink from the top. Each edge is passed once per
block of events and once per block of targets, where one cascade per event would pass it once per event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

import numpy as np

from graphsc.analysis.kernels import Flags, Grouping, components, fallen, positions
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone

BLOCK = 1 << 14
"""Events that are followed in one pass, as the bits of one integer per node."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The effect of the loss of one basic event alone.

    ``node`` is its number, ``stops`` are the critical systems and functions that stop, ``weight`` is the sum of their
    weights. Events that stop the same share one set.
    """

    node: int
    weight: float
    stops: frozenset[int] = field(repr=False)

    @property
    def count(self) -> int:
        """The number of critical systems and functions that stop."""
        return len(self.stops)


@dataclass(frozen=True, slots=True)
class Spread:
    """The parts of a cone that fail with each single part: reachability along ``onward``.

    ``onward`` leads from each part to those that need it and, from a part that alone makes a gate fail, to the gate.
    ``targets`` are those that can fail; as bits by their places, ``inside`` has the targets in a part, and ``stops`` those
    that fail with each part.
    """

    cone: Cone
    onward: Grouping
    targets: tuple[int, ...]
    inside: Mapping[int, int]
    stops: Sequence[int]

    @classmethod
    def below(cls, graph: DependencyGraph, targets: Collection[int]) -> Spread:
        """The spread of single failures in the cone of some targets."""
        cone = Cone.below(graph, targets)
        onward = cone.above
        if cone.has_gates:
            part, upper = onward.pairs()
            straight = np.array(cone.thresholds)[upper] < 2
            gated = np.array(list(_gate_failures(cone)), dtype=np.int64).reshape(-1, 2)
            edges = np.concatenate((np.column_stack((part, upper))[straight], gated))
            onward = Grouping.of(edges[:, 0], edges[:, 1], len(cone), len(cone))
        ends = np.array(sorted(set(targets)), dtype=np.int64)
        failing = sorted(
            (part, node) for part, node in zip(cone.part_of[ends].tolist(), ends.tolist(), strict=True) if part >= 0
        )
        inside: dict[int, int] = defaultdict(int)
        for place, (part, _) in enumerate(failing):
            inside[part] |= 1 << place
        return cls(cone, onward, tuple(node for _, node in failing), inside, sink(onward, cone.cycles, inside))

    def among(self, events: Flags) -> Spread:
        """The spread when only some of the events, by number, can happen: the effect of a part's failure stays the same."""
        possible = set(np.flatnonzero(events).tolist())
        basic = [[node for node in nodes if node in possible] for nodes in self.cone.basic]
        return replace(self, cone=replace(self.cone, basic=basic))


def sink(onward: Grouping, cycles: Iterable[range], inside: Mapping[int, int]) -> list[int]:
    """For each part the bits of all parts that can be reached from it, where only cycles lead to lower numbers."""
    bits, uppers = [0] * len(onward), onward.lists
    for part, initial in inside.items():
        bits[part] = initial
    cycle_of = {part: cycle for cycle in cycles for part in cycle}
    for part in reversed(range(len(onward))):
        if part in cycle_of:
            if part == cycle_of[part].stop - 1:
                _sink_cycle(bits, onward, cycle_of[part])
            continue
        mine = bits[part]
        for upper in uppers[part]:
            if bits[upper]:
                mine = mine | bits[upper] if mine else bits[upper]
        bits[part] = mine
    return bits


def failed(graph: DependencyGraph, lost: Iterable[int]) -> frozenset[int]:
    """All nodes that fail when some are lost, those included: the least fixpoint, in linear time.

    Any node may be lost, also one that is no basic event: that tells what an agreement or a system is needed for.
    """
    down = fallen(graph.above, graph.thresholds, np.array(sorted(set(lost)), dtype=np.int64))
    return frozenset(np.flatnonzero(down).tolist())


def remaining(graph: DependencyGraph, down: Iterable[int]) -> DependencyGraph:
    """The graph for further losses after some nodes have failed, which must include all that fail with them (see `failed`).

    Failed options are removed from their group, which bears so many losses less. Failed nodes stay in the graph, but
    need nothing, cannot be lost again, and are not critical any more.
    """
    lost = frozenset(down)
    works = np.ones(len(graph), dtype=bool)
    works[list(lost)] = False
    upper, lower = graph.needs.pairs()
    kept = works[upper] & works[lower]
    needs = Grouping.in_order(upper[kept], lower[kept], len(graph), len(graph))
    after = needs.counts()
    return replace(
        graph,
        needs=needs,
        thresholds=np.where(after > 0, graph.thresholds - (graph.needs.counts() - after), 0),
        basic=graph.basic & works,
        critical=graph.critical - lost,
    )


def failure_path(graph: DependencyGraph, lost: int, target: int) -> tuple[int, ...]:
    """A shortest path from a target down to the node whose loss stops it, each node failing with the next.

    Of a group of options that fail together it shows the first by name. Empty when the loss does not stop the target.
    """
    down = failed(graph, (lost,))
    if target not in down:
        return ()
    previous = {target: target}
    frontier = [target]
    while lost not in previous:
        fresh: list[int] = []
        for node in frontier:
            for need in graph.needs[node]:
                if need in down and need not in previous:
                    previous[need] = node
                    fresh.append(need)
        frontier = fresh
    path = [lost]
    while path[-1] != target:
        path.append(previous[path[-1]])
    return tuple(reversed(path))


def losses(graph: DependencyGraph, spread: Spread | None = None) -> list[Loss]:
    """The effect of the loss of each basic event alone on the critical systems and functions.

    Exact. The heaviest loss comes first, then by name; events that stop nothing come last.
    ``spread``, if given, is that of the critical targets.
    """
    spread = spread or Spread.below(graph, graph.critical)
    events = np.flatnonzero(graph.basic)
    stopped = cache(partial(_stopped, graph, spread.targets))
    all_losses = [
        Loss(node, *stopped(spread.stops[part] if part >= 0 else 0))
        for node, part in zip(events.tolist(), spread.cone.part_of[events].tolist(), strict=True)
    ]
    heavy, idle = ([loss for loss in all_losses if bool(loss.stops) is stops] for stops in (True, False))
    heavy.sort(key=lambda loss: (-loss.weight, -loss.count, graph.names[loss.node]))
    return heavy + idle


def _stopped(graph: DependencyGraph, targets: Sequence[int], bits: int) -> tuple[float, frozenset[int]]:
    """The targets of some bits, and the sum of their weights, added up from the least."""
    stops = [targets[place] for place in positions(bits)]
    weights = [graph.weights[node] for node in stops]
    return sum((weight * weights.count(weight) for weight in sorted(set(weights))), 0.0), frozenset(stops)


def points_by_target(graph: DependencyGraph, all_losses: Iterable[Loss]) -> dict[int, tuple[int, ...]]:
    """The single points of failure of each critical system and function, from the result of `losses`.

    Every critical target is there, also one without a single point; the heaviest losses come first. Time and memory are
    linear in the number of pairs.
    """
    points: dict[int, list[int]] = {target: [] for target in sorted(graph.critical)}
    for loss in all_losses:
        for target in loss.stops:
            points[target].append(loss.node)
    return {target: tuple(nodes) for target, nodes in points.items()}


def _gate_failures(cone: Cone) -> Iterator[tuple[int, int]]:
    """Pairs of a part and a gate that its failure alone makes fail, as far as reachability does not imply them."""
    standing = cone.representatives()
    gates = [part for part, threshold in enumerate(cone.thresholds) if threshold > 1]
    active = [part for part, top in enumerate(standing) if top != NOWHERE or cone.thresholds[part] > 1]
    alone = {standing[part] for part, events in enumerate(cone.basic) if events and standing[part] != NOWHERE}
    cycle_of = {part: cycle for cycle in cone.cycles for part in cycle}
    bearers = sorted(part for part in alone if part in cycle_of or _branches(cone, standing, part))
    for first in range(0, len(bearers), BLOCK):
        block = bearers[first : first + BLOCK]
        initial = {part: 1 << place for place, part in enumerate(block)}
        bits = cone.flow(initial, active)
        for gate in gates:
            left = bits[gate] & ~initial.get(gate, 0)
            cycle = cycle_of.get(gate, range(0))
            while left:
                place = left.bit_length() - 1
                part = block[place]
                # What fails the part fails the gate through it, unless it is the gate that fails the part.
                left &= ~initial[part] if part in cycle else ~bits[part]
                yield part, gate


def _branches(cone: Cone, standing: Sequence[int], part: int) -> bool:
    """Whether a part leads to gates by several edges; with one it cannot make a gate fail that bears a loss."""
    return sum(cone.thresholds[upper] > 1 or standing[upper] != NOWHERE for upper in cone.above[part]) > 1


def _sink_cycle(bits: list[int], onward: Grouping, cycle: range) -> None:
    inside = [[upper - cycle.start for upper in onward[part] if upper in cycle] for part in cycle]
    for members in components(inside):
        union = 0
        for number in members:
            union |= bits[cycle[number]]
            for upper in onward[cycle[number]]:
                union |= bits[upper]
        for number in members:
            bits[cycle[number]] = union
