"""The syntax tree of a SPARQL 1.1 query.

Only what rules and SHACL constraints may use: SELECT, ASK and CONSTRUCT, without federation and without update. Source:
SPARQL 1.1 Query Language, sections 18 and 19.8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as Several
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Var:
    """A variable by its name, without ``?``; ``$x`` and ``?x`` are the same."""

    name: str


Term = Var | ox.NamedNode | ox.Literal | ox.BlankNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """``^path``."""

    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """``a/b``."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """``a|b``."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``path*``, ``path+`` or ``path?``, by its sign."""

    path: Path
    sign: str


@dataclass(frozen=True, slots=True)
class Negated:
    """``!(a|^b)``: any property but these; each is a name, or the inverse of one."""

    paths: tuple[ox.NamedNode | Inverse, ...]


Path = ox.NamedNode | Inverse | Sequence | Alternative | Repeat | Negated


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern; its predicate is a variable or a path."""

    subject: Term
    predicate: Var | Path
    object: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator by its SPARQL name (in capitals for words) or IRI, on its arguments."""

    name: str | ox.NamedNode
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``COUNT(DISTINCT ?x)`` and its like; no argument stands for ``*``."""

    name: str
    argument: Expression | None = None
    distinct: bool = False
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """``EXISTS { }``, or ``NOT EXISTS { }`` where it is not positive."""

    group: Group
    positive: bool = True


Expression = Var | ox.NamedNode | ox.Literal | Call | Aggregate | Exists

COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
"""The operators that compare two values."""


@dataclass(frozen=True, slots=True)
class Filter:
    """``FILTER(expression)``; it applies to its whole group, wherever it stands."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Bind:
    """``BIND(expression AS ?variable)``."""

    expression: Expression
    variable: Var


@dataclass(frozen=True, slots=True)
class Optional:
    """``OPTIONAL { }``."""

    group: Group


@dataclass(frozen=True, slots=True)
class Minus:
    """``MINUS { }``."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """``{ } UNION { }``."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """``GRAPH name { }``."""

    name: Var | ox.NamedNode
    group: Group


@dataclass(frozen=True, slots=True)
class Values:
    """``VALUES (?a ?b) { … }``; None stands for UNDEF."""

    variables: tuple[Var, ...]
    rows: tuple[tuple[ox.NamedNode | ox.Literal | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """``{ … }``: its parts in the order that they are written."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Projected:
    """A variable of a SELECT clause, or an expression AS one."""

    variable: Var
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT or a sub-select. No ``projected`` stands for ``*``; ``order`` pairs ASC or DESC with an expression."""

    projected: tuple[Projected, ...]
    where: Group
    distinct: str = ""
    group_by: tuple[Projected | Expression, ...] = ()
    having: tuple[Expression, ...] = ()
    order: tuple[tuple[str, Expression], ...] = ()
    limit: int | None = None
    offset: int | None = None
    values: Values | None = None

    @property
    def variables(self) -> tuple[Var, ...]:
        """The variables of its rows; none for ``*``."""
        return tuple(column.variable for column in self.projected)

    @property
    def aggregates(self) -> bool:
        """Whether it groups: it has GROUP BY, HAVING or an aggregate."""
        expressions = [column.expression for column in self.projected if column.expression is not None]
        return bool(self.group_by or self.having) or any(
            isinstance(node, Aggregate) for expression in expressions for node in nodes(expression)
        )


@dataclass(frozen=True, slots=True)
class Ask:
    """An ASK."""

    where: Group


@dataclass(frozen=True, slots=True)
class Construct:
    """A CONSTRUCT: its template filled in for each row of a ``SELECT *``."""

    template: tuple[Triple, ...]
    rows: Select

    @property
    def where(self) -> Group:
        """Its pattern."""
        return self.rows.where


Part = Triple | Filter | Bind | Optional | Minus | Union | Named | Values | Group | Select
Node = Part | Expression | Path | Projected | Ask | Construct
Any_ = TypeVar("Any_")

TRUE, FALSE = ox.Literal(True), ox.Literal(False)


def nodes(node: object) -> Iterator[object]:
    """A node, or a tuple of nodes, and everything below it, in the order that it is written."""
    waiting: list[Any] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
            continue
        yield part
        for name in _fields(part.__class__):
            value = getattr(part, name)
            if value is not None and value.__class__ not in _PLAIN:
                waiting.append(value)


_PLAIN = (str, bool, int)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The names of the fields of a class of nodes, the last first."""
    return tuple(reversed(tuple(getattr(kind, "__dataclass_fields__", ()))))


def variables(node: object) -> set[str]:
    """The names of all variables in a node or a tuple of nodes."""
    return {var.name for var in nodes(node) if isinstance(var, Var)}


def rebuilt(node: Any_, change: Callable[[object], object]) -> Any_:
    """A copy of the tree with ``change`` applied to each of its nodes, from the leaves up."""
    if isinstance(node, tuple):
        return tuple([rebuilt(item, change) for item in node])  # type: ignore[return-value]
    fields = getattr(node, "__dataclass_fields__", None)
    if fields is None:
        return change(node)  # type: ignore[return-value]
    changed = {}
    for name in fields:
        old = getattr(node, name)
        new = rebuilt(old, change)
        if new is not old and new != old:
            changed[name] = new
    return change(replace(node, **changed) if changed else node)  # type: ignore[return-value, type-var]


def conjunction(expressions: Several[Expression]) -> Expression:
    """The expressions joined by ``&&``; true where there are none."""
    return _joined("&&", expressions, TRUE)


def disjunction(expressions: Several[Expression]) -> Expression:
    """The expressions joined by ``||``; false where there are none."""
    return _joined("||", expressions, FALSE)


def negation(expression: Expression) -> Expression:
    """The expression with ``!`` before it."""
    return Call("!", (expression,))


def _joined(sign: str, expressions: Several[Expression], empty: ox.Literal) -> Expression:
    if not expressions:
        return empty
    call = expressions[0]
    for expression in expressions[1:]:
        call = Call(sign, (call, expression))
    return call
