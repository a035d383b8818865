from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import run
from workbooks import facts

from graphsc.service.registers.ask import FACTS, IDENTITY
from graphsc.sources import read

REGISTER = """\
base: https://k.example/
organisationer:
  - {id: org/k, navn: Kystvagten}
  - {id: org/l, navn: Løngang}
  - {id: org/u, navn: Ærøskøbing Drift}
  - {id: org/m, navn: Mosekonebryg}
kontrakter:
  - id: kontrakt/l
    kunde: org/k
    leverandør: org/l
    start: 2024-04-01
    underleverandører:
      - {id: under/u, leverandør: org/u, ydelse: hosting, start: 2024-06-01}
  - {id: kontrakt/m, navn: Mosekontrakten, kunde: org/k, leverandør: org/m, start: 2024-04-01}
"""
LATER = ("--as-of", "2026-11-20")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register.yaml").write_text(REGISTER, encoding="utf-8")
    assert run("ask", "Løngang", "register.yaml", "-o", "ask.xlsx", *LATER).exit_code == 0
    return tmp_path


def answered(
    cells: dict[tuple[str, str, str], Any], rows: dict[str, dict[str, Any]] | None = None, **said: str
) -> None:
    """Fill in an answer: cells by sheet, id and start of the heading, new rows by sheet, and who answered when."""
    book = openpyxl.load_workbook("ask.xlsx")
    identity = {IDENTITY[key]: text for key, text in {"by": "Nina Holm", "on": "2026-11-27", **said}.items()}
    for row in book.worksheets[0].iter_rows():
        if row[0].value in identity:
            row[1].value = identity[row[0].value]
    for (name, id_, head), value in cells.items():
        sheet = book[name]
        number = next(row[0].row for row in sheet.iter_rows() if row[0].value == id_)
        sheet.cell(number, _column(sheet, head)).value = value
    for name, texts in (rows or {}).items():
        sheet = book[name]
        number = max(row[0].row for row in sheet.iter_rows() if row[0].value) + 1
        for head, value in texts.items():
            sheet.cell(number, _column(sheet, head)).value = value
    book.save("answer.xlsx")


def _column(sheet: Any, head: str) -> int:
    return next(int(cell.column) for cell in sheet[4] if str(cell.value).startswith(head))


def test_a_supplier_is_asked_of_its_own_part_alone_in_both_languages(folder: Path) -> None:
    book = openpyxl.load_workbook("ask.xlsx")
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert not [text for text in shown if "mosekone" in text.casefold() or "kontrakt/m" in text]
    assert "Leverandør / Supplier" in shown
    assert book[FACTS].sheet_state == "hidden"
    sheet = book["Underleverandører"]
    end = sheet.cell(5, _column(sheet, "Slut"))
    assert (end.value, end.fill.fgColor.rgb) == (None, "FFFFF2CC")
    questions = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=15)]
    assert ["Underleverandører", "under/u", "Slut / End, Personoplysninger / Personal data"] in questions


def test_only_what_it_can_have_is_asked_and_what_is_asked_has_a_sheet(folder: Path) -> None:
    """A German firm has no CVR number; an owner group can be named, and a subcontract may have a transfer basis."""
    abroad = REGISTER.replace("navn: Ærøskøbing Drift", "navn: Ærøskøbing Drift, land: DE").replace(
        "navn: Løngang", "navn: Løngang, land: DK"
    )
    (folder / "register.yaml").write_text(abroad, encoding="utf-8")
    assert run("ask", "Løngang", "register.yaml", "-o", "ask.xlsx", "--overwrite", *LATER).exit_code == 0
    book = openpyxl.load_workbook("ask.xlsx")
    organisations, subcontracts = book["Organisationer"], book["Underleverandører"]
    yellow = {
        str(row[1].value): row[_column(organisations, "CVR") - 1].fill.fgColor.rgb == "FFFFF2CC"
        for row in organisations.iter_rows(min_row=5) if row[1].value
    }  # fmt: skip
    assert (yellow["Løngang"], yellow["Ærøskøbing Drift"]) == (True, False)
    basis = subcontracts.cell(5, _column(subcontracts, "Overførselsgrundlag"))
    assert (basis.fill.fgColor.rgb, subcontracts.column_dimensions[basis.column_letter].hidden) == ("00000000", False)
    answered({("Organisationer", "org/l", "Koncern"): "Dønninggruppen"}, {"Koncerner": {"Navn": "Dønninggruppen"}})
    result = run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx")
    assert (result.exit_code, "contradicts" in result.stdout) == (0, False)
    assert any(o == '"Dønninggruppen"' for _, _, o in facts(read([folder / "new.xlsx"])))


