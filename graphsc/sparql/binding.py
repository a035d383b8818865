"""Which variables a pattern binds for certain. Source: SPARQL 1.1, section 18.2.1 (variable scope)."""

from __future__ import annotations

from graphsc.sparql.syntax import (
    Alternative,
    Bind,
    Group,
    Inverse,
    Named,
    Optional,
    Path,
    Repeat,
    Select,
    Sequence,
    Triple,
    Union,
    Values,
    Var,
    nodes,
    variables,
)


def certain(part: object) -> set[str]:
    """The variables that have a value in every row of a part of a query."""
    match part:
        case Triple(subject, predicate, object_):
            return {var.name for var in (subject, predicate, object_) if isinstance(var, Var)}
        case Values(columns, rows):
            return {
                variable.name for place, variable in enumerate(columns) if all(row[place] is not None for row in rows)
            }
        case Union(groups):
            return set.intersection(*(certain(group) for group in groups))
        case Group(parts):
            return set[str]().union(*(certain(inner) for inner in parts))
        case Named(name, group):
            return certain(group) | ({name.name} if isinstance(name, Var) else set())
        case Select():
            inner = certain(part.where)
            projected = {column.variable.name for column in part.projected if column.expression is None}
            return inner & projected if part.projected else inner
        case _:
            return set()


def visible(part: object) -> set[str]:
    """The variables that may have a value in a row of a part of a query."""
    match part:
        case Bind(_, variable):
            return {variable.name}
        case Union(groups):
            return set[str]().union(*(visible(group) for group in groups))
        case Group(parts):
            return set[str]().union(*(visible(inner) for inner in parts))
        case Optional(group):
            return visible(group)
        case Named(_, group):
            return certain(part) | visible(group)
        case Values(columns, _):
            return {var.name for var in columns}
        case Select():
            return {column.variable.name for column in part.projected} or visible(part.where)
        case _:
            return certain(part)


def has_nullable_end(part: object, names: set[str]) -> bool:
    """Whether one of the variables is an end of a path that may have no steps."""
    return any(
        isinstance(node, Triple)
        and not isinstance(node.predicate, Var)
        and nullable(node.predicate)
        and names & variables((node.subject, node.object))
        for node in nodes(part)
    )


def nullable(path: Path) -> bool:
    """Whether a path may have no steps."""
    match path:
        case Repeat(inner, sign):
            return sign in {"*", "?"} or nullable(inner)
        case Sequence(paths):
            return all(nullable(step) for step in paths)
        case Alternative(paths):
            return any(nullable(step) for step in paths)
        case Inverse(inner):
            return nullable(inner)
        case _:
            return False
