"""The compiler's parts: reading and writing SPARQL, joining a query to its focus nodes, and what is left to others."""

from __future__ import annotations

import re
from random import Random

import pyoxigraph as ox
import pytest
from repository import REPOSITORY, shape_prologue

from graphsc.graph.dataset import SHAPES
from graphsc.shacl import ShapesGraph, compile_graph
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import Ask

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.example/> .\n"
EX = {"e": "http://e.example/"}


def shipped() -> dict[str, str]:
    """Every SELECT and pattern of the knowledge, by its place."""
    queries: dict[str, str] = {}
    for folder in ("ontology", "queries"):
        for file in sorted((REPOSITORY / folder).rglob("*.rq")):
            query = file.read_text(encoding="utf-8")
            queries[file.relative_to(REPOSITORY).as_posix()] = re.sub(
                r"CONSTRUCT\s*\{.*?\}\s*WHERE", "SELECT * WHERE", query, flags=re.DOTALL
            )
    prologue = shape_prologue()
    for file in sorted((REPOSITORY / "shapes").glob("*.ttl")):
        for number, query in enumerate(
            re.findall(r'sh:select """(.*?)"""', file.read_text(encoding="utf-8"), re.DOTALL)
        ):
            queries[f"shapes/{file.name} {number}"] = prologue + query
    return queries


SHIPPED = shipped()
WRITTEN = [
    "SELECT ?a (COUNT(DISTINCT ?b) AS ?n) WHERE { ?a e:p ?b } GROUP BY ?a HAVING (COUNT(?b) > 1) ORDER BY DESC(?n) LIMIT 5 OFFSET 2",
    'SELECT (GROUP_CONCAT(?x ; SEPARATOR = ", ") AS ?all) WHERE { VALUES (?x ?y) { ("a" UNDEF) (1.5 e:b) } }',
    "SELECT REDUCED * WHERE { ?a (e:p/^e:q|!(e:r|^a))* ?b . [ e:p ( 1 -2 ) ] e:q true . FILTER(-?a < +3 && !BOUND(?b)) }",
    "SELECT ?a WHERE { GRAPH ?g { ?a e:p 1e3 } MINUS { ?a e:q ?b OPTIONAL { ?b e:r ?c } } BIND(IF(?a IN (1, 2), STR(?a), COALESCE(?d, 1)) AS ?d) }",
    r"""SELECT ?a WHERE { ?a e:p "a\"\n\\", 'b', '''c'd''', "x"@da-DK, "1"^^e:t ; e:q\-r ?b ; . { SELECT ?b WHERE { ?b a e:C } } }""",
    "SELECT ?a WHERE { { ?a e:p ?b } UNION { ?a e:q ?b } UNION { FILTER NOT EXISTS { ?a e:r ?b } } } VALUES ?a { e:x UNDEF }",
    "ASK { ?a e:p _:x . _:x e:q+ ?b FILTER(EXISTS { ?b e:r ?a } || ?a NOT IN (e:y)) }",
]  # fmt: skip


@pytest.mark.parametrize("place", SHIPPED)
def test_a_query_is_written_as_it_was_read(place: str) -> None:
    query = read(SHIPPED[place])
    again = text(query)
    assert read(again) == query
    ox.Store().query(again)


