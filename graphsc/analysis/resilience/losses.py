"""Losses: which nodes fail with which, and which single loss stops a critical system or function.

A node fails when as many of its needs have failed as its threshold says, in cycles as the least fixpoint
(`graphsc.analysis.model`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import networkx as nx

from graphsc.analysis.model import DependencyGraph, basic_events, critical_nodes, threshold


@dataclass(frozen=True, slots=True)
class Loss:
    """The effect of the loss of one basic event alone.

    ``stops`` are the critical systems and functions that stop, ``weight`` is the sum of their weights.
    """

    node: str
    weight: float
    stops: frozenset[str] = field(repr=False)

    @property
    def count(self) -> int:
        """The number of critical systems and functions that stop."""
        return len(self.stops)


def failed(graph: DependencyGraph, lost: Iterable[str]) -> frozenset[str]:
    """All nodes that fail when some are lost, those included: the least fixpoint, in time linear in what fails.

    Any node may be lost, also one that is no basic event: that tells what an agreement or a system is needed for.
    KeyError for an unknown one.
    """
    down = set(lost)
    left: dict[str, int] = {}  # how many more needs must fail
    wave = list(down)
    for node in wave:  # the list grows while it is read
        for upper in graph.pred[node]:
            if upper in down:
                continue
            left[upper] = (left[upper] if upper in left else threshold(graph, upper)) - 1
            if left[upper] <= 0:
                down.add(upper)
                wave.append(upper)
    return frozenset(down)


def remaining(graph: DependencyGraph, down: Iterable[str]) -> DependencyGraph:
    """The graph for further losses after some nodes have failed, which must include all that fail with them (see `failed`).

    Failed options are removed from their group, which bears so many losses less. Failed nodes stay in the graph, but
    need nothing, cannot be lost again, and are not critical any more.
    """
    result: DependencyGraph = graph.copy()
    lost = list(down)
    result.remove_edges_from([*graph.in_edges(lost), *graph.out_edges(lost)])
    for node in lost:
        result.nodes[node].update(basic=False, critical=False)
    return result


def failure_path(graph: DependencyGraph, lost: str, target: str) -> tuple[str, ...]:
    """A shortest path from a target down to the node whose loss stops it, each node failing with the next.

    Of a group of options that fail together it shows the first by name. Empty when the loss does not stop the target.
    """
    down = failed(graph, (lost,))
    if target not in down:
        return ()
    edges = nx.bfs_edges(graph.subgraph(down), target, sort_neighbors=sorted)
    previous = {need: node for node, need in edges}
    path = [lost]
    while path[-1] != target:
        path.append(previous[path[-1]])
    return tuple(reversed(path))


def losses(graph: DependencyGraph) -> list[Loss]:
    """The effect of the loss of each basic event alone on the critical systems and functions.

    Exact. The heaviest loss comes first, then by name; events that stop nothing come last.
    """
    critical = frozenset(critical_nodes(graph))
    heavy: list[Loss] = []
    idle: list[Loss] = []
    for node in basic_events(graph):
        stops = failed(graph, (node,)) & critical
        weight = math.fsum(graph.nodes[target]["weight"] for target in stops)
        (heavy if stops else idle).append(Loss(node, weight, stops))
    heavy.sort(key=lambda loss: (-loss.weight, -loss.count, loss.node))
    return heavy + idle


def points_by_target(graph: DependencyGraph, all_losses: Iterable[Loss]) -> dict[str, tuple[str, ...]]:
    """The single points of failure of each critical system and function, from the result of `losses`.

    Every critical target is there, also one without a single point; the heaviest losses come first.
    """
    points: dict[str, list[str]] = {target: [] for target in critical_nodes(graph)}
    for loss in all_losses:
        for target in loss.stops:
            points[target].append(loss.node)
    return {target: tuple(nodes) for target, nodes in points.items()}
