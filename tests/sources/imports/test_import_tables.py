"""Tables as people keep them: titles above the headings, several ways to write a day, several values in a cell, totals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from importing import codes, counts, statements

from graphsc.core import vocabulary as v
from graphsc.sources.mapped.headings import Headings
from graphsc.sources.mapped.reader import read_all, recognise
from graphsc.sources.mapped.reading import read

HEADINGS = [
    "Kontraktnr.", "Kontrakt ", "LEVERANDØR", "Leverandørens\nCVR-nummer", "Start*", "Udløb", "Årlig pris", "It-systemer",
    "Kontraktansvarlig", "Bemærkninger", None,
]  # fmt: skip
ROWS = [
    ["17-1", "Drift", "Fjordlys Drift", 99095431, date(2024, 1, 1), "31-12-2027", "1.250.000,50 kr.", "Byggesag, Kort", "Kim", "ny", None],
    ["17-2", "Hosting", "Mågevig Hosting\nTangbo Net", "99376198; 99174447", "1. marts 2024", "31.12.2026", 980000, "Kort", "Kim", None, "husk"],
    ["17-3", "Support", None, None, "2024-05-01 00:00:00", "03/14/2027", "1.200", None, None, "#REF!", None],
    ["Drift af net"],
    ["17-4", "Net", "Ørestrand Net; Sivbo", "99439297", "01-02-25", "-", "n/a", None, None, None, None],
    ["I alt", None, None, None, None, None, "2.230.000,50", None, None, None, None],
    [None],
    ["* Priser uden moms"],
]  # fmt: skip


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Kontrakter 2026"
    sheet.append(["Havnbæk Kommune – kontraktoversigt"])
    sheet.append([None, None, None, None, "Løbetid"])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("A1:K1")
    sheet.merge_cells("E2:F2")
    sheet.merge_cells("C5:C6")  # both of these contracts are with the suppliers of the first
    sheet.merge_cells("C40:C44")  # nothing stands there
    book.create_sheet("Noter").append(["Spørg Kim"])
    path = tmp_path / "kontrakter.xlsx"
    book.save(path)
    return path


def test_a_messy_sheet_is_read_as_far_as_it_can_be(messy: Path) -> None:
    assert recognise([messy]) == ["contracts"]
    mapped = read_all([messy], "contracts")
    assert counts(mapped) == {"Agreement": 4, "Organisation": 5, "ITSystem": 2}
    facts = statements(mapped)
    assert {
        ("kontrakt/17-1", "start", "2024-01-01"),
        ("kontrakt/17-1", "end", "2027-12-31"),
        ("kontrakt/17-1", "yearlySpend", "1250000.50"),
        ("kontrakt/17-1", "serves", "system/Byggesag"),
        ("kontrakt/17-1", "serves", "system/Kort"),
        ("kontrakt/17-2", "start", "2024-03-01"),
        ("kontrakt/17-2", "end", "2026-12-31"),
        ("kontrakt/17-2", "yearlySpend", "980000"),
        ("kontrakt/17-2", "supplier", "org/Mågevig%20Hosting"),
        ("kontrakt/17-2", "supplier", "org/Tangbo%20Net"),
        ("org/Mågevig%20Hosting", "cvr", "99376198"),
        ("org/Tangbo%20Net", "cvr", "99174447"),
        ("kontrakt/17-3", "supplier", "org/Tangbo%20Net"),
        ("kontrakt/17-3", "start", "2024-05-01"),
        ("kontrakt/17-4", "supplier", "org/Sivbo"),
    } <= facts


def test_the_rest_is_told_with_its_cell(messy: Path) -> None:
    mapped = read_all([messy], "contracts")
    places = {(p.code, f"{p.location.sheet}!{p.location.cell}") for p in mapped.sources.problems}
    assert places == {
        ("no-row", "Kontrakter 2026!A1"),
        ("no-row", "Kontrakter 2026!E2"),
        ("no-row", "Kontrakter 2026!A7"),
        ("no-row", "Kontrakter 2026!A9"),
        ("no-row", "Kontrakter 2026!A11"),
        ("bad-date", "Kontrakter 2026!F6"),
        ("bad-date", "Kontrakter 2026!E8"),
        ("wrong-type", "Kontrakter 2026!G6"),
        ("error-in-cell", "Kontrakter 2026!J6"),
        ("not-paired", "Kontrakter 2026!D8"),
        ("no-headings", "Noter!A1"),
    }
    left = {(value.path, value.count, str(value.first).rpartition("[")[2]) for value in mapped.unread}
    assert left == {
        ("[].Kontraktansvarlig", 2, "Kontrakter 2026!I4]"),
        ("[].Bemærkninger", 1, "Kontrakter 2026!J4]"),
        ("[].(K)", 1, "Kontrakter 2026!K5]"),
    }


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_with_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    rows = [
        "Contract name|Supplier|Valid from|Remarks",
        '"Hosting ""A"""|Fjordlys|2024-01-01|"line\nbreak"',
        "Net|Sivbo|01.02.2025|",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows).replace("|", delimiter), encoding="utf-8-sig")
    mapped = read_all([path], "contracts")
    assert (counts(mapped), codes(mapped)) == ({"Agreement": 2, "Organisation": 2}, {})
    assert ("kontrakt/Hosting%20%22A%22", "label", 'Hosting "A"') in statements(mapped)
    assert [(value.path, str(value.first.line)) for value in mapped.unread] == [("[].Remarks", "2")]


