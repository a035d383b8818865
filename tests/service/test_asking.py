"""Asking with a time limit, in a process of its own; and answers in each format."""

import csv
import io
import json
import multiprocessing
import os
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import pyoxigraph as ox
import pytest
from command import BROKEN
from repository import DEMO

from graphsc import service
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import G
from graphsc.graph.loading import merge
from graphsc.graph.questions import QuestionError, check, parse
from graphsc.rendering.answer import render
from graphsc.service import Opened
from graphsc.service.query.evaluation import ask, ask_within, close_the_door, located
from graphsc.service.query.notes import notes

SETTINGS = Settings(as_of=date(2025, 6, 15), base="https://k.example/")
HOSTILE = 'Ond \x1b[31m\u202e| "x",\ny'
RECORD = f"""
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix k: <https://k.example/> .
k:KL a g:DeliveryAgreement ; g:customer k:K ; g:supplier k:L ; g:start "2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .
k:K a g:Organisation ; rdfs:label "Kystvagten"@da .
k:L a g:Organisation ; rdfs:label {ox.Literal(HOSTILE)} .
"""
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PREFIX = "PREFIX g: <https://w3id.org/graphsc/ns#> PREFIX k: <https://k.example/> "
ROWS = (
    PREFIX
    + "SELECT ?agreement ?supplier ?start ?end { ?agreement g:supplier ?supplier ; g:start ?start OPTIONAL { ?agreement g:end ?end } }"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asking")
    (path / "a.ttl").write_text(RECORD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def opened(folder: Path) -> Opened:
    result = service.open_paths([folder], SETTINGS)
    assert result.sources.problems == []
    return result


def answer(opened: Opened, query: str, form: Any = "table", language: Language = Language.EN) -> Any:
    return ask(opened, parse("own", query), {}, partial(render, form), language)


# --- formats


@pytest.mark.exhaustive
def test_a_table_shows_names_and_escapes_them(opened: Opened) -> None:
    assert answer(opened, ROWS) == (
        "agreement                                      supplier                    start       end\n"
        "---------------------------------------------  --------------------------  ----------  ---\n"
        'the agreement with Ond \\x1b[31m\\u202e| "x", y  Ond \\x1b[31m\\u202e| "x", y  2024-01-01\n'
        "\n"
        "1 row\n"
    )
    assert answer(opened, ROWS, language=Language.DA).endswith("\n\n1 række\n")
    assert answer(opened, "SELECT ?s { ?s <a:b> 1 }") == "s\n-\n\n0 rows\n"
    assert answer(opened, "SELECT * { }", language=Language.DA).endswith("\n1 række\n")


def test_csv_is_that_of_the_standard(opened: Opened) -> None:
    text = answer(opened, ROWS, "csv")
    assert list(csv.reader(io.StringIO(text))) == [
        ["agreement", "supplier", "start", "end"],
        ["https://k.example/KL", "https://k.example/L", "2024-01-01", ""],
    ]
    text = answer(opened, PREFIX + "SELECT ?name { k:L <http://www.w3.org/2000/01/rdf-schema#label> ?name }", "csv")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["name"], ['Ond \\x1b[31m\\u202e| "x",\ny']]
    assert "\r" not in text


def test_csv_holds_no_formula_and_can_be_read_back(opened: Opened) -> None:
    text = answer(
        opened,
        r"""SELECT ?x { VALUES ?x { "=1+1" "x;=1+1" "x; @y" "\t=1" " -1" "＝1" "a\r=1" "a\r\nb" "-"@da -5 <urn:x> } }""",
        "csv",
    )
    rows = [row[0] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    assert sorted(rows[1:]) == sorted(
        ["'=1+1", "x;'=1+1", "x; '@y", "\t'=1", " '-1", "'＝1", "a\\x0d=1", "a\nb", "'-", "-5", "urn:x"]
    )


def test_a_table_is_no_wider_for_one_long_name(opened: Opened) -> None:
    text = answer(opened, f'SELECT ?x {{ VALUES ?x {{ "{"n" * 20_000}" "b" }} }}')
    assert max(map(len, text.splitlines())) < 200


def test_json_is_that_of_the_standard(opened: Opened) -> None:
    document = json.loads(answer(opened, ROWS, "json"))
    assert document == {
        "head": {"vars": ["agreement", "supplier", "start", "end"]},
        "results": {
            "bindings": [
                {
                    "agreement": {"type": "uri", "value": "https://k.example/KL"},
                    "supplier": {"type": "uri", "value": "https://k.example/L"},
                    "start": {
                        "type": "literal",
                        "value": "2024-01-01",
                        "datatype": "http://www.w3.org/2001/XMLSchema#date",
                    },
                }
            ]
        },
    }
    text = answer(
        opened,
        PREFIX
        + "SELECT ?name { ?x <http://www.w3.org/2000/01/rdf-schema#label> ?name FILTER(?x IN (k:K, k:L)) } ORDER BY ?name",
        "json",
    )
    assert "\x1b" not in text
    assert "\u202e" not in text
    values = [row["name"] for row in json.loads(text)["results"]["bindings"]]
    assert {"type": "literal", "value": "Kystvagten", "xml:lang": "da"} in values
    assert {"type": "literal", "value": HOSTILE} in values


def test_json_can_be_read_back_by_an_engine(opened: Opened) -> None:
    text = answer(
        opened, 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<a:b> "x"@en 1.50) (UNDEF true "y") } } ORDER BY ?c', "json"
    )
    back = ox.parse_query_results(text, ox.QueryResultsFormat.JSON)
    wanted = ox.Store().query(
        'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<a:b> "x"@en 1.50) (UNDEF true "y") } } ORDER BY ?c'
    )
    assert [[row[n] for n in "abc"] for row in back] == [[row[n] for n in "abc"] for row in wanted]


