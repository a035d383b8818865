"""Queries rewritten for Oxigraph: the same rows, but each pattern is looked up with what earlier patterns bound.

Oxigraph 0.5 looks up each triple of an EXISTS by itself, knowing only what is bound around it, and orders the patterns of
a UNION as if nothing were bound. Hence an EXISTS of several triples becomes nested ones, and the triples beside UNIONs
are copied into each of their groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from functools import lru_cache

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sparql import form
from graphsc.sparql.binding import certain
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import (
    Aggregate,
    Alternative,
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Group,
    Minus,
    Optional,
    Part,
    Select,
    Sequence,
    Triple,
    Union,
    Values,
    Var,
    nodes,
    variables,
)

_TYPE = ox.NamedNode(RDF_TYPE)
_JOINED = Triple | Union | Select | Group | Values | Filter
"""Parts whose order does not matter; a filter applies to the whole group."""


@lru_cache(maxsize=1024)
def stepwise(query: str) -> str:
    """A CONSTRUCT or a SELECT DISTINCT, rewritten. Raises ValueError for a query that cannot be parsed."""
    if form(query) == "CONSTRUCT":
        construct = read_construct(query)
        return text(replace(construct, rows=_select(construct.rows)))
    select = read(query)
    return text(_select(select)) if isinstance(select, Select) else query


def _select(select: Select) -> Select:
    """A SELECT rewritten, except where it matters how often a row comes: a copied triple that two graphs have adds rows."""
    if not select.distinct and (select.limit, select.offset) != (None, None):
        return select
    aggregates = (node for node in nodes((select.projected, select.having)) if isinstance(node, Aggregate))
    if not all(aggregate.distinct or aggregate.name in {"MIN", "MAX"} for aggregate in aggregates):
        return select
    return replace(select, where=_group(select.where, frozenset()))


def _group(group: Group, outer: Set[str]) -> Group:
    """A group rewritten with its parts; ``outer`` are the variables that the pattern around it binds."""
    parts = _distributed(_options_last(group.parts))
    bound = outer | certain(Group(parts))
    return Group(tuple(_part(part, bound) for part in parts))


def _part(part: Part, bound: Set[str]) -> Part:
    match part:
        case Filter(expression):
            return Filter(_expression(expression, bound))
        case Bind(expression, variable):
            return Bind(_expression(expression, bound), variable)
        case Optional(group):
            return Optional(_group(group, bound))
        case Minus(group):
            return Minus(_group(group, frozenset()))
        case Union(groups):
            return Union(tuple(_group(group, frozenset()) for group in groups))
        case Group():
            return _group(part, frozenset())
        case Select():
            return _select(part)
        case _:
            return part


def _expression(expression: Expression, bound: Set[str]) -> Expression:
    match expression:
        case Exists(group, positive):
            return Exists(_nested(group, bound), positive)
        case Call(name, arguments):
            return Call(name, tuple(_expression(argument, bound) for argument in arguments))
        case _:
            return expression


def _nested(group: Group, outer: Set[str]) -> Group:
    """The pattern of an EXISTS: its most selective triple, the others in an EXISTS within, each filter as early as possible."""
    triples = [part for part in group.parts if isinstance(part, Triple)]
    filters = [part for part in group.parts if isinstance(part, Filter)]
    if _have_blank_nodes(triples) or not triples or len(triples) + len(filters) < len(group.parts):
        return _group(group, outer)
    local = variables(tuple(triples))
    bound = set(outer)
    steps: list[list[Part]] = []
    while triples:
        triple = max(triples, key=lambda triple: _selectivity(triple, bound))
        triples.remove(triple)
        bound |= variables(triple)
        ready = [part for part in filters if not (variables(part) & local) - bound]
        filters = [part for part in filters if part not in ready]
        steps.append([triple, *(_part(part, bound) for part in ready)])
    nested = Group(tuple(steps.pop()))
    for step in reversed(steps):
        nested = Group((*step, Filter(Exists(nested))))
    return nested


def _have_blank_nodes(triples: Iterable[Triple]) -> bool:
    """Whether there are blank nodes: SPARQL allows each in one group only."""
    return any(isinstance(node, ox.BlankNode) for triple in triples for node in (triple.subject, triple.object))


def _selectivity(triple: Triple, bound: Set[str]) -> int:
    """How few solutions a triple pattern is likely to have with these variables bound: 4 the fewest, 0 the most."""
    fixed = [not isinstance(end, Var) or end.name in bound for end in (triple.subject, triple.object)]
    if all(fixed):
        return 4
    if fixed[0]:
        return 3
    if isinstance(triple.object, Var) and fixed[1]:
        return 2
    return int(fixed[1] and triple.predicate != _TYPE)


def _options_last(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with triples and unions moved before the OPTIONALs that bind none of their variables."""
    start = next((place for place, part in enumerate(parts) if isinstance(part, Optional)), len(parts))
    end = start
    while end < len(parts) and isinstance(parts[end], Optional | Filter | Triple | Union):
        end += 1
    joined = tuple(part for part in parts[start:end] if isinstance(part, Triple | Union))
    others = tuple(part for part in parts[start:end] if part not in joined)
    optional = variables(tuple(part for part in others if isinstance(part, Optional)))
    if optional & variables(joined) - certain(Group(parts[:start])):
        return parts
    return (*parts[:start], *joined, *others, *parts[end:])


def _distributed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with the triples beside unions copied into the groups of each, if one of them has several triples to order."""
    end = next((place for place, part in enumerate(parts) if not isinstance(part, _JOINED)), len(parts))
    triples = tuple(part for part in parts[:end] if isinstance(part, Triple))
    unions = [part for part in parts if isinstance(part, Union)]
    groups = [group for union in unions for group in union.groups]
    if not triples or _have_blank_nodes(triples) or any(union not in parts[:end] for union in unions):
        return parts
    if len(unions) > 1 and any(isinstance(node, Sequence | Alternative) for node in nodes(triples)):
        return parts  # a path may have the same ends twice, and then four times
    several = any(sum(isinstance(part, Triple) for part in group.parts) > 1 for group in groups)
    if not several or not all(_joins(triples, group) for group in groups):
        return parts
    return tuple(
        Union(tuple(Group((*triples, *group.parts)) for group in part.groups)) if isinstance(part, Union) else part
        for part in parts
        if part not in triples
    )


def _joins(triples: tuple[Triple, ...], group: Group) -> bool:
    """Whether triples may be put in front of a group's parts: no expression in it reads a variable that only they bind."""
    around = variables(triples)
    bound = set[str]()
    for part in group.parts:
        match part:
            case Triple():
                bound |= variables(part)
            case Bind(expression, variable):
                if variables(expression) & around - bound or variable.name in around:
                    return False
            case Filter():
                pass
            case _:
                return False
    return not any(variables(part) & around - bound for part in group.parts if isinstance(part, Filter))
