"""Compromise: the most probable ways in, who can get at a thing, and how far a broken-in supplier reaches.

Everything here follows access, as `graphsc.analysis.exposure.access` describes it, and its order of paths: the most probable
first, then those of fewer steps, then by the names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphsc.analysis.concentration.flows import Flow, Ints
from graphsc.analysis.exposure.access import THINGS, AccessGraph, AccessPath

BLOCK = 1 << 15
"""Most targets that are followed at once."""
MEMORY = 1 << 29
"""Bytes that the numbers may take together, roughly."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that an attacker gets to, how much that matters, and how probable the best way to it is."""

    node: str
    kind: str
    weight: float
    probability: float


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """All that can be reached from a compromised party, the most probable first; ``weight`` is what it weighs together."""

    source: str
    reached: tuple[Reached, ...]
    weight: float
    graph: AccessGraph = field(repr=False)
    came: Mapping[int, int] = field(repr=False)

    @property
    def things(self) -> tuple[Reached, ...]:
        """The systems and data among what is reached."""
        return tuple(reached for reached in self.reached if reached.kind in THINGS)

    def path(self, name: str) -> AccessPath:
        """The most probable way from the source to a node; KeyError for one that is not reached."""
        nodes = [self.graph.index[name]]
        start = self.graph.index[self.source]
        while nodes[-1] != start:
            nodes.append(self.came[nodes[-1]])
        return self.graph.path(nodes[::-1])


@dataclass(frozen=True, slots=True)
class Radius:
    """How many systems and data sets a party reaches, and what they weigh together."""

    source: str
    reached: int
    weight: float


def who_reaches(graph: AccessGraph, target: str) -> tuple[AccessPath, ...]:
    """The most probable way to a thing from each party that can get at it, the most probable party first.

    KeyError for an unknown node.
    """
    end = graph.index[target]
    ahead = graph.distances(end, to=True)
    result: list[tuple[float, tuple[int, ...]]] = []
    for start in _parties(graph):
        if start == end or math.isinf(ahead[start]):
            continue
        nodes = [start]
        while nodes[-1] != end:
            here = nodes[-1]
            steps = zip(graph.onward[here], graph.lengths[here], strict=True)
            nodes.append(next(other for other, length in steps if ahead[other] + length == ahead[here]))
        result.append((ahead[start], tuple(nodes)))
    return tuple(graph.path(nodes) for _, nodes in sorted(result))


def blast_radius(graph: AccessGraph, source: str) -> BlastRadius:
    """All that an attacker can get to who has broken in at one node, with the most probable way to each.

    KeyError for an unknown node.
    """
    start = graph.index[source]
    behind = graph.distances(start)
    came = _tree(graph, start, behind)
    order = sorted((node for node in came if node != start), key=lambda node: (behind[node], node))
    chance = {start: 1.0}
    for node in order:
        before = came[node]
        chance[node] = chance[before] * graph.probabilities[before][graph.place(before, node)]
    reached = tuple(Reached(graph.names[node], graph.kinds[node], graph.weights[node], chance[node]) for node in order)
    return BlastRadius(
        source=source,
        reached=reached,
        weight=math.fsum(item.weight for item in reached),
        graph=graph,
        came=came,
    )


def blast_radii(graph: AccessGraph) -> tuple[Radius, ...]:
    """How much each party reaches, for all of them at once; by weight, then by number, the most first, then by name."""
    parties = _parties(graph)
    starts, ends, _ = graph.edges
    worth = {node: graph.weights[node] for node, kind in enumerate(graph.kinds) if kind in THINGS}
    sums = within_reach(starts, ends, worth, parties, len(graph.names))
    result = [Radius(graph.names[node], *total) for node, total in zip(parties, sums, strict=True)]
    return tuple(sorted(result, key=lambda radius: (-radius.weight, -radius.reached, radius.source)))


def _parties(graph: AccessGraph) -> list[int]:
    return [node for node, kind in enumerate(graph.kinds) if kind not in THINGS]


def _tree(graph: AccessGraph, start: int, behind: Sequence[float]) -> dict[int, int]:
    """For each node that can be reached, the one before it on the first of the shortest paths.

    Only steps of shortest paths are walked, depth first and the first names first: what comes first to a node is
    then the first by names of all shortest paths to it.
    """
    came: dict[int, int] = {}
    waiting = [(start, start)]
    while waiting:
        node, before = waiting.pop()
        if node in came:
            continue
        came[node] = before
        steps = zip(reversed(graph.onward[node]), reversed(graph.lengths[node]), strict=True)
        waiting.extend(
            (other, node) for other, length in steps if other not in came and behind[node] + length == behind[other]
        )
    return came


def within_reach(
    starts: Ints, ends: Ints, worth: Mapping[int, float], sources: Sequence[int], count: int
) -> list[tuple[int, float]]:
    """For each source how many targets it reaches, and what these are worth together: how much, not by which way.

    The edges lead from ``starts`` to ``ends``, nodes are numbered below ``count``, ``worth`` has the targets. A
    source that is a target itself does not count for itself. O(edges · targets / word size): the targets
    are bits of whole numbers that flow against the edges, block by block so that memory stays bounded.
    """
    flow = Flow(count, starts, ends)
    home, onward = flow.circle_of.tolist(), flow.next.lists()
    targets = sorted(worth, key=lambda target: (worth[target], target))
    totals = [[0, 0.0] for _ in sources]
    size = max(1 << 10, min(BLOCK, MEMORY * 8 // max(1, flow.circles)))
    for first in range(0, len(targets), size):
        block = targets[first : first + size]
        bits = [0] * flow.circles
        for place, target in enumerate(block):
            bits[home[target]] |= 1 << place
        for circle in reversed(range(flow.circles)):
            result = bits[circle]
            for lower in onward[circle]:
                result |= bits[lower]
            bits[circle] = result
        masks = _masks([worth[target] for target in block])
        for total, source in zip(totals, sources, strict=True):
            result = bits[home[source]]
            if result:
                total[0] += result.bit_count()
                total[1] += sum(value * (result & mask).bit_count() for value, mask in masks)
    for total, source in zip(totals, sources, strict=True):
        if source in worth:
            total[0] -= 1
            total[1] -= worth[source]
    return [(int(number), value) for number, value in totals]


def _masks(values: Sequence[float]) -> list[tuple[float, int]]:
    """For each value, in ascending order as given, the bits of the places that have it; none for what is worth 0."""
    result: list[tuple[float, int]] = []
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            if values[start]:
                result.append((values[start], ((1 << (place - start)) - 1) << start))
            start = place
    return result
