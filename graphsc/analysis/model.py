"""The dependency graph: which nodes fail when others fail.

A node needs all nodes that it points to; a gate needs at least k of its members, which may be gates. In both cases
a node fails when at least ``threshold`` of its needs have failed (1 for "needs all", n - k + 1 for
"k of n"). Basic events (organisations, owner groups, countries, data locations) can also fail by themselves;
agreements, systems, processes and functions are gates and never single points. Where nodes need each other in
a cycle, failure is the least fixpoint: nothing fails without a cause outside the cycle.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from graphsc.analysis.kernels import Flags, Grouping, Ints

if TYPE_CHECKING:
    import networkx as nx

KINDS = ("function", "process", "system", "agreement", "organisation", "group", "country", "location", "gate")
BASIC = frozenset({"organisation", "group", "country", "location"})


@dataclass(frozen=True, eq=False)
class DependencyGraph:
    """Nodes by number, each with its needs; in arrays, since there may be very many.

    ``names`` are IRIs (or any text), ``kinds`` of ``KINDS``, ``needs`` the numbers of the nodes that a node needs,
    ``thresholds`` how many of those must fail for it to fail (0 where it needs nothing), ``basic`` whether it
    can fail by itself, ``weights`` how much its loss matters (1 unless it is critical), ``critical``
    the numbers of the systems and functions that losses are counted on.
    """

    names: tuple[str, ...]
    kinds: NDArray[np.str_]
    needs: Grouping
    thresholds: Ints
    basic: Flags
    weights: tuple[float, ...]
    critical: frozenset[int]
    index: Mapping[str, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def above(self) -> Grouping:
        """The nodes that need each node."""
        return self.needs.inverted()

    def of_kind(self, *kinds: str) -> Flags:
        """Which nodes are of one of the kinds."""
        flags: Flags = np.logical_or.reduce([self.kinds == kind for kind in kinds])
        return flags

    @classmethod
    def build(
        cls,
        nodes: Mapping[str, str],
        needs: Mapping[str, Sequence[str]],
        *,
        at_least: Mapping[str, int] | None = None,
        weights: Mapping[str, float] | None = None,
        critical: Iterable[str] = (),
        basic: Iterable[str] | None = None,
    ) -> DependencyGraph:
        """A graph from names: the kind of each node, what it needs, and for gates how many of that must work.

        A need named twice counts once. ``basic`` names the nodes that can fail by themselves (by default those
        of the kinds in ``BASIC``). Nodes are numbered in name order. KeyError for a need that is no node, ValueError for a
        kind that is not in ``KINDS``.
        """
        if unknown := sorted(set(nodes.values()) - set(KINDS)):
            raise ValueError(f"{unknown[0]!r} is no kind of node")
        names = tuple(sorted(nodes))
        index = {name: number for number, name in enumerate(names)}
        count = len(names)
        upper = np.repeat(np.arange(count), [len(needs.get(name, ())) for name in names])
        lower = np.fromiter((index[need] for name in names for need in needs.get(name, ())), np.int64, len(upper))
        below = Grouping.of(upper, lower, count, count)
        enough = lengths = below.counts()
        if at_least:
            enough = np.array(
                [at_least.get(name, length) for name, length in zip(names, lengths.tolist(), strict=True)]
            )
        basics = {name for name in names if nodes[name] in BASIC} if basic is None else frozenset(basic)
        return cls(
            names=names,
            kinds=np.array([nodes[name] for name in names], dtype=np.str_),
            needs=below,
            thresholds=np.where(lengths > 0, np.maximum(1, lengths - enough + 1), 0),
            basic=np.fromiter((name in basics for name in names), np.bool_, count),
            weights=tuple((weights or {}).get(name, 1.0) for name in names),
            critical=frozenset(index[name] for name in critical),
            index=index,
        )

    @classmethod
    def from_networkx(cls, graph: nx.DiGraph[Any]) -> DependencyGraph:
        """A graph from a networkx one whose edges lead from a node to what it needs.

        Node attributes: ``kind`` (default ``gate``), ``at_least`` (default all), ``weight``, ``critical``,
        ``basic``.
        """

        def name(node: Hashable) -> str:
            return str(node)

        attributes = {name(node): values for node, values in graph.nodes(data=True)}
        kinds = {node: values.get("kind", "gate") for node, values in attributes.items()}
        return cls.build(
            kinds,
            {name(node): [name(other) for other in graph.successors(node)] for node in graph},
            at_least={n: values["at_least"] for n, values in attributes.items() if "at_least" in values},
            weights={n: values["weight"] for n, values in attributes.items() if "weight" in values},
            critical=[n for n, values in attributes.items() if values.get("critical")],
            basic=[n for n, values in attributes.items() if values.get("basic", kinds[n] in BASIC)],
        )

    def to_networkx(self) -> nx.DiGraph[str]:
        """The graph as a networkx DiGraph, with the attributes that ``from_networkx`` reads."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        counts = self.needs.counts()
        columns = self.kinds, np.where(counts > 0, counts - self.thresholds + 1, 0), self.basic
        for number, (name, kind, enough, basic) in enumerate(
            zip(self.names, *(c.tolist() for c in columns), strict=True)
        ):
            weight, critical = self.weights[number], number in self.critical
            graph.add_node(name, kind=kind, at_least=enough, weight=weight, critical=critical, basic=basic)
        upper, lower = self.needs.pairs()
        graph.add_edges_from(
            (self.names[node], self.names[need]) for node, need in zip(upper.tolist(), lower.tolist(), strict=True)
        )
        return graph
