"""Compromise: the most probable ways in, who can get at a thing, and how far a broken-in supplier reaches.

Everything here follows access, as `graphsc.analysis.exposure.access` describes it, and its order of paths: the most probable
first, then those of fewer steps, then by the names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphsc.analysis.exposure.access import THINGS, AccessGraph, AccessPath
from graphsc.core.cycles import reached


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
    """How much each party reaches; by weight, then by number, the most first, then by name."""
    result: list[Radius] = []
    for party in _parties(graph):
        things = [node for node in reached((party,), graph.onward.__getitem__) if graph.kinds[node] in THINGS]
        weight = math.fsum(graph.weights[node] for node in things)
        result.append(Radius(graph.names[party], len(things), weight))
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
