"""Queries of plans say a thing once, and are written for the graph that they run on: with the same results each time."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pyoxigraph as ox
import pytest
from test_shacl_compiler import EX, random_store

from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.shacl.join_order import pieces
from graphsc.shacl.plan import Query
from graphsc.shacl.simplification import simplified
from graphsc.shacl.steps import Pattern
from graphsc.sparql.reading import read
from graphsc.sparql.serialising import group, text
from graphsc.sparql.syntax import Select

ISA = f"<{RDF_TYPE}>/<{RDFS_SUBCLASS_OF}>*"
PATTERNS = [
    "?this e:p ?x . ?x e:q ?y . ?y e:r ?z",
    "?this e:p ?x . ?this e:q ?y . ?z e:r ?x . ?z e:q ?w",
    "?this e:p ?x . ?this e:q e:x . ?x e:r e:y FILTER(?x != ?this)",
    "?this e:p ?x . ?x e:q+ ?y . ?this ?any ?y",
    "?this e:p ?x . e:y e:q ?y . ?y e:r ?x",
    "?this e:p ?x . ?this e:p ?x . ?x e:q ?this OPTIONAL { ?x e:r ?y . ?y e:p ?z } ?this e:r ?w . ?w e:p ?v",
    "?this e:p ?x . ?this e:q ?y MINUS { ?this e:p ?x . ?x e:r ?z }",
    "?this e:p ?x . ?x e:q ?y MINUS { ?this e:p ?x . ?x e:q ?y . ?z e:r ?this . ?z e:q ?y }",
    "?this e:p ?x . ?x e:q ?y MINUS { ?this e:p ?x . ?x e:q ?y . ?x e:r ?z . ?y e:r ?w FILTER(?z != ?w) }",
    "?this e:p ?x . ?this e:r e:x MINUS { ?this e:r e:x . ?x e:q ?y MINUS { ?this e:r e:x . ?y e:p ?z . ?x e:q ?y } }",
    "?this e:p ?x MINUS { ?this e:p ?x } ?this e:q ?y",
    "?this e:p ?x MINUS { ?y e:q ?z }",
    "?this e:p ?x FILTER NOT EXISTS { ?x e:q ?this } FILTER NOT EXISTS { ?x e:r ?y }",
    "?this e:p ?x OPTIONAL { ?x e:q ?y } FILTER NOT EXISTS { ?y e:r ?this }",
    "?this e:p ?x . ?x e:q ?y BIND(?y AS ?z) ?z e:r ?w . ?w e:p ?v FILTER NOT EXISTS { ?z e:q ?v }",
    "{ ?this e:p ?x . ?x e:q ?y } UNION { ?this e:q ?x . ?y e:r ?x } ?y e:p ?z . ?z e:q ?w",
    "?this e:p [ e:q ?x ; e:r ?y ] . ?x e:p ?z",
    "?this e:p ?x . { SELECT DISTINCT ?x WHERE { ?x e:q ?y } } ?y e:r ?this",
    "?this e:p ?x . { SELECT DISTINCT ?this WHERE { ?this e:p ?x MINUS { ?this e:q ?x } } }",
    "?this e:p ?x . { SELECT DISTINCT ?this ?x WHERE { ?this e:p ?x MINUS { ?x e:q ?y } } } ?this e:r ?z",
    "?this e:p ?x . { SELECT DISTINCT ?this WHERE { ?this e:q ?y FILTER(?y != e:x) } }",
    "?this e:p ?x . { SELECT ?this (COUNT(DISTINCT ?y) AS ?n) WHERE { ?this e:q ?y . ?y e:r ?z } GROUP BY ?this }",
]  # fmt: skip


@dataclass(frozen=True)
class Supposed:
    """What a graph is taken to be like: which properties are rare, and how many triples a pattern has."""

    rare: str
    focus: str | None = None

    def is_rare(self, pattern: Pattern) -> bool:
        return pattern[1][-2] in self.rare

    def count(self, pattern: Pattern) -> int:
        return {"p": 1, "q": 9, "r": 81}.get(pattern[1][-2], 3) + (pattern[0] is None) * 2 + (pattern[2] is None) * 4


FOCUS = f"VALUES ?this {{ <{EX['e']}x> <{EX['e']}y> <{EX['e']}z> <{EX['e']}w> }}"
SUPPOSED = [Supposed(rare, focus) for rare in ("", "p", "q", "r", "pq", "pqr") for focus in (None, FOCUS)]


def store_of_several(random: Random) -> ox.Store:
    """A store that has some triples in more graphs than one."""
    store = random_store(random)
    for quad in list(store):
        if random.random() < 0.4:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:x-test:again")))
    return store


def solutions(store: ox.Store, query: str) -> list[str]:
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(str([row[name] for name in found.variables]) for row in found)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_query_gives_the_same_however_it_is_written(pattern: str) -> None:
    query = read(f"SELECT DISTINCT ?this ?x WHERE {{ {pattern} }}", EX)
    assert isinstance(query, Select)
    lean = Select(query.projected, simplified(query.where), "DISTINCT")
    asked = Query(pieces(lean), ())
    assert asked.text == text(read(asked.text))
    texts = {asked.text, *(asked.for_graph(one) for one in SUPPOSED)}
    for seed in range(15):
        store = store_of_several(Random(seed))
        expected = solutions(store, text(query))
        for one in texts:
            assert solutions(store, one) == expected


@pytest.mark.parametrize(
    ("pattern", "lean"),
    [
        (f"?this {ISA} e:C . ?this a e:C . ?this e:p ?x", "?this a e:C . ?this e:p ?x"),
        (f"?this {ISA} e:C . ?this a e:D", f"?this {ISA} e:C . ?this a e:D"),
        (f"?this {ISA} e:C MINUS {{ ?this {ISA} e:C . ?this e:p ?x }}", f"?this {ISA} e:C MINUS {{ ?this e:p ?x }}"),
        (f"?this a e:C MINUS {{ ?this {ISA} e:C . ?this e:p ?x }}", "?this a e:C MINUS { ?this e:p ?x }"),
        ("?this e:p ?x MINUS { ?this e:p ?x }", "?this e:p ?x MINUS { ?this e:p ?x }"),
        (  # what is left would not join the two
            "?this e:p ?x MINUS { ?this e:p ?x . ?this e:q ?y . ?x e:r ?z }",
            "?this e:p ?x MINUS { ?this e:p ?x . ?this e:q ?y . ?x e:r ?z }",
        ),
        (
            f"?this {ISA} e:C {{ SELECT DISTINCT ?this WHERE {{ ?this {ISA} e:C MINUS {{ ?this {ISA} e:C . ?this e:p e:x }} }} }}",
            f"?this {ISA} e:C MINUS {{ ?this e:p e:x }}",
        ),
    ],
)  # fmt: skip
def test_what_is_said_elsewhere_is_left_out(pattern: str, lean: str) -> None:
    query, expected = (read(f"SELECT * WHERE {{ {one} }}", EX) for one in (pattern, lean))
    assert isinstance(query, Select)
    assert group(simplified(query.where)) == group(expected.where)


def chosen(pattern: str, graph: Supposed) -> str:
    query = read(f"SELECT DISTINCT ?this WHERE {{ {pattern} }}", EX)
    assert isinstance(query, Select)
    return Query(pieces(query), ()).for_graph(graph).partition(" WHERE ")[2].replace(f"<{EX['e']}", "<")


def test_what_is_rare_is_read_whole_and_the_rest_looked_up_from_the_focus() -> None:
    assert chosen("?this e:p e:x . ?this e:r ?x . ?x e:q e:y", Supposed("pq")) == (
        "{ { SELECT DISTINCT ?this ?x WHERE { ?this <p> <x> . ?this <r> ?x . } } "
        "{ SELECT DISTINCT ?x WHERE { ?x <q> <y> . } } }"
    )
    assert chosen("?this e:r ?x . ?x e:q e:y", Supposed("q", "VALUES ?this { e:z }")) == (
        "{ { SELECT DISTINCT ?this ?x WHERE { VALUES ?this { e:z } ?this <r> ?x . } } "
        "{ SELECT DISTINCT ?x WHERE { ?x <q> <y> . } } }"
    )


def test_an_absence_of_what_is_rare_is_a_minus() -> None:
    pattern = "?this e:r ?x FILTER NOT EXISTS { ?this e:q ?x }"
    assert chosen(pattern, Supposed("")) == "{ ?this <r> ?x . FILTER NOT EXISTS { ?this <q> ?x . } }"
    assert chosen(pattern, Supposed("q")) == "{ ?this <r> ?x . MINUS { ?this <q> ?x . } }"


def test_what_holds_around_a_minus_restricts_it_where_it_is_much_rarer() -> None:
    pattern = "?this e:p e:x . ?this e:r ?x MINUS { ?y e:r ?this . ?y e:q ?z }"
    assert "MINUS { { SELECT DISTINCT ?this ?y ?z WHERE { ?this <p> <x> . ?y <r> ?this ." in chosen(
        pattern, Supposed("p")
    )
    assert chosen(pattern, Supposed("")).endswith("MINUS { ?y <r> ?this . ?y <q> ?z . } }")


def test_what_is_asked_by_one_pattern_alone_is_left_as_it_is() -> None:
    pattern = "?this e:p e:x MINUS { ?this e:q ?x } OPTIONAL { ?this e:r ?y }"
    for graph in SUPPOSED:
        if not graph.is_rare((None, f"<{EX['e']}p>", None)):  # else it restricts what is around the absence too
            assert chosen(pattern, graph) == "{ ?this <p> <x> . MINUS { ?this <q> ?x . } OPTIONAL { ?this <r> ?y . } }"