@pytest.mark.parametrize(
    ("form", "yes", "no"),
    [
        ("table", "yes\n", "no\n"),
        ("csv", "true\n", "false\n"),
        ("json", {"head": {}, "boolean": True}, {"head": {}, "boolean": False}),
    ],
)
def test_ask(opened: Opened, form: str, yes: Any, no: Any) -> None:
    for query, wanted in (("ASK { ?s ?p ?o }", yes), ("ASK { ?s <a:b> ?o }", no)):
        got = answer(opened, query, form)
        assert (json.loads(got) if form == "json" else got) == wanted
    assert answer(opened, "ASK { ?s ?p ?o }", "table", Language.DA) == "ja\n"


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }"])
def test_turtle_is_for_graphs(opened: Opened, query: str) -> None:
    with pytest.raises(QuestionError, match="Turtle is for CONSTRUCT and DESCRIBE"):
        answer(opened, query, "turtle")


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", ["table", "csv", "json", "turtle"])
def test_graphs_are_turtle_in_every_format(opened: Opened, form: str) -> None:
    text = answer(opened, PREFIX + "CONSTRUCT { ?l g:customer ?k } WHERE { ?a g:customer ?k ; g:supplier ?l }", form)
    assert [str(quad.triple) for quad in ox.parse(text, ox.RdfFormat.TURTLE)] == [
        "<https://k.example/L> <https://w3id.org/graphsc/ns#customer> <https://k.example/K>"
    ]
    described = answer(opened, PREFIX + "DESCRIBE k:L", form)
    assert "\x1b" not in described
    labels = [q.object for q in ox.parse(described, ox.RdfFormat.TURTLE) if q.predicate.value.endswith("label")]
    assert labels == [ox.Literal(HOSTILE)]


@pytest.mark.exhaustive
def test_nameless_nodes_and_rows_without_an_order_are_the_same_each_time(opened: Opened) -> None:
    graph = "CONSTRUCT { [ <a:p> ?o ; <a:q> [ <a:r> ?p ] ] } WHERE { <https://k.example/KL> ?p ?o }"
    assert answer(opened, graph) == answer(opened, graph)
    rows = answer(opened, "SELECT ?p ?o { <https://k.example/KL> ?p ?o }", "csv").splitlines()[1:]
    assert len(rows) > 5
    assert answer(opened, "SELECT ?p ?o { <https://k.example/KL> ?p ?o }", "csv").splitlines()[1:] == rows
    assert [row.split(",")[0] for row in rows] == sorted(row.split(",")[0] for row in rows)


