"""Supply chains: where amounts end, what reaches whom down the chain, and who stands behind several suppliers.

Nodes are contracts or parties; an edge leads from one to those it is delivered through (its subcontracts, its suppliers).
There may be cycles, whose nodes are taken together, and a party may supply itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import networkx as nx

from graphsc.analysis.model import components

Key = TypeVar("Key")


class Chains:
    """The chains of a graph."""

    def __init__(self, graph: nx.DiGraph[str]) -> None:
        self.graph = graph

    @cached_property
    def parts(self) -> list[list[str]]:
        """The strongly connected components, mostly single nodes, each after those above it."""
        return components(self.graph)[::-1]

    def ends(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """Where amounts end: they are handed down in equal parts to whoever is directly below.

        A cycle shares out among nodes, not cycles: two suppliers are two, also if they need each other. One that leads
        nowhere keeps what it gets, in equal parts.
        """
        received = defaultdict(list, {node: [amount] for node, amount in amounts.items()})
        kept: dict[str, float] = {}
        for part in self.parts:
            amount = math.fsum(value for node in part for value in received[node])
            if not amount:
                continue
            outside = {lower for node in part for lower in self.graph.succ[node]}.difference(part)
            itself = [node for node in part if len(part) == 1 and node in self.graph.succ[node]]
            count = len(outside) + len(itself)
            for lower in outside:
                received[lower].append(amount / count)
            for node in itself if count else part:
                kept[node] = amount / (count or len(part))
        return kept

    def reaching(self, starts: Mapping[str, Collection[Key]]) -> dict[str, Collection[Key]]:
        """For each node the keys that start at it or flow down to it."""
        result: dict[str, Collection[Key]] = {}
        for part in self.parts:
            uppers = {upper for node in part for upper in self.graph.pred[node]}.difference(part)
            sources = [keys for keys in (result[upper] for upper in uppers) if keys]
            sources += [starts[node] for node in part if node in starts]
            met = sources[0] if len(sources) == 1 else set[Key]().union(*sources)
            result.update(dict.fromkeys(part, met))
        return result

    def ways(self, ends: Iterable[str]) -> dict[str, str]:
        """For each node that leads to one of the ends the next on a shortest path to it, of several the first by name.

        The ends lead to themselves.
        """
        result = {end: end for end in ends}
        nearer: Collection[str] = set(result)
        for layer in nx.bfs_layers(self.graph.reverse(copy=False), sorted(result)):
            for node in layer:
                if node not in result:
                    result[node] = min(lower for lower in self.graph.succ[node] if lower in nearer)
            nearer = set(layer)
        return result


def path(ways: Mapping[str, str], start: str) -> tuple[str, ...]:
    """The path from a start by what `Chains.ways` gave; KeyError without one."""
    nodes = [start]
    while (following := ways[nodes[-1]]) != nodes[-1]:
        nodes.append(following)
    return tuple(nodes)


def shortest(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest of some paths, of several the first by the names on it."""
    return min(paths, key=lambda nodes: (len(nodes), nodes))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Hidden concentration: one unit behind several first-tier units that look independent.

    ``suppliers`` are the units of the first tier that it stands behind; ``paths`` has a shortest path from each of them
    to it, in the same order. ``direct`` says whether it is in the first tier too.
    """

    node: str
    suppliers: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    direct: bool


def overlaps(
    first: Iterable[str], chains: Chains, units: Mapping[str, Collection[str]], most: int | None = None
) -> tuple[Overlap, ...]:
    """Every unit that stands behind several different first-tier units, the most shared first.

    ``first`` are the nodes of the first tier; ``units`` says which units each node counts in. A unit is never behind itself.
    With ``most`` only the first so many are returned.
    """
    tier = [(unit, node) for node in sorted(set(first)) for unit in units.get(node, ())]
    # A unit stands behind what lies above it, so each supplier starts one step down.
    starts: dict[str, set[str]] = defaultdict(set)
    for unit, node in tier:
        for lower in chains.graph.succ[node]:
            starts[lower].add(unit)
    reaching = chains.reaching(starts)
    members: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, set[str]] = defaultdict(set)
    for node, met in reaching.items():
        for unit in units.get(node, ()):
            members[unit].append(node)
            behind[unit].update(met)
    counts = {unit: len(suppliers - {unit}) for unit, suppliers in behind.items()}
    shared = sorted((unit for unit, count in counts.items() if count > 1), key=lambda unit: (-counts[unit], unit))
    direct = {unit for unit, _ in tier}

    def paths(unit: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        ways = chains.ways(members[unit])
        from_: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for supplier, node in tier:
            if supplier != unit and supplier in behind[unit]:
                from_[supplier] += ((node, *path(ways, lower)) for lower in chains.graph.succ[node] if lower in ways)
        yield from ((supplier, shortest(found)) for supplier, found in sorted(from_.items()))

    result: list[Overlap] = []
    for unit in shared[:most]:
        suppliers, found = zip(*paths(unit), strict=True)
        result.append(Overlap(unit, suppliers, found, unit in direct))
    return tuple(result)
