"""The default engine: the plans of the shapes run on the dataset; what has no plan is judged by pySHACL."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.graph import Dataset, Term
from graphsc.validation.compiler import Constraint, running
from graphsc.validation.compiler.running import Found
from graphsc.validation.compiler.steps import Graph
from graphsc.validation.shapes import Shape


@dataclass(frozen=True, slots=True)
class Result:
    """One SHACL result at a shape: what of which constraint fails at the focus node.

    ``path`` is what the result's own path is where a query named one. ``row`` is what else its query tells, the value
    under ``value`` where it is not the focus node.
    """

    shape: Shape
    constraint: Constraint
    focus: Term
    value: Term | None = None
    path: Term | None = None
    row: Mapping[str, Term] = field(default_factory=dict, compare=False, hash=False)


def focus_nodes(dataset: Dataset, shapes: Sequence[Shape]) -> dict[str, set[Term]]:
    """The focus nodes of each compiled shape, by its IRI."""
    known: dict[str, set[Term]] = {}
    found: dict[str, set[Term]] = {}
    for shape in shapes:
        if shape.plan is not None:
            query = shape.plan.targets
            if query not in known:
                known[query] = {row["this"] for row in dataset.run(query)}
            found[shape.iri] = known[query]
    return found


def judge(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, set[Term]]) -> list[Result]:
    """Every result of every compiled shape on the dataset."""
    found: list[Result] = []
    some = [shape for shape in shapes if focus.get(shape.iri)]  # no target, no result: spares the query
    for asked in (True, False):
        if not asked and dataset.written:
            with dataset.written.boxed(dataset.knowledge):
                found += _judged(dataset, some, focus, asked=asked)
        else:
            found += _judged(dataset, some, focus, asked=asked)
    return found


def _judged(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, set[Term]], *, asked: bool) -> list[Result]:
    """The results of the queries written by hand (``asked``), or of the others."""
    if not isinstance(dataset.store, ox.Store):
        return [one for shape in shapes for one in _of(dataset, shape, None, asked=asked)]
    counts = running.Counts(dataset, max((len(focus[shape.iri]) for shape in shapes), default=0))

    def judged(shape: Shape) -> list[Result]:
        return _of(dataset, shape, running.Known(counts, focus[shape.iri]), asked=asked)

    with ThreadPoolExecutor(os.cpu_count()) as several:  # a store answers without holding up the others
        return [one for found in several.map(judged, shapes) for one in found]


def _of(dataset: Dataset, shape: Shape, graph: Graph | None, *, asked: bool) -> list[Result]:
    assert shape.plan is not None
    return [result(shape, one) for one in running.results(dataset, shape.plan, graph, asked=asked)]


def result(shape: Shape, one: Found) -> Result:
    """A plan's result as one of a shape's."""
    row = dict(one.row)
    if one.value is not None and one.value != one.focus:
        row.setdefault("value", one.value)
    return Result(shape, one.constraint, one.focus, one.value, one.path, row)


def not_checked(dataset: Dataset, shape: Shape) -> bool:
    """Whether the shape asks how literals are written, of a store that does not know."""
    return dataset.written is None and shape.plan is not None and shape.plan.written
