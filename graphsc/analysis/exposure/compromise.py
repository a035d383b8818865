"""Compromise: which parties can reach a thing, and what can be reached from a compromised party, by the most probable paths.

Everything here follows access, as `graphsc.analysis.exposure.access` describes it, and its order of paths: the most probable
first, then those of fewer steps, then by the names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from graphsc.analysis.exposure.access import THINGS, AccessGraph, AccessPath
from graphsc.core.cycles import reached


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that an attacker reaches, its weight, and the most probable path to it."""

    node: str
    kind: str
    weight: float
    path: AccessPath

    @property
    def probability(self) -> float:
        """The probability of the path."""
        return self.path.probability


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """All nodes that can be reached from a compromised party, the most probable first; ``weight`` is the sum of their weights."""

    source: str
    reached: tuple[Reached, ...]
    weight: float

    @property
    def things(self) -> tuple[Reached, ...]:
        """The systems and data among the reached nodes."""
        return tuple(reached for reached in self.reached if reached.kind in THINGS)


@dataclass(frozen=True, slots=True)
class Radius:
    """The number of systems and data sets that a party reaches, and the sum of their weights."""

    source: str
    reached: int
    weight: float


def who_reaches(graph: AccessGraph, target: str) -> tuple[AccessPath, ...]:
    """The most probable path to a thing from each party that can reach it, the most probable first.

    KeyError for an unknown node.
    """
    end = graph.index[target]
    ways = graph.paths(end, to=True)
    return tuple(graph.path(ways[node]) for node in ways if node != end and graph.kinds[node] not in THINGS)


def blast_radius(graph: AccessGraph, source: str) -> BlastRadius:
    """All nodes that an attacker who controls one node can reach, with the most probable path to each.

    KeyError for an unknown node.
    """
    start = graph.index[source]
    things = tuple(
        Reached(graph.names[node], graph.kinds[node], graph.weights[node], graph.path(way))
        for node, way in graph.paths(start).items()
        if node != start
    )
    return BlastRadius(source, things, math.fsum(thing.weight for thing in things))


def blast_radii(graph: AccessGraph) -> tuple[Radius, ...]:
    """What each party reaches; the greatest weight first, then the greatest number, then by name."""
    result: list[Radius] = []
    for party, kind in enumerate(graph.kinds):
        if kind not in THINGS:
            things = [node for node in reached((party,), graph.onward.__getitem__) if graph.kinds[node] in THINGS]
            weight = math.fsum(graph.weights[node] for node in things)
            result.append(Radius(graph.names[party], len(things), weight))
    return tuple(sorted(result, key=lambda radius: (-radius.weight, -radius.reached, radius.source)))
