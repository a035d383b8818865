from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from reading import about
from workbooks import facts, problems, write

from graphsc.core.vocabulary import XSD_DECIMAL
from graphsc.sources import read
from graphsc.sources.values import literal
from graphsc.sources.workbook import file as opening
from graphsc.sources.workbook.layout import text_of

SMALL: dict[str, Any] = {
    "Organisationer": [
        ["Id", "Navn", "Art", "CVR", "Land"],
        ["org/nordlys", "Nordlysstyrelsen", "statslig myndighed", None, "NO"],
        ["org/fjord", "Fjord Hosting", None, 10000009, None],
        ["org/sky", "Skydrift", None, None, None],
    ],
    "Systemer": [["Id", "Navn", "Ejer"], ["system/sag", "Sagsstyring", "Nordlysstyrelsen"]],
    "Kontrakter": [
        ["Id", "Kunde", "Leverandør", "Periode", "Systemer", "Klausuler"],
        ["kontrakt/drift", "Nordlysstyrelsen", "Fjord Hosting [org/fjord]", "2024-04-01/2028-03-31", "Sagsstyring", "kontrolret; tavshedspligt"],
    ],
    "Krav": [["Id", "Kræves i", "Emne", "Frekvens"], ["krav/backup", "kontrakt/drift", "beredskab", "P1D"]],
    "Underleverandører": [
        ["Under", "Leverandør", "Start", "Krav"],
        ["kontrakt/drift", "Skydrift", date(2024, 6, 1), "krav/backup"],
    ],
}  # fmt: skip
AS_YAML = """\
organisationer:
  - {id: org/nordlys, navn: Nordlysstyrelsen, art: statslig myndighed, land: NO}
  - {id: org/fjord, navn: Fjord Hosting, cvr: "10000009"}
  - {id: org/sky, navn: Skydrift}
systemer:
  - {id: system/sag, navn: Sagsstyring, ejer: org/nordlys}
kontrakter:
  - id: kontrakt/drift
    kunde: org/nordlys
    leverandør: org/fjord
    periode: 2024-04-01/2028-03-31
    systemer: [system/sag]
    klausuler: [kontrolret, tavshedspligt]
    krav: [{id: krav/backup, emne: beredskab, frekvens: P1D}]
    underleverandører:
      - {leverandør: org/sky, start: 2024-06-01, viderefører: [krav/backup]}
"""


def test_a_workbook_says_the_same_as_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(AS_YAML, encoding="utf-8")
    book = write(tmp_path / "a.xlsx", SMALL)
    assert problems(book) == []
    assert facts(read([book])) == facts(read([tmp_path / "a.yaml"]))


def test_suppliers_on_a_sheet_of_their_own_and_blanks_at_the_ends_of_a_cell_change_nothing(tmp_path: Path) -> None:
    head, nordlys, *suppliers = SMALL["Organisationer"]
    apart = [head, *([id_, f" {name} ", *rest] for id_, name, *rest in suppliers)]
    book = write(tmp_path / "a.xlsx", {**SMALL, "Organisationer": [head, nordlys], "Leverandører": apart})
    assert problems(book) == []
    assert facts(read([book])) == facts(read([write(tmp_path / "b.xlsx", SMALL)]))


def test_a_part_without_an_id_is_called_as_in_yaml(tmp_path: Path) -> None:
    """Also the approval of a subcontractor that is named by its id in the sheet above."""
    book = write(
        tmp_path / "a.xlsx",
        {
            "Underleverandører": [["Id", "Under", "Leverandør"], ["under/sky", "kontrakt/drift", "org/sky"]],
            "Godkendelser": [["Godkender", "Dato", "Journal"], ["under/sky", date(2024, 5, 12), "2024-7"]],
        },
    )
    rest = "organisationer: [org/sky]\nkontrakter: [kontrakt/drift]\n"
    (tmp_path / "rest.yaml").write_text(rest, encoding="utf-8")
    nested = (
        "kontrakter:\n  - id: kontrakt/drift\n    underleverandører:\n      - {id: under/sky, leverandør: org/sky, "
        "godkendelse: {dato: 2024-05-12, journal: 2024-7}}\norganisationer: [org/sky]\n"
    )
    (tmp_path / "nested.yaml").write_text(nested, encoding="utf-8")
    both = read([book, tmp_path / "rest.yaml"])
    assert [str(p) for p in both.problems] == []
    assert facts(both) == facts(read([tmp_path / "nested.yaml"]))


def test_english_headings_and_words_are_read_too(tmp_path: Path) -> None:
    book = write(
        tmp_path / "a.xlsx",
        {
            "Organisations": [["id", "name", "kind"], ["org/a", "The Agency", "state authority"]],
            "Contracts": [
                ["id", "customer", "Supplier", "Start"],
                ["c/1", "The Agency", "org/a", datetime(2024, 4, 1)],  # noqa: DTZ001 - a spreadsheet knows no zone
            ],
        },
    )
    assert problems(book) == []
    assert ("g:start", '"2024-04-01"^^xsd:date') in about(read([book]), ":c/1")
    assert ("g:customer", ":org/a") in about(read([book]), ":c/1")


