"""The nodes that can be reached in a graph, and its strongly connected components: the nodes of a cycle are in one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reached(starts: Iterable[Node], onward: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """All nodes that can be reached from the starts, those included."""
    result = set(starts)
    pending = list(result)
    while pending:
        for node in onward(pending.pop()):
            if node not in result:
                result.add(node)
                pending.append(node)
    return result


def strongly_connected(below: Mapping[Node, Iterable[Node]]) -> Iterator[list[Node]]:
    """The strongly connected components, each after all components below it (Tarjan 1972, without recursion).

    ``below`` has every node of the graph as a key. The order follows that of its keys and of their values.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    closed: set[Node] = set()
    for root, children in below.items():
        path = [(root, iter(children))] if root not in index else []
        while path:
            node, onward = path[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
            unvisited = next((other for other in onward if not _is_visited(node, other, index, low, closed)), None)
            if unvisited is not None:
                path.append((unvisited, iter(below[unvisited])))
                continue
            path.pop()
            if path:
                low[path[-1][0]] = min(low[path[-1][0]], low[node])
            if low[node] == index[node]:
                start = bisect_left(stack, index[node], key=index.__getitem__)
                component = stack[start:]
                del stack[start:]
                closed.update(component)
                yield component


def _is_visited(node: Node, other: Node, index: dict[Node, int], low: dict[Node, int], closed: set[Node]) -> bool:
    """Whether the other node was visited; if its component is still open, lower the node's ``low`` to its index."""
    if other not in index:
        return False
    if other not in closed:
        low[node] = min(low[node], index[other])
    return True
