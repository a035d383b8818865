"""Importing from the command line: what is shown, what is written, and what stops it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from command import run
from importing import CONTRACT, FJORD, KOMMUNE, kitos
from repository import REPOSITORY

REGISTER = """\
base: https://havnbaek.example/
organisationer:
  - {id: org/fjordlys, navn: Fjordlys Drift, cvr: 99095431, land: DK}
  - {id: org/havnbaek, navn: Havnbæk Kommune}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    kitos(tmp_path / "kitos")
    (tmp_path / "register.yaml").write_text(REGISTER, encoding="utf-8")
    return tmp_path


def test_without_output_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    result = run("import", "kitos", "--as", "kitos")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(folder.rglob("*")) == before
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Read as kitos (2 files): Kitos: contracts")
    assert "  organisation: 2" in lines
    assert any(line.startswith("  general.notes: 1 (kitos/kontrakt.json:") for line in lines)
    assert any("“Fryseransvarlig” is not a known value of role" in line for line in lines)
    assert lines[-1] == "Nothing was written; -o FILE writes it."


def test_a_format_is_recognised_and_told(folder: Path) -> None:
    result = run("import", "kitos/kontrakt.json", "kitos/system.json")
    assert (result.exit_code, result.stdout.startswith("Read as kitos (2 files)")) == (0, True)
    (folder / "other.json").write_text('{"a": 1}', encoding="utf-8")
    unknown = run("import", "other.json")
    assert (unknown.exit_code, "the format was not recognised. Name it with --as" in unknown.stderr) == (2, True)
    for words in ((), ("--as", "kitos")):
        assert run("import", "nowhere.xlsx", *words).stderr == "graphsc: “nowhere.xlsx” does not exist.\n"
    assert run("import", "other.json", "--as", "kitoz").stderr.startswith("graphsc: unknown format: kitoz. Choose ")


def test_the_mapping_of_the_documentation_reads_its_list(folder: Path) -> None:
    page = (REPOSITORY / "docs" / "importing.md").read_text(encoding="utf-8")
    (folder / "own.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    (folder / "liste.csv").write_text(
        "Nummer;Navn;Ophører;Firma;Kontaktperson\nK1;Drift;31.12.2027;Fjord, Sky;Ida\n", encoding="utf-8"
    )
    shown = run("import", "liste.csv", "--mapping", "own.toml").stdout
    assert "  organisation: 2\n  agreement: 1\n" in shown
    assert "Left out on purpose:\n  Kontaktperson: 1 – Persons do not belong here.\n" in shown
    assert "not read" not in shown


def test_an_id_keeps_the_letters_of_a_name(folder: Path) -> None:
    (folder / "liste.csv").write_text("Kontrakt;Leverandør\nLøn 2024;Lønhuset A/S\n", encoding="utf-8")
    assert run("import", "liste.csv", "-o", "liste.yaml").exit_code == 0
    written = (folder / "liste.yaml").read_text(encoding="utf-8")
    assert "id: kontrakt/Løn%202024\n" in written
    assert "org/Lønhuset%20A%2FS\n" in written


