"""The pattern of a query: its triple patterns, whether they must match or must not, and which variables are bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.sparql.syntax import (
    COMPARISONS,
    Aggregate,
    Alternative,
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Group,
    Inverse,
    Minus,
    Named,
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


_TYPE = ox.NamedNode(RDF_TYPE)
INSTANCE = Sequence((_TYPE, Repeat(ox.NamedNode(RDFS_SUBCLASS_OF), "*")))
"""From a node to all its classes: SHACL follows rdfs:subClassOf, and no other inference."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A FILTER that is nothing but a comparison of two terms."""

    left: Term
    operator: str
    right: Term


@dataclass(frozen=True, slots=True)
class Pattern:
    """A group with what stands in it.

    ``kind`` tells how it is joined to the pattern around it: ``and``, ``optional``, ``either`` (one branch of a
    UNION), ``absent`` (MINUS, or a FILTER that is NOT EXISTS), ``tested`` (EXISTS or NOT EXISTS as a part of a
    larger expression) or ``select`` (a sub-select that counts, takes a maximum or the first few).
    ``children`` are the patterns in it; ``comparisons`` are its FILTERs that compare two terms, and ``conditional`` says
    that it has others.
    """

    kind: str
    group: Group
    triples: tuple[Triple, ...]
    children: tuple[Pattern, ...]
    comparisons: tuple[Comparison, ...]
    conditional: bool

    def walk(self, *, absent: bool = False) -> Iterator[tuple[Triple, bool]]:
        """Every triple of the pattern and its descendants, and whether its absence or its number may matter."""
        absent = absent or self.kind in {"absent", "tested", "select"}
        for triple in self.triples:
            yield triple, absent
        for inner in self.children:
            yield from inner.walk(absent=absent)


def pattern(group: Group, kind: str = "and") -> Pattern:
    """The pattern of a group. Raises ValueError for GRAPH and for blank nodes."""
    if kind == "and" and len(group.parts) == 1 and isinstance(group.parts[0], Select):
        return _selected(group.parts[0])
    triples: list[Triple] = []
    children: list[Pattern] = []
    comparisons: list[Comparison] = []
    conditional = False
    for part in group.parts:
        match part:
            case Triple(subject=ox.BlankNode()) | Triple(object=ox.BlankNode()):
                raise ValueError("a blank node stands in it: write a variable instead")
            case Triple():
                triples.append(part)
            case Filter(Exists(inner, positive)):
                children.append(pattern(inner, "and" if positive else "absent"))
            case Filter(
                Call(
                    str() as operator,
                    (Var() | ox.NamedNode() | ox.Literal() as left, Var() | ox.NamedNode() | ox.Literal() as right),
                )
            ) if operator in COMPARISONS:
                comparisons.append(Comparison(left, operator, right))
            case Filter(expression):
                conditional = True
                children += _tested(expression)
            case _:
                children += _children(part)
    return Pattern(kind, group, tuple(triples), tuple(children), tuple(comparisons), conditional)


def _children(part: Part) -> Iterator[Pattern]:
    """The patterns in a part that is neither a triple nor a FILTER."""
    match part:
        case Group():
            yield pattern(part)
        case Optional(inner):
            yield pattern(inner, "optional")
        case Minus(inner):
            yield pattern(inner, "absent")
        case Union(groups):
            yield from (pattern(inner, "either") for inner in groups)
        case Bind(expression, _):
            yield from _tested(expression)
        case Select():
            yield _selected(part)
        case Named():
            raise ValueError("it has GRAPH, but is asked of all graphs together")


def _selected(part: Select) -> Pattern:
    """The pattern of a sub-select; one that merely projects variables is an ``and``."""
    expressions = [column.expression for column in part.projected if column.expression is not None]
    grouped = [projected.expression if isinstance(projected, Projected) else projected for projected in part.group_by]
    ordered = [expression for _, expression in part.order]
    computed = [*expressions, *(var for var in grouped if var is not None), *part.having, *ordered]
    plain = not computed and (part.limit, part.offset, part.values) == (None, None, None)
    nested = (inner for expression in computed for inner in _tested(expression))
    children = (pattern(part.where), *nested)
    return Pattern("and" if plain else "select", Group((part,)), (), children, (), conditional=False)


def _tested(expression: Expression) -> Iterator[Pattern]:
    """The patterns of EXISTS and NOT EXISTS in an expression."""
    match expression:
        case Exists(inner, _):
            yield pattern(inner, "tested")
        case Call(_, arguments):
            for argument in arguments:
                yield from _tested(argument)
        case Aggregate(argument=Exists() | Call() | Aggregate() as argument):
            yield from _tested(argument)


def without_absences(original: Pattern) -> Pattern:
    """The pattern without its MINUS and NOT EXISTS; the same object where it has none."""
    children = tuple(inner for inner in original.children if inner.kind != "absent")
    if children == original.children:
        return original
    parts = tuple(
        part for part in original.group.parts if not isinstance(part, Minus | Filter) or not _is_absence(part)
    )
    return replace(original, group=Group(parts), children=children)


def _is_absence(part: Minus | Filter) -> bool:
    return isinstance(part, Minus) or (isinstance(part.expression, Exists) and not part.expression.positive)


def properties(path: Var | Path) -> tuple[str, ...]:
    """The IRIs of the properties that a path is made of, in order; none of a variable."""
    return tuple(node.value for node in nodes(path) if isinstance(node, ox.NamedNode))


def repeated(path: Var | Path) -> ox.NamedNode | None:
    """The property of a path that is one property any number of times (``p*`` or ``p+``); None for any other."""
    match path:
        case Repeat(ox.NamedNode() as step, "*" | "+"):
            return step
        case _:
            return None


def matched(
    template: Triple, triple: ox.Triple
) -> dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] | None:
    """The bindings under which a triple of a template equals the given one; None where there are none."""
    bindings: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    for term, value in (
        (template.subject, triple.subject),
        (template.predicate, triple.predicate),
        (template.object, triple.object),
    ):
        if isinstance(term, Var):
            if bindings.setdefault(term.name, value) != value:
                return None
        elif term != value:
            return None
    return bindings
