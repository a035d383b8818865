"""What compiling gives: queries whose rows are validation results, and what each row says.

A plan is set-based: one query finds the violations of a constraint at all focus nodes. Its columns are the *chain*
that leads from a target's node through nested property shapes to the focus node, and the value node. A row per
distinct chain and value is what makes the number of results right (section 3.4.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.shacl.model import Node
from graphsc.sparql.syntax import Expression, Group, Path, Var

FOCUS = "this"
"""The variable of a target's node, as SHACL calls it."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a result is put down to: the shape, its path, the component, and the words for it.

    ``source`` is the node of a SPARQL-based constraint; ``path_node`` is the node of ``path`` in the shapes graph.
    """

    shape: Node
    component: str
    severity: str
    messages: tuple[ox.Literal, ...] = ()
    path: Path | None = None
    path_node: Node | None = None
    source: Node | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A pattern that binds every variable of a chain, whose last one is the focus (or the value) node."""

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
    has any, ``others`` what else the row tells, ``hidden`` what only tells results apart. ``by_hand`` says that a query
    written by hand finds them, which sees what literals mean and not how they are written.
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
    """How a row of a query is read as a result.

    ``flag`` names the column that must be true for it, ``otherwise`` the value where the one named has none.
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
    """A query as SPARQL, and what its rows say; ``by_hand`` as in ``Violation``.

    The focus nodes are always those that ``?this`` has.
    """

    text: str
    outcomes: tuple[Outcome, ...]
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is asked for one shape with targets.

    ``targets`` gives its focus nodes. ``written`` says that it looks at how literals are written.
    """

    shape: Node
    targets: str
    queries: tuple[Query, ...]
    uses_lexical_forms: bool = False
