"""What lies within reach of many nodes at once: how much, not by which way.

The targets are bits of whole numbers that flow against the edges, block by block so that memory stays bounded;
nodes that reach each other in a circle share one number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from graphsc.analysis.kernels import lowest_first

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK = 1 << 15
"""Most targets that are followed at once."""
MEMORY = 1 << 29
"""Bytes that the numbers may take together, roughly."""


def within_reach(
    starts: NDArray[np.int64], ends: NDArray[np.int64], worth: Mapping[int, float], sources: Sequence[int], count: int
) -> list[tuple[int, float]]:
    """For each source how many targets it reaches, and what these are worth together.

    The edges lead from ``starts`` to ``ends``, nodes are numbered below ``count``, ``worth`` has the targets. A
    source that is a target itself does not count for itself. O(edges · targets / word size).
    """
    import numpy as np

    part_of, parts = _circles(starts, ends, count)
    joins = np.unique(np.stack((part_of[starts], part_of[ends])), axis=1)
    joins = joins[:, joins[0] != joins[1]]
    onward = _grouped(joins[0], joins[1], parts)
    order = lowest_first(onward, _grouped(joins[1], joins[0], parts))
    home = part_of.tolist()
    targets = sorted(worth, key=lambda target: (worth[target], target))
    totals = [[0, 0.0] for _ in sources]
    size = max(1 << 10, min(BLOCK, MEMORY * 8 // max(1, parts)))
    for first in range(0, len(targets), size):
        block = targets[first : first + size]
        bits = [0] * parts
        for place, target in enumerate(block):
            bits[home[target]] |= 1 << place
        for part in order:
            result = bits[part]
            for lower in onward[part]:
                result |= bits[lower]
            bits[part] = result
        masks = _masks([worth[target] for target in block])
        for total, source in zip(totals, sources, strict=True):
            result = bits[home[source]]
            if result:
                total[0] += result.bit_count()
                total[1] += sum(value * (result & mask).bit_count() for value, mask in masks)
    for total, source in zip(totals, sources, strict=True):
        if source in worth:
            total[0] -= 1
            total[1] -= worth[source]
    return [(int(number), value) for number, value in totals]


def _circles(starts: NDArray[np.int64], ends: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], int]:
    """Which strongly connected part each node is in, and how many parts there are."""
    import numpy as np
    from scipy.sparse import csr_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    edges = csr_array((np.ones(len(starts), dtype=np.int8), (starts, ends)), shape=(count, count))
    parts, labels = connected_components(edges, directed=True, connection="strong")
    return labels.astype(np.int64), int(parts)


def _grouped(starts: NDArray[np.int64], ends: NDArray[np.int64], count: int) -> list[list[int]]:
    """For each node where its edges lead, in ascending order."""
    import numpy as np

    order = np.lexsort((ends, starts))
    heads = ends[order].tolist()
    bounds = np.searchsorted(starts[order], np.arange(count + 1)).tolist()
    return [heads[bounds[node] : bounds[node + 1]] for node in range(count)]


def _masks(values: Sequence[float]) -> list[tuple[float, int]]:
    """For each value, in ascending order as given, the bits of the places that have it; none for what is worth 0."""
    result: list[tuple[float, int]] = []
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            if values[start]:
                result.append((values[start], ((1 << (place - start)) - 1) << start))
            start = place
    return result
