"""Syntax trees as text that every engine of SPARQL 1.1 reads, and that parses to the same tree again.

No prefixes, no abbreviations, every operator in brackets: the text of a part does not depend on what surrounds it.
"""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.sparql.syntax import (
    Aggregate,
    Alternative,
    Ask,
    Bind,
    Call,
    Construct,
    Exists,
    Expression,
    Filter,
    Group,
    Inverse,
    Minus,
    Named,
    Negated,
    Optional,
    Part,
    Path,
    Projected,
    Repeat,
    Select,
    Sequence,
    Term,
    Triple,
    Union,
    Values,
    Var,
)

_INFIX = frozenset({"||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/"})


def text(query: Select | Ask | Construct) -> str:
    """The query as SPARQL."""
    match query:
        case Ask(where):
            return f"ASK {group(where)}"
        case Construct(template, rows):
            return f"CONSTRUCT {group(Group(template))} {_rows(rows)}"
        case Select():
            return _select(query)


def _select(query: Select) -> str:
    columns = " ".join(_projected(column) for column in query.projected) or "*"
    return " ".join(["SELECT", *([query.distinct] if query.distinct else []), columns, _rows(query)])


def _rows(query: Select) -> str:
    """The pattern and the solution modifiers."""
    parts = ["WHERE", group(query.where)]
    if query.group_by:
        parts += ["GROUP BY", *(_grouped(projected) for projected in query.group_by)]
    if query.having:
        parts += ["HAVING", *(f"({expression(condition)})" for condition in query.having)]
    if query.order:
        parts += ["ORDER BY", *(f"{direction}({expression(key)})" for direction, key in query.order)]
    if query.limit is not None:
        parts.append(f"LIMIT {query.limit}")
    if query.offset is not None:
        parts.append(f"OFFSET {query.offset}")
    if query.values is not None:
        parts.append(_part(query.values))
    return " ".join(parts)


def _projected(projected: Projected) -> str:
    if projected.expression is None:
        return f"?{projected.variable.name}"
    return f"({expression(projected.expression)} AS ?{projected.variable.name})"


def _grouped(projected: Projected | Expression) -> str:
    if isinstance(projected, Projected):
        return _projected(projected)
    return f"?{projected.name}" if isinstance(projected, Var) else f"({expression(projected)})"


def group(pattern: Group) -> str:
    """A group with its braces."""
    return "{ " + " ".join(_part(part) for part in pattern.parts) + " }"


def _part(part: Part) -> str:
    match part:
        case Triple(subject, predicate, object_):
            return f"{term(subject)} {verb(predicate)} {term(object_)} ."
        case Filter(Exists() as exists):
            return f"FILTER {expression(exists)}"
        case Filter(condition):
            return f"FILTER ({expression(condition)})"
        case Bind(condition, variable):
            return f"BIND ({expression(condition)} AS ?{variable.name})"
        case Optional(inner):
            return f"OPTIONAL {group(inner)}"
        case Minus(inner):
            return f"MINUS {group(inner)}"
        case Union(groups):
            return " UNION ".join(group(inner) for inner in groups)
        case Named(name, inner):
            return f"GRAPH {term(name)} {group(inner)}"
        case Values(variables, rows):
            names = " ".join(f"?{var.name}" for var in variables)
            lines = " ".join(f"({' '.join('UNDEF' if cell is None else str(cell) for cell in row)})" for row in rows)
            return f"VALUES ({names}) {{ {lines} }}"
        case Group():
            return group(part)
        case Select():
            return f"{{ {_select(part)} }}"


def term(node: Term) -> str:
    """A variable, or a term as N-Triples."""
    return f"?{node.name}" if isinstance(node, Var) else str(node)


def verb(predicate: Var | Path) -> str:
    """The predicate of a triple pattern."""
    return f"?{predicate.name}" if isinstance(predicate, Var) else path(predicate)


def path(way: Path) -> str:
    """A property path, in brackets unless it is one property."""
    match way:
        case ox.NamedNode():
            return str(way)
        case Inverse(inner):
            return f"(^{path(inner)})"
        case Sequence(paths):
            return "(" + "/".join(path(inner) for inner in paths) + ")"
        case Alternative(paths):
            return "(" + "|".join(path(inner) for inner in paths) + ")"
        case Repeat(inner, sign):
            return f"({path(inner)}{sign})"
        case Negated(paths):
            steps = "|".join(f"^{step.path}" if isinstance(step, Inverse) else str(step) for step in paths)
            return f"!({steps})"


def expression(node: Expression) -> str:
    """An expression, its operators in brackets."""
    match node:
        case Var() | ox.NamedNode() | ox.Literal():
            return term(node)
        case Exists(inner, positive):
            return ("" if positive else "NOT ") + f"EXISTS {group(inner)}"
        case Aggregate(name, argument, distinct, separator):
            counted = "*" if argument is None else expression(argument)
            ending = "" if separator is None else f" ; SEPARATOR = {ox.Literal(separator)}"
            return f"{name}({'DISTINCT ' if distinct else ''}{counted}{ending})"
        case Call(name, arguments):
            return _call(name, [expression(argument) for argument in arguments])


def _call(name: str | ox.NamedNode, arguments: list[str]) -> str:
    if name in _INFIX and len(arguments) == 2:
        return f"({arguments[0]} {name} {arguments[1]})"
    if name in {"!", "-", "+"}:
        return f"({name} {arguments[0]})"
    if name in {"IN", "NOT IN"}:
        return f"({arguments[0]} {name} ({', '.join(arguments[1:])}))"
    return f"{name}({', '.join(arguments)})"
