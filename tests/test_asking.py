"""Asking with a time limit, in a process of its own; and answers in each format."""

import csv
import io
import json
import multiprocessing
import os
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graphsc import service
from graphsc.questions import QuestionError, parse
from graphsc.service.asking import _close_the_door, ask, ask_within
from graphsc.settings import Settings
from graphsc.text import Language

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
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("asking")
    (path / "a.ttl").write_text(RECORD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def opened(folder):
    found = service.open_paths([folder], SETTINGS)
    assert found.sources.problems == []
    return found


def answer(opened, query, form="table", language=Language.EN):
    return ask(opened, parse("own", query), {}, form, language)


# --- formats


def test_a_table_shows_names_and_escapes_them(opened):
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


def test_csv_is_that_of_the_standard(opened):
    text = answer(opened, ROWS, "csv")
    assert list(csv.reader(io.StringIO(text))) == [
        ["agreement", "supplier", "start", "end"],
        ["https://k.example/KL", "https://k.example/L", "2024-01-01", ""],
    ]
    text = answer(opened, PREFIX + "SELECT ?name { k:L <http://www.w3.org/2000/01/rdf-schema#label> ?name }", "csv")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["name"], [HOSTILE]]
    assert "\r" not in text


def test_json_is_that_of_the_standard(opened):
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


def test_json_can_be_read_back_by_an_engine(opened):
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
def test_ask(opened, form, yes, no):
    for query, wanted in (("ASK { ?s ?p ?o }", yes), ("ASK { ?s <a:b> ?o }", no)):
        got = answer(opened, query, form)
        assert (json.loads(got) if form == "json" else got) == wanted
    assert answer(opened, "ASK { ?s ?p ?o }", "table", Language.DA) == "ja\n"


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }"])
def test_turtle_is_for_graphs(opened, query):
    with pytest.raises(QuestionError, match="Turtle is for CONSTRUCT and DESCRIBE"):
        answer(opened, query, "turtle")


@pytest.mark.parametrize("form", ["table", "csv", "json", "turtle"])
def test_graphs_are_turtle_in_every_format(opened, form):
    text = answer(opened, PREFIX + "CONSTRUCT { ?l g:customer ?k } WHERE { ?a g:customer ?k ; g:supplier ?l }", form)
    assert [str(quad.triple) for quad in ox.parse(text, ox.RdfFormat.TURTLE)] == [
        "<https://k.example/L> <https://w3id.org/graphsc/ns#customer> <https://k.example/K>"
    ]
    described = answer(opened, PREFIX + "DESCRIBE k:L", form)
    assert "\x1b" not in described
    labels = [q.object for q in ox.parse(described, ox.RdfFormat.TURTLE) if q.predicate.value.endswith("label")]
    assert labels == [ox.Literal(HOSTILE)]


def test_nameless_nodes_and_rows_without_an_order_are_the_same_each_time(opened):
    graph = "CONSTRUCT { [ <a:p> ?o ; <a:q> [ <a:r> ?p ] ] } WHERE { <https://k.example/KL> ?p ?o }"
    assert answer(opened, graph) == answer(opened, graph)
    rows = answer(opened, "SELECT ?p ?o { <https://k.example/KL> ?p ?o }", "csv").splitlines()[1:]
    assert len(rows) > 5
    assert answer(opened, "SELECT ?p ?o { <https://k.example/KL> ?p ?o }", "csv").splitlines()[1:] == rows
    assert [row.split(",")[0] for row in rows] == sorted(row.split(",")[0] for row in rows)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", "SELECT", "", "PREFIX x: <a:> SELECT * { y:z ?p ?o }"])
def test_a_query_that_cannot_be_read_is_said(opened, query):
    with pytest.raises(QuestionError) as refused:
        answer(opened, query)
    assert refused.value.reason.en.startswith("The query cannot be read: ")
    assert refused.value.reason.da.startswith("Forespørgslen kan ikke læses: ")


# --- the process


def test_an_answer_from_a_process(folder):
    got = ask_within(30, [folder], SETTINGS, parse("own", ROWS), {}, "csv")
    assert got.text.splitlines()[1] == "https://k.example/KL,https://k.example/L,2024-01-01,"
    assert got.problems == []
    assert multiprocessing.active_children() == []


def test_problems_of_the_input_and_of_own_knowledge_come_with_the_answer(folder, tmp_path):
    (tmp_path / "bad.ttl").write_text("oops", encoding="utf-8")
    settings = Settings(as_of=SETTINGS.as_of, base=SETTINGS.base, knowledge=(str(tmp_path / "none"),))
    got = ask_within(30, [folder, tmp_path], settings, parse("own", "ASK { ?s ?p ?o }"), {}, "table")
    assert got.text == "yes\n"
    assert sorted(problem.code for problem in got.problems) == ["missing-path", "syntax"]


def test_a_runaway_query_is_stopped_and_its_process_is_gone(folder, monkeypatch):
    started = []
    context = multiprocessing.get_context("spawn")
    start = context.Process.start

    def noted(self):
        start(self)
        started.append(self.pid)

    monkeypatch.setattr(context.Process, "start", noted)
    with pytest.raises(QuestionError, match=r"stopped after 0\.2 seconds"):
        ask_within(0.2, [folder], SETTINGS, parse("own", CROSS), {}, "table")
    assert len(started) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


class Deadly:
    """Ends the process that reads it."""

    def __reduce__(self):
        return os._exit, (9,)


def test_a_process_that_dies_is_said(folder):
    with pytest.raises(QuestionError, match="broke off, probably for lack of memory"):
        ask_within(30, [folder, Deadly()], SETTINGS, parse("own", ROWS), {}, "csv")


def test_what_goes_wrong_in_the_process_is_said_in_a_line(folder, capfd):
    with pytest.raises(QuestionError, match="Internal error: TypeError"):
        ask_within(30, [3], SETTINGS, parse("own", ROWS), {}, "csv")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("query", ["SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "DROP ALL"])
def test_refused_before_anything_is_read(query):
    with pytest.raises(QuestionError, match=r"SERVICE|would change"):
        ask_within(30, [Path("/nowhere")], SETTINGS, parse("own", query), {}, "csv")


def _try_to_leave(connection):
    store = ox.Store()
    _close_the_door()
    try:
        list(store.query("SELECT * { SERVICE <http://127.0.0.1:8765/> { ?s ?p ?o } }"))
        connection.send("it came out")
    except OSError as error:
        connection.send(str(error))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_call_that_got_past_the_check_would_still_reach_nothing():
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_try_to_leave, args=(there,))
    process.start()
    there.close()
    assert "Too many open files" in here.recv()
    process.join()


# --- parameters that name nodes

NODE = "# parameter.who: node\n" + PREFIX + "SELECT ?agreement ?who { ?agreement g:supplier ?who }"


def test_a_short_name_may_be_of_a_files_own_base(folder):
    settings = Settings(as_of=SETTINGS.as_of)
    got = ask_within(30, [folder], settings, parse("own", NODE), {"who": "L"}, "csv")
    assert got.text == "agreement,who\nhttps://k.example/KL,https://k.example/L\n"


def test_a_node_that_is_nowhere_is_said(folder):
    with pytest.raises(QuestionError, match=r"who=https://k\.example/X is not in the input given"):
        ask_within(30, [folder], SETTINGS, parse("own", NODE), {"who": "X"}, "csv")
