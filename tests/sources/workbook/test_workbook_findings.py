from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from command import AS_OF, BROKEN, run
from workbooks import as_workbook, write

from graphsc.sources import read

CRITICAL = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}, {id: U, navn: Ærøskøbing Drift}]
systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk}]
kontrakter:
  - {id: A, navn: Alfa, kunde: K, leverandør: L, registre: underleverandører, underleverandører: [{id: AU, leverandør: U, start: 2024-06-01}]}
  - id: B
    navn: Beta
    kunde: K
    leverandør: L
    systemer: S
    registre: underleverandører
    underleverandører: [{id: BU, leverandør: U, start: 2024-06-01, godkendelse: {dato: 2024-05-01, af: L}}]
"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    return as_workbook(read([tmp_path / "a.yaml"]), tmp_path / "register.xlsx")


@pytest.mark.exhaustive
def test_each_finding_is_a_row_with_a_link_to_its_marked_cell(register: Path) -> None:
    result = run("validate", register.name, "-f", "xlsx", "-o", "f.xlsx", "--lang", "da", *AS_OF)
    assert result.exit_code == 1
    findings = json.loads(run("validate", register.name, "-f", "json", *AS_OF).stdout)["findings"]
    book = openpyxl.load_workbook("f.xlsx")
    rows = list(book["Fund"].iter_rows(min_row=5))
    assert [row[1].value for row in rows if row[0].value != "ikke registreret"] == [
        finding["code"] for finding in findings if finding["group"] is None
    ]
    (first,) = (row for row in rows if row[1].value == "FLW001")
    assert (first[0].value, first[7].value) == ("spørgsmål", "Underleverandører!A5")
    assert first[7].hyperlink.location == "'Underleverandører'!A5"
    assert str(first[4].value).startswith("Ark Krav:\n  række ")
    assert "Kræves i: tilføj LU" in str(first[4].value)
    cell = book["Underleverandører"]["A5"]
    assert cell.value == "LU"
    assert cell.fill.fgColor.rgb == "FFF4CCCC"
    assert "FLW001" in cell.comment.text
    assert "SUB001" in cell.comment.text
    assert book["Organisationer"]["A5"].comment is None


def test_what_society_depends_on_comes_first_and_what_nearly_counted_stands_beneath(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text(CRITICAL, encoding="utf-8")
    run("validate", "b.yaml", "-f", "xlsx", "-o", "f.xlsx", "--lang", "da", "--select", "SUB001", *AS_OF)
    rows = [
        [cell.value for cell in row] for row in openpyxl.load_workbook("f.xlsx")["Fund"].iter_rows(min_row=5, max_row=6)
    ]
    assert [row[0] for row in rows] == ["overtrædelse, samfundskritisk", "overtrædelse"]
    first, second = (row[2].split("\n") for row in rows)
    assert "under Beta" in first[0]
    assert first[1] == "tæller ikke: Godkendelse 2024-05-01 kommer fra Løngang og skal komme fra Kystvagten"
    assert len(second) == 1


def test_findings_as_csv_name_sheet_and_cell(register: Path) -> None:
    rows = list(csv.DictReader(run("validate", register.name, "-f", "csv", *AS_OF).stdout.splitlines()))
    assert {(row["file"], row["line"]) for row in rows} == {(register.name, "Underleverandører!A5")}


def test_findings_in_other_files_name_file_and_line(register: Path) -> None:
    run("validate", "a.yaml", "-f", "xlsx", "-o", "f.xlsx", *AS_OF)
    book = openpyxl.load_workbook("f.xlsx")
    assert book.sheetnames == ["Findings"]
    assert book["Findings"]["H5"].value == "a.yaml:11:9"


def test_problems_stand_first_and_what_they_say_is_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path / "b.xlsx",
        {"Findings": [["Id", "Navn"]], "Organisationer": [["Id", "Land"], ["a", "DK"], ["a", "@x"]]},
    )
    result = run("validate", "b.xlsx", "-f", "xlsx", "-o", "f.xlsx", *AS_OF)
    assert result.exit_code == 2
    book = openpyxl.load_workbook("f.xlsx")
    assert book.sheetnames == ["Findings", "Findings (2)", "Organisationer"]
    shown = [cell.value for cell in book["Findings"][5]]
    assert (shown[0], shown[1], shown[7]) == ("error", "unknown-sheet", "Findings (2)!A1")
    assert book["Organisationer"]["A3"].comment.text.startswith("duplicate-id")
    assert book["Organisationer"]["B3"].quotePrefix


def test_the_findings_are_never_written_over_the_register(register: Path) -> None:
    before = register.read_bytes()
    result = run("validate", register.name, "-f", "xlsx", "-o", register.name, *AS_OF)
    assert (result.exit_code, register.read_bytes() == before) == (2, True)
    assert run("validate", register.name, "-f", "xlsx", *AS_OF).exit_code == 2
