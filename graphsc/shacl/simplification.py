"""Patterns that say each thing once.

The components write every constraint on its own: the target's pattern stands in the query, in each MINUS of it and in
each shape within it, and a query written by hand asks for the target's class again. All of it is true, most of it is
said elsewhere, and each time it is said an engine looks it up. What is left out here changes no solution, counted once:
that is enough, since every query of a plan is DISTINCT, and what counts is left as it is.
"""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.shacl.domains import INSTANCE
from graphsc.sparql.binding import certain, visible
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
    """The pattern without what it says twice."""
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
    """The parts, each that can be repeated without effect only where it stands first."""
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
    """The parts that hold of every solution of a group of these: its own, and that what is of a class is an instance."""
    lasting = {part for part in parts if not isinstance(part, Minus) and _repeats(part)}
    return frozenset(lasting | _instances(parts))


def _instances(parts: tuple[Part, ...]) -> set[Part]:
    """What is said to be of a class, as what is an instance of it."""
    return {
        Triple(part.subject, INSTANCE, part.object)
        for part in parts
        if isinstance(part, Triple) and part.predicate == _TYPE and isinstance(part.object, ox.NamedNode)
    }


def _lean(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without the instances of a class that are also said to be of that very class."""
    typed = _instances(parts)
    return tuple(part for part in parts if part not in typed)


def _without(inner: Group, implied: frozenset[Part], around: Group) -> Group:
    """The pattern of a MINUS without what is said around it.

    A row around it has one value for each variable of what is said there, and a solution within that is compatible with
    the row has the same: so long as what is left still binds what it shares and what it reads.
    """
    for part in inner.parts:
        if part not in implied or not variables(part) <= certain(around):
            continue
        left = Group(tuple(triple for triple in inner.parts if triple is not part))
        if _stands(left, around):
            inner = left
    return inner


def _stands(inner: Group, around: Group) -> bool:
    """Whether the pattern of a MINUS binds by itself what it shares and what it reads, and joins it together."""
    bound = certain(inner)
    shared = variables(inner) & visible(around)
    triples = [part for part in inner.parts if isinstance(part, Triple)]
    return bool(shared) and shared <= bound and _together([variables(triple) for triple in triples], shared)


def _together(edges: list[set[str]], required: set[str]) -> bool:
    """Whether triples with these variables join the required ones, so that no pairs are made of what is apart."""
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
    """The parts, with those of a query within that only selects joined to them in its place."""
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
    """Whether the pattern of a query within another may stand in its place."""
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
