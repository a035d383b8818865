"""Small fast kernels on integers used as bit sets, and the strongly connected components of a graph.

A Python integer holds any number of bits, and ``|`` and ``&`` work on all of them at once: one pass over a graph serves
thousands of events, targets or samples together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphsc.core.cycles import strongly_connected


def at_least(rows: Iterable[int], enough: int) -> int:
    """The bits that are set in at least ``enough`` of the rows; none for ``enough`` below one."""
    if enough < 1:
        return 0
    least = [0] * (enough + 1)  # by number: the bits that are set in at least so many of the rows so far
    for row in rows:
        for count in range(enough, 1, -1):
            least[count] |= least[count - 1] & row
        least[1] |= row
    return least[enough]


def positions(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, in ascending order."""
    text = f"{bits:b}"
    place = text.rfind("1")
    while place >= 0:
        yield len(text) - 1 - place
        place = text.rfind("1", 0, place)


def inverted(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """The edges of a graph the other way round."""
    result: list[list[int]] = [[] for _ in edges]
    for node, others in enumerate(edges):
        for other in others:
            result[other].append(node)
    return result


def components(below: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected components of a graph, each after those below it; the nodes of each in order."""
    return [tuple(sorted(part)) for part in strongly_connected(dict(enumerate(below)))]
