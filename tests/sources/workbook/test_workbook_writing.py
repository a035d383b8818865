from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from casework import BASE
from command import run
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from repository import DEMO
from workbooks import as_workbook, facts, problems, write

from graphsc.core import vocabulary as v
from graphsc.core.resources import cases, knowledge_files
from graphsc.core.text import Language
from graphsc.sources import Positions, Source, Sources, read
from graphsc.sources.model import Places
from graphsc.sources.terms import load, normal
from graphsc.sources.workbook.content import content
from graphsc.sources.workbook.layout import Value, layout, reference, referring, several, text_of

SOFFICE = shutil.which("soffice")


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", Language)
def test_the_demo_is_the_same_fact_for_fact_as_a_workbook(tmp_path: Path, language: Language) -> None:
    sources = read([DEMO])
    wanted = facts(sources)
    book = as_workbook(sources, tmp_path / "demo.xlsx", language)
    assert problems(book) == []
    assert facts(read([book])) == wanted


@pytest.mark.exhaustive
def test_the_demo_as_a_workbook_gives_the_same_findings(tmp_path: Path) -> None:
    book = tmp_path / "demo.xlsx"
    assert run("workbook", str(DEMO), "-o", str(book), "--as-of", "2026-11-25", "--lang", "da").exit_code == 0
    shown = [run("validate", str(path), "--as-of", "2026-11-25", "-f", "json").stdout for path in (DEMO, book)]
    both = [json.loads(text)["findings"] for text in shown]
    assert [one["fingerprint"] for one in both[0]] == [one["fingerprint"] for one in both[1]]
    assert {one["location"]["sheet"] for one in both[1] if one["location"]} > {"Kontrakter", "Systemer"}
    start = openpyxl.load_workbook(book).worksheets[0]
    codes = {row[1] for row in start.iter_rows(min_row=9, values_only=True)}
    assert codes >= {one["code"] for one in both[0] if one["waived"] is None}
    links = [link.location for row in start.iter_rows() for cell in row if (link := cell.hyperlink) is not None]
    assert any(link.startswith("'Kontrakter'!") for link in links)


@pytest.mark.exhaustive
@pytest.mark.parametrize("case", cases()[::20], ids=lambda case: case.name)
def test_each_case_is_the_same_fact_for_fact_as_a_workbook(tmp_path: Path, case: Path) -> None:
    (tmp_path / "case.yaml").write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    sources = read([tmp_path / "case.yaml"])
    assert facts(read([as_workbook(sources, tmp_path / "case.xlsx")])) == facts(sources)


# ------------------------------------------------------------------ any graph

_TERMS = load()
_LAYOUT = layout(_TERMS)
_CLASSES = sorted(i for i, c in _TERMS.classes.items() if _LAYOUT.sheet_of(i) is not None and not c.derived)
_PROPERTIES = sorted(i for i, p in _TERMS.properties.items() if p.keys and not p.derived and p.inverse_of is None)
_CONCEPTS = sorted(_TERMS.concepts)[::12]
_TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "=1+1",
        "@x",
        "-1",
        "a;b",
        "a\nb",
        " a ",
        "Fjord [x]",
        "ja",
        "2024-03-01",
        "\t",
        "\r",
        "_x0041_",
        "#REF!",
        "(a)",
        "\x01",
    ]
)
_NODES = st.sampled_from(
    [f"{BASE}{name}" for name in ("a", "b", "org/c", "ø%20d", "f;g", "urn:h")] + ["urn:i", "urn:graphsc:id:j"]
)
_LITERALS = st.one_of(
    st.builds(Literal, _TEXTS),
    st.builds(Literal, _TEXTS, language=st.sampled_from(["da", "en", "de"])),
    st.builds(lambda d: Literal(d.isoformat(), datatype=NamedNode(v.XSD_DATE)), st.dates()),
    st.builds(lambda d: Literal(d, datatype=NamedNode(v.XSD_DECIMAL)), st.sampled_from(["1", "1.0", "0.1", "-3", "12345678901234567890"])),
    st.builds(lambda d: Literal(d, datatype=NamedNode(v.XSD_BOOLEAN)), st.sampled_from(["true", "false", "1"])),
    st.builds(lambda d: Literal(d, datatype=NamedNode(v.XSD_INTEGER)), st.sampled_from(["1", "01", "-0"])),
)  # fmt: skip
_TYPED = st.tuples(_NODES, st.just(v.RDF_TYPE), st.sampled_from(_CLASSES).map(NamedNode))
_STATED = st.tuples(
    _NODES,
    st.sampled_from([*_PROPERTIES, v.RDFS_LABEL, "https://x.example/p"]),
    _LITERALS | _NODES.map(NamedNode) | st.sampled_from(_CONCEPTS).map(NamedNode),
)


