"""A batch of shapes judged by the compiled plans and by pySHACL, in a form in which the two can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from backends import LEFT, copy_on, logged
from shacl_generation import Batch
from shacl_graphs import EX

from graphsc.core.lexical_forms import well_formed
from graphsc.core.vocabulary import SHACL, XSD
from graphsc.graph.backend import Term
from graphsc.graph.dataset import SHAPES, Dataset
from graphsc.validation import engine, oracle
from graphsc.validation.engine import Result
from graphsc.validation.shapes import compile_shapes

_LIMITS = tuple(f"{side}{kind}clusive" for side in ("min", "max") for kind in ("In", "Ex"))
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "byte")}
_REACHING = f"{EX}Reaching"
"""A component that asks by ASK. Of a property shape pySHACL tells how many values violate it, and not which: neither does
pyshacl-turbo. By the recommendation (section 6.3) each is the value of a result."""
DATA = ox.NamedNode("urn:x-test:data")
Row = tuple[str, str, str, str, str, str]
"""Focus node, path (of a path of steps, only that there is one), value, component, severity and source shape."""
Values = dict[str, list[tuple[Term, Term]]]
"""Each focus node of a shape with each of its values, by the shape's IRI."""


@dataclass
class Compared:
    """What both engines found of the shapes that have a plan, and the reasons why others have none.

    ``by_shape`` is how many results each shape has, ``empty`` the shapes that judge nothing: no focus node has a value.
    """

    ours: Counter[Row] = field(default_factory=Counter)
    theirs: Counter[Row] = field(default_factory=Counter)
    by_shape: dict[str, int] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    declined: Counter[str] = field(default_factory=Counter)


def dataset_of(batch: Batch) -> Dataset:
    """A batch as graphsc holds it."""
    dataset = Dataset()
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, DATA) for t in batch.data])
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, SHAPES) for t in batch.shapes])
    return dataset


def on_duckdb(batch: Batch) -> tuple[Counter[Row], int]:
    """What the plans find of a batch where their queries run as SQL, and how many shapes are left to Oxigraph."""
    dataset = copy_on(dataset_of(batch), "duckdb")
    dataset.open_backend(())
    planned = [shape for shape in compile_shapes(dataset).shapes if shape.plan is not None]
    with logged() as texts:
        results = engine.judge(dataset, planned, engine.focus_counts(dataset, planned))
    assert dataset.backend is not None
    return _rows(results), len({text.en.partition(LEFT)[0] for text in texts if LEFT in text.en})


def compared(batch: Batch) -> Compared:
    """Judge a batch by both."""
    dataset = dataset_of(batch)
    compiled = compile_shapes(dataset)
    assert compiled.refused == {}
    planned = [shape for shape in compiled.shapes if shape.plan is not None]
    comparison = Compared(
        declined=Counter(shape.declined.en for shape in compiled.shapes if shape.declined is not None)
    )
    ours = engine.judge(dataset, planned, engine.focus_counts(dataset, planned))
    with _noted() as values:
        theirs = oracle.judge(dataset, compiled.graph, planned, compiled.shapes)
    comparison.ours = _rows(ours)
    comparison.theirs = _by_the_book(_rows(theirs), batch, values)
    comparison.by_shape = {shape.iri: 0 for shape in planned}
    for result in theirs:
        comparison.by_shape[result.shape.iri] += 1
    for row, number in (comparison.theirs - _rows(theirs)).items():  # what pySHACL passes over
        comparison.by_shape[row[-1].strip("<>")] += number
    comparison.empty = {shape.iri for shape in planned if not values.get(shape.iri)}
    return comparison


@contextmanager
def _noted() -> Iterator[Values]:
    """Note the focus nodes and values of each shape as pySHACL finds them."""
    from pyshacl.shape import Shape

    find, values = Shape.value_nodes, Values()

    def noted(self: Shape, graph: Any, focus: Any, *more: Any, **named: Any) -> Any:
        pairs = find(self, graph, focus, *more, **named)
        values[str(self.node)] = [(_term(node), _term(value)) for node, several in pairs.items() for value in several]
        return pairs

    Shape.value_nodes = noted  # type: ignore[method-assign, assignment]
    try:
        yield values
    finally:
        Shape.value_nodes = find  # type: ignore[method-assign]


def _term(node: object) -> Term:
    term = oracle.term(node)  # type: ignore[arg-type]
    assert term is not None
    return term