@pytest.mark.parametrize("named", [True, False])
def test_ids_are_the_same_on_the_way_back(folder: Path, named: bool) -> None:
    """Whether the register or the settings name their base, which has a path."""
    base, said = "https://k.example/id/", "base: https://k.example/\n"
    (folder / "register.yaml").write_text(REGISTER.replace(said, f"base: {base}\n" if named else ""), encoding="utf-8")
    (folder / "graphsc.toml").write_text(f'base = "{base}"\n', encoding="utf-8")
    assert run("ask", "Løngang", "register.yaml", "-o", "ask.xlsx", "--overwrite", *LATER).exit_code == 0
    answered({("Underleverandører", "under/u", "Slut"): "2027-01-31"})
    assert run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx").exit_code == 0
    ids = {cell.value for cell in openpyxl.load_workbook("new.xlsx")["Subcontractors"]["A"][4:] if cell.value}
    assert ids == {"under/u"}


@pytest.mark.exhaustive
def test_an_answer_that_says_nothing_new_changes_nothing(folder: Path) -> None:
    answered({})
    result = run("import", "answer.xlsx", "register.yaml")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0, ["Answer of Løngang, given by Nina Holm on 2026-11-27:", "The answer says the same as the register."]
    )  # fmt: skip
    assert run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx").exit_code == 0
    assert facts(read([folder / "new.xlsx"])) == facts(read([folder / "register.yaml"]))


@pytest.mark.exhaustive
def test_new_changed_and_gone_are_shown_and_taken_over_with_who_said_it(folder: Path) -> None:
    answered(
        {
            ("Underleverandører", "under/u", "Start"): "2024-07-01",
            ("Underleverandører", "under/u", "Slut"): "2027-01-31",
            ("Underleverandører", "under/u", "Ydelse"): None,
        },
        {"Underleverandører": {"Id": "under/n", "Under": "under/u", "Leverandør": "org/u", "Ydelse": "køling"}},
    )
    result = run("import", "answer.xlsx", "register.yaml")
    assert (result.exit_code, result.stdout.splitlines()[1:]) == (
        0,
        [
            "changed: u – start: 2024-06-01 → 2024-07-01",
            "gone: u – service: hosting → nothing",
            "new: n – type: nothing → subcontract",
            "new: n – service: nothing → køling",
            "new: n – supplier: nothing → Ærøskøbing Drift",
            "new: n – is under: nothing → u",
            "new: u – end: nothing → 2027-01-31",
        ],
    )
    assert not (folder / "new.xlsx").exists()
    assert run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx").exit_code == 0
    taken = facts(read([folder / "new.xlsx"]))
    said = {(p.rsplit("/", 1)[1], o) for s, p, o in taken if s.startswith("<urn:graphsc:answer:")}
    assert said == {
        ("prov#wasAttributedTo", "<https://k.example/org/l>"), ("creator", '"Nina Holm"'),
        ("date", '"2026-11-27"^^<http://www.w3.org/2001/XMLSchema#date>'),
    }  # fmt: skip
    assert {s for s, p, _ in taken if p.endswith("wasDerivedFrom")} == {
        "<https://k.example/under/n>", "<https://k.example/under/u>",
    }  # fmt: skip
    again = run("import", "answer.xlsx", "new.xlsx")
    assert again.stdout.splitlines()[1:] == ["The answer says the same as the register."]


@pytest.mark.parametrize(
    ("cells", "register"),
    [
        ({("Kontrakter", "kontrakt/l", "Start"): "2023-01-01"}, REGISTER),
        ({("Underleverandører", "under/u", "Start"): "2024-07-01"}, REGISTER.replace("2024-06-01", "2024-06-15")),
        ({("Underleverandører", "under/u", "Slut"): "2027-01-31"}, REGISTER.replace("start: 2024-06-01", "start: 2024-06-01, slut: 2026-12-31")),
    ],
    ids=["not the supplier's to say", "changed since", "recorded since"],
)  # fmt: skip
def test_what_contradicts_is_said_and_nothing_is_taken_over(folder: Path, cells: dict[Any, Any], register: str) -> None:
    answered(cells)
    (folder / "register.yaml").write_text(register, encoding="utf-8")
    result = run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx")
    assert (result.exit_code, (folder / "new.xlsx").exists()) == (1, False)
    assert result.stdout.splitlines()[1].startswith("contradicts the register: ")


REVIEW = {"Art": "kontraktgennemgang", "Vedrører": "kontrakt/l", "Dato": "2026-11-01"}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("words", "taken"),
    [({}, "org/l"), ({"Udført af": "org/u"}, "org/u"), ({"Udført af": "org/k"}, None)],
    ids=["unsigned", "by the subcontractor", "by the customer"],
)
def test_what_a_supplier_adds_never_counts_as_done_by_the_customer(
    folder: Path, words: dict[str, str], taken: str | None
) -> None:
    answered({}, {"Tilsyn og dokumentation": REVIEW | words})
    result = run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx")
    assert (result.exit_code, (folder / "new.xlsx").exists()) == ((1, False) if taken is None else (0, True))
    if taken is not None:
        performers = {o for _, p, o in facts(read([folder / "new.xlsx"])) if p.endswith("#performer")}
        assert performers == {f"<https://k.example/{taken}>"}


