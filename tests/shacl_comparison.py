"""A batch of shapes judged by the compiled plans and by pySHACL, in a form in which the two can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyoxigraph as ox
from shacl_generation import Batch

from graphsc.graph import SHAPES, Dataset
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


def compared(batch: Batch) -> Compared:
    """Judge a batch by both."""
    dataset = Dataset()
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, DATA) for t in batch.data])
    dataset.assert_all([ox.Quad(t.subject, t.predicate, t.object, SHAPES) for t in batch.shapes])
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
    literal = one.value
    if one.constraint.component not in _LIMITS or not isinstance(literal, ox.Literal):
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
