"""What flows down a directed graph of numbered nodes: amounts to where they end, and sets of things to whom they meet.

On numpy. Nodes that lie below each other in a circle
are taken together (a *circle* is a strongly connected part, mostly a single node); circles are numbered level by
level from the top, so that everything is answered in one sweep however long the chains are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHUNK = 1 << 15
"""Keys that are followed at once."""
LIMIT = 1 << 24
"""Pairs of key and circle that are held at once; where there are more, so many keys are followed in halves."""


def distinct(codes: Ints) -> Ints:
    """Numbers in order, each once; by sorting, which for large arrays is far faster than `numpy.unique`."""
    if (codes[1:] > codes[:-1]).all():
        return codes
    ordered = np.sort(codes)
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


@dataclass(frozen=True, slots=True)
class Grouping:
    """For each row some members: ``member[start[r]:start[r + 1]]``, ascending; there are ``width`` to choose from."""

    start: Ints
    member: Ints
    width: int

    @classmethod
    def of(cls, rows: Ints, members: Ints, height: int, width: int) -> Grouping:
        """From pairs of row and member, in any order; repetitions do not matter."""
        pairs = coo_array((np.ones(len(rows), dtype=bool), (rows, members)), shape=(height, width)).tocsr()
        return cls(pairs.indptr.astype(np.int64), pairs.indices.astype(np.int64), width)

    def counts(self) -> Ints:
        """How many members each row has."""
        return np.diff(self.start)

    def lists(self) -> list[list[int]]:
        """The members of each row."""
        member = self.member.tolist()
        return [member[low:high] for low, high in pairwise(self.start.tolist())]

    def inside(self, rows: Ints) -> tuple[Ints, Ints]:
        """For each of these rows, in order, its members: their places among the rows asked for, and themselves."""
        counts = self.start[rows + 1] - self.start[rows]
        ends = np.cumsum(counts)
        place = np.repeat(np.arange(len(rows)), counts)
        offset = np.arange(ends[-1] if len(ends) else 0) - (ends - counts)[place]
        return place, self.member[self.start[rows][place] + offset]


class Flow:
    """A graph ready for flowing: its circles, their levels, and what each hands on to."""

    def __init__(self, count: int, upper: Ints, lower: Ints) -> None:
        """A graph of so many nodes, from edges that lead from upper to lower, in any order; repetitions do not matter."""
        self.count = count
        self.below = Grouping.of(upper, lower, count, count)
        upper, lower = np.repeat(np.arange(count), self.below.counts()), self.below.member
        itself = np.zeros(count, dtype=bool)
        itself[upper[upper == lower]] = True
        labels = _circles(self.below)
        circles = int(labels.max()) + 1 if count else 0
        self.size: Ints = np.bincount(labels, minlength=circles)
        crossing = labels[upper] != labels[lower]
        # A circle hands on to nodes and not to circles: two suppliers are two, also if they need each other.
        onward = Grouping.of(labels[upper[crossing]], lower[crossing], circles, count)
        source = np.repeat(np.arange(circles), onward.counts())
        level = _levels(Grouping.of(source, labels[onward.member], circles, circles))
        first = np.unique(labels, return_index=True)[1]
        order = np.lexsort((first, level))
        rank = np.empty(circles, dtype=np.int64)
        rank[order] = np.arange(circles)
        self.circle_of: Ints = rank[labels]
        self.size = self.size[order]
        self.bounds: Ints = np.searchsorted(level[order], np.arange(int(level.max()) + 2 if circles else 1))
        source, member = np.divmod(np.sort(rank[source] * max(1, count) + onward.member), max(1, count))
        self.source: Ints = source
        self.target: Ints = self.circle_of[member]
        alone = np.zeros(circles, dtype=bool)
        alone[self.circle_of[itself]] = True
        alone &= self.size == 1
        parts = np.bincount(self.source, minlength=circles) + alone
        self.part: Floats = 1.0 / np.maximum(parts, 1)
        self.kept: Floats = np.where(parts == 0, 1.0, np.where(alone, self.part, 0.0)) / np.maximum(self.size, 1)
        self.next = Grouping.of(self.source, self.target, circles, circles)

    @property
    def circles(self) -> int:
        """How many circles there are."""
        return len(self.size)

    def ends(self, amounts: Floats) -> Floats:
        """Where amounts end up; a row per node, a column per amount. The rule is that of `Chains.ends`."""
        gets = np.zeros((self.circles, amounts.shape[1]))
        np.add.at(gets, self.circle_of, amounts)
        starts = np.searchsorted(self.source, self.bounds)
        for first, last in pairwise(starts):
            if last > first:
                source = self.source[first:last]
                np.add.at(gets, self.target[first:last], gets[source] * self.part[source, None])
        result: Floats = (gets * self.kept[:, None])[self.circle_of]
        return result

    def group_weights(
        self, keys: Ints, nodes: Ints, weights: Floats, groups: Sequence[Grouping], excluded: Sequence[Ints | None]
    ) -> list[Floats]:
        """What the keys weigh together that meet each group, a row per group, a column per weight.

        A key starts at each node it is paired with and flows down from there. ``groups`` leads from nodes to the
        groups they belong to, several ways of grouping at once; where ``excluded`` is given for one, a key does not
        count for its own group.
        """
        sums = [np.zeros((group.width, weights.shape[1])) for group in groups]
        by_circle = [
            Grouping.of(np.repeat(self.circle_of, group.counts()), group.member, self.circles, group.width)
            for group in groups
        ]
        order = np.argsort(keys, kind="stable")
        keys, circles = keys[order], self.circle_of[nodes[order]]
        open_ = [(first, min(first + CHUNK, len(weights))) for first in range(0, len(weights), CHUNK)]
        while open_:
            first, last = open_.pop()
            low, high = np.searchsorted(keys, (first, last))
            chunk, some, at = weights[first:last], keys[low:high] - first, circles[low:high]
            pairs = self._pairs(some, at, last - first)
            if pairs is None:
                middle = (first + last) // 2
                open_ += [(first, middle), (middle, last)]
                continue
            for group, skipped, total in zip(by_circle, excluded, sums, strict=True):
                _add_pairs(pairs, group, chunk, None if skipped is None else skipped[first:last], total)
        return sums

    def all_met(self, keys: Ints, nodes: Ints) -> tuple[Ints, Ints]:
        """Every key with every node it meets, the nodes it starts at among them; keys are the numbers of nodes."""
        present, place = np.unique(keys, return_inverse=True)
        members = Grouping.of(self.circle_of, np.arange(self.count), self.circles, self.count)
        result: list[tuple[Ints, Ints]] = []
        order = np.argsort(place, kind="stable")
        place, nodes = place[order], nodes[order]
        low, size = 0, len(present)
        while low < len(present):
            first, last = np.searchsorted(place, (low, low + size))
            pairs = self._pairs(place[first:last] - low, self.circle_of[nodes[first:last]], size)
            if pairs is not None:
                which, node = members.inside(pairs[1])
                result.append((present[pairs[0][which] + low], node))
                low += size
            else:
                size = max(1, size // 2)
        if not result:
            return keys[:0], nodes[:0]
        return np.concatenate([key for key, _ in result]), np.concatenate([node for _, node in result])

    def _pairs(self, keys: Ints, circles: Ints, height: int) -> tuple[Ints, Ints] | None:
        """Every one of so many keys with every circle it meets; None when these are too many to hold."""
        waiting: dict[int, list[Ints]] = {}
        result: list[Ints] = []
        total = 0

        def sort_in(codes: Ints) -> None:
            cuts = np.searchsorted(self.bounds, codes // height, side="right") - 1
            edges = np.flatnonzero(np.diff(cuts, prepend=-1, append=-1))
            for low, high in pairwise(edges):
                waiting.setdefault(int(cuts[low]), []).append(codes[low:high])

        sort_in(distinct(circles * height + keys))
        for level in range(len(self.bounds) - 1):
            if level not in waiting:
                continue
            codes = distinct(np.concatenate(waiting.pop(level)))
            total += len(codes)
            if total > LIMIT and height > 1:
                return None
            result.append(codes)
            circle, key = np.divmod(codes, height)
            place, lower = self.next.inside(circle)
            if len(lower):
                sort_in(distinct(lower * height + key[place]))
        circle, key = np.divmod(np.concatenate(result) if result else keys[:0], height)
        return key, circle


class Chains:
    """Supply chains as a graph of names: what lies below a party or contract, and by which path.

    Nodes, by number in name order, are contracts or parties; an edge leads from one to what it is delivered through
    (its subcontracts, its suppliers). Nodes may lie below each other in a circle, and a party may supply itself.
    """

    def __init__(self, names: Sequence[str], flow: Flow) -> None:
        self.names = tuple(names)
        self.flow = flow

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def below(self, name: str) -> tuple[str, ...]:
        """What lies directly below a node."""
        node, group = self.index[name], self.flow.below
        return tuple(self.names[lower] for lower in group.member[group.start[node] : group.start[node + 1]].tolist())

    def steps_to(self, targets: Iterable[int]) -> Ints:
        """For each node the next one on a shortest way to a target, all by number; -1 where there is no way.

        Targets lead to themselves. Among equally short ways, the one over the first names.
        """
        frontier: Ints = np.array(sorted(set(targets)), dtype=np.int64)
        onward: Ints = np.full(len(self.names), -1)
        onward[frontier] = frontier
        while len(frontier):
            place, upper = self._above.inside(frontier)
            fresh = onward[upper] < 0
            upper, first = np.unique(upper[fresh], return_index=True)
            onward[upper] = frontier[place[fresh][first]]
            frontier = upper
        return onward

    @cached_property
    def _above(self) -> Grouping:
        below = self.flow.below
        upper = np.repeat(np.arange(len(self.names)), below.counts())
        return Grouping.of(below.member, upper, len(self.names), len(self.names))


def along(steps: Ints, start: int) -> tuple[int, ...]:
    """The way from a node by the steps of `Chains.steps_to`, which must lead on from it."""
    path = [start]
    while (step := int(steps[path[-1]])) != path[-1]:
        path.append(step)
    return tuple(path)


def _circles(onward: Grouping) -> Ints:
    """The number of the strongly connected part of each node."""
    if not onward.width:
        return onward.member
    edges = np.ones(len(onward.member), dtype=bool), onward.member, onward.start
    labels: Ints = connected_components(csr_array(edges, (onward.width, onward.width)), connection="strong")[1]
    return labels.astype(np.int64)


def _levels(onward: Grouping) -> Ints:
    """For each node of a graph without circles the length of the longest way to it from the top (Kahn 1962)."""
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


def _add_pairs(met: tuple[Ints, Ints], group: Grouping, weights: Floats, excluded: Ints | None, total: Floats) -> None:
    key, circle = met
    place, member = group.inside(circle)
    meeting = Grouping.of(member, key[place], group.width, len(weights))
    which, key = np.repeat(np.arange(group.width), meeting.counts()), meeting.member
    if excluded is not None:
        other = which != excluded[key]
        which, key = which[other], key[other]
    for column in np.flatnonzero(weights.any(axis=0)).tolist():
        total[:, column] += np.bincount(which, weights[:, column][key], minlength=group.width)
