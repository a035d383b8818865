"""The default engine: each compiled shape is one query on Oxigraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.graph import Dataset, Term
from graphsc.validation.shapes import Shape


@dataclass(frozen=True, slots=True)
class Result:
    """One SHACL result; ``row`` holds everything else that the shape's query selected."""

    shape: Shape
    focus: Term
    value: Term | None
    row: Mapping[str, Term] = field(default_factory=dict, compare=False, hash=False)


def focus_nodes(dataset: Dataset, shapes: Sequence[Shape]) -> dict[str, set[Term]]:
    """The focus nodes of each shape, by its IRI."""
    by_target: dict[str, set[Term]] = {}
    for target in {target for shape in shapes for target in shape.targets}:
        by_target[target] = {row["this"] for row in dataset.select(target)}
    return {shape.iri: set().union(*(by_target[target] for target in shape.targets)) for shape in shapes}


def judge(dataset: Dataset, shapes: Sequence[Shape], focus: Mapping[str, set[Term]]) -> list[Result]:
    """Every result of every shape on the dataset."""
    found: list[Result] = []
    for shape in shapes:
        if not focus[shape.iri]:
            continue  # no target, no result: spares the query
        for row in dataset.select(shape.query):
            this = row.get("this")
            if this is not None and this in focus[shape.iri]:
                # A node shape's value is its focus node unless the query says another (SHACL 5.3.2).
                value = row.get("value", None if shape.path else this)
                found.append(Result(shape, this, value, row))
    return found


def details(dataset: Dataset, shape: Shape, focus: Term) -> list[dict[str, Term]]:
    """The rows of a shape's query for one focus node: for a result that another engine found."""
    if isinstance(focus, ox.Triple):
        return []
    return [row for row in dataset.select(shape.query) if row.get("this") == focus]
