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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

KINDS = ("function", "process", "system", "agreement", "organisation", "group", "country", "location", "gate")
BASIC = frozenset({"organisation", "group", "country", "location"})


@dataclass(frozen=True, slots=True)
class DependencyGraph:
    """Nodes by number, each with its needs.

    ``names`` are IRIs (or any text), ``kinds`` of ``KINDS``, ``needs`` the numbers of the nodes that a node needs,
    ``thresholds`` how many of those must fail for it to fail (0 where it needs nothing), ``basic`` whether it
    can fail by itself, ``weights`` how much its loss matters (1 unless it is critical), ``critical``
    the numbers of the systems and functions that losses are counted on.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    needs: tuple[tuple[int, ...], ...]
    thresholds: tuple[int, ...]
    basic: tuple[bool, ...]
    weights: tuple[float, ...]
    critical: frozenset[int]
    index: Mapping[str, int] = field(compare=False)

    def __len__(self) -> int:
        return len(self.names)

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
        of the kinds in ``BASIC``). Nodes are numbered in name order. KeyError for a need that is no node.
        """
        names = tuple(sorted(nodes))
        index = {name: number for number, name in enumerate(names)}
        below = tuple(tuple(sorted({index[need] for need in needs.get(name, ())})) for name in names)
        enough = at_least or {}
        basics = None if basic is None else frozenset(basic)
        return cls(
            names=names,
            kinds=tuple(nodes[name] for name in names),
            needs=below,
            thresholds=tuple(
                max(1, len(inner) - enough.get(name, len(inner)) + 1) if inner else 0
                for name, inner in zip(names, below, strict=True)
            ),
            basic=tuple(nodes[name] in BASIC if basics is None else name in basics for name in names),
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
        for number, name in enumerate(self.names):
            count = len(self.needs[number])
            graph.add_node(
                name,
                kind=self.kinds[number],
                at_least=count - self.thresholds[number] + 1 if count else 0,
                weight=self.weights[number],
                critical=number in self.critical,
                basic=self.basic[number],
            )
        graph.add_edges_from(
            (name, self.names[need]) for number, name in enumerate(self.names) for need in self.needs[number]
        )
        return graph
