"""Findings as SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from graphsc.core import escape
from graphsc.core.location import Location, is_url
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.rendering.contract import written
from graphsc.rendering.findings import places
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Input, Report, Severity
from graphsc.validation.rules import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NO_PLACE = Text(
    "Fundet er udledt og står ikke noget enkelt sted; filen er en af dem, det bygger på.",
    "The finding is derived and written in no one place; the file is one of those it rests on.",
)

_Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Run:
    """The common data of the parts of one run."""

    report: Report
    rules: Mapping[str, Rule]
    language: Language
    base: Path
    root: Path
    artifacts: dict[str, _Json] = field(default_factory=dict)

    def artifact(self, file: str) -> _Json:
        """The artifact location of a file: relative for a file in the repository, otherwise absolute."""
        if file not in self.artifacts:
            self.artifacts[file] = self._artifact(file)
        return dict(self.artifacts[file])

    def _artifact(self, file: str) -> _Json:
        relative = places.within(file, self.base, self.root)
        if relative is None:
            return {"uri": file if is_url(file) else Path(os.path.normpath(self.base.absolute() / file)).as_uri()}
        return {"uri": escape.uri_path(relative), "uriBaseId": _ROOT}

    def message(self, *texts: Text) -> _Json:
        return {"text": wording.sentences(*(escape.sarif(text[self.language]) for text in texts))}


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    base: Path = Path(),
    root: Path | None = None,
    version: str = "",
) -> str:
    """Render one SARIF run.

    File names are relative to ``base`` and written relative to ``root``, the repository (default: ``base``). Waived findings
    are results with an accepted suppression; what is not recorded is a result of kind ``open``, which raises no alert, and a
    deferred finding one of kind ``review``. Where input could not be read, the invocation did not succeed, and gives the
    reasons; it also lists the rules that were not judged, or had nothing to judge.
    """
    run = _Run(report, rules, language, base, root or base)
    codes = sorted({o.code for o in report.rules} | {f.code for f in report.findings})
    index = {code: number for number, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    results = []
    for finding in wording.ordered(report):
        seen[finding.fingerprint] += 1
        results.append(_result(run, finding, index[finding.code], seen[finding.fingerprint]))
    driver: _Json = {
        "name": "graphsc",
        "informationUri": "https://w3id.org/graphsc/",
        "language": str(language),
        "rules": [_rule(run, code) for code in codes],
    }
    if version:
        driver["version"] = version
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_invocation(run, index)],
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
                "columnKind": "unicodeCodePoints",
                "artifacts": [
                    {"location": run.artifact(source.file), **_hashes(source)}
                    for source in sorted(report.inputs, key=lambda i: (i.file, i.sha256))
                ],
                "results": results,
                "properties": {
                    "asOf": report.as_of.isoformat(),
                    "summary": wording.counts(report, language),
                    "known": report.known,
                    "fixed": report.fixed,
                },
            }
        ],
    }
    return written(log)


def _hashes(source: Input) -> _Json:
    return {"hashes": {"sha-256": source.sha256}} if source.sha256 else {}


def _rule(run: _Run, code: str) -> _Json:
    rule = run.rules.get(code)
    if rule is None:
        return {"id": code}
    other = Language.EN if run.language is Language.DA else Language.DA
    descriptions = [rule.description[tag] for tag in (run.language, other)]
    return {
        "id": code,
        "shortDescription": {"text": escape.sarif(rule.title[run.language])},
        "fullDescription": {"text": escape.sarif(rule.description[run.language])},
        "help": {
            "text": "\n\n".join(escape.sarif(text) for text in descriptions),
            "markdown": "\n\n".join(escape.markdown(text, limit=20_000) for text in descriptions),
        },
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": sorted(set(rule.statements)),
            "title": rule.title,
            "description": rule.description,
            "references": sorted(reference.iri for reference in rule.references),
        },
    }


def _invocation(run: _Run, index: Mapping[str, int]) -> _Json:
    notes = [_problem(run, problem) for problem in wording.problems(run.report)]
    for outcome in wording.outcomes(run.report):
        rule = {"id": outcome.code, "index": index[outcome.code]}
        if outcome.not_checked is not None:
            note = {"level": "warning", "message": run.message(outcome.not_checked)}
            notes.append({"descriptor": {"id": "not-checked"}, "associatedRule": rule, **note})
        elif not outcome.focus:
            note = {"level": "note", "message": run.message(wording.NOTHING_TO_CHECK)}
            notes.append({"descriptor": {"id": "nothing-to-check"}, "associatedRule": rule, **note})
    return {"executionSuccessful": not run.report.partial, "toolExecutionNotifications": notes}


def _problem(run: _Run, problem: Problem) -> _Json:
    return {
        "descriptor": {"id": problem.code},
        "level": "error",
        "message": run.message(problem.message),
        "locations": [{"physicalLocation": _physical(run, problem.location)}],
        "properties": {"message": problem.message},
    }


def _physical(run: _Run, location: Location) -> _Json:
    physical: _Json = {"artifactLocation": run.artifact(location.file)}
    if location.line is not None and location.cell is None:
        region = {"startLine": location.line}
        if location.column is not None:
            region["startColumn"] = location.column
        physical["region"] = region
    return physical


def _location(run: _Run, location: Location) -> _Json:
    written: _Json = {"physicalLocation": _physical(run, location)}
    if location.cell is not None:
        written["message"] = {"text": escape.sarif(f"{location.sheet}!{location.cell}")}
    return written


def _primary(run: _Run, finding: Finding) -> _Json:
    """The location of a finding; services refuse a result without a file."""
    if finding.location is not None:
        written = _location(run, finding.location)
    else:
        related = sorted(finding.related, key=lambda p: p.order)
        files = [p.file for p in related] or sorted(source.file for source in run.report.inputs)
        written = {"message": run.message(_NO_PLACE)}
        if files:
            written["physicalLocation"] = {"artifactLocation": run.artifact(files[0])}
    written["logicalLocations"] = [
        {"name": wording.label(run.report, finding.subject, run.language), "fullyQualifiedName": finding.subject}
    ]
    return written


def _result(run: _Run, finding: Finding, rule_index: int, occurrence: int) -> _Json:
    suppressions = [
        {
            "kind": "external",
            "status": "accepted",
            "justification": escape.line(waiver.reason),
            "properties": {"waiver": waiver.waiver, "approver": waiver.approver, "until": waiver.until},
        }
        for waiver in ([finding.waived] if finding.waived else [])
    ]
    related = sorted(set(finding.related), key=lambda p: p.order)
    recorded = finding.group is None and finding.deferred is None
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "kind": "fail" if recorded else "open" if finding.deferred is None else "review",
        "level": _LEVELS[finding.severity] if recorded else "none",
        "message": run.message(finding.message, *(miss.text for miss in finding.near), finding.remedy),
        "locations": [_primary(run, finding)],
        "relatedLocations": [{"id": n, **_location(run, p)} for n, p in enumerate(related, start=1)],
        "partialFingerprints": {
            "graphsc/v1": finding.fingerprint,
            # Keeps a service from computing its own out of the text of the line.
            "primaryLocationLineHash": f"{finding.fingerprint}:{occurrence}",
        },
        "suppressions": suppressions,
        "properties": {
            "tags": sorted(set(finding.statements)),
            "severity": str(finding.severity),
            "message": finding.message,
            "remedy": finding.remedy,
            "nearMisses": [{"record": miss.record, "text": miss.text} for miss in finding.near],
            "subject": finding.subject,
            "value": finding.value,
            "path": list(finding.path),
            "deferred": finding.deferred,
            "group": finding.group,
            "consequences": sorted(set(finding.consequences)),
            "actor": finding.actor,
            "expiredWaiver": None if finding.expired is None else finding.expired.waiver,
            "location": finding.location,
        },
    }
