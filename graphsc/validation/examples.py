"""What to write: the statements that would satisfy a rule, in YAML, filled in with what a finding names.

The examples are graphs in Turtle (``ontology/examples``). A rule has its own, or that of the scheme its evidence is in.
Where a value is a name in the namespace of the examples, the finding's binding of that name stands for it; what only the
reader knows, such as a date, stays a placeholder in angle brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Language, Text
from graphsc.sources.terms import Terms, load
from graphsc.validation.findings import Finding
from graphsc.validation.rules import Rule

_EXAMPLE = v.ROOT + "example/"
_ORDER = (
    "node",
    "kind",
    "role",
    "person",
    "clauseTopic",
    "date",
    "from",
    "asRole",
    "performer",
    "customer",
    "supplier",
)
"""What is written first; what it concerns comes last, the rest by name."""
_ANY = _EXAMPLE + "any"
_MOST = 6
_PLAIN = re.compile(r"[^\W\d_](?:[\w/.æøåÆØÅ'() -]*\w)?|<[\w .,|/-]+>|\d{4}-\d\d-\d\d|\d+")
_TRUTH = {"yes", "no", "true", "false", "null", "on", "off", "y", "n", "ja", "nej", "sand", "falsk"}
_OPAQUE = (v.PERIOD, v.COUNTRY)

Node = NamedNode | BlankNode | Literal
Graph = Mapping[str, Mapping[str, list[Node]]]


@dataclass(frozen=True, slots=True)
class _Given:
    """What an example is filled in with: IRIs and texts by name, the base of ids, and what evidence is called."""

    bound: Mapping[str, str]
    base: str
    labels: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry beneath a top-level key: its keys, each with its values as YAML."""

    container: str
    pairs: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return f"{{{', '.join(f'{key}: {_flow(values)}' for key, values in self.pairs)}}}"

    @property
    def head(self) -> tuple[str, str] | None:
        """What two entries about one thing have in common: the top-level key and the id; None where the id is yet to be given."""
        if not self.pairs or self.pairs[0][0] != "id" or self.pairs[0][1][0].startswith("<"):
            return None
        return self.container, self.pairs[0][1][0]

    def __or__(self, other: Entry) -> Entry:
        pairs = dict(self.pairs)
        for key, values in other.pairs:
            pairs[key] = tuple(dict.fromkeys((*pairs.get(key, ()), *values)))
        return Entry(self.container, tuple(pairs.items()))


def example(rule: Rule, finding: Finding, base: str, language: Language) -> list[Entry]:
    """What would satisfy a rule where a finding was made; nothing where there is nothing to add.

    ``base`` is the IRI that the ids of the data are relative to.
    """
    if finding.shape.endswith("/late"):  # what was done too late cannot be done in time any more
        return []
    graph = _graph()
    bound = {"this": finding.subject, "focus": finding.focus, **dict(finding.bound)}
    if finding.actor.organisation is not None and rule.counts_from is None:  # else another has to do it
        bound.setdefault("holder", finding.actor.organisation)
    if rule.by_role is not None:
        bound.setdefault("role", rule.by_role)
    nodes = _examples(rule.iri, graph)
    for kind in rule.evidence[:1]:
        bound.setdefault("evidence", kind.iri)
        nodes = nodes or [node for scheme in kind.schemes for node in _examples(scheme, graph)]
    given = _Given(bound, base, {kind.iri: kind.label for kind in rule.evidence})
    return [_entry(node, given, graph, language) for node in nodes]


def waiver(finding: Finding, base: str, language: Language) -> list[Entry]:
    """What would accept a finding, with a reason, by someone, until a day."""
    bound = {"this": finding.subject, "code": finding.code}
    if finding.value is not None:
        bound["value"] = finding.value
    graph = _graph()
    given = _Given(bound, base, {})
    return [_entry(node, given, graph, language) for node in _examples(v.G + "Waiver", graph)]


def demanded(rule: Rule) -> frozenset[str]:
    """The properties that the example of a rule has, as IRIs; none where it has no example of its own."""
    graph = _graph()
    return frozenset(name for node in _examples(rule.iri, graph) for name in graph[str(node)])


