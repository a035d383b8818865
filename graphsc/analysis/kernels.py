"""Small fast kernels: the edges of a graph as arrays, integers used as bit sets, and strongly connected components.

A Python integer holds any number of bits, and ``|`` and ``&`` work on all of them at once: one pass over a graph serves
thousands of events, targets or samples together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array  # type: ignore[import-untyped]

from graphsc.core.cycles import strongly_connected

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def distinct(codes: Ints) -> Ints:
    """The sorted distinct numbers; for large arrays far faster than `numpy.unique`."""
    if (codes[1:] > codes[:-1]).all():
        return codes
    ordered = np.sort(codes)
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


@dataclass(frozen=True)
class Grouping:
    """The members of each row: ``member[start[r]:start[r + 1]]``, from 0 to ``width`` - 1 (a CSR matrix).

    For the edges of a graph, the row of a node has the nodes that its edges lead to.
    """

    start: Ints
    member: Ints
    width: int

    @classmethod
    def of(cls, rows: Ints, members: Ints, height: int, width: int) -> Grouping:
        """From pairs of row and member, in any order and with repetitions: each once, the members ascending."""
        return cls._of_matrix(coo_array((np.ones(len(rows), dtype=bool), (rows, members)), (height, width)).tocsr())

    @classmethod
    def in_order(cls, rows: Ints, members: Ints, height: int, width: int) -> Grouping:
        """From pairs of row and member with ascending rows: the members in their order, with repetitions."""
        return cls(np.append(0, np.cumsum(np.bincount(rows, minlength=height))), members, width)

    @classmethod
    def _of_matrix(cls, matrix: Any) -> Grouping:
        return cls(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.shape[1])

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, row: int) -> list[int]:
        members: list[int] = self.member[self.start[row] : self.start[row + 1]].tolist()
        return members

    def __iter__(self) -> Iterator[list[int]]:
        member = self.member.tolist()
        return (member[low:high] for low, high in pairwise(self.start.tolist()))

    @cached_property
    def lists(self) -> list[list[int]]:
        """The members of each row, kept for loops in Python that run again and again."""
        return list(self)

    def counts(self) -> Ints:
        """The number of members of each row."""
        return np.diff(self.start)

    def pairs(self) -> tuple[Ints, Ints]:
        """The row of each member, and the member."""
        return np.repeat(np.arange(len(self)), self.counts()), self.member

    def inside(self, rows: Ints) -> tuple[Ints, Ints]:
        """The members of the rows given, one after the other: the index in ``rows`` of each, and the member itself."""
        first = self.start[rows]
        counts = self.start[rows + 1] - first
        place = np.repeat(np.arange(len(rows)), counts)
        return place, self.member[np.arange(len(place)) + np.repeat(first - np.cumsum(counts) + counts, counts)]

    def sums(self, values: Floats) -> Floats:
        """The sums of the values of the members of each row, added up in their order; ``values`` has a row for each member."""
        result: Floats = self.matrix(np.float64) @ values
        return result

    def reached(self, starts: Iterable[int]) -> Flags:
        """In the edges of a graph: which nodes can be reached from the starts, those included."""
        seen: Flags = np.zeros(len(self), dtype=bool)
        wave: Ints = np.array(list(starts), dtype=np.int64)
        while len(wave):
            seen[wave] = True
            lower = self.inside(wave)[1]
            wave = distinct(lower[~seen[lower]])
        return seen

    def matrix(self, dtype: type = np.bool_) -> Any:
        """The rows as a sparse matrix of scipy."""
        return csr_array((np.ones(len(self.member), dtype), self.member, self.start), (len(self), self.width))

    def inverted(self) -> Grouping:
        """The rows of each member, ascending: the edges of a graph the other way round."""
        return Grouping._of_matrix(self.matrix().T.tocsr())


def fallen(above: Grouping, thresholds: Ints, lost: Ints) -> Flags:
    """Which nodes fail when some are lost, those included: any that has lost as many needs as its threshold, wave by wave.

    ``above`` are the nodes that need each node, as often as they need it.
    """
    down: Flags = np.zeros(len(above), dtype=bool)
    down[lost] = True
    left = thresholds.copy()
    wave = lost
    while len(wave):
        upper = above.inside(wave)[1]
        np.subtract.at(left, upper, 1)
        wave = distinct(upper[(left[upper] <= 0) & ~down[upper]])
        down[wave] = True
    return down


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


def components(below: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected components of a graph, each after those below it; the nodes of each in order."""
    return [tuple(sorted(part)) for part in strongly_connected(dict(enumerate(below)))]