def _sources(said_: list[tuple[str, str, NamedNode | Literal]]) -> Sources:
    graph = NamedNode("urn:graphsc:source:x")
    quads = [Quad(NamedNode(s), NamedNode(p), o, graph) for s, p, o in said_]
    return Sources([Source("x", graph.value, "", quads, Positions("x", Places()))], [])


def _makes_sense(sources: Sources) -> bool:
    """Whether reading would keep every statement: checking drops what no reading of the ontology allows."""
    from graphsc.sources.checks import check

    before = facts(sources)
    check(sources.sources, load(), {}, False)
    return facts(sources) == before


@settings(
    max_examples=24,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@pytest.mark.exhaustive
@given(st.lists(_TYPED, max_size=4), st.lists(_STATED, max_size=12))
def test_any_graph_is_the_same_after_a_workbook(tmp_path: Path, typed: list, stated: list) -> None:  # type: ignore[type-arg]
    sources = _sources([one for one in (*typed, *stated) if _makes_sense(_sources([one]))])
    assert facts(read([as_workbook(sources, tmp_path / "x.xlsx")])) == facts(sources)


def test_a_value_that_is_in_no_list_of_concepts_is_kept(tmp_path: Path) -> None:
    """Under the base of the ids as well as elsewhere, for every property whose values are concepts."""
    values = (f"{BASE}a", f"{BASE}ø%20d", "urn:i", f"{v.ROOT}transfer/nonesuch")
    said_: list[tuple[str, str, NamedNode | Literal]] = []
    for number, iri in enumerate(_PROPERTIES):
        prop = _TERMS.properties[iri]
        if prop.schemes and prop.domain is not None:
            thing = f"{BASE}thing/{number}"
            said_ += [(thing, v.RDF_TYPE, NamedNode(prop.domain))]
            said_ += [(thing, iri, NamedNode(value)) for value in values[: 1 if prop.functional else None]]
    sources = _sources(said_)
    assert _makes_sense(sources)
    assert facts(read([as_workbook(sources, tmp_path / "x.xlsx")])) == facts(sources)


@given(st.one_of(st.integers(-(10**14), 10**14), st.floats(-1e9, 1e9), st.dates(), st.booleans(), st.text()))
def test_any_value_of_a_cell_has_a_text(value: Value) -> None:
    assert "E" not in text_of(value) if isinstance(value, float) else isinstance(text_of(value), str)


@given(st.text(), st.text("abcø/-", min_size=1))
def test_a_reference_keeps_its_id_whatever_the_name(name: str, id_: str) -> None:
    text = referring(name, id_)
    assert (reference(text)[1] or text) == id_
    assert several(text) == [text]


# ------------------------------------------------------------------ what the workbook is made of


def test_every_class_at_the_top_level_and_every_key_has_a_column() -> None:
    """A new term is a new column without a line of code."""
    made = _LAYOUT
    for iri, cls in _TERMS.classes.items():
        if cls.containers and not cls.derived:
            assert made.sheet_of(iri) is not None, iri
    there = {column.prop.iri for sheet in made.sheets for column in sheet.columns}
    missing = {
        iri for iri, p in _TERMS.properties.items()
        if p.keys and not p.derived and p.inverse_of is None and p.domains and iri not in there
    }  # fmt: skip
    assert missing == set()


def test_a_column_that_a_file_puts_on_a_sheet_fits_the_things_there() -> None:
    said = [
        quad
        for file in knowledge_files("ontology/workbook", ".ttl")
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE)
    ]
    terms = {
        quad.object.value
        for quad in said
        if quad.predicate.value.endswith(("first", "holds", "asks")) and isinstance(quad.object, NamedNode)
    }
    made = _LAYOUT
    assert {iri for iri in terms if iri.startswith(v.G)} <= _TERMS.classes.keys() | _TERMS.properties.keys()
    for sheet in made.sheets:
        there = {column.prop.iri for column in sheet.columns}
        assert set(sheet.inquiry) <= there | {v.RDFS_LABEL}, sheet.name  # a thing has a name on any sheet
    first = [
        line
        for file in knowledge_files("ontology/workbook", ".ttl")
        for line in file.read_text("utf-8").splitlines()
        if "w:first (" in line
    ]
    named = sum(len(line.split("w:first (")[1].split(")")[0].split()) for line in first)
    assert sum(sheet.first for sheet in made.sheets) == named


