"""Questions: their headers, what is refused, and parameters as terms."""

import re
from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc import sparql
from graphsc.questions import QuestionError, bind, check, filled, parse, shipped
from graphsc.settings import Settings

SETTINGS = Settings(as_of=date(2025, 6, 15), base="https://k.example/")
QUESTIONS = shipped()


@pytest.fixture(scope="module")
def statements():
    from graphsc.resources import knowledge

    text = knowledge("ontology/guide.ttl").read_text(encoding="utf-8")
    return {quad.subject.value.rsplit("/", 1)[1] for quad in ox.parse(text, ox.RdfFormat.TURTLE)}


def test_questions_are_in_the_order_of_their_numbers():
    numbers = [question.number for question in QUESTIONS.values()]
    assert None not in numbers
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers)
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_shipped_question_is_whole(name, statements):
    question = QUESTIONS[name]
    for text in (question.title, question.description, *(p.description for p in question.parameters)):
        assert text.da.strip()
        assert text.en.strip()
        assert text.da != text.en
    assert question.role
    assert question.statements
    assert set(question.statements) <= statements
    assert re.search(r"\bORDER BY\b", question.text), "an answer has a fixed order"
    check(question.text)
    ox.Store().query(question.text)
    variables = {token.text[1:] for token in sparql.tokens(question.text) if token.kind == "variable"}
    for parameter in question.parameters:
        assert parameter.name in variables
        assert parameter.type in {"node", "date", "number", "text"}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_parameters_of_a_shipped_question_bind(name):
    question = QUESTIONS[name]
    examples = {"node": "x", "date": "2025-01-01", "number": "3", "text": "x"}
    bound = bind(question, {p.name: examples[p.type] for p in question.parameters}, SETTINGS)
    assert set(bound) == {p.name for p in question.parameters}
    ox.Store().query(filled(question, bound))
    ox.Store().query(filled(question, bind(question, {}, SETTINGS)))


# --- what is refused

CALLS = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { sErViCe <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
    "SELECT * { # a comment\nSERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o # a comment\r SERVICE <http://x/> { ?a ?b ?c } }",
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERV\\U00000049CE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o # \\u000A SERVICE <http://x/> { ?a ?b ?c }\n}",
    'SELECT * { ?s ?p "\\u0022 . SERVICE <http://x/> { ?a ?b ?c } #" }',
    "SELECT * { <http://a/\\u0041'> ?p ?o . SERVICE <http://x/> { ?a ?b ?c } #'\n}",
    "SELECT * { <a:b\u00a0'> ?p ?o . SERVICE <http://x/> { ?a ?b ?c } #'\n}",
    "PREFIX : <http://x/> SELECT * { SERVICE:y{ ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:y # blank\n { ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { SERVICEex:y { ?s ?p ?o } }",
    'PREFIX : <http://x/> SELECT * { ?s ?p "x"@graph SERVICE:y { ?a ?b ?c } }',
    "SELECT * { ?s ?p trueSERVICE<http://x/>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p 1SERVICE<http://x/>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p 1.0e5SERVICE<http://x/>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p ?o FILTER(?o<2)SERVICE<http://x/>{ ?a ?b ?c } }",
    "ASK { SERVICE <http://x/> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
]
INNOCENT = [
    'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
    "SELECT * { ?s ?p '''SERVICE\n<http://x/>''' }",
    "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { }",
    "SELECT * { <http://x/SERVICE> ?p ?o }",
    "PREFIX ex: <a:> SELECT * { ex:SERVICE ?p ex:service }",
    "PREFIX service: <a:> SELECT * { service:x service:y ?o }",
    "PREFIX service: <a:> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "SELECT ?service { ?service ?p $SERVICE }",
]


@pytest.mark.parametrize("query", CALLS)
def test_a_query_that_asks_the_network_is_refused(query):
    assert sparql.fetches(query)
    with pytest.raises(QuestionError, match="SERVICE"):
        check(query)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_alone_is_no_call(query):
    check(query)
    ox.Store().query(query)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:b> <a:c> 1 }",
        "DELETE DATA { <a:b> <a:c> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <http://x/>",
        "load silent <http://x/>",
        "CLEAR ALL",
        "CREATE GRAPH <a:g>",
        "DROP DEFAULT",
        "COPY <a:g> TO <a:h>",
        "MOVE <a:g> TO <a:h>",
        "ADD <a:g> TO <a:h>",
        "PREFIX ex: <a:> BASE <b:> # x\n INSERT DATA { ex:b ex:c 1 }",
    ],
)
def test_an_update_is_refused_by_its_form(update):
    with pytest.raises(QuestionError, match="would change data") as refused:
        check(update)
    assert "ville ændre data" in refused.value.reason.da


