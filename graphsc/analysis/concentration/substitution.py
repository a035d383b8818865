"""Substitutability: how many suppliers a thing can lose before it stops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from graphsc.analysis.model import DependencyGraph
from graphsc.core.cycles import reached, strongly_connected


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
    counted = sorted(items if items is not None else (graph.names[node] for node in graph.critical))
    count = _Counter(graph, units_of, [graph.index[item] for item in counted])
    result = {item: lost - 1 for item in counted if (lost := count.losses(item)) is not None}
    without = tuple(item for item, number in result.items() if number == 0)
    return Substitutability(result, without, len(without) / len(result) if result else 0.0)


class _Counter:
    """The least number of suppliers whose failure makes each node fail."""

    def __init__(
        self, graph: DependencyGraph, units_of: Callable[[str], Collection[str]], items: Iterable[int]
    ) -> None:
        self.graph = graph
        self.units_of = units_of
        self.link = graph.of_kind("agreement", "organisation").tolist()
        self.least_losses: dict[int, int] = {}
        below: dict[int, list[int]] = {}

        def onward(node: int) -> list[int]:
            below[node] = self._between(graph.needs[node])
            return below[node]

        reached(self._between(items), onward)
        for cycle in strongly_connected(dict(sorted(below.items()))):
            self._settle(cycle)

    def _between(self, nodes: Iterable[int]) -> list[int]:
        """The nodes without links: those between the items and their first tier."""
        return [node for node in nodes if not self.link[node]]

    def _settle(self, cycle: list[int]) -> None:
        """Compute the nodes of a cycle by repetition, down from "never fails": nothing fails without a cause outside the cycle."""
        changed = True
        while changed:
            changed = False
            for node in cycle:
                lost = self._node(node)
                if lost is not None and lost < self.least_losses.get(node, lost + 1):
                    self.least_losses[node] = lost
                    changed = len(cycle) > 1

    def losses(self, item: str) -> int | None:
        """The least number of suppliers whose failure stops an item; None where no failure does."""
        node = self.graph.index[item]
        return self._node(node) if self.link[node] else self.least_losses.get(node)

    def _source(self, link: int) -> tuple[str, ...]:
        """The source of a link: its units, or the suppliers of an agreement."""
        name = self.graph.names[link]
        if units := self.units_of(name):
            return tuple(sorted(set(units)))
        if self.graph.kinds[link] == "agreement":
            suppliers = [n for n in self.graph.needs[link] if self.graph.kinds[n] == "organisation"]
            return tuple(sorted({unit for supplier in suppliers for unit in self._source(supplier)})) or (name,)
        return (name,)

    def _node(self, node: int) -> int | None:
        """The least number of failures that make a node fail, from those of its needs."""
        needs, threshold = self.graph.needs[node], int(self.graph.thresholds[node])
        if threshold == 1:
            costs = (1 if self.link[need] else self.least_losses.get(need) for need in needs)
            return min((cost for cost in costs if cost is not None), default=None)
        options: dict[tuple[str, ...] | int, tuple[int, int]] = {}
        for need in needs:
            if self.link[need]:
                source = self._source(need)
                options[source] = 1, options.get(source, (1, 0))[1] + 1
            elif need in self.least_losses:
                options[need] = self.least_losses[need], 1
        return _cheapest(list(options.values()), threshold)


def _cheapest(options: list[tuple[int, int]], threshold: int) -> int | None:
    """The least cost of options, pairs of a cost and the needs that fail with it, that make ``threshold`` needs fail."""
    best: list[int | None] = [0, *([None] * threshold)]
    for cost, needs in options:
        for failed in range(threshold - 1, -1, -1):
            before, total = best[failed], min(threshold, failed + needs)
            known = best[total]
            if before is not None and (known is None or before + cost < known):
                best[total] = before + cost
    return best[threshold] if threshold else None
