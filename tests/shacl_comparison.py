"""A batch of shapes judged by the compiled plans and by pySHACL, in a form in which the two can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyoxigraph as ox
from shacl_generation import Batch

from graphsc.graph import SHAPES, Dataset, Term
from graphsc.validation import engine, oracle
from graphsc.validation.engine import Result
from graphsc.validation.shapes import compile_shapes
from graphsc.vocabulary import SHACL, XSD
from graphsc.written_forms import well_formed

_LIMITS = {f"{SHACL}{side}{kind}clusiveConstraintComponent" for side in ("Min", "Max") for kind in ("In", "Ex")}
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "byte")}
DATA = ox.NamedNode("urn:x-test:data")
Row = tuple[str, bool, str, str, str, str]
"""Focus node, whether there is a path, value, component, severity and source shape."""


@dataclass
class Compared:
    """What both engines found of the shapes that have a plan, and the reasons why others have none."""

    ours: Counter[Row] = field(default_factory=Counter)
    theirs: Counter[Row] = field(default_factory=Counter)
    by_shape: dict[str, int] = field(default_factory=dict)
    declined: Counter[str] = field(default_factory=Counter)


def dataset_of(batch: Batch) -> Dataset:
    """A batch as graphsc holds it."""
    dataset = Dataset()
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, DATA) for t in batch.data])
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, SHAPES) for t in batch.shapes])
    return dataset


def compared(batch: Batch) -> Compared:
    """Judge a batch by both."""
    dataset = dataset_of(batch)
    known = compile_shapes(dataset)
    assert known.refused == {}
    planned = [shape for shape in known.shapes if shape.plan is not None]
    found = Compared(declined=Counter(shape.declined.en for shape in known.shapes if shape.declined is not None))
    ours = engine.judge(dataset, planned, engine.focus_nodes(dataset, planned))
    theirs = oracle.judge(dataset, known.graph, planned, known.shapes)
    found.ours, found.theirs = _rows(ours), _rows(theirs)
    found.by_shape = {shape.iri: 0 for shape in planned}
    for one in theirs:
        found.by_shape[one.shape.iri] += 1
    return found


def _judged_otherwise(one: Result) -> bool:
    """Where pySHACL differs from the recommendation: a value that cannot be compared with a limit breaks it."""
    return _incomparable(one.constraint.component, one.value)


def _incomparable(component: str, literal: Term | None) -> bool:
    if component not in _LIMITS or not isinstance(literal, ox.Literal):
        return False
    return literal.datatype.value not in _NUMBERS or not well_formed(literal)


def _rows(results: list[Result]) -> Counter[Row]:
    return Counter(
        (
            str(one.focus),
            one.path is not None or one.constraint.path_node is not None,
            str(one.value),
            one.constraint.component,
            one.constraint.severity,
            str(one.constraint.shape),
        )
        for one in results
        if not _judged_otherwise(one)
    )


def by_a_second_engine(batch: Batch) -> Compared:
    """Judge a batch by the plans and by pyshacl-turbo, which shares no code with pySHACL's judging.

    Its reports give nameless nodes new labels, so these are all alike here.
    """
    import pyshacl_turbo
    from rdflib import RDF, Namespace

    dataset = dataset_of(batch)
    known = compile_shapes(dataset)
    planned = [shape for shape in known.shapes if shape.plan is not None]
    others = {shape.node for shape in known.shapes} - {shape.node for shape in planned}
    shapes = oracle.rdf_graph(oracle.without_targets(dataset.shapes(), others, known.graph))
    _, report, _ = pyshacl_turbo.validate(oracle.rdf_graph(dataset.as_written()), shacl_graph=shapes)
    sh = Namespace(SHACL)
    found = Compared()
    for row, number in _rows(engine.judge(dataset, planned, engine.focus_nodes(dataset, planned))).items():
        found.ours[_unlabelled(row)] += number
    nested = set(report.objects(None, sh.detail))
    for result in set(report.subjects(RDF.type, sh.ValidationResult)) - nested:
        said = {name: oracle.term(report.value(result, sh[name])) for name in _SAID}
        component, value = said["sourceConstraintComponent"], said["value"]
        assert isinstance(component, ox.NamedNode)
        if not _incomparable(component.value, value):
            has_path = said["resultPath"] is not None
            severity = str(said["resultSeverity"]).strip("<>")
            row = (str(said["focusNode"]), has_path, str(value), component.value, severity, str(said["sourceShape"]))
            found.theirs[_unlabelled(row)] += 1
    return found


_SAID = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")


def _unlabelled(row: Row) -> Row:
    focus, path, value, component, severity, shape = ("_" if str(one).startswith("_:") else one for one in row)
    return focus, path, value, component, severity, shape  # type: ignore[return-value]
