"""The figures of risk for machines: JSON, version 1 of the contract, and CSV, one figure a row.

``docs/schemas/risk-1.schema.json`` describes the JSON. Fields may be added to the contract, never changed.
"""

from __future__ import annotations

import csv as writer
import io
from collections.abc import Iterator, Sequence

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import concentration_sentence, overlap_sentence
from graphsc.analysis.concentration.shares import Concentration
from graphsc.analysis.exposure.sentences import improvement_sentence, strength_sentence, weakest_sentence
from graphsc.analysis.exposure.strength import Strength
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.resilience.availability import Availability
from graphsc.analysis.resilience.improvement import Fix
from graphsc.analysis.resilience.losses import Loss
from graphsc.analysis.resilience.sentences import fix_sentence, loss_sentence
from graphsc.core import escape
from graphsc.core.text import Language
from graphsc.rendering.contract import both, read, written

SCHEMA = "graphsc.risk/1"
_DIGITS = 12


def json(found: Assessment) -> str:
    """Everything measured, every node by its IRI, sentences and names in both languages."""
    risk, graph = found.risk, found.risk.graph
    contents = {
        "schema": SCHEMA,
        "asOf": found.as_of.isoformat(),
        **read(sorted(found.sources.sources, key=lambda one: one.file), found.problems, partial=bool(found.problems)),
        "concentrationScale": {
            "name": found.thresholds.name,
            "moderateFrom": found.thresholds.moderate,
            "highAbove": found.thresholds.high,
            "source": both(found.thresholds.source),
        },
        "concentration": [_concentration(found, one) for one in risk.concentration],
        "substitutability": [
            {
                "base": str(base),
                "alternatives": dict(sorted(one.alternatives.items())),
                "shareWithout": _round(one.share_without),
            }
            for base, one in risk.substitutability.items()
        ],
        "singlePoints": [_loss(found, one) for one in risk.losses if one.count],
        "standsOrFallsWith": [
            {"node": graph.names[target], "points": [graph.names[point] for point in points]}
            for target, points in sorted(risk.points.items(), key=lambda pair: graph.names[pair[0]])
        ],
        "cutSets": [
            {
                "target": graph.names[target],
                "upTo": cuts.most,
                "sets": [sorted(graph.names[event] for event in events) for events in cuts],
            }
            for target, cuts in sorted(risk.cuts.items(), key=lambda pair: graph.names[pair[0]])
        ],
        "availability": [
            _availability(graph.names[target], one)
            for target, one in sorted(risk.availability.items(), key=lambda pair: graph.names[pair[0]])
        ],
        "fixes": {
            "before": risk.fixes.before,
            "exact": risk.fixes.exact,
            "ranked": [_fix(found, one) for one in risk.fixes.ranked],
        },
        "weakestLinks": [_weakest(found, one) for one in risk.weakest],
        "improvements": [
            {
                "node": one.node,
                "strength": _round(one.strength),
                "gain": _round(one.gain),
                "lifts": [
                    {"system": lift.target, "before": _round(lift.before), "after": _round(lift.after)}
                    for lift in one.lifts
                ],
                "sentence": both(improvement_sentence(one, found.label)),
            }
            for one in risk.improvements.ranked
        ],
        "stuck": list(risk.improvements.stuck),
        "strengths": [
            _strength(found, name, one)
            for name, one in sorted([*risk.strengths.links.items(), *risk.strengths.parties.items()])
        ],
        "overlaps": [
            {
                "node": one.node,
                "suppliers": list(one.suppliers),
                "paths": [list(path) for path in one.paths],
                "direct": one.direct,
                "sentence": both(overlap_sentence(one, found.label)),
            }
            for one in risk.overlaps
        ],
        "access": [{"node": one.source, "reached": one.reached, "weight": _round(one.weight)} for one in risk.radii],
        "labels": {name: both(found.label(name)) for name in sorted({*graph.names, *risk.access.names})},
    }
    return written(contents)


def csv(found: Assessment, language: Language) -> str:
    """A row for each figure: what is measured, of what, by what, the node, its name, and the value."""
    stream = io.StringIO(newline="")
    rows = writer.writer(stream, lineterminator="\n")
    rows.writerow(("measure", "base", "unit", "view", "node", "label", "value"))
    for measure, base, unit, view, node, value in _rows(found):
        name = escape.line(found.label(node)[language]) if node else ""
        rows.writerow((measure, base, unit, view, node, escape.cell(name), value))
    return stream.getvalue()


