"""What servers answer is read as the standard means it, and a cut answer is none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphsc.graph import wire

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(*terms: dict[str, str]) -> bytes:
    document = {
        "head": {"link": [], "vars": ["x"]},
        "results": {"distinct": False, "bindings": [{"x": t} for t in terms]},
    }
    return json.dumps(document).encode()


def test_a_table_is_no_answer_to_yes_or_no() -> None:
    """As Virtuoso gives it, which is refused for what it gets wrong."""
    term = {"type": "typed-literal", "datatype": XSD + "integer", "value": "1"}
    document = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": term}]}}
    with pytest.raises(ValueError, match="a table in answer to ASK"):
        wire.read(json.dumps(document).encode(), wire.ROWS, "ASK {}")


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


TRIPLES = "CONSTRUCT WHERE { ?x ?y ?z }"
ROW = "SELECT ?x WHERE { ?x ?y ?z }"
TRUE = b'{"head": {}, "boolean": true}'
TRIPLE = b"<urn:a> <urn:b> <urn:c> .\n"


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (table(), wire.ROWS, "ASK {}"),
        (TRUE, wire.ROWS, ROW),
        (TRUE, wire.ROWS, TRIPLES),
        (TRIPLE, wire.TRIPLES, ROW),
        (TRIPLE, "text/plain", "ASK {}"),
        (TRIPLE, "text/turtle", TRIPLES),
        (TRIPLE * 2 + b"<urn:a", wire.TRIPLES, TRIPLES),
        (table({"type": "uri", "value": "urn:x"}), wire.ROWS, "SELECT ?x ?y WHERE { ?x ?y ?z }"),
        (table({"type": "uri", "value": "urn:x"}, {"type": "uri", "value": "no iri"}), wire.ROWS, ROW),
        (table({"type": "literal", "value": "1", "datatype": "x y"}), wire.ROWS, ROW),
        (b"<html>log in</html>", wire.ROWS, ROW),
        (b"[" * 200_000, wire.ROWS, ROW),
        (b"", wire.ROWS, "ASK {}"),
    ],
)
def test_what_does_not_answer_the_question_is_no_answer(body: bytes, kind: str, query: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        wire.read(body, kind, query)


ANSWERS = (
    (ROW, table({"type": "uri", "value": "urn:x"}, {"type": "literal", "value": "1", "datatype": XSD + "integer"})),
    (ROW, table({"type": "bnode", "value": "b1"}, {"type": "literal", "value": "å", "xml:lang": "da"})),
    (ROW, table()),
    ("ASK {}", TRUE),
    (TRIPLES, TRIPLE * 3),
)
MEDIA = (
    "",
    "text/html",
    "text/plain",
    "text/turtle",
    "text/csv",
    "application/json",
    "application/xml",
    wire.ROWS,
    wire.TRIPLES,
)
KNOWN = {"head", "vars", "link", "results", "bindings", "boolean", "type", "value", "datatype", "xml:lang", "x"}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
each_answer = st.sampled_from(ANSWERS)


def as_read(body: bytes, kind: str, query: str) -> list[str] | None:
    """What an answer says; None where it is refused, by one of the two errors that say so."""
    try:
        read = wire.read(body, kind, query)
    except (SyntaxError, ValueError):
        return None
    return [str(bool(read))] if isinstance(read, ox.QueryBoolean) else [str(one) for one in read]


def objects(tree: object) -> Iterator[dict[str, object]]:
    """Every object in a JSON document."""
    if isinstance(tree, dict):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from objects(inner)


@given(each_answer.filter(lambda answer: answer[0] != TRIPLES), st.text(), anything, st.data())
def test_a_member_that_no_standard_names_is_refused_or_passed_over(
    answer: tuple[str, bytes], name: str, value: object, data: st.DataObject
) -> None:
    query, body = answer
    assume(name not in KNOWN)
    document = json.loads(body)
    changed = data.draw(st.sampled_from(list(objects(document))))
    members = list(changed.items())
    members.insert(data.draw(st.integers(0, len(members))), (name, value))
    changed.clear()
    changed.update(members)
    assert as_read(json.dumps(document).encode(), wire.ROWS, query) in (None, as_read(body, wire.ROWS, query))


@given(each_answer, st.sampled_from(MEDIA))
def test_an_answer_of_another_media_type_is_refused_or_read_as_it_is(answer: tuple[str, bytes], kind: str) -> None:
    query, body = answer
    assert as_read(body, kind, query) in (None, as_read(body, wire.accepted(query), query))


@given(each_answer.filter(lambda answer: answer[0] != TRIPLES), st.data())
def test_a_part_of_an_answer_is_refused_unless_it_says_all(answer: tuple[str, bytes], data: st.DataObject) -> None:
    query, body = answer
    part = body[: data.draw(st.integers(0, len(body) - 1))]
    assert as_read(part, wire.accepted(query), query) in (None, as_read(body, wire.accepted(query), query))


@given(each_answer, st.binary(min_size=1, max_size=9), st.sampled_from(MEDIA), st.data())
@settings(max_examples=1000)
def test_whatever_else_comes_is_refused_and_nothing_else_raised(
    answer: tuple[str, bytes], noise: bytes, kind: str, data: st.DataObject
) -> None:
    query, body = answer
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 9)))
    as_read(body[:start] + noise + body[end:], kind, query)


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
