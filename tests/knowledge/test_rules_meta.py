"""The knowledge holds together: every rule, text, statement, term and query refers to something that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import dropwhile
from pathlib import Path

import pyoxigraph as ox
import pytest
from case_files import FOLDER, all_cases
from mended import mended

from graphsc import derivation, sparql
from graphsc.core import frameworks
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import (
    OWL,
    OWL_INVERSE_OF,
    PERIOD,
    RDF_TYPE,
    RDFS_DOMAIN,
    RDFS_LABEL,
    RDFS_RANGE,
    RDFS_SUBCLASS_OF,
    RDFS_SUBPROPERTY_OF,
    ROOT,
    RULE,
    SCHEME,
    SHACL,
    SKOS_DEFINITION,
    SKOS_IN_SCHEME,
    SKOS_PREF_LABEL,
    STATEMENT,
    G,
)
from graphsc.derivation import rules as derivation_rules
from graphsc.derivation.rules import order
from graphsc.graph import loading
from graphsc.graph.dataset import GUIDE
from graphsc.service.imports import provenance
from graphsc.sources import Sources, read
from graphsc.sparql.reading import read_construct
from graphsc.sparql.syntax import Repeat, Triple, nodes, variables
from graphsc.validation.rules import Rule
from graphsc.validation.rules import rules as read_rules
from graphsc.validation.shapes import Shape, compile_shapes

DATASET = loading.load(Sources([], []), Settings(as_of=date(2026, 11, 25)))
RULES = read_rules(DATASET)
SHAPES_BY_CODE: dict[str, list[Shape]] = {}
for _shape in compile_shapes(DATASET).shapes:
    SHAPES_BY_CODE.setdefault(_shape.code, []).append(_shape)
DERIVATIONS = derivation_rules.load()

# What the guide says must be so and a graph can show: every one is enforced.
_MUST = """
    L-02 S-2.2-10 S-2.2-13 S-2.3-03 S-2.3-07 S-3.1-08 S-4.1-01 S-5.3-05 S-5.3-06 S-5.3-08 B1-07 B1-08 B3-06 B3-11
    B4-LED-01 B4-LED-02 B4-LED-03 B4-LED-06a B4-LED-06b B4-SEC-02 B4-SEC-03 B4-SEC-04a B4-SEC-04b B4-CON-01 B4-CON-02
    B4-CON-03 B4-CON-04a B4-CON-04b B4-LEG-01b B4-LEG-02b B4-SDO-01 B4-SDO-02 B4-SDO-03 B4-SDO-04a B4-SDO-04b
    B4-SDO-05 B4-SDO-06a B4-SDO-06b B4-DPO-03b
