"""Premises of rules: the facts that must be recorded of a thing before a rule can be met or broken there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from graphsc.graph.dataset import Dataset, plain
from graphsc.sparql.patterns import certain
from graphsc.sparql.reading import read
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import (
    Bind,
    Exists,
    Filter,
    Group,
    Minus,
    Named,
    Optional,
    Part,
    Projected,
    Select,
    Triple,
    Union,
    Var,
    nodes,
    variables,
)
from graphsc.validation import Report
from graphsc.validation.engine import counts
from graphsc.validation.shapes import Shape, compile_shapes

_THIS = Var("this")


def judged_on_facts(dataset: Dataset, shape: Shape) -> set[str] | None:
    """The focus nodes that have all premises of a shape's query; None for a shape without such a query.

    At other nodes there is no finding because there is nothing to judge: no approval that could have lapsed.
    """
    own = compile_shapes(dataset).uses(shape, dataset.own.nodes)  # without its FILTER it may never end
    query = None if shape.query is None or own else _premises(shape.query)
    return None if query is None else {plain(row["this"]) for row in dataset.rows(query)}


def with_facts(dataset: Dataset, report: Report) -> Report:
    """The report in which the focus nodes of a rule are only those with its premises."""
    compiled = compile_shapes(dataset)
    shapes = {
        shape.code: shape
        for shape in compiled.shapes
        if not shape.late and shape.query is not None and not compiled.uses(shape, dataset.own.nodes)
    }
    premises = {
        outcome.code: query
        for outcome in report.rules
        if outcome.focus and outcome.code in shapes
        if (query := _premises(shapes[outcome.code].query or "")) is not None
    }
    recorded = counts(dataset, premises)
    return replace(
        report,
        rules=tuple(
            replace(outcome, focus=max(outcome.failed, min(outcome.focus, recorded.get(outcome.code, outcome.focus))))
            for outcome in report.rules
        ),
    )


@lru_cache(maxsize=512)
def _premises(query: str) -> str | None:
    """The query of a rule without FILTER, MINUS and OPTIONAL; None where these cannot be told from the rest."""
    try:
        select = read(query)
    except ValueError:  # a rule of an organisation, in a form that is not parsed here
        return None
    if not isinstance(select, Select) or select.aggregates:
        return None
    used = set[str]().union(*(variables(node) for node in nodes(select.where) if isinstance(node, Triple)))
    where = Group(tuple(_required(select.where, used)))
    return text(Select((Projected(_THIS),), where, "DISTINCT")) if _THIS.name in certain(where) else None


def _required(group: Group, used: set[str]) -> Iterator[Part]:
    """The parts of a pattern that must match; BIND only where a triple uses its variable."""
    for part in group.parts:
        match part:
            case Filter(Exists(_, True)):
                yield part
            case Filter() | Minus() | Optional():
                pass
            case Bind(_, variable):
                if variable.name in used:
                    yield part
            case Group():
                yield Group(tuple(_required(part, used)))
            case Union(groups):
                yield Union(tuple(Group(tuple(_required(inner, used))) for inner in groups))
            case Named(_, inner):
                yield replace(part, group=Group(tuple(_required(inner, used))))
            case _:
                yield part
