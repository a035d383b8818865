"""Judging after a change: of each query of the shapes, only the focus nodes that the change can reach are asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext

from graphsc.graph.dataset import Dataset, Row
from graphsc.maintenance.changes import Delta, Surroundings
from graphsc.maintenance.deriving import Redone
from graphsc.maintenance.remembering import Memory
from graphsc.shacl.plan import FOCUS, Query
from graphsc.validation import engine
from graphsc.validation.shapes import Shape

Answers = dict[str, list[Row]]
"""The rows of each query that judges, by its text."""


def queries(shapes: Iterable[Shape]) -> list[Query]:
    """Every query of the shapes that have a plan, once."""
    return list({query.text: query for shape in shapes if shape.plan for query in shape.plan.queries}.values())


def answered(dataset: Dataset, shapes: Iterable[Shape]) -> Answers:
    """Ask every query of the shapes."""
    planned = [shape for shape in shapes if shape.plan is not None]
    result = engine.answers(dataset, planned, engine.focus_nodes(dataset, planned))
    return {query.text: list(result.get(query.text, ())) for query in queries(planned)}


def answer_again(
    dataset: Dataset,
    shapes: Iterable[Shape],
    answers: Mapping[str, list[Row]],
    delta: Delta,
    around: Surroundings,
    redone: Redone,
    memory: Memory,
) -> Answers:
    """The answers as they are after a change, which is in the dataset with all that is derived from it.

    A query that was not answered before is asked in full.
    """
    wanted = queries(shapes)
    again: dict[str, str] = {}
    kept: Answers = {}
    for text in (query.text for query in wanted):
        before, known = answers.get(text), memory.select(text, FOCUS)
        keys = None if before is None else known.reach.keys(delta, around)
        if before is None or keys is None or (keys and known.few is None):
            redone.note(text, None)
            again[text] = text
        elif keys:
            redone.note(text, keys)
            again[text] = known.of(keys)
            kept[text] = [row for row in before if row[FOCUS] not in keys]
        else:
            kept[text] = before
    new = _asked(dataset, wanted, again)
    return {query.text: kept.get(query.text, []) + new.get(query.text, []) for query in wanted}


def _asked(dataset: Dataset, wanted: Sequence[Query], texts: Mapping[str, str]) -> Answers:
    """Ask what is said for each query: those written by hand, then the others as literals were written."""
    answers: Answers = {}
    for by_hand in (True, False):
        some = [query.text for query in wanted if query.asked == by_hand and query.text in texts]
        boxed = dataset.written.boxed(dataset.embedded) if some and dataset.written and not by_hand else nullcontext()
        with boxed:
            answers |= {text: list[Row](dataset.run(texts[text])) for text in some}
    return answers