def test_what_stands_above_the_headings_and_where_the_columns_stand_does_not_matter(tmp_path: Path) -> None:
    rows = [["Our suppliers"], [], ["Land", "(noter)", "Navn", "Id"], [], ["DK", "ring til dem", "Fjord", "org/fjord"]]
    book = write(tmp_path / "a.xlsx", {"Organisationer": rows, "(kladde)": [["hvad som helst"]]})
    assert problems(book) == []
    assert about(read([book]), ":org/fjord") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"Fjord"'), ("g:country", "w3id:country/DK"),
    }  # fmt: skip


def test_a_row_with_a_name_and_no_id_gets_one_of_its_name(tmp_path: Path) -> None:
    rows = [["Navn", "Enhed i"], ["Æbleø Kommune", None], ["IT & Digitalisering", "æbleø kommune"]]
    book = write(tmp_path / "a.xlsx", {"Organisationer": rows})
    assert problems(book) == []
    assert ("g:unitOf", ":organisation/aebleoe-kommune") in about(read([book]), ":organisation/it-digitalisering")


def test_every_problem_names_sheet_and_cell(tmp_path: Path) -> None:
    book = write(
        tmp_path / "a.xlsx",
        {
            "Organisationer": [["Id", "Navn", "Lnad"], ["org/a", "Fjord", "DK"], ["org/a", "Fjord", ""], ["org/b", "Fjord", ""]],
            "Kontrakter": [
                ["Id", "Kunde", "Leverandør", "Start", "Kategori", "Systemer"],
                ["k/1", "Fjord", "Fjrd Hosting", "01-03-2024", "it-drfit og vedligehold", "system/væk"],
            ],
            "Kontraker": [["Id"], ["k/2"]],
            "Systemer": [["hvad", "som", "helst"]],
        },
    )  # fmt: skip
    assert problems(book) == [
        "[Kontraker!A1]: unknown-sheet: The sheet “Kontraker” is unknown and was not read. If it is your own, put its name in brackets. Did you mean “Kontrakter”?",
        "[Kontrakter!B2]: ambiguous-name: Several things are called “Fjord”. Write the id: “urn:graphsc:id:org/a”, “urn:graphsc:id:org/b” …",
        "[Kontrakter!C2]: unknown-name: No row of the workbook is called “Fjrd Hosting”. Add it under Organisations.",
        "[Kontrakter!D2]: bad-date: “01-03-2024” is not a date; write year-month-day, here 2024-03-01.",
        "[Kontrakter!E2]: unknown-concept: “it-drfit og vedligehold” is not on the list of its column. Did you mean “it-drift og vedligehold”?",
        "[Kontrakter!F2]: unchecked-reference: “system/væk” is not described in what was read, but may be in what cannot be read. Mend that first; until then the references cannot be checked.",
        "[Organisationer!C1]: unknown-column: The column “Lnad” is unknown and was not read. If it is your own, put its heading in brackets. Did you mean “land”?",
        "[Organisationer!A3]: duplicate-id: “org/a” is also in Organisationer!A2; each thing needs one row and an id of its own.",
        "[Systemer!A1]: no-headings: The sheet has no row of known headings, so it cannot be read. Write the headings again (a new workbook has them: graphsc workbook -o new.xlsx), or delete the sheet if it is not used.",
    ]


def test_a_sheet_without_names_is_said_once_and_a_heading_is_meant_in_the_language_of_the_reader(
    tmp_path: Path,
) -> None:
    rows = [["Navn*", "CVR nr.", "Land"], ["A", None, "DK"], ["B", None, "DK"]]
    path = write(tmp_path / "a.xlsx", {"Organisationer": rows})
    columns = read([path]).problems
    assert "The sheet has no column “Name”. If this was it, name it so again." in columns[0].message.en
    assert [
        (text.da.rpartition("Mente du ")[2], text.en.rpartition("Did you mean ")[2])
        for text in (problem.message for problem in columns)
    ] == [
        ("“navn”?", "“navn”?"),
        ("“cvr nummer”?", "“cvr number”?"),
    ]


