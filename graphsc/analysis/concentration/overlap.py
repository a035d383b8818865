"""Hidden concentration: one party behind suppliers that look independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsc.analysis.concentration.flows import Chains
from graphsc.analysis.concentration.tally import Kind
from graphsc.analysis.kernels import Floats, Ints, distinct


@dataclass(frozen=True, slots=True)
class Overlap:
    """One unit behind several first-tier units.

    ``suppliers`` are the units of the first tier that it stands behind; ``paths`` has a shortest path from each of them
    to it, in the same order. ``direct`` says whether it is in the first tier too.
    """

    node: str
    suppliers: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    direct: bool


def overlaps(first: Ints, chains: Chains, kind: Kind, most: int | None = None) -> tuple[Overlap, ...]:
    """Every unit that stands behind several different first-tier units, the most shared first.

    ``first`` are the nodes of the first tier; ``kind`` says which nodes are one unit. A unit is never behind itself.
    With ``most`` only the first so many are returned.
    """
    first = distinct(first)
    place, unit = kind.groups.inside(first)
    suppliers, key = np.unique(unit, return_inverse=True)
    # A unit stands behind what lies above it, so each key starts one step down.
    step, below = chains.flow.below.inside(first[place])
    weights: Floats = np.ones((len(suppliers), 1))
    (behind,) = chains.flow.group_weights(key[step], below, weights, [kind.groups], [suppliers])
    shared = np.flatnonzero(behind[:, 0] > 1)
    ranked = shared[np.lexsort((shared, -behind[shared, 0]))][:most]
    links = unit[step], first[place][step], below
    direct = set(suppliers.tolist())
    members = kind.groups.inverted()
    result: list[Overlap] = []
    for shared_unit in ranked.tolist():
        paths = _ways(shared_unit, members[shared_unit], links, chains)
        names = {kind.names[supplier]: paths[supplier] for supplier in sorted(paths)}
        result.append(Overlap(kind.names[shared_unit], tuple(names), tuple(names.values()), shared_unit in direct))
    return tuple(result)


def _ways(unit: int, members: list[int], links: tuple[Ints, Ints, Ints], chains: Chains) -> dict[int, tuple[str, ...]]:
    """A shortest path to a unit from each first-tier unit that it stands behind.

    ``links`` are triples of a first-tier unit, a node of it, and a node directly below that.
    """
    steps, length = chains.steps_to(members)
    has_path = (steps[links[2]] >= 0) & (links[0] != unit)
    suppliers, nodes, below = (column[has_path] for column in links)
    # Of equally short paths the first by the numbers of the nodes.
    order = np.lexsort((below, nodes, length[below], suppliers))
    suppliers, first = np.unique(suppliers[order], return_index=True)
    nodes, ways = nodes[order[first]].tolist(), chains.paths(below[order[first]], steps, length)
    return {
        supplier: (chains.names[node], *way)
        for supplier, node, way in zip(suppliers.tolist(), nodes, ways, strict=True)
    }
