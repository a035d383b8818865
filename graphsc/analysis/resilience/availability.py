"""Availability: how likely something works when each party works with a given probability, independently.

Exact, over the states of the parties: those that alone stop the target must all work, and of the groups of options those that
share a party are worked out together, state by state, the others by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import product

import networkx as nx

from graphsc.analysis.model import DependencyGraph, threshold
from graphsc.analysis.resilience.cutsets import beneath, joined_events
from graphsc.analysis.resilience.losses import failed
from graphsc.core.cycles import reached

LIMIT = 1 << 12
"""The most states of the parties beneath groups of options; availability that takes more is not computed."""


def availability(
    graph: DependencyGraph, target: str, probabilities: Mapping[str, float], *, limit: int = LIMIT
) -> float | None:
    """The probability (0–1) that a target works, from the probability that each basic event works.

    Events without a probability are taken to work. None where there are more states than the limit.
    ValueError for a probability outside 0–1, and for one of a node that cannot fail by itself.
    """
    for node, chance in sorted(probabilities.items()):
        if not 0 <= chance <= 1:
            raise ValueError(f"{chance} of {node!r} is no probability")
        if not graph.nodes[node]["basic"]:
            raise ValueError(f"{node!r} cannot fail by itself")
    below = beneath(graph, target)
    works = {
        top: math.prod(probabilities.get(event, 1.0) for event in events)
        for top, events in joined_events(below, target).items()
        if any(probabilities.get(event, 1.0) < 1 for event in events)
    }
    alone = [top for top in works if target in failed(below, (top,))]
    chance = math.prod(works.pop(top) for top in alone)
    for groups, parts in _sharing(below, target, works):
        if 1 << len(parts) > limit:
            return None
        chance *= _all_work(below, groups, {part: works[part] for part in parts})
    return chance


def _sharing(below: DependencyGraph, target: str, parts: Collection[str]) -> list[tuple[set[str], list[str]]]:
    """The groups of options that the target needs, those that share parts beneath them together, with these parts."""
    every = reached((target,), lambda node: below.succ[node] if threshold(below, node) == 1 else ())
    beside: nx.Graph[tuple[str, bool]] = nx.Graph()
    for group in sorted(node for node in every if threshold(below, node) > 1):
        under = {group, *nx.descendants(below, group)}
        beside.add_edges_from(((group, True), (part, False)) for part in parts if part in under)
    return [
        ({node for node, is_group in together if is_group}, sorted(node for node, is_group in together if not is_group))
        for together in nx.connected_components(beside)
    ]


def _all_work(below: DependencyGraph, groups: Collection[str], works: Mapping[str, float]) -> float:
    """The probability that all of some groups of options work, summed over the states of the parts beneath them."""
    return math.fsum(
        math.prod(works[part] if up else 1 - works[part] for part, up in zip(works, state, strict=True))
        for state in product((True, False), repeat=len(works))
        if failed(below, (part for part, up in zip(works, state, strict=True) if not up)).isdisjoint(groups)
    )
