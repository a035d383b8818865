"""Answers to the statements of the guide: what they close, what they do not, where they reach and when they end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from casework import case

from graphsc.core.settings import Settings
from graphsc.service import open_paths
from graphsc.validation.findings import Finding, Reply, Severity
from graphsc.validation.rules import rules

WORLD = """
    organisationer:
      - {id: K, registre: [klausuler, kontroller]}
      - {id: L}
      - {id: M}
    personer: [P]
    systemer: [{id: S, ejer: K}]
    rammeaftaler: [{id: R, ejer: M, leverandør: L, start: 2024-01-01}]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, start: 2025-01-01, underskrevet: 2024-12-01, rammeaftale: R, type: leveranceaftale, systemer: [S], registre: [klausuler, kontroller]}
    svar:
      - {id: A, udsagn: B2-03, vedrører: %s, opfyldt: %s, svaret af: P, dato: %s%s}
"""
DAY = date(2026, 6, 1)


def subcontracting(
    about: str = "KL", outcome: str = "ja", day: str = "2026-01-15", more: str = ", står i: bilag 14"
) -> Finding:
    """The finding on the clause that B2-03 asks for, with an answer."""
    report = case(WORLD % (about, outcome, day, more), DAY).report
    return next(finding for finding in report.findings if finding.code == "SUB010")


def test_without_an_answer_the_question_is_open() -> None:
    finding = subcontracting(about="S")  # about something else
    assert (finding.severity, finding.answer, finding.counts) == (Severity.QUESTION, None, True)


def test_a_yes_that_says_where_it_stands_closes_the_question() -> None:
    finding = subcontracting()
    assert finding.answer is not None
    assert (finding.answer.outcome, finding.answer.written_in, finding.answer.day) == (
        Reply.YES,
        "bilag 14",
        date(2026, 1, 15),
    )
    assert (finding.stated, finding.counts) == (True, False)


@pytest.mark.parametrize("about", ["R", "L", "K"])
def test_an_answer_for_a_framework_or_a_party_reaches_the_agreement(about: str) -> None:
    assert subcontracting(about=about).stated


def test_not_needed_closes_it_with_a_reason_only() -> None:
    assert subcontracting(outcome="ikke nødvendigt", more=", begrundelse: L leverer alene").stated
    assert not subcontracting(outcome="ikke nødvendigt", more="").stated


@pytest.mark.parametrize("more", ["", ", begrundelse: det ved vi"])
def test_a_yes_that_does_not_say_where_counts_for_nothing(more: str) -> None:
    judged = case(WORLD % ("KL", "ja", "2026-01-15", more), DAY)
    assert judged.subjects("ANS001") == ["A"]
    assert next(finding for finding in judged.report.findings if finding.code == "SUB010").answer is None


def test_partly_keeps_the_question_open_and_is_told() -> None:
    finding = subcontracting(outcome="delvist", more=", begrundelse: kun for drift")
    assert finding.answer is not None
    assert (finding.answer.outcome, finding.severity, finding.counts) == (Reply.PARTLY, Severity.QUESTION, True)


def test_an_answer_ends_and_one_of_tomorrow_does_not_count_yet() -> None:
    assert subcontracting(more=", står i: bilag 14, til: 2026-06-01").stated
    assert not subcontracting(more=", står i: bilag 14, til: 2026-05-31").stated
    assert not subcontracting(day="2026-06-02").stated


def test_no_to_what_must_be_done_is_a_breach() -> None:
    finding = subcontracting(outcome="nej", more=", begrundelse: glemt")
    assert finding.answer is not None
    assert finding.severity is (Severity.BREACH if finding.weight == "must" else Severity.QUESTION)
    assert finding.counts


def test_what_data_say_of_a_statement_changes_no_rule(tmp_path: Path) -> None:
    """The rules are kept for all data with the same knowledge."""
    file = tmp_path / "a.ttl"
    file.write_text(
        "@prefix g: <https://w3id.org/graphsc/ns#> . @prefix st: <https://w3id.org/graphsc/statement/> . st:B2-05 a g:Recommendation .",
        encoding="utf-8",
    )
    dataset = open_paths([file], Settings()).dataset
    dataset.edition = None  # or what is kept for other data would be read
    assert rules(dataset)["SUB001"].asks == "B2-05"
