"""The figures of risk as JSON, version 1 of the contract; `document.Document` describes it."""

from __future__ import annotations

from collections.abc import Iterable

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
from graphsc.rendering.contract import both, read, written
from graphsc.rendering.risk.document import Available, Document, LinkStrength, Repair, Shares, Stop, Weakest

_DIGITS = 12


def render(assessment: Assessment) -> str:
    """Everything measured, every node by its IRI, sentences and names in both languages."""
    risk, graph = assessment.risk, assessment.risk.graph
    contents: Document = {
        "schema": "graphsc.risk/1",
        "asOf": assessment.as_of,
        **read(
            sorted(assessment.sources.sources, key=lambda source: source.file),
            assessment.problems,
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
                "alternatives": dict(sorted(measured.alternatives.items())),
                "shareWithout": rounded(measured.share_without),
            }
            for base, measured in risk.substitutability.items()
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
            _availability(graph.names[target], measured)
            for target, measured in sorted(risk.availability.items(), key=lambda pair: graph.names[pair[0]])
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
                "strength": rounded(improvement.strength),
                "gain": rounded(improvement.gain),
                "lifts": [
                    {"system": lift.target, "before": rounded(lift.before), "after": rounded(lift.after)}
                    for lift in improvement.lifts
                ],
                "sentence": both(improvement_sentence(improvement, assessment.label)),
            }
            for improvement in risk.improvements.ranked
        ],
        "stuck": list(risk.improvements.stuck),
        "strengths": [
            _strength(assessment, name, measured)
            for name, measured in sorted([*risk.strengths.links.items(), *risk.strengths.parties.items()])
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
            {"node": radius.source, "reached": radius.reached, "weight": rounded(radius.weight)}
            for radius in risk.radii
        ],
        "labels": {name: both(assessment.label(name)) for name in sorted({*graph.names, *risk.access.names})},
    }
    return written(contents)


def rounded(value: float) -> float:
    """A figure without the noise of its last bits."""
    return round(value, _DIGITS)


def _concentration(assessment: Assessment, concentration: Concentration) -> Shares:
    return {
        "unit": concentration.unit,
        "base": concentration.base,
        "view": concentration.view,
        "hhi": rounded(concentration.hhi),
        "level": assessment.thresholds.level(concentration.hhi),
        "effectiveSuppliers": rounded(concentration.effective_suppliers),
        "cr1": rounded(concentration.cr1),
        "cr3": rounded(concentration.cr3),
        "total": rounded(concentration.total),
        "items": concentration.items,
        "covered": rounded(concentration.covered),
        "sentence": both(concentration_sentence(concentration, assessment.label, assessment.thresholds)),
        "shares": [
            {
                "node": part.node,
                "share": rounded(part.share),
                "amount": rounded(part.amount),
                "items": part.items,
                "reach": rounded(part.reach),
            }
            for part in concentration.shares
        ],
    }


def _loss(assessment: Assessment, loss: Loss) -> Stop:
    graph = assessment.risk.graph
    return {
        "node": graph.names[loss.node],
        "kind": graph.kinds[loss.node],
        "weight": rounded(loss.weight),
        "stops": _names(assessment, loss.stops),
        "sentence": both(loss_sentence(graph, loss, assessment.label)),
    }


def _names(assessment: Assessment, nodes: Iterable[int]) -> list[str]:
    return sorted(assessment.risk.graph.names[node] for node in nodes)


def _availability(target: str, availability: Availability) -> Available:
    return {
        "node": target,
        "value": rounded(availability.value),
        "low": rounded(availability.low),
        "high": rounded(availability.high),
        "exact": availability.exact,
        "samples": availability.samples,
    }


def _fix(assessment: Assessment, fix: Fix) -> Repair:
    graph = assessment.risk.graph
    return {
        "node": graph.names[fix.node],
        "need": None if fix.need is None else graph.names[fix.need],
        "removed": fix.removed,
        "weight": rounded(fix.weight),
        "events": _names(assessment, fix.events),
        "targets": _names(assessment, fix.targets),
        "sentence": both(fix_sentence(graph, fix, assessment.risk.fixes.before, assessment.label)),
    }


def _weakest(assessment: Assessment, link: WeakestLink) -> Weakest:
    return {
        "system": link.target,
        "node": link.node,
        "strength": rounded(link.strength),
        "path": list(link.path),
        "sentence": both(weakest_sentence(link, assessment.label)),
    }


def _strength(assessment: Assessment, name: str, strength: Strength) -> LinkStrength:
    return {
        "node": name,
        "strength": rounded(strength.value),
        "known": strength.has_source,
        "given": strength.given,
        "evidence": None if strength.evidence is None else rounded(strength.evidence),
        "components": [
            {
                "name": str(part.name),
                "value": rounded(part.value),
                "weight": part.weight,
                "numerator": part.numerator,
                "denominator": part.denominator,
            }
            for part in strength.components
        ],
        "sentence": both(strength_sentence(name, strength, assessment.label)),
    }