def test_a_list_that_is_no_register_is_sent_to_the_import(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {"Leverandører 2026": [["Leverandør"], ["A"]], "Pivot": [["Sum"], [1]]}
    first, second = problems(write(tmp_path / "a.xlsx", sheets))
    assert "If it is a list of another system, graphsc import shows what can be taken over." in first
    assert "import" not in second
    (of_both,) = problems(write(tmp_path / "b.xlsx", {"Organisationer": [["Navn"], ["A"]], "Pivot": [["Sum"], [1]]}))
    assert of_both == second
    (tmp_path / "c.csv").write_text("Leverandør\nA\n", encoding="utf-8")
    assert "graphsc import" in problems(tmp_path / "c.csv")[0]


def test_a_cell_without_a_known_value_is_said_to_be_so(tmp_path: Path) -> None:
    rows = [["Id", "Navn", "Land", "(egen)"], ["org/a", "=1+1", "#REF!", "=2+2"]]
    path = write(tmp_path / "a.xlsx", {"Organisationer": rows})
    book = openpyxl.load_workbook(path)
    book["Organisationer"]["C2"].data_type = "e"
    book.save(path)
    assert problems(path) == [
        "[Organisationer!B2]: formula-without-value: The cell has a formula that was never worked out. Open the workbook in a spreadsheet and save it again.",
        "[Organisationer!C2]: error-in-cell: The cell shows the error “#REF!” and was not read.",
    ]


def test_merged_cells_are_said_to_hide_values_and_hidden_rows_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Organisationer": [["Id", "Land"], ["org/a", "DK"], ["org/b"], ["org/c", "DK"]]})
    book = openpyxl.load_workbook(path)
    sheet = book["Organisationer"]
    sheet.merge_cells("B2:B3")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.save(path)
    assert problems(path) == [
        "[Organisationer!B2]: merged-cells: The cells are merged, so only the first has a value. Unmerge them and write the value in each."
    ]
    assert ("g:country", "w3id:country/DK") in about(read([path]), ":org/c")


def _open_document(folder: Path, rows: str) -> Path:
    """A workbook of LibreOffice with a sheet of organisations."""
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    sheet = f'<table:table table:name="Organisationer">{rows}</table:table>'
    with zipfile.ZipFile(folder / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>",
        )
    return folder / "a.ods"


@pytest.mark.parametrize("kind", ["", 'office:value-type="float"', 'table:style-name="a>b" office:value-type="void"'])
def test_a_cell_of_an_open_document_that_only_shows_a_text_has_that_text(tmp_path: Path, kind: str) -> None:
    head, row = (
        "".join(f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>" for text in texts)
        for texts in (("Id", "Navn", "CVR"), ("org/a", "A<text:s/>B", "10000009"))
    )
    rows = f"<table:table-row>{head}<table:table-cell/></table:table-row><table:table-row>{row}</table:table-row>"
    sources = read([_open_document(tmp_path, rows)])
    assert sources.problems == []
    assert about(sources, ":org/a") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"A B"'), ("g:cvr", '"10000009"'),
    }  # fmt: skip


@pytest.mark.parametrize(("spanned", "codes"), [("2", ["merged-cells"]), ("1", [])])
def test_merged_cells_of_an_open_document_are_said_to_hide_values(
    tmp_path: Path, spanned: str, codes: list[str]
) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(text: str, attributes: str = "") -> str:
        return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'

    merged = cell("DK", f'table:number-columns-spanned="1" table:number-rows-spanned="{spanned}"')
    rows = row(cell("Id"), cell("Land")), row(cell("org/a"), merged), row(cell("org/b"), "<table:covered-table-cell/>")
    path = _open_document(tmp_path, "".join(rows))
    assert [problem.split(": ")[:2] for problem in problems(path)] == [["[Organisationer!B2]", code] for code in codes]


def test_a_sheet_without_cells_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    """Blank sheets, formatted ones, hidden ones, and a sheet that is a chart."""
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row in (["Id", "Navn"], ["org/a", "A"]):
        book.active.append(row)
    book.active.title = "Organisationer"
    for name in ("Sheet2", "Systemer", "Start", "Formatted", "Merged", "Hidden"):
        book.create_sheet(name)
    book["Formatted"]["C5"].font = openpyxl.styles.Font(bold=True)
    book["Merged"].merge_cells("A1:C3")
    book["Hidden"].sheet_state = "hidden"
    book.create_chartsheet("Chart")
    book.save(path)
    sources = read([path])
    assert sources.problems == []
    assert about(sources, ":org/a") == {("rdf:type", "g:Organisation"), ("rdfs:label", '"A"')}


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\u00ad\u00a0"])
def test_a_cell_in_which_nothing_can_be_seen_is_empty(tmp_path: Path, blank: str) -> None:
    rows = [["Id", "Navn", "Land", blank], ["org/a", blank, blank, blank], [blank, blank, blank, blank]]
    sources = read([write(tmp_path / "a.xlsx", {"Organisationer": rows})])
    assert sources.problems == []
    assert about(sources, ":org/a") == {("rdf:type", "g:Organisation")}


def test_the_calendar_of_1904_gives_the_same_days(tmp_path: Path) -> None:
    rows = [["Id", "Start"], ["k/1", date(2024, 3, 1)]]
    old = write(tmp_path / "a.xlsx", {"Kontrakter": rows}, date_1904=True)
    assert ("g:start", '"2024-03-01"^^xsd:date') in about(read([old]), ":k/1")


def test_a_million_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    """Formatting alone makes no row; a value far out would take room for all between, and is refused."""
    path = write(tmp_path / "a.xlsx", {"Organisationer": [["Id"], ["org/a"]]})
    content = _rewritten(
        path.read_bytes(),
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'),
    )
    path.write_bytes(content)
    assert problems(path) == []
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path.write_bytes(_rewritten(content, lambda xml: xml.replace(b"</sheetData>", far)))
    assert problems(path) == [
        ": too-large: The sheet “Organisationer” has values so far apart that it cannot be read. Delete what stands outermost."
    ]


def _rewritten(content: bytes, change: object) -> bytes:
    assert callable(change)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if "worksheets/" in name else data)
    return stream.getvalue()


