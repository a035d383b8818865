"""All measures of risk: of a dependency graph, of an input on a day for every rendering, and as triples.

As triples they can be used by a question in SPARQL. A least fixpoint and the strength of a chain cannot be computed in SPARQL 1.1. Their results are few: what each party stops,
the strength of each link and chain, and the shares of each unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote

import networkx as nx
import pyoxigraph as ox

from graphsc.analysis.concentration.shares import (
    Base,
    Concentration,
    HhiThresholds,
    Purchases,
    Share,
    Substitutability,
    Unit,
    View,
    purchases,
    substitutability,
)
from graphsc.analysis.concentration.supply import Overlap, Supply, supply
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
from graphsc.analysis.resilience.improvement import Fixes, cheapest_fix
from graphsc.analysis.resilience.losses import CutSets, Loss, availability, cut_sets, losses, points_by_target
from graphsc.core.garbage import without_garbage_collection
from graphsc.core.identifiers import absolute
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import COUNTRY, LOCATION, RDF_TYPE, ROOT, XSD_BOOLEAN, XSD_DECIMAL, G
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels
from graphsc.sources import Sources

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


@dataclass(frozen=True)
class Assessment:
    """The measures, their sources, and the names of nodes.

    ``problems`` name the input that could not be read and is missing from the figures; ``base`` completes the ids of `named`.
    """

    as_of: date
    sources: Sources
    problems: tuple[Problem, ...]
    risk: Risk
    labels: Labels
    base: str
    thresholds: HhiThresholds

    def label(self, node: str) -> Text:
        """The name of a node, for a person."""
        return self.labels[node]

    def named(self, text: str) -> list[str]:
        """The nodes that a text may mean: by IRI, by id, by country code, or by name in either language."""
        nodes = {*self.risk.graph, *self.risk.access}
        for exact in (text, absolute(text, self.base), COUNTRY + text.upper()):
            if exact in nodes:
                return [exact]
        ends = tuple(mark + text for mark in "/#:")
        result = sorted(node for node in nodes if node.endswith(ends) and not node.startswith((COUNTRY, LOCATION)))
        if result:
            return result
        name = text.casefold()
        return sorted(
            node for node in nodes if any(self.labels[node][language].casefold() == name for language in Language)
        )


HOLDERS = (Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
"""The kinds of unit whose shares are shown and become triples."""
_PLACES = Decimal("0.0001")


def risk_triples(risk: Risk) -> Iterator[ox.Triple]:
    """The measures as triples of the terms that the ontology has for them.

    Losses that stop something have a triple for each thing that they stop; shares and indices are those by
    organisation, owner group and country. Figures are rounded to four decimals.
    """
    yield from _losses(risk)
    yield from _strengths(risk)
    for concentration in risk.concentration:
        if concentration.unit in HOLDERS:
            yield from _concentration(concentration)
            for share in concentration.shares:
                yield from _share(concentration, share)


def _losses(risk: Risk) -> Iterator[ox.Triple]:
    for loss in risk.losses:
        if loss.count:
            party = ox.NamedNode(loss.node)
            yield _fact(party, "stoppedWeight", _number(loss.weight))
            for target in sorted(loss.stops):
                yield _fact(party, "stops", ox.NamedNode(target))
    for target, points in sorted(risk.points.items()):
        yield _fact(ox.NamedNode(target), "singlePoints", ox.Literal(len(points)))


def _strengths(risk: Risk) -> Iterator[ox.Triple]:
    for name, value in sorted(risk.strengths.in_chains().items()):
        yield _fact(ox.NamedNode(name), "strength", _number(value))
    for link in risk.weakest:
        target = ox.NamedNode(link.target)
        yield _fact(target, "chainStrength", _number(link.strength))
        if link.node is not None:
            yield _fact(target, "weakestLink", ox.NamedNode(link.node))


def _concentration(of: Concentration) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"urn:graphsc:concentration:{of.base.value}/{of.unit.value}/{of.view.value}")
    yield from _measured(node, "Concentration", of)
    yield _fact(node, "hhi", _number(of.hhi))
    yield _fact(node, "largest", ox.NamedNode(of.shares[0].node))


def _share(of: Concentration, share: Share) -> Iterator[ox.Triple]:
    parts = (of.base.value, of.unit.value, of.view.value, quote(share.node, safe=""))
    node = ox.NamedNode(f"urn:graphsc:share:{'/'.join(parts)}")
    yield from _measured(node, "Share", of)
    yield _fact(node, "heldBy", ox.NamedNode(share.node))
    yield _fact(node, "share", _number(share.share))
    yield _fact(node, "reach", _number(share.reach))
    yield _fact(node, "items", ox.Literal(share.items))


def _measured(node: ox.NamedNode, kind: str, of: Concentration) -> Iterator[ox.Triple]:
    """The class, unit, base and view of a measure."""
    yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + kind))
    yield _fact(node, "unit", ox.NamedNode(f"{ROOT}unit/{of.unit.value}"))
    yield _fact(node, "measuredBase", ox.NamedNode(f"{ROOT}base/{of.base.value}"))
    ultimate = str(of.view is View.ULTIMATE).lower()
    yield _fact(node, "ultimate", ox.Literal(ultimate, datatype=ox.NamedNode(XSD_BOOLEAN)))


def _fact(node: ox.NamedNode, local: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(G + local), value)


def _number(value: float) -> ox.Literal:
    """The figure as a decimal in the engine's lexical form: without trailing zeros and without an exponent."""
    rounded = Decimal(repr(value)).quantize(_PLACES).normalize()
    return ox.Literal(f"{rounded:f}", datatype=ox.NamedNode(XSD_DECIMAL))
