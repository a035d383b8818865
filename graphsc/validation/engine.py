"""The default engine: runs the plans of the shapes on the dataset; pySHACL judges the shapes without a plan."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc import relational
from graphsc.graph.dataset import Dataset, Row, Term
from graphsc.shacl.execution import ValidationResult, read
from graphsc.shacl.plan import Query
from graphsc.sparql.stepwise import stepwise
from graphsc.validation.shapes import Shape

_WORTH_SHARING = 1000
"""With fewer focus nodes, threads and ordering the queries cost more than they save."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(ValidationResult):
    """A validation result at the shape whose targets led there; its ``row`` has the value too, where that is not the focus node."""

    shape: Shape


def focus_nodes(dataset: Dataset, shapes: Sequence[Shape]) -> dict[str, set[Term]]:
    """The focus nodes of each compiled shape, by its IRI."""
    columns: dict[str, set[Term]] = {}
    nodes: dict[str, set[Term]] = {}
    for shape in shapes:
        if shape.plan is not None:
            query = shape.plan.targets
            if query not in columns:
                columns[query] = dataset.column(query)
            nodes[shape.iri] = columns[query]
    return nodes


def counts(dataset: Dataset, queries: Mapping[str, str]) -> dict[str, int]:
    """The number of rows of each of some queries for focus nodes, counted without making an object per node."""
    by_query = relational.counts(dataset, queries.values())
    return {name: by_query[query] for name, query in queries.items()}


def focus_counts(dataset: Dataset, shapes: Iterable[Shape]) -> dict[str, int]:
    """How many focus nodes each compiled shape has, by its IRI."""
    return counts(dataset, {shape.iri: shape.plan.targets for shape in shapes if shape.plan is not None})


def judge(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, int]) -> list[Result]:
    """Every result of every compiled shape on the dataset; ``focus`` is the number of focus nodes of each."""
    rows = answers(dataset, shapes, focus)
    return [
        result(shape, item)
        for by_hand in (True, False)
        for shape in _targeted(shapes, focus)
        for query in _queries(shape, by_hand=by_hand)
        for item in read(query, rows[query.text])
    ]


def answers(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, int]) -> dict[str, Sequence[Row]]:
    """The rows of every query of the shapes that have focus nodes, by its text."""
    results: dict[str, Sequence[Row]] = {}
    for by_hand in (True, False):
        queries = ((query, shape) for shape in _targeted(shapes, focus) for query in _queries(shape, by_hand=by_hand))
        pending = {query.text: shape for query, shape in queries if query.text not in results}
        if not pending:
            continue
        as_written = nullcontext() if by_hand or not dataset.written else _as_written(dataset)
        with as_written:
            results |= _answers(dataset, pending, focus)
    return results


@contextmanager
def _as_written(dataset: Dataset) -> Iterator[None]:
    """While this is open, the store and the tables hold boxed literals, which keep their lexical forms."""
    new: Collection[ox.Quad] = ()
    gone: Collection[ox.Quad] = ()
    try:
        with dataset.boxed() as (new, gone):
            dataset.follow([quad.triple for quad in new], gone)
            yield
    finally:
        dataset.follow([quad.triple for quad in gone], new)


def _targeted(shapes: Sequence[Shape], focus: Mapping[str, int]) -> list[Shape]:
    return [shape for shape in shapes if focus.get(shape.iri)]  # without focus nodes a query has no results


def _answers(dataset: Dataset, pending: Mapping[str, Shape], focus: Mapping[str, int]) -> dict[str, Sequence[Row]]:
    rows = _from_tables(dataset, pending)
    remaining = [text for text in pending if text not in rows]
    if max((focus[pending[text].iri] for text in remaining), default=0) < _WORTH_SHARING:
        return rows | {text: dataset.run(text) for text in remaining}
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # a store releases the lock of the interpreter while it answers
        return rows | dict(zip(remaining, pool.map(dataset.run, map(stepwise, remaining)), strict=True))


def _from_tables(dataset: Dataset, pending: Mapping[str, Shape]) -> dict[str, Sequence[Row]]:
    """The rows of the queries that run as SQL, if the dataset has a relational executor."""
    tables = relational.of(dataset, pending)
    rows: dict[str, Sequence[Row]] = {}
    if tables is None:
        return rows
    for text, shape in pending.items():
        try:
            rows[text] = tables.rows(text)
        except relational.Unsupported as error:
            relational.leave_to_oxigraph(dataset, shape.code, error)
    return rows


def _queries(shape: Shape, *, by_hand: bool) -> list[Query]:
    assert shape.plan is not None
    return [query for query in shape.plan.queries if query.by_hand == by_hand]


def result(shape: Shape, judged: ValidationResult) -> Result:
    """A plan's result as a result of the shape."""
    row = dict(judged.row)
    if judged.value is not None and judged.value != judged.focus:
        row.setdefault("value", judged.value)
    return Result(judged.constraint, judged.focus, judged.value, judged.path, row, shape=shape)
