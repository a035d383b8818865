"""Hidden concentration: one party behind suppliers that look independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsc.analysis.concentration.flows import Chains, Floats, Ints, along, distinct
from graphsc.analysis.concentration.tally import Kind


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
    row = np.repeat(np.arange(len(chains.names)), kind.groups.counts())
    result: list[Overlap] = []
    for shared_unit in ranked.tolist():
        paths = _ways(shared_unit, row[kind.groups.member == shared_unit].tolist(), links, chains)
        names = {kind.names[supplier]: paths[supplier] for supplier in sorted(paths)}
        result.append(Overlap(kind.names[shared_unit], tuple(names), tuple(names.values()), shared_unit in direct))
    return tuple(result)


def _ways(unit: int, members: list[int], links: tuple[Ints, Ints, Ints], chains: Chains) -> dict[int, tuple[str, ...]]:
    """A shortest path to a unit from each first-tier unit that it stands behind.

    ``links`` are triples of a first-tier unit, a node of it, and a node directly below that.
    """
    steps = chains.steps_to(members)
    has_path = (steps[links[2]] >= 0) & (links[0] != unit)
    best: dict[int, tuple[int, ...]] = {}
    for supplier, node, lower in zip(*(column[has_path].tolist() for column in links), strict=True):
        way = (node, *along(steps, lower))
        if supplier not in best or (len(way), way) < (len(best[supplier]), best[supplier]):
            best[supplier] = way
    return {supplier: tuple(chains.names[node] for node in way) for supplier, way in best.items()}
