"""Graph patterns of the SPARQL subset that the knowledge is written in."""

import pyoxigraph as ox
import pytest

from graphsc import patterns
from graphsc.derivation import rules as catalogue
from graphsc.patterns import Comparison, Term
from graphsc.resources import knowledge, knowledge_files
from graphsc.vocabulary import RDF_TYPE

P = "PREFIX ex: <x:> "


def iri(text):
    return Term("iri", text)


def var(text):
    return Term("variable", text)


def where(text):
    return patterns.parse(f"{P}SELECT * WHERE {{ {text} }}").where


def triples(text):
    return [triple.terms for triple in where(text).triples]


SHAPES = [
    (file.name, str(quad.subject), quad.object.value)
    for file in knowledge_files("shapes", ".ttl")
    for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
    if quad.predicate.value == "http://www.w3.org/ns/shacl#select"
]


@pytest.mark.parametrize("rule", catalogue.load(), ids=lambda rule: rule.name)
def test_every_rule_is_of_the_subset(rule):
    parsed = patterns.parse(rule.query)
    assert parsed.template
    text = parsed.where_text
    assert (text[0], text[-1]) == ("{", "}")
    ox.Store().query(f"{parsed.prologue} SELECT * WHERE {text}")


def test_every_shape_is_of_the_subset():
    prefixes = "".join(
        f"PREFIX {name}: <https://w3id.org/graphsc/{path}>\n"
        for name, path in (("g", "ns#"), ("clause", "clause/"), ("role", "role/"), ("register", "register/"))
    )
    prefixes += (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    )
    assert len(SHAPES) > 30
    for file, _, query in SHAPES:
        assert list(patterns.parse(prefixes + query).where.walk()), file


@pytest.mark.parametrize("name", ["obligation", "trigger"])
def test_the_queries_of_explanations_are_of_the_subset(name):
    assert patterns.parse(knowledge(f"ontology/explain/{name}.rq").read_text(encoding="utf-8")).where.triples


def test_triples_with_lists_of_verbs_and_objects():
    assert triples("?s a ex:C ; ex:p ?x , ex:y ;; ex:q 10 . <x:t> ex:r 'a' .") == [
        (var("s"), iri(RDF_TYPE), iri("x:C")),
        (var("s"), iri("x:p"), var("x")),
        (var("s"), iri("x:p"), iri("x:y")),
        (var("s"), iri("x:q"), Term("literal", "10")),
        (iri("x:t"), iri("x:r"), Term("literal", "'a'")),
    ]


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("true", "true"),
        ("12", "12"),
        ("1.50", "1.50"),
        ("2e3", "2e3"),
        ('"a; b . }"', '"a; b . }"'),
        ('"a"@da-DK', '"a"@da-DK'),
        ('"1"^^ex:t', '"1"^^<x:t>'),
        ('"1"^^<y:t>', '"1"^^<y:t>'),
        ('"""a "b"\n"""', '"""a "b"\n"""'),
    ],
)
def test_literals(text, literal):
    assert triples(f"?s ex:p {text} ; ex:q ?x . ?y ex:r ?z") == [
        (var("s"), iri("x:p"), Term("literal", literal)),
        (var("s"), iri("x:q"), var("x")),
        (var("y"), iri("x:r"), var("z")),
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
def test_paths_keep_the_properties_they_are_made_of(path, parts):
    (first, second) = triples(f"?s {path} ?o . ?o ex:z ?s")
    assert first == (var("s"), Term("path", path.replace(" ", ""), parts), var("o"))
    assert second == (var("o"), iri("x:z"), var("s"))


@pytest.mark.parametrize(
    ("path", "repeated"),
    [("ex:a*", "x:a"), ("ex:a+", "x:a"), ("<x:a>*", "x:a"), ("ex:a?", None), ("^ex:a*", None), ("(^ex:a)+", None),
     ("!ex:a", None), ("ex:a/ex:b*", None), ("(ex:a|ex:b)*", None), ("ex:a", None)],
)  # fmt: skip
def test_a_path_along_one_property(path, repeated):
    ((_, predicate, _),) = triples(f"?s {path} ?o")
    assert predicate.repeated == repeated


def kinds(group):
    return [(inner.kind, [t.predicate.text for t in inner.triples]) for inner in group.groups]


def test_groups_and_how_they_are_joined():
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
    absent = {triple.predicate.text for triple, is_absent in group.walk() if is_absent}
    assert absent == {"x:c", "x:h", "x:j"}


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
def test_a_pattern_within_an_expression_may_be_asked_for_its_absence(text):
    group = where(f"?s ex:q ?x {text}")
    assert kinds(group) == [("asked", ["x:p"])]
    assert [(t.predicate.text, absent) for t, absent in group.walk()] == [("x:q", False), ("x:p", True)]


@pytest.mark.parametrize("values", ["?x { ex:b ex:c }", "(?s ?x) { (ex:b 1) (UNDEF '}') }"])
def test_values_ask_for_nothing(values):
    group = where(f"VALUES {values} ?s ex:a ?x")
    assert [triple.predicate.text for triple in group.triples] == ["x:a"]
    assert group.groups == []


@pytest.mark.parametrize("head", ["SELECT ?s", "SELECT DISTINCT ?s ?x", "SELECT *"])
def test_a_sub_select_that_only_chooses_variables_says_what_its_pattern_says(head):
    group = where(f"{{ {head} WHERE {{ ?s ex:a ?x }} }} MINUS {{ {head} WHERE {{ ?s ex:b ?x }} }}")
    assert kinds(group) == [("and", []), ("absent", [])]
    assert [(t.predicate.text, absent) for t, absent in group.walk()] == [("x:a", False), ("x:b", True)]


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("SELECT (COUNT(?x) AS ?n)", ""),
        ("SELECT ?s", "GROUP BY ?s HAVING(COUNT(?x) > 1)"),
        ("SELECT ?s", "ORDER BY ?x LIMIT 1"),
    ],
)
def test_a_sub_select_that_computes_may_rest_on_what_is_absent(head, rest):
    group = where(f"{{ {head} WHERE {{ ?s ex:a ?x }} {rest} }}")
    assert kinds(group) == [("select", [])]
    assert [absent for _, absent in group.walk()] == [True]


