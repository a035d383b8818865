"""The rules: what the catalogue says of each, by its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.core.vocabulary import (
    RDF_TYPE,
    RDFS_LABEL,
    RULE,
    SKOS_DEFINITION,
    SKOS_IN_SCHEME,
    SKOS_PREF_LABEL,
    STATEMENT,
    G,
    local_name,
)
from graphsc.core.vocabulary import SHACL as SH
from graphsc.graph.dataset import GUIDE, SHAPES, Dataset
from graphsc.validation.findings import WEIGHTS, Severity
from graphsc.validation.shapes import Shape, Shapes, compile_shapes

_UNSAID = Text("", "")


@dataclass(frozen=True, slots=True)
class Reference:
    """A provision of another framework that a rule serves, such as ISO/IEC 27001:2022 A.5.19.

    ``definition`` says in short what it asks; it is empty where nobody wrote that down.
    """

    iri: str
    label: Text
    definition: Text = _UNSAID


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence that meets an obligation; ``schemes`` are the IRIs of the lists that it is from."""

    iri: str
    label: Text
    schemes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the catalogue describes it.

    ``statements`` are the guide's ids, such as ``B2-04``; ``role`` and ``registers`` are IRIs of the role
    that should act and of the registers the rule reads: an obligation reads one. ``measures`` says that it judges by measures of risk, and only
    where a limit is set; ``of_records`` that it judges how things are written down, which shows nothing of what the guide
    asks. ``evidence`` are the kinds of evidence that meet an obligation, and ``by_role`` the one role
    whose evidence counts; ``counts_from`` is the property that leads to whose evidence counts where that is not the holder's.
    ``weight`` is how strongly the guide speaks (must, should or may), and ``asks`` the statement that an answer to it is to: of
    several the weightiest, and then the one that fewest rules serve.
    """

    code: str
    iri: str
    severity: Severity
    title: Text
    message: Text
    remedy: Text
    statements: tuple[str, ...]
    references: tuple[Reference, ...]
    role: str | None
    registers: tuple[str, ...]
    description: Text
    path_along: str | None = None
    consequence_step: str | None = None
    grouped: bool = False
    holder: str | None = None
    measures: bool = False
    of_records: bool = False
    evidence: tuple[Kind, ...] = ()
    by_role: str | None = None
    counts_from: str | None = None
    weight: str = ""
    asks: str = ""


def rules(dataset: Dataset, severity: dict[str, str] | None = None, *, shapes: Shapes | None = None) -> dict[str, Rule]:
    """Every rule by its code, in code order; ``severity`` overrides what the rules say, by code.

    A shape without a rule in the catalogue, such as the user's own, becomes a rule under its own name. ``shapes`` are
    those of the dataset, if they are compiled already. Statements about rules in the sources do not count.
    """
    overrides = severity or {}
    key = ("rules", tuple(sorted(overrides.items())))
    return dict(dataset.cached(key, lambda: _rules(dataset, overrides, shapes or compile_shapes(dataset))))


def _rules(dataset: Dataset, overrides: dict[str, str], shapes: Shapes) -> dict[str, Rule]:
    values = _Values(dataset)
    result: dict[str, Rule] = {}
    for node, code in values.codes():
        result[code] = Rule(
            code=code,
            iri=node.value,
            severity=values.severity(node, code, overrides),
            title=values.text(node, RDFS_LABEL),
            message=values.text(node, SH + "message"),
            remedy=values.text(node, G + "remedy"),
            statements=tuple(sorted(iri.removeprefix(STATEMENT) for iri in values.all(node, G + "statement"))),
            references=tuple(values.reference(ox.NamedNode(iri)) for iri in sorted(values.all(node, G + "reference"))),
            role=values.single(node, G + "actingRole") or None,
            registers=tuple(sorted(values.all(node, G + "register"))),
            description=values.statement_texts(node),
            path_along=values.single(node, G + "pathAlong") or None,
            consequence_step=values.single(node, G + "consequenceStep") or None,
            grouped=values.single(node, G + "groupByValue") == "true",
            holder=values.single(node, G + "holder") or None,
            measures=values.single(node, G + "readsMeasures") == "true",
            of_records=values.single(node, G + "judgesRecords") == "true",
            evidence=tuple(values.kind(ox.NamedNode(iri)) for iri in sorted(values.all(node, G + "evidence"))),
            by_role=values.single(node, G + "byRole") or None,
            counts_from=values.single(node, G + "countsFrom") or None,
        )
    for shape in shapes.shapes:
        if shape.code not in result:
            result[shape.code] = _of_shape(shape, values, overrides)
    citing = Counter(statement for rule in result.values() for statement in rule.statements)
    nodes = {name: ox.NamedNode(STATEMENT + name) for name in citing}
    whole = {name for name, node in nodes.items() if G + "Recommendation" in values.all(node, RDF_TYPE)}
    weights = {name: values.single(node, G + "weight") for name, node in nodes.items()}
    for code, rule in result.items():
        strongest = min((weights[name] for name in rule.statements), key=_rank, default="")
        asked = min(
            rule.statements, key=lambda name: (name in whole, _rank(weights[name]), citing[name], name), default=""
        )
        result[code] = replace(rule, asks=asked, weight=strongest)
    return dict(sorted(result.items()))


def _rank(weight: str) -> int:
    return WEIGHTS.index(weight)


def references(dataset: Dataset) -> dict[str, Reference]:
    """Every provision of another framework, by the last part of its IRI, such as ``dora-30-3-e``."""
    values = _Values(dataset)
    iris = sorted(dataset.subjects(RDF_TYPE, G + "Reference"))
    return {local_name(iri): values.reference(ox.NamedNode(iri)) for iri in iris}


def _of_shape(shape: Shape, values: _Values, overrides: dict[str, str]) -> Rule:
    """The rule for a shape that has no rule in the catalogue."""
    title = values.text(shape.node, RDFS_LABEL)
    if not title.da:
        title = values.text(shape.node, SH + "name")
    return Rule(
        code=shape.code,
        iri=shape.iri if isinstance(shape.node, ox.NamedNode) else RULE + shape.code,
        severity=values.severity(shape.node, shape.code, overrides),
        title=title if title.da else Text.same(shape.code),
        message=values.text(shape.node, SH + "message"),
        remedy=values.text(shape.node, G + "remedy"),
        statements=(),
        references=(),
        role=values.single(shape.node, G + "actingRole") or None,
        registers=(),
        description=values.text(shape.node, SH + "description"),
    )


class _Values:
    """Property values of the knowledge, as strings."""

    def __init__(self, dataset: Dataset) -> None:
        self._store = dataset.store

    def _quads(self, node: ox.NamedNode | ox.BlankNode | None, predicate: str) -> Iterator[ox.Quad]:
        for graph in (GUIDE, SHAPES):
            yield from self._store.quads_for_pattern(node, ox.NamedNode(predicate), None, graph)

    def _objects(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        return [q.object for q in self._quads(node, predicate) if isinstance(q.object, (ox.NamedNode, ox.Literal))]

    def codes(self) -> Iterator[tuple[ox.NamedNode, str]]:
        """Every rule with its code; one without severity or remedy is left out, and `graphsc.service.own_knowledge` reports it."""
        for quad in self._quads(None, G + "code"):
            node, code = quad.subject, quad.object
            if not isinstance(node, ox.NamedNode) or not isinstance(code, ox.Literal):
                continue
            if self._objects(node, G + "remedy") and self._objects(node, SH + "severity"):
                yield node, code.value

    def all(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> set[str]:
        return {value.value for value in self._objects(node, predicate)}

    def single(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> str:
        return min(self.all(node, predicate), default="")

    def text(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> Text:
        return Text.of(self._objects(node, predicate)) or Text("", "")

    def reference(self, node: ox.NamedNode) -> Reference:
        return Reference(node.value, self.text(node, RDFS_LABEL), self.text(node, SKOS_DEFINITION))

    def kind(self, node: ox.NamedNode) -> Kind:
        return Kind(node.value, self.text(node, SKOS_PREF_LABEL), tuple(sorted(self.all(node, SKOS_IN_SCHEME))))

    def severity(self, node: ox.NamedNode | ox.BlankNode, code: str, overrides: Mapping[str, str]) -> Severity:
        """The severity of a rule, which the settings may override by its code."""
        own = overrides.get(code)
        return Severity.of_shacl(self.single(node, SH + "severity")) if own is None else Severity(own)

    def statement_texts(self, node: ox.NamedNode) -> Text:
        """The short texts of the guide's statements behind a rule, one after the other."""
        texts = [self.text(ox.NamedNode(iri), RDFS_LABEL) for iri in sorted(self.all(node, G + "statement"))]
        return Text.joined(Text.same(" "), [self.text(node, SKOS_DEFINITION), *texts])
