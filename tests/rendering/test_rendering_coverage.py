"""The coverage as text, Markdown, CSV, JSON and a workbook, and how the command leaves."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from command import AS_OF, BROKEN, UNREADABLE, run
from hostile import EVIL, HOSTILE, closed
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language, Text
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Carrier, Recommendation, Statement
from graphsc.coverage.status import Cell, Coverage, Decision, State
from graphsc.duties.facts import Evidence
from graphsc.rendering.coverage import FORMATS, render
from graphsc.validation.findings import Input

SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "docs/schemas/coverage-1.schema.json").read_text(encoding="utf-8"))
X = "https://x.example/"


def statement(
    name: str, treatment: str | None, *by: str, reason: Text | None = None, sees: tuple[Text, Text] | None = None
) -> Statement:
    return Statement(
        id=name,
        section="5.4",
        phase="https://w3id.org/graphsc/phase/governance",
        addressee="customer",
        weight="should",
        checkable=True,
        text=Text(f"Udsagnet {name} siger noget", f"The statement {name} says something"),
        treatment=treatment,
        carriers=tuple(Carrier(treatment or "", one, X + one) for one in by),
        reason=reason,
        looks_at=sees[0] if sees else None,
        does_not_see=sees[1] if sees else None,
    )


RECORDS = {
    "AAA001": (
        Evidence(X + "record", date(2025, 2, 1), performers=(X + "K",)),
        Evidence(X + "older", date(2024, 2, 1), performers=(X + "K",)),
        Evidence(X + "nobodys", date(2023, 2, 1)),
        Evidence(X + "role", until=date(2027, 2, 1), person=X + "p"),
    )
}


def looked(rule: str, outcome: Checked) -> Check:
    finding = None if outcome is Checked.MET else "0123456789abcdef"
    return Check(rule, X + "A", outcome, (f"S-{rule}",), (X + "A",), records=RECORDS.get(rule, ()), finding=finding)


def sample() -> Coverage:
    """One cell of each state, by hand."""
    checks = {
        State.MET: (looked("AAA001", Checked.MET),),
        State.NOT_MET: (looked("BBB001", Checked.BROKEN), looked("AAA001", Checked.MET)),
        State.NOT_RECORDED: (looked("REG001", Checked.NOT_RECORDED),),
        State.WAIVED: (looked("CCC001", Checked.WAIVED), looked("AAA001", Checked.MET)),
    }
    why = {
        State.NOT_CHECKED: Text("ingen regel", "no rule"),
        State.NOT_APPLICABLE: Text("gælder ikke her", "does not apply here"),
    }
    cells = [
        Cell(f"R-{number}", X + "A", None, state, checks.get(state, ()), reason=why.get(state))
        for number, state in enumerate(State, 1)
    ]
    decision = Decision(X + "d", "R-7", X + "A", "Kun åbne data.", X + "p", date(2025, 3, 1))
    cells.append(Cell("R-7", X + "A", None, State.NOT_APPLICABLE, decision=decision))
    cells.append(Cell("R-7", None, X + "K", State.MET, (looked("AAA001", Checked.MET),)))
    cells.append(Cell("R-7", None, None, State.MET, (looked("AAA001", Checked.MET),)))
    known = [
        statement(
            *("S-AAA001", "obligation", "AAA001"),
            sees=(
                Text("et registreret tilsyn.", "a recorded supervision."),
                Text("hvor grundigt det var.", "how thorough it was."),
            ),
        ),
        statement("S-BBB001", "none", reason=Text("En graf kan ikke vise det.", "A graph cannot show it.")),
        statement("S-CCC001", None),
    ]
    return Coverage(
        as_of=date(2026, 1, 2),
        inputs=(Input("a.yaml", "0" * 64),),
        problems=(),
        rules={},
        statements={one.id: one for one in known},
        recommendations=tuple(
            Recommendation(
                f"R-{number}",
                Text(f"Gør nummer {number}, og skriv ned, hvordan og hvornår det blev gjort", f"Do number {number}"),
                ("S-AAA001",),
            )
            for number in range(1, 8)
        ),
        agreements=(X + "A",),
        cells=tuple(cells),
        checks={"AAA001": checks[State.MET]},
        of_statement={"S-AAA001": checks[State.MET]},
        treatments={"obligation": Text("pligt", "obligation"), "none": Text("ingen", "none")},
        labels={
            X + "A": Text.same("Aftale A"),
            X + "K": Text.same("Kystvagten"),
            X + "p": Text.same("p"),
            X + "d": Text.same("d"),
            **{X + name: Text.same(name) for name in ("record", "older", "nobodys", "role")},
        },
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("statements", [False, True], ids=["recommendations", "statements"])
@pytest.mark.parametrize("form", ["text", "markdown", "csv"])
def test_as_text(snapshot: SnapshotAssertion, form: str, statements: bool, language: Language) -> None:
    assert render(form, sample(), language=language, statements=statements) == snapshot


def test_json_follows_its_schema() -> None:
    document = json.loads(render("json", sample(), language=Language.EN))
    jsonschema.validate(document, closed(SCHEMA), format_checker=jsonschema.FormatChecker())
    assert [recommendation["state"] for recommendation in document["recommendations"]] == [
        *State,
        "not applicable",
        "met",
        "met",
    ]


@pytest.mark.exhaustive
def test_json_of_the_demo_follows_its_schema() -> None:
    result = run("coverage", str(REPOSITORY / "data" / "demo"), "--as-of", "2026-11-25", "-f", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    jsonschema.validate(document, closed(SCHEMA), format_checker=jsonschema.FormatChecker())
    assert len(document["statements"]) == 464
    assert {iri for recommendation in document["recommendations"] for iri in recommendation["evidence"]} <= set(
        document["labels"]
    )


@pytest.mark.parametrize("statements", [False, True], ids=["recommendations", "statements"])
def test_whose_evidence_what_is_met_rests_on_is_named(statements: bool) -> None:
    said = "Kystvagten: 2, latest record (2025-02-01); p; not recorded who did it: nobodys (2023-02-01)"
    for form in ("text", "markdown", "csv"):
        assert said in str(render(form, sample(), language=Language.EN, statements=statements)).replace("\\", ""), form
    document = json.loads(render("json", sample(), language=Language.EN))
    (newest, *_) = document["statements" if statements else "recommendations"][0 if statements else 4]["records"]
    assert (newest["iri"], newest["day"], newest["performers"]) == (X + "record", "2025-02-01", [X + "K"])


def test_the_workbook_has_the_same_rows_as_the_csv() -> None:
    shown = sample()
    data = render("xlsx", shown, language=Language.DA)
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Anbefalinger", "Aftale for aftale", "Udsagn"]
    for name, statements in (("Aftale for aftale", False), ("Udsagn", True)):
        text = render("csv", shown, language=Language.DA, statements=statements)
        assert isinstance(text, str)
        rows = [["" if value is None else str(value) for value in row] for row in book[name].values]
        assert rows == list(csv.reader(io.StringIO(text)))
    matrix = [list(row) for row in book["Anbefalinger"].values]
    assert matrix[0][2:] == ["Aftale A", "Kystvagten", "hører ikke under en aftale"]
    assert matrix[1][2] == "ikke opfyldt (1 af 2)"


def test_the_same_coverage_gives_the_same_bytes() -> None:
    for form in FORMATS:
        assert render(form, sample(), language=Language.DA) == render(form, sample(), language=Language.DA)


@pytest.mark.exhaustive
def test_names_from_outside_stay_names(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(HOSTILE, encoding="utf-8")
    for form in ("text", "markdown", "json", "csv"):
        output = run("coverage", str(file), *AS_OF, "-f", form).stdout
        assert not {"\u202e", "\x1b", "\r"} & set(output), form
    assert "<script>" not in run("coverage", str(file), *AS_OF, "-f", "markdown").stdout
    table = list(csv.DictReader(io.StringIO(run("coverage", str(file), *AS_OF, "-f", "csv").stdout)))
    assert {row["agreement"][:2] for row in table if row["agreement"]} == {"'="}
    book = tmp_path / "a.xlsx"
    assert run("coverage", str(file), *AS_OF, "-f", "xlsx", "-o", str(book)).exit_code == 0
    with zipfile.ZipFile(book) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "sheet" in name)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets
    names = {str(value) for row in openpyxl.load_workbook(book)["Recommendations"].values for value in row}
    assert any(name.startswith("=HYPERLINK") and "\\u202e" in name for name in names), EVIL


def test_what_cannot_be_read_leaves_with_2_and_the_rest_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run("coverage", str(tmp_path), *AS_OF)
    assert result.exit_code == 2
    assert result.stderr.count("error[") == 1
    assert "SUB001" in result.stdout
    assert "INCOMPLETE: 1 place" in result.stdout
    assert json.loads(run("coverage", str(tmp_path), *AS_OF, "-f", "json").stdout)["partial"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f", "xml"], "unknown format: xml. Choose text, json, markdown, csv, xlsx."),
        (["-f", "xlsx"], "xlsx is written to a file: use --output"),
        (["--agreement", "nothing"], "nothing"),
    ],
)
def test_a_slip_is_said(tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    result = run("coverage", str(tmp_path), *AS_OF, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_an_agreement_needs_an_input() -> None:
    result = run("coverage", "--agreement", "x")
    assert (result.exit_code, result.stderr) == (2, "graphsc: --agreement needs an input\n")


def test_without_input_the_statements_are_listed() -> None:
    result = run("coverage", "--lang", "da")
    assert result.exit_code == 0
    assert "B2-04" in result.stdout
    assert len(list(csv.DictReader(io.StringIO(run("coverage", "-f", "csv").stdout)))) == 464
