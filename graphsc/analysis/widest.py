"""Widest paths: of all ways from one node to another, one whose narrowest step is as wide as can be.

A path is as strong as its weakest link; the widest path is the strongest one. Dijkstra's algorithm finds it with
"the least of" in place of the sum (Pollack 1960; the general form: Knuth 1977).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import networkx as nx

Node = TypeVar("Node", bound=Hashable)
Steps = Callable[[Node], Iterable[tuple[Node, float]]]
"""The steps that lead on from a node, each with its width, in the order in which ties are broken."""


@dataclass(frozen=True, slots=True)
class WidestPath(Generic[Node]):
    """The nodes of a path from its start, and the width of its narrowest step (infinite when it has none)."""

    nodes: tuple[Node, ...]
    width: float


def widths(source: Node, steps: Steps[Node]) -> dict[Node, float]:
    """For each node that can be reached, how wide the widest path to it is; the source itself is infinitely wide.

    O(edges · log nodes). Paths whose width is the same are not told apart here.
    """
    found: dict[Node, float] = {}
    best = {source: math.inf}
    entries = [(-math.inf, 0, source)]
    count = 0
    while entries:
        narrow, _, node = heapq.heappop(entries)
        if node in found:
            continue
        found[node] = width = -narrow
        for other, step in steps(node):
            wide = min(width, step)
            if other not in found and wide > best.get(other, -math.inf):
                best[other] = wide
                count += 1
                heapq.heappush(entries, (-wide, count, other))
    return found


def widest_path(source: Node, target: Node, steps: Steps[Node]) -> WidestPath[Node] | None:
    """A widest path, None when there is no way; among equally wide ones one of the fewest steps, over the first ones."""
    width = widths(source, steps).get(target)
    if width is None:
        return None
    came = {source: source}
    frontier = [source]
    while target not in came:
        fresh: list[Node] = []
        for node in frontier:
            for other, step in steps(node):
                if step >= width and other not in came:
                    came[other] = node
                    fresh.append(other)
        frontier = fresh
    nodes = [target]
    while nodes[-1] != source:
        nodes.append(came[nodes[-1]])
    return WidestPath(tuple(reversed(nodes)), width)


def widest_path_in(
    graph: nx.DiGraph[Any], source: Hashable, target: Hashable, *, strength: str = "strength"
) -> WidestPath[Any] | None:
    """A widest path of a networkx graph, by an attribute of its edges (1 where it is missing).

    Ties are broken by the names of the nodes. None when there is no way; networkx.NodeNotFound for an unknown node,
    ValueError for a width that is no number.
    """
    import networkx as nx

    for node in (source, target):
        if node not in graph:
            raise nx.NodeNotFound(f"{node!r} is not in the graph")

    def steps(node: Hashable) -> list[tuple[Hashable, float]]:
        onward = [(other, float(values.get(strength, 1.0))) for other, values in graph.adj[node].items()]
        if any(math.isnan(width) for _, width in onward):
            raise ValueError(f"a step from {node!r} has a width that is no number")
        return sorted(onward, key=lambda step: str(step[0]))

    return widest_path(source, target, steps)