@pytest.mark.parametrize("output", ["data/kitos.yaml", "data/kitos.xlsx", "data/out"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_what_is_written_reads_without_a_problem_and_again_changes_nothing(
    folder: Path, output: str, language: str
) -> None:
    words = ("import", "kitos", "--as", "kitos", "-o", output, "--lang", language)
    assert run(*words).exit_code == 0
    (written,) = (path for path in (folder / "data").rglob("*") if path.is_file())
    content = written.read_bytes()
    checked = run("validate", "data")
    assert (checked.exit_code in (0, 1), checked.stderr) == (True, "")
    again = run(*words, env={"GRAPHSC_AS_OF": "2026-12-24"})
    assert (again.exit_code, written.read_bytes()) == (0, content)
    assert again.stdout.splitlines()[-1].startswith("Intet nyt: " if language == "da" else "Nothing new: ")
    compared = run("import", "kitos", "--as", "kitos", "--against", "data")
    assert (compared.exit_code, "The register says the same." in compared.stdout) == (0, True)


@pytest.mark.exhaustive
def test_where_facts_come_from_is_kept(folder: Path) -> None:
    run("import", "kitos", "--as", "kitos", "-o", "kitos.yaml", env={"GRAPHSC_AS_OF": "2026-11-29"})
    text = (folder / "kitos.yaml").read_text(encoding="utf-8")
    assert "fil: kontrakt.json" in text or "file: kontrakt.json" in text
    assert "2026-11-29" in text
    result = run(
        "query", "-", "kitos.yaml", "-f", "csv",
        stdin="PREFIX g: <https://w3id.org/graphsc/ns#> SELECT ?f WHERE { ?c a g:Agreement ; g:importedFrom/g:importedFile ?f }",
    )  # fmt: skip
    assert result.stdout.splitlines()[1:] == ["kontrakt.json"]


def test_a_company_number_unites_and_a_name_only_proposes(folder: Path) -> None:
    result = run("import", "kitos", "--as", "kitos", "--against", "register.yaml", "-o", "new.yaml")
    assert result.exit_code == 0
    assert "Same CVR number or LEI, so the same:" in result.stdout
    assert "“Havnbæk Kommune”: they have the same name" in result.stdout
    text = (folder / "new.yaml").read_text(encoding="utf-8")
    assert "supplier: org/fjordlys" in text
    assert f"customer: org/{KOMMUNE['uuid']}" in text
    assert run("validate", "register.yaml", "new.yaml").stderr == ""


def test_what_the_register_says_otherwise_stands(folder: Path) -> None:
    ends = f"kontrakter: [{{id: kontrakt/{CONTRACT['uuid']}, slut: 2027-01-01}}]\n"
    (folder / "register.yaml").write_text(REGISTER + ends, encoding="utf-8")
    result = run("import", "kitos", "--as", "kitos", "--against", "register.yaml", "-o", "new.yaml")
    assert result.exit_code == 1
    assert "end: 2027-01-01 → 2028-12-31" in next(
        line for line in result.stdout.splitlines() if "contradicts the register" in line
    )
    assert "2028-12-31" not in (folder / "new.yaml").read_text(encoding="utf-8")


def test_another_name_is_shown_but_contradicts_nothing(folder: Path) -> None:
    (folder / "register.yaml").write_text(REGISTER.replace("navn: Fjordlys Drift", "navn: Fjordlys"), encoding="utf-8")
    result = run("import", "kitos", "--as", "kitos", "--against", "register.yaml", "-o", "new.yaml")
    assert (result.exit_code, "name: Fjordlys → Fjordlys Drift" in result.stdout) == (0, True)
    assert "Fjordlys Drift" not in (folder / "new.yaml").read_text(encoding="utf-8")


def test_a_later_export_shows_what_changed_and_is_written_only_when_asked(folder: Path) -> None:
    run("import", "kitos", "--as", "kitos", "-o", "data/kitos.yaml")
    general = {
        **cast("dict[str, Any]", CONTRACT["general"]),
        "validity": {"validFrom": "2025-01-01T00:00:00Z", "validTo": None},
        "contractId": "J-18",
    }
    kitos(folder / "kitos", general=general)
    words = ("import", "kitos", "--as", "kitos", "--against", "data", "-o", "data/kitos.yaml")
    refused = run(*words)
    assert (refused.exit_code, "exists already and says something else" in refused.stderr) == (2, True)
    result = run(*words, "--overwrite")
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "changed: Drift af byggesag – document: J-17 → J-18" in lines
    assert "gone: Drift af byggesag – end: 2028-12-31 → nothing" in lines
    assert "J-18" in (folder / "data/kitos.yaml").read_text(encoding="utf-8")


def test_an_import_never_takes_the_place_of_a_register_that_it_reads(folder: Path) -> None:
    run("import", "kitos", "--as", "kitos", "-o", "data/kitos.yaml")
    own = (folder / "data/kitos.yaml").read_text(encoding="utf-8")
    for file, text in (("register.yaml", REGISTER), ("kitos.yaml", f"{own}\nsystemer: [{{id: system/vores}}]\n")):
        (folder / "data" / file).write_text(text, encoding="utf-8")
        words = ("import", "kitos", "--as", "kitos", "--against", "data", "-o", f"data/{file}", "--overwrite")
        refused = run(*words)
        assert (refused.exit_code, "is one of the files that are read" in refused.stderr) == (2, True)
        assert (folder / "data" / file).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "cut.json",
            b'{"uuid": "1", "supplier": {',
            "cut.json:1:28: error[syntax]: The JSON cannot be read at the end.",
        ),
        ("latin.json", '{"uuid": "Ærø"}'.encode("cp1252"), "latin.json:1:11: error[not-utf8]:"),
        ("other.json", b'{"bomFormat": "CycloneDX"}', "other.json: error[unrecognised]:"),
        ("data.xml", b"<a/>", "data.xml: error[unknown-format]:"),
        ("empty.json", b"", "empty.json: error[empty-file]:"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(folder: Path, name: str, content: bytes, message: str) -> None:
    (folder / name).write_bytes(content)
    result = run("import", name, "--as", "kitos", "-o", "out.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith(message)
    assert result.stderr.splitlines()[-1].startswith("graphsc: nothing was taken over or written.")
    assert not (folder / "out.yaml").exists()


def test_an_import_that_contradicts_itself_is_refused(folder: Path) -> None:
    other = {**CONTRACT, "supplier": {"organization": FJORD, "signedAt": "2024-12-01T00:00:00Z"}}
    (folder / "kitos" / "zz.json").write_text(json.dumps(other, indent=1), encoding="utf-8")
    result = run("import", "kitos", "--as", "kitos", "-o", "out.yaml")
    assert (result.exit_code, (folder / "out.yaml").exists()) == (2, False)
    assert "error[contradiction]" in result.stderr
    assert "two different values of signed: “2024-12-01” here and “2024-11-30” at kitos/kontrakt.json" in result.stderr


def test_two_rows_about_one_contract_are_told_apart_from_what_was_not_understood(folder: Path) -> None:
    rows = "Kontraktnr.;Kontrakt;Leverandør;Start\n17;Drift;Fjordlys;i sommer\n17;Drift;Tangbo;\n"
    (folder / "a.csv").write_text(rows, encoding="utf-8")
    result = run("import", "a.csv", "--lang", "da")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "Ikke forstået og ikke taget med (1):" in lines
    line = lines[lines.index("Flere rækker om det samme (1):") + 1]
    assert line.startswith("  a.csv:3:1: “17” står også på linje 2; de to rækker er læst som én (aftale).")


def test_hostile_names_neither_break_the_file_nor_the_terminal(folder: Path) -> None:
    name = 'Ærø: "x"\n\x1b[31m- [y] #\u202e=1+1|&*'
    kitos(folder / "kitos", name=name, general={"contractId": "NO"})
    result = run("import", "kitos", "--as", "kitos", "-o", "out.yaml")
    assert (result.exit_code, "\x1b" in result.stdout) == (0, False)
    assert run("validate", "out.yaml").stderr == ""


def test_an_own_mapping(folder: Path) -> None:
    (folder / "own.toml").write_text(
        """
title = { da = "Vores liste", en = "Our list" }
formats = ["table"]
[[record]]
at = "[]"
class = "g:Organisation"
key = "Firma"
prefix = "org/"
[[record.field]]
at = "Firma"
property = "rdfs:label"
""",
        encoding="utf-8",
    )
    (folder / "list.csv").write_text("Firma;Telefon\nFjordlys Drift;12345678\n", encoding="utf-8")
    result = run("import", "list.csv", "--mapping", "own.toml", "-o", "out.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "  Telefon: 1 (list.csv:2:1)" in result.stdout.splitlines()
    (folder / "own.toml").write_text("title = 1", encoding="utf-8")
    assert "error[bad-mapping]" in run("import", "list.csv", "--mapping", "own.toml").stderr


def test_the_file_of_another_system_is_named(folder: Path) -> None:
    bill = {
        "bomFormat": "CycloneDX",
        "services": [{"bom-ref": "a", "name": "Kort"}],
        "metadata": {"component": {"name": "App"}},
    }
    (folder / "bill.json").write_text(json.dumps(bill), encoding="utf-8")
    result = run("import", "bill.json", "--as", "kitos")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        "nothing was taken over or written. The file looks like cyclonedx: use --as cyclonedx.\n"
    )
