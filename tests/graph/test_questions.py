"""Questions: their headers, what is refused, and parameters as terms."""

import re
from datetime import date
from typing import Any, cast

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc import sparql
from graphsc.core.resources import knowledge
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import OWL_CLASS, RDF_TYPE, SCHEME, SKOS, STATEMENT, G
from graphsc.graph.questions import QuestionError, bind, check, filled, parse, shipped

SETTINGS = Settings(as_of=date(2025, 6, 15), base="https://k.example/")
QUESTIONS = shipped()


EXAMPLES = {"node": "x", "concept": "x", "date": "P1D", "integer": "3", "number": "0.5", "text": "x"}


def under_base(parameter: Any, text: str) -> str:
    """Finds everything, under the base."""
    return f"https://k.example/{text}"


def subjects(file: str, kind: str) -> set[str]:
    text = knowledge(f"ontology/{file}.ttl").read_text(encoding="utf-8")
    quads = ox.parse(text, ox.RdfFormat.TURTLE)
    return {q.subject.value for q in quads if q.predicate.value == RDF_TYPE and q.object.value == kind}


def rows(query: str) -> list[Any]:
    """The answer of an empty store."""
    return list(cast("ox.QuerySolutions", ox.Store().query(query)))


CLASSES = {iri.removeprefix(G) for iri in subjects("graphsc", OWL_CLASS)}
SCHEMES = {iri.removeprefix(SCHEME) for iri in subjects("schemes", SKOS + "ConceptScheme")}
STATEMENTS = {iri.removeprefix(STATEMENT) for iri in subjects("guide", G + "Statement")}


def test_every_competency_question_is_there() -> None:
    assert set(range(1, 44)) <= {question.number for question in QUESTIONS.values()}


def test_questions_are_in_the_order_of_their_numbers() -> None:
    numbers = [question.number for question in QUESTIONS.values()]
    assert None not in numbers
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert len(set(numbers)) == len(numbers)
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_shipped_question_is_whole(name: Any) -> None:
    question = QUESTIONS[name]
    for text in (question.title, question.description, *(p.description for p in question.parameters)):
        assert text.da.strip()
        assert text.en.strip()
        assert text.da != text.en
    assert question.role
    assert question.statements
    assert set(question.statements) <= STATEMENTS
    assert re.search(r"\bORDER BY\b", question.text), "an answer has a fixed order"
    check(question.text)
    ox.Store().query(question.text)
    variables = {token.text[1:] for token in sparql.tokens(question.text) if token.kind == "variable"}
    for parameter in question.parameters:
        assert parameter.name in variables
        assert set(parameter.sorts) <= CLASSES | SCHEMES, "a node of a class, a concept of a scheme"
        assert (parameter.type == "concept") == bool(set(parameter.sorts) & SCHEMES)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_parameters_of_a_shipped_question_bind(name: Any) -> None:
    question = QUESTIONS[name]
    bound = bind(question, {p.name: EXAMPLES[p.type] for p in question.parameters}, SETTINGS, under_base)
    assert set(bound) == {p.name for p in question.parameters}
    ox.Store().query(filled(question, bound))
    least = {p.name: EXAMPLES[p.type] for p in question.parameters if p.required}
    ox.Store().query(filled(question, bind(question, least, SETTINGS, under_base)))


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
def test_a_query_that_asks_the_network_is_refused(query: Any) -> None:
    assert sparql.fetches(query)
    with pytest.raises(QuestionError, match="SERVICE"):
        check(query)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_alone_is_no_call(query: Any) -> None:
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
def test_an_update_is_refused_by_its_form(update: str) -> None:
    with pytest.raises(QuestionError, match="would change data") as refused:
        check(update)
    assert "ville ændre data" in refused.value.reason.da


# --- parameters

QUESTION = parse(
    "own",
    "# parameter.n: node\n# parameter.d: date = P2M — dagen / the day\n# parameter.t: text\n# parameter.i: integer\n"
    "# parameter.m: number\n# parameter.c: concept country\n# parameter.k: concept role|base\n"
    "SELECT * { VALUES ?x { 1 } }",
)


def test_values_become_terms_of_their_type() -> None:
    values = {"n": "x", "d": "2025-02-28", "t": "æ ø", "i": "-7", "m": "0.50", "c": "dk", "k": "y"}
    bound = {name: str(term) for name, term in bind(QUESTION, values, SETTINGS, under_base).items()}
    assert bound == {
        "n": "<https://k.example/x>",
        "d": '"2025-02-28"^^<http://www.w3.org/2001/XMLSchema#date>',
        "t": '"æ ø"',
        "i": '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "m": '"0.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        "c": "<https://k.example/dk>",
        "k": "<https://k.example/y>",
    }


def test_what_names_something_waits_for_the_input() -> None:
    assert set(bind(QUESTION, {"n": "x", "k": "y", "i": "1"}, SETTINGS)) == {"d", "i"}