@pytest.mark.exhaustive
@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", "SELECT", "", "PREFIX x: <a:> SELECT * { y:z ?p ?o }"])
def test_a_query_that_cannot_be_read_is_said(opened: Opened, query: str) -> None:
    with pytest.raises(QuestionError) as refused:
        answer(opened, query)
    assert refused.value.reason.en.startswith("The query cannot be read: ")
    assert refused.value.reason.da.startswith("Forespørgslen kan ikke læses: ")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT *\nWHERE { ?s ?p ?o ",
            "line 2, column 18, at or just before “?o”: “,”, “.”, “;”, “{” or “}” is expected",
        ),
        ("ASK { ?s ?p ?o }\nLIMIT x", "line 2, column 7, at “x”: a number is expected"),
        ("DESCRIBE", "line 1, column 9, at or just before “DESCRIBE”: an IRI, a variable or “*” is expected"),
        ("SELECT * { ?s ?p 'x }", "line 1, column 22, at or just before “}”: a text in quotation marks does not end"),
        ("SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c }", "SELECT chooses a variable that the pattern does not bind"),
        (" \n", "it is empty"),
    ],
)
def test_the_place_and_what_is_expected_are_said_in_words(opened: Opened, query: str, message: str) -> None:
    with pytest.raises(QuestionError) as refused:
        answer(opened, query)
    assert message in refused.value.reason.en
    assert "error at" not in refused.value.reason.da


# --- the process


def test_an_answer_from_a_process(folder: Path) -> None:
    got = ask_within(30, [folder], SETTINGS, parse("own", ROWS), {}, partial(render, "csv"))
    assert got.text.splitlines()[1] == "https://k.example/KL,https://k.example/L,2024-01-01,"
    assert got.problems == ()
    assert multiprocessing.active_children() == []


COUNT = "SELECT (COUNT(?s) AS ?n) WHERE { ?s <https://k.example/costs> ?o }"


def test_a_fact_that_several_files_state_counts_once(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.nt").write_text(
            '<https://k.example/KL> <https://k.example/costs> "7" .\n', encoding="utf-8"
        )
    got = ask_within(30, [tmp_path], SETTINGS, parse("own", COUNT), {}, partial(render, "csv"))
    assert (got.text, got.notes) == ("n\n1\n", [])


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("query", "merged"),
    [
        ("SELECT DISTINCT ?s WHERE { ?s ?p ?o } ORDER BY ?s", False),
        ("select distinct ?s (MAX(?o) AS ?most) WHERE { ?s ?p ?o } GROUP BY ?s", False),
        ("PREFIX count: <urn:count:> BASE <urn:sum> ASK { ?s count:limit 'SUM', ?avg } # RAND", False),
        ("SELECT ?s WHERE { ?s ?p ?o }", True),
        ("SELECT ?s WHERE { { SELECT DISTINCT ?s { ?s ?p ?o } } ?s ?p ?o }", True),
        ("SELECT DISTINCT (sum(?o) AS ?n) WHERE { ?s ?p ?o }", True),
        ("SELECT DISTINCT (1+cOUNT(?o) AS ?n) WHERE { ?s ?p ?o }", True),
        ("SELECT DISTINCT ?s WHERE { { SELECT ?s { ?s ?p ?o } LIMIT 2 } }", True),
        ("SELECT DISTINCT (STRUUID() AS ?id) WHERE { ?s ?p ?o }", True),
        ("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", True),
        ("DESCRIBE <urn:x>", True),
    ],
)
def test_the_merge_is_made_where_it_matters_how_often_a_fact_is_stated(query: str, merged: bool, folder: Path) -> None:
    opened = service.open_paths([folder], SETTINGS)
    with patch("graphsc.service.query.evaluation.merge", return_value=merge(opened.dataset)) as made:
        ask(opened, parse("own", query), {}, partial(render, "csv"), Language.EN)
    assert made.called == merged


