"""Resilience: what falls with what, and which single loss stops a critical system or function.

Failure spreads as `graphsc.analysis.model` says: a node fails when ``threshold`` of its needs have failed, in
circles as the least fixpoint. `failed` follows one loss; `losses` answers for the loss of every basic event at once.

How `losses` works. Only a gate that bears the loss of a member makes the spreading of one failure differ from
reachability. So the basic events that alone make such a gate fail are found first, for thousands of events per
pass: as bits that rise through the graph, counted at each gate. An event that reaches gates only through one other
node shares the bit of that node. Every gate is then joined to the highest of its events as if it needed them, and
what is left is reachability, for which the targets are bits that sink from the top. Each edge is passed once per
block of events and once per block of targets, where one cascade per event would pass it once per event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphsc.analysis.kernels import components, positions, turned
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone

BLOCK = 1 << 14
"""Events that are followed at once: bits of one whole number per node."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the loss of one basic event alone stops.

    ``node`` is its number, ``stops`` are the critical systems and functions that stop, ``weight`` is the sum of their
    weights. Events that stop the same share one set.
    """

    node: int
    weight: float
    stops: frozenset[int] = field(repr=False)

    @property
    def count(self) -> int:
        """How many critical systems and functions stop."""
        return len(self.stops)


@dataclass(frozen=True, slots=True)
class Spread:
    """To what the failure of one part of a cone spreads by itself: reachability along ``onward``.

    ``onward`` leads from each part to those that need it and, from a part that alone makes a gate fail, to the gate.
    Of the ``targets`` that can fail, ``inside`` has those in a part, as bits by their places, and ``stops`` those that fail
    with each part.
    """

    cone: Cone
    onward: Sequence[Sequence[int]]
    targets: tuple[int, ...]
    inside: Mapping[int, int]
    stops: Sequence[int]

    @classmethod
    def below(cls, graph: DependencyGraph, targets: Collection[int]) -> Spread:
        """How single failures spread below some targets."""
        cone = Cone.below(graph, targets)
        onward: Sequence[Sequence[int]] = cone.above
        if any(threshold > 1 for threshold in cone.thresholds):
            straight = [[upper for upper in uppers if cone.thresholds[upper] < 2] for uppers in cone.above]
            for part, gate in _gate_failures(cone):
                straight[part].append(gate)
            onward = straight
        part_of = cone.part_of
        failing = sorted((part_of[node], node) for node in set(targets) if part_of[node] >= 0)
        inside: dict[int, int] = defaultdict(int)
        for place, (part, _) in enumerate(failing):
            inside[part] |= 1 << place
        return cls(cone, onward, tuple(node for _, node in failing), inside, sink(onward, cone.circles, inside))

    def among(self, events: Sequence[bool]) -> Spread:
        """The same spread when only some of the events, by number, can happen.

        What follows from the failure of a part stays true whoever can make it fail.
        """
        basic = [tuple(node for node in mine if events[node]) for mine in self.cone.basic]
        return replace(self, cone=replace(self.cone, basic=basic))


def sink(onward: Sequence[Sequence[int]], circles: Iterable[range], inside: Mapping[int, int]) -> list[int]:
    """For each part the bits of all parts that can be reached from it, where only circles lead to lower numbers."""
    bits = [0] * len(onward)
    for part, mine in inside.items():
        bits[part] = mine
    circle_of = {part: circle for circle in circles for part in circle}
    for part in reversed(range(len(onward))):
        if part in circle_of:
            if part == circle_of[part].stop - 1:
                _sink_circle(bits, onward, circle_of[part])
            continue
        mine = bits[part]
        for upper in onward[part]:
            if bits[upper]:
                mine = mine | bits[upper] if mine else bits[upper]
        bits[part] = mine
    return bits


def failed(graph: DependencyGraph, lost: Iterable[int]) -> frozenset[int]:
    """All nodes that fail when some are lost, those included: the least fixpoint, in linear time.

    Any node may be lost, a basic event or, to ask what an agreement or a system is needed for, another.
    """
    needs_left = list(graph.thresholds)
    above = turned(graph.needs)
    open_ = sorted(set(lost))
    down = set(open_)
    while open_:
        for upper in above[open_.pop()]:
            needs_left[upper] -= 1
            if not needs_left[upper] and upper not in down:
                down.add(upper)
                open_.append(upper)
    return frozenset(down)


def remaining(graph: DependencyGraph, down: Iterable[int]) -> DependencyGraph:
    """What further losses meet when some nodes have failed already, with all that fails with them (see `failed`).

    A group of options has its failed ones no more and bears so many losses less. Failed nodes stay in the graph, but
    need nothing, cannot be lost again, and are critical no more.
    """
    gone = frozenset(down)
    needs = [
        [need for need in inner if need not in gone] if node not in gone else []
        for node, inner in enumerate(graph.needs)
    ]
    return replace(
        graph,
        needs=tuple(map(tuple, needs)),
        thresholds=tuple(
            threshold - (len(before) - len(left)) if left else 0
            for threshold, before, left in zip(graph.thresholds, graph.needs, needs, strict=True)
        ),
        basic=tuple(basic and node not in gone for node, basic in enumerate(graph.basic)),
        critical=graph.critical - gone,
    )


def failure_path(graph: DependencyGraph, lost: int, target: int) -> tuple[int, ...]:
    """A shortest way from a target down to the node whose loss stops it, each node failing with the next.

    Of a group of options that fail together it shows the first by name. Empty when the loss does not stop the target.
    """
    down = failed(graph, (lost,))
    if target not in down:
        return ()
    came = {target: target}
    frontier = [target]
    while lost not in came:
        fresh: list[int] = []
        for node in frontier:
            for need in graph.needs[node]:
                if need in down and need not in came:
                    came[need] = node
                    fresh.append(need)
        frontier = fresh
    path = [lost]
    while path[-1] != target:
        path.append(came[path[-1]])
    return tuple(reversed(path))


def losses(graph: DependencyGraph, spread: Spread | None = None) -> list[Loss]:
    """What the loss of each basic event alone stops among the critical systems and functions.

    Exact, and all at once. The heaviest loss comes first, then by name; events that stop nothing come last.
    ``spread`` is that of the critical targets, if known.
    """
    spread = spread or Spread.below(graph, graph.critical)
    parts = {node: spread.cone.part_of[node] for node, basic in enumerate(graph.basic) if basic}
    bits = {node: spread.stops[part] if part >= 0 else 0 for node, part in parts.items()}
    stopped = {mine: _stopped(graph, spread.targets, mine) for mine in set(bits.values())}
    all_losses = [Loss(node, *stopped[mine]) for node, mine in bits.items()]
    heavy, idle = ([loss for loss in all_losses if bool(loss.stops) is stops] for stops in (True, False))
    heavy.sort(key=lambda loss: (-loss.weight, -loss.count, graph.names[loss.node]))
    return heavy + idle


def _stopped(graph: DependencyGraph, targets: Sequence[int], bits: int) -> tuple[float, frozenset[int]]:
    """The targets of some bits, and the sum of their weights, added up from the least."""
    stops = [targets[place] for place in positions(bits)]
    weights = [graph.weights[node] for node in stops]
    return sum((weight * weights.count(weight) for weight in sorted(set(weights))), 0.0), frozenset(stops)


def points_by_target(graph: DependencyGraph, all_losses: Iterable[Loss]) -> dict[int, tuple[int, ...]]:
    """The single points of failure of each critical system and function, from what `losses` found.

    Every critical target is there, also one without a single point; the heaviest losses come first. Takes time
    and memory as the number of pairs.
    """
    points: dict[int, list[int]] = {target: [] for target in sorted(graph.critical)}
    for loss in all_losses:
        for target in loss.stops:
            points[target].append(loss.node)
    return {target: tuple(nodes) for target, nodes in points.items()}


def _gate_failures(cone: Cone) -> Iterator[tuple[int, int]]:
    """Pairs of a part and a gate that fails with it alone; for other parts it follows by reachability."""
    standing = cone.representatives()
    gates = [part for part, threshold in enumerate(cone.thresholds) if threshold > 1]
    active = [part for part, its in enumerate(standing) if its != NOWHERE or cone.thresholds[part] > 1]
    alone = {standing[part] for part, events in enumerate(cone.basic) if events and standing[part] != NOWHERE}
    turning = {part for circle in cone.circles for part in circle}
    bearers = sorted(part for part in alone if part in turning or _branches(cone, standing, part))
    circle_of = {part: circle for circle in cone.circles for part in circle}
    for first in range(0, len(bearers), BLOCK):
        block = bearers[first : first + BLOCK]
        initial = {part: 1 << place for place, part in enumerate(block)}
        bits = cone.flow(initial, active)
        for gate in gates:
            left = bits[gate] & ~initial.get(gate, 0)
            beside = circle_of.get(gate, range(0))
            while left:
                place = left.bit_length() - 1
                part = block[place]
                # What fails the part fails the gate through it, unless it is the gate that fails the part.
                left &= ~initial[part] if part in beside else ~bits[part]
                yield part, gate


def _branches(cone: Cone, standing: Sequence[int], part: int) -> bool:
    """Whether a part leads to gates by more than one edge, without which it cannot fail one that bears a loss."""
    return sum(cone.thresholds[upper] > 1 or standing[upper] != NOWHERE for upper in cone.above[part]) > 1


def _sink_circle(bits: list[int], onward: Sequence[Sequence[int]], circle: range) -> None:
    inside = [[upper - circle.start for upper in onward[part] if upper in circle] for part in circle]
    for members in components(inside):
        mine = 0
        for number in members:
            mine |= bits[circle[number]]
            for upper in onward[circle[number]]:
                mine |= bits[upper]
        for number in members:
            bits[circle[number]] = mine
