"""The ontology meets the demands of its own lint, and no thing of the demo is of two kinds that exclude each other."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import authority
import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from repository import DEMO, REPOSITORY

from graphsc.core import vocabulary as v
from graphsc.core.frameworks import names
from graphsc.core.settings import Settings
from graphsc.graph.backend import Term
from graphsc.graph.dataset import plain
from graphsc.graph.questions import shipped
from graphsc.service import open_paths
from graphsc.service.query.evaluation import prepare

LINT = Path(__file__).with_name("ontology-lint.ttl")
KINDS = (
    "SELECT ?thing WHERE { ?one <http://www.w3.org/2002/07/owl#disjointWith> ?other . ?thing a ?one , ?other } LIMIT 5"
)


def terms() -> Graph:
    graph = Graph()
    for folder in ("", "frameworks"):
        for path in (REPOSITORY / "ontology" / folder).glob("*.ttl"):
            graph.parse(path)
    return graph


def problems(graph: Graph) -> str:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(LINT), advanced=False, inplace=False)
    return "" if conforms else str(text)


@pytest.mark.exhaustive
def test_every_term_is_named_defined_and_placed() -> None:
    assert problems(terms()) == ""


@pytest.mark.exhaustive
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


def test_the_lint_sees_a_concept_out_of_place_and_a_country_that_is_half_known() -> None:
    text = problems(
        terms().parse(
            data="""
            @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix g: <https://w3id.org/graphsc/ns#> .
            @prefix scheme: <https://w3id.org/graphsc/scheme/> .
            g:loose a owl:DatatypeProperty ; g:scheme scheme:nowhere .
            g:stray a skos:Concept ; skos:prefLabel "x"@da , "x"@en ; skos:altLabel "x"@en .
            g:land a skos:Concept ; skos:inScheme scheme:country ; skos:prefLabel "Land"@da , "Country"@en ;
                skos:notation "xx" ; g:adequacyDecision g:undated .
            g:elsewhere g:eeaSince "2004-05-01"^^xsd:date .
            """
        )
    )
    for node in ("g:loose", "g:stray", "g:land", "g:undated", "g:elsewhere"):
        assert f"Focus Node: {node}" in text or f"Value Node: {node}" in text, node
    assert "is a concept scheme of nodes" in text


def test_how_terms_are_written_in_yaml_stands_apart_from_what_they_mean() -> None:
    folder, namespace = REPOSITORY / "ontology", "https://w3id.org/graphsc/ns#"
    syntax = {URIRef(namespace + name) for name in ("key", "container", "shorthand", "identifying", "namespace")}
    assert syntax <= set(Graph().parse(folder / "yaml.ttl").predicates())
    for path in folder.glob("*.ttl"):
        graph = Graph().parse(path)
        used = syntax & set(graph.predicates())
        assert not used or path.name == "yaml.ttl", f"{path.name}: {used}"
        if path.name == "yaml.ttl":  # nothing but the words for the terms, and the five properties that give them
            words = {subject for subject, predicate in graph.subject_predicates() if predicate in syntax}
            assert all(set(graph.predicates(subject)) <= syntax for subject in words)


def test_no_class_is_under_two_that_exclude_each_other() -> None:
    graph = terms()
    apart = [set(pair) for pair in graph.subject_objects(OWL.disjointWith)]
    assert apart
    for cls in graph.subjects(RDF.type, OWL.Class):
        above = set(graph.transitive_objects(cls, RDFS.subClassOf))
        assert not [pair for pair in apart if pair <= above], cls


def test_nothing_in_the_demo_is_of_two_kinds_that_exclude_each_other() -> None:
    assert authority.opened().dataset.run(KINDS) == []


ALSO = {
    v.OWL_CLASS: {v.RDFS + "Class"},
    v.OWL_OBJECT_PROPERTY: {v.RDF + "Property"},
    v.OWL_DATATYPE_PROPERTY: {v.RDF + "Property"},
    v.OWL_ANNOTATION_PROPERTY: {v.RDF + "Property"},
}
APART = {
    ("kind", "domain", "Approval, Evidence"),
    ("kind", "domain", "ChangeNotice, Evidence, Notice"),
    ("date", "domain", "Parameter"),
}
"""What no record may say: approvals and notices are evidence of a kind by a rule, and a parameter is a date."""


def closure(pairs: set[tuple[Term, Term]]) -> dict[str, set[str]]:
    """Each subject with itself and all that it leads to, directly or over others."""
    steps: dict[str, set[str]] = defaultdict(set)
    for subject, value in pairs:
        steps[plain(subject)].add(plain(value))
    reached: dict[str, set[str]] = {}
    for start in steps:
        reached[start], ahead = {start}, [start]
        while ahead:
            new = steps.get(ahead.pop(), set()) - reached[start]
            reached[start] |= new
            ahead += new
    return reached


@pytest.mark.exhaustive
def test_everything_that_is_derived_is_of_the_kinds_that_its_properties_and_classes_say() -> None:
    """Domains, ranges and schemes of all properties, and the superclasses of derived classes, held to both demos.

    What a sub-property allows, its property allows; what has no type, as a period or a country, says nothing of itself.
    """
    frameworks = REPOSITORY / "data" / "demo-frameworks"
    opened = open_paths([DEMO, frameworks], Settings(frameworks=names()))
    for question in shipped().values():
        prepare(opened, question)
    facts: dict[str, set[tuple[Term, Term]]] = defaultdict(set)
    for quad in opened.dataset.store:
        facts[quad.predicate.value].add((quad.subject, quad.object))
    above, narrower = closure(facts[v.RDFS_SUBCLASS_OF]), closure({(o, s) for s, o in facts[v.RDFS_SUBPROPERTY_OF]})
    typed: dict[str, set[str]] = defaultdict(set)
    for thing, kind in facts[v.RDF_TYPE] | facts[v.SKOS_IN_SCHEME]:
        typed[plain(thing)] |= {plain(kind)} | ALSO.get(plain(kind), set())

    def kinds(term: Term) -> set[str]:
        if isinstance(term, ox.Literal):
            return {term.datatype.value, v.XSD_STRING if term.language else term.datatype.value}
        return {wider for kind in typed[plain(term)] for wider in above.get(kind, {kind})}

    wrong = set()
    for prop, where in ((p, narrower.get(p, {p})) for p in facts if p.startswith(v.G)):
        for side, said in (
            ("domain", (v.RDFS_DOMAIN, v.DOMAIN_INCLUDES)),
            ("range", (v.RDFS_RANGE, v.RANGE_INCLUDES, v.G_SCHEME)),
        ):
            allowed = {plain(value) for name in said for subject, value in facts[name] if plain(subject) in where}
            for subject, value in facts[prop] if allowed and v.RDFS_RESOURCE not in allowed else ():
                actual = kinds(subject if side == "domain" else value)
                if actual and not actual & allowed:
                    wrong.add((v.local_name(prop), side, ", ".join(sorted(map(v.local_name, actual)))))
    assert wrong == APART
    derived = {plain(subject) for subject, value in facts[v.G + "derived"]}
    strangers = {
        (v.local_name(kind), v.local_name(wider))
        for thing, types in typed.items()
        for kind in types & derived
        for wider in above.get(kind, set()) - types - {v.G + "Conclusion"}  # a node of its own, which no rule names
    }
    assert strangers == set()