@pytest.mark.parametrize("query", WRITTEN)
def test_all_of_the_language_is_written_as_it_was_read(query: str) -> None:
    tree = read(query, EX)
    assert read(text(tree)) == tree
    declared = "PREFIX e: <http://e.example/>\n"
    store = random_store(Random(0))
    one, other = (store.query(written_query) for written_query in (declared + query, text(tree)))
    if isinstance(tree, Ask):
        assert bool(one) == bool(other)
    elif isinstance(one, ox.QuerySolutions) and isinstance(other, ox.QuerySolutions):
        assert sorted(map(str, one)) == sorted(map(str, other))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?a WHERE { ?a e:p ?b", "in line 1, } is expected, not the end"),
        ("SELECT ?a\nWHERE { ?a e:p }", "in line 2, a term is expected, not }"),
        ("SELECT ?a WHERE { ?a x:p ?b }", "the prefix x: is not declared"),
        ("SELECT ?a WHERE { ?a <p> ?b }", "the IRI <p> is relative"),
        ("SELECT ?a WHERE { ?a e:p ?b } extra", "in line 1, the end is expected, not extra"),
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", "in line 1, SELECT or ASK is expected, not CONSTRUCT"),
        ("SELECT ?a FROM e:g WHERE { ?a e:p ?b }", "what is asked is the graph that is judged, and FROM may name no other"),
        ("SELECT ?a WHERE { SERVICE e:s { ?a e:p ?b } }", "SERVICE would fetch from the network"),
        ("SELECT ?a WHERE { S\\u0045RVICE e:s { ?a e:p ?b } }", "in line 1, a term is expected, not S"),
        ("SELECT ?a WHERE { FILTER(?a = ) }", "in line 1, a term is expected, not )"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_query_is_said(query: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read(query, EX)


DECLARED = "PREFIX e: <http://e.example/>\n"
CONSTRUCTS = [
    "CONSTRUCT { ?a e:r ?b ; a e:C . ?b ?p _:n } WHERE { ?a e:p ?b ; ?p ?c }",
    "CONSTRUCT { } { ?a e:p ?b }",
    "CONSTRUCT { ?a e:r ?b } { SELECT ?a (MIN(?c) AS ?b) WHERE { ?a e:p ?c } GROUP BY ?a }",
    "BASE <http://b/> CONSTRUCT { ?a e:r ?b } WHERE { ?a e:p ?b } ORDER BY DESC(?b) ?a LIMIT 3 OFFSET 1 VALUES ?a { UNDEF }",
]


@pytest.mark.parametrize("query", CONSTRUCTS)
def test_a_construct_is_written_as_it_was_read(query: str) -> None:
    tree = read_construct(DECLARED + query)
    again = text(tree)
    assert read_construct(again) == tree
    store = random_store(Random(0))
    one, other = (store.query(written_query) for written_query in (DECLARED + query, again))
    assert isinstance(one, ox.QueryTriples)
    assert isinstance(other, ox.QueryTriples)
    shown = [sorted(re.sub(r"_:\w+", "_:", str(triple)) for triple in triples) for triples in (one, other)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "in line 1, CONSTRUCT is expected, not the end"),
        ("SELECT * WHERE { ?a e:p ?b }", "in line 1, CONSTRUCT is expected, not SELECT"),
        ("CONSTRUCT WHERE { ?a e:p ?b }", "in line 1, { is expected, not WHERE"),
        ("CONSTRUCT { ?a e:p/e:q ?b } WHERE { ?a e:p ?b }", "a template holds triples and nothing else"),
        ("CONSTRUCT { OPTIONAL { ?a e:p ?b } } WHERE { ?a e:p ?b }", "a template holds triples and nothing else"),
        ("CONSTRUCT { ?a e:p ?b } FROM e:g WHERE { ?a e:p ?b }", "FROM may name no other"),
        ("CONSTRUCT { ?a e:p ?b } WHERE { ?a e:p ?b } extra", "in line 1, the end is expected, not extra"),
        ("PREFIX x <http://x/> CONSTRUCT { } WHERE { }", "in line 1, a prefix is expected, not x"),
        ("PREFIX x: e:y CONSTRUCT { } WHERE { }", "in line 1, an IRI is expected, not e:y"),
    ],
)
def test_what_is_wrong_with_a_construct_is_said(query: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_construct("PREFIX e: <http://e.example/> " + query)


def random_store(random: Random) -> ox.Store:
    """A small graph on a few nodes and three properties."""
    store = ox.Store()
    nodes = [ox.NamedNode(f"{EX['e']}{name}") for name in ("x", "y", "z", "w")]
    for _ in range(11):
        subject, value = random.choices(nodes, k=2)
        store.add(ox.Quad(subject, ox.NamedNode(EX["e"] + random.choice("pqr")), value))
    return store


# ---------------------------------------------------------------------- what is not compiled


def compiled(shape: str) -> tuple[list[str], list[str], list[str]]:
    """The queries of a shape, why it is declined, and why it is refused."""
    triples = [quad.triple for quad in ox.parse(PREFIXES + shape, ox.RdfFormat.TURTLE)]
    compilation = compile_graph(ShapesGraph(triples), SHAPES)
    return (
        [query.text for plan in compilation.plans.values() for query in plan.queries],
        [reason.text.en for reason in compilation.declined.values()],
        [reason.text.en for reason in compilation.refused.values()],
    )


def compiled_query(query: str, target: str = "sh:targetClass e:C") -> tuple[list[str], list[str], list[str]]:
    declared = '[ sh:declare [ sh:prefix "e" ; sh:namespace "http://e.example/" ] ]'
    return compiled(f'e:S {target} ; sh:sparql [ sh:prefixes {declared} ; sh:select """{query}""" ] .')


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this WHERE { $this e:p ?x } LIMIT 1", "its query has LIMIT or OFFSET"),
        ("SELECT * WHERE { $this e:p ?x }", "its query says SELECT *"),
        ("SELECT $this (COUNT(?x) AS ?n) WHERE { $this e:p ?x }", "its query counts across focus nodes"),
        ("SELECT $this (COUNT(?y) AS ?n) WHERE { $this e:p/e:q ?y } GROUP BY $this", "its query counts solutions that may recur"),
        ("SELECT $this WHERE { $this e:p ?x . { SELECT $this (MAX(?y) AS ?z) WHERE { $this e:q ?y } } }", "its query counts across focus nodes"),
        ("SELECT $this WHERE { $this e:p ?x FILTER(RAND() < 2) }", "its query uses RAND"),
        ("SELECT $this ?failure WHERE { $this e:p ?failure }", "its query may give ?failure"),
        ("SELECT $this WHERE { $this e:p ?_x }", "its query uses a name with a leading _"),
        ("SELECT $this WHERE { ?x e:p ?y GRAPH ?x { ?y e:q ?z FILTER(?z = $this) } }", "its query reads $this within another graph"),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_equal_is_left_to_the_reference_engine(query: str, reason: str) -> None:
    assert compiled_query(query) == ([], [reason], [])


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this WHERE { $this e:p ?x MINUS { $this e:q ?x } }", "its query uses MINUS, which SHACL does not allow"),
        ("SELECT $this WHERE { $this e:p ?x } VALUES ?x { 1 }", "its query uses VALUES, which SHACL does not allow"),
        ("SELECT $this WHERE { BIND(1 AS $this) }", "its query gives $this a new value"),
        ("SELECT $this WHERE { $this e:p ?x { SELECT ?x WHERE { ?x e:q ?y } } }", "a sub-select of its query does not select $this"),
        ("SELECT $this WHERE { $this $PATH ?x }", "its query uses $PATH without sh:path"),
        ("SELECT ?x WHERE { $this e:p ?x }", "its query does not select $this"),
    ],
)  # fmt: skip
def test_what_shacl_does_not_allow_is_refused(query: str, reason: str) -> None:
    assert compiled_query(query) == ([], [], [reason])


