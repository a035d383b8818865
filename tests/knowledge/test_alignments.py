"""The alignments name our terms and existing outside terms, and imply nothing wrong about our facts."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from rdflib.term import Node
from repository import REPOSITORY

from graphsc.core.resources import knowledge_files

rdflib = pytest.importorskip("rdflib")
owlrl = pytest.importorskip("owlrl")

from rdflib import DCTERMS, ODRL2, ORG, OWL, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef  # noqa: E402

G = Namespace("https://w3id.org/graphsc/ns#")
OURS = "https://w3id.org/graphsc/"
HEADER = OURS + "ns/alignments"
FOLDER = REPOSITORY / "ontology" / "alignments"
VOCABULARIES = ["cvr", "dcterms", "dpv", "epo", "it-system", "odrl", "org", "prov", "skos"]
KNOWN_OFFLINE = (ORG, PROV, ODRL2, DCTERMS, SKOS)
NAMESPACES = {
    "cvr": {"https://data.gov.dk/model/core/registered-business/"},
    "dcterms": {str(DCTERMS)},
    "dpv": {"https://w3id.org/dpv#", "https://w3id.org/dpv/risk#", "https://w3id.org/dpv/tech#"},
    "epo": {"http://data.europa.eu/a4g/ontology#"},
    "it-system": {
        "https://data.gov.dk/model/core/itsystem/",
        "https://data.gov.dk/concept/core/criticality/",
        "http://www.w3.org/ns/dcat#",
    },
    "odrl": {str(ODRL2)},
    "org": {str(ORG)},
    "prov": {str(PROV)},
    "skos": {str(SKOS)},
}
MATCHES = {SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch}
CORE_CLASSES = [
    "Activity",
    "Agreement",
    "Approval",
    "DataAsset",
    "DataProcessingAgreement",
    "FrameworkAgreement",
    "ITSystem",
    "Obligation",
    "Organisation",
    "Person",
    "RoleAssignment",
    "SecurityRequirement",
    "Subcontract",
]

# What the aligned vocabularies say themselves about the terms that stand to the right of rdfs:subClassOf and
# rdfs:subPropertyOf. PROV keeps Activity and Entity apart; that Agent is kept apart from both is our own, stricter rule.
OUTSIDE = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

prov:Organization rdfs:subClassOf prov:Agent .
prov:Person rdfs:subClassOf prov:Agent .
prov:Plan rdfs:subClassOf prov:Entity .
prov:Activity owl:disjointWith prov:Entity , prov:Agent .
prov:Entity owl:disjointWith prov:Agent .
prov:wasAssociatedWith rdfs:domain prov:Activity ; rdfs:range prov:Agent .
prov:wasAttributedTo rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:endedAtTime rdfs:domain prov:Activity .
prov:used rdfs:domain prov:Activity ; rdfs:range prov:Entity .

org:Organization rdfs:subClassOf foaf:Agent .
org:FormalOrganization rdfs:subClassOf org:Organization .
org:OrganizationalUnit rdfs:subClassOf org:Organization .
org:ChangeEvent rdfs:subClassOf prov:Activity .
org:Role rdfs:subClassOf skos:Concept .
org:Organization owl:disjointWith org:ChangeEvent , org:Membership , org:Role , org:Site .
org:Membership owl:disjointWith org:ChangeEvent , org:Role , org:Site .
org:Role owl:disjointWith org:ChangeEvent , org:Site .
org:unitOf rdfs:subPropertyOf org:subOrganizationOf ;
    rdfs:domain org:OrganizationalUnit ; rdfs:range org:FormalOrganization .
org:subOrganizationOf rdfs:domain org:Organization ; rdfs:range org:Organization .
org:member rdfs:domain org:Membership ; rdfs:range foaf:Agent .
org:organization rdfs:domain org:Membership ; rdfs:range org:Organization .
org:role rdfs:range org:Role .
org:identifier rdfs:domain org:Organization ; rdfs:subPropertyOf skos:notation .

dcterms:date rdfs:range rdfs:Literal .
dcterms:modified rdfs:subPropertyOf dcterms:date .
dcterms:conformsTo rdfs:range dcterms:Standard .

skos:Concept owl:disjointWith skos:Collection , skos:ConceptScheme .
"""


@cache
def aligned(name: str) -> Graph:
    return Graph().parse(FOLDER / f"{name}.ttl", format="turtle")


@cache
def knowledge() -> Graph:
    graph = Graph()
    for file in knowledge_files("ontology", ".ttl"):
        graph.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    return graph


def alignments(name: str) -> list[Any]:
    """The triples of a file that are not about the file itself."""
    return sorted(t for t in aligned(name) if not str(t[0]).startswith(HEADER))


def every() -> list[Any]:
    return [triple for name in VOCABULARIES for triple in alignments(name)]