"""
MUST = set(_MUST.split())
# What the messages about waivers may name, since no query stands behind them.
OF_WAIVERS = {"waiver", "code", "subject", "value", "why", "until", "approver"}

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
each_derivation = pytest.mark.parametrize("rule", DERIVATIONS, ids=lambda rule: rule.name)


def objects(subject: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    quads = DATASET.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, None)
    return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)]


def is_a(node: str, cls: str) -> bool:
    return G + cls in {value.value for value in objects(node, RDF_TYPE)}


def in_scheme(node: str, scheme: str) -> bool:
    return SCHEME + scheme in {value.value for value in objects(node, SKOS_IN_SCHEME)}


def translations(subject: str, predicate: str) -> dict[str, str]:
    """The texts of a property by language; fails unless there is one in Danish and one in English, and one at most in any other."""
    texts = [value for value in objects(subject, predicate) if isinstance(value, ox.Literal)]
    by_language = {text.language or "": text.value for text in texts}
    assert {"da", "en"} <= by_language.keys(), f"{subject} {predicate}"
    assert len(by_language) == len(texts), f"{subject} {predicate}"
    assert all(text.strip() for text in by_language.values()), f"{subject} {predicate}"
    return by_language


# ---------------------------------------------------------------------- rules


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert sorted({case.code for case in all_cases()}) == sorted(RULES)
    assert {code for code in RULES if not (FOLDER / f"{code}.yaml").is_file()} == set()


def test_every_rule_is_judged() -> None:
    run_rules = {code for code, rule in RULES.items() if is_a(rule.iri, "RunRule")}
    assert run_rules == {"WVR001", "WVR002"}
    assert set(SHAPES_BY_CODE) == set(RULES) - run_rules
    assert compile_shapes(DATASET).refused == {}
    assert [shape.iri for shape in compile_shapes(DATASET).shapes if shape.plan is None] == []


@each_rule
def test_a_rule_is_named_by_its_code(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.code)
    assert rule.iri == RULE + rule.code
    assert [code.value for code in objects(rule.iri, G + "code")] == [rule.code]


@each_rule
def test_a_rule_speaks_both_languages(rule: Rule) -> None:
    for predicate in (RDFS_LABEL, SHACL + "message", G + "remedy"):
        texts = translations(rule.iri, predicate)
        assert texts["da"] != texts["en"]
    assert rule.description.da
    assert rule.description.en


@each_rule
def test_what_a_rule_refers_to_is_there(rule: Rule) -> None:
    assert rule.statements
    for statement in rule.statements:
        assert is_a(STATEMENT + statement, "Statement"), statement
    for reference in rule.references:
        assert is_a(reference.iri, "Reference"), reference.iri
        translations(reference.iri, RDFS_LABEL)
        translations(reference.iri, SKOS_DEFINITION)
    assert rule.role is not None
    assert in_scheme(rule.role, "role")
    for register in rule.registers:
        assert in_scheme(register, "register")
    for predicate in (rule.path_along, rule.holder):
        if predicate is not None:
            assert objects(predicate, RDF_TYPE), predicate


@each_rule
def test_a_message_names_what_its_query_gives(rule: Rule) -> None:
    named = {language: set(re.findall(r"\{\?([^}]*)\}", rule.message[language])) for language in Language}
    assert named[Language.DA] == named[Language.EN]
    assert "{" not in rule.remedy.da + rule.remedy.en
    shapes = [shape for shape in SHAPES_BY_CODE.get(rule.code, ()) if not shape.late]
    each = [{"this"} if shape.query is None else selected(shape.query) for shape in shapes]
    given = set.intersection(*each) if each else OF_WAIVERS
    for name in named[Language.DA]:
        assert set(name.split("..?")) <= given, name


@each_rule
def test_what_follows_from_a_finding_can_be_asked(rule: Rule) -> None:
    if rule.consequence_step is None:
        return
    query = f"PREFIX g: <{G}>\n{rule.consequence_step}"
    assert selected(query) == {"this", "value", "next"}
    assert DATASET.select(query, this=ox.NamedNode("urn:x:a"), value=ox.NamedNode("urn:x:b")) == []
    assert rule.path_along is not None


def selected(query: str) -> set[str]:
    """The variables of a SELECT."""
    solutions = DATASET.store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return {variable.value for variable in solutions.variables}


def test_everything_the_guide_demands_is_enforced() -> None:
    assert len(MUST) == 39
    assert {s for s in MUST if [w.value for w in objects(STATEMENT + s, G + "weight")] != ["must"]} == set()
    assert MUST - {statement for rule in RULES.values() for statement in rule.statements} == set()


# ---------------------------------------------------------------------- derivation


@each_derivation
def test_a_derivation_rule_says_why_and_can_be_run(rule: derivation_rules.Rule) -> None:
    header = sparql.header(rule.query)
    assert header["title.da"].strip()
    assert header["title.en"].strip()
    assert header["title.da"] != header["title.en"]
    assert rule.statements
    for statement in rule.statements:
        assert is_a(STATEMENT + statement, "Statement"), statement
    assert isinstance(ox.Store().query(rule.query), ox.QueryTriples)
    assert rule.writes or rule.any_superclass


def test_the_derivation_rules_have_an_order() -> None:
    groups = order(DERIVATIONS, derivation.classes_of(DATASET))
    assert sorted(rule.name for group in groups for rule in group) == sorted(rule.name for rule in DERIVATIONS)


def test_what_is_derived_is_said_to_be_derived() -> None:
    # These are stated in data as well as derived from it.
    both = {
        G + name
        for name in ("Agreement", "Evidence", "Party", "concerns", "customer", "date", "kind", "personalData", "serves")
    }
    for rule in DERIVATIONS:
        for term in rule.writes - both:
            assert [value.value for value in objects(term, G + "derived")] == ["true"], f"{rule.name}: {term}"


# ---------------------------------------------------------------------- terms


def own_terms() -> set[str]:
    quads = DATASET.store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, GUIDE)
    return {
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(G)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(OWL)
    }


TERMS = own_terms()


def queries() -> Iterator[tuple[str, str]]:
    """Every query of the knowledge with what it is called."""
    for folder in (
        "rules",
        "context",
        "explain",
        "near-misses",
        "analysis",
        "report",
        "responsibility",
        "coverage",
        "what-if",
        "",
    ):
        for file in knowledge_files(f"ontology/{folder}".rstrip("/"), ".rq"):
            yield file.name, file.read_text(encoding="utf-8")
    for file in knowledge_files("queries", ".rq"):
        yield file.name, file.read_text(encoding="utf-8")
    declared = "".join(
        f"PREFIX {row['prefix'].value}: <{row['namespace'].value}>\n"
        for row in DATASET.select(
            f"SELECT DISTINCT ?prefix ?namespace WHERE {{ ?d <{SHACL}prefix> ?prefix ; <{SHACL}namespace> ?namespace }}"
        )
        if isinstance(row["prefix"], ox.Literal) and isinstance(row["namespace"], ox.Literal)
    )
    for code, shapes in SHAPES_BY_CODE.items():
        for shape in shapes:
            assert shape.plan is not None
            texts = [shape.query] if shape.query is not None else [query.text for query in shape.plan.queries]
            yield shape.iri.removeprefix(RULE), "\n".join(texts)
        if step := RULES[code].consequence_step:
            yield f"{code}, consequences", declared + step


def named_in(query: str) -> set[str]:
    """The IRIs that a query names after its prologue."""
    prefixes, names = sparql.prefixes(query), set()
    body = dropwhile(lambda token: token.text.upper() not in {"SELECT", "CONSTRUCT", "ASK"}, sparql.tokens(query))
    for token in body:
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            names.add(prefixes[prefix] + local)
        elif token.kind == "iri":
            names.add(token.text[1:-1])
    return names


def in_queries() -> set[str]:
    return set().union(*(named_in(query) for _, query in queries()))


def in_knowledge() -> set[str]:
    """Terms used in the ontology and the shapes, beyond saying what a term itself is."""
    iris: set[str] = set()
    for quad in DATASET.store.quads_for_pattern(None, None, None, None):
        iris.add(quad.predicate.value)
        describes_a_term = isinstance(quad.subject, ox.NamedNode) and quad.subject.value in TERMS
        if isinstance(quad.object, ox.NamedNode) and not describes_a_term:
            iris.add(quad.object.value)
    return iris


def in_data() -> set[str]:
    """Terms used in the demo without its problems, and in the cases."""
    iris: set[str] = set()
    sources = read([mended(), FOLDER])
    assert sources.problems == []
    for quad in (quad for source in sources.sources for quad in source.asserted()):
        iris |= {quad.predicate.value} | ({quad.object.value} if isinstance(quad.object, ox.NamedNode) else set())
    return iris


@pytest.mark.parametrize("term", sorted(TERMS), ids=lambda term: term.removeprefix(G))
def test_a_term_is_named_and_defined_in_both_languages(term: str) -> None:
    translations(term, RDFS_LABEL)
    translations(term, SKOS_DEFINITION)


@pytest.mark.exhaustive
def test_every_term_is_used() -> None:
    in_frameworks = (file.read_text(encoding="utf-8") for file in frameworks.derivations(frameworks.names()))
    examples = "".join(file.read_text(encoding="utf-8") for file in knowledge_files("ontology/examples", ".ttl"))
    in_examples = {G + name for name in re.findall(r"\bg:(\w+)", examples)}
    in_imports = {provenance.IMPORT, provenance.FROM, provenance.FILE, provenance.AS, provenance.ON, provenance.HASH}
    used = (
        in_data()
        | in_queries()
        | in_knowledge()
        | in_examples
        | in_imports
        | set().union(*map(named_in, in_frameworks))
    ) & TERMS
    # A term also serves as what another one is: its superclass, its domain or range, its way of writing.
    for predicate in (RDFS_SUBCLASS_OF, RDFS_SUBPROPERTY_OF, RDFS_DOMAIN, RDFS_RANGE):
        used |= {value.value for term in used for value in objects(term, predicate)}
    used |= {term for term in TERMS if {value.value for value in objects(term, OWL_INVERSE_OF)} & used}
    unused = sorted(term.removeprefix(G) for term in TERMS - used)
    assert unused == [], "a term of the ontology has a use: in a case, the demo, a rule, a shape or a question"


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in sorted(queries())])
def test_a_query_names_only_what_is_there(query: str) -> None:
    assert {iri for iri in named_in(query) if iri.startswith(ROOT) and not known(iri)} == set()


def test_the_knowledge_names_only_what_is_there() -> None:
    unknown: set[str] = set()
    for quad in DATASET.store.quads_for_pattern(None, None, None, None):
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(ROOT) and not known(term.value):
                unknown.add(term.value)
    assert unknown == set()


def known(iri: str) -> bool:
    """Whether an IRI of ours is a term, or anything else the knowledge describes."""
    if iri.startswith(G) and iri != G.rstrip("#"):
        return iri in TERMS
    return iri.startswith((PERIOD, f"{ROOT}ns/")) or iri == SCHEME + "period" or described(iri)


def described(iri: str) -> bool:
    return next(iter(DATASET.store.quads_for_pattern(ox.NamedNode(iri), None, None, None)), None) is not None


def test_every_concept_is_named_in_both_languages() -> None:
    concepts = DATASET.store.quads_for_pattern(None, ox.NamedNode(SKOS_IN_SCHEME), None, GUIDE)
    for iri in sorted(quad.subject.value for quad in concepts if isinstance(quad.subject, ox.NamedNode)):
        translations(iri, SKOS_PREF_LABEL)
        for statement in objects(iri, G + "statement"):
            assert is_a(statement.value, "Statement"), iri


# ---------------------------------------------------------------------- servers


@each_derivation
def test_a_path_of_any_length_starts_somewhere(rule: derivation_rules.Rule) -> None:
    """Engines refuse such a path, or walk it from every node, unless something else binds one of its ends."""
    triples = [node for node in nodes(read_construct(rule.query).where) if isinstance(node, Triple)]
    for place, triple in enumerate(triples):
        if any(isinstance(step, Repeat) and step.sign in {"*", "+"} for step in nodes(triple.predicate)):
            ends = variables((triple.subject, triple.object))
            others = set().union(*(variables(other) for at, other in enumerate(triples) if at != place))
            bound = 2 - len(ends) if triple.subject != triple.object else 0
            assert bound or ends & others, f"{rule.name}: {triple}"


@pytest.mark.parametrize("file", knowledge_files("shapes", ".ttl"), ids=lambda file: file.name)
def test_no_path_of_a_shape_comes_back_to_where_it_starts(file: Path) -> None:
    assert re.findall(r"([?$]\w+) [^\s.;]+[+*] \1(?!\w)", file.read_text(encoding="utf-8")) == []
