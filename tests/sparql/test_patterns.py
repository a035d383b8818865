"""What the patterns of rules and shapes hold, and what is to be there or not."""

from typing import Any

import pyoxigraph as ox
import pytest
from repository import shape_prologue

from graphsc.core.resources import knowledge, knowledge_files
from graphsc.core.vocabulary import RDF_TYPE, XSD
from graphsc.derivation import rules as catalogue
from graphsc.graph.dataset import Dataset
from graphsc.sparql.patterns import Comparison, Pattern, pattern, properties, repeated
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.serialising import group as written
from graphsc.sparql.serialising import text as written_query
from graphsc.sparql.syntax import Select, Var

P = "PREFIX ex: <x:> "


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def where(text: str) -> Pattern:
    return pattern(read(f"{P}SELECT * WHERE {{ {text} }}").where)


def triples(text: str) -> list[tuple[Any, Any, Any]]:
    return [(triple.subject, triple.predicate, triple.object) for triple in where(text).triples]


def names(patterns: Any) -> list[str]:
    return ["/".join(properties(triple.predicate)) for triple in patterns]


def walked(group: Pattern) -> list[tuple[str, bool]]:
    return [("/".join(properties(triple.predicate)), absent) for triple, absent in group.walk()]


SHAPES = [
    (file.name, str(quad.subject), quad.object.value)
    for file in knowledge_files("shapes", ".ttl")
    for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
    if quad.predicate.value == "http://www.w3.org/ns/shacl#select"
]


@pytest.mark.parametrize("rule", catalogue.load(), ids=lambda rule: rule.name)
def test_every_rule_is_read_and_written_again(rule: Any) -> None:
    tree = read_construct(rule.query)
    assert tree.template
    assert read_construct(written_query(tree)) == tree
    ox.Store().query(written_query(tree))
    assert list(pattern(tree.where).walk())
    ox.Store().query(f"SELECT * WHERE {written(tree.where)}")


@pytest.mark.parametrize(
    "term", [r'"\\u0041"', r'"\\\u0041"', r'"\u0022"', r'"\u005Cn"', r"'\u0027'", r'"\u000A"', r"<urn:\u0061>", r"ex:a\-b"]
)  # fmt: skip
def test_escapes_are_read_as_oxigraph_reads_them(term: str) -> None:
    query = f"PREFIX ex: <x:\\u0061> SELECT ?x WHERE {{ VALUES ?x {{ {term} }} }}"
    (row,) = Dataset().select(query)
    (values,) = read(query).where.parts
    assert values.rows == ((row["x"],),)


def test_every_shape_has_a_pattern() -> None:
    prefixes = shape_prologue()
    assert len(SHAPES) > 30
    for file, _, query in SHAPES:
        tree = read(prefixes + query)
        assert isinstance(tree, Select), file
        assert list(pattern(tree.where).walk()), file


@pytest.mark.parametrize("name", ["obligation", "trigger"])
def test_the_queries_of_explanations_have_a_pattern(name: str) -> None:
    query = knowledge(f"ontology/explain/{name}.rq").read_text(encoding="utf-8")
    assert pattern(read(query).where).triples


def test_triples_with_lists_of_verbs_and_objects() -> None:
    assert triples("?s a ex:C ; ex:p ?x , ex:y ;; ex:q 10 . <x:t> ex:r 'a' .") == [
        (Var("s"), iri(RDF_TYPE), iri("x:C")),
        (Var("s"), iri("x:p"), Var("x")),
        (Var("s"), iri("x:p"), iri("x:y")),
        (Var("s"), iri("x:q"), ox.Literal(10)),
        (iri("x:t"), iri("x:r"), ox.Literal("a")),
    ]


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("true", ox.Literal(True)),
        ("12", ox.Literal(12)),
        ("-12", ox.Literal(-12)),
        ("1.50", ox.Literal("1.50", datatype=iri(XSD + "decimal"))),
        ("2e3", ox.Literal("2e3", datatype=iri(XSD + "double"))),
        ('"a; b . }"', ox.Literal("a; b . }")),
        ('"a"@da-DK', ox.Literal("a", language="da-dk")),
        ('"1"^^ex:t', ox.Literal("1", datatype=iri("x:t"))),
        ('"1"^^<y:t>', ox.Literal("1", datatype=iri("y:t"))),
        ('"""a "b"\n"""', ox.Literal('a "b"\n')),
    ],
)
def test_literals(text: str, literal: Any) -> None:
    assert triples(f"?s ex:p {text} ; ex:q ?x . ?y ex:r ?z") == [
        (Var("s"), iri("x:p"), literal),
        (Var("s"), iri("x:q"), Var("x")),
        (Var("y"), iri("x:r"), Var("z")),
    ]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("ex:p*", ("x:p",)),
        ("ex:p+/ex:q", ("x:p", "x:q")),
        ("^ex:p", ("x:p",)),
        ("(ex:p|^ex:q)*/ex:r?", ("x:p", "x:q", "x:r")),
        ("!(ex:p|ex:q)", ("x:p", "x:q")),
        ("ex:p/^(ex:q/a)", ("x:p", "x:q", RDF_TYPE)),
        ("((ex:p))+", ("x:p",)),
    ],
)
def test_paths_keep_the_properties_they_are_made_of(path: str, parts: Any) -> None:
    first, second = where(f"?s {path} ?o . ?o ex:z ?s").triples
    assert (first.subject, properties(first.predicate), first.object) == (Var("s"), parts, Var("o"))
    assert (second.subject, second.predicate, second.object) == (Var("o"), iri("x:z"), Var("s"))
    assert properties(Var("p")) == ()


