"""``graphsc risk``: what it prints, in every format and both languages, and how it leaves."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from command import AS_OF, UNREADABLE, run
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.core.document import Bar, Section, Table
from graphsc.core.text import Language, Text
from graphsc.rendering.sections import bar, markdown, text

DEMO = (str(REPOSITORY / "data" / "demo"), "--as-of", "2026-11-25")
SCHEMA = json.loads((REPOSITORY / "docs" / "schemas" / "risk-1.schema.json").read_text(encoding="utf-8"))

HOSTILE = """\
base: https://h.example/
organisationer:
  - {id: K, navn: "K"}
  - {id: L, navn: "<script>alert(1)</script>|\\u202Eolleh\\u001b[31m"}
  - {id: M, navn: "=HYPERLINK(1)"}
systemer: [{id: S, navn: "`S`", ejer: K, kritikalitet: samfundskritisk}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: [S]}
  - {id: KM, kunde: K, leverandør: M, start: 2024-01-01, systemer: [S]}
"""


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_demo(snapshot: SnapshotAssertion, language: Language, form: str) -> None:
    result = run("risk", *DEMO, "--lang", language, "-f", form)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == snapshot


@pytest.mark.parametrize(
    ("node", "language"),
    [
        ("funktion/stormflodsvarsling", "da"),
        ("Kobberskum Datacenter", "en"),
        ("underleverance/integration", "da"),
        ("NO", "en"),
        ("data/modtagerliste", "da"),
    ],
)
def test_what_figures_rest_on(
    snapshot: SnapshotAssertion, node: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    result = run("risk", "data/demo", *DEMO[1:], "--explain", node, "--top", "4", "--lang", language)
    assert result.exit_code == 0
    assert result.stdout == snapshot


def test_json_follows_its_schema_and_the_figures_of_text_and_csv_are_its_own() -> None:
    document = json.loads(run("risk", *DEMO, "-f", "json").stdout)
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    rows = list(csv.DictReader(io.StringIO(run("risk", *DEMO, "-f", "csv").stdout)))
    indices = {(row["base"], row["unit"], row["view"]): float(row["value"]) for row in rows if row["measure"] == "hhi"}
    assert indices == {
        (measure["base"], measure["unit"], measure["view"]): measure["hhi"] for measure in document["concentration"]
    }
    losses = {row["node"]: float(row["value"]) for row in rows if row["measure"] == "loss-weight"}
    assert losses == {point["node"]: point["weight"] for point in document["singlePoints"]}
    assert all(
        one["node"] in document["labels"] for kind in ("singlePoints", "strengths", "access") for one in document[kind]
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    assert run("risk", *DEMO, "-f", "json").stdout == run("risk", *DEMO, "-f", "json", fresh=True).stdout


def test_suppliers_without_a_country_and_systems_without_a_criticality_are_not_measured(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        """\
base: https://h.example/
organisationer: [{id: K}, {id: L, land: DK}, {id: M}, {id: N, enhed i: L}]
systemer: [{id: S, ejer: K, kritikalitet: almindelig}, {id: T, ejer: K}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: [S]}
  - {id: KM, kunde: K, leverandør: M, start: 2024-01-01, systemer: [T]}
  - {id: KN, kunde: K, leverandør: N, start: 2024-01-01, systemer: [T], registre: [underleverandører]}
  - {id: KO, kunde: K, leverandør: N, start: 2024-01-01, bruger underleverandører: nej}
  - {id: KP, kunde: K, leverandør: N, start: 2024-01-01, registre: [underleverandører], underleverandører: [{id: PM, leverandør: L, start: 2024-01-01}]}
""",
        encoding="utf-8",
    )
    shown = run("risk", str(tmp_path), *AS_OF, "--lang", "en").stdout
    assert "No society-critical functions are recorded, and no system is recorded as society-critical" in shown
    assert "The country is not recorded of 1 of the suppliers." in shown
    assert "  contracts  country, where it is recorded  " in shown
    assert "The criticality is not recorded of 1 of the systems." in shown
    assert "Subcontractors are not recorded of 3 of the agreements." in shown


def test_two_spellings_of_a_supplier_are_no_lower_concentration_without_a_word(tmp_path: Path) -> None:
    content = """\
base: https://h.example/
organisationer:
  - {id: K, navn: Klitten}
  - {id: N, navn: Nordnet Drift A/S}
  - {id: M, navn: NordNet Drift}
  - {id: O, navn: Oceandata, cvr: "99710004"}
  - {id: P, navn: Oceandata ApS, cvr: "99710012"}
kontrakter:
  - {id: KN, kunde: K, leverandør: N, start: 2024-01-01}
  - {id: KM, kunde: K, leverandør: M, start: 2024-01-01}
  - {id: KO, kunde: K, leverandør: O, start: 2024-01-01}
  - {id: KP, kunde: K, leverandør: P, start: 2024-01-01}