# --- parameters

ASKED = parse(
    "own",
    "# parameter.n: node\n# parameter.d: date = P2M — dagen / the day\n# parameter.t: text\n# parameter.i: number\n"
    "SELECT * { VALUES ?x { 1 } }",
)


def test_values_become_terms_of_their_type():
    bound = bind(ASKED, {"n": "org/x", "d": "2025-02-28", "t": "æ ø", "i": "-7"}, SETTINGS)
    assert bound["n"] == ox.NamedNode("https://k.example/org/x")
    assert str(bound["d"]) == '"2025-02-28"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert bound["t"] == ox.Literal("æ ø")
    assert bound["i"] == ox.Literal(-7)
    assert bind(ASKED, {"n": "urn:x:y"}, SETTINGS)["n"] == ox.NamedNode("urn:x:y")


def test_a_default_may_be_a_length_of_time_from_the_evaluation_date():
    bound = bind(ASKED, {}, SETTINGS)
    assert list(bound) == ["d"]
    assert bound["d"].value == "2025-08-15"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"x": "1"}, "Unknown parameter: x. The question has: n, d, t, i."),
        ({"d": "soon"}, "d=soon is not of type date."),
        ({"d": "2025-02-29"}, "d=2025-02-29 is not of type date."),
        ({"d": "PT1H"}, "d=PT1H is not of type date."),
        ({"i": "many"}, "i=many is not of type number."),
        ({"i": "1.5"}, "i=1.5 is not of type number."),
        ({"n": "a b"}, "n=a b is not of type node."),
        ({"n": "http://x/> } DELETE { ?s ?p ?o"}, "n=http://x/> } DELETE { ?s ?p ?o is not of type node."),
    ],
)
def test_wrong_parameters_are_said(values, message):
    with pytest.raises(QuestionError) as refused:
        bind(ASKED, values, SETTINGS)
    assert refused.value.reason.en == message
    assert refused.value.reason.da != message


@given(st.text(max_size=60))
def test_no_value_becomes_query_text(value):
    question = parse("own", "# parameter.t: text\nSELECT ?t { FILTER(BOUND(?t)) }")
    try:
        found = ox.Store().query(filled(question, bind(question, {"t": value}, SETTINGS)))
    except UnicodeEncodeError:
        return
    (row,) = found
    assert row["t"] == ox.Literal(value)


@pytest.mark.parametrize(
    "pattern",
    [
        "SELECT ?x ?t { FILTER(?x <= ?t) VALUES ?x { 1 2 } }",
        "SELECT ?x ?t WHERE { VALUES ?x { 1 2 } FILTER(!BOUND(?t) || ?x <= ?t) }",
        "SELECT (EXISTS { ?a ?b ?c } AS ?e) ?x ?t { VALUES ?x { 1 2 } FILTER(?x <= ?t) }",
    ],
)
def test_every_filter_sees_a_parameter(pattern):
    question = parse("own", f"# parameter.t: number\n{pattern}")
    found = ox.Store().query(filled(question, bind(question, {"t": "1"}, SETTINGS)))
    assert [(row["x"].value, row["t"].value) for row in found] == [("1", "1")]


def test_the_template_of_a_construct_is_left_alone():
    question = parse("own", "# parameter.t: text\nCONSTRUCT { <a:b> <a:c> ?t } WHERE { }")
    (triple,) = ox.Store().query(filled(question, bind(question, {"t": "}"}, SETTINGS)))
    assert triple.object == ox.Literal("}")


@pytest.mark.parametrize("line", ["# parameter.x: kind of thing", "# parameter.x: colour = red", "# parameter.x:"])
def test_a_parameter_line_that_cannot_be_read_is_said(line):
    with pytest.raises(QuestionError, match="must begin with a type"):
        parse("own", f"{line}\nSELECT * {{ ?s ?p ?o }}")
