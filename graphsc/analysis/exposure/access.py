"""The access graph: where someone who has broken in at one party can get, by the access that parties have.

Its edges are not those of the dependency graph. An edge leads from the holder of an access to its object: from a supplier
or subcontractor to a system or its data by an access right, from a subcontractor to the supplier above it where it
works in the supplier's systems, from a system to the data it holds. Each has a probability: how likely someone who controls
the one end gets on to the other.

A path is as probable as the product of its steps; the most probable path is the shortest one by −log p. The steps
are taken to be independent, and the probabilities are mostly judgements: read the order of the paths and the ratio
between them, not the digits. Of several ways to a target only the best is counted, so a probability here is a lower
bound on that of being reached at all, whose exact value is #P-hard to compute (Valiant 1979).

Lengths are whole numbers: −log p in units of 2⁻³⁰, and in the lower digits the number of steps. So ties are exact, and
broken by fewer steps, then by the names in order; the same graph gives the same paths in whatever order it was built.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import pairwise

from graphsc import relational
from graphsc.analysis.exposure.strength import LEAST_LIKELIHOOD, checked
from graphsc.analysis.records import Strengths
from graphsc.graph.dataset import Dataset, plain

THINGS = frozenset({"system", "data"})
"""The kinds of node that are targets of an attacker; all others only lead to them."""
_FINE = 1 << 30
_STEP = 1 << 10


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """How likely someone who controls ``holder`` gets on to ``reaches``."""

    holder: str
    reaches: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class AccessPath:
    """A path of an attacker, from the node that is controlled to the one that is reached."""

    nodes: tuple[str, ...]
    probability: float


def likelihood(strength: float) -> float:
    """The likelihood of a step over a link of some strength: 1 − strength, but at least ``LEAST_LIKELIHOOD``.

    A convention, so that weaker links are likelier steps; it is not calibrated on attacks. ValueError for a strength outside
    0–1.
    """
    return max(1 - checked(strength, "the strength"), LEAST_LIKELIHOOD)


@dataclass(frozen=True)
class AccessGraph:
    """The access between nodes.

    ``names`` are sorted, ``kinds`` are ``organisation``, ``system``, ``data`` or any other word, ``weights`` say how much it
    matters that a node is reached (0 for one that only leads to others). ``onward`` has for each node the numbers of the
    nodes it leads to, with the likelihood of each step: the greatest of several, and none that is 0.
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
        """A graph from the kind of each node and the accesses.

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
        """For each node the nodes that lead to it, with the likelihood of each step."""
        result: list[dict[int, float]] = [{} for _ in self.names]
        for start, ends in enumerate(self.onward):
            for end, likely in ends.items():
                result[end][start] = likely
        return result

    def paths(self, node: int, *, to: bool = False) -> dict[int, tuple[int, ...]]:
        """The shortest path from a node to each that it reaches, or with ``to`` from each node that reaches it, shortest first.

        With the paths themselves in the queue, the first of equally long ones is the first by names (Dijkstra 1959).
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
    """The access graph of a derived dataset, by `ontology/analysis/access.rq`.

    A step by an agreement, or by a party that runs a system, has the `likelihood` of its strength; a step from a system to
    its data is certain. Weights are those of `ontology/analysis/worth.rq`.
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
    """The length of a step of this probability."""
    return round(-math.log(probability) * _FINE) * _STEP + 1