@pytest.mark.parametrize(
    ("path", "step"),
    [("ex:a*", "x:a"), ("ex:a+", "x:a"), ("<x:a>*", "x:a"), ("(ex:a)+", "x:a"), ("ex:a?", None), ("^ex:a*", None),
     ("(^ex:a)+", None), ("!ex:a", None), ("ex:a/ex:b*", None), ("(ex:a|ex:b)*", None), ("ex:a", None), ("?p", None)],
)  # fmt: skip
def test_a_path_along_one_property(path: str, step: str | None) -> None:
    (triple,) = where(f"?s {path} ?o").triples
    assert repeated(triple.predicate) == (None if step is None else iri(step))


def kinds(group: Any) -> Any:
    return [(inner.kind, names(inner.triples)) for inner in group.children]


def test_groups_and_how_they_are_joined() -> None:
    group = where(
        "?s ex:a ?x OPTIONAL { ?s ex:b ?x } MINUS { ?s ex:c ?x } { ?s ex:d ?x } UNION { ?s ex:e ?x } UNION { ?s ex:f ?x }"
        " { ?s ex:g ?x } FILTER NOT EXISTS { ?s ex:h ?x } FILTER EXISTS { ?s ex:i ?x }"
        " { SELECT ?s (MAX(?y) AS ?z) WHERE { ?s ex:j ?y } GROUP BY ?s HAVING(MAX(?y) > 1) ORDER BY ?s }"
    )
    assert kinds(group) == [
        ("optional", ["x:b"]),
        ("absent", ["x:c"]),
        ("either", ["x:d"]),
        ("either", ["x:e"]),
        ("either", ["x:f"]),
        ("and", ["x:g"]),
        ("absent", ["x:h"]),
        ("and", ["x:i"]),
        ("select", []),
    ]
    assert {name for name, absent in walked(group) if absent} == {"x:c", "x:h", "x:j"}


@pytest.mark.parametrize(
    "text",
    [
        "FILTER(?x = 1 || NOT EXISTS { ?s ex:p ?x })",
        "FILTER(!EXISTS { ?s ex:p ?x })",
        "FILTER(! (EXISTS { ?s ex:p ?x } && ?x > 2))",
        "FILTER(IF(EXISTS { ?s ex:p ?x }, false, true))",
        "BIND(EXISTS { ?s ex:p ?x } AS ?y)",
    ],
)
def test_a_pattern_within_an_expression_may_be_asked_for_its_absence(text: str) -> None:
    group = where(f"?s ex:q ?x {text}")
    assert kinds(group) == [("tested", ["x:p"])]
    assert walked(group) == [("x:q", False), ("x:p", True)]


@pytest.mark.parametrize(
    "rest",
    [
        "GROUP BY ?s HAVING(COUNT(?x) > 1 && NOT EXISTS { ?s ex:p ?y })",
        "GROUP BY ?s HAVING(SUM(IF(EXISTS { ?s ex:p ?y }, 1, 0)) > 1)",
        "ORDER BY (EXISTS { ?s ex:p ?y })",
        "GROUP BY ?s (EXISTS { ?s ex:p ?y } AS ?z)",
    ],
)
def test_what_a_sub_select_asks_for_outside_its_pattern_is_seen(rest: str) -> None:
    group = where(f"{{ SELECT ?s WHERE {{ ?s ex:a ?x }} {rest} }}")
    assert walked(group) == [("x:a", True), ("x:p", True)]


