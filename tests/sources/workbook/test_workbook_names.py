"""What a cell may call a row, and what is said where it cannot be told which row, or which day, is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reading import about, triples
from typer.testing import CliRunner
from workbooks import facts, problems, write

from graphsc.cli.app import app
from graphsc.sources import read

ORGANISATIONS = [["Id", "Navn"], ["org/n", "Nordlysstyrelsen"], ["org/f", "Fjordhost A/S"], ["org/s", "Skydrift"]]
CONTRACTS = [["Id", "Navn", "Kunde", "Leverandør"], ["k/1", "Driftsaftalen", "org/n", "org/f"]]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    return write(path / "a.xlsx", {"Organisationer": ORGANISATIONS, "Kontrakter": CONTRACTS, **sheets})


def danish(path: Path) -> list[str]:
    return [f"{p.location}: {p.message.da}".removeprefix(path.as_posix()) for p in read([path]).problems]


def persons(path: Path) -> dict[str, str | None]:
    """The persons who hold a role, and what each is called."""
    stated = triples(read([path]))
    held = {o for _, p, o in stated if p == "g:person"}
    assert held <= {s for s, p, o in stated if (p, o) == ("rdf:type", "g:Person")}
    names = {s: o.strip('"') for s, p, o in stated if p == "rdfs:label"}
    return {iri.removeprefix(":"): names.get(iri) for iri in held}


def test_a_name_of_a_row_that_gets_its_id_from_its_parent_is_understood(tmp_path: Path) -> None:
    """Whatever the order of the sheets, and also where the row is named as the parent of another."""
    path = book(
        tmp_path,
        Undtagelser=[["Undtager", "Fra krav", "Begrundelse"], ["u/1", "Backup, drift", "Ingen data."]],
        Krav=[["Navn", "Kræves i", "Emne"], ["Backup, drift", "Driftsaftalen", "beredskab"]],
        Underleverandører=[["Id", "Under", "Leverandør", "Krav"], ["u/1", "k/1", "Skydrift", "backup, drift"]],
        Adgange=[["Navn", "Type", "Adgang efter"], ["Adgang sag", "adgang", "Driftsaftalen"]],
        Godkendelser=[["Godkender", "Dato"], ["Adgang sag", date(2024, 5, 12)]],
    )
    assert problems(path) == []
    stated = facts(read([path]))
    named = {o: s for s, p, o in stated if p.endswith("label")}
    links = {(s.rpartition(":")[2], p.rpartition("#")[2], o) for s, p, o in stated}
    need, access = named['"Backup, drift"'], named['"Adgang sag"']
    assert {("k/1>", "requires", need), ("u/1>", "requires", need), ("k/1>", "accessRight", access)} <= links
    assert {p for _, p, o in links if o in (need, access)} == {"requires", "requirement", "accessRight", "approves"}


def test_rows_that_are_parts_of_each_other_are_told(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Underleverandører=[["Navn", "Under", "Leverandør"], ["Led A", "Led B", "org/s"], ["Led B", "Led A", "org/s"]],
    )
    assert len(problems(path)) == 2
    assert all("missing-id" in line for line in problems(path))


def test_two_parts_of_one_name_are_not_told_apart_by_it(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Krav=[["Navn", "Kræves i", "Emne"], ["Backup", "k/1", "beredskab"], ["Backup", "k/1", "underretning"]],
        Underleverandører=[["Under", "Leverandør", "Krav"], ["k/1", "Skydrift", "Backup"]],
    )
    assert problems(path) == [
        "[Underleverandører!C2]: ambiguous-name: Several things are called “Backup”. Give each row an id, and write that here."
    ]


@pytest.mark.parametrize("value", [date(1905, 7, 17), 2025])
def test_a_number_that_is_hardly_a_day_is_no_date(tmp_path: Path, value: object) -> None:
    """A year in a cell formatted for dates shows as a day of 1905."""
    path = book(tmp_path, Kontrakter=[["Id", "Kunde", "Start"], ["k/1", "org/n", value]])
    assert [line.partition(": ")[0] for line in danish(path)] == ["[Kontrakter!C2]"]


def test_a_day_before_1950_may_be_written_as_text(tmp_path: Path) -> None:
    path = book(tmp_path, Kontrakter=[["Id", "Start"], ["k/1", "1948-04-01"]])
    assert ("g:start", '"1948-04-01"^^xsd:date') in about(read([path]), ":k/1")


def test_a_row_that_nothing_is_called_by_is_told_which_cell_to_fill(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Undtagelser=[["Id", "Undtager", "Fra krav", "Begrundelse"], [None, None, "r/1", "Ingen data."]],
        Krav=[["Id", "Navn", "Kræves i", "Emne"], ["r/1", None, "k/1", "beredskab"], [None, None, None, "beredskab"]],
        Databehandleraftaler=[["Id", "Aftale", "Kunde"], [None, "k/1", "org/n"]],
    )
    assert danish(path) == [
        "[Databehandleraftaler!A2]: Rækken mangler et id. Udfyld “Id” (A2).",
        "[Krav!B3]: Rækken har hverken navn eller id. Udfyld “Navn” (B3).",
        "[Undtagelser!B2]: Det fremgår ikke, hvad rækken hører til. Udfyld “Undtager” (B2).",
    ]


def test_a_name_that_is_nobodys_is_shown_as_written_beside_those_of_the_kind(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": [*ORGANISATIONS, ["org/d", "Driftsaftale A/S"]],
            "Kontrakter": [*CONTRACTS, ["k/2", None, "org/n", "Fjordhost"], ["k/3", None, "org/n", "Fjordhos A S"]],
            "Krav": [["Id", "Kræves i"], ["r/1", "Driftsaftale"]],
        },
    )
    assert danish(path) == [
        "[Kontrakter!D3]: “Fjordhost” er ikke beskrevet i nogen fil, men nævnes under “leverandør”. Er den ny, så tilføj den under Organisationer. Mente du “Fjordhost A/S”?",
        "[Kontrakter!D4]: Ingen række i arbejdsbogen hedder “Fjordhos A S”. Er den ny, så tilføj den under Organisationer. Mente du “Fjordhost A/S”?",
        "[Krav!B2]: “Driftsaftale” er ikke beskrevet i nogen fil, men nævnes her. Mente du “Driftsaftalen”?",
    ]


def test_what_no_row_is_called_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": ORGANISATIONS,
            "Godkendelser": [["Godkendt", "Dato"], ["Drift / Sky", "2025-05-12"]],
            "Hændelser og afvigelser": [["Art", "Ansvarlig"], ["afvigelse", "P99"], ["afvigelse", "Nanna N"]],
        },
    )
    assert danish(path) == [
        "[Godkendelser!A2]: Ingen række i arbejdsbogen hedder “Drift / Sky”. Tilføj den under Adgange eller Aktiviteter eller Kontrakter.",
        "[Hændelser og afvigelser!B2]: “P99” er ikke beskrevet i nogen fil, men nævnes under “ansvarlig”. Tilføj den under Personer.",
        "[Hændelser og afvigelser!B3]: Ingen række i arbejdsbogen hedder “Nanna N”. Tilføj den under Personer.",
    ]


def test_who_has_a_role_needs_no_row_among_the_persons(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": ORGANISATIONS,
            "Roller": [["Person", "Rolle", "Hos"], ["P99", "jura", "org/n"], ["Nanna N", "jura", "org/n"]],
            "Hændelser og afvigelser": [["Art", "Ansvarlig"], ["afvigelse", "p99"], ["afvigelse", "Nanna N"]],
        },
    )
    listed = write(
        tmp_path / "b.xlsx",
        {
            "Organisationer": ORGANISATIONS,
            "Personer": [["Navn"], ["P99"], ["Nanna N"]],
            "Roller": [["Person", "Rolle", "Hos"], ["P99", "jura", "org/n"], ["Nanna N", "jura", "org/n"]],
            "Hændelser og afvigelser": [["Art", "Ansvarlig"], ["afvigelse", "P99"], ["afvigelse", "Nanna N"]],
        },
    )
    assert danish(path) == danish(listed) == []
    assert persons(path) == persons(listed) == {"person/p99": "P99", "person/nanna-n": "Nanna N"}


@pytest.mark.parametrize("listed", ["Id", "Navn", None])
@pytest.mark.parametrize("typed", ["P7", "p-07", "P 007"])
def test_another_spelling_of_a_person_is_asked_about(tmp_path: Path, typed: str, listed: str | None) -> None:
    roles = [["P07", "jura", "org/n"], ["P70", "jura", "org/n"], ["P17", "jura", "org/n"], [typed, "jura", "org/n"]]
    sheets = {"Organisationer": ORGANISATIONS, "Roller": [["Person", "Rolle", "Hos"], *roles]}
    path = write(tmp_path / "a.xlsx", sheets | ({"Personer": [[listed], ["P07"]]} if listed else {}))
    (problem,) = danish(path)
    assert problem.startswith("[Roller!A5]: ")
    assert f"“{typed}”" in problem
    assert problem.endswith(". Er den ny, så tilføj den under Personer. Mente du “P07”?")


@pytest.mark.parametrize("described", ["P07", "person/p07"])
def test_another_spelling_of_a_person_of_another_file_is_asked_about(tmp_path: Path, described: str) -> None:
    roles = [["Person", "Rolle", "Hos"], ["P7", "jura", "org/n"], ["P8", "jura", "org/n"]]
    write(tmp_path / "a.xlsx", {"Organisationer": ORGANISATIONS, "Roller": roles})
    (tmp_path / "b.yaml").write_text(f"personer: [{described}]\n", encoding="utf-8")
    (problem,) = danish(tmp_path)
    assert "[Roller!A2]: " in problem
    assert "P7” er ikke beskrevet i nogen fil" in problem


def test_numbered_persons_are_each_their_own(tmp_path: Path) -> None:
    roles = [[f"P{number}", "jura", "org/n"] for number in (*range(1, 100), "1-1", "1.10", "11-0")]
    path = write(tmp_path / "a.xlsx", {"Organisationer": ORGANISATIONS, "Roller": [["Person", "Rolle", "Hos"], *roles]})
    assert danish(path) == []
    assert len(persons(path)) == 102


def test_who_has_a_role_is_the_one_that_another_file_describes(tmp_path: Path) -> None:
    write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": ORGANISATIONS,
            "Roller": [["Person", "Rolle", "Hos"], ["P7", "jura", "org/n"], ["P8", "jura", "org/n"]],
        },
    )
    (tmp_path / "b.yaml").write_text("personer: [P7, person/p8]\n")
    assert danish(tmp_path) == []
    assert persons(tmp_path) == {"P7": None, "person/p8": None}


def test_what_is_written_as_the_id_of_a_person_must_be_described(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        {"Organisationer": ORGANISATIONS, "Roller": [["Person", "Rolle", "Hos"], ["person/p7", "jura", "org/n"]]},
    )
    assert danish(path) == [
        "[Roller!A2]: “person/p7” er ikke beskrevet i nogen fil, men nævnes under “person”. Tilføj den under Personer."
    ]


def test_a_word_that_is_not_on_the_list_of_its_column_is_held_against_that_list(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": ORGANISATIONS,
            "Kontrakter": [["Id", "Kunde", "Klausuler"], ["k/1", "org/n", "kontrol"]],
            "Tilsyn og dokumentation": [["Art", "Vedrører"], ["politik", "org/n"]],
        },
    )
    assert danish(path) == [
        "[Kontrakter!C2]: “kontrol” er ikke på kolonnens liste, men hører til anledning. Mente du “kontrolret”?",
        "[Tilsyn og dokumentation!A2]: “politik” er ikke på kolonnens liste. Mente du “sikkerhedspolitik”?",
    ]


def test_what_is_of_the_wrong_kind_is_told_where_it_is_written(tmp_path: Path) -> None:
    path = book(tmp_path, Krav=[["Id", "Kræves i"], ["r/1", "k/1; Fjordhost A/S"]])
    assert problems(path) == ["[Krav!B2]: wrong-type: Expected here: agreement. “Fjordhost A/S” is: organisation."]


def test_values_with_commas_between_are_to_be_divided_by_semicolons(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Kontrakter=[["Id", "Systemer", "Klausuler"], ["k/1", "Sagsstyring, Løn", "kontrolret, tavshedspligt"]],
        Systemer=[["Id", "Navn"], ["s/1", "Sagsstyring"], ["s/2", "Løn"]],
    )
    assert all("del med semikolon" in line for line in danish(path))
    assert [line.partition(":")[0] for line in danish(path)] == ["[Kontrakter!B2]", "[Kontrakter!C2]"]


def test_an_error_is_called_so_in_the_language_asked_for(tmp_path: Path) -> None:
    path = book(tmp_path, Krav=[["Id", "Kræves i"], ["r/1", "Fjordhost"]])
    for language, word in (("da", "fejl"), ("en", "error")):
        result = CliRunner().invoke(app, ["workbook", str(path), "-o", str(tmp_path / "b.xlsx"), "--lang", language])
        assert f": {word}[dangling-reference]: " in result.output
