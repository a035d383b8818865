"""What can be reached in a graph, and its strongly connected parts: what lies in a cycle belongs together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reached(starts: Iterable[Node], onward: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """All nodes that lie on some way from the starts, those included."""
    result = set(starts)
    waiting = list(result)
    while waiting:
        for node in onward(waiting.pop()):
            if node not in result:
                result.add(node)
                waiting.append(node)
    return result


def strongly_connected(below: Mapping[Node, Iterable[Node]]) -> Iterator[list[Node]]:
    """The strongly connected parts, each after all parts below it (Tarjan 1972, without recursion).

    ``below`` has every node of the graph as a key. The order follows that of its keys and of their values.
    """
    met: dict[Node, int] = {}
    low: dict[Node, int] = {}
    waiting: list[Node] = []
    closed: set[Node] = set()
    for root, inner in below.items():
        walk = [(root, iter(inner))] if root not in met else []
        while walk:
            node, rest = walk[-1]
            if node not in met:
                met[node] = low[node] = len(met)
                waiting.append(node)
            fresh = next((other for other in rest if not _is_met(node, other, met, low, closed)), None)
            if fresh is not None:
                walk.append((fresh, iter(below[fresh])))
                continue
            walk.pop()
            if walk:
                low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
            if low[node] == met[node]:
                place = bisect_left(waiting, met[node], key=met.__getitem__)
                part = waiting[place:]
                del waiting[place:]
                closed.update(part)
                yield part


def _is_met(node: Node, other: Node, met: dict[Node, int], low: dict[Node, int], closed: set[Node]) -> bool:
    """Whether the other node was met before; if it is still open, the node may be in a cycle with it."""
    if other not in met:
        return False
    if other not in closed:
        low[node] = min(low[node], met[other])
    return True
