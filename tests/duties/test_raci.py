"""Who does what: the parts of annex 4, what the chain adds, and how it is shown."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import authority
import pytest
from casework import case, short
from command import process, run
from hostile import HOSTILE, closed
from jsonschema import Draft202012Validator
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.core.vocabulary import STATEMENT
from graphsc.duties.results import Matrices, Matrix
from graphsc.graph.dataset import GUIDE
from graphsc.rendering.responsibility import FORMATS, render_matrices
from graphsc.service.lookup import UnknownNameError
from graphsc.service.raci import raci

DEMO = str(REPOSITORY / "data" / "demo")
AS_OF = date(2026, 11, 25)
SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "docs/schemas/raci-1.schema.json").read_text(encoding="utf-8"))

CHAIN = """
    base: https://k.example/
    organisationer: [{id: K}, {id: L}, {id: U}, {id: V}]
    systemer: [{id: S, ejer: K}]
    roller:
      - {id: r1, person: p1, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2020-01-01}
      - {id: r2, person: p2, rolle: ejer af system og data, hos: K, gælder: S, fra: 2020-01-01}
      - {id: r3, person: p3, rolle: ejer af system og data, hos: K, gælder: S, fra: 2020-01-01}
      - {id: r4, person: p4, rolle: jura, hos: K, gælder: K, fra: 2020-01-01, til: 2025-06-14}
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-04-01/2028-03-31
        systemer: [S]
        registre: [underleverandører]
        underleverandører:
          - {id: LU, leverandør: U, start: 2024-06-01, godkendelse: {dato: 2024-05-12}}