def test_a_type_is_read_with_what_it_is_of() -> None:
    question = parse(
        "own", "# parameter.a: node Agreement|ITSystem required — a / b c https://x/y / d\nASK { ?a ?b ?c }"
    )
    (parameter,) = question.parameters
    assert (parameter.type, parameter.sorts, parameter.required) == ("node", ("Agreement", "ITSystem"), True)
    assert parameter.kind == "node Agreement|ITSystem"
    assert (parameter.description.da, parameter.description.en) == ("a", "b c https://x/y / d")


def test_a_default_may_be_a_length_of_time_from_the_evaluation_date() -> None:
    bound = bind(QUESTION, {}, SETTINGS)
    assert list(bound) == ["d"]
    assert bound["d"].value == "2025-08-15"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"x": "1"}, "Unknown parameter: x. The question has: n, d, t, i, m, c, k."),
        *(
            (
                {"d": day},
                f"d={day} is not a date such as 2026-12-31, or a duration from the evaluation date such as P3M.",
            )
            for day in ("soon", "2025-02-29", "PT1H", "", '2025-01-01"')
        ),
        *(({"i": text}, f"i={text} is not a whole number.") for text in ("many", "1.5", "", "1 } #", "٣", "1_0")),
        *(({"m": text}, f"m={text} is not a number.") for text in ("many", "NaN", "Infinity", "", "1 } #")),
        ({"t": "\ud800"}, "t=\ud800 is not a text."),
    ],
)
def test_wrong_parameters_are_said(values: Any, message: Any) -> None:
    with pytest.raises(QuestionError) as refused:
        bind(QUESTION, values, SETTINGS)
    assert refused.value.reason.en.startswith(message)
    assert refused.value.reason.da != refused.value.reason.en


def test_what_must_be_given_is_asked_for() -> None:
    question = parse("own", "# parameter.a: node required — tingen / the thing\nSELECT ?a { ?a ?b ?c }")
    with pytest.raises(QuestionError, match=r"The question must have --param a=…: the thing\."):
        bind(question, {}, SETTINGS)
    assert set(bind(question, {"a": "x"}, SETTINGS, under_base)) == {"a"}


_MARKS = ['"', "\\", '" } #', "\\u0022", '\\"', "'''", '"""', "\n", "?t", "<x:y>", "1e400", "-0", "9" * 30, "P0D"]
HOSTILE = st.text(max_size=60) | st.sampled_from(_MARKS)


@given(HOSTILE)
def test_no_value_becomes_query_text(value: Any) -> None:
    question = parse("own", "# parameter.t: text\nSELECT ?t { FILTER(BOUND(?t)) }")
    try:
        bound = bind(question, {"t": value}, SETTINGS)
    except QuestionError:
        assert not value.isascii()
        return
    (row,) = rows(filled(question, bound))
    assert row["t"] == ox.Literal(value)


@given(HOSTILE, st.sampled_from([("date", "date"), ("integer", "integer"), ("number", "decimal")]))
def test_a_value_is_of_its_type_or_refused(value: Any, kind: Any) -> None:
    question = parse("own", f"# parameter.t: {kind[0]}\nSELECT ?t {{ FILTER(BOUND(?t)) }}")
    try:
        bound = bind(question, {"t": value}, SETTINGS)
    except QuestionError:
        return
    (row,) = rows(filled(question, bound))
    assert row["t"].datatype.value == f"http://www.w3.org/2001/XMLSchema#{kind[1]}"


@pytest.mark.parametrize(
    "pattern",
    [
        "SELECT ?x ?t { FILTER(?x <= ?t) VALUES ?x { 1 2 } }",
        "SELECT ?x ?t WHERE { VALUES ?x { 1 2 } FILTER(!BOUND(?t) || ?x <= ?t) }",
        "SELECT (EXISTS { ?a ?b ?c } AS ?e) ?x ?t { VALUES ?x { 1 2 } FILTER(?x <= ?t) }",
    ],
)
def test_every_filter_sees_a_parameter(pattern: str) -> None:
    question = parse("own", f"# parameter.t: integer\n{pattern}")
    answer = rows(filled(question, bind(question, {"t": "1"}, SETTINGS)))
    assert [(row["x"].value, row["t"].value) for row in answer] == [("1", "1")]


def test_the_template_of_a_construct_is_left_alone() -> None:
    question = parse("own", "# parameter.t: text\nCONSTRUCT { <a:b> <a:c> ?t } WHERE { }")
    (triple,) = rows(filled(question, bind(question, {"t": "}"}, SETTINGS)))
    assert triple.object == ox.Literal("}")


@pytest.mark.parametrize("line", ["# parameter.x: kind of thing", "# parameter.x: colour = red", "# parameter.x:"])
def test_a_parameter_line_that_cannot_be_read_is_said(line: str) -> None:
    with pytest.raises(QuestionError, match="must begin with a type"):
        parse("own", f"{line}\nSELECT * {{ ?s ?p ?o }}")
