"""Queries of plans say a thing once: with the same results."""

from __future__ import annotations

from random import Random

import pyoxigraph as ox
import pytest
from test_shacl_compiler import EX, random_store

from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.shacl.simplification import simplified
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


def store_of_several(random: Random) -> ox.Store:
    """A store that has some triples in more graphs than one."""
    store = random_store(random)
    for quad in list(store):
        if random.random() < 0.4:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:x-test:again")))
    return store


def solutions(store: ox.Store, query: str) -> list[str]:
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(str([row[name] for name in rows.variables]) for row in rows)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_query_that_says_a_thing_once_gives_the_same(pattern: str) -> None:
    query = read(f"SELECT DISTINCT ?this ?x WHERE {{ {pattern} }}", EX)
    assert isinstance(query, Select)
    lean = text(Select(query.projected, simplified(query.where), "DISTINCT"))
    assert lean == text(read(lean))
    for seed in range(15):
        store = store_of_several(Random(seed))
        assert solutions(store, lean) == solutions(store, text(query))


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
