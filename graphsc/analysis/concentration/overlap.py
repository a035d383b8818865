"""Hidden concentration: one party behind suppliers that look independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsc.analysis.concentration.flows import Chains, Floats, Ints, along, distinct
from graphsc.analysis.concentration.tally import Kind


@dataclass(frozen=True, slots=True)
class Overlap:
    """One unit behind several first-tier units.

    ``suppliers`` are the units of the first tier that it stands behind; ``paths`` a shortest way from each of them
    to it, in the same order, along the nodes of the chains. ``direct`` says whether it is in the first tier too.
    """

    node: str
    suppliers: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    direct: bool


def overlaps(first: Ints, chains: Chains, kind: Kind, most: int | None = None) -> tuple[Overlap, ...]:
    """Every unit that stands behind several different first-tier units, the most shared first.

    ``first`` are the nodes of the first tier, ``kind`` which nodes count as one unit. A unit is never behind itself.
    With ``most`` only so many are given: all are counted, and paths sought for those.
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
    """A shortest way to a unit from each first-tier unit that it stands behind.

    ``links`` are all units of the first tier, each with a node of it and what lies directly below that.
    """
    steps = chains.steps_to(members)
    leads = (steps[links[2]] >= 0) & (links[0] != unit)
    best: dict[int, tuple[int, ...]] = {}
    for supplier, node, lower in zip(*(ends[leads].tolist() for ends in links), strict=True):
        way = (node, *along(steps, lower))
        if supplier not in best or (len(way), way) < (len(best[supplier]), best[supplier]):
            best[supplier] = way
    return {supplier: tuple(chains.names[node] for node in way) for supplier, way in best.items()}
