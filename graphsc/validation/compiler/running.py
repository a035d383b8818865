"""Running plans: rows of queries become validation results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphsc.graph import Dataset, Term, is_true
from graphsc.validation.compiler.plan import Constraint, Plan, Query
from graphsc.written_forms import unboxed


@dataclass(frozen=True, slots=True)
class Found:
    """One result: what of which constraint fails at a focus node. ``row`` is what else its query tells."""

    constraint: Constraint
    focus: Term
    value: Term | None = None
    path: Term | None = None
    row: Mapping[str, Term] = field(default_factory=dict, compare=False, hash=False)


def results(dataset: Dataset, plan: Plan, *, asked: bool) -> Iterator[Found]:
    """The results of a plan's queries written by hand (``asked``), or of the others."""
    for query in plan.queries:
        if query.asked == asked:
            known = dataset.answers.get(query.text)
            yield from _read(query, dataset.run(query.text) if known is None else known)


def _read(query: Query, rows: Iterable[Mapping[str, Term]]) -> Iterator[Found]:
    for row in rows:
        for outcome in query.outcomes:
            if outcome.flag is not None and not is_true(row.get(outcome.flag)):
                continue
            yield Found(
                outcome.constraint,
                unboxed(row[outcome.focus]),
                _cell(row, outcome.value) or _cell(row, outcome.otherwise),
                _cell(row, outcome.path),
                {name: unboxed(row[name]) for name in outcome.others if name in row},
            )


def _cell(row: Mapping[str, Term], name: str | None) -> Term | None:
    return unboxed(row[name]) if name is not None and name in row else None
