"""Minimal cut sets: the smallest combinations of lost parties that stop a target.

A set of basic events is a cut set when the target fails with them, and minimal when no event can be left out.
Exact, size by size and bottom up: the families of minimal cut sets of a node's needs are joined, or combined at a gate
that bears losses, up to the size, and in cycles to the least fixpoint. Events that act only through one other node
are joined to one and unfolded at the end.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from graphsc.analysis.kernels import positions
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone
from graphsc.analysis.resilience.losses import BLOCK

LIMIT = 2_000_000
"""The most combinations of one size that are looked at, before joined events are unfolded."""

Family = frozenset[frozenset[int]]


class _TooManyError(Exception):
    """There are more combinations than the limit."""


@dataclass(frozen=True, slots=True)
class CutSets:
    """All minimal cut sets of a target up to ``most`` basic events.

    ``patterns`` hold them in short: a cut set takes one event from each group of a pattern, since the events of a
    group act through the same node. Smaller sets come first, then by the numbers of the events. ``most`` is
    less than requested when there were too many larger sets; up to it nothing is left out.
    """

    target: int
    most: int
    patterns: tuple[tuple[tuple[int, ...], ...], ...]

    def __len__(self) -> int:
        return sum(math.prod(map(len, pattern)) for pattern in self.patterns)

    def __iter__(self) -> Iterator[frozenset[int]]:
        return (frozenset(events) for pattern in self.patterns for events in product(*pattern))


def cut_sets(graph: DependencyGraph, target: int, most: int = 3, *, limit: int = LIMIT) -> CutSets:
    """The minimal cut sets of a target with up to ``most`` basic events; a basic target is one itself.

    Exact. When a size has more combinations than the ``limit``, the result has the sets of the sizes below it, and its
    ``most`` says so.
    ValueError for ``most`` below one.
    """
    if most < 1:
        raise ValueError("a cut set has at least one event")
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return CutSets(target, most, ())
    groups = joined_events(cone, end)
    single = stopping_parts(cone, end, groups)
    result: set[frozenset[int]] = {frozenset((part,)) for part in single}
    others = groups.keys() - single
    reached = 1
    for size in range(2, most + 1):
        try:
            result |= {cut for cut in _family(cone, end, others, size, result, limit) if len(cut) == size}
        except _TooManyError:
            break
        reached = size
    if not others:
        reached = most
    patterns = [tuple(sorted(groups[part] for part in cut)) for cut in result]
    return CutSets(target, reached, tuple(sorted(patterns, key=lambda pattern: (len(pattern), pattern))))


def joined_events(cone: Cone, end: int) -> dict[int, tuple[int, ...]]:
    """The basic events of a cone by the part through which alone they reach its end."""
    standing = cone.representatives((end,))
    groups: dict[int, list[int]] = defaultdict(list)
    for part, events in enumerate(cone.basic):
        if events and standing[part] != NOWHERE:
            groups[standing[part]].extend(events)
    return {part: tuple(sorted(events)) for part, events in sorted(groups.items())}


def stopping_parts(cone: Cone, end: int, parts: Iterable[int]) -> frozenset[int]:
    """Those of the parts whose loss alone stops the end."""
    order = sorted(parts)
    result: set[int] = set()
    for first in range(0, len(order), BLOCK):
        block = order[first : first + BLOCK]
        bits = cone.flow({part: 1 << place for place, part in enumerate(block)})
        result.update(block[place] for place in positions(bits[end]))
    return frozenset(result)


def _family(
    cone: Cone, end: int, events: Collection[int], most: int, cuts: Collection[frozenset[int]], limit: int
) -> Family:
    """The minimal cut sets of the end up to a size, of these events only, that contain none of the ``cuts``."""
    steps_left = limit

    def spend(steps: int) -> None:
        nonlocal steps_left
        steps_left -= steps
        if steps_left < 0:
            raise _TooManyError

    def join(families: Sequence[Family]) -> Family:
        spend(sum(map(len, families)))
        return _minimal(set().union(*families))

    def combine(first: Family, second: Family) -> Family:
        spend(len(first) * len(second))
        unions = {item | other for item in first for other in second}
        return _minimal({union for union in unions if len(union) <= most and not _contains(union, cuts)})

    def gate(families: Sequence[Family], enough: int) -> Family:
        reached: list[Family] = [frozenset((frozenset(),))] + [frozenset()] * enough
        for place, family in enumerate(families):
            still = len(families) - place
            for count in range(min(enough, place + 1), max(0, enough - still), -1):
                reached[count] = join((reached[count], combine(reached[count - 1], family)))
        return reached[enough]

    def step(part: int, values: list[Family]) -> Family:
        alone: Family = frozenset((frozenset((part,)),)) if part in events else frozenset()
        below = [values[other] for other in cone.needs[part] if values[other]]
        threshold = cone.thresholds[part]
        if threshold == 1:
            return join((alone, *below)) if below else alone
        return join((alone, gate(below, threshold))) if threshold and len(below) >= threshold else alone

    empty: Family = frozenset()
    return cone.solve([empty] * len(cone), step)[end]


def _contains(cut: frozenset[int], cuts: Collection[frozenset[int]]) -> bool:
    """Whether a set contains one of the cuts."""
    return any(frozenset(part) in cuts for size in range(1, len(cut) + 1) for part in combinations(cut, size))


def _minimal(sets: Collection[frozenset[int]]) -> Family:
    """The sets that contain no other of the sets."""
    by_size: dict[int, list[frozenset[int]]] = defaultdict(list)
    for item in sets:
        by_size[len(item)].append(item)
    if len(by_size) < 2:
        return frozenset(sets)
    if 0 in by_size:
        return frozenset((frozenset(),))
    minimal: set[frozenset[int]] = set()
    for size in sorted(by_size):
        smaller_sizes = [smaller for smaller in sorted(by_size) if smaller < size]
        minimal.update(
            item
            for item in by_size[size]
            if not any(frozenset(part) in minimal for smaller in smaller_sizes for part in combinations(item, smaller))
        )
    return frozenset(minimal)