def test_there_is_one_file_for_each_vocabulary() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(["alignments", *VOCABULARIES])
    whole = aligned("alignments")
    assert set(whole.objects(URIRef(HEADER), DCTERMS.hasPart)) == {URIRef(f"{HEADER}/{n}") for n in VOCABULARIES}
    version = knowledge().value(URIRef(OURS + "ns"), OWL.versionInfo)
    for name in ["alignments", *VOCABULARIES]:
        header = URIRef(HEADER if name == "alignments" else f"{HEADER}/{name}")
        graph = aligned(name)
        assert (header, RDF.type, OWL.Ontology) in graph
        assert graph.value(header, OWL.versionInfo) == version
        assert {title.language for title in graph.objects(header, DCTERMS.title) if isinstance(title, Literal)} == {
            "da",
            "en",
        }
        assert not list(graph.objects(None, OWL.imports))


def test_no_run_loads_an_alignment() -> None:
    assert not [file for file in knowledge_files("ontology", ".ttl") if file.name in {f"{n}.ttl" for n in VOCABULARIES}]
    assert not set(every()) & set(knowledge())


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_subject_is_a_term_or_concept_of_ours(name: str) -> None:
    assert alignments(name)
    for subject, _, _ in alignments(name):
        assert str(subject).startswith(OURS)
        kinds = set(knowledge().objects(subject, RDF.type))
        assert kinds & {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, SKOS.Concept}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_alignment_has_our_term_on_both_sides(name: str) -> None:
    for _, _, other in alignments(name):
        assert isinstance(other, URIRef)
        assert not str(other).startswith(OURS)
        assert re.sub(r"[^/#]*$", "", other) in NAMESPACES[name]


def test_every_term_of_a_vocabulary_that_rdflib_knows_exists() -> None:
    checked = set()
    for _, predicate, other in every():
        for term in (predicate, other):
            for vocabulary in KNOWN_OFFLINE:
                if str(term).startswith(str(vocabulary)):
                    assert term in vocabulary, term
                    checked.add(str(vocabulary))
    assert checked == {str(vocabulary) for vocabulary in KNOWN_OFFLINE}
    assert URIRef("http://www.w3.org/ns/dcat#Dataset") in rdflib.DCAT
    assert URIRef(str(ORG) + "Organisation") not in ORG


@pytest.mark.parametrize("name", ["cvr", "dpv", "epo", "it-system"])
def test_every_other_term_is_listed_with_the_place_where_it_was_verified(name: str) -> None:
    text = (FOLDER / f"{name}.ttl").read_text(encoding="utf-8")
    prefixes = dict(re.findall(r"^@prefix ([\w-]+): <([^>]+)> \.$", text, re.MULTILINE))
    listed = []
    for line in re.findall(r"^# verified: (.+)$", text, re.MULTILINE):
        listed += [prefix_name.split(":") for prefix_name in line.split()]
    verified = [URIRef(prefixes[prefix] + local) for prefix, local in listed]
    assert len(verified) == len(set(verified))
    assert set(verified) == {other for _, _, other in alignments(name)}


def test_the_predicates_suit_what_they_join() -> None:
    graph = knowledge()
    for subject, predicate, other in every():
        kinds = set(graph.objects(subject, RDF.type))
        if predicate == RDFS.subClassOf:
            assert OWL.Class in kinds, subject
        elif predicate == RDFS.subPropertyOf:
            assert kinds & {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}, subject
        elif predicate == RDFS.range:
            assert (other, OWL.ObjectProperty in kinds) == (SKOS.Concept, True), subject
        elif predicate == RDF.type:
            assert (other, SKOS.Concept in kinds) == (ORG.Role, True), subject
        else:
            assert predicate in MATCHES, predicate


def test_a_pair_is_aligned_once() -> None:
    pairs = [(subject, other) for subject, _, other in every()]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("name", CORE_CLASSES)
def test_each_core_class_is_aligned(name: str) -> None:
    assert (G[name], RDF.type, OWL.Class) in knowledge()
    assert [triple for triple in every() if triple[0] == G[name]]


def test_the_roles_of_annex_4_are_all_roles_of_org() -> None:
    ours = set(knowledge().subjects(SKOS.inScheme, URIRef(OURS + "scheme/role")))
    assert {s for s, p, o in alignments("org") if (p, o) == (RDF.type, ORG.Role)} == ours


def test_the_properties_said_to_have_concepts_as_values_have_a_scheme_or_only_such_values() -> None:
    graph = knowledge()
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    ranged = {s for s, p, _ in alignments("skos") if p == RDFS.range}
    periods = URIRef(OURS + "scheme/period")
    schemes = {(p, s) for p, s in graph.subject_objects(G.scheme)}
    assert {p for p, s in schemes if s != periods} <= ranged
    assert not {p for p, s in schemes if s == periods} & ranged
    for prop in ranged:
        assert set(graph.objects(None, prop)) <= concepts