def test_absence_within_absence():
    group = where("?s ex:a ?x FILTER NOT EXISTS { ?x ex:b ?y FILTER NOT EXISTS { ?y ex:c 'x }' } }")
    assert kinds(group.groups[0]) == [("absent", ["x:c"])]


def test_filters_are_comparisons_or_conditions():
    group = where("?s ex:p ?x FILTER(?x <= 3) FILTER ( ex:a!=?x ) BIND(STRLEN(?x) AS ?y)")
    assert group.comparisons == [
        Comparison(var("x"), "<=", Term("literal", "3")),
        Comparison(iri("x:a"), "!=", var("x")),
    ]
    assert group.conditional is False
    for text in ("FILTER(?x < 3 && ?x > 1)", "FILTER(!BOUND(?x))", "FILTER REGEX(?x, ')')", "FILTER((?x) < 2)"):
        group = where(f"?s ex:p ?x {text} . ?s ex:q ?z")
        assert (group.comparisons, group.conditional, len(group.triples)) == ([], True, 2), text


def test_braces_and_keywords_in_strings_comments_and_names_mean_nothing():
    group = where("# } MINUS {\n ?s ex:MINUS '}' ; ex:p ?OPTIONAL . # {\n")
    assert [t.predicate.text for t in group.triples] == ["x:MINUS", "x:p"]
    assert group.groups == []


def test_the_template_and_the_pattern_are_apart():
    query = patterns.parse(f"{P}CONSTRUCT {{ ?s a ex:C ; ex:p ?x }} WHERE {{ ?s ex:q ?x }} LIMIT 3")
    assert [t.predicate.text for t in query.template] == [RDF_TYPE, "x:p"]
    assert query.where_text == "{ ?s ex:q ?x }"
    assert query.prologue == "PREFIX ex: <x:>\n"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ASK { ?s ?p ?o }",
        "SELECT *",
        "SELECT * { ?s ?p ?o",
        "SELECT * { ?s ?p }",
        "SELECT * { ?s y:p ?o }",
        "SELECT * { [] ?p ?o }",
        "SELECT * { ?s ?p [ ?q ?o ] }",
        "SELECT * { ?s ?p ( 1 2 ) }",
        "SELECT * { ?s ?p _:x }",
        "SELECT * { ?s ?p -1 }",
        "SELECT * { ?s ?p ?o FILTER(?o }",
        "SELECT * { VALUES ?x { 1 ",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { SERVICE <x:y> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER NOT IN { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <x:y> { } }",
    ],
)
def test_what_is_outside_the_subset_is_refused(query):
    with pytest.raises(ValueError, match=r".+"):
        patterns.parse(query)