def _rows(found: Assessment) -> Iterator[tuple[str, str, str, str, str, float]]:
    risk, graph = found.risk, found.risk.graph
    for one in risk.concentration:
        where = (str(one.base), str(one.unit), str(one.view))
        yield ("hhi", *where, "", _round(one.hhi))
        yield ("effective-suppliers", *where, "", _round(one.effective_suppliers))
        yield ("cr1", *where, "", _round(one.cr1))
        yield ("cr3", *where, "", _round(one.cr3))
        for part in one.shares:
            yield ("share", *where, part.node, _round(part.share))
            yield ("reach", *where, part.node, _round(part.reach))
    for loss in risk.losses:
        if loss.count:
            yield ("loss-weight", "", graph.kinds[loss.node], "", graph.names[loss.node], _round(loss.weight))
            yield ("loss-count", "", graph.kinds[loss.node], "", graph.names[loss.node], loss.count)
    for target, points in sorted(risk.points.items(), key=lambda pair: graph.names[pair[0]]):
        yield ("single-points", "", graph.kinds[target], "", graph.names[target], len(points))
    for weak in risk.weakest:
        kind = graph.kinds[graph.index[weak.target]]
        yield ("chain-strength", "", kind, "", weak.target, _round(weak.strength))
    for name, strength in sorted(risk.strengths.links.items()):
        yield ("strength", "", "agreement", "", name, _round(strength.value))
    for name, strength in sorted(risk.strengths.parties.items()):
        yield ("strength", "", "organisation", "", name, _round(strength.value))
    for radius in risk.radii:
        yield ("reach-of-a-break-in", "", "", "", radius.source, _round(radius.weight))


def _round(value: float) -> float:
    """A figure without the noise of its last bits."""
    return round(value, _DIGITS)


def _concentration(found: Assessment, one: Concentration) -> dict[str, object]:
    return {
        "unit": str(one.unit),
        "base": str(one.base),
        "view": str(one.view),
        "hhi": _round(one.hhi),
        "level": str(found.thresholds.level(one.hhi)),
        "effectiveSuppliers": _round(one.effective_suppliers),
        "cr1": _round(one.cr1),
        "cr3": _round(one.cr3),
        "total": _round(one.total),
        "items": one.items,
        "covered": _round(one.covered),
        "sentence": both(concentration_sentence(one, found.label, found.thresholds)),
        "shares": [
            {
                "node": part.node,
                "share": _round(part.share),
                "amount": _round(part.amount),
                "items": part.items,
                "reach": _round(part.reach),
            }
            for part in one.shares
        ],
    }


def _loss(found: Assessment, one: Loss) -> dict[str, object]:
    graph = found.risk.graph
    return {
        "node": graph.names[one.node],
        "kind": graph.kinds[one.node],
        "weight": _round(one.weight),
        "stops": _names(found, one.stops),
        "sentence": both(loss_sentence(graph, one, found.label)),
    }


def _names(found: Assessment, nodes: Sequence[int] | frozenset[int]) -> list[str]:
    return sorted(found.risk.graph.names[node] for node in nodes)


def _availability(target: str, one: Availability) -> dict[str, object]:
    return {
        "node": target,
        "value": _round(one.value),
        "low": _round(one.low),
        "high": _round(one.high),
        "exact": one.exact,
        "samples": one.samples,
    }


def _fix(found: Assessment, one: Fix) -> dict[str, object]:
    graph = found.risk.graph
    return {
        "node": graph.names[one.node],
        "need": None if one.need is None else graph.names[one.need],
        "removed": one.removed,
        "weight": _round(one.weight),
        "events": _names(found, one.events),
        "targets": _names(found, one.targets),
        "sentence": both(fix_sentence(graph, one, found.risk.fixes.before, found.label)),
    }


def _weakest(found: Assessment, one: WeakestLink) -> dict[str, object]:
    return {
        "system": one.target,
        "node": one.node,
        "strength": _round(one.strength),
        "path": list(one.path),
        "sentence": both(weakest_sentence(one, found.label)),
    }


def _strength(found: Assessment, name: str, one: Strength) -> dict[str, object]:
    return {
        "node": name,
        "strength": _round(one.value),
        "known": one.known,
        "given": one.given,
        "evidence": None if one.evidence is None else _round(one.evidence),
        "components": [
            {
                "name": str(part.name),
                "value": _round(part.value),
                "weight": part.weight,
                "numerator": part.numerator,
                "denominator": part.denominator,
            }
            for part in one.components
        ],
        "sentence": both(strength_sentence(name, one, found.label)),
    }