def test_conditions_on_the_same_values_are_put_to_one_scan() -> None:
    shape = """e:S sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:nodeKind sh:Literal ; sh:maxLength 9 ] ,
        [ sh:path e:p ; sh:minInclusive 1 ; sh:message "x" ] , [ sh:path e:q ; sh:nodeKind sh:IRI ] ."""
    queries, declined, refused = compiled(shape)
    assert (len(queries), declined, refused) == (2, [], [])
    assert sorted(query.count("<http://e.example/p>") for query in queries) == [0, 1]


def test_what_no_step_may_lead_to_is_left_to_the_reference_engine_where_it_matters() -> None:
    query = "SELECT $this WHERE { $this e:p* ?x FILTER NOT EXISTS { ?x e:q ?y } }"
    assert len(compiled_query(query)[0]) == 1
    assert compiled_query(query, "sh:targetNode e:a")[1] == [
        "its query walks a path of no steps from nodes that may not be in the graph"
    ]


def test_a_shape_that_is_part_of_itself_is_left_to_the_reference_engine() -> None:
    assert compiled("e:S sh:targetClass e:C ; sh:not [ sh:path e:p ; sh:node e:S ] .")[1] == ["it refers to itself"]


def test_a_shape_that_is_switched_off_is_no_shape() -> None:
    assert compiled("e:S sh:targetClass e:C ; sh:deactivated true ; sh:minCuont 1 .") == ([], [], [])
    inner = "e:S sh:targetClass e:C ; sh:property [ sh:deactivated true ; sh:path e:p ; sh:minCount 1 ] ."
    assert compiled(inner) == ([], [], [])


def test_a_target_may_be_a_query() -> None:
    shape = (
        'e:S sh:target [ sh:select "SELECT ?this WHERE { ?this <http://e.example/p> ?x }" ] ; sh:nodeKind sh:Literal .'
    )
    (query,), declined, refused = compiled(shape)
    assert (declined, refused) == ([], [])
    store = random_store(Random(1))
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    subjects = {quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(EX["e"] + "p"), None)}
    assert {row["this"] for row in solutions} == subjects