@pytest.mark.parametrize("values", ["?x { ex:b ex:c }", "(?s ?x) { (ex:b 1) (UNDEF '}') }"])
def test_values_ask_for_nothing(values: str) -> None:
    group = where(f"VALUES {values} ?s ex:a ?x")
    assert names(group.triples) == ["x:a"]
    assert group.children == ()


@pytest.mark.parametrize("head", ["SELECT ?s", "SELECT DISTINCT ?s ?x", "SELECT *"])
def test_a_sub_select_that_only_chooses_variables_says_what_its_pattern_says(head: str) -> None:
    group = where(f"{{ {head} WHERE {{ ?s ex:a ?x }} }} MINUS {{ {head} WHERE {{ ?s ex:b ?x }} }}")
    assert kinds(group) == [("and", []), ("absent", [])]
    assert walked(group) == [("x:a", False), ("x:b", True)]


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("SELECT (COUNT(?x) AS ?n)", ""),
        ("SELECT ?s", "GROUP BY ?s HAVING(COUNT(?x) > 1)"),
        ("SELECT ?s", "ORDER BY ?x LIMIT 1"),
        ("SELECT ?s", "LIMIT 1"),
        ("SELECT ?s", "OFFSET 1"),
        ("SELECT ?s", "VALUES ?s { ex:b }"),
    ],
)
def test_a_sub_select_that_computes_may_rest_on_what_is_absent(head: str, rest: str) -> None:
    group = where(f"?s ex:q ?z {{ {head} WHERE {{ ?s ex:a ?x }} {rest} }}")
    assert kinds(group) == [("select", [])]
    assert walked(group) == [("x:q", False), ("x:a", True)]
    (absent,) = where(f"MINUS {{ {head} WHERE {{ ?s ex:a ?x }} {rest} }}").children
    assert (absent.kind, kinds(absent)) == ("absent", [("select", [])])


def test_a_query_that_is_nothing_but_a_sub_select_is_that_sub_select() -> None:
    group = where("SELECT ?s (MIN(?x) AS ?first) WHERE { ?s ex:a ?x } GROUP BY ?s")
    assert (group.kind, kinds(group)) == ("select", [("and", ["x:a"])])
    assert written(group.group).startswith("{ { SELECT ?s (MIN(?x) AS ?first) ")


def test_absence_within_absence() -> None:
    group = where("?s ex:a ?x FILTER NOT EXISTS { ?x ex:b ?y FILTER NOT EXISTS { ?y ex:c 'x }' } }")
    assert kinds(group.children[0]) == [("absent", ["x:c"])]


def test_filters_are_comparisons_or_conditions() -> None:
    group = where("?s ex:p ?x FILTER(?x <= 3) FILTER ( ex:a!=?x ) FILTER((?x) < 2) BIND(STRLEN(?x) AS ?y)")
    assert group.comparisons == (
        Comparison(Var("x"), "<=", ox.Literal(3)),
        Comparison(iri("x:a"), "!=", Var("x")),
        Comparison(Var("x"), "<", ox.Literal(2)),
    )
    assert group.conditional is False
    for text in (
        "FILTER(?x < 3 && ?x > 1)",
        "FILTER(!BOUND(?x))",
        "FILTER REGEX(?x, ')')",
        "FILTER(?x + 1 < 2)",
        "FILTER(?x IN (2))",
        "FILTER(ex:f(?x, 2))",
    ):
        group = where(f"?s ex:p ?x {text} . ?s ex:q ?z")
        assert (group.comparisons, group.conditional, len(group.triples)) == ((), True, 2), text


def test_braces_and_keywords_in_strings_comments_and_names_mean_nothing() -> None:
    group = where("# } MINUS {\n ?s ex:MINUS '}' ; ex:p ?OPTIONAL . # {\n")
    assert names(group.triples) == ["x:MINUS", "x:p"]
    assert group.children == ()


@pytest.mark.parametrize(
    "text",
    [
        "[] ?p ?o",
        "?s ?p [ ?q ?o ]",
        "?s ?p ( 1 2 )",
        "?s ?p _:x",
        "?s ?p ?o FILTER NOT EXISTS { ?s ?p _:x }",
        "GRAPH ?g { ?s ?p ?o }",
        "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_what_has_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a blank node stands in it|it has GRAPH"):
        where(text)
