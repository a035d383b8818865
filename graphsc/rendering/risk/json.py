"""The figures of risk as JSON, version 1 of the contract; `document.Document` describes it."""

from __future__ import annotations

from typing import Any

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import concentration_sentence, overlap_sentence
from graphsc.analysis.exposure.sentences import improvement_sentence, strength_sentence, weakest_sentence
from graphsc.analysis.resilience.improvement import Fix
from graphsc.analysis.resilience.sentences import fix_sentence, loss_sentence
from graphsc.rendering.contract import both, from_attributes, read, written
from graphsc.rendering.risk.document import (
    AccessReach,
    Available,
    Document,
    Gain,
    Lift,
    LinkStrength,
    Repair,
    SharedSupplier,
    Shares,
    Weakest,
)

_DIGITS = 12


def render(assessment: Assessment) -> str:
    """Everything measured, every node by its IRI, sentences and names in both languages."""
    risk, graph, label = assessment.risk, assessment.risk.graph, assessment.label
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
        "concentration": [
            from_attributes(
                Shares,
                concentration,
                level=assessment.thresholds.level(concentration.hhi),
                sentence=both(concentration_sentence(concentration, label, assessment.thresholds)),
            )
            for concentration in risk.concentration
        ],
        "substitutability": [
            {
                "base": str(base),
                "alternatives": dict(sorted(measured.alternatives.items())),
                "shareWithout": measured.share_without,
            }
            for base, measured in risk.substitutability.items()
        ],
        "singlePoints": [
            {
                "node": graph.names[loss.node],
                "kind": graph.kinds[loss.node],
                "weight": loss.weight,
                "stops": sorted(graph.names[node] for node in loss.stops),
                "sentence": both(loss_sentence(graph, loss, label)),
            }
            for loss in risk.losses
            if loss.count
        ],
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
            from_attributes(Available, measured, node=graph.names[target])
            for target, measured in sorted(risk.availability.items(), key=lambda pair: graph.names[pair[0]])
        ],
        "fixes": {
            "before": risk.fixes.before,
            "exact": risk.fixes.exact,
            "ranked": [_fix(assessment, fix) for fix in risk.fixes.ranked],
        },
        "weakestLinks": [
            from_attributes(Weakest, link, system=link.target, sentence=both(weakest_sentence(link, label)))
            for link in risk.weakest
        ],
        "improvements": [
            from_attributes(
                Gain,
                improvement,
                lifts=[from_attributes(Lift, lift, system=lift.target) for lift in improvement.lifts],
                sentence=both(improvement_sentence(improvement, label)),
            )
            for improvement in risk.improvements.ranked
        ],
        "stuck": list(risk.improvements.stuck),
        "strengths": [
            from_attributes(
                LinkStrength,
                measured,
                node=name,
                strength=measured.value,
                known=measured.has_source,
                sentence=both(strength_sentence(name, measured, label)),
            )
            for name, measured in sorted([*risk.strengths.links.items(), *risk.strengths.parties.items()])
        ],
        "overlaps": [
            from_attributes(SharedSupplier, overlap, sentence=both(overlap_sentence(overlap, label)))
            for overlap in risk.overlaps
        ],
        "access": [from_attributes(AccessReach, radius, node=radius.source) for radius in risk.radii],
        "labels": {name: both(label(name)) for name in sorted({*graph.names, *risk.access.names})},
    }
    return written(_rounded(contents))


def rounded(value: float) -> float:
    """A figure without the noise of its last bits."""
    return round(value, _DIGITS)


def _rounded(value: Any) -> Any:
    """A document in which every figure is rounded."""
    match value:
        case float():
            return rounded(value)
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list():
            return [_rounded(item) for item in value]
    return value


def _fix(assessment: Assessment, fix: Fix) -> Repair:
    graph = assessment.risk.graph
    return from_attributes(
        Repair,
        fix,
        node=graph.names[fix.node],
        need=None if fix.need is None else graph.names[fix.need],
        events=sorted(graph.names[event] for event in fix.events),
        targets=sorted(graph.names[target] for target in fix.targets),
        sentence=both(fix_sentence(graph, fix, assessment.risk.fixes.before, assessment.label)),
    )
