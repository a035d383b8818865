from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode
from reading import about, faults, read_files, triples

from graphsc.sources.rdf.reader import blank_node_names as names

HEAD = "@prefix g: <https://w3id.org/graphsc/ns#> .\n@prefix x: <urn:x:> .\n"


def test_a_nested_node_is_named_by_its_parent_and_located_there(tmp_path: Path) -> None:
    text = (
        HEAD
        + "x:a a g:Agreement ;\n  g:delivery [ a g:Delivery ; g:dataLocation <https://w3id.org/graphsc/country/DK> ] .\n"
    )
    sources = read_files(tmp_path, {"a.ttl": text})
    (node,) = [o for _, p, o in triples(sources) if p == "g:delivery"]
    assert node.startswith("urn:x:a/delivery/")
    assert about(sources, node) == {("rdf:type", "g:Delivery"), ("g:dataLocation", "w3id:country/DK")}
    assert str(sources.locate(node)).endswith("a.ttl:4:3")


def test_the_direction_in_which_a_link_is_written_does_not_change_the_name(tmp_path: Path) -> None:
    one = HEAD + "x:a a g:Agreement ; g:subcontract [ a g:Subcontract ] ."
    other = HEAD + "[ a g:Subcontract ; g:under x:a ] . x:a a g:Agreement ."
    assert triples(read_files(tmp_path / "1", {"a.ttl": one})) == triples(read_files(tmp_path / "2", {"b.ttl": other}))


def test_the_same_statements_in_two_files_are_the_same_statements(tmp_path: Path) -> None:
    text = HEAD + "x:a a g:Agreement ; g:subcontract [ a g:Subcontract ; g:approval [ a g:Approval ] ] ."
    sources = read_files(tmp_path, {"a.ttl": text, "b.ttl": text.replace(" ; ", " ;\n")})
    plain = [{(q.subject, q.predicate, q.object) for q in s.quads} for s in sources.sources]
    assert plain[0] == plain[1]


def test_lists_circles_and_twins_are_named(tmp_path: Path) -> None:
    text = (
        HEAD
        + "_:a x:p _:b . _:b x:p _:c . _:c x:p _:a . _:s x:p _:s . x:l x:items ( 1 [ x:q 2 ] ( ) ) . x:t x:p [] , [] ."
    )
    sources = read_files(tmp_path, {"a.ttl": text})
    assert faults(sources) == [("nothing-known", "a.ttl")]
    facts = triples(sources)
    circle = {(s, o) for s, p, o in facts if p == "urn:x:p" and s != "urn:x:t"}
    assert len(circle) == 4
    assert sum(s == o for s, o in circle) == 1
    assert len([o for s, _, o in facts if s == "urn:x:t"]) == 1


def test_a_long_list_is_no_burden() -> None:
    nodes = [BlankNode(f"n{i}") for i in range(20_000)]
    rest = NamedNode("urn:rest")
    named, _ = names([(NamedNode("urn:x"), rest, nodes[0]), *((a, rest, b) for a, b in pairwise(nodes))])
    assert len(set(named.values())) == 20_000


EDGES = st.lists(st.tuples(st.integers(0, 6), st.sampled_from("pq"), st.integers(0, 9)), min_size=1, max_size=14)


@given(EDGES, st.randoms(use_true_random=False))
def test_names_depend_on_neither_order_nor_labels_when_nothing_is_circular(
    edges: list[tuple[int, str, int]], rng: random.Random
) -> None:
    def statements(label: str) -> list[tuple[Any, NamedNode, Any]]:
        # Edges lead to higher numbers only: from 7 on, they are texts.
        return [
            (BlankNode(f"{label}{a}"), NamedNode(f"urn:{p}"), BlankNode(f"{label}{b}") if b < 7 else Literal(str(b)))
            for a, p, b in edges
            if a < b
        ]

    first = statements("x")
    second = statements("y")
    rng.shuffle(second)
    one, other = names(first)[0], names(second)[0]
    assert {k[1:]: iri for k, iri in one.items()} == {k[1:]: iri for k, iri in other.items()}
