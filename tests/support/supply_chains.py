"""Holdings and chains of supply by name, for the tests of what is measured on numbered ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import networkx as nx

from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Unit
from graphsc.analysis.concentration.supply import Chains, Overlap, overlaps
from graphsc.analysis.concentration.supply import concentrations as measured

Units = Mapping[str, Collection[str]]
Below = Mapping[str, Collection[str]]
"""What lies directly below each node."""


def chains_of(below: Below, nodes: Iterable[str] = ()) -> Chains:
    """Chains from names; ``nodes`` are there even if nothing is said of them."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted({*below, *nodes}))
    graph.add_edges_from((upper, lower) for upper, inner in below.items() for lower in inner)
    return Chains(graph)


def concentrations(
    holdings: Sequence[Holding], *, base: Base, units: Mapping[Unit, Units], below: Below | None = None
) -> dict[Unit, Concentration]:
    """How a base lies in the hands of kinds of unit: directly, or in the end where it is said what lies below."""
    chains = None if below is None else chains_of(below, (row.holder for row in holdings))
    return {result.unit: result for result in measured(holdings, base, units, chains)}


def concentration(
    holdings: Sequence[Holding], *, unit: Unit, base: Base, below: Below | None = None, units: Units | None = None
) -> Concentration | None:
    """The same for one kind of unit; None when none holds anything."""
    return concentrations(holdings, base=base, units={unit: units or {}}, below=below).get(unit)


def overlaps_of(
    first: Collection[str], below: Below, units: Units | None = None, most: int | None = None
) -> tuple[Overlap, ...]:
    """The units that stand behind several of the first tier; a node without a unit is one by itself."""
    chains = chains_of(below, first)
    every = {node: (units or {}).get(node, (node,)) for node in chains.graph}
    return overlaps(first, chains, every, most)
