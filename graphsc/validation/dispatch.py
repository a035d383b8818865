"""The choice of an engine for each shape, and the results of all engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset, Term
from graphsc.validation import engine as compiled
from graphsc.validation.engine import Result
from graphsc.validation.shapes import COMPILED, ORACLE, Shape, Shapes

Engine = Literal["compiled", "pyshacl"]


@dataclass(slots=True)
class Judged:
    """The results; by the IRI of each shape its number of focus nodes and the engine that judged it.

    ``unjudged`` are shapes that no engine judged, with the reason.
    """

    results: list[Result] = field(default_factory=list)
    focus: dict[str, int] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)
    unjudged: dict[str, Text] = field(default_factory=dict)


def judge(dataset: Dataset, compiled_shapes: Shapes, shapes: Sequence[Shape], engine: Engine) -> Judged:
    """Judge some of the compiled shapes: by their plans, or by pySHACL where they have no plan or pySHACL is the engine."""
    judged = Judged(focus=compiled.focus_counts(dataset, shapes))
    planned = [shape for shape in shapes if shape.plan is not None]
    judged.engines = {shape.iri: engine if shape.plan is not None else ORACLE for shape in shapes}
    if engine == COMPILED:
        judged.results += compiled.judge(dataset, planned, judged.focus)
        others = [shape for shape in shapes if shape.plan is None]
    else:
        others = list(shapes)
    if others:
        _by_oracle(dataset, compiled_shapes, others, judged)
    return judged


def _by_oracle(dataset: Dataset, compiled_shapes: Shapes, shapes: Sequence[Shape], judged: Judged) -> None:
    from graphsc.validation import oracle

    try:
        results = oracle.judge(dataset, compiled_shapes.graph, shapes, compiled_shapes.shapes)
    except oracle.CannotJudge as error:
        for shape in shapes:
            why = shape.declined or Text("pySHACL er bedt om det", "pySHACL is asked to")
            judged.unjudged[shape.iri] = Text(
                f"{why.da}, og pySHACL kan ikke: {error.reason.da}", f"{why.en}, and pySHACL cannot: {error.reason.en}"
            )
        return
    judged.results += _with_rows(dataset, [shape for shape in shapes if shape.plan is not None], judged, results)
    failing = {(result.shape.iri, result.focus) for result in results if result.shape.plan is None}
    judged.focus |= Counter(iri for iri, _ in failing)


def _with_rows(dataset: Dataset, shapes: Sequence[Shape], judged: Judged, results: list[Result]) -> list[Result]:
    """The reference engine's results with the rows of the plans, which a validation report does not contain."""
    failing = {result.shape.iri for result in results}
    rows: dict[tuple[str, str, Term, Term | None], list[Result]] = {}
    for item in compiled.judge(dataset, [shape for shape in shapes if shape.iri in failing], judged.focus):
        rows.setdefault((item.shape.iri, item.constraint.component, item.focus, item.value), []).append(item)
    return [
        replace(result, row=row.row, constraint=replace(result.constraint, messages=row.constraint.messages))
        for result in results
        for row in rows.get((result.shape.iri, result.constraint.component, result.focus, result.value), [result])
    ]