"""
    for names in ("NordNet Drift", "Nordnet Drift A/S"):
        (tmp_path / "a.yaml").write_text(content.replace("NordNet Drift", names), encoding="utf-8")
        shown = run("risk", str(tmp_path), *AS_OF, "--lang", "en").stdout
        assert f"{names} and Nordnet Drift A/S have the same name or nearly so, but count as different." in shown
        assert "Oceandata and" not in shown, "two company numbers are two companies"


@pytest.mark.parametrize(
    ("numbers", "others", "alike"),
    [
        ('cvr: "99710004"', "lei: 529900T8BM49AURSDO55", True),
        ('cvr: "99710004", lei: 529900T8BM49AURSDO55', 'land: DK', True),
        ('cvr: "99710004", lei: 529900T8BM49AURSDO55', "lei: 549300O897ZC5H7CY412", False),
        ('cvr: "99710004", lei: 529900T8BM49AURSDO55', 'cvr: "99710012"', False),
    ],
)  # fmt: skip
def test_only_two_numbers_of_one_kind_make_two_companies(
    numbers: str, others: str, alike: bool, tmp_path: Path
) -> None:
    content = f"""\
base: https://h.example/
organisationer:
  - {{id: K, navn: Klitten}}
  - {{id: F, navn: Fjord Hosting A/S, {numbers}}}
  - {{id: G, navn: Fjord Hosting, {others}}}
kontrakter:
  - {{id: KF, kunde: K, leverandør: F, start: 2024-01-01}}
  - {{id: KG, kunde: K, leverandør: G, start: 2024-01-01}}
"""
    (tmp_path / "a.yaml").write_text(content, encoding="utf-8")
    result = run("risk", str(tmp_path), *AS_OF, "--lang", "en")
    assert not result.stderr
    assert ("Fjord Hosting A/S and Fjord Hosting have the same name" in result.stdout) is alike


def test_a_strength_that_nothing_shows_is_unknown_and_no_figure(tmp_path: Path) -> None:
    content = """\
base: https://h.example/
organisationer: [{id: K, land: DK}, {id: L, land: DK}]
systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk}]
kontrakter: [{id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: [S], vurderet styrke: 0.5}]
"""
    for data, known in ((content, True), (content.replace(", vurderet styrke: 0.5", ""), False)):
        (tmp_path / "a.yaml").write_text(data, encoding="utf-8")
        shown = run("risk", str(tmp_path), *AS_OF, "--lang", "en").stdout
        assert ("It is unknown how strong the chain behind S is" in shown) is not known
        assert ("is no stronger than" in shown, "brought to full strength" in shown) == (known, known)


def test_what_cannot_be_read_leaves_with_2_and_the_rest_is_measured(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run("risk", str(tmp_path), *AS_OF)
    assert result.exit_code == 2
    assert "b.yaml:2:1: error[" in result.stderr
    assert "stands or falls with" in result.stdout
    assert "Not all could be read (1 error)" in result.stdout
    assert json.loads(run("risk", str(tmp_path), *AS_OF, "-f", "json").stdout)["partial"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f", "xml"], "unknown format: xml. Choose text, json, csv, markdown."),
        (["--explain", "nobody"], "nobody is not in the input given."),
        (["--explain", "X"], "X may be https://h.example/a/X, https://h.example/b/X."),
    ],
)
def test_a_slip_is_said(tmp_path: Path, words: list[str], message: str) -> None:
    two = "base: https://h.example/\norganisationer: [{id: a/X, navn: A}, {id: b/X, navn: B}]\n"
    (tmp_path / "a.yaml").write_text(two, encoding="utf-8")
    result = run("risk", str(tmp_path), *AS_OF, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_names_from_outside_stay_names(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HOSTILE, encoding="utf-8")
    for form in ("text", "markdown", "json", "csv"):
        output = run("risk", str(tmp_path), *AS_OF, "-f", form).stdout
        assert not {"\u202e", "\x1b"} & set(output), form
    page = run("risk", str(tmp_path), *AS_OF, "-f", "markdown").stdout
    assert "<script>" not in page
    assert "\\`S\\`" in page
    labels = {
        row["label"] for row in csv.DictReader(io.StringIO(run("risk", str(tmp_path), *AS_OF, "-f", "csv").stdout))
    }
    assert "'=HYPERLINK(1)" in labels


def test_to_a_file(tmp_path: Path) -> None:
    result = run("risk", *DEMO, "-f", "markdown", "-o", str(tmp_path / "risk.md"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "risk.md").read_text(encoding="utf-8").startswith("## Risk as of 2026-11-25\n")


@pytest.mark.parametrize(
    ("share", "blocks"),
    [(0, "░" * 10), (0.001, "█" + "░" * 9), (0.5, "█" * 5 + "░" * 5), (0.999, "█" * 9 + "░"), (1, "█" * 10)],
)
def test_bars(share: float, blocks: str) -> None:
    assert bar(share) == blocks


def test_sections_as_text_and_markdown() -> None:
    part = Section(
        Text("Del", "Part"),
        (Text("En sætning.", "A sentence."),),
        (Table((Text.same("A"), Text.same("B")), ((Text.same("x"), Bar(0.25, Text.same("25"))),), more=2),),
        (Text.same("p|q"),),
    )
    assert text(Text.same("T"), [part], Language.EN) == (
        "T\n\nPart\n  A sentence.\n  • p|q\n  A  B\n  ─  ─────────────\n  x  ██░░░░░░░░ 25\n  … and 2 more\n"
    )
    assert markdown(Text.same("T"), [part], Language.EN) == (
        "## T\n\n### Part\n\nA sentence.\n\n- p\\|q\n\n| A | B |\n| --- | --- |\n| x | ██░░░░░░░░ 25 |\n\n… and 2 more\n"
    )
