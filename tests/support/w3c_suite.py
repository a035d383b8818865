"""The W3C SHACL test suite, read through its manifests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyoxigraph as ox
from repository import SHARED

from graphsc.graph.dataset import SHAPES, Dataset
from graphsc.shacl import Refused, ShapesGraph
from graphsc.shacl.model import Node, Value

FOLDER = SHARED / "w3c-shacl"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
FAILURE = ox.NamedNode(SHT + "Failure")
DATA = ox.NamedNode("urn:x-test:data")

Row = tuple[str, str, str, str, str, str]
"""Focus node, path, value, component, severity and source shape of a result; blank nodes are all alike."""


@dataclass(frozen=True, eq=False)
class Suite:
    """One test: its name, its graphs, and what must come of it (None for a failure); each is equal to itself alone."""

    name: str
    data: Path
    shapes: Path
    expected: Counter[Row] | None

    def dataset(self) -> Dataset:
        """The graphs as graphsc holds them."""
        dataset = Dataset()
        dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, DATA) for t in triples(self.data)])
        dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, SHAPES) for t in triples(self.shapes)])
        return dataset


@cache
def triples(file: Path) -> tuple[ox.Triple, ...]:
    """A file, with the same labels of blank nodes each time."""
    return tuple(quad.triple for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE, base_iri=file.as_uri()))


def read_suite(part: str) -> Iterator[Suite]:
    """The tests of a part of the suite, such as ``core``, in the order of its manifests."""
    yield from _tests(FOLDER / part / "manifest.ttl")


def _tests(manifest: Path) -> Iterator[Suite]:
    graph = ShapesGraph(triples(manifest))
    itself = ox.NamedNode(manifest.as_uri())
    for included in graph.values(itself, MF + "include"):
        yield from _tests(_file(included))
    for head in graph.values(itself, MF + "entries"):
        for test in graph.items(head):
            (action,) = graph.values(test, MF + "action")
            (result,) = graph.values(test, MF + "result")
            (data,), (shapes,) = (graph.values(action, SHT + name) for name in ("dataGraph", "shapesGraph"))
            expected = None if result == FAILURE else _expected(graph, result)
            yield Suite(str(manifest.relative_to(FOLDER).with_suffix("")), _file(data), _file(shapes), expected)


def _file(node: Value) -> Path:
    assert isinstance(node, ox.NamedNode)
    return Path(unquote(urlparse(node.value).path))


def _expected(graph: ShapesGraph, report: Value) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    for result in graph.values(report, "result"):
        parts = {name: next(iter(graph.values(result, name)), None) for name in _PROPERTIES}
        path = parts["resultPath"]
        component, severity = parts["sourceConstraintComponent"], parts["resultSeverity"]
        assert isinstance(component, ox.NamedNode)
        assert isinstance(severity, ox.NamedNode)
        rows[
            shown(parts["focusNode"]), path_of(graph, path), shown(parts["value"]),
            component.value, severity.value, shown(parts["sourceShape"]),
        ] += 1  # fmt: skip
    return rows


_PROPERTIES = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")


def path_of(graph: ShapesGraph, node: Value | None) -> str:
    """A path by what it says, since its nodes are nameless."""
    if node is None or isinstance(node, ox.Literal):
        return ""
    try:
        return str(graph.path(node))
    except Refused:
        return "?"


def shown(term: Node | Value | ox.Triple | None) -> str:
    """A term; the labels of blank nodes say nothing."""
    return "" if term is None else "_" if isinstance(term, ox.BlankNode) else str(term)
