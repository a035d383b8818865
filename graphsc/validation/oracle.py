"""pySHACL on the same shapes and triples: the oracle in tests, and the engine for shapes without a plan."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.problems import Reasoned
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, XSD_STRING
from graphsc.core.vocabulary import SHACL as SH
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset
from graphsc.shacl import Constraint, ShapesGraph
from graphsc.shacl.model import TARGETS, Node
from graphsc.sparql import fetches
from graphsc.validation.engine import Result
from graphsc.validation.shapes import Shape

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node as Rdf


class CannotJudge(Reasoned):
    """The reference engine fails on a shape, or is not installed."""


def judge(dataset: Dataset, graph: ShapesGraph, shapes: Sequence[Shape], every: Sequence[Shape]) -> list[Result]:
    """Every result of some of the shapes of a shapes graph; ``every`` are all shapes in it.

    Raises CannotJudge.
    """
    if not shapes:
        return []
    others = {shape.node for shape in every} - {shape.node for shape in shapes}
    shapes_graph = rdf_graph(without_targets(dataset.shapes(), others, graph))
    report = _report(
        rdf_graph(dataset.as_written()),
        shapes_graph,
        advanced=any(graph.values(s.node, name) for s in shapes for name in ("target", "expression")),
    )
    roots = _roots(graph, shapes)
    results: list[Result] = []
    for constraint, focus, value, path in report:
        if (shape := roots.get(constraint.shape)) is not None:
            row: dict[str, Term] = {} if value is None or value == focus else {"value": value}
            results.append(Result(constraint, focus, value, path, row, shape=shape))
    return results


def without_targets(triples: Iterable[ox.Triple], others: set[Node], graph: ShapesGraph) -> Iterator[ox.Triple]:
    """The shapes graph without the targets of some of its shapes, which other shapes may still use."""
    targets = {SH + name for name in TARGETS}
    for triple in triples:
        if triple.subject in others:
            kind = triple.object if triple.predicate.value == RDF_TYPE else None
            is_class = kind is not None and not isinstance(kind, ox.Triple) and graph.makes_class(kind)
            if is_class or triple.predicate.value in targets:
                continue
        yield triple


def _roots(graph: ShapesGraph, shapes: Sequence[Shape]) -> dict[Node, Shape]:
    """For each shape the first shape with targets that reaches it by sh:property, and so reports its results."""
    result: dict[Node, Shape] = {}
    for shape in shapes:
        for node in reached((shape.node,), lambda node: graph.nodes(node, "property")):
            result.setdefault(node, shape)
    return result


def _report(
    data: Graph, shapes: Graph, *, advanced: bool
) -> Iterator[tuple[Constraint, Term, Term | None, Term | None]]:
    """The results of pySHACL: constraint, focus node, value and path of each."""
    try:
        import rdflib
        from pyshacl import validate
    except ImportError:
        missing = "pySHACL (graphsc[oracle])"
        raise CannotJudge(Text(f"{missing} er ikke installeret", f"{missing} is not installed")) from None
    rdflib.NORMALIZE_LITERALS = False  # a literal is judged as it is written
    try:
        with _cached_queries(), _federation_by_token(), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # such as about a shape that refers to itself, which is judged as far as possible
            _, report, words = validate(data, shacl_graph=shapes, inference="none", advanced=advanced)
    except Exception as error:  # an own shape can make its libraries raise anything: by a bad regular expression, an update for a query
        raise CannotJudge(Text.same(str(error).splitlines()[0] if str(error) else type(error).__name__)) from None
    if not isinstance(report, rdflib.Graph):
        raise CannotJudge(Text.same(str(words).splitlines()[0]))
    sh = rdflib.Namespace(SH)
    nested = set(report.objects(None, sh.detail))
    for result in sorted(report.subjects(rdflib.RDF.type, sh.ValidationResult), key=str):
        if result in nested:
            continue
        values = {name: term(report.value(result, sh[name])) for name in _PARTS}
        shape, severity, component = (
            values[name] for name in ("sourceShape", "resultSeverity", "sourceConstraintComponent")
        )
        focus, path = values["focusNode"], values["resultPath"]
        assert isinstance(shape, ox.NamedNode | ox.BlankNode)
        assert isinstance(severity, ox.NamedNode)
        assert isinstance(component, ox.NamedNode)
        assert focus is not None
        messages = tuple(
            text for node in report.objects(result, sh.resultMessage) if isinstance(text := term(node), ox.Literal)
        )
        constraint = Constraint(
            shape, component.value, severity.value, messages,
            path_node=path if isinstance(path, ox.NamedNode | ox.BlankNode) else None,
        )  # fmt: skip
        yield constraint, focus, values["value"], path if isinstance(path, ox.NamedNode) else None


_PARTS = ("sourceShape", "resultSeverity", "sourceConstraintComponent", "focusNode", "resultPath", "value")


_QUERIES: dict[tuple[str, str], Any] = {}
_MANY = 1000


@contextmanager
def _cached_queries() -> Iterator[None]:
    """Keep rdflib from parsing the same query again for each focus node, which took most of pySHACL's time.

    And let it order the joins as ``$this`` is bound, which it does not know when it orders them.
    """
    from rdflib import Variable
    from rdflib.plugins.sparql import algebra, processor

    processing, ordering = vars(processor), vars(algebra)
    parse, translate, unknown = processing["parseQuery"], processing["translateQuery"], ordering["_knownTerms"]
    this = Variable("this")

    def translated(query: str, base: str | None, namespaces: Mapping[str, Any]) -> Any:
        key = (query, repr((base, sorted(namespaces.items()))))
        if key not in _QUERIES:
            if len(_QUERIES) >= _MANY:
                _QUERIES.clear()
            _QUERIES[key] = translate(parse(query), base, namespaces)
        return _QUERIES[key]

    ordering["_knownTerms"] = lambda triple, bound, count: unknown(triple, {*bound, this}, count)
    processing.update(parseQuery=str, translateQuery=translated)
    try:
        yield
    finally:
        processing.update(parseQuery=parse, translateQuery=translate)
        ordering["_knownTerms"] = unknown


class _Federated:
    """In the place of the pattern by which pySHACL finds the keyword SERVICE, which also finds ``g:service ?value``."""

    search = staticmethod(fetches)


@contextmanager
def _federation_by_token() -> Iterator[None]:
    """Refuse a query that would ask another server, and none that has a property of the name ``service``."""
    from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper

    helper: Any = SPARQLQueryHelper
    pattern = helper.has_service_regex
    helper.has_service_regex = _Federated
    try:
        yield
    finally:
        helper.has_service_regex = pattern


def rdf_graph(triples: Iterable[ox.Triple]) -> Graph:
    """The triples as an rdflib graph; blank nodes keep their labels."""
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph(bind_namespaces="none")
    graph.addN(
        (_rdf(triple.subject), _rdf(triple.predicate), _rdf(triple.object), graph)
        for triple in sorted(triples, key=str)
        if not isinstance(triple.subject, ox.Triple) and not isinstance(triple.object, ox.Triple)
    )
    return graph


def _rdf(node: ox.NamedNode | ox.BlankNode | ox.Literal) -> Rdf:
    from rdflib import BNode, Literal, URIRef

    if isinstance(node, ox.NamedNode):
        return URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return BNode(node.value)
    if node.language:
        return Literal(node.value, lang=node.language)
    plain = node.datatype.value == XSD_STRING
    return Literal(node.value, datatype=None if plain else URIRef(node.datatype.value))


def term(node: Rdf | None) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    """The pyoxigraph term for an rdflib term."""
    from rdflib import BNode, Literal, URIRef

    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
    return None
