"""What would satisfy a rule where a finding was made, as statements: the graphs of ``ontology/examples``, filled in.

A rule has an example of its own, or that of the scheme its evidence is in. Where a value is a name in the namespace of the
examples, the finding's binding of that name stands for it; what only the reader knows, such as a date, stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Text
from graphsc.sources.terms import Terms, load
from graphsc.validation.findings import Finding
from graphsc.validation.rules import Rule

EXAMPLE = v.ROOT + "example/"
NODE = v.G + "node"
"""Leads to the thing that an example is about; no property of the data."""
NEW = EXAMPLE + "new"
"""Stands for the id of a thing that is not recorded yet."""
_ANY = EXAMPLE + "any"
_MOST = 6
_ORDER = (
    "node", "kind", "role", "person", "clauseTopic", "date", "from", "asRole", "performer", "customer", "supplier",
)  # fmt: skip
"""What is written first; what it concerns comes last, the rest by name."""

Node = NamedNode | BlankNode | Literal
Graph = Mapping[str, Mapping[str, list[Node]]]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing or a concept by its IRI, or the text of a value that a finding names."""

    iri: str


@dataclass(frozen=True, slots=True)
class Open:
    """What only the reader knows: what kind of value it is, and whether it is the id of something new."""

    label: Text
    new: bool = False


@dataclass(frozen=True, slots=True)
class TextValue:
    """A text that the example itself gives, in each language that has it; empty where a language has none."""

    text: Text


@dataclass(frozen=True, slots=True)
class Stated:
    """Statements about one thing: its class, and its properties with their values, in the order they are written.

    What is part of the thing stands within.
    """

    cls: str
    pairs: tuple[tuple[str, tuple[Value, ...]], ...]

    @property
    def node(self) -> Value | None:
        """What the statements are about; None where that needs no id."""
        return next((values[0] for predicate, values in self.pairs if predicate == NODE), None)


Value = Named | Open | TextValue | Stated


@dataclass(frozen=True, slots=True)
class Filled:
    """What would satisfy a rule, and what evidence of the organisation's own is called, by IRI."""

    stated: tuple[Stated, ...]
    labels: Mapping[str, Text] = field(default_factory=dict)


def filled(rule: Rule, finding: Finding) -> Filled:
    """What would satisfy a rule where a finding was made; nothing where there is nothing to add."""
    if finding.shape.endswith("/late"):  # what was done too late cannot be done in time any more
        return Filled(())
    graph = examples_graph()
    bound = {"this": finding.subject, "focus": finding.focus, **dict(finding.bound)}
    if finding.actor.organisation is not None and rule.counts_from is None:  # else another has to do it
        bound.setdefault("holder", finding.actor.organisation)
    if rule.by_role is not None:
        bound.setdefault("role", rule.by_role)
    nodes = _examples(rule.iri, graph)
    for kind in rule.evidence[:1]:
        bound.setdefault("evidence", kind.iri)
        nodes = nodes or [node for scheme in kind.schemes for node in _examples(scheme, graph)]
    labels = {kind.iri: kind.label for kind in rule.evidence}
    return Filled(tuple(_stated(node, bound, graph) for node in nodes), labels)


def filled_waiver(finding: Finding) -> Filled:
    """What would accept a finding, with a reason, by someone, until a day."""
    bound = {"this": finding.subject, "rule": v.RULE + finding.code}
    if finding.value is not None:
        bound["value"] = finding.value
    graph = examples_graph()
    return Filled(tuple(_stated(node, bound, graph) for node in _examples(v.G + "Waiver", graph)))


def demanded(rule: Rule) -> frozenset[str]:
    """The properties that the example of a rule has, as IRIs; none where it has no example of its own."""
    graph = examples_graph()
    return frozenset(name for node in _examples(rule.iri, graph) for name in graph[str(node)])