def test_a_heading_means_one_thing_on_its_sheet() -> None:
    for sheet in _LAYOUT.sheets:
        assert len(sheet.name.da) <= 31
        assert len(sheet.name.en) <= 31
        for names in zip(*((normal(c.heading.da), normal(c.heading.en)) for c in sheet.columns), strict=True):
            assert len(set(names)) == len(names), sheet.name
        for column in (c for c in sheet.columns if not c.inverse):
            for cls in sheet.classes:
                fitting = [p for p in _TERMS.properties_for(normal(column.heading.da), cls) if not p.derived]
                assert not fitting or fitting[0] is column.prop, (cls, column.heading)


def test_an_abbreviation_stands_in_capitals_at_the_head_of_its_column() -> None:
    headings = {column.heading.da for sheet in _LAYOUT.sheets for column in sheet.columns}
    assert {"CVR", "LEI", "SHA256"} <= headings


@pytest.mark.exhaustive
def test_an_own_term_is_a_column_of_its_class_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    terms = """
        @prefix g: <https://w3id.org/graphsc/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://own.example/rack> a owl:DatatypeProperty ; rdfs:domain g:ITSystem ; rdfs:range xsd:string ;
            rdfs:label "rack"@da , "rack"@en ; g:key "rack"@da , "rack"@en .
    """
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "terms.ttl").write_text(terms, encoding="utf-8")
    (tmp_path / "graphsc.toml").write_text('knowledge = ["own"]\n', encoding="utf-8")
    (tmp_path / "a.yaml").write_text("systemer: [{id: s/1, navn: Sag, rack: B7}]\n", encoding="utf-8")
    assert run("workbook", "a.yaml", "-o", "a.xlsx", "--lang", "da").exit_code == 0
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["Systemer"].iter_rows(values_only=True))
    assert dict(zip(rows[3], rows[4], strict=True))["Rack"] == "B7"


def test_nothing_from_outside_becomes_a_formula(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"]
    text = "organisationer:\n" + "".join(
        f'  - {{id: org/{n}, navn: "{name}"}}\n' for n, name in enumerate(names)
    ).replace("\t", "\\t")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    book = as_workbook(read([tmp_path / "a.yaml"]), tmp_path / "a.xlsx")
    with zipfile.ZipFile(book) as archive:
        formulas = "".join(
            formula for name in archive.namelist() if "worksheets/sheet" in name
            for formula in re.findall(r"<f>.*?</f>", archive.read(name).decode())
        )  # fmt: skip
    assert "HYPERLINK" not in formulas
    assert "SUM" not in formulas
    sheet = openpyxl.load_workbook(book)["Organisationer"]
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 2).quotePrefix) for row in range(5, 9)] == [
        (name, True) for name in names[:4]
    ]