def test_commas_in_texts_part_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kontrakt;Noter\nNet;a, b, c, d, e\nSkoler, børn, unge;f, g\n", encoding="utf-8")
    assert counts(read_all([path], "contracts")) == {"Agreement": 2}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Kontrakt;Leverandør\nÆrø;Fjord\n".encode("cp1252"), "not-utf8"),
        (b'Kontrakt;Slut\n"Net;2024-01-01\n', "syntax"),
        (b"PK\x03\x04broken", "broken-workbook"),
    ],
)
def test_what_cannot_be_read_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / ("a.xlsx" if content.startswith(b"PK") else "a.csv")
    path.write_bytes(content)
    mapped = read_all([path], "contracts")
    assert [problem.code for problem in mapped.fatal] == [code]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-24T00:00:00Z", "2024-05-24"),
        ("2024-05-24T11:49:25.920788+02:00", "2024-05-24"),
        ("2023-03-24+02:00", "2023-03-24"),
        ("2024-05-24 08:00:00", "2024-05-24"),
        ("20240524", "2024-05-24"),
        ("24/5-2024", "2024-05-24"),
        ("24.05.2024", "2024-05-24"),
        ("24. maj 2024", "2024-05-24"),
        ("1st March 2024", "2024-03-01"),
        ("29-02-2023", None),
        ("05/24/2024", None),
        ("24-05-24", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("i sommer", None),
        ("45292", None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    lexical, fault = read(text, v.XSD_DATE)
    assert (lexical if fault is None else None) == day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.250.000,50 kr.", "1250000.50"),
        ("DKK 1,250,000.50", "1250000.50"),
        ("1 250 000", "1250000"),
        ("12,5", "12.5"),
        ("1.250.000", "1250000"),
        ("500,-", "500"),
        ("1.250", None),
        ("1,250", None),
        ("ca. 100", None),
    ],
)
def test_amounts(text: str, amount: str | None) -> None:
    lexical, fault = read(text, v.XSD_DECIMAL)
    assert (lexical if fault is None else None) == amount


REPEATED = [
    ("17-1;Drift;2024-01-01;Fjordlys", "17-1;Drift;2024-01-01;Tangbo", "repeated-row"),
    ("17-1;Drift;2024-01-01;Fjordlys", "17-1;Drift;2025-01-01;Fjordlys", "contradiction"),
    ("17-1;Drift;2024-01-01;Fjordlys", "17-1;Hosting;;Fjordlys", "contradiction"),
    ("17-1;Drift;2024-01-01;Fjordlys", "17-2;Drift;2024-01-01;Fjordlys", None),
]


