"""All measures of risk of a dependency graph: resilience, concentration and exposure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import networkx as nx

from graphsc.analysis.concentration.chains import Overlap
from graphsc.analysis.concentration.purchases import Purchases, purchases
from graphsc.analysis.concentration.shares import Base, Concentration, Unit, View
from graphsc.analysis.concentration.substitution import Substitutability, substitutability
from graphsc.analysis.concentration.supply import Supply, supply
from graphsc.analysis.exposure import access
from graphsc.analysis.exposure.access import AccessGraph, Radius, access_graph, blast_radii
from graphsc.analysis.exposure.weakest_links import (
    ChainStrengths,
    Improvements,
    WeakestLink,
    chain_strengths,
    improvements,
    weakest_links,
)
from graphsc.analysis.model import DependencyGraph, completed, critical_nodes, of_kind, only_parties, project
from graphsc.analysis.records import GivenScores, Strengths, given_scores, namesakes, not_recorded, records, strengths
from graphsc.analysis.resilience.availability import availability
from graphsc.analysis.resilience.cutsets import CutSets, cut_sets
from graphsc.analysis.resilience.improvement import Fixes, cheapest_fix
from graphsc.analysis.resilience.losses import Loss, losses, points_by_target
from graphsc.core.garbage import without_garbage_collection
from graphsc.graph.dataset import Dataset

DETAILED = 50
"""The number of targets for which combinations of losses and availability are computed without being asked for."""
MOST = 3
"""The most losses of a combination."""
OVERLAPS = 100
"""The most parties behind several suppliers that are listed."""


@dataclass(frozen=True)
class Risk:
    """Every measure of a dependency graph.

    ``losses`` has the effect of the loss of each basic event alone, the heaviest first; ``weakest`` and ``improvements`` are
    on the critical targets, ``radii`` on what each party reaches by access. ``substitutability`` is that of the critical
    systems and of the society-critical functions. ``not_recorded`` has the things without a property, by its IRI, and
    ``namesakes`` the suppliers that count as several and by their names may be one.
    """

    graph: DependencyGraph = field(repr=False)
    purchases: Purchases
    supply: Supply = field(repr=False)
    concentration: tuple[Concentration, ...] = field(repr=False)
    substitutability: Mapping[Base, Substitutability]
    losses: tuple[Loss, ...] = field(repr=False)
    fixes: Fixes
    strengths: Strengths = field(repr=False)
    chains: ChainStrengths = field(repr=False)
    weakest: tuple[WeakestLink, ...]
    improvements: Improvements
    access: AccessGraph = field(repr=False)
    radii: tuple[Radius, ...]
    availabilities: Mapping[str, float] = field(default_factory=dict)
    not_recorded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    namesakes: tuple[tuple[str, ...], ...] = ()

    def measured(self, unit: Unit, base: Base, view: View) -> Concentration | None:
        """One concentration; None where nothing is recorded for it."""
        return next((c for c in self.concentration if (c.unit, c.base, c.view) == (unit, base, view)), None)

    @cached_property
    def parties(self) -> DependencyGraph:
        """The graph in which only organisations and owner groups can be lost, not whole countries."""
        return only_parties(self.graph)

    @cached_property
    @without_garbage_collection()
    def points(self) -> dict[str, tuple[str, ...]]:
        """The parties whose loss alone stops each critical system and function, the heaviest losses first."""
        return points_by_target(self.graph, (loss for loss in self.losses if self.parties.nodes[loss.node]["basic"]))

    @cached_property
    @without_garbage_collection()
    def overlaps(self) -> tuple[Overlap, ...]:
        """The organisations behind several of those that deliver directly to a system, the most shared first."""
        return self.supply.overlaps(Base.SYSTEMS, most=OVERLAPS)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The critical functions or, where there are none, the critical systems; the greatest weight first."""
        critical, nodes = critical_nodes(self.graph), self.graph.nodes
        functions = [node for node in critical if nodes[node]["kind"] == "function"]
        return tuple(sorted(functions or critical, key=lambda node: (-nodes[node]["weight"], node)))

    @cached_property
    @without_garbage_collection()
    def cuts(self) -> dict[str, CutSets]:
        """The minimal cut sets of the first targets, of up to ``MOST`` parties."""
        return {target: self.cuts_of(target) for target in self.targets[:DETAILED]}

    def cuts_of(self, target: str) -> CutSets:
        """The minimal cut sets of one target, of up to ``MOST`` parties."""
        return cut_sets(self.parties, target, MOST)

    @cached_property
    def availability(self) -> dict[str, float | None]:
        """The availability of each of the first targets, where availabilities of parties are given; others count as 1."""
        chances = {name: chance for name, chance in sorted(self.availabilities.items()) if name in self.graph}
        if not chances:
            return {}
        return {target: availability(self.graph, target, chances) for target in self.targets[:DETAILED]}


@without_garbage_collection()
def measure(dataset: Dataset, *, exposure: bool = True) -> Risk:
    """Every measure of a derived dataset; without ``exposure`` none of access."""
    graph = project(dataset)
    scores = given_scores(dataset)
    strong = strengths(records(dataset), scores, graph)
    accessible = access.project(dataset, strong) if exposure else None
    risk = _assessed(graph, purchases(dataset), strong, accessible, scores)
    return replace(risk, not_recorded=not_recorded(dataset), namesakes=namesakes(dataset))


@without_garbage_collection()
def assess(
    graph: nx.DiGraph[Any],
    bought: Purchases | None = None,
    strong: Strengths | None = None,
    accessible: AccessGraph | None = None,
    scores: GivenScores | None = None,
) -> Risk:
    """Every measure of any directed graph of dependencies (see `completed`), with purchases, strengths, access and scores where known."""
    return _assessed(completed(graph), bought, strong, accessible, scores)


def _assessed(
    graph: DependencyGraph,
    bought: Purchases | None,
    strong: Strengths | None,
    accessible: AccessGraph | None,
    scores: GivenScores | None,
) -> Risk:
    bought = bought or Purchases()
    scores = scores or GivenScores({}, {})
    strong = strong or strengths((), scores, graph)
    accessible = access_graph({}, ()) if accessible is None else accessible
    supplied = supply(graph, bought)
    chains = chain_strengths(graph, strong.in_chains())
    return Risk(
        graph=graph,
        purchases=bought,
        supply=supplied,
        concentration=supplied.measure(),
        substitutability=_substitutability(graph, supplied),
        losses=tuple(losses(graph)),
        fixes=cheapest_fix(only_parties(graph)),
        strengths=strong,
        chains=chains,
        weakest=weakest_links(chains),
        improvements=improvements(chains),
        access=accessible,
        radii=blast_radii(accessible),
        availabilities=scores.availabilities,
    )


def _substitutability(graph: DependencyGraph, supplied: Supply) -> dict[Base, Substitutability]:
    return {
        base: substitutability(
            graph,
            [node for node in of_kind(graph, kind) if graph.nodes[node]["critical"]],
            partial(supplied.units_of, unit=Unit.GROUP),
        )
        for base, kind in ((Base.CRITICAL_SYSTEMS, "system"), (Base.SOCIETY_CRITICAL_FUNCTIONS, "function"))
    }
