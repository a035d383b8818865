"""Small fast kernels on whole numbers used as sets of bits, and the parts of a graph that lie in circles.

A whole number of Python holds any number of bits, and ``|`` and ``&`` work on all of them at once: one pass over a
graph answers one question for thousands of events, targets or samples together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsc.core.cycles import strongly_connected


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


def components(below: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected parts of a graph, each after all parts below it; the nodes of a part in order."""
    return [tuple(sorted(part)) for part in strongly_connected(dict(enumerate(below)))]
