"""The default engine: runs the plans of the shapes on the dataset; pySHACL judges the shapes without a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphsc.graph.backend import Row, Term, Unsupported, left_to_oxigraph
from graphsc.graph.dataset import Dataset
from graphsc.shacl.plan import Query, ValidationResult, read
from graphsc.validation.shapes import Shape


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
    dataset.prepare(queries.values())
    by_query = {query: dataset.count(query) for query in dict.fromkeys(queries.values())}
    return {name: by_query[query] for name, query in queries.items()}


def focus_counts(dataset: Dataset, shapes: Iterable[Shape]) -> dict[str, int]:
    """How many focus nodes each compiled shape has, by its IRI."""
    return counts(dataset, {shape.iri: shape.plan.targets for shape in shapes if shape.plan is not None})


def judge(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, int]) -> list[Result]:
    """Every result of every compiled shape on the dataset; ``focus`` is the number of focus nodes of each."""
    rows = answers(dataset, shapes, focus)
    return [
        result(shape, item)
        for shape in _targeted(shapes, focus)
        for query in _queries(shape)
        for item in read(query, rows[query.text])
    ]


def answers(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, int]) -> dict[str, Sequence[Row]]:
    """The rows of every query of the shapes that have focus nodes, by its text."""
    results: dict[str, Sequence[Row]] = {}
    as_written: dict[str, Shape] = {}
    dataset.prepare(query.text for shape in _targeted(shapes, focus) for query in _queries(shape))
    for shape in _targeted(shapes, focus):
        for query in _queries(shape):
            if query.as_written:
                as_written[query.text] = shape
            elif query.text not in results:
                results[query.text] = _rows(dataset, query.text, shape)
    if as_written:
        with dataset.written.boxed(dataset.store):
            results |= {text: dataset.run(text) for text in as_written}
    return results


def _rows(dataset: Dataset, query: str, shape: Shape) -> Sequence[Row]:
    if dataset.backend is not None:
        try:
            return dataset.backend.rows(query)
        except Unsupported as error:
            left_to_oxigraph(shape.code, error)
    return dataset.run(query)


def _targeted(shapes: Sequence[Shape], focus: Mapping[str, int]) -> list[Shape]:
    return [shape for shape in shapes if focus.get(shape.iri)]  # without focus nodes a query has no results


def _queries(shape: Shape) -> tuple[Query, ...]:
    assert shape.plan is not None
    return shape.plan.queries


def result(shape: Shape, judged: ValidationResult) -> Result:
    """A plan's result as a result of the shape."""
    row = dict(judged.row)
    if judged.value is not None and judged.value != judged.focus:
        row.setdefault("value", judged.value)
    return Result(judged.constraint, judged.focus, judged.value, judged.path, row, shape=shape)
