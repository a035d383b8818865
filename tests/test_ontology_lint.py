"""The ontology meets the demands of its own lint, and no thing of the demo is of two kinds that exclude each other."""

from __future__ import annotations

from pathlib import Path

import pyshacl
from rdflib import OWL, RDF, Graph, URIRef

from graphsc.core.settings import Settings
from graphsc.service import open_paths

ROOT = Path(__file__).parent.parent
LINT = Path(__file__).with_name("ontology-lint.ttl")
KINDS = (
    "SELECT ?thing WHERE { ?one <http://www.w3.org/2002/07/owl#disjointWith> ?other . ?thing a ?one , ?other } LIMIT 5"
)


def terms() -> Graph:
    graph = Graph()
    for path in (ROOT / "ontology").glob("*.ttl"):
        graph.parse(path)
    return graph


def problems(graph: Graph) -> str:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(LINT), advanced=False, inplace=False)
    return "" if conforms else str(text)


def test_every_term_is_named_defined_and_placed() -> None:
    assert problems(terms()) == ""


def test_the_lint_sees_a_term_without_a_definition_or_a_domain() -> None:
    graph = terms()
    before = len(graph)
    new = Graph().parse(
        data="""
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix g: <https://w3id.org/graphsc/ns#> .
        g:lonely a owl:ObjectProperty . g:Lost a owl:Class ; g:derived true .
        """
    )
    for triple in new:
        graph.add(triple)
    assert len(graph) == before + 3
    text = problems(graph)
    assert "says neither a domain" in text
    assert "says neither a range" in text
    assert "does not say of which kind" in text
    assert text.count("skos:definition") >= 2


def test_how_terms_are_written_in_yaml_stands_apart_from_what_they_mean() -> None:
    folder, namespace = ROOT / "ontology", "https://w3id.org/graphsc/ns#"
    syntax = {URIRef(namespace + name) for name in ("key", "container", "shorthand", "identifying")}
    assert syntax <= set(Graph().parse(folder / "yaml.ttl").predicates())
    for path in folder.glob("*.ttl"):
        graph = Graph().parse(path)
        used = syntax & set(graph.predicates())
        assert not used or path.name == "yaml.ttl", f"{path.name}: {used}"
        if path.name == "yaml.ttl":  # nothing but the words for the terms, and the four properties that give them
            words = {subject for subject, predicate in graph.subject_predicates() if predicate in syntax}
            assert all(set(graph.predicates(subject)) <= syntax for subject in words)


def test_no_class_excludes_its_own_superclass() -> None:
    graph = terms()
    for one, other in graph.subject_objects(OWL.disjointWith):
        assert (one, RDF.type, OWL.Class) in graph
        assert not set(graph.transitive_objects(one, RDF.type)) & {other}


def test_nothing_in_the_demo_is_of_two_kinds_that_exclude_each_other() -> None:
    opened = open_paths([ROOT / "data" / "demo"], Settings())
    assert opened.dataset.run(KINDS) == []