def test_a_customer_made_a_subcontractor_in_an_answer_still_does_nothing_by_it(folder: Path) -> None:
    beneath = {"Id": "under/n", "Under": "under/u", "Leverandør": "org/k"}
    answered({}, {"Underleverandører": beneath, "Tilsyn og dokumentation": REVIEW | {"Udført af": "org/k"}})
    assert run("import", "answer.xlsx", "register.yaml").exit_code == 1


@pytest.mark.exhaustive
def test_what_is_no_answer_or_that_of_a_stranger_is_refused(folder: Path) -> None:
    answered({})
    (folder / "other.yaml").write_text("organisationer: [{id: org/x, navn: X}]\n", encoding="utf-8")
    stranger = run("import", "answer.xlsx", "other.yaml")
    assert (stranger.exit_code, "which is not in the register" in stranger.stderr) == (2, True)
    answered({}, by="")
    nobody = run("import", "answer.xlsx", "register.yaml")
    assert (nobody.exit_code, "answered by" in nobody.stderr) == (2, True)
    run("workbook", "register.yaml", "-o", "register.xlsx")
    for wrong in ("register.xlsx", "register.yaml", "missing.xlsx"):
        result = run("import", wrong, "register.yaml")
        assert (result.exit_code, bool(result.stderr)) == (2, True), wrong
    answered({("Underleverandører", "under/u", "Start"): "i sommer"})
    unread = run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx")
    assert (unread.exit_code, "bad-date" in unread.stderr) == (2, True)
    assert not (folder / "new.xlsx").exists()


EVIDENCE = """\
personer: [person/k, person/l]
roller:
  - {person: person/k, rolle: databeskyttelsesrådgiver, hos: org/k, gælder: kontrakt/l}
  - {person: person/l, rolle: leverandørens sikkerhedsansvarlige, hos: org/l, gælder: kontrakt/l}
kontrakter: [{id: kontrakt/l, registre: krav, krav: [{id: krav/b, navn: Daglig backup, emne: beredskab}]}]
aktiviteter:
  - {slags: tilsyn, dato: 2026-01-01, af: org/k, vedrører: kontrakt/l}
  - {slags: rådgivning fra dpo, dato: 2026-01-02, af: person/k, vedrører: kontrakt/l}
  - {slags: kontraktgennemgang, dato: 2026-01-03, i rollen: kontraktansvarlig, vedrører: kontrakt/l}
  - {slags: tilsyn, dato: 2026-02-01, af: org/u, vedrører: under/u}
  - {slags: risikobidrag, dato: 2026-02-02, af: person/l, vedrører: kontrakt/l}
  - {slags: exittest, dato: 2026-02-03, i rollen: leverandørens sikkerhedsansvarlige, vedrører: kontrakt/l}
  - {slags: statusmøde, dato: 2026-02-04, vedrører: kontrakt/l}
"""


def test_a_supplier_is_asked_for_what_it_must_do_and_not_about_what_others_did(folder: Path) -> None:
    (folder / "evidence.yaml").write_text(EVIDENCE, encoding="utf-8")
    assert (
        run("ask", "Løngang", "register.yaml", "evidence.yaml", "-o", "ask.xlsx", "--overwrite", *LATER).exit_code == 0
    )
    questions = [
        [str(cell.value) for cell in row]
        for row in openpyxl.load_workbook("ask.xlsx").worksheets[0].iter_rows(min_row=15)
    ]
    evidence = [what for sheet, what, _ in questions if sheet == "Tilsyn og dokumentation"]
    assert sorted(text[-10:] for text in evidence) == ["2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04"]
    assert "tilsyn 2026-02-01" in evidence
    (question,) = [(what, do) for sheet, what, do in questions if sheet == "Underleverandører" and " / " in what]
    assert question[0] == (
        "Er Daglig backup ført videre til Ærøskøbing Drift (under Løngang)? Ikke registreret: kravet i Ærøskøbing Drift (under Løngang) eller en undtagelse for leddet. / "
        "Was Daglig backup passed on to Ærøskøbing Drift (under Løngang)? Not recorded: the requirement in Ærøskøbing Drift (under Løngang) or an exemption for this link."
    )
    assert question[1].endswith(" / The security requirement was passed on to the subcontractor")


def test_an_answer_without_a_register_is_told_what_to_add(folder: Path) -> None:
    answered({})
    result = run("import", "answer.xlsx")
    assert result.exit_code == 2
    assert "graphsc import answer.xlsx REGISTER" in result.stderr
