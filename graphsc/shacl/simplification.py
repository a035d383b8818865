"""Patterns without redundant parts.

Each component is compiled on its own: the target's pattern stands in the query, in each MINUS of it and in each nested
shape, and a SPARQL-based constraint often repeats the target's class. An engine looks up every repetition. What is left out
here changes no distinct solution; that is enough, since every query of a plan is DISTINCT. Aggregates are left as they are.
"""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sparql.patterns import INSTANCE, certain, visible
from graphsc.sparql.syntax import (
    Exists,
    Filter,
    Group,
    Minus,
    Part,
    Select,
    Triple,
    Union,
    Values,
    nodes,
    variables,
)

_TYPE = ox.NamedNode(RDF_TYPE)


def simplified(group: Group) -> Group:
    """The pattern without redundant parts."""
    parts = _distinct(_opened(group.parts))
    implied = _implied(parts)
    return Group(tuple(_within(part, implied, parts) for part in _lean(parts)))


def _within(part: Part, implied: frozenset[Part], around: tuple[Part, ...]) -> Part:
    match part:
        case Minus(group):
            return Minus(_without(simplified(group), implied, Group(around)))
        case Union(groups):
            return Union(tuple(simplified(item) for item in groups))
        case Group():
            return simplified(part)
        case Select() if not part.aggregates and part.limit is None and part.offset is None:
            return replace(part, where=simplified(part.where))
        case _:
            return part


def _distinct(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without repetitions that have no effect."""
    triples: list[Part] = []
    for part in parts:
        if part not in triples or not _repeats(part):
            triples.append(part)
    return tuple(triples)


def _repeats(part: Part) -> bool:
    """Whether joining a part to a pattern that has it changes nothing."""
    match part:
        case Triple():
            return not any(isinstance(var, ox.BlankNode) for var in (part.subject, part.object))
        case Values() | Union() | Select():
            return visible(part) <= certain(part)
        case Minus():
            return True
        case _:
            return False


def _implied(parts: tuple[Part, ...]) -> frozenset[Part]:
    """The parts that hold for every solution of a group of these: themselves, and that a node of a class is an instance of it."""
    lasting = {part for part in parts if not isinstance(part, Minus) and _repeats(part)}
    return frozenset(lasting | _instances(parts))


def _instances(parts: tuple[Part, ...]) -> set[Part]:
    """For each triple of rdf:type, the triple of the path for instances."""
    return {
        Triple(part.subject, INSTANCE, part.object)
        for part in parts
        if isinstance(part, Triple) and part.predicate == _TYPE and isinstance(part.object, ox.NamedNode)
    }


def _lean(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without instance patterns that a triple of rdf:type implies."""
    typed = _instances(parts)
    return tuple(part for part in parts if part not in typed)


def _without(inner: Group, implied: frozenset[Part], around: Group) -> Group:
    """The pattern of a MINUS without the parts that the group around it implies.

    A solution of the MINUS that is compatible with a row around it has the same values for the variables of such a part,
    as long as the remaining parts still bind the shared variables and those that they read.
    """
    for part in inner.parts:
        if part not in implied or not variables(part) <= certain(around):
            continue
        remaining = Group(tuple(other for other in inner.parts if other is not part))
        if _is_self_contained(remaining, around):
            inner = remaining
    return inner


def _is_self_contained(inner: Group, around: Group) -> bool:
    """Whether the pattern of a MINUS itself binds the variables that it shares, and joins them."""
    bound = certain(inner)
    shared = variables(inner) & visible(around)
    triples = [part for part in inner.parts if isinstance(part, Triple)]
    return bool(shared) and shared <= bound and _are_joined([variables(triple) for triple in triples], shared)


def _are_joined(edges: list[set[str]], required: set[str]) -> bool:
    """Whether triples with these variables are connected and contain the required ones, so that no cross product arises."""
    waiting = [edge for edge in edges if edge]
    if not waiting:
        return False
    reached = waiting.pop(0)
    grown = True
    while grown:
        near = [edge for edge in waiting if edge & reached]
        waiting = [edge for edge in waiting if not edge & reached]
        grown = bool(near)
        reached = reached.union(*near)
    return required <= reached and not waiting


def _opened(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with each plain sub-select replaced by its parts."""
    triples = list(parts)
    removed: list[Part] = []
    for part in parts:
        if not isinstance(part, Select):
            continue
        others = Group(tuple(triple for triple in triples if triple is not part) + tuple(removed))
        if _is_plain(part, others):
            place = triples.index(part)
            triples[place : place + 1] = [triple for triple in part.where.parts if not isinstance(triple, Minus)]
            removed += [minus for minus in part.where.parts if isinstance(minus, Minus)]
    return (*triples, *removed)


def _is_plain(select: Select, others: Group) -> bool:
    """Whether a sub-select may be replaced by its pattern."""
    where = select.where
    projected = {column.variable.name for column in select.projected if column.expression is None}
    if (
        select.aggregates or select.order or select.limit is not None or select.offset is not None
        or select.values is not None or len(projected) != len(select.projected)
    ):  # fmt: skip
        return False
    bound = certain(where)
    if not projected == bound == visible(where) or any(isinstance(node, ox.BlankNode) for node in nodes(where)):
        return False
    around = variables(others)
    for part in where.parts:
        match part:
            case Triple() | Values() | Union():
                pass
            case Filter(expression):
                if any(isinstance(node, Exists) for node in nodes(expression)) or not variables(expression) <= bound:
                    return False
            case Minus(inner):
                if (variables(inner) & around) - projected or not variables(inner) & projected <= certain(inner):
                    return False
            case _:
                return False
    return True
