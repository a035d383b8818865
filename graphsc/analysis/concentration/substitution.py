"""Substitutability: how many suppliers a thing can lose before it stops."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from graphsc.analysis.model import DependencyGraph, critical_nodes, fixpoint, of_kind, threshold
from graphsc.core.cycles import reached


@dataclass(frozen=True, slots=True)
class Substitutability:
    """How many alternatives each item has at its first tier.

    ``alternatives`` is how many suppliers may fail, in the worst case, before the item does; items that rest on no supplier
    are not in it. ``without`` are the items with 0 alternatives, ``share_without`` is their part (0–1).
    """

    alternatives: Mapping[str, int]
    without: tuple[str, ...]
    share_without: float


def substitutability(
    graph: DependencyGraph,
    items: Iterable[str] | None = None,
    units_of: Callable[[str], Collection[str]] = lambda _: (),
) -> Substitutability:
    """The alternatives of each item (by default of each critical node) among its groups of options.

    Options of a group count by their source: two agreements with one supplier, or by ``units_of`` (the owner groups of an
    agreement or organisation) two suppliers of one group, are one option. Below the first tier nothing is looked at: two
    options with the same subcontractor are two options, and an overlap. A supplier in two groups counts in each, so for
    nested groups the number is an upper bound; the minimal cut sets are exact.
    """
    counted = sorted(critical_nodes(graph) if items is None else items)
    link = frozenset(of_kind(graph, "agreement", "organisation"))
    between = reached(
        counted, lambda node: [need for need in graph.succ[node] if need not in link and node not in link]
    )

    def source(name: str) -> tuple[str, ...]:
        """The source of a link: its units, or the suppliers of an agreement."""
        if units := units_of(name):
            return tuple(sorted(set(units)))
        if graph.nodes[name]["kind"] == "agreement":
            suppliers = [need for need in graph.succ[name] if graph.nodes[need]["kind"] == "organisation"]
            return tuple(sorted({unit for supplier in suppliers for unit in source(supplier)})) or (name,)
        return (name,)

    def fewest(node: str, known: Mapping[str, float]) -> float:
        """The least number of failures that make a node fail, from those of its needs."""
        falls_at, needs = threshold(graph, node), graph.succ[node]
        if falls_at == 1:
            return min(1 if need in link else known.get(need, math.inf) for need in needs)
        options: dict[tuple[str, ...] | str, tuple[float, int]] = {}
        for need in needs:
            if need in link:
                one = source(need)
                options[one] = 1, options.get(one, (1, 0))[1] + 1
            else:
                options[need] = known.get(need, math.inf), 1
        return _cheapest(list(options.values()), falls_at)

    losses = fixpoint(graph.subgraph(between), math.inf, fewest)  # nothing fails without a cause
    result = {item: int(losses[item]) - 1 for item in counted if losses[item] < math.inf}
    without = tuple(item for item, number in result.items() if number == 0)
    return Substitutability(result, without, len(without) / len(result) if result else 0.0)


def _cheapest(options: list[tuple[float, int]], falls_at: int) -> float:
    """The least cost of options, pairs of a cost and the needs that fail with it, that make so many needs fail."""
    best = [0.0] + [math.inf] * falls_at
    for cost, needs in options:
        for before in range(falls_at - 1, -1, -1):
            total = min(falls_at, before + needs)
            best[total] = min(best[total], best[before] + cost)
    return best[falls_at] if falls_at else math.inf
