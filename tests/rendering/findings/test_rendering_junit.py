"""JUnit XML that a parser loads, whatever the names are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase
from sample_report import CLEAN, DERIVED, EVIL, HOSTILE, RICH, RULES, SCOPE, UNRECORDED, WAIVED
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.rendering.findings.standards import junit
from graphsc.validation.findings import Finding, Report, Severity


def cases(report: Report, fail_on: Severity | None = Severity.BREACH) -> dict[str, TestCase]:
    xml = junit(report, RULES, language=Language.EN, fail_on=fail_on)
    return {case.name: case for suite in JUnitXml.fromstring(xml.encode()) for case in suite}


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert junit(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")


def test_a_suite_per_family_and_a_case_per_rule() -> None:
    xml = JUnitXml.fromstring(junit(RICH, RULES, language=Language.EN).encode())
    assert [(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in xml] == [
        ("input", 1, 0, 1, 0),
        ("EXI", 1, 0, 0, 0),
        ("RSK", 1, 0, 0, 1),
        ("SUB", 2, 1, 0, 0),
    ]
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (5, 1, 1, 1)


def test_how_each_case_went() -> None:
    by_name = cases(RICH)
    failure = by_name["SUB001 Subcontractor without approval"].result[0]
    assert isinstance(failure, Failure)
    assert failure.message == "Sky Drift is not approved by the customer."
    assert isinstance(by_name["RSK001 Risk assessment"].result[0], Skipped)
    assert isinstance(by_name["1. data/drift.yaml:4:5"].result[0], Error)
    assert by_name["SUB002 Approval without a scope"].is_passed
    assert "1 of 5" in by_name["SUB002 Approval without a scope"].system_out


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        (None, set()),
        (Severity.BREACH, {"SUB001"}),
        (Severity.QUESTION, {"SUB001", "SUB002"}),
        (Severity.NOTE, {"SUB001", "SUB002", "EXI001"}),
    ],
)
def test_fails_as_the_run_does(fail_on: Severity | None, failing: set[str]) -> None:
    failed = {name.split()[0] for name, case in cases(RICH, fail_on).items() if case.is_failure}
    assert failed == failing


@pytest.mark.parametrize(
    ("findings", "message"),
    [
        ((WAIVED,), "1 accepted"),
        ((UNRECORDED,), "1 not recorded"),
    ],
)
def test_what_does_not_count_is_skipped(findings: tuple[Finding, ...], message: str) -> None:
    report = replace(CLEAN, rules=(), findings=findings)
    (case,) = cases(report).values()
    assert [type(result) for result in case.result] == [Skipped]
    assert case.result[0].message == message


def test_a_rule_with_lesser_findings_passes_and_shows_them() -> None:
    (case,) = cases(replace(CLEAN, rules=(), findings=(DERIVED, SCOPE)[:1])).values()
    assert case.is_passed
    assert "The agreement has no exit plan." in case.system_out


def test_hostile_names_leave_the_document_whole() -> None:
    by_name = cases(EVIL)
    assert len(by_name) == len(EVIL.problems) + 1 + len(HOSTILE)
    text = junit(EVIL, RULES, language=Language.EN)
    text.encode()
    assert "<script>" not in text
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\ud800", "\x00", "\ufffe"}
    failure = by_name["SUB001 Subcontractor without approval"].result[0]
    assert "<script>alert(1)</script> is not approved." in failure.text
    assert "]]> <!-- & --> ]]> is not approved." in failure.text