@pytest.mark.exhaustive
def test_a_class_of_the_demo_is_counted_as_it_is() -> None:
    query = f"SELECT (COUNT(?x) AS ?n) (COUNT(DISTINCT ?x) AS ?m) WHERE {{ ?x a <{G}Organisation> }}"
    _, line, _ = ask_within(60, [DEMO], SETTINGS, parse("own", query), {}, partial(render, "csv")).text.split("\n")
    assert len(set(line.split(","))) == 1


def test_where_there_are_too_many_facts_to_merge_a_count_is_told_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphsc.graph.loading._MERGED", 10)
    opened = service.open_paths([folder], SETTINGS)
    (note,) = notes(opened, COUNT)
    assert note.en.startswith("A fact that stands in several files may be counted several times.")
    assert list(notes(opened, "SELECT ?s WHERE { ?s ?p ?o }")) == []


def test_problems_of_the_input_and_of_own_knowledge_come_with_the_answer(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("oops", encoding="utf-8")
    settings = Settings(as_of=SETTINGS.as_of, base=SETTINGS.base, knowledge=(str(tmp_path / "none"),))
    got = ask_within(30, [folder, tmp_path], settings, parse("own", "ASK { ?s ?p ?o }"), {}, partial(render, "table"))
    assert got.text == "yes\n"
    assert sorted(problem.code for problem in got.problems) == ["missing-path", "syntax"]


def test_a_runaway_query_is_stopped_and_its_process_is_gone(folder: Path) -> None:
    with pytest.raises(QuestionError, match=r"stopped after 0\.2 seconds"):
        ask_within(0.2, [folder], SETTINGS, parse("own", CROSS), {}, partial(render, "table"))
    assert multiprocessing.active_children() == []


class Deadly:
    """Ends the process that reads it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (9,)


def test_a_process_that_dies_is_said(folder: Path) -> None:
    with pytest.raises(QuestionError, match="broke off, probably for lack of memory"):
        ask_within(30, [folder, cast("Path", Deadly())], SETTINGS, parse("own", ROWS), {}, partial(render, "csv"))


def test_what_goes_wrong_in_the_process_is_said_in_a_line(folder: Path, capfd: Any) -> None:
    with pytest.raises(QuestionError, match="Internal error: TypeError"):
        ask_within(30, [cast("Path", 3)], SETTINGS, parse("own", ROWS), {}, partial(render, "csv"))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("query", ["SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "DROP ALL"])
def test_refused_before_anything_is_read(query: str) -> None:
    with pytest.raises(QuestionError, match=r"SERVICE|would change"):
        ask_within(30, [Path("/nowhere")], SETTINGS, parse("own", query), {}, partial(render, "csv"))


def _try_to_leave(connection: Any) -> None:
    store = ox.Store()
    close_the_door()
    try:
        list(cast("ox.QuerySolutions", store.query("SELECT * { SERVICE <http://127.0.0.1:8765/> { ?s ?p ?o } }")))
        connection.send("it came out")
    except OSError as error:
        connection.send(str(error))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_call_that_got_past_the_check_would_still_reach_nothing() -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_try_to_leave, args=(there,))
    process.start()
    there.close()
    assert "Too many open files" in here.recv()
    process.join()


# --- parameters that name things

NODE = "# parameter.who: node Organisation\n" + PREFIX + "SELECT ?agreement ?who { ?agreement g:supplier ?who }"
ANY = NODE.replace(" Organisation", "")
ANSWER = "agreement,who\nhttps://k.example/KL,https://k.example/L\n"


@pytest.mark.parametrize("query", [NODE, ANY])
@pytest.mark.parametrize("name", ["L", "https://k.example/L", HOSTILE])
def test_a_thing_is_found_by_its_iri_the_end_of_it_or_its_name(opened: Opened, query: Any, name: Any) -> None:
    question = parse("own", query)
    for settings in (SETTINGS, Settings(as_of=SETTINGS.as_of)):  # also where a file has a base of its own
        assert located(opened, question, {"who": name}, settings) == {"who": ox.NamedNode("https://k.example/L")}


@pytest.mark.exhaustive
def test_a_thing_is_found_in_the_process(folder: Path) -> None:
    assert ask_within(30, [folder], SETTINGS, parse("own", NODE), {"who": "L"}, partial(render, "csv")).text == ANSWER
    with pytest.raises(QuestionError, match=r"^who: X is not in the input given"):
        ask_within(30, [folder], SETTINGS, parse("own", NODE), {"who": "X"}, partial(render, "csv"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("query", [NODE, ANY])
@pytest.mark.parametrize(
    "name",
    [
        "X",
        "",
        " ",
        "x> } #",
        "L> ; ?p ?o",
        '"',
        "\\u003e",
        "?who",
        "urn:x:y",
        "http://x/> } DELETE { ?s ?p ?o",
        "\ud800",
    ],
)
def test_a_name_that_is_nowhere_is_said(opened: Opened, query: Any, name: str) -> None:
    with pytest.raises(QuestionError) as refused:
        located(opened, parse("own", query), {"who": name}, SETTINGS)
    assert refused.value.reason.en.startswith(f"who: {name} is not in the input given.")
    assert refused.value.reason.da.startswith(f"who: {name} findes ikke i dataene.")


def test_a_thing_of_another_kind_is_said(opened: Opened) -> None:
    with pytest.raises(QuestionError, match=r"^who: KL is something other than organisation\.$"):
        located(opened, parse("own", NODE), {"who": "KL"}, SETTINGS)


def test_a_concept_is_found_in_its_scheme(opened: Opened) -> None:
    question = parse("own", "# parameter.what: concept base\nSELECT ?what { }")
    for name in ("spend", "udgifter", "https://w3id.org/graphsc/base/spend"):
        bound = located(opened, question, {"what": name}, SETTINGS)
        assert bound == {"what": ox.NamedNode("https://w3id.org/graphsc/base/spend")}
    with pytest.raises(QuestionError, match="something other than"):
        located(opened, question, {"what": "contract-manager"}, SETTINGS)


# --- what is worked out before


def test_names_that_come_from_files_are_there_when_the_door_is_closed(folder: Path) -> None:
    query = "SELECT (<https://w3id.org/graphsc/country/DK> AS ?country) { }"
    got = ask_within(30, [folder], SETTINGS, parse("own", query), {}, partial(render, "table"))
    assert got.text == "country\n-------\nDenmark\n\n1 row\n"


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("need", "kind"), [("findings", "<http://www.w3.org/ns/shacl#ValidationResult>"), ("duties", "g:Duty")]
)
def test_findings_and_duties_are_there_for_who_asks(tmp_path: Path, need: str, kind: str) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    query = f"{PREFIX} ASK {{ ?x a {kind} }}"
    assert ask_within(30, [tmp_path], SETTINGS, parse("own", query), {}, partial(render, "csv")).text == "false\n"
    assert (
        ask_within(30, [tmp_path], SETTINGS, parse("own", f"# needs: {need}\n{query}"), {}, partial(render, "csv")).text
        == "true\n"
    )


def test_a_question_cannot_take_all_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.service.query.evaluation.MEMORY", 1 << 26)
    heavy = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?c ?d ?f WHERE { ?a ?b ?c . ?d ?e ?f } }"
    with pytest.raises(QuestionError, match="for lack of memory"):
        ask_within(600, [folder], SETTINGS, parse("own", heavy), {}, partial(render, "csv"))


@pytest.mark.parametrize("clause", ["FROM <urn:nowhere>", "FROM NAMED <urn:nowhere>"])
def test_a_graph_that_is_chosen_is_refused_and_not_passed_over(clause: str) -> None:
    with pytest.raises(QuestionError, match="FROM chooses no graphs"):
        check(f"SELECT * {clause} {{ ?s ?p ?o }}")
