"""Findings as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsc.core.contract import INLINE
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.rendering.contract import document
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Input, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule


@dataclass(frozen=True, slots=True)
class RuledFinding:
    """A finding, with the names of its rule and its subject."""

    finding: Finding = field(metadata=INLINE)
    title: Text | None  #: The title of the rule, where the catalogue has it.
    subject_label: str  #: The name of the subject, in the language of the run.


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are."""

    breach: int  #: Breaches that count.
    question: int  #: Questions that count.
    note: int  #: Notes that count.
    deferred: int  #: Findings on agreements signed before judgedFrom.
    waived: int  #: Findings that a waiver in force accepts.
    stated: int  #: Questions that an answer closes.
    not_recorded: int  #: Registers that are not kept somewhere.
    known: int  #: Findings that the baseline hides.
    fixed: int  #: Findings of the baseline that are gone.


@dataclass(frozen=True, slots=True)
class Document:
    """One validation."""

    report: Report = field(metadata=INLINE)
    language: Language  #: The language of every subjectLabel.
    inputs: tuple[Input, ...]  #: The files that were read, by name.
    problems: tuple[Problem, ...]  #: What could not be read, by place.
    rules: tuple[RuleOutcome, ...]  #: How each rule went, by code.
    summary: Summary  #: How many findings there are.
    findings: tuple[RuledFinding, ...]  #: Every finding, the waived and the not recorded ones too; gravest first.


def render(report: Report, rules: Mapping[str, Rule], *, language: Language, counted: Report | None = None) -> str:
    """Render the whole report: every finding, the waived and the not recorded ones too.

    ``subjectLabel`` is in ``language``; every other text, and the ``labels`` of all IRIs, in both. The summary counts the
    findings of ``counted`` where ``report`` has a part of them.
    """
    shown = Document(
        report,
        language,
        inputs=tuple(sorted(report.inputs, key=lambda source: (source.file, source.sha256))),
        problems=tuple(wording.problems(report)),
        rules=tuple(wording.outcomes(report)),
        summary=_summary(counted or report),
        findings=tuple(_finding(finding, report, rules, language) for finding in wording.ordered(report)),
    )
    return document("findings", shown)


def _summary(report: Report) -> Summary:
    return Summary(
        breach=report.count(Severity.BREACH),
        question=report.count(Severity.QUESTION),
        note=report.count(Severity.NOTE),
        deferred=report.deferred,
        waived=report.waived,
        stated=report.stated,
        not_recorded=report.not_recorded,
        known=report.known,
        fixed=report.fixed,
    )


def _finding(finding: Finding, report: Report, rules: Mapping[str, Rule], language: Language) -> RuledFinding:
    title = rules[finding.code].title if finding.code in rules else None
    return RuledFinding(finding, title, wording.label(report, finding.subject, language))
