"""What the pattern of a query holds: which triples, and whether they are to be there or not.

For knowing what a rule reads and builds on the absence of, and for showing the facts beneath a conclusion. Both ask
one graph, and speak of things that can be named: GRAPH and blank nodes are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sparql import form
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.syntax import (
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
    Var,
    nodes,
)

_TYPE = ox.NamedNode(RDF_TYPE)
_OPERATORS = frozenset({"=", "!=", "<", ">", "<=", ">="})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A FILTER that is nothing but a comparison of two terms."""

    left: Term
    operator: str
    right: Term


@dataclass(frozen=True, slots=True)
class Pattern:
    """What stands between two braces.

    ``kind`` tells how it is joined to what is around it: ``and``, ``optional``, ``either`` (one branch of a
    UNION), ``absent`` (MINUS, or a FILTER that is NOT EXISTS), ``asked`` (EXISTS or NOT EXISTS as a part of a
    larger expression) or ``select`` (a sub-select that computes: counts, takes a maximum, a first few).
    ``comparisons`` are its FILTERs that compare two terms; ``conditional`` says that it has others.
    ``group`` is the pattern as it was read.
    """

    kind: str
    group: Group
    triples: tuple[Triple, ...]
    within: tuple[Pattern, ...]
    comparisons: tuple[Comparison, ...]
    conditional: bool

    def walk(self, *, absent: bool = False) -> Iterator[tuple[Triple, bool]]:
        """Every triple in and below the pattern, and whether its absence or its number may matter."""
        absent = absent or self.kind in {"absent", "asked", "select"}
        for triple in self.triples:
            yield triple, absent
        for inner in self.within:
            yield from inner.walk(absent=absent)


def pattern(group: Group, kind: str = "and") -> Pattern:
    """What a group holds; ValueError where it asks for what has no name."""
    if kind == "and" and len(group.parts) == 1 and isinstance(group.parts[0], Select):
        return _selected(group.parts[0])
    triples: list[Triple] = []
    within: list[Pattern] = []
    comparisons: list[Comparison] = []
    conditional = False
    for part in group.parts:
        match part:
            case Triple(subject=ox.BlankNode()) | Triple(object=ox.BlankNode()):
                raise ValueError("a blank node stands in it: write a variable instead")
            case Triple():
                triples.append(part)
            case Filter(Exists(inner, positive)):
                within.append(pattern(inner, "and" if positive else "absent"))
            case Filter(
                Call(
                    str() as operator,
                    (Var() | ox.NamedNode() | ox.Literal() as left, Var() | ox.NamedNode() | ox.Literal() as right),
                )
            ) if operator in _OPERATORS:
                comparisons.append(Comparison(left, operator, right))
            case Filter(expression):
                conditional = True
                within += _tested(expression)
            case _:
                within += _below(part)
    return Pattern(kind, group, tuple(triples), tuple(within), tuple(comparisons), conditional)


def _below(part: Part) -> Iterator[Pattern]:
    """The patterns in a part that is no triple and no FILTER."""
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
            raise ValueError("GRAPH stands in it: it is asked of all that is known")


def _selected(part: Select) -> Pattern:
    """A sub-select: one that only chooses variables says what its pattern says, and no more."""
    expressions = [column.expression for column in part.projected if column.expression is not None]
    grouped = [projected.expression if isinstance(projected, Projected) else projected for projected in part.group_by]
    ordered = [expression for _, expression in part.order]
    computed = [*expressions, *(var for var in grouped if var is not None), *part.having, *ordered]
    plain = not computed and (part.limit, part.offset, part.values) == (None, None, None)
    nested = (inner for expression in computed for inner in _tested(expression))
    within = (pattern(part.where), *nested)
    return Pattern("and" if plain else "select", Group((part,)), (), within, (), conditional=False)


def _tested(expression: Expression) -> Iterator[Pattern]:
    """The patterns whose presence or absence an expression asks for."""
    match expression:
        case Exists(inner, _):
            yield pattern(inner, "asked")
        case Call(_, arguments):
            for argument in arguments:
                yield from _tested(argument)
        case Aggregate(argument=Exists() | Call() | Aggregate() as argument):
            yield from _tested(argument)


def without_absences(group: Pattern) -> Pattern:
    """The pattern without what must not be there in it (MINUS, NOT EXISTS); the pattern itself where there is none."""
    within = tuple(inner for inner in group.within if inner.kind != "absent")
    if within == group.within:
        return group
    parts = tuple(part for part in group.group.parts if not isinstance(part, Minus | Filter) or not _is_absence(part))
    return replace(group, group=Group(parts), within=within)


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
    """The bindings under which a template triple is the given one; None when it never is."""
    bound: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    for term, value in (
        (template.subject, triple.subject),
        (template.predicate, triple.predicate),
        (template.object, triple.object),
    ):
        if isinstance(term, Var):
            if bound.setdefault(term.name, value) != value:
                return None
        elif term != value:
            return None
    return bound


@lru_cache(maxsize=4096)
def asks_for(query: str, open_properties: frozenset[str] | None = None) -> frozenset[str] | None:
    """The properties whose facts can make a difference to a query; None where any might.

    Any may where a property is a variable or excluded, where a path of no length may begin at what no other pattern binds,
    where graphs are named, and where the query is not understood. Every node has a class: ``rdf:type`` stands with the one
    that a query names, as N-Triples writes it, behind a space. ``open_properties`` are all that a variable property can be, where
    that is known.
    """
    try:
        where = read_construct(query).rows if form(query) == "CONSTRUCT" else read(query)
    except ValueError:
        return None
    named: set[str] = set()
    for node in nodes(where):
        if isinstance(node, Named | Negated):
            return None
        if isinstance(node, Triple):
            if isinstance(node.predicate, Var):
                if open_properties is None:
                    return None
                named |= open_properties
                continue
            if not _has_length(node.predicate):
                return None
            if node.predicate == _TYPE and isinstance(node.object, ox.NamedNode):
                named.add(f"{RDF_TYPE} {node.object}")
            else:
                named |= {*properties(node.predicate)}
    return frozenset(named)


def is_among(fact: str, facts: Collection[str] | None) -> bool:
    """Whether a fact, a property or ``rdf:type`` with a class, is one of those that `asks_for` gives."""
    return facts is None or fact in facts or fact.partition(" ")[0] in facts


def _has_length(path: Path) -> bool:
    """Whether all that a path leads to is at an end of some fact of its properties."""
    match path:
        case Inverse(inner):
            return _has_length(inner)
        case Sequence(paths):
            return any(map(_has_length, paths))
        case Alternative(paths):
            return all(map(_has_length, paths))
        case Repeat(inner, sign):
            return sign == "+" and _has_length(inner)
    return True
