"""What lies within reach of many nodes at once: how much, not by which way.

The targets are bits of whole numbers that flow against the edges, block by block so that memory stays bounded;
nodes that reach each other in a circle share one number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphsc.analysis.concentration.flows import Flow, Ints

BLOCK = 1 << 15
"""Most targets that are followed at once."""
MEMORY = 1 << 29
"""Bytes that the numbers may take together, roughly."""


def within_reach(
    starts: Ints, ends: Ints, worth: Mapping[int, float], sources: Sequence[int], count: int
) -> list[tuple[int, float]]:
    """For each source how many targets it reaches, and what these are worth together.

    The edges lead from ``starts`` to ``ends``, nodes are numbered below ``count``, ``worth`` has the targets. A
    source that is a target itself does not count for itself. O(edges · targets / word size).
    """
    flow = Flow(count, starts, ends)
    home, onward = flow.circle_of.tolist(), flow.next.lists()
    targets = sorted(worth, key=lambda target: (worth[target], target))
    totals = [[0, 0.0] for _ in sources]
    size = max(1 << 10, min(BLOCK, MEMORY * 8 // max(1, flow.circles)))
    for first in range(0, len(targets), size):
        block = targets[first : first + size]
        bits = [0] * flow.circles
        for place, target in enumerate(block):
            bits[home[target]] |= 1 << place
        for circle in reversed(range(flow.circles)):
            result = bits[circle]
            for lower in onward[circle]:
                result |= bits[lower]
            bits[circle] = result
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