def test_a_broken_a_locked_and_an_exploding_workbook_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.xlsx", {"Organisationer": [["Id"], ["org/a"]]})
    whole = path.read_bytes()
    for broken in (whole[: len(whole) // 2], b"no workbook at all", b"", whole.replace(b"worksheets", b"workshoots")):
        path.write_bytes(broken)
        (problem,) = problems(path)
        assert "broken-workbook" in problem, problem
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le"))
    assert "password" in problems(path)[0]
    path.write_bytes(whole)
    monkeypatch.setattr(opening, "LARGEST", 1000)
    assert "too-large" in problems(path)[0]


def test_two_sheets_of_one_name_are_said_to_be_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"Organisationer": [["Id"], ["org/a"]], "Personer": [["Id"], ["org/b"]]})
    same = _rewritten_book(path.read_bytes())
    path.write_bytes(same)
    assert [line.split(":")[1].strip() for line in problems(path)] == ["duplicate-sheet"]


def _rewritten_book(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"Personer", b"Organisationer") if name == "xl/workbook.xml" else data)
    return stream.getvalue()


def test_a_workbook_whose_compressed_data_are_damaged_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(range(256)) * 40)
    content = bytearray(path.read_bytes())
    start = content.index(b"sheet1.xml") + len("sheet1.xml")
    content[start + 2 : start + 40] = b"\xff" * 38
    path.write_bytes(bytes(content))
    assert [problem.code for problem in read([path]).problems] == ["broken-workbook"]


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (["Id", "Start", "Start"], "The heading “Start” is also in B1; only that column was read."),
        (
            ["Id", "Leverandør", "Supplier"],
            "“Supplier” means the same as “Leverandør” in B1; only that column was read.",
        ),
        (["Id", "Navn", "navn"], "The heading “navn” is also in B1; only that column was read."),
    ],
)
def test_a_heading_that_stands_twice_is_told_with_both_cells(tmp_path: Path, headings: list[str], message: str) -> None:
    book = write(tmp_path / "a.xlsx", {"Kontrakter": [headings, ["kontrakt/a", None, None]]})
    (problem,) = problems(book)
    assert problem.startswith(f"[Kontrakter!C1]: duplicate-heading: {message}")


def test_macros_are_not_looked_at(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.xlsx", SMALL)
    with zipfile.ZipFile(plain) as book, zipfile.ZipFile(tmp_path / "b.xlsm", "w") as laden:
        for name in book.namelist():
            laden.writestr(name, book.read(name).replace(b"spreadsheetml.sheet.main+xml", b"macroEnabled.main+xml"))
        laden.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(range(256)))
    assert facts(read([tmp_path / "b.xlsm"])) == facts(read([plain]))
    assert problems(tmp_path / "b.xlsm") == []


def test_a_link_to_another_workbook_is_worth_what_was_last_seen_there(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Organisationer")
    for row, (name, value) in enumerate([("Id", "Navn"), ("org/a", "Agerbo"), ("org/b", "")]):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value) if row == 0 else sheet.write_formula(
            row, 1, "='[parter.xlsx]Ark1'!$B$2", None, value
        )
    book.close()
    names = {value for _, predicate, value in facts(read([path])) if predicate.endswith("#label")}
    assert names == {'"Agerbo"'}
    assert [line.partition(": The ")[0] for line in problems(path)] == ["[Organisationer!B3]: formula-without-value"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1 / 3, "0.333333333333333"), (1 / 30000, "0.000033333333333333"), (0.1 + 0.2, "0.3"), (12.5, "12.5"), (-1 / 7, "-0.142857142857143")],
)  # fmt: skip
def test_a_number_that_was_computed_has_the_digits_that_a_spreadsheet_has(number: float, text: str) -> None:
    assert text_of(number) == text
    assert literal(text, XSD_DECIMAL)[1] is None
