"""Small fast kernels on whole numbers used as sets of bits, and the parts of a graph that lie in circles.

A whole number of Python holds any number of bits, and ``|`` and ``&`` work on all of them at once: one pass over a
graph answers one question for thousands of events, targets or samples together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphsc.core.cycles import strongly_connected


def at_least(rows: Iterable[int], enough: int) -> int:
    """The bits that are set in at least ``enough`` of the rows; none where that is less than one."""
    if enough < 1:
        return 0
    least = [0] * (enough + 1)  # the bits that are set in so many of the rows so far
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


def turned(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """The same edges the other way round."""
    result: list[list[int]] = [[] for _ in edges]
    for node, others in enumerate(edges):
        for other in others:
            result[other].append(node)
    return result


def components(below: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected parts of a graph, each after all parts below it; the nodes of a part in order."""
    return [tuple(sorted(part)) for part in strongly_connected(dict(enumerate(below)))]
