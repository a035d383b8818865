"""Minimal cut sets: the smallest combinations of lost parties that stop a target.

A set of basic events is a cut set when the target fails with them, and minimal when no event can be left out.
Exact, size by size and bottom up: the families of minimal cut sets of a node's needs are joined, or combined at a gate
that bears losses, up to the size, and in cycles to the least fixpoint. Events that act only through one other node
are joined to one and unfolded at the end.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import networkx as nx

from graphsc.analysis.model import DependencyGraph, basic_events, fixpoint, threshold
from graphsc.analysis.resilience.losses import failed

LIMIT = 2_000_000
"""The most combinations of one size that are looked at, before joined events are unfolded."""

Family = frozenset[frozenset[str]]


class _TooManyError(Exception):
    """There are more combinations than the limit."""


@dataclass(frozen=True, slots=True)
class CutSets:
    """All minimal cut sets of a target up to ``most`` basic events.

    ``patterns`` hold them in short: a cut set takes one event from each group of a pattern, since the events of a
    group act through the same node. Smaller sets come first, then by the names of the events. ``most`` is
    less than requested when there were too many larger sets; up to it nothing is left out.
    """

    target: str
    most: int
    patterns: tuple[tuple[tuple[str, ...], ...], ...]

    def __len__(self) -> int:
        return sum(math.prod(map(len, pattern)) for pattern in self.patterns)

    def __iter__(self) -> Iterator[frozenset[str]]:
        return (frozenset(events) for pattern in self.patterns for events in product(*pattern))


def cut_sets(graph: DependencyGraph, target: str, most: int = 3, *, limit: int = LIMIT) -> CutSets:
    """The minimal cut sets of a target with up to ``most`` basic events; a basic target is one itself.

    Exact. When a size has more combinations than the ``limit``, the result has the sets of the sizes below it, and its
    ``most`` says so.
    ValueError for ``most`` below one.
    """
    if most < 1:
        raise ValueError("a cut set has at least one event")
    below = beneath(graph, target)
    groups = joined_events(below, target)
    single = {top for top in groups if target in failed(below, (top,))}
    result: set[frozenset[str]] = {frozenset((top,)) for top in single}
    others = groups.keys() - single
    complete = 1 if others else most
    for size in range(2, most + 1) if others else ():
        try:
            result |= {cut for cut in _family(below, target, others, size, result, limit) if len(cut) == size}
        except _TooManyError:
            break
        complete = size
    patterns = [tuple(sorted(groups[top] for top in cut)) for cut in result]
    return CutSets(target, complete, tuple(sorted(patterns, key=lambda pattern: (len(pattern), pattern))))


def beneath(graph: DependencyGraph, target: str) -> DependencyGraph:
    """The part of a graph that a target rests on, itself included."""
    below: DependencyGraph = graph.subgraph({target, *nx.descendants(graph, target)}).copy()
    return below


def joined_events(below: DependencyGraph, target: str) -> dict[str, tuple[str, ...]]:
    """The basic events beneath a target by the node through which alone they reach it, or a group that bears losses.

    That is the highest of their dominators below such a group (Lengauer and Tarjan 1979): its loss has the same effect as
    that of any of them, since between them each node needs all its needs.
    """
    root = object()  # above the target and above every option of a group that bears losses
    flow: nx.DiGraph[Any] = nx.DiGraph([(root, target)])
    events = sorted(basic_events(below))
    for node in failed(below, events):
        flow.add_edges_from((node if threshold(below, node) == 1 else root, need) for need in below.succ[node])
    dominator = nx.immediate_dominators(flow, root)
    groups: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event not in dominator:
            continue
        top = event
        while (over := dominator[top]) is not root:
            top = over
        groups[top].append(event)
    return {top: tuple(events) for top, events in sorted(groups.items())}


def _family(
    below: DependencyGraph,
    target: str,
    events: Collection[str],
    most: int,
    cuts: Collection[frozenset[str]],
    limit: int,
) -> Family:
    """The minimal cut sets of a target up to a size, of these events only, that contain none of the ``cuts``."""
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

    def step(node: str, values: Mapping[str, Family]) -> Family:
        alone: Family = frozenset((frozenset((node,)),)) if node in events else frozenset()
        inner = [values[need] for need in sorted(below.succ[node]) if values[need]]
        enough = threshold(below, node)
        if enough == 1:
            return join((alone, *inner)) if inner else alone
        return join((alone, gate(inner, enough))) if enough and len(inner) >= enough else alone

    empty: Family = frozenset()
    return fixpoint(below, empty, step)[target]


def _contains(cut: frozenset[str], cuts: Collection[frozenset[str]]) -> bool:
    """Whether a set contains one of the cuts."""
    return any(frozenset(part) in cuts for size in range(1, len(cut) + 1) for part in combinations(cut, size))


def _minimal(sets: Collection[frozenset[str]]) -> Family:
    """The sets that contain no other of the sets."""
    by_size: dict[int, list[frozenset[str]]] = defaultdict(list)
    for item in sets:
        by_size[len(item)].append(item)
    if len(by_size) < 2:
        return frozenset(sets)
    if 0 in by_size:
        return frozenset((frozenset(),))
    minimal: set[frozenset[str]] = set()
    for size in sorted(by_size):
        smaller_sizes = [smaller for smaller in sorted(by_size) if smaller < size]
        minimal.update(
            item
            for item in by_size[size]
            if not any(frozenset(part) in minimal for smaller in smaller_sizes for part in combinations(item, smaller))
        )
    return frozenset(minimal)
