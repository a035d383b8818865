"""Places in N-Triples and N-Quads: what is looked up in a plain file stands where reading it all finds it."""

from __future__ import annotations

from graphsc.sources.rdf.ntriples import PlainReader, without_graphs

from graphsc.sources.rdf.places import LinePlaces, line_places

A, B, C, P, Q = (f"http://e.example/{name}" for name in "abcpq")
TEXT = f"""# <{A}> <{P}> <{B}> .
<{B}> <{P}> <{A}> .
\t <{A}> <{Q}> "<{C}> <{P}> <{A}>" .
<{A}>   <{P}> <{B}> <http://e.example/graph> .
<{B}> <{Q}> "1"
<{A}> <{P}> <{A}> .
"""
LOOKUPS = [(node, predicate) for node in (A, B, C, P, "http://e.example/") for predicate in (None, P, Q)]


def test_places_are_where_they_are_written() -> None:
    places = line_places(TEXT)
    assert places.at_node(A) == (3, 3)
    assert places.at_edge(A, P) == (4, len(A) + 6)
    assert places.at_node(B) == (2, 1)
    assert places.at_node(C) is None
    assert places.at_value(A, P, B) is None
    escaped = line_places(TEXT.replace("/a>", "/\\u0061>"))
    assert escaped.at_node(A) == (3, 3)
    assert escaped.at_edge(A, P) == (4, len(A) + 11)
    assert line_places("").at_node(A) is None


def places_by_heads(text: str, triples: str) -> LinePlaces:
    """The places of triples, read off where their subjects change; they have to be those of a text."""
    plain = PlainReader((), ()).read(triples, "urn:graph")
    assert plain is not None
    whole, headed = line_places(text), LinePlaces(triples, plain.heads)
    for node, predicate in LOOKUPS:
        assert headed.at_node(node) == whole.at_node(node)
        assert predicate is None or headed.at_edge(node, predicate) == whole.at_edge(node, predicate)
    return headed


def test_where_subjects_change_nodes_are_found_without_a_search() -> None:
    text = f"<{B}> <{P}> <{A}> .\n<{A}> <{P}> <{C}> .\n<{A}> <{Q}> <{B}> .\n<{B}> <{Q}> <{A}> .\n"
    places = places_by_heads(text, text)
    assert places.at_node(A) == (2, 1)
    assert places.at_value(A, P, C) is None


def test_a_statement_begins_at_the_same_place_without_its_graph() -> None:
    quads = f"<{B}> <{P}> <{A}> <{C}> .\n<{A}> <{P}> <{C}> .\n<{A}> <{Q}> <{B}> <{Q}> .\n"
    places_by_heads(quads, without_graphs(quads))