def label(iri: str) -> Text | None:
    """What an example calls a property or a placeholder; None where it has no name of its own."""
    return Text.of(examples_graph().get(iri, {}).get(v.RDFS_LABEL, []))


@lru_cache(maxsize=1)
def example_terms() -> Terms:
    """The terms that the examples are made of."""
    return load()


@lru_cache(maxsize=1)
def examples_graph() -> Graph:
    """The examples and the placeholders, by subject and property."""
    graph: dict[str, dict[str, list[Node]]] = {}
    for number, file in enumerate(knowledge_files("ontology/examples", ".ttl")):
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE):
            node = _apart(quad.object, number)
            if not isinstance(node, NamedNode | BlankNode | Literal):
                continue
            graph.setdefault(_key(_apart(quad.subject, number)), {}).setdefault(quad.predicate.value, []).append(node)
    return graph


def _apart(node: object, number: int) -> object:
    """The blank nodes of one file apart from those of another."""
    return BlankNode(f"{node.value}-{number}") if isinstance(node, BlankNode) else node


def _key(node: object) -> str:
    return str(node) if isinstance(node, BlankNode) else str(getattr(node, "value", node))


def _examples(form: str, graph: Graph) -> list[BlankNode]:
    values = graph.get(form, {}).get(v.G + "example", [])
    return [node for node in values if isinstance(node, BlankNode)]


def _stated(node: BlankNode, bound: Mapping[str, str], graph: Graph, cls: str = "") -> Stated:
    """One node of an example, filled in; ``cls`` is what it is where the example does not say."""
    about = graph[str(node)]
    kind = next((value.value for value in about.get(v.RDF_TYPE, ()) if isinstance(value, NamedNode)), cls)
    return Stated(kind, tuple(_pairs(about, bound, graph)))


def _pairs(
    about: Mapping[str, list[Node]], bound: Mapping[str, str], graph: Graph
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The properties and values of one node; what has no value is left out."""
    rank = {v.G + local: place for place, local in enumerate(_ORDER)} | {v.G + "concerns": len(_ORDER) + 1}
    for name in sorted(about, key=lambda p: (rank.get(p, len(_ORDER)), p)):
        if name == v.RDF_TYPE:
            continue
        predicate = bound.get(name.removeprefix(EXAMPLE), name)
        result = [_value(node, predicate, bound, graph) for node in about[name]]
        if values := tuple(value for value in result if value is not None):
            yield predicate, values


def _value(node: Node, predicate: str, bound: Mapping[str, str], graph: Graph) -> Value | None:
    """A value; None for a name that nothing is bound to and that is no placeholder."""
    if isinstance(node, BlankNode):
        prop = example_terms().properties.get(predicate)
        return _stated(node, bound, graph, (prop.range if prop is not None else None) or "")
    if isinstance(node, Literal):
        text = {"true": Text("ja", "yes"), "false": Text("nej", "no")}.get(node.value, Text.same(node.value))
        return TextValue(
            text
            if node.language is None
            else Text.per_language(lambda language: text[language] * (language == node.language))
        )
    if node.value == _ANY:
        return Open(_expected(predicate)) if predicate in example_terms().properties else None
    if not node.value.startswith(EXAMPLE):
        return Named(node.value)
    bound_iri = bound.get(node.value.removeprefix(EXAMPLE))
    if bound_iri is not None:
        return Named(bound_iri)
    called = label(node.value)
    return None if called is None else Open(called, node.value == NEW)


def _expected(predicate: str) -> Text:
    """What kind of value a property takes: its few choices, or what they have in common."""
    terms = example_terms()
    prop = terms.properties[predicate]
    choices = [concept.label for concept in terms.concepts.values() if set(prop.schemes) & set(concept.schemes)]
    if 0 < len(choices) <= _MOST:
        return Text.per_language(lambda language: " | ".join(choice[language] for choice in choices))
    cls = terms.classes.get(prop.range or "")
    return cls.label if cls is not None else label(prop.range or "") or prop.label
