"""pySHACL judges the same shapes on the same triples: the oracle in tests, an engine for whoever asks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphsc.graph import SHAPES, Dataset, Term
from graphsc.validation.engine import Result, details
from graphsc.validation.shapes import Shape
from graphsc.vocabulary import SHACL as SH

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def judge(dataset: Dataset, shapes: Sequence[Shape]) -> list[Result]:
    """Every result that pySHACL finds, with the row of the shape's query that goes with it."""
    import rdflib
    from pyshacl import validate
    from rdflib import RDF, URIRef

    rdflib.NORMALIZE_LITERALS = False  # a literal is judged as it is written
    shapes_graph = _rdflib({quad.triple for quad in dataset.knowledge.quads_for_pattern(None, None, None, SHAPES)})
    with _queries_read_once():
        _, report, _ = validate(_rdflib(dataset.triples()), shacl_graph=shapes_graph, inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(f"pySHACL could not validate: {report}")  # noqa: TRY004 - not a matter of a caller's type
    by_iri = {shape.iri: shape for shape in shapes}
    # a property shape has no name of its own: it is known by the node shape around it
    for owner, inner in shapes_graph.subject_objects(URIRef(SH + "property")):
        if str(owner) in by_iri:
            by_iri[str(inner)] = by_iri[str(owner)]
    found: list[Result] = []
    rows: dict[tuple[str, Term], list[dict[str, Term]]] = {}
    for result in sorted(report.subjects(RDF.type, URIRef(SH + "ValidationResult")), key=str):
        source = report.value(result, URIRef(SH + "sourceShape"))
        shape = by_iri.get(str(source))
        if shape is None:  # one that is not compiled: it was reported as such
            continue
        focus = _term(report.value(result, URIRef(SH + "focusNode")))
        value = _term(report.value(result, URIRef(SH + "value")))
        assert focus is not None
        if (shape.iri, focus) not in rows:
            rows[shape.iri, focus] = details(dataset, shape, focus)
        matching = [row for row in rows[shape.iri, focus] if row.get("value", value) == value]
        nothing: dict[str, Term] = {}
        found.extend(Result(shape, focus, value, row) for row in matching or [nothing])
    return found


@contextmanager
def _queries_read_once() -> Iterator[None]:
    """Keep rdflib from reading the same query anew for each focus node: most of pySHACL's time went there."""
    from rdflib.plugins.sparql import processor

    own = vars(processor)
    parse, translate = own["parseQuery"], own["translateQuery"]
    read: dict[tuple[str, str], Any] = {}

    def translated(query: str, base: str | None, namespaces: Mapping[str, Any]) -> Any:
        key = (query, repr((base, sorted(namespaces.items()))))
        if key not in read:
            read[key] = translate(parse(query), base, namespaces)
        return read[key]

    own.update(parseQuery=str, translateQuery=translated)
    try:
        yield
    finally:
        own.update(parseQuery=parse, translateQuery=translate)


def _rdflib(triples: set[ox.Triple]) -> Graph:
    import rdflib

    graph = rdflib.Graph()
    stream = io.BytesIO()
    ox.serialize(sorted(triples, key=str), stream, ox.RdfFormat.N_TRIPLES)
    graph.parse(data=stream.getvalue().decode(), format="nt")
    return graph


def _term(node: Node | None) -> ox.NamedNode | ox.Literal | None:
    from rdflib import Literal, URIRef

    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
    return None
