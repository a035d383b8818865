"""Holdings and chains of supply by name, for the tests of what is measured on numbered ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from graphsc.analysis.concentration.flows import Chains, Flow
from graphsc.analysis.concentration.overlap import Overlap, overlaps
from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Unit, View
from graphsc.analysis.concentration.tally import Kind, Rows, tally

Units = Mapping[str, Collection[str]]
Below = Mapping[str, Collection[str]]
"""What lies directly below each node."""


def chains_of(below: Below, nodes: Iterable[str] = ()) -> Chains:
    """Chains from names; ``nodes`` are there even if nothing is said of them."""
    names = sorted({*below, *nodes, *(name for inner in below.values() for name in inner)})
    index = {name: number for number, name in enumerate(names)}
    pairs = [(index[upper], index[lower]) for upper, inner in below.items() for lower in inner]
    edges = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Chains(names, Flow(len(names), edges[:, 0], edges[:, 1]))


def concentrations(
    holdings: Sequence[Holding], *, base: Base, units: Mapping[Unit, Units], below: Below | None = None
) -> dict[Unit, Concentration]:
    """How a base lies in the hands of kinds of unit: directly, or in the end where it is said what lies below."""
    chains = chains_of(below or {}, (row.holder for row in holdings))
    items = {item: number for number, item in enumerate(sorted({row.item for row in holdings}))}
    rows = Rows.of(
        base,
        np.array([chains.index[row.holder] for row in holdings], dtype=np.int64),
        np.array([items[row.item] for row in holdings], dtype=np.int64),
        np.array([row.amount for row in holdings], dtype=np.float64),
    )
    kinds = [Kind.of(unit, chains.names, units[unit]) for unit in Unit if unit in units]
    view = View.DIRECT if below is None else View.ULTIMATE
    return {result.unit: result for result in tally(chains.flow, [rows], len(items), kinds, view)}


def concentration(
    holdings: Sequence[Holding], *, unit: Unit, base: Base, below: Below | None = None, units: Units | None = None
) -> Concentration | None:
    """The same for one kind of unit; None when none holds anything."""
    return concentrations(holdings, base=base, units={unit: units or {}}, below=below).get(unit)


def overlaps_of(
    first: Collection[str], below: Below, units: Units | None = None, most: int | None = None
) -> tuple[Overlap, ...]:
    """The units that stand behind several of the first tier."""
    chains = chains_of(below, first)
    nodes = np.array([chains.index[name] for name in sorted(first)], dtype=np.int64)
    return overlaps(nodes, chains, Kind.of(Unit.ORGANISATION, chains.names, units or {}), most)
