"""Graphs made in memory: facts written as short tuples, loaded, derived from and judged like a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.identifiers import RULE_PREFIX, SOURCE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import RDF_TYPE, ROOT, XSD_BOOLEAN, XSD_DATE, G
from graphsc.derivation import Classes, Rule, classes_of, derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import dataset as graph
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.validation import Report, validate
from graphsc.validation.rules import rules as read_rules
from graphsc.validation.shapes import compile_shapes

W = "https://w.example/"
AS_OF = date(2025, 6, 15)

Fact = tuple[str, str, str | date | bool]
"""Subject, property and value by their short names; ``a`` is the class; a value with ``/`` is a concept, with ``'`` a text."""


def term(value: str | date | bool) -> ox.NamedNode | ox.Literal:
    """The term that a value of a fact stands for."""
    if isinstance(value, bool):
        return ox.Literal(str(value).lower(), datatype=ox.NamedNode(XSD_BOOLEAN))
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD_DATE))
    if value.startswith("'"):
        return ox.Literal(value[1:])
    return ox.NamedNode((ROOT if "/" in value else W) + value)


def triple(fact: Fact) -> ox.Triple:
    """The triple that a fact stands for."""
    subject, predicate, value = fact
    if predicate == "a":
        return ox.Triple(ox.NamedNode(W + subject), ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{G}{value}"))
    return ox.Triple(ox.NamedNode(W + subject), ox.NamedNode(G + predicate), term(value))


@dataclass(frozen=True, slots=True)
class World:
    """A judged graph: its report, and the answers to the questions that were put to it."""

    dataset: Dataset
    report: Report
    answers: Mapping[str, set[tuple[str, ...]]]

    def results(self, *codes: str) -> set[tuple[str, str, str | None]]:
        """Code, subject and value of each result of these rules (of all when none is named)."""
        return {
            (f.code, short(f.subject), f.value and short(f.value))
            for f in self.report.findings
            if not codes or f.code in codes
        }

    def derived(self, nodes: set[str] | None = None) -> set[ox.Triple]:
        """What the rules derived, about known nodes only where those are given."""
        triples = set()
        for quad in self.dataset.store:
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(RULE_PREFIX):
                names = [n.value for n in (quad.subject, quad.object) if isinstance(n, ox.NamedNode)]
                if nodes is None or all(name in nodes for name in names if name.startswith(W)):
                    triples.add(quad.triple)
        return triples


def short(text: str | None) -> str:
    """A name without its namespace."""
    assert text is not None
    return text.removeprefix(W).removeprefix(ROOT).removeprefix(G)


def world(*sources: Iterable[Fact], as_of: date = AS_OF) -> World:
    """Load, derive and judge facts by everything that is shipped; each argument is a source of its own."""
    settings = Settings(as_of=as_of)
    read = sourced(sources)
    dataset = loading.load(read, settings)
    derive(dataset)
    report, _ = validate(dataset, read, settings)
    return World(dataset, report, {})


# ---------------------------------------------------------------------- some questions and rules


@dataclass(frozen=True, slots=True)
class Part:
    """Some rules of judgement and some questions, with the derivation rules that these need and no others.

    A question is what follows SELECT DISTINCT. The knowledge is loaded once, and each world replaces the one before it.
    """

    codes: tuple[str, ...]
    questions: tuple[str, ...]
    rules: tuple[Rule, ...]
    dataset: Dataset
    settings: Settings

    def world(self, facts: Iterable[Fact]) -> World:
        """Load facts, derive from them and judge them."""
        kept = {graph.GUIDE, graph.SHAPES}
        for name in [name for name in self.dataset.store.named_graphs() if name not in kept]:
            self.dataset.store.remove_graph(ox.NamedNode(name.value))
        read = sourced([facts])
        loading.assert_sources(self.dataset, read, self.settings)
        derive(self.dataset, self.rules)
        report, _ = validate(self.dataset, read, self.settings)
        return World(self.dataset, report, {question: answer(self.dataset, question) for question in self.questions})


@cache
def part(*codes: str, questions: tuple[str, ...] = ()) -> Part:
    """The part of all rules that is needed to judge these rules and to answer these questions."""
    settings = Settings(as_of=AS_OF, select=codes)
    dataset = loading.load_knowledge(settings)
    iris = {iri for question in questions for iri in _iris(_query(question))}
    shapes = compile_shapes(dataset)
    shipped = read_rules(dataset, shapes=shapes)
    for shape in shapes.shapes:
        if shape.code in codes:
            assert shape.plan is not None
            rule = shipped[shape.code]
            steps = (f"<{rule.path_along}>", f"PREFIX g: <{G}> {rule.consequence_step}")
            for text in (shape.plan.targets, *(query.text for query in shape.plan.queries), *steps):
                iris |= _iris(text)
    return Part(codes, questions, needed(iris, catalogue.load(), classes_of(dataset)), dataset, settings)


def needed(terms: Iterable[str], rules: Sequence[Rule], classes: Classes) -> tuple[Rule, ...]:
    """The rules that write some of the terms, and those that write what these read, and so on."""
    pending, selected = set(terms), dict[str, Rule]()
    while more := [rule for rule in rules if rule.name not in selected and classes.written(rule) & pending]:
        for rule in more:
            selected[rule.name] = rule
            pending |= classes.read(rule)
    return tuple(selected.values())


def _iris(query: str) -> set[str]:
    """The IRIs that a query names."""
    prefixes = sparql.prefixes(query)
    iris = set()
    for token in sparql.tokens(query):
        if token.kind == "iri":
            iris.add(token.text[1:-1])
        elif token.kind == "name" and ":" in token.text:
            prefix, local = token.text.split(":", 1)
            iris.add(prefixes[prefix] + local)
    return iris


def _query(question: str) -> str:
    return f"PREFIX g: <{G}> SELECT DISTINCT {question}"


def answer(dataset: Dataset, question: str) -> set[tuple[str, ...]]:
    """The rows of a question, with short names."""
    return {tuple(short(term.value) for term in row.values()) for row in dataset.select(_query(question))}


def sourced(sources: Iterable[Iterable[Fact]]) -> Sources:
    """Facts as if they had been read, each list from a file of its own."""
    read = []
    for number, facts in enumerate(sources):
        name = f"{SOURCE_PREFIX}{number}"
        node = ox.NamedNode(name)
        quads = [ox.Quad(t.subject, t.predicate, t.object, node) for t in map(triple, facts)]
        read.append(Source(f"{number}", name, "", quads, Positions(f"{number}", Places())))
    return Sources(read, [])
