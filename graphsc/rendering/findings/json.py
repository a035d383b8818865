"""Findings as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core.problems import Location
from graphsc.core.text import Language, Text
from graphsc.rendering.contract import (
    NamedRead,
    document,
    from_attributes,
    written,
)
from graphsc.validation import wording
from graphsc.validation.findings import Acceptance, Actor, Finding, NearMiss, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule


class FullFinding(TypedDict):
    """One broken rule at one place."""

    code: str  #: The code of the rule.
    severity: Severity  #: How grave it is.
    title: Text | None  #: The title of the rule, where the catalogue has it.
    message: Text  #: What is wrong.
    remedy: Text  #: What would put it right.
    subject: str  #: What is wrong, as an IRI.
    subjectLabel: str  #: Its name, in the language of the run.
    path: list[str]  #: IRIs from the root agreement down to the subject.
    #: IRIs of the customer on top and of each supplier down to the subject's; empty where one is not known.
    parties: list[str]
    location: Location | None  #: Where the subject is written; null for what is derived.
    related: list[Location]  #: Other places worth looking at.
    statements: list[str]  #: Ids of the guide's statements behind the rule.
    references: list[str]  #: IRIs of other frameworks' provisions.
    actor: Actor  #: Who should act.
    value: str | None  #: IRI or text of the value that is wrong, where the rule names one.
    group: str | None  #: The register that is not kept; such a finding says that nothing is known.
    consequences: list[str]  #: IRIs of what is wrong because of this.
    #: The agreement, signed before judgedFrom, that it is on: it is listed apart and fails no run.
    deferred: str | None
    waived: Acceptance | None  #: The waiver in force that accepts the finding.
    expired: Acceptance | None  #: The waiver that accepted it until it expired.
    nearMisses: list[NearMiss]  #: The records that nearly met what is missing, nearest first.
    fingerprint: str  #: A name that survives edits elsewhere in the file.


class Summary(TypedDict):
    """How many there are."""

    violation: int  #: Violations that count.
    warning: int  #: Warnings that count.
    info: int  #: Notes that count.
    deferred: int  #: Findings on agreements signed before judgedFrom.
    waived: int  #: Findings that a waiver in force accepts.
    notRecorded: int  #: Registers that are not kept somewhere.
    known: int  #: Findings that the baseline hides.
    fixed: int  #: Findings of the baseline that are gone.


class Document(NamedRead):
    """What `graphsc validate --format json` writes."""

    schema: Literal["graphsc.findings/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the findings are true of.
    judgedFrom: date | None  #: Findings on agreements signed before this day fail no run.
    language: Language  #: The language of every subjectLabel.
    unread: list[str]  #: Files in the folders whose format is unknown, and which may hold data.
    rules: list[RuleOutcome]  #: How each rule went, by code.
    summary: Summary
    findings: list[FullFinding]  #: Every finding, the waived and the not recorded ones too; gravest first.


def render(report: Report, rules: Mapping[str, Rule], *, language: Language, counted: Report | None = None) -> str:
    """Render the whole report: every finding, the waived and the not recorded ones too.

    ``subjectLabel`` is in ``language``; every other text, and the ``labels`` of all IRIs, in both. The summary counts the
    findings of ``counted`` where ``report`` has a part of them.
    """
    counted = counted or report
    return written(
        document(
            Document,
            report,
            head=4,
            language=language,
            inputs=sorted(report.inputs, key=lambda source: (source.file, source.sha256)),
            problems=wording.problems(report),
            rules=wording.outcomes(report),
            summary=from_attributes(Summary, counted, **{severity: counted.count(severity) for severity in Severity}),
            findings=[_finding(finding, report, rules, language) for finding in wording.ordered(report)],
        )
    )


def _finding(finding: Finding, report: Report, rules: Mapping[str, Rule], language: Language) -> FullFinding:
    rule = rules.get(finding.code)
    return from_attributes(
        FullFinding,
        finding,
        title=rule and rule.title,
        subjectLabel=wording.label(report, finding.subject, language),
        related=sorted(set(finding.related), key=lambda p: p.order),
        statements=sorted(set(finding.statements)),
        references=sorted(set(finding.references)),
        consequences=sorted(set(finding.consequences)),
        nearMisses=finding.near,
    )
