"""Flows down a directed graph of numbered nodes, on numpy: where amounts end, and which nodes sets of keys reach.

Nodes of a cycle are taken together: a *component* is a strongly connected component, mostly a single node. Components are
numbered level by level from the top, so that one sweep is enough however long the chains are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from graphsc.analysis.kernels import Floats, Grouping, Ints, distinct

CHUNK = 1 << 15
"""Keys that are followed in one sweep."""
LIMIT = 1 << 24
"""The most pairs of key and component in memory; where there are more, the keys are followed in two halves."""


class Flow:
    """A graph prepared for flows: its components, their levels, and the edges between them."""

    def __init__(self, count: int, upper: Ints, lower: Ints) -> None:
        """A graph of so many nodes, from edges that lead from upper to lower, in any order and with repetitions."""
        self.count = count
        self.below = Grouping.of(upper, lower, count, count)
        upper, lower = self.below.pairs()
        itself = np.zeros(count, dtype=bool)
        itself[upper[upper == lower]] = True
        labels = _components(self.below)
        components = int(labels.max()) + 1 if count else 0
        self.size: Ints = np.bincount(labels, minlength=components)
        crossing = labels[upper] != labels[lower]
        # A component shares out among nodes, not components: two suppliers are two, also if they need each other.
        onward = Grouping.of(labels[upper[crossing]], lower[crossing], components, count)
        source, member = onward.pairs()
        level = _levels(Grouping.of(source, labels[member], components, components))
        first = np.empty(components, dtype=np.int64)
        first[labels[::-1]] = np.arange(count)[::-1]  # of several nodes the last that is written
        order = np.argsort(level * count + first)
        rank = np.empty(components, dtype=np.int64)
        rank[order] = np.arange(components)
        self.component_of: Ints = rank[labels]
        self.size = self.size[order]
        self.bounds: Ints = np.searchsorted(level[order], np.arange(int(level.max()) + 2 if components else 1))
        source, member = np.divmod(np.sort(rank[source] * max(1, count) + member), max(1, count))
        self.source: Ints = source
        self.target: Ints = self.component_of[member]
        alone = np.zeros(components, dtype=bool)
        alone[self.component_of[itself]] = True
        alone &= self.size == 1
        parts = np.bincount(self.source, minlength=components) + alone
        self.part: Floats = 1.0 / np.maximum(parts, 1)
        self.retained: Floats = np.where(parts == 0, 1.0, np.where(alone, self.part, 0.0)) / np.maximum(self.size, 1)
        self.next = Grouping.of(self.source, self.target, components, components)

    @property
    def components(self) -> int:
        """The number of components."""
        return len(self.size)

    def ends(self, amounts: Floats) -> Floats:
        """Where amounts end: they are handed down in equal parts; a row per node, a column per amount."""
        received = np.zeros((self.components, amounts.shape[1]))
        np.add.at(received, self.component_of, amounts)
        starts = np.searchsorted(self.source, self.bounds)
        for first, last in pairwise(starts):
            if last > first:
                source = self.source[first:last]
                np.add.at(received, self.target[first:last], received[source] * self.part[source, None])
        result: Floats = (received * self.retained[:, None])[self.component_of]
        return result

    def group_weights(
        self, keys: Ints, nodes: Ints, weights: Floats, groups: Sequence[Grouping], excluded: Sequence[Ints | None]
    ) -> list[Floats]:
        """The summed weights of the keys that reach each group, for each grouping: a row per group, a column per weight.

        A key starts at each node it is paired with and flows down from there. A grouping leads from nodes to their groups;
        where ``excluded`` is given for it, that names for each key a group in which the key does not count.
        """
        sums = [np.zeros((group.width, weights.shape[1])) for group in groups]
        by_component = [
            Grouping.of(self.component_of[node], member, self.components, group.width)
            for group in groups
            for node, member in [group.pairs()]
        ]
        order = np.argsort(keys, kind="stable")
        keys, components = keys[order], self.component_of[nodes[order]]
        open_ = [(first, min(first + CHUNK, len(weights))) for first in range(0, len(weights), CHUNK)]
        while open_:
            first, last = open_.pop()
            low, high = np.searchsorted(keys, (first, last))
            chunk = weights[first:last]
            pairs = self._pairs(keys[low:high] - first, components[low:high], last - first)
            if pairs is None:
                middle = (first + last) // 2
                open_ += [(first, middle), (middle, last)]
                continue
            for group, skipped, total in zip(by_component, excluded, sums, strict=True):
                _add_pairs(pairs, group, chunk, None if skipped is None else skipped[first:last], total)
        return sums

    def reached(self, keys: Ints, nodes: Ints) -> tuple[Ints, Ints]:
        """Every key with every node that it reaches from the nodes it is paired with, those included."""
        present, place = np.unique(keys, return_inverse=True)
        members = Grouping.of(self.component_of, np.arange(self.count), self.components, self.count)
        result: list[tuple[Ints, Ints]] = []
        order = np.argsort(place, kind="stable")
        place, nodes = place[order], nodes[order]
        low, size = 0, len(present)
        while low < len(present):
            first, last = np.searchsorted(place, (low, low + size))
            pairs = self._pairs(place[first:last] - low, self.component_of[nodes[first:last]], size)
            if pairs is not None:
                pair, node = members.inside(pairs[1])
                result.append((present[pairs[0][pair] + low], node))
                low += size
            else:
                size = max(1, size // 2)
        if not result:
            return keys[:0], nodes[:0]
        return np.concatenate([key for key, _ in result]), np.concatenate([node for _, node in result])

    def _pairs(self, keys: Ints, components: Ints, height: int) -> tuple[Ints, Ints] | None:
        """Every one of ``height`` keys with every component it reaches; None when these pairs are more than ``LIMIT``."""
        by_level: dict[int, list[Ints]] = {}
        result: list[Ints] = []
        total = 0
        shift = height.bit_length()  # a code is a component and, in its lower bits, a key
        mask = (1 << shift) - 1

        def sort_in(codes: Ints) -> None:
            cuts = np.searchsorted(self.bounds, codes >> shift, side="right") - 1
            edges = np.flatnonzero(np.diff(cuts, prepend=-1, append=-1))
            for low, high in pairwise(edges):
                by_level.setdefault(int(cuts[low]), []).append(codes[low:high])

        sort_in(distinct((components << shift) | keys))
        for level in range(len(self.bounds) - 1):
            if level not in by_level:
                continue
            codes = distinct(np.concatenate(by_level.pop(level)))
            total += len(codes)
            if total > LIMIT and height > 1:
                return None
            result.append(codes)
            place, lower = self.next.inside(codes >> shift)
            if len(lower):
                sort_in(distinct((lower << shift) | (codes[place] & mask)))
        codes = np.concatenate(result) if result else keys[:0]
        return codes & mask, codes >> shift


class Chains:
    """Supply chains as a graph with names.

    Nodes, numbered in name order, are contracts or parties; an edge leads from one to those it is delivered through
    (its subcontracts, its suppliers). There may be cycles, and a party may supply itself.
    """

    def __init__(self, names: Sequence[str], flow: Flow) -> None:
        self.names = tuple(names)
        self.flow = flow

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def below(self, name: str) -> tuple[str, ...]:
        """The nodes directly below a node; KeyError for an unknown one."""
        return tuple(self.names[lower] for lower in self.flow.below[self.index[name]])

    def steps_to(self, targets: Iterable[int]) -> tuple[Ints, Ints]:
        """For each node the next one on a shortest path to a target, all by number, and the number of steps; -1 without a path.

        Targets lead to themselves. Among equally short paths, the one over the first names.
        """
        frontier: Ints = np.array(sorted(set(targets)), dtype=np.int64)
        onward: Ints = np.full(len(self.names), -1)
        length: Ints = np.full(len(self.names), -1)
        onward[frontier] = frontier
        length[frontier] = 0
        while len(frontier):
            place, upper = self._above.inside(frontier)
            fresh = onward[upper] < 0
            upper, first = np.unique(upper[fresh], return_index=True)
            onward[upper] = frontier[place[fresh][first]]
            length[upper] = length[onward[upper]] + 1
            frontier = upper
        return onward, length

    @cached_property
    def _above(self) -> Grouping:
        return self.flow.below.inverted()

    def paths(self, starts: Ints, steps: Ints, lengths: Ints) -> list[tuple[str, ...]]:
        """By name, the path from each start by what `steps_to` gave; each start must have one."""
        result: list[tuple[str, ...]] = [()] * len(starts)
        for length in distinct(lengths[starts]).tolist():
            place = np.flatnonzero(lengths[starts] == length)
            path = [starts[place]]
            for _ in range(length):
                path.append(steps[path[-1]])
            for number, way in zip(place.tolist(), np.column_stack(path).tolist(), strict=True):
                result[number] = tuple([self.names[node] for node in way])
        return result


def _components(onward: Grouping) -> Ints:
    """The number of the strongly connected component of each node."""
    if not onward.width:
        return onward.member
    labels: Ints = connected_components(onward.matrix(), connection="strong")[1]
    return labels.astype(np.int64)


def _levels(onward: Grouping) -> Ints:
    """For each node of an acyclic graph the length of the longest path to it from the top (Kahn 1962)."""
    missing = np.bincount(onward.member, minlength=onward.width)
    level = np.full(onward.width, -1)
    ready = np.flatnonzero(missing == 0)
    depth = 0
    while len(ready):
        level[ready] = depth
        depth += 1
        _, inner = onward.inside(ready)
        inner = np.sort(inner)
        edges = np.flatnonzero(np.diff(inner, prepend=-1))
        lower = inner[edges]
        missing[lower] -= np.diff(edges, append=len(inner))
        ready = lower[missing[lower] == 0]
    return level


def _add_pairs(
    pairs: tuple[Ints, Ints], group: Grouping, weights: Floats, excluded: Ints | None, total: Floats
) -> None:
    key, component = pairs
    place, member = group.inside(component)
    key = key[place]
    if excluded is not None:
        counted = member != excluded[key]
        member, key = member[counted], key[counted]
    columns = np.flatnonzero(weights.any(axis=0))
    total[:, columns] += Grouping.of(member, key, group.width, len(weights)).sums(weights[:, columns])
