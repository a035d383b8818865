"""Access: how someone who has broken in at one party can get on, through the access that parties have been given.

These are not the edges of availability. An edge leads from who has access to what the access is to: from a supplier
or subcontractor to a system or its data by an access right, from a subcontractor to the supplier above it where it
works in that one's systems, from a system to the data it holds. Each has a probability: how likely it is that
someone who controls the one end gets on to the other.

A path is as probable as the product of its steps; the most probable path is the shortest one by −log p. The steps
are taken to be independent, and the probabilities are mostly judgements: read the order of the paths and the ratio
between them, not the digits. Of several ways to a target only the best is counted, so a probability here is a lower
bound on that of being reached at all, whose exact value is #P-hard to compute (Valiant 1979).

Lengths are whole numbers: −log p in steps of 2⁻³⁰, and beneath that the number of steps. So ties are exact, and
broken by fewer steps, then by the names in order; the same graph gives the same paths however it was written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import pairwise

from graphsc import relational
from graphsc.analysis.exposure.strength import checked
from graphsc.analysis.records import Strengths
from graphsc.graph.dataset import Dataset, plain

THINGS = frozenset({"system", "data"})
"""The kinds of node that an attacker is after; the others are ways to them."""
LEAST = 0.05
"""The least likelihood that a step is given for the sake of its strength: the best evidence does not rule it out."""
_FINE = 1 << 30
_STEP = 1 << 10


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """That someone who controls ``holder`` may get on to ``reaches``, and how likely that is."""

    holder: str
    reaches: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class AccessPath:
    """A way an attacker may take: the nodes from where he is to what he reaches."""

    nodes: tuple[str, ...]
    probability: float


def likelihood(strength: float) -> float:
    """How likely a step is made to be for a link of some strength: 1 − strength, and never less than ``LEAST``.

    A convention, so that weaker links are likelier steps; it is not calibrated on attacks.
    """
    return max(1 - checked(strength, "the strength"), LEAST)


@dataclass(frozen=True)
class AccessGraph:
    """Who can get on to what.

    ``names`` are in order, ``kinds`` say what each node is (``organisation``, ``system``, ``data`` or any other
    word), ``weights`` how much it matters that a node is reached (0 for those that are only ways). ``onward`` holds
    for each node where its steps lead, by number, and how likely each is. Of several accesses between the same two nodes
    the likeliest is kept, and steps that cannot be taken are left out.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    weights: tuple[float, ...]
    onward: tuple[Mapping[int, float], ...] = field(repr=False)
    index: Mapping[str, int] = field(compare=False, repr=False)

    @classmethod
    def build(
        cls, kinds: Mapping[str, str], accesses: Iterable[Access], weights: Mapping[str, float] | None = None
    ) -> AccessGraph:
        """A graph from the kind of each node and who has access to what.

        A node without a weight has 1 if it is of the kinds in ``THINGS`` and 0 otherwise. KeyError for an access of
        or to an unknown node, ValueError for a probability outside 0–1 or a weight that is negative or no number.
        """
        names = tuple(sorted(kinds))
        index = {name: number for number, name in enumerate(names)}
        best: list[dict[int, float]] = [{} for _ in names]
        for access in accesses:
            start, end = index[access.holder], index[access.reaches]
            likely = access.probability
            if not 0 <= likely <= 1:
                checked(likely, f"the probability of {access.holder!r} to {access.reaches!r}")
            if start == end or not likely:
                continue
            best[start][end] = max(likely, best[start].get(end, 0.0))
        by_name = weights or {}
        worth = tuple(by_name.get(name, 1.0 if kinds[name] in THINGS else 0.0) for name in names)
        for name, weight in zip(names, worth, strict=True):
            if not 0 <= weight < math.inf:
                raise ValueError(f"the weight of {name!r} is {weight}: it must be 0 or more")
        return cls(names, tuple(kinds[name] for name in names), worth, tuple(best), index)

    @cached_property
    def _back(self) -> list[dict[int, float]]:
        """The steps that lead to each node: where from, and how likely."""
        result: list[dict[int, float]] = [{} for _ in self.names]
        for start, ends in enumerate(self.onward):
            for end, likely in ends.items():
                result[end][start] = likely
        return result

    def paths(self, node: int, *, to: bool = False) -> dict[int, tuple[int, ...]]:
        """The first path from a node to each that it reaches, or from each that reaches it ``to`` it, in their order.

        With the paths themselves in the queue, the first of several of one length is the first by names (Dijkstra 1959).
        """
        steps = self._back if to else self.onward
        waiting: list[tuple[int, tuple[int, ...]]] = [(0, (node,))]
        paths: dict[int, tuple[int, ...]] = {}
        while waiting:
            length, path = heappop(waiting)
            end = path[0] if to else path[-1]
            if end in paths:
                continue
            paths[end] = path
            for other, likely in steps[end].items():
                if other not in paths:
                    heappush(waiting, (length + step_length(likely), (other, *path) if to else (*path, other)))
        return paths

    def path(self, nodes: Sequence[int]) -> AccessPath:
        """The path over some nodes, each of which must lead to the next."""
        return AccessPath(
            tuple(self.names[node] for node in nodes),
            math.prod(self.onward[start][end] for start, end in pairwise(nodes)),
        )


def access_graph(dataset: Dataset, strengths: Strengths) -> AccessGraph:
    """Who can get on to what in a derived dataset, as `ontology/analysis/access.rq` says.

    A step by an agreement, or by a party that runs a system, is as likely as its strength makes it
    (`likelihood`); one from a system to the data in it is certain. What is reached weighs as
    `ontology/analysis/worth.rq` says.
    """
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    for row in relational.named_rows(dataset, "analysis/worth"):
        thing = plain(row["thing"])
        kinds[thing] = plain(row["kind"])
        weights[thing] = float(plain(row["worth"]))
    steps: list[Access] = []
    for row in relational.named_rows(dataset, "analysis/access"):
        holder, reaches = plain(row["holder"]), plain(row["reaches"])
        for node in (holder, reaches):
            kinds.setdefault(node, "organisation")
        strength = strengths.of(plain(row["link"])) if "link" in row else None
        likely = likelihood(strength.value) if strength is not None else 1.0
        steps.append(Access(holder, reaches, likely))
    return AccessGraph.build(kinds, steps, weights)


def step_length(probability: float) -> int:
    """How long a step of this probability is."""
    return round(-math.log(probability) * _FINE) * _STEP + 1
