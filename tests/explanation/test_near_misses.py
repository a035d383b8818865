"""Beneath a finding that something is missing stands the record that nearly counted, and why it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.explanation.near_misses import Question, questions
from graphsc.service import near_misses, open_paths, validate

AS_OF = date(2026, 11, 25)
BASE = """base: https://n.example/
organisationer:
  - {id: K, navn: Kommunen, registre: [systemer]}
  - {id: L, navn: Løngang}
  - {id: D, navn: Dybet}
personer: [p1, p2]
systemer: [{id: S, navn: Journalen, ejer: K, drives af: L}]
kontrakter:
  - id: A
    navn: Journalaftalen
    kunde: K
    leverandør: L
    systemer: S
    underskrevet: 2024-01-01
    start: 2024-02-01
    registre: [underleverandører, tilsyn, roller, opfølgning, risici]
    underleverandører:
      - {id: U, leverandør: D, ydelse: [hosting, backup], start: 2024-03-01UNDER}
"""


def near(tmp_path: Path, code: str, text: str, under: str = "") -> list[Text]:
    """What nearly met a rule in the base data with more beside it, nearest first."""
    (tmp_path / "a.yaml").write_text(BASE.replace("UNDER", under), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(f"base: https://n.example/\n{text}", encoding="utf-8")
    opened = open_paths([tmp_path], Settings(as_of=AS_OF))
    assert opened.sources.problems == []
    report, rules = validate(opened)
    report = near_misses(opened, report, rules)
    (finding,) = (finding for finding in report.findings if finding.code == code)
    return [miss.text for miss in finding.near_misses]


def test_a_role_that_says_not_what_it_is_for(tmp_path: Path) -> None:
    said = near(tmp_path, "ROL001", "roller: [{rolle: kontraktansvarlig, person: p1, hos: K, fra: 2024-01-01}]\n")
    assert said == [
        Text(
            "Kontraktansvarlig 2024-01-01 er ikke registreret med »gælder«",
            "Contract manager 2024-01-01 is not recorded with “scope”",
        )
    ]


def test_a_role_that_has_ended(tmp_path: Path) -> None:
    role = "roller: [{rolle: kontraktansvarlig, person: p1, hos: K, gælder: A, fra: 2024-01-01, til: 2026-01-31}]\n"
    assert near(tmp_path, "ROL001", role)[0].en == "Contract manager 2024-01-01 ended on 2026-01-31"


def test_supervision_by_the_supplier_itself(tmp_path: Path) -> None:
    done = "aktiviteter: [{slags: tilsyn, dato: 2026-03-14, af: L, vedrører: A}]\n"
    assert near(tmp_path, "SUP001", done) == [
        Text(
            "Tilsyn 2026-03-14 kommer fra Løngang og skal komme fra Kommunen",
            "Supervision 2026-03-14 is from Løngang and must be from Kommunen",
        )
    ]


def test_supervision_after_the_mandate_ran_out(tmp_path: Path) -> None:
    done = """mandater: [{id: m, givet af: K, givet til: D, fra: 2024-01-01, til: 2026-01-31, vedrører: A}]
aktiviteter: [{slags: tilsyn, dato: 2026-03-14, af: D, vedrører: A}]
"""
    (said,) = near(tmp_path, "SUP001", done)
    assert (
        said.en
        == "Supervision 2026-03-14 is from Dybet and must be from Kommunen and is outside the time of the mandate, 2024-01-01/2026-01-31"
    )


def test_an_assessment_that_is_too_old(tmp_path: Path) -> None:
    done = "aktiviteter: [{slags: risikovurdering, dato: 2024-01-01, af: K, vedrører: A}]\n"
    assert near(tmp_path, "RSK001", done) == [
        Text(
            "Risikovurdering 2024-01-01 skulle være fra 2025-11-25 eller senere",
            "Risk assessment 2024-01-01 would have to be from 2025-11-25 or later",
        )
    ]


def test_the_record_with_the_fewest_faults_comes_first(tmp_path: Path) -> None:
    done = """aktiviteter:
  - {slags: tilsyn, dato: 2024-06-01, af: K, vedrører: A}
  - {slags: tilsyn, dato: 2024-09-01, af: L, vedrører: A}
"""
    assert [text.en.split(" ")[1] for text in near(tmp_path, "SUP001", done)] == ["2024-06-01", "2024-09-01"]


def test_an_approval_for_another_service(tmp_path: Path) -> None:
    under = ", godkendelse: {dato: 2024-02-15, af: K, ydelse: backup}"
    assert near(tmp_path, "SUB005", "", under) == [
        Text("Godkendelse 2024-02-15 omfatter kun backup", "Approval 2024-02-15 covers only backup")
    ]


def test_an_approval_by_another_than_the_customer(tmp_path: Path) -> None:
    under = ", godkendelse: {dato: 2024-02-15, af: L, aftale: A}"
    assert near(tmp_path, "SUB001", "", under)[0].en == "Approval 2024-02-15 is from Løngang and must be from Kommunen"


def test_an_approval_by_somebody_of_whom_it_is_not_known_for_whom_is_not_the_customers(tmp_path: Path) -> None:
    under = ", godkendelse: {dato: 2024-02-15, af: p1, aftale: A}"
    assert near(tmp_path, "SUB001", "", under)[0].en.endswith(
        "is from p1, and it is not recorded where p1 is employed; it must be from Kommunen"
    )
    employed = "roller: [{rolle: kontraktansvarlig, person: p1, hos: K, gælder: A, fra: 2024-01-01}]\n"
    with pytest.raises(ValueError, match="not enough values"):
        near(tmp_path, "SUB001", employed, under)


def test_supervision_by_somebody_of_whom_it_is_not_known_for_whom_is_not_the_customers(tmp_path: Path) -> None:
    done = "aktiviteter: [{slags: tilsyn, dato: 2026-03-14, af: p1, vedrører: A}]\n"
    assert near(tmp_path, "SUP001", done) == [
        Text(
            "Tilsyn 2026-03-14 kommer fra p1, og det er ikke registreret, hvor p1 er ansat; det skal komme fra Kommunen",
            "Supervision 2026-03-14 is from p1, and it is not recorded where p1 is employed; it must be from Kommunen",
        )
    ]


def test_nothing_is_near_where_nothing_is_recorded(tmp_path: Path) -> None:
    assert near(tmp_path, "ROL001", "") == []


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_every_reason_is_asked_of_what_findings_bind(question: Question) -> None:
    assert set(question.parameters) <= {"this", "obligation", "record", "value", "actor"}
    assert question.parameters[0] == "this"
    assert question.text([("https://n.example/a",) * len(question.parameters)]).count("<https://n.example/a>") == len(
        question.parameters
    )


def test_of_very_many_findings_only_the_gravest_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    role = "roller: [{rolle: kontraktansvarlig, person: p1, hos: K, fra: 2024-01-01}]\n"
    monkeypatch.setattr("graphsc.explanation.near_misses.MOST_FINDINGS", 0)
    assert near(tmp_path, "ROL001", role) == []