@pytest.mark.parametrize(("first", "second", "code"), REPEATED)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_two_rows_with_one_number(tmp_path: Path, first: str, second: str, code: str | None, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    lines = ["Kontraktnr.;Kontrakt;Start;Leverandør", first, second]
    if suffix == "csv":
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for line in lines:
            book.worksheets[0].append(line.split(";"))
        book.save(path)
    mapped = read_all([path], "contracts")
    problems = mapped.fatal or mapped.sources.problems
    assert [problem.code for problem in problems] == ([code] if code else [])
    for problem in problems:  # both rows are named
        assert (problem.location.line, (problem.location.cell or "")[-1:]) in [(3, ""), (None, "3")]
        assert any(place in problem.message.en for place in ("line 2", "A2", "a.csv:2:1", "B2", "C2"))


def test_a_table_in_which_a_row_is_about_two_things_names_one_of_them_again(tmp_path: Path) -> None:
    rows = ["CVR-nummer;Navn;Ejers CVR-nummer;Ejer", "99095431;Fjordlys;99060816;A", "99095431;Fjordlys;99376198;B"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert "repeated-row" not in codes(read_all([path], "ownership"))


def test_a_row_that_does_not_say_which_contract_it_is_about_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kontrakt;Leverandør;Start\nDrift;Fjordlys;2024-01-01\n;Fjordlys;2025-01-01\n", encoding="utf-8")
    taken = read_all([path], "contracts")
    assert [(p.code, p.location.line, p.message.da) for p in taken.sources.problems] == [
        ("no-row", 3, "Rækken har intet under “Kontrakt” og er ikke læst: “Fjordlys”.")
    ]


def test_the_unit_of_an_amount_is_no_part_of_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kontrakt;Pris pr. år (kr.);Udløb (option)\nDrift;1250;2028-01-01\n", encoding="utf-8")
    taken = read_all([path], "contracts")
    facts = statements(taken)
    assert ("kontrakt/Drift", "yearlySpend", "1250") in facts
    assert not [fact for fact in facts if fact[1] == "end"]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Start-\ndato", "Startdato"),
        ("Start\u00addato", "Startdato"),
        ("LEVERANDOR", "Leverandør"),
        ("Leverandoer", "Leverandør"),
        ("Årlig pris\n(kr. ekskl. moms)", "Årlig pris"),
        ("Aarlig pris [DKK, inkl. moms]", "Årlig pris"),
        ("Årlig pris (t.kr.)", None),  # the values would be other numbers
        ("Årlig pris (EUR)", None),
        ("Udløb (dd-mm-åååå):", "Udløb"),
        ("Lev. CVR", "Leverandør CVR"),
        ("Ikrafttr.", "Ikrafttræden"),
        ("CVR-NR", "CVR-nr"),
        ("Kontr.", None),  # of a name or a number?
        ("Udløb (option)", None),
        ("Udløb (med option i 1-2 år)", None),
        ("Kontrakter", None),
        ("...", None),
        ("", None),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, key: str | None) -> None:
    keys = [
        "Startdato",
        "Leverandør",
        "Årlig pris",
        "Udløb",
        "Leverandør CVR",
        "Ikrafttræden",
        "CVR-nr",
        "CVRNR",
        "Kontrakt",
        "Kontraktnr",
    ]
    assert Headings(keys).key(heading) == key


def test_a_heading_with_a_line_break_does_not_lose_its_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Kontrakt;"Start-\ndato";Udl.\nDrift;2024-01-01;2028-01-01\n', encoding="utf-8")
    mapped = read_all([path], "contracts")
    assert ("kontrakt/Drift", "start", "2024-01-01") in statements(mapped)
    assert [value.path for value in mapped.unread] == ['[]."Udl."']  # Udløb, Udløbsdato or Udløber
