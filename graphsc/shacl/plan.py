"""Plans: queries whose rows are validation results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.core.lexical_forms import unboxed
from graphsc.graph.backend import Row, Term
from graphsc.graph.dataset import is_true
from graphsc.shacl.model import Node
from graphsc.sparql.serialising import path
from graphsc.sparql.syntax import Expression, Group, Path, Var

FOCUS = "this"
"""The variable of a target's node in SHACL."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """The constraint that a result violates: the shape, its path (and the node of that), the component, and its messages."""

    shape: Node
    component: str
    severity: str
    messages: tuple[ox.Literal, ...] = ()
    path: Path | None = None
    path_node: Node | None = None

    @property
    def written_path(self) -> str | None:
        """The path as SPARQL writes it."""
        return None if self.path is None else path(self.path)


@dataclass(frozen=True, slots=True)
class Domain:
    """A pattern that binds every variable of a chain; the last of these is the focus node (or the value node)."""

    group: Group
    chain: tuple[str, ...]

    @property
    def node(self) -> Var:
        """The variable at the end of the chain."""
        return Var(self.chain[-1])

    @property
    def variables(self) -> tuple[Var, ...]:
        """The whole chain."""
        return tuple(Var(name) for name in self.chain)


@dataclass(frozen=True, slots=True)
class Violation:
    """The violations of one constraint: rows of ``group`` for which ``condition`` holds, where there is one.

    ``chain`` ends in the focus node; ``value`` and ``path`` are the variables of the result's value and path where it
    has any, ``others`` the other variables of the result, ``hidden`` those that only make rows distinct. ``by_hand`` says
    that it comes from a SPARQL-based constraint, which sees values of literals and not their lexical forms.
    """

    constraint: Constraint
    group: Group
    chain: tuple[str, ...]
    value: str | None = None
    condition: Expression | None = None
    path: str | None = None
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The columns of a row that make a result.

    The column ``flag``, where given, must be true; ``otherwise`` is the value's column where ``value`` is unbound.
    """

    constraint: Constraint
    focus: str
    value: str | None = None
    path: str | None = None
    others: tuple[str, ...] = ()
    otherwise: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query as SPARQL, and the results of its rows. Its targets are always ``?this``.

    ``as_written`` says that it may meet literals whose lexical form the store does not keep, and must see that form.
    """

    text: str
    outcomes: tuple[Outcome, ...]
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one shape with targets; ``targets`` selects its focus nodes."""

    shape: Node
    targets: str
    queries: tuple[Query, ...]


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
