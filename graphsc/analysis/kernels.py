"""Small fast kernels on whole numbers used as sets of bits, and the parts of a graph that lie in circles.

A whole number of Python holds any number of bits, and ``|`` and ``&`` work on all of them at once: one pass over a
graph answers one question for thousands of events, targets or samples together.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from graphsc.core.cycles import strongly_connected


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Pause the garbage collector: it would traverse millions of small lasting objects and free none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def at_least(rows: Sequence[int], enough: int) -> int:
    """The bits that are set in at least so many of the rows; none where ``enough`` is less than one.

    The rows are added up bit by bit in binary counters that stand side by side, so that a row costs no more than
    the logarithm of their number.
    """
    if enough < 1 or enough > len(rows):
        return 0
    if enough == 1:
        result = 0
        for row in rows:
            result |= row
        return result
    if enough == len(rows):
        result = rows[0]
        for row in rows:
            result &= row
        return result
    digits: list[int] = []
    for row in rows:
        _count(digits, row)
    return _not_below(digits, enough)


def _count(digits: list[int], row: int) -> None:
    """Add one to the counters of the bits that are set; ``digits`` hold their binary digits, the lowest first."""
    carry, place = row, 0
    while carry:
        if place == len(digits):
            digits.append(0)
        digits[place], carry = digits[place] ^ carry, digits[place] & carry
        place += 1


def _not_below(digits: Sequence[int], enough: int) -> int:
    """The bits whose counters have reached a number above 0."""
    if enough.bit_length() > len(digits):
        return 0
    equal = 0
    for digit in digits:
        equal |= digit
    above = 0
    for place in reversed(range(len(digits))):
        if enough >> place & 1:
            equal &= digits[place]
        else:
            above |= equal & digits[place]
            equal &= ~digits[place]
    return above | equal


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


def components(below: Sequence[Sequence[int]], above: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected parts of a graph, each after all parts below it.

    ``above`` is ``below`` turned round. What lies in no circle and below none, or above all of them, is taken off
    first (Kahn 1962), since most graphs consist of little else; only the core is searched (Tarjan 1972).
    """
    left = [len(inner) for inner in below]
    bottom = [node for node, count in enumerate(left) if not count]
    for node in bottom:  # the list grows while it is read
        for upper in above[node]:
            left[upper] -= 1
            if not left[upper]:
                bottom.append(upper)
    parts: list[tuple[int, ...]] = [(node,) for node in bottom]
    if len(bottom) == len(below):
        return parts
    core = set(range(len(below))).difference(bottom)
    waiting = {node: sum(upper in core for upper in above[node]) for node in sorted(core)}
    top = [node for node, count in waiting.items() if not count]
    for node in top:
        for lower in below[node]:
            if lower in waiting:
                waiting[lower] -= 1
                if not waiting[lower]:
                    top.append(lower)
    core.difference_update(top)
    inner = {node: [lower for lower in below[node] if lower in core] for node in sorted(core)}
    parts.extend(tuple(sorted(part)) for part in strongly_connected(inner))
    parts.extend((node,) for node in reversed(top))
    return parts