def test_an_id_is_kept_and_lists_are_offered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("organisationer: [{id: org/a, navn: A, art: kommune}]\n", encoding="utf-8")
    sheet = openpyxl.load_workbook(as_workbook(read([tmp_path / "a.yaml"]), tmp_path / "a.xlsx"))["Organisationer"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert (rules["A5"].type, rules["A5"].formula1) == ("custom", "FALSE")
    kinds = next(rule for area, rule in rules.items() if area.startswith("C5"))
    assert kinds.type == "list"
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref is not None


def test_the_base_of_the_files_is_that_of_the_workbook(tmp_path: Path) -> None:
    """So an id is written in both alike, also where the base has a path."""
    file = tmp_path / "a.yaml"
    file.write_text("base: https://here.example/id/\norganisationer: [org/a]\n", encoding="utf-8")
    assert content(read([file]), language=Language.DA).base == "https://here.example/id/"


def test_a_column_of_several_kinds_of_thing_offers_them_all_in_any_row(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "organisationer: [{id: org/a, navn: A}]\nsystemer: [{id: s/b, navn: B}]\n"
        "aktiviteter: [{id: t, slags: tilsyn, vedrører: s/b}]\n",
        encoding="utf-8",
    )
    book = openpyxl.load_workbook(as_workbook(read([tmp_path / "a.yaml"]), tmp_path / "a.xlsx"))
    sheet = book["Tilsyn og dokumentation"]
    column = next(cell.column_letter for cell in sheet[4] if cell.value == "Vedrører")
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    rule = rules[f"{column}5:{column}1048576"]
    assert rule.type == "list"
    worked_out = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    offered = [[cell.value for cell in cells] for cells in worked_out["(lister)"].iter_cols()]
    assert any({"A [org/a]", "B [s/b]"} <= set(values) for values in offered)


def test_what_a_column_offers_follows_what_is_typed_over_a_row(tmp_path: Path) -> None:
    """Every text of a list is worked out from the row: an example that is typed over is offered by its new name."""
    (tmp_path / "a.yaml").write_text(
        "organisationer: [{id: org/a, navn: A}, {id: org/b, navn: B;b}]\n", encoding="utf-8"
    )
    book = openpyxl.load_workbook(as_workbook(read([tmp_path / "a.yaml"]), tmp_path / "a.xlsx"))
    sheet = book["Organisationer"]
    heads = {cell.value: cell.column_letter for cell in sheet[4]}
    choice = f"{heads['(valg)']}5"
    name, id_ = f"${heads['Navn']}5", f"${heads['Id']}5"
    assert sheet[choice].value == f'=IF({name}="",{id_}&"",IF({id_}="",{name}&"",{name}&" ["&{id_}&"]"))'
    assert sheet[f"{heads['(valg)']}6"].value == "B,b [org/b]"  # no formula gives what is read as this name
    first = f"INDEX('Organisationer'!${heads['(valg)']}$5:${heads['(valg)']}$6,1)"
    assert any(first in str(cell.value) for cells in book["(lister)"].iter_cols() for cell in cells)


@pytest.mark.exhaustive
def test_the_examples_of_the_sheets_make_sense_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filled in as rows they read without a problem, but for the few things that only other rows would name."""
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "e.xlsx", "--lang", "da").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    texts: dict[str, list[list[object]]] = {}
    shown = {
        sheet.name.da: {column.heading.da for column in sheet.columns[: sheet.first]} for sheet in layout(_TERMS).sheets
    }
    about = examples()
    for sheet in book:
        if sheet.title in about:
            heads = [str(cell.value) for cell in sheet[4] if cell.value]
            row = [str(cell.value or "").removeprefix("fx ") for cell in sheet[3][: len(heads)]]
            kept = [
                text if head in about[sheet.title] & shown[sheet.title] | {"Id", "Type", "Navn"} else ""
                for head, text in zip(heads, row, strict=True)
            ]
            texts[sheet.title] = [[], [], [], list(heads), list(kept)]
    for title, name in (
        ("Organisationer", "Nordlysstyrelsen"),
        ("Organisationer", "SKI"),
        ("Organisationer", "Sky Drift"),
        ("Funktioner og data", "Sagsdata"),
    ):
        heads = [str(head) for head in texts[title][3]]
        type_ = {"Type": "dataaktiv"} if "Type" in heads else {}
        texts[title].append([{"Navn": name, **type_}.get(head, "") for head in heads])
    functions = texts["Funktioner og data"]
    functions[4][functions[3].index("Type")] = "forretningsproces"
    path = write(tmp_path / "x.xlsx", texts)
    assert problems(path) == []


def examples() -> dict[str, set[str]]:
    """The headings of each sheet that its example row has a value for."""
    about: dict[str, set[str]] = {}
    for file in knowledge_files("ontology/workbook", ".ttl"):
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE):
            if str(quad.subject).endswith("-example>"):
                about.setdefault(str(quad.subject)[1:].removesuffix("-example>"), set()).add(quad.predicate.value)
    sheets = {sheet.iri: sheet for sheet in layout(_TERMS).sheets}
    assert about.keys() <= sheets.keys()
    return {
        sheets[iri].name.da: {column.heading.da for column in sheets[iri].columns if column.prop.iri in properties}
        for iri, properties in about.items()
    }


def test_the_registers_say_what_they_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "e.xlsx", "--lang", "da").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    rows = list(book["(Registre)"].iter_rows(min_row=4, values_only=True))
    by_rule = {(row[0], row[5]): (row[2], row[3]) for row in rows}
    assert by_rule["roller", "ROL001"] == (
        "Roller",
        "ny række: Person = <person> · Rolle = kontraktansvarlig · Gælder = … · Fra = <dato>",
    )
    assert by_rule["klausuler", "CTL010"] == ("Kontrakter", "række …: Klausuler: tilføj kontrolret")
    assert "roller" in str(book["Roller"]["A1"].value)
    assert len({code for _, code in by_rule}) > 100


def test_no_sheet_hides_all_its_columns_or_a_column_that_a_register_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "e.xlsx", "--lang", "da").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    shown = {sheet.title: shown_headings(sheet) for sheet in book if sheet["A4"].value == "Id"}
    assert [title for title, heads in shown.items() if heads <= {"Id", "Type", "Navn"}] == ["Koncerner"]
    columns_needed = {
        (str(row[2]), heading)
        for row in book["(Registre)"].iter_rows(min_row=4, values_only=True)
        for heading in re.findall(r"(?:: |· )([^=·:<>…]+?)(?: = |: tilføj )", str(row[3]))
    }
    assert ("Tilsyn og dokumentation", "I rollen") in columns_needed
    assert {(sheet, heading) for sheet, heading in columns_needed if heading not in shown[sheet]} == set()


@pytest.mark.exhaustive
def test_the_help_of_a_column_is_about_the_rows_of_its_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "e.xlsx", "--lang", "da").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    columns = [(sheet, column) for sheet in book for column in range(1, sheet.max_column + 1)]
    help_of = {(sheet.title, str(sheet.cell(4, at).value)): str(sheet.cell(2, at).value) for sheet, at in columns}
    assert help_of["Kontrakter", "Kunde"] == "Den, der køber: jer, eller den, I køber for."
    assert help_of["Databehandleraftaler", "Kunde"] == "Den dataansvarlige."
    assert help_of["Adgange", "Adgang efter"] == "Den aftale, som giver adgangen."
    parts = [str(sheet.cell(3, at).value) for sheet, at in columns if "fra 0 til 1" in str(sheet.cell(2, at).value)]
    assert parts
    assert all(0 <= float(example.removeprefix("fx ")) <= 1 for example in parts)


def shown_headings(sheet: Worksheet) -> set[str]:
    """The headings of a sheet's columns that are not folded away."""
    folded = [(d.min, d.max) for d in sheet.column_dimensions.values() if d.hidden]
    return {
        str(cell.value)
        for cell in sheet[4]
        if cell.value and not any(first <= cell.column <= last for first, last in folded)
    }


# ------------------------------------------------------------------ the command


def test_a_workbook_is_never_written_over_an_input_or_beside_what_was_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "e.xlsx").exit_code == 0
    again = run("workbook", "-o", "e.xlsx")
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    over = run("workbook", "e.xlsx", "-o", "e.xlsx", "--overwrite")
    assert (over.exit_code, "is one of the files that are read" in over.stderr) == (2, True)
    (tmp_path / "bad.yaml").write_text("organisationer: [{id: a, nvan: A}]\n", encoding="utf-8")
    bad = run("workbook", "bad.yaml", "-o", "f.xlsx")
    assert (bad.exit_code, (tmp_path / "f.xlsx").exists()) == (2, False)
    assert "bad.yaml:1:" in bad.stderr


