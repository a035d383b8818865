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


def json(assessment: Assessment) -> str:
    """Everything measured, every node by its IRI, sentences and names in both languages."""
    risk, graph = assessment.risk, assessment.risk.graph
    contents = {
        "schema": SCHEMA,
        "asOf": assessment.as_of.isoformat(),
        **read(
            sorted(assessment.sources.sources, key=lambda source: source.file),
            assessment.problems,
            partial=bool(assessment.problems),
        ),
        "concentrationScale": {
            "name": assessment.thresholds.name,
            "moderateFrom": assessment.thresholds.moderate,
            "highAbove": assessment.thresholds.high,
            "source": both(assessment.thresholds.source),
        },
        "concentration": [_concentration(assessment, concentration) for concentration in risk.concentration],
        "substitutability": [
            {
                "base": str(base),
                "alternatives": dict(sorted(one.alternatives.items())),
                "shareWithout": _round(one.share_without),
            }
            for base, one in risk.substitutability.items()
        ],
        "singlePoints": [_loss(assessment, loss) for loss in risk.losses if loss.count],
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
            "ranked": [_fix(assessment, fix) for fix in risk.fixes.ranked],
        },
        "weakestLinks": [_weakest(assessment, link) for link in risk.weakest],
        "improvements": [
            {
                "node": improvement.node,
                "strength": _round(improvement.strength),
                "gain": _round(improvement.gain),
                "lifts": [
                    {"system": lift.target, "before": _round(lift.before), "after": _round(lift.after)}
                    for lift in improvement.lifts
                ],
                "sentence": both(improvement_sentence(improvement, assessment.label)),
            }
            for improvement in risk.improvements.ranked
        ],
        "stuck": list(risk.improvements.stuck),
        "strengths": [
            _strength(assessment, name, one)
            for name, one in sorted([*risk.strengths.links.items(), *risk.strengths.parties.items()])
        ],
        "overlaps": [
            {
                "node": overlap.node,
                "suppliers": list(overlap.suppliers),
                "paths": [list(path) for path in overlap.paths],
                "direct": overlap.direct,
                "sentence": both(overlap_sentence(overlap, assessment.label)),
            }
            for overlap in risk.overlaps
        ],
        "access": [
            {"node": radius.source, "reached": radius.reached, "weight": _round(radius.weight)} for radius in risk.radii
        ],
        "labels": {name: both(assessment.label(name)) for name in sorted({*graph.names, *risk.access.names})},
    }
    return written(contents)


def csv(assessment: Assessment, language: Language) -> str:
    """A row for each figure: what is measured, of what, by what, the node, its name, and the value."""
    stream = io.StringIO(newline="")
    rows = writer.writer(stream, lineterminator="\n")
    rows.writerow(("measure", "base", "unit", "view", "node", "label", "value"))
    for measure, base, unit, view, node, value in _rows(assessment):
        name = escape.line(assessment.label(node)[language]) if node else ""
        rows.writerow((measure, base, unit, view, node, escape.cell(name), value))
    return stream.getvalue()


def _rows(assessment: Assessment) -> Iterator[tuple[str, str, str, str, str, float]]:
    risk, graph = assessment.risk, assessment.risk.graph
    for concentration in risk.concentration:
        where = (str(concentration.base), str(concentration.unit), str(concentration.view))
        yield ("hhi", *where, "", _round(concentration.hhi))
        yield ("effective-suppliers", *where, "", _round(concentration.effective_suppliers))
        yield ("cr1", *where, "", _round(concentration.cr1))
        yield ("cr3", *where, "", _round(concentration.cr3))
        for part in concentration.shares:
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


def _concentration(assessment: Assessment, concentration: Concentration) -> dict[str, object]:
    return {
        "unit": str(concentration.unit),
        "base": str(concentration.base),
        "view": str(concentration.view),
        "hhi": _round(concentration.hhi),
        "level": str(assessment.thresholds.level(concentration.hhi)),
        "effectiveSuppliers": _round(concentration.effective_suppliers),
        "cr1": _round(concentration.cr1),
        "cr3": _round(concentration.cr3),
        "total": _round(concentration.total),
        "items": concentration.items,
        "covered": _round(concentration.covered),
        "sentence": both(concentration_sentence(concentration, assessment.label, assessment.thresholds)),
        "shares": [
            {
                "node": part.node,
                "share": _round(part.share),
                "amount": _round(part.amount),
                "items": part.items,
                "reach": _round(part.reach),
            }
            for part in concentration.shares
        ],
    }


def _loss(assessment: Assessment, loss: Loss) -> dict[str, object]:
    graph = assessment.risk.graph
    return {
        "node": graph.names[loss.node],
        "kind": graph.kinds[loss.node],
        "weight": _round(loss.weight),
        "stops": _names(assessment, loss.stops),
        "sentence": both(loss_sentence(graph, loss, assessment.label)),
    }


def _names(assessment: Assessment, nodes: Sequence[int] | frozenset[int]) -> list[str]:
    return sorted(assessment.risk.graph.names[node] for node in nodes)


def _availability(target: str, availability: Availability) -> dict[str, object]:
    return {
        "node": target,
        "value": _round(availability.value),
        "low": _round(availability.low),
        "high": _round(availability.high),
        "exact": availability.exact,
        "samples": availability.samples,
    }


def _fix(assessment: Assessment, fix: Fix) -> dict[str, object]:
    graph = assessment.risk.graph
    return {
        "node": graph.names[fix.node],
        "need": None if fix.need is None else graph.names[fix.need],
        "removed": fix.removed,
        "weight": _round(fix.weight),
        "events": _names(assessment, fix.events),
        "targets": _names(assessment, fix.targets),
        "sentence": both(fix_sentence(graph, fix, assessment.risk.fixes.before, assessment.label)),
    }


def _weakest(assessment: Assessment, link: WeakestLink) -> dict[str, object]:
    return {
        "system": link.target,
        "node": link.node,
        "strength": _round(link.strength),
        "path": list(link.path),
        "sentence": both(weakest_sentence(link, assessment.label)),
    }


def _strength(assessment: Assessment, name: str, strength: Strength) -> dict[str, object]:
    return {
        "node": name,
        "strength": _round(strength.value),
        "known": strength.has_source,
        "given": strength.given,
        "evidence": None if strength.evidence is None else _round(strength.evidence),
        "components": [
            {
                "name": str(part.name),
                "value": _round(part.value),
                "weight": part.weight,
                "numerator": part.numerator,
                "denominator": part.denominator,
            }
            for part in strength.components
        ],
        "sentence": both(strength_sentence(name, strength, assessment.label)),
    }
