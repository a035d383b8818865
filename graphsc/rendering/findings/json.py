"""Findings as JSON, version 1 of the contract; ``docs/schemas/findings-1.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Mapping

from graphsc.core.text import Language
from graphsc.rendering import wording
from graphsc.rendering.contract import both, place, read, written
from graphsc.validation.findings import Acceptance, Finding, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule

SCHEMA = "graphsc.findings/1"


def render(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """Render the whole report: every finding, the waived and the not recorded ones too.

    ``subjectLabel`` is in ``language``; every other text, and the ``labels`` of all IRIs, in both.
    Fields may be added to the contract, never changed.
    """
    findings = wording.ordered(report)
    contents = {
        "schema": SCHEMA,
        "asOf": report.as_of.isoformat(),
        "judgedFrom": None if report.judged_from is None else report.judged_from.isoformat(),
        "language": str(language),
        **read(
            sorted(report.inputs, key=lambda source: (source.file, source.sha256)),
            sorted(report.problems, key=lambda problem: problem.order),
            partial=report.partial,
        ),
        "rules": [_outcome(outcome) for outcome in wording.outcomes(report)],
        "summary": {
            **{str(level): report.count(level) for level in Severity},
            "deferred": report.deferred,
            "waived": report.waived,
            "notRecorded": report.not_recorded,
            "known": report.known,
            "fixed": report.fixed,
        },
        "findings": [_finding(finding, report, rules, language) for finding in findings],
        "labels": {iri: both(name) for iri, name in sorted(report.labels.items())},
    }
    return written(contents)


def _outcome(outcome: RuleOutcome) -> dict[str, object]:
    return {
        "code": outcome.code,
        "focus": outcome.focus,
        "failed": outcome.failed,
        "engine": outcome.engine,
        "notChecked": None if outcome.not_checked is None else both(outcome.not_checked),
    }


def _acceptance(given: Acceptance | None) -> dict[str, str | None] | None:
    if given is None:
        return None
    until = None if given.until is None else given.until.isoformat()
    return {"until": until, "reason": given.reason, "approver": given.approver, "waiver": given.waiver}


def _finding(finding: Finding, report: Report, rules: Mapping[str, Rule], language: Language) -> dict[str, object]:
    rule = rules.get(finding.code)
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "title": None if rule is None else both(rule.title),
        "message": both(finding.message),
        "remedy": both(finding.remedy),
        "subject": finding.subject,
        "subjectLabel": wording.label(report, finding.subject, language),
        "path": list(finding.path),
        "parties": list(finding.parties),
        "location": place(finding.location),
        "related": [place(location) for location in sorted(set(finding.related), key=lambda p: p.order)],
        "statements": sorted(set(finding.statements)),
        "references": sorted(set(finding.references)),
        "actor": {
            "organisation": finding.actor.organisation,
            "role": finding.actor.role,
            "person": finding.actor.person,
        },
        "value": finding.value,
        "group": finding.group,
        "consequences": sorted(set(finding.consequences)),
        "deferred": finding.deferred,
        "waived": _acceptance(finding.waived),
        "expired": _acceptance(finding.expired),
        "nearMisses": [
            {"record": miss.record, "text": both(miss.text), "location": place(miss.location)} for miss in finding.near
        ],
        "fingerprint": finding.fingerprint,
    }
