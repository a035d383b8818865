"""The data of the map's page: the picture and the results, as columns of numbers and a table of texts.

Each text is in it once, in both languages, and escaped (`graphsc.core.escape`). Nodes, edges, agreements and findings are
numbers. The page's script reads this, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphsc import __version__
from graphsc.analysis.concentration.shares import Base, Unit, View
from graphsc.analysis.model import PARTIES, critical_nodes, of_kind, threshold
from graphsc.analysis.resilience.sentences import losses_are_recorded
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import local_name
from graphsc.drawing import svg as shapes
from graphsc.drawing.chain import Links, chain_of
from graphsc.drawing.layout import ABOVE, ALIGNED, ASIDE, BELOW, LINE, NEAR, PASSES, RADIUS, SWEEPS, Spacing
from graphsc.drawing.model import OUTSIDE, EdgeKind, Kind, Passing, Picture, lane_name
from graphsc.drawing.projection import CRITICAL
from graphsc.drawing.svg import EDGE_KINDS, KINDS, LEVELS, LINES, LONGEST, MARKED, PASSING, PER_LINE, POINTED, STOPPED
from graphsc.rendering.map import records
from graphsc.rendering.map.records import COMPOSED, Json, Places, Texts, digits, sparse
from graphsc.rendering.map.words import WORDS
from graphsc.service.map import Mapped
from graphsc.validation import wording
from graphsc.validation.findings import Severity
from graphsc.validation.wording import SEVERITY

MANY = 150
"""From this number of nodes on, the map opens on an overview of authorities and owner groups."""
_KINDS = list(Kind)
_EDGE_KINDS = list(EdgeKind)
_SEVERITIES = list(Severity)
_PASSING = list(Passing)
BASES = (Base.CRITICAL_SYSTEMS, Base.SYSTEMS, Base.CONTRACTS, Base.SPEND)
"""The bases whose shares are shown, where they are measured."""
_THOUSAND = 1000


def content(mapped: Mapped, title: Text, language: Language) -> Json:
    """All data of the page, ready for JSON."""
    picture, texts = mapped.picture, Texts()
    places = Places(picture, mapped.records.agreements)
    page: Json = {
        "version": __version__,
        "asOf": mapped.report.as_of.isoformat(),
        "language": language.value,
        "title": texts(title),
        "partial": bool(mapped.problems),
        "judged": bool(mapped.report.running and wording.judged(mapped.report)),
        "unjudged": sum(outcome.not_checked is not None for outcome in mapped.report.rules),
        "names": _names(texts),
        "drawing": _drawing(),
        "prefix": places.prefix,
        "nodes": _nodes(mapped, texts, places),
        "edges": _edges(picture, places),
        "agreements": [[places.short(iri), texts(mapped.labels[iri])] for iri in places.agreements],
        "findings": records.findings(mapped, texts, places),
        "records": records.records(mapped, texts, places),
        "unplaced": list(picture.unplaced),
        "rules": records.rules(mapped, texts),
        "requirements": records.requirements(picture, texts, places),
        "supervision": records.supervision(mapped, texts, places),
        "outlines": [[outline.kind, texts(outline.label), list(outline.members)] for outline in picture.outlines],
        "duties": records.duties(mapped, texts, places),
        "dependencies": _dependencies(mapped, texts, places.node),
        "figures": _figures(mapped, places.node),
        "weakest": _weakest(mapped, texts, places.node),
        "dates": _dates(mapped, texts),
        "opening": opening(picture),
        "many": MANY,
    }
    page["texts"] = texts.table()
    page["composed"] = [[text.da, text.en] for text in COMPOSED]
    return page


def _names(texts: Texts) -> Json:
    return {
        "kinds": [texts(KINDS[kind]) for kind in _KINDS],
        "says": [texts(EDGE_KINDS[kind]) for kind in _EDGE_KINDS],
        "levels": [texts(level) for level in LEVELS],
        "severities": [texts(SEVERITY[severity]) for severity in _SEVERITIES],
        "passing": [texts(PASSING[state]) for state in _PASSING],
        "words": {key: texts(text) for key, text in sorted(WORDS.items())},
    }


def _drawing() -> Json:
    """Sizes and shapes, so that the page draws the same as `graphsc.drawing.svg`."""
    spacing = Spacing()
    return {
        "spacing": {name: getattr(spacing, name) for name in ("column", "row", "head", "foot", "least")},
        "sweeps": SWEEPS,
        "passes": PASSES,
        "aligned": list(ALIGNED),
        "radius": RADIUS,
        "badge": shapes.BADGE,
        "outer": shapes.OUTER,
        "kinds": [_flat(shapes.OUTLINES.get(kind)) for kind in _KINDS],
        "badges": [_flat(shapes.BADGES.get(severity)) for severity in _SEVERITIES],
        "perLine": PER_LINE,
        "longest": LONGEST,
        "lines": LINES,
        "line": LINE,
        "marked": MARKED,
        "stopped": STOPPED,
        "pointed": POINTED,
        "outside": OUTSIDE,
        "near": NEAR,
        "aside": ASIDE,
        "above": ABOVE,
        "below": BELOW,
    }


def _flat(points: shapes.Points | None) -> list[float] | None:
    return None if points is None else [part for point in points for part in point]


def _nodes(mapped: Mapped, texts: Texts, places: Places) -> Json:
    nodes, labels = mapped.picture.nodes, mapped.labels
    lanes = sorted({node.lane for node in nodes})
    return {
        "id": [places.short(node.iri) for node in nodes],
        "label": [texts(node.label) for node in nodes],
        "kind": digits(_KINDS.index(node.kind) for node in nodes),
        "lane": [node.lane for node in nodes],
        "level": digits(0 if node.level is None else 1 + node.level for node in nodes),
        "criticality": sparse((place, texts(node.criticality)) for place, node in enumerate(nodes) if node.criticality),
        "country": [local_name(node.country) if node.country else "" for node in nodes],
        "countries": {
            local_name(iri): texts(labels[iri]) for iri in sorted({node.country for node in nodes if node.country})
        },
        "cvr": sparse((place, node.cvr) for place, node in enumerate(nodes) if node.cvr),
        "owner": sparse((place, node.owner) for place, node in enumerate(nodes) if node.owner is not None),
        "findings": sparse((place, list(node.findings)) for place, node in enumerate(nodes) if node.findings),
        "lanes": {str(lane): texts(lane_name(lane)) for lane in _upto(lanes)},
    }


def _upto(lanes: Iterable[int]) -> list[int]:
    """The lanes that may be shown: in a chain a supplier may be deeper than in the whole picture."""
    inner = [lane for lane in lanes if lane != OUTSIDE]
    return [*range(max(inner, default=0) + 33), OUTSIDE]


def _edges(picture: Picture, places: Places) -> Json:
    edges = picture.edges
    return {
        "says": digits(_EDGE_KINDS.index(edge.kind) for edge in edges),
        "agreement": [places.agreement[edge.agreement] if edge.agreement else -1 for edge in edges],
        "parent": [places.agreement.get(edge.parent, -1) if edge.parent else -1 for edge in edges],
        "tier": [edge.tier or 0 for edge in edges],
        "dropped": sparse((place, list(edge.dropped)) for place, edge in enumerate(edges) if edge.dropped),
        "alternative": sparse((place, list(edge.alternative)) for place, edge in enumerate(edges) if edge.alternative),
        "findings": sparse((place, list(edge.findings)) for place, edge in enumerate(edges) if edge.findings),
    }


def _dates(mapped: Mapped, texts: Texts) -> Json:
    dated = mapped.dated
    if len(dated.dates) < 2:
        return {}
    return {
        "dates": [day.isoformat() for day in dated.dates],
        "nodes": list(dated.nodes),
        "edges": list(dated.edges),
        "findings": list(dated.findings),
        "was": [[node, date, texts(criticality)] for node, date, criticality in dated.was],
    }


def opening(picture: Picture) -> list[int]:
    """The nodes that a small map opens on: the society-critical functions with all that they need.

    Without functions these are the most critical nodes, and without these all nodes.
    """
    if len(picture.nodes) > MANY:
        return []
    starts = [place for place, node in enumerate(picture.nodes) if node.kind is Kind.FUNCTION] or [
        place for place, node in enumerate(picture.nodes) if node.kind is Kind.SYSTEM and node.level == CRITICAL
    ]
    if not starts:
        return [place for place, node in enumerate(picture.nodes) if node.kind is not Kind.OTHER]
    links = Links(picture)
    return sorted(links.places[node.iri] for node in chain_of(links, starts).nodes)


def _dependencies(mapped: Mapped, texts: Callable[[Text | None], int], node: Mapping[str, int]) -> dict[str, Any]:
    """The dependency graph, from which the page computes what fails with a loss.

    ``node`` is the number in the picture, or -1 for a node that is not drawn, which has a ``label``; ``needs`` has the number
    of needs that must fail for it to fail, then the needs.
    """
    graph = mapped.risk.graph
    index = {name: number for number, name in enumerate(graph)}
    kinds = {name: graph.nodes[name]["kind"] for name in of_kind(graph, "group", "country", "location")}
    return {
        "node": [node.get(name, -1) for name in graph],
        "label": {str(index[name]): texts(mapped.labels[name]) for name in kinds if name not in node},
        "kind": {str(index[name]): kind for name, kind in kinds.items()},
        "needs": [[threshold(graph, name), *(index[need] for need in graph.succ[name])] for name in graph],
        "critical": [index[name] for name in critical_nodes(graph)],
    }


def _figures(mapped: Mapped, node: Mapping[str, int]) -> dict[str, Any]:
    """By node: what its loss alone stops, its strength, and its shares, directly, ultimately and at any tier.

    ``recorded`` tells whether anything can be said of losses.

    Shares and strengths are in thousandths; a base without records is left out. Shares are flat: the base, its three
    shares, the next base, and so on.
    """
    risk = mapped.risk
    stops = {
        str(node[loss.node]): [loss.count, round(loss.weight)]
        for loss in risk.losses
        if loss.count and risk.graph.nodes[loss.node]["kind"] in PARTIES and loss.node in node
    }
    strengths = {
        str(node[name]): round(_THOUSAND * strength.value)
        for name, strength in sorted(risk.strengths.parties.items())
        if name in node and strength.known
    }
    shares: dict[str, list[int]] = {}
    for place, base in enumerate(BASES):
        direct, ultimate = (risk.measured(Unit.ORGANISATION, base, view) for view in (View.DIRECT, View.ULTIMATE))
        if direct is None or ultimate is None:
            continue
        near = {share.node: share.share for share in direct.shares}
        for share in ultimate.shares:
            if share.node in node:
                shares.setdefault(str(node[share.node]), []).extend(
                    (
                        place,
                        round(_THOUSAND * near.get(share.node, 0.0)),
                        round(_THOUSAND * share.share),
                        round(_THOUSAND * share.reach),
                    )
                )
    return {"stops": stops, "recorded": losses_are_recorded(risk.graph), "strength": strengths, "shares": shares}


def _weakest(mapped: Mapped, texts: Callable[[Text | None], int], node: Mapping[str, int]) -> list[list[Any]]:
    """For each critical chain its strength in thousandths (None if unknown), its _weakest link by name, and the path to that."""
    return [
        [
            node[link.target],
            round(_THOUSAND * link.strength) if mapped.risk.strengths.is_known(link.node) else None,
            texts(mapped.labels[link.node]),
            [node[step] for step in link.path if step in node],
        ]
        for link in mapped.risk.weakest
        if link.node is not None and link.target in node
    ]
