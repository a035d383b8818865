"""The choice of an engine for each shape, and the results of all engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from graphsc.core.bounded import MEMORY, OutOfMemory, TimeUp, Worker, stopped
from graphsc.core.text import Text
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset
from graphsc.graph.loading import Saved, save
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

    def take(self, other: Judged) -> None:
        """Add what is known of other shapes."""
        self.results += other.results
        self.focus |= other.focus
        self.engines |= other.engines
        self.unjudged |= other.unjudged


def judge(dataset: Dataset, compiled_shapes: Shapes, shapes: Sequence[Shape], engine: Engine) -> Judged:
    """Judge some of the compiled shapes: by their plans, or by pySHACL where they have no plan or pySHACL is the engine.

    The organisation's own are judged within limits, since any of them may never end.
    """
    own = compiled_shapes.using(dataset.own.nodes)
    judged = _judged(dataset, compiled_shapes, [shape for shape in shapes if shape.iri not in own], engine)
    if bounded := [shape for shape in shapes if shape.iri in own]:
        with TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True) as folder:
            restored = partial(_restored, save(dataset, Path(folder)), compiled_shapes)
            with Worker(restored, MEMORY) as worker:
                judged.take(_within_limits(worker, bounded, engine, dataset.own.seconds))
    return judged


def _within_limits(
    worker: Worker[tuple[Dataset, Shapes]], shapes: Sequence[Shape], engine: Engine, seconds: float
) -> Judged:
    """Judge shapes all at once; if that takes too much, one by one, to know which of them does."""
    try:
        return worker(seconds, _judged_there, {shape.iri for shape in shapes}, engine)
    except (TimeUp, OutOfMemory) as error:
        if len(shapes) == 1:
            return Judged(unjudged={shapes[0].iri: stopped(error, seconds)})
    judged = Judged()
    for shape in shapes:
        judged.take(_within_limits(worker, [shape], engine, seconds))
    return judged


def _restored(saved: Saved, compiled_shapes: Shapes) -> tuple[Dataset, Shapes]:
    return saved.restored(), compiled_shapes


def _judged_there(there: tuple[Dataset, Shapes], iris: Set[str], engine: Engine) -> Judged:
    dataset, compiled_shapes = there
    return _judged(dataset, compiled_shapes, [shape for shape in compiled_shapes.shapes if shape.iri in iris], engine)


def _judged(dataset: Dataset, compiled_shapes: Shapes, shapes: Sequence[Shape], engine: Engine) -> Judged:
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