def together(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, those about one thing as one, those beneath one key side by side."""
    result: dict[object, Entry] = {}
    for number, entry in enumerate(entries):
        key = entry.head or (entry.container, number)
        result[key] = result[key] | entry if key in result else entry
    places = {entry.container: place for place, entry in reversed(list(enumerate(result.values())))}
    return sorted(result.values(), key=lambda entry: places[entry.container])


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines of YAML, each beneath its top-level key."""
    container = ""
    for entry in entries:
        if entry.container != container:
            container = entry.container
            yield f"{container}:"
        yield f"  - {entry}"


def _examples(form: str, graph: Graph) -> list[BlankNode]:
    values = graph.get(form, {}).get(v.G + "example", [])
    return [node for node in values if isinstance(node, BlankNode)]


@lru_cache(maxsize=1)
def _terms() -> Terms:
    return load()


@lru_cache(maxsize=1)
def _graph() -> Graph:
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


def _entry(node: BlankNode, given: _Given, graph: Graph, language: Language) -> Entry:
    """One node of an example as an entry beneath a top-level key."""
    about = graph[str(node)]
    cls = _terms().classes[next(value.value for value in about[v.RDF_TYPE] if isinstance(value, NamedNode))]
    pairs = list(_pairs(about, given, graph, language))
    if not cls.containers:  # it stands among those of the class above, and says what it is
        pairs.insert(1, ("type", (cls.label[language],)))
        cls = _terms().classes[cls.parents[0]]
    return Entry(next(word for word, tag in cls.containers if tag == language.value), tuple(pairs))


def _pairs(
    about: Mapping[str, list[Node]], given: _Given, graph: Graph, language: Language
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The keys and values of one node; what has no value is left out."""
    rank = {v.G + local: place for place, local in enumerate(_ORDER)} | {v.G + "concerns": len(_ORDER) + 1}
    for predicate in sorted(about, key=lambda p: (rank.get(p, len(_ORDER)), p)):
        if predicate == v.RDF_TYPE:
            continue
        result = [_value(node, predicate, given, graph, language) for node in about[predicate]]
        values = tuple(sorted(text for text in result if text is not None))
        if values:
            yield _word(predicate, given, graph, language), values


def _flow(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _word(predicate: str, given: _Given, graph: Graph, language: Language) -> str:
    """The key of a property in a language."""
    if predicate == v.G + "node":
        return "id"
    predicate = given.bound.get(predicate.removeprefix(_EXAMPLE), predicate)
    label = _label(predicate, graph, language)
    if label is not None:
        return label
    return next(word for word, tag in _terms().properties[predicate].keys if tag == language.value)


def _label(iri: str, graph: Graph, language: Language) -> str | None:
    for value in graph.get(iri, {}).get(v.RDFS_LABEL, []):
        if isinstance(value, Literal) and value.language == language.value:
            return value.value
    return None


def _value(node: Node, predicate: str, given: _Given, graph: Graph, language: Language) -> str | None:
    """A value as YAML; None for a name that nothing is bound to and that is no placeholder."""
    if isinstance(node, BlankNode):
        return str(Entry("", tuple(_pairs(graph[str(node)], given, graph, language))))
    if isinstance(node, Literal):
        if node.language not in (None, language.value):
            return None
        return {"true": Text("ja", "yes"), "false": Text("nej", "no")}.get(node.value, Text.same(scalar(node.value)))[
            language
        ]
    if node.value == _ANY:
        return f"<{_expected(given.bound.get(predicate.removeprefix(_EXAMPLE), predicate), graph, language)}>"
    if not node.value.startswith(_EXAMPLE):
        return _named(node.value, predicate, given, language)
    bound = given.bound.get(node.value.removeprefix(_EXAMPLE))
    if bound is not None:
        return _named(bound, predicate, given, language)
    label = _label(node.value, graph, language)
    return None if label is None else f"<{label}>"


def _expected(predicate: str, graph: Graph, language: Language) -> str:
    """What kind of value a property takes: its few choices, or what they have in common."""
    terms = _terms()
    prop = terms.properties[predicate]
    choices = [
        concept.label[language] for concept in terms.concepts.values() if set(prop.schemes) & set(concept.schemes)
    ]
    if 0 < len(choices) <= _MOST:
        return " | ".join(choices)
    cls = terms.classes.get(prop.range or "")
    if cls is not None:
        return cls.label[language]
    return _label(prop.range or "", graph, language) or prop.label[language]


def _named(iri: str, predicate: str, given: _Given, language: Language) -> str:
    """What an IRI or the text of a value is called in the data."""
    concept = _terms().concepts.get(iri)
    if concept is not None:
        label = concept.label[language]
        prop = _terms().properties.get(predicate)
        schemes = prop.schemes if prop is not None and prop.schemes else concept.schemes
        return scalar(label if _terms().concept(label, schemes) == iri else v.local_name(iri))
    if iri in given.labels and given.labels[iri][language]:  # a concept of the organisation's own
        return scalar(given.labels[iri][language])
    for prefix in _OPAQUE:
        iri = iri.removeprefix(prefix)
    return scalar(iri.removeprefix(given.base) if iri != given.base else iri)


def scalar(text: str) -> str:
    """A text as one YAML value, in quotes where it could be read as anything else."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _TRUTH:
        return text
    return json.dumps(text, ensure_ascii=False)
