"""Places in N-Triples and N-Quads: what is searched for one by one stands where reading it all finds it."""

from __future__ import annotations

import pytest

from graphsc.sources.rdf.places import LinePlaces, turtle_places

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
    places = LinePlaces(TEXT)
    assert places.at_node(A) == (3, 3)
    assert places.at_edge(A, P) == (4, len(A) + 6)
    assert places.at_node(B) == (2, 1)
    assert places.at_node(C) is None
    assert places.at_value(A, P, B) is None


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("/a>", "/\\u0061>"), ""])
@pytest.mark.parametrize("times", [1, 30])  # many questions have the file read whole
@pytest.mark.parametrize("order", [1, -1])
def test_searching_gives_what_reading_gives(text: str, times: int, order: int) -> None:
    whole, searched = turtle_places(text), LinePlaces(text)
    for number in range(times):
        for node, predicate in (*LOOKUPS[::order], (f"http://e.example/{number}", None)):
            if predicate is None:
                assert searched.at_node(node) == whole.at_node(node)
            else:
                assert searched.at_edge(node, predicate) == whole.at_edge(node, predicate)
