"""The access graph: which parties can reach a thing, and where someone who has broken in at one party can get.

Its edges are not those of the dependency graph. An edge leads from the holder of an access to its object: from a supplier
or subcontractor to a system or its data by an access right, from a subcontractor to the supplier above it where it
works in the supplier's systems, from a system to the data it holds. Each has a probability: how likely someone who controls
the one end gets on to the other.

A path is as probable as the product of its steps; the most probable path is the shortest one by −log p. The steps
are taken to be independent, and the probabilities are mostly judgements: read the order of the paths and the ratio
between them, not the digits. Of several ways to a target only the best is counted, so a probability here is a lower
bound on that of being reached at all, whose exact value is #P-hard to compute (Valiant 1979).

Lengths are whole numbers: −log p in units of 2⁻³⁰, and in the lower digits the number of steps. So ties are exact, and
broken by fewer steps, then by the names in order; the same graph gives the same paths in whatever order it was built.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import networkx as nx

from graphsc.analysis.exposure.weakest_links import LEAST_LIKELIHOOD, checked
from graphsc.analysis.records import Strengths
from graphsc.graph.dataset import Dataset, plain

AccessGraph: TypeAlias = "nx.DiGraph[str]"
"""Nodes have a ``kind`` (``organisation``, ``system``, ``data`` or any other word) and a ``weight``: how much it matters that
they are reached, 0 for one that only leads to others. Edges have a ``probability`` and, by that, a ``length``."""

THINGS = frozenset({"system", "data"})
"""The kinds of node that are targets of an attacker; all others only lead to them."""
_FINE = 1 << 30
_STEP = 1 << 10


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """How likely someone who controls ``holder`` gets on to ``reaches``."""

    holder: str
    reaches: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class AccessPath:
    """A path of an attacker, from the node that is controlled to the one that is reached."""

    nodes: tuple[str, ...]
    probability: float


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
    """What a break-in at one party could reach."""

    node: str  #: The party.
    reached: int  #: How many systems and data sets.
    weight: float  #: What they weigh.


def likelihood(strength: float) -> float:
    """The likelihood of a step over a link of some strength: 1 − strength, but at least ``LEAST_LIKELIHOOD``.

    A convention, so that weaker links are likelier steps; it is not calibrated on attacks. ValueError for a strength outside
    0–1.
    """
    return max(1 - checked(strength, "the strength"), LEAST_LIKELIHOOD)


def step_length(probability: float) -> int:
    """The length of a step of this probability."""
    return round(-math.log(probability) * _FINE) * _STEP + 1


def access_graph(
    kinds: Mapping[str, str], accesses: Iterable[Access], weights: Mapping[str, float] | None = None
) -> AccessGraph:
    """A graph from the kind of each node and the accesses: of several steps the likeliest, and none of likelihood 0.

    A node without a weight has 1 if it is of the kinds in ``THINGS`` and 0 otherwise. KeyError for an access of
    or to an unknown node, ValueError for a probability outside 0–1 or a weight that is negative or no number.
    """
    graph: AccessGraph = nx.DiGraph()
    by_name = weights or {}
    for name in sorted(kinds):
        weight = by_name.get(name, 1.0 if kinds[name] in THINGS else 0.0)
        if not 0 <= weight < math.inf:
            raise ValueError(f"the weight of {name!r} is {weight}: it must be 0 or more")
        graph.add_node(name, kind=kinds[name], weight=weight)
    for access in accesses:
        start, end, likely = access.holder, access.reaches, access.probability
        checked(likely, f"the probability of {start!r} to {end!r}")
        for name in (start, end):
            if name not in kinds:
                raise KeyError(name)
        known = graph.edges[start, end]["probability"] if graph.has_edge(start, end) else 0.0
        if start != end and likely > known:
            graph.add_edge(start, end, probability=likely, length=step_length(likely))
    return graph


def project(dataset: Dataset, strengths: Strengths) -> AccessGraph:
    """The access graph of a derived dataset, by `ontology/analysis/access.rq`.

    A step by an agreement, or by a party that runs a system, has the `likelihood` of its strength; a step from a system to
    its data is certain. Weights are those of `ontology/analysis/worth.rq`.
    """
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    for row in dataset.named_rows("analysis/worth"):
        thing = plain(row["thing"])
        kinds[thing] = plain(row["kind"])
        weights[thing] = float(plain(row["worth"]))
    steps: list[Access] = []
    for row in dataset.named_rows("analysis/access"):
        holder, reaches = plain(row["holder"]), plain(row["reaches"])
        for node in (holder, reaches):
            kinds.setdefault(node, "organisation")
        strength = strengths.of(plain(row["link"])) if "link" in row else None
        likely = likelihood(strength.value) if strength is not None else 1.0
        steps.append(Access(holder, reaches, likely))
    return access_graph(kinds, steps, weights)


def shortest_paths(graph: AccessGraph, node: str, *, to: bool = False) -> list[tuple[str, ...]]:
    """The shortest path from a node to each that it reaches, or with ``to`` from each node that reaches it, shortest first.

    Of equally long ones the first by names (Dijkstra 1959). The path to itself comes first. KeyError for an unknown node.
    """
    if node not in graph:
        raise KeyError(node)
    steps = graph.reverse(copy=False) if to else graph
    nearer, length = nx.dijkstra_predecessor_and_distance(steps, node, weight="length")
    paths: dict[str, tuple[str, ...]] = {node: (node,)}
    for end in sorted(length, key=length.__getitem__):
        if end != node:
            before = min(paths[step] for step in nearer[end])
            paths[end] = (end, *before) if to else (*before, end)
    return sorted(paths.values(), key=lambda path: (length[path[0] if to else path[-1]], path))


def _path(graph: AccessGraph, nodes: Sequence[str]) -> AccessPath:
    """The path over some nodes, each of which must lead to the next."""
    return AccessPath(tuple(nodes), math.prod(graph.edges[step]["probability"] for step in pairwise(nodes)))


def who_reaches(graph: AccessGraph, target: str) -> tuple[AccessPath, ...]:
    """The most probable path to a thing from each party that can reach it, the most probable first.

    KeyError for an unknown node.
    """
    ways = shortest_paths(graph, target, to=True)
    return tuple(_path(graph, way) for way in ways if way[0] != target and graph.nodes[way[0]]["kind"] not in THINGS)


def blast_radius(graph: AccessGraph, source: str) -> BlastRadius:
    """All nodes that an attacker who controls one node can reach, with the most probable path to each.

    KeyError for an unknown node.
    """
    things = tuple(
        Reached(way[-1], graph.nodes[way[-1]]["kind"], graph.nodes[way[-1]]["weight"], _path(graph, way))
        for way in shortest_paths(graph, source)
        if way[-1] != source
    )
    return BlastRadius(source, things, math.fsum(thing.weight for thing in things))


def blast_radii(graph: AccessGraph) -> tuple[Radius, ...]:
    """What each party reaches; the greatest weight first, then the greatest number, then by name."""
    result: list[Radius] = []
    for party, values in graph.nodes.items():
        if values["kind"] not in THINGS:
            things = [node for node in nx.descendants(graph, party) if graph.nodes[node]["kind"] in THINGS]
            result.append(Radius(party, len(things), math.fsum(graph.nodes[node]["weight"] for node in things)))
    return tuple(sorted(result, key=lambda radius: (-radius.weight, -radius.reached, radius.node)))
