"""Questionnaires: what is open is asked, and the workbook comes back with answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import authority
import openpyxl
from command import run

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.rendering.questions import FORMATS, render
from graphsc.service import open_paths, validate
from graphsc.service.questions import questions
from graphsc.validation.findings import Severity

DAY = date(2026, 11, 25)
AS_OF = ("--as-of", DAY.isoformat())
DEMO = "data/demo"


def asked() -> set[str]:
    report, _ = authority.judged()
    return {item.fingerprint for item in report.findings if item.counts and item.severity is Severity.QUESTION}


def test_every_open_question_is_asked_once_and_what_society_depends_on_first() -> None:
    shown = questions(authority.opened())
    found = [question.finding for made in shown.questionnaires for question in made.questions]
    assert sorted(found) == sorted(asked())
    urgent = [made.urgent for made in shown.questionnaires]
    assert urgent == sorted(urgent, reverse=True)
    assert all(
        question.statement for made in shown.questionnaires for question in made.questions if question.rule != "DAT"
    )


def test_one_agreement_can_be_asked_about() -> None:
    (made,) = questions(authority.opened(), agreement="kontrakt/drift-2024").questionnaires
    assert made.about == "https://nordlys.example/kontrakt/drift-2024"


def test_the_workbook_comes_back_with_answers_that_close_the_questions(tmp_path: Path) -> None:
    file = tmp_path / "questions.xlsx"
    made = render(questions(authority.opened()), "xlsx", language=Language.EN)
    assert isinstance(made, bytes)
    file.write_bytes(made)
    book = openpyxl.load_workbook(file)
    sheet = book["Answers"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    for row in range(5, sheet.max_row + 1):
        for heading, value in (
            ("Met", "yes"), ("Written in", "annex 14"), ("Answered by", "person/p09"), ("Date", date(2026, 11, 1)),
        ):  # fmt: skip
            sheet.cell(row, columns[heading]).value = value
    book.save(file)
    opened = open_paths([Path(DEMO), file], Settings(as_of=DAY))
    assert opened.sources.problems == []
    report, _ = validate(opened)
    assert {item.fingerprint for item in report.findings if item.stated} >= asked() - {
        item.fingerprint for item in report.findings if not item.statements
    }
    assert [item.code for item in report.findings if item.counts and item.severity is Severity.QUESTION] == []


def test_an_unanswered_workbook_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "questions.xlsx"
    made = render(questions(authority.opened()), "xlsx", language=Language.DA)
    assert isinstance(made, bytes)
    file.write_bytes(made)
    report, _ = validate(open_paths([Path(DEMO), file], Settings(as_of=DAY)))
    assert {
        item.fingerprint for item in report.findings if item.counts and item.severity is Severity.QUESTION
    } == asked()


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    for form in FORMATS:
        target = tmp_path / f"questions.{form}"
        assert run("questions", DEMO, *AS_OF, "-f", form, "-o", str(target)).exit_code == 0
        assert target.stat().st_size > 1000
    document = json.loads((tmp_path / "questions.json").read_text(encoding="utf-8"))
    assert document["schema"] == "graphsc.questions/1"
    page = (tmp_path / "questions.html").read_text(encoding="utf-8")
    assert page.count("<li>") == len(asked())
    assert "<script" not in page


def test_a_workbook_is_not_printed_and_a_name_of_nothing_is_refused() -> None:
    assert run("questions", DEMO, *AS_OF, "-f", "xlsx").exit_code == 2
    assert run("questions", DEMO, *AS_OF, "--agreement", "kontrakt/nowhere").exit_code == 2


def test_names_are_escaped_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "organisations: [{id: k, name: '<script>alert(1)</script>', registers: [clauses]}, {id: l}]\n"
        "contracts: [{id: kl, name: '<img src=x onerror=alert(1)>', customer: k, supplier: l, start: 2025-01-01, registers: [clauses]}]\n",
        encoding="utf-8",
    )
    page = run("questions", str(tmp_path / "a.yaml"), *AS_OF, "-f", "html").stdout
    assert "&lt;img" in page
    assert "<img" not in page
    assert "<script" not in page