def test_an_empty_workbook_reads_as_nothing(tmp_path: Path) -> None:
    run("workbook", "-o", str(tmp_path / "e.xlsx"))
    sources = read([tmp_path / "e.xlsx"])
    assert ([problem.code for problem in sources.problems], facts(sources)) == (["empty-file"], set())
    assert sources.problems[0].message.da.endswith("endnu; begynd med organisationer og kontrakter.")


# ------------------------------------------------------------------ LibreOffice


def converted(file: Path, suffix: str) -> Path:
    """The file as LibreOffice opens, works out and saves it in another format."""
    profile = (file.parent / "profile").as_uri()
    words = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix, "--outdir"]
    subprocess.run([*words, str(file.parent / "out"), str(file)], check=True, capture_output=True, timeout=300)
    return file.parent / "out" / f"{file.stem}.{suffix}"


@pytest.mark.exhaustive
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["ods", "xlsx", "xls"])
def test_libreoffice_opens_works_out_and_saves_the_same(tmp_path: Path, suffix: str) -> None:
    sources = read([DEMO])
    book = as_workbook(sources, tmp_path / "demo.xlsx")
    saved = converted(book, suffix)
    assert problems(saved) == []
    assert facts(read([saved])) == facts(sources)
    assert content(read([saved]), language=Language.DA).base == content(sources, language=Language.DA).base


