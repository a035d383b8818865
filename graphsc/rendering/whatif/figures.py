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


def json(found: WhatIf) -> str:
    """The whole comparison; every text, the ``labels`` of all IRIs too, is in both languages.

    Fields may be added to the contract, never changed.
    """
    contents = {
        "schema": SCHEMA,
        "asOf": found.as_of.isoformat(),
        **read(found.inputs, found.problems, partial=found.partial),
        "scenario": {
            "without": list(found.scenario.without),
            "withoutCountries": list(found.scenario.without_countries),
            "mergers": [list(pair) for pair in found.scenario.mergers],
            "alternatives": [{"system": one, "organisation": other} for one, other in found.scenario.alternatives],
            "outage": found.scenario.outage,
        },
        "title": both(title(found)),
        "summary": both(summary(found)),
        "working": [
            {"kind": one.kind, "before": one.before, "after": one.after, "tolerated": one.tolerated}
            for one in found.working
        ],
        "standstill": [
            {
                "node": one.node,
                "kind": one.kind,
                "critical": one.critical,
                "tolerable": one.tolerable,
                "outcome": str(one.outcome),
            }
            for one in found.standstill
        ],
        "endedAgreements": list(found.ended),
        "singlePoints": {
            "before": found.points.before,
            "after": found.points.after,
            "new": [_dependence(one) for one in found.points.new],
            "gone": [_dependence(one) for one in found.points.gone],
        },
        "mergers": [_merging(one) for one in found.mergings],
        "weakestLinks": [
            {"target": chain.before.target, "before": _link(chain.before), "after": _link(chain.after)}
            for chain in found.chains
        ],
        "concentrationScale": found.thresholds.name,
        "concentration": [_shift(one) for one in found.shifts],
        "findings": {
            "before": levels(found.findings.before),
            "after": levels(found.findings.after),
            "new": [finding(one) for one in found.findings.new],
            "gone": [finding(one) for one in found.findings.gone],
        },
        "duties": {
            "before": {str(state): found.duties.before[state] for state in State},
            "after": {str(state): found.duties.after[state] for state in State},
            "new": [duty(one) for one in found.duties.new],
            "gone": [duty(one) for one in found.duties.gone],
            "changed": [{"before": duty(one), "after": duty(other)} for one, other in found.duties.changed],
        },
        "labels": {iri: both(name) for iri, name in sorted(found.labels.items())},
    }
    return written(contents)


def _dependence(one: Dependence) -> Json:
    return {"event": one.event, "target": one.target}


def _link(link: WeakestLink) -> Json:
    return {"node": link.node, "strength": round(link.strength, 6), "path": list(link.path)}


def _merging(one: Merging) -> Json:
    return {
        "parties": list(one.parties),
        "group": one.group,
        "index": [
            {
                "base": str(base),
                "share": round(index.share, 6),
                "before": round(index.before, 3),
                "after": round(index.after, 3),
                "change": round(index.change, 3),
            }
            for base, index in one.index
        ],
        "together": list(one.together),
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


def duty(one: Duty) -> Json:
    """A duty as the contract has it."""
    return {
        "rule": one.rule,
        "kind": one.kind,
        "subject": one.subject,
        "value": one.value,
        "holder": {
            "organisation": one.holder.organisation,
            "role": one.holder.role,
            "person": one.holder.person,
        },
        "state": str(one.state),
        "due": one.due.isoformat() if one.due else None,
    }


def finding(one: Finding) -> Json:
    """A finding as the contract has it."""
    return {
        "code": one.code,
        "severity": str(one.severity),
        "message": both(one.message),
        "remedy": both(one.remedy),
        "subject": one.subject,
        "value": one.value,
        "location": place(one.location),
        "statements": sorted(set(one.statements)),
        "actor": {
            "organisation": one.actor.organisation,
            "role": one.actor.role,
            "person": one.actor.person,
        },
        "fingerprint": one.fingerprint,
    }
