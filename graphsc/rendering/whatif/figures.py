"""A comparison as JSON, version 1 of the contract; ``docs/schemas/what-if-1.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsc.analysis.concentration.shares import Concentration
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.duties.duties import Duty, State
from graphsc.rendering.contract import both, place, read, written
from graphsc.rendering.whatif.words import summary, title
from graphsc.validation.findings import Finding, Severity
from graphsc.whatif.model import Dependence, Merging, Shift, WhatIf

SCHEMA = "graphsc.what-if/1"
Json = dict[str, Any]


def json(comparison: WhatIf) -> str:
    """The whole comparison; every text, the ``labels`` of all IRIs too, is in both languages.

    Fields may be added to the contract, never changed.
    """
    contents = {
        "schema": SCHEMA,
        "asOf": comparison.as_of.isoformat(),
        **read(comparison.inputs, comparison.problems, partial=comparison.partial),
        "scenario": {
            "without": list(comparison.scenario.without),
            "withoutCountries": list(comparison.scenario.without_countries),
            "mergers": [list(pair) for pair in comparison.scenario.mergers],
            "alternatives": [{"system": one, "organisation": other} for one, other in comparison.scenario.alternatives],
            "outage": comparison.scenario.outage,
        },
        "title": both(title(comparison)),
        "summary": both(summary(comparison)),
        "working": [
            {"kind": working.kind, "before": working.before, "after": working.after, "tolerated": working.tolerated}
            for working in comparison.working
        ],
        "standstill": [
            {
                "node": standstill.node,
                "kind": standstill.kind,
                "critical": standstill.critical,
                "tolerable": standstill.tolerable,
                "outcome": str(standstill.outcome),
            }
            for standstill in comparison.standstill
        ],
        "endedAgreements": list(comparison.ended),
        "singlePoints": {
            "before": comparison.points.before,
            "after": comparison.points.after,
            "new": [_dependence(dependence) for dependence in comparison.points.new],
            "gone": [_dependence(dependence) for dependence in comparison.points.gone],
        },
        "mergers": [_merging(merging) for merging in comparison.mergings],
        "weakestLinks": [
            {"target": chain.before.target, "before": _link(chain.before), "after": _link(chain.after)}
            for chain in comparison.chains
        ],
        "concentrationScale": comparison.thresholds.name,
        "concentration": [_shift(shift) for shift in comparison.shifts],
        "findings": {
            "before": levels(comparison.findings.before),
            "after": levels(comparison.findings.after),
            "new": [finding_json(finding) for finding in comparison.findings.new],
            "gone": [finding_json(finding) for finding in comparison.findings.gone],
        },
        "duties": {
            "before": {str(state): comparison.duties.before[state] for state in State},
            "after": {str(state): comparison.duties.after[state] for state in State},
            "new": [duty_json(duty) for duty in comparison.duties.new],
            "gone": [duty_json(duty) for duty in comparison.duties.gone],
            "changed": [
                {"before": duty_json(one), "after": duty_json(other)} for one, other in comparison.duties.changed
            ],
        },
        "labels": {iri: both(name) for iri, name in sorted(comparison.labels.items())},
    }
    return written(contents)


def _dependence(dependence: Dependence) -> Json:
    return {"event": dependence.event, "target": dependence.target}


def _link(link: WeakestLink) -> Json:
    return {"node": link.node, "strength": round(link.strength, 6), "path": list(link.path)}


def _merging(merging: Merging) -> Json:
    return {
        "parties": list(merging.parties),
        "group": merging.group,
        "index": [
            {
                "base": str(base),
                "share": round(index.share, 6),
                "before": round(index.before, 3),
                "after": round(index.after, 3),
                "change": round(index.change, 3),
            }
            for base, index in merging.index
        ],
        "together": list(merging.together),
    }


def _shift(shift: Shift) -> Json:
    return {
        "base": str(shift.base),
        "unit": str(shift.unit),
        "view": str(shift.view),
        "before": _held(shift.before),
        "after": _held(shift.after),
    }


def _held(result: Concentration | None) -> Json | None:
    if result is None:
        return None
    top = result.shares[0]
    return {
        "hhi": round(result.hhi, 3),
        "effectiveSuppliers": round(result.effective_suppliers, 3),
        "largest": {"node": top.node, "share": round(top.share, 6)},
    }


def levels(counts: Mapping[Severity, int]) -> Json:
    """How many findings of each severity."""
    return {str(level): counts[level] for level in Severity}


def duty_json(duty: Duty) -> Json:
    """A duty as the contract has it."""
    return {
        "rule": duty.rule,
        "kind": duty.kind,
        "subject": duty.subject,
        "value": duty.value,
        "holder": {
            "organisation": duty.holder.organisation,
            "role": duty.holder.role,
            "person": duty.holder.person,
        },
        "state": str(duty.state),
        "due": duty.due.isoformat() if duty.due else None,
    }


def finding_json(finding: Finding) -> Json:
    """A finding as the contract has it."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": both(finding.message),
        "remedy": both(finding.remedy),
        "subject": finding.subject,
        "value": finding.value,
        "location": place(finding.location),
        "statements": sorted(set(finding.statements)),
        "actor": {
            "organisation": finding.actor.organisation,
            "role": finding.actor.role,
            "person": finding.actor.person,
        },
        "fingerprint": finding.fingerprint,
    }