@pytest.mark.exhaustive
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_new_rows_of_several_sheets_can_be_chosen_on_others(tmp_path: Path) -> None:
    """A spreadsheet works out the list that a column offers: what is new on one sheet after another, without gaps."""
    book = openpyxl.load_workbook(as_workbook(read([]), tmp_path / "a.xlsx"))
    for name, rows in {
        "Kontrakter": ["Driftsaftalen", "Netaftalen"],
        "Organisationer": ["Fjord"],
        "Systemer": ["Sag"],
    }.items():
        sheet = book[name]
        column = next(cell.column for cell in sheet[4] if cell.value == "Navn")
        for number, text in enumerate(rows, 5):
            sheet.cell(number, column, text)
    book.save(tmp_path / "b.xlsx")
    lists = openpyxl.load_workbook(converted(tmp_path / "b.xlsx", "xlsx"), data_only=True)["(lister)"]
    offered = [[cell.value for cell in cells[40:] if cell.value] for cells in lists.iter_cols()]
    assert ["Driftsaftalen", "Netaftalen", "Fjord", "Sag"] in offered


ERRORS = """\
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="Organisationer">
<table:table-row>{heads}</table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>org/a</text:p></table:table-cell>
<table:table-cell table:formula="of:=1/0"/><table:table-cell table:formula="of:=[.Z1]&amp;&quot;DK&quot;"/></table:table-row>
<table:table-row><table:table-cell table:formula="of:=&quot;org/&quot;&amp;&quot;b&quot;"/>
<table:table-cell table:formula="of:=NA()"/><table:table-cell table:formula="of:=#REF!"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>
"""


@pytest.mark.exhaustive
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["ods", "xlsx", "xls"])
def test_errors_are_said_in_every_format_and_formulas_have_their_values(tmp_path: Path, suffix: str) -> None:
    head = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    source = tmp_path / "errors.fods"
    source.write_text(
        ERRORS.format(heads="".join(head.format(word) for word in ("Id", "Navn", "Land"))), encoding="utf-8"
    )
    saved = converted(source, suffix)
    if suffix == "xls":
        assert problems(saved) == [
            ": error-in-cell: Cells that show an error were read as empty. Save the workbook as xlsx to be told which."
        ]
    else:
        assert problems(saved) == [
            "[Organisationer!B2]: error-in-cell: The cell shows the error “#DIV/0!” and was not read.",
            "[Organisationer!B3]: error-in-cell: The cell shows the error “#N/A” and was not read.",
            "[Organisationer!C3]: error-in-cell: The cell shows the error “#REF!” and was not read.",
        ]
    assert {(s, o) for s, p, o in facts(read([saved])) if p == v.G_COUNTRY} == {
        ("<urn:graphsc:id:org/a>", "<https://w3id.org/graphsc/country/DK>")
    }
    assert "<urn:graphsc:id:org/b>" in {s for s, _, _ in facts(read([saved]))}