def _by_the_book(rows: Counter[Row], batch: Batch, values: Values) -> Counter[Row]:
    """What pySHACL finds as it would be if it did not compare with a limit what cannot be compared with it.

    It orders literals of any two datatypes, and ill-formed ones. The recommendation has a value violate wherever SPARQL's
    comparison is not true, and an error is not (section 4.3).
    """
    shape_values = {
        (triple.subject, triple.predicate.value.removeprefix(SHACL)): triple.object for triple in batch.shapes
    }
    corrected = Counter(rows)
    for generated in batch.generated:
        shape = ox.NamedNode(generated.name)
        limit = shape_values.get((shape, generated.component))
        if generated.component not in _LIMITS or not isinstance(limit, ox.Literal):
            continue
        component = f"{SHACL}{generated.component[0].upper()}{generated.component[1:]}ConstraintComponent"
        rest = (component, SHACL + generated.severity, str(shape))
        for focus, value in values.get(generated.name, ()):
            if _ordered(value) != _ordered(limit):
                corrected[str(focus), _path(shape_values.get((shape, "path"))), str(value), *rest] = 1
    return corrected


def _ordered(term: Term) -> str | None:
    """What a term is compared with by an order: numbers with numbers, otherwise literals of its own datatype."""
    if not isinstance(term, ox.Literal) or term.language or not well_formed(term):
        return None
    return "number" if term.datatype.value in _NUMBERS else term.datatype.value


def _rows(results: list[Result]) -> Counter[Row]:
    return Counter(
        (
            str(result.focus),
            _path(result.path or result.constraint.path_node),
            str(None if result.constraint.component == _REACHING and result.constraint.path_node else result.value),
            result.constraint.component,
            result.constraint.severity,
            str(result.constraint.shape),
        )
        for result in results
    )


def _path(path: Term | None) -> str:
    return str(path) if path is None or isinstance(path, ox.NamedNode) else "of steps"


Report = Callable[[list[ox.Triple], list[ox.Triple]], list[ox.Triple]]
"""The SHACL report of an engine on a graph of data, by a graph of shapes."""


def turbo(data: list[ox.Triple], shapes: list[ox.Triple]) -> list[ox.Triple]:
    """The report of pyshacl-turbo, which shares no code with pySHACL's judging."""
    import pyshacl_turbo

    _, report, _ = pyshacl_turbo.validate(oracle.rdf_graph(data), shacl_graph=oracle.rdf_graph(shapes))
    return [quad.triple for quad in ox.parse(report.serialize(format="nt11"), ox.RdfFormat.N_TRIPLES)]


def by_another_engine(batch: Batch, report: Report) -> Compared:
    """Judge a batch by the plans and by an engine that gives a report.

    Reports give blank nodes new labels, so these are all alike here. Ill-formed numbers are compared with a limit by some,
    which SPARQL cannot: these are left out.
    """
    dataset = dataset_of(batch)
    compiled = compile_shapes(dataset)
    planned = [shape for shape in compiled.shapes if shape.plan is not None]
    others = {shape.node for shape in compiled.shapes} - {shape.node for shape in planned}
    ours = engine.judge(dataset, planned, engine.focus_counts(dataset, planned))
    report_triples = report(
        list(dataset.as_written()), list(oracle.without_targets(dataset.shapes(), others, compiled.graph))
    )
    comparison = Compared()
    judged = [result for result in ours if not _ill_limited(result.constraint.component, result.value)]
    for row, number in _rows(judged).items():
        comparison.ours[_unlabelled(row)] += number
    results: dict[Term, dict[str, Term]] = {}
    for triple in report_triples:
        results.setdefault(triple.subject, {})[triple.predicate.value.removeprefix(SHACL)] = triple.object
    nested = {triple.object for triple in report_triples if triple.predicate.value == f"{SHACL}detail"}
    for node, result in results.items():
        if node in nested or "focusNode" not in result:
            continue
        component, value = result["sourceConstraintComponent"], result.get("value")
        assert isinstance(component, ox.NamedNode)
        if _ill_limited(component.value, value):
            continue
        path = result.get("resultPath")
        value = None if component.value == _REACHING and path is not None else value
        place = (str(result["focusNode"]), _path(path), str(value), component.value)
        severity = str(result["resultSeverity"]).strip("<>")
        comparison.theirs[_unlabelled((*place, severity, str(result["sourceShape"])))] += 1
    return comparison


def _ill_limited(component: str, value: Term | None) -> bool:
    limited = component.removeprefix(SHACL).removesuffix("ConstraintComponent")
    return limited[0].lower() + limited[1:] in _LIMITS and isinstance(value, ox.Literal) and not well_formed(value)


def _unlabelled(row: Row) -> Row:
    focus, path, value, component, severity, shape = ("_" if str(part).startswith("_:") else part for part in row)
    return focus, path, value, component, severity, shape