"""


def matrix(text: str, **criteria: str) -> Matrix:
    (only,) = raci(case(text).opened, agreement="KL", **criteria).matrices
    return only


def part(shown: Matrix, task: str) -> dict[str, list[str]]:
    """Letter and statements of each column that takes part in a task, as ``organisation role``."""
    (row,) = (row for row in shown.rows if short(row.task) == f"task/{task}")
    parts: dict[str, list[str]] = {}
    for cell in row.cells:
        name = " ".join(short(iri).removeprefix("role/") for iri in (cell.column.organisation, cell.column.role) if iri)
        parts.setdefault(name, []).append(f"{cell.involvement.letter} {' '.join(cell.statements)}")
    return parts


# ---------------------------------------------------------------------- the parts


def test_annex_4_says_who_assesses_who_assures_and_who_approves() -> None:
    assert part(matrix(CHAIN), "risk-assessment") == {
        "K system-data-owner": ["R B4-SDO-06a", "A B4-SDO-01"],
        "K security-coordinator": ["V B4-SEC-04a"],
        "K management": ["S B4-LED-06a"],
        "L supplier-security-contact": ["C B2-13"],
    }


def test_the_supplier_supervises_the_subcontractor_that_was_approved() -> None:
    assert part(matrix(CHAIN), "subcontractor-supervision") == {
        "K system-data-owner": ["A B4-SDO-01", "V B2-11", "I B2-10"],
        "L supplier-security-contact": ["R B2-08"],
    }


def test_without_approval_it_stays_with_the_customer() -> None:
    unapproved = matrix(CHAIN.replace(", godkendelse: {dato: 2024-05-12}", ""))
    assert part(unapproved, "subcontractor-supervision") == {
        "K system-data-owner": ["R B2-08", "A B4-SDO-01", "V B2-11", "I B2-10"]
    }


def test_without_subcontractors_there_is_nothing_to_do_about_them() -> None:
    alone = matrix(CHAIN.partition("        underleverandører:")[0])
    tasks = {short(row.task) for row in alone.rows}
    assert "task/supervision" in tasks
    assert not {"task/subcontractors", "task/subcontractor-supervision"} & tasks


def test_a_data_protection_officer_has_a_part_where_there_is_personal_data() -> None:
    personal = CHAIN.replace("{id: S, ejer: K}", "{id: S, ejer: K, personoplysninger: ja}")
    for text, expected in ((CHAIN, False), (personal, True)):
        assert ("K dpo" in part(matrix(text), "requirements")) is expected


def test_columns_name_who_holds_the_role_for_this_agreement() -> None:
    held = {short(c.role or ""): [short(p) for p in c.persons] for c in matrix(CHAIN).columns}
    assert held["role/contract-manager"] == ["p1"]
    assert held["role/system-data-owner"] == ["p2", "p3"]
    assert held["role/legal"] == []


def test_at_statens_it_the_layers_decide_who_supervises() -> None:
    (shown,) = raci(authority.opened(), agreement="overdragelse/statens-it-2023").matrices
    parts = {k.replace("https://nordlys.example/org/", ""): v for k, v in part(shown, "supervision").items()}
    assert parts["fm-departement"] == ["R B3-04"]
    assert parts["nordlysstyrelsen system-data-owner"] == ["R B3-09", "A B4-SDO-01"]


# ---------------------------------------------------------------------- what holds of every matrix


def test_for_each_task_someone_does_it_and_one_answers_for_it() -> None:
    matrices = [*raci(authority.opened()).matrices, matrix(CHAIN)]
    assert len(matrices) == 16
    for one in matrices:
        for row in one.rows:
            letters = [cell.involvement.letter for cell in row.cells]
            assert letters.count("A") == 1, row.task
            assert "R" in letters, row.task
            assert len({(cell.column, cell.involvement) for cell in row.cells}) == len(row.cells)


def test_accountability_never_leaves_the_customer() -> None:
    for one in raci(authority.opened()).matrices:
        for row in one.rows:
            for cell in row.cells:
                if cell.involvement.letter in {"A", "S"}:
                    assert cell.column.organisation in {*one.customers, one.subject}


def test_every_part_cites_a_statement_of_the_guide() -> None:
    known = {quad.subject.value for quad in authority.opened().dataset.store.quads_for_pattern(None, None, None, GUIDE)
             if getattr(quad.subject, "value", "").startswith(STATEMENT)}  # fmt: skip
    for one in raci(authority.opened()).matrices:
        for row in one.rows:
            for cell in row.cells:
                assert cell.statements
                assert {STATEMENT + statement for statement in cell.statements} <= known


def test_an_organisation_has_its_own_matrix_and_its_agreements() -> None:
    matrices = raci(authority.opened(), organisation="Sandvig Kommune").matrices
    assert [short(matrix.subject).rpartition("/")[2] for matrix in matrices] == ["sandvig-kommune", "sandvig-drift"]
    supplied = raci(authority.opened(), organisation="org/taagehorn-drift").matrices
    assert [matrix.subject.rpartition("/")[2] for matrix in supplied] == ["drift-2024", "sandvig-drift"]
    with pytest.raises(UnknownNameError):
        raci(authority.opened(), organisation="nobody")


# ---------------------------------------------------------------------- how it is shown


@cache
def hostile() -> Matrices:
    return raci(case(HOSTILE, AS_OF).opened)


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("language", list(Language))
def test_one_agreement_of_the_demo(language: Language, form: str, snapshot: SnapshotAssertion) -> None:
    shown = raci(authority.opened(), agreement="kontrakt/drift-2024")
    assert render_matrices(shown, form, language=language) == snapshot(name=f"{form}-{language}")


def test_the_schema_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for shown in (raci(authority.opened()), hostile()):
        contents = json.loads(render_matrices(shown, "json", language=Language.DA))
        Draft202012Validator(closed(SCHEMA), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(contents)
        assert contents["matrices"]
        assert not Draft202012Validator(SCHEMA).is_valid(contents | {"schema": "graphsc.raci/2"})


def test_a_spreadsheet_has_a_line_for_each_part() -> None:
    for shown in (raci(authority.opened()), hostile()):
        lines = list(csv.DictReader(io.StringIO(render_matrices(shown, "csv", language=Language.EN))))
        assert len(lines) == sum(len(row.cells) for matrix in shown.matrices for row in matrix.rows)
        assert not [cell for line in lines for cell in line.values() if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize("form", FORMATS)
def test_names_do_no_harm(form: str) -> None:
    written = render_matrices(hostile(), form, language=Language.DA)
    assert "\u202e" not in written
    assert "\r" not in written
    assert form != "markdown" or "<script" not in written


@pytest.mark.exhaustive
def test_on_the_command_line(tmp_path: Path) -> None:
    result = run("raci", DEMO, "--as-of", "2026-11-25", "--organisation", "Sandvig Kommune", "--lang", "da")
    assert result.exit_code == 0
    assert result.stdout.startswith("Hvem gør hvad pr. 2026-11-25\n")
    assert "\n\nSandvig Kommune\n" in result.stdout
    assert "databeskyttelsesrådgiver (ingen)" in result.stdout
    printed = process(
        "raci", DEMO, "--as-of", "2026-11-25", "--format", "json", cwd=tmp_path, env={"PYTHONPATH": str(REPOSITORY)}
    )
    assert json.loads(printed.stdout)["schema"] == "graphsc.raci/1"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--format", "xls"), "unknown format: xls. Choose text, json, csv, markdown."),
        (("--agreement", "drfit"), "drfit is not"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], message: str) -> None:
    result = run("raci", DEMO, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_without_agreements_there_is_nothing_to_share_out() -> None:
    nothing = raci(case("base: https://k.example/\norganisationer: [{id: K}]\n").opened)
    assert "No agreements under way.\n" in render_matrices(nothing, "text", language=Language.EN)
