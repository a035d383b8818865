"""What would satisfy the rule of a finding, as statements: the graphs of ``ontology/examples``, filled in.

A rule has an example of its own, or that of the scheme of its evidence. A value in the namespace of the examples is
replaced by the finding's binding of that name; what only the reader knows, such as a date, stays a placeholder.
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
"""The property from an example to the thing that it is about; not used in the data."""
NEW = EXAMPLE + "new"
"""The placeholder for the id of a thing that is not recorded yet."""
_ANY = EXAMPLE + "any"
_MOST = 6
_ORDER = (
    "node", "kind", "role", "person", "clauseTopic", "date", "from", "asRole", "performer", "customer", "supplier",
)  # fmt: skip
"""The properties that are written first; the one for what the thing concerns comes last, the rest by name."""

Node = NamedNode | BlankNode | Literal
Graph = Mapping[str, Mapping[str, list[Node]]]


@dataclass(frozen=True, slots=True)
class Named:
    """The IRI of a thing or a concept, or the text of a value, that a finding names."""

    iri: str


@dataclass(frozen=True, slots=True)
class Open:
    """A placeholder for what only the reader knows: the kind of value, and whether it is the id of something new."""

    label: Text
    new: bool = False


@dataclass(frozen=True, slots=True)
class TextValue:
    """A text that the example itself gives, in each language that has it; empty where a language has none."""

    text: Text


@dataclass(frozen=True, slots=True)
class Stated:
    """Statements about one thing: its class, and its properties with their values, in the order they are written.

    Its parts are nested in it.
    """

    cls: str
    pairs: tuple[tuple[str, tuple[Value, ...]], ...]

    @property
    def node(self) -> Value | None:
        """The id of the thing; None where it needs none."""
        return next((values[0] for predicate, values in self.pairs if predicate == NODE), None)


Value = Named | Open | TextValue | Stated


@dataclass(frozen=True, slots=True)
class Filled:
    """What would satisfy a rule, and the names of the organisation's own kinds of evidence, by IRI."""

    stated: tuple[Stated, ...]
    labels: Mapping[str, Text] = field(default_factory=dict)


def filled(rule: Rule, finding: Finding) -> Filled:
    """What would satisfy the rule of a finding; empty where there is nothing to add."""
    if finding.late:  # nothing that is added now would have been in time
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


REPLIES = {
    "answer": v.ROOT + "outcome/yes",
    "not-needed": v.ROOT + "outcome/not-needed",
    "waiver": v.G + "Waiver",
}
"""What can be replied to a finding, by name, and the node that has an example of it."""


def replied(reply: str, rule: Rule, finding: Finding) -> Filled:
    """An answer to a finding or a waiver of it, one of ``REPLIES``: where it stands, the reason, who and when are placeholders."""
    bound = {"this": finding.subject, "rule": v.RULE + finding.code, "statement": v.STATEMENT + rule.asks}
    if finding.value is not None:
        bound["value"] = finding.value
    graph = examples_graph()
    return Filled(tuple(_stated(node, bound, graph) for node in _examples(REPLIES[reply], graph)))


def demanded(rule: Rule) -> frozenset[str]:
    """The properties that the example of a rule has, as IRIs; none where it has no example of its own."""
    graph = examples_graph()
    return frozenset(name for node in _examples(rule.iri, graph) for name in graph[str(node)])


def label(iri: str) -> Text | None:
    """The label of a property or a placeholder in the examples; None where it has none."""
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
    """A node with a blank node label that no other file uses."""
    return BlankNode(f"{node.value}-{number}") if isinstance(node, BlankNode) else node


def _key(node: object) -> str:
    return str(node) if isinstance(node, BlankNode) else str(getattr(node, "value", node))


def _examples(form: str, graph: Graph) -> list[BlankNode]:
    values = graph.get(form, {}).get(v.G + "example", [])
    return [node for node in values if isinstance(node, BlankNode)]


def _stated(node: BlankNode, bound: Mapping[str, str], graph: Graph, cls: str = "") -> Stated:
    """One node of an example, filled in; ``cls`` is its class where the example gives none."""
    about = graph[str(node)]
    kind = next((value.value for value in about.get(v.RDF_TYPE, ()) if isinstance(value, NamedNode)), cls)
    return Stated(kind, tuple(_pairs(about, bound, graph)))


def _pairs(
    about: Mapping[str, list[Node]], bound: Mapping[str, str], graph: Graph
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The properties and values of one node; a property without a value is left out."""
    rank = {v.G + local: place for place, local in enumerate(_ORDER)} | {v.G + "concerns": len(_ORDER) + 1}
    for name in sorted(about, key=lambda p: (rank.get(p, len(_ORDER)), p)):
        if name == v.RDF_TYPE:
            continue
        predicate = bound.get(name.removeprefix(EXAMPLE), name)
        result = [_value(node, predicate, bound, graph) for node in about[name]]
        if values := tuple(value for value in result if value is not None):
            yield predicate, values


def _value(node: Node, predicate: str, bound: Mapping[str, str], graph: Graph) -> Value | None:
    """A value; None for a name without a binding that is no placeholder."""
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
    """The kind of value that a property takes: the choices if there are few, else what they have in common."""
    terms = example_terms()
    prop = terms.properties[predicate]
    choices = [concept.label for concept in terms.concepts.values() if set(prop.schemes) & set(concept.schemes)]
    if 0 < len(choices) <= _MOST:
        return Text.per_language(lambda language: " | ".join(choice[language] for choice in choices))
    cls = terms.classes.get(prop.range or "")
    return cls.label if cls is not None else label(prop.range or "") or prop.label
