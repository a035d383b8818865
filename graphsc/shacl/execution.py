"""Running plans: rows of queries become validation results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphsc.core.lexical_forms import unboxed
from graphsc.graph.dataset import Row, Term, is_true
from graphsc.shacl.plan import Constraint, Query


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """A validation result: a constraint that a focus node violates.

    ``path`` is that of a query that selects ``?path``; ``row`` has the other bindings of the query.
    """

    constraint: Constraint
    focus: Term
    value: Term | None = None
    path: Term | None = None
    row: Mapping[str, Term] = field(default_factory=dict, compare=False, hash=False)


def read(query: Query, rows: Iterable[Row]) -> Iterator[ValidationResult]:
    """The results that the rows of a query stand for."""
    for row in rows:
        for outcome in query.outcomes:
            if outcome.flag is not None and not is_true(row.get(outcome.flag)):
                continue
            yield ValidationResult(
                outcome.constraint,
                unboxed(row[outcome.focus]),
                _cell(row, outcome.value) or _cell(row, outcome.otherwise),
                _cell(row, outcome.path),
                {name: unboxed(row[name]) for name in outcome.others if name in row},
            )


def _cell(row: Mapping[str, Term], name: str | None) -> Term | None:
    return unboxed(row[name]) if name is not None and name in row else None