def classes_and_properties() -> Graph:
    """The schema of our ontology without its wording, which only slows the closure down."""
    schema = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
    graph = Graph()
    for triple in Graph().parse(FOLDER.parent / "graphsc.ttl", format="turtle"):
        if triple[1] in schema or triple[1:] == (RDF.type, OWL.Class):
            graph.add(triple)
    return graph


def example(cls: Node) -> URIRef:
    return URIRef("https://example.org/a-" + str(cls).split("#")[1])


def used_in_every_way(ontology: Graph) -> Graph:
    """One thing of each class of ours, joined by every property of ours to whatever its domain and range allow."""
    facts = Graph()
    things = [cls for cls in ontology.subjects(RDF.type, OWL.Class) if str(cls).startswith(str(G))]
    for cls in things:
        facts.add((example(cls), RDF.type, cls))
    full = knowledge()
    schemes = sorted(full.subject_objects(G.scheme))
    scheme_values = {p: min(full.subjects(SKOS.inScheme, s), key=str, default=None) for p, s in schemes}
    for kind, free in ((OWL.ObjectProperty, URIRef("https://example.org/free")), (OWL.DatatypeProperty, Literal("x"))):
        for prop in full.subjects(RDF.type, kind):
            if prop in {G.holder, G.appliesTo, G.anchor, G.before}:
                continue  # about terms, not about things
            domain, range_ = full.value(prop, RDFS.domain), full.value(prop, RDFS.range)
            value = example(range_) if kind == OWL.ObjectProperty and range_ is not None else free
            for subject in [domain] if domain is not None else things:
                facts.add((example(subject), prop, scheme_values.get(prop) or value))
    return facts


def closure(wrong: tuple[URIRef, URIRef, URIRef] | None = None) -> Graph:
    """What follows of things used in every way; with a wrong alignment, of the things that it is about."""
    graph = classes_and_properties()
    facts: set[Any] = set(used_in_every_way(graph))
    if wrong is not None:
        terms = set(graph.transitive_subjects(wrong[1], wrong[0]))
        about = {fact for fact in facts if not terms.isdisjoint(fact)}
        things = {term for subject, _, value in about for term in (subject, value)}
        facts = {*about, *(fact for fact in facts if fact[0] in things and fact[1] == RDF.type), wrong}
    for name in VOCABULARIES:
        for triple in alignments(name):
            graph.add(triple)
    graph.parse(data=OUTSIDE, format="turtle")
    for triple in facts:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    return graph


def clashes(graph: Graph) -> set[tuple[str, str, str]]:
    """Things that the closure puts into two classes that exclude each other."""
    result = set()
    for one, two in graph.subject_objects(OWL.disjointWith):
        for thing in set(graph.subjects(RDF.type, one)) & set(graph.subjects(RDF.type, two)):
            result.add((str(thing), str(one), str(two)))
    return result


@pytest.fixture(scope="module")
def closed() -> Graph:
    return closure()


@pytest.mark.exhaustive
def test_nothing_of_ours_falls_into_two_disjoint_classes(closed: Graph) -> None:
    assert clashes(closed) == set()


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Activity", {PROV.Activity}),
        ("Agreement", {PROV.Entity}),
        ("Approval", set()),
        ("DataAsset", {PROV.Entity}),
        ("DataProcessingAgreement", {PROV.Entity}),
        ("FrameworkAgreement", {PROV.Entity}),
        ("ITSystem", {PROV.Entity, URIRef("https://data.gov.dk/model/core/itsystem/ITSystem")}),
        ("Notice", set()),
        ("Obligation", {PROV.Entity}),
        ("Person", {PROV.Person, PROV.Agent}),
        ("RoleAssignment", {ORG.Membership}),
        ("SecurityRequirement", {PROV.Entity}),
        ("Subcontract", {PROV.Entity}),
        ("TransferAgreement", {PROV.Entity}),
    ],
)
def test_what_our_things_are_in_other_vocabularies(closed: Graph, name: str, expected: set[URIRef]) -> None:
    outside = {str(PROV), str(ORG), str(ODRL2), *NAMESPACES["epo"], *NAMESPACES["dpv"], *NAMESPACES["it-system"]}
    types = {t for t in closed.objects(example(G[name]), RDF.type) if re.sub(r"[^/#]*$", "", str(t)) in outside}
    assert types == expected


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "wrong",
    [
        (G.Agreement, RDFS.subClassOf, PROV.Activity),
        (G.Evidence, RDFS.subClassOf, PROV.Entity),
        (G.performer, RDFS.subPropertyOf, PROV.wasAssociatedWith),
        (G.date, RDFS.subPropertyOf, PROV.endedAtTime),
        (G.role, RDFS.subPropertyOf, ORG.organization),
        (G.RoleAssignment, RDFS.subClassOf, ORG.Role),
        (G.kind, RDFS.subPropertyOf, ORG.member),
    ],
)
def test_a_wrong_alignment_would_be_seen(wrong: tuple[URIRef, URIRef, URIRef]) -> None:
    assert clashes(closure(wrong))
