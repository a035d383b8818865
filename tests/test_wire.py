"""What servers answer is read as the standard means it, and a cut answer is none."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from graphsc.graph import wire

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(*terms: dict[str, str]) -> bytes:
    document = {
        "head": {"link": [], "vars": ["x"]},
        "results": {"distinct": False, "bindings": [{"x": t} for t in terms]},
    }
    return json.dumps(document).encode()


def read(*terms: dict[str, str]) -> list[object]:
    found = wire.read(table(*terms), wire.ROWS, "SELECT")
    assert isinstance(found, ox.QuerySolutions)
    return [row["x"] for row in found]


def test_truth_is_written_in_words() -> None:
    values = [{"type": "typed-literal", "datatype": XSD + "boolean", "value": value} for value in ("1", "0", "true")]
    assert read(*values) == [ox.Literal(True), ox.Literal(False), ox.Literal(True)]
    assert read({"type": "typed-literal", "datatype": XSD + "integer", "value": "1"}) == [ox.Literal(1)]


def test_nameless_nodes_have_a_name_that_can_be_read() -> None:
    (found,) = read({"type": "bnode", "value": "nodeID://b10"})
    assert found == ox.BlankNode("b10")


def test_a_text_that_looks_like_one_of_these_is_left_alone() -> None:
    text = '"type": "bnode", "value": "nodeID://b1", "datatype": "' + XSD + 'boolean", "value": "1"'
    assert read({"type": "literal", "value": text}) == [ox.Literal(text)]


@pytest.mark.parametrize(("value", "said"), [("1", True), ("0", False)])
def test_yes_and_no_as_a_table(value: str, said: bool) -> None:
    term = {"type": "typed-literal", "datatype": XSD + "integer", "value": value}
    document = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": term}]}}
    found = wire.read(json.dumps(document).encode(), wire.ROWS, "ASK")
    assert isinstance(found, ox.QueryBoolean)
    assert bool(found) is said


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("PREFIX g: <urn:g> SELECT ?construct {}", wire.ROWS),
        ("ASK {}", wire.ROWS),
        ("BASE <urn:x> CONSTRUCT {} WHERE {}", wire.TRIPLES),
        ("DESCRIBE <urn:x>", wire.TRIPLES),
    ],
)
def test_each_form_of_query_is_answered_in_one_form(query: str, kind: str) -> None:
    assert wire.accepted(query) == kind


TRUE = b'{"head": {}, "boolean": true}'
TRIPLE = b"<urn:a> <urn:b> <urn:c> .\n"


@pytest.mark.parametrize(
    ("body", "kind", "form"),
    [
        (table(), wire.ROWS, "ASK"),
        (TRUE, wire.ROWS, "SELECT"),
        (TRUE, wire.ROWS, "CONSTRUCT"),
        (TRIPLE, wire.TRIPLES, "SELECT"),
        (TRIPLE, "text/plain", "ASK"),
        (TRIPLE * 2 + b"<urn:a", wire.TRIPLES, "CONSTRUCT"),
        (table({"type": "uri", "value": "urn:x"}, {"type": "uri", "value": "no iri"}), wire.ROWS, "SELECT"),
        (table({"type": "literal", "value": "1", "datatype": "x y"}), wire.ROWS, "SELECT"),
        (b"<html>log in</html>", wire.ROWS, "SELECT"),
        (b"[" * 200_000, wire.ROWS, "SELECT"),
        (b"", wire.ROWS, "ASK"),
    ],
)
def test_what_does_not_answer_the_question_is_no_answer(body: bytes, kind: str, form: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        wire.read(body, kind, form)


def test_a_cut_answer_is_told() -> None:
    assert wire.cut(200, {}) is None
    assert wire.cut(206, {}) == "HTTP 206 (incomplete)"
    assert wire.cut(200, {"X-SPARQL-MaxRows": "10000"}) == "X-SPARQL-MaxRows: 10000"


def test_literals_are_sent_as_they_are_held_here() -> None:
    node = ox.NamedNode("urn:x")
    written = [
        ox.Literal("01", datatype=ox.NamedNode(XSD + "integer")),
        ox.Literal("1", datatype=ox.NamedNode(XSD + "boolean")),
    ]
    sent = wire.sent([ox.Triple(node, node, value) for value in written])
    assert {triple.object for triple in sent} == {ox.Literal(1), ox.Literal(True)}
