"""A query asked about a few keys only.

The keys stand as VALUES at the start of every group that binds the key for certain, so that no part of the query is
worked out for more than it needs to be. A MINUS that must be equal to a NOT EXISTS becomes one: for a few rows looking
up is quicker than gathering all that is to be taken away. The rows are those of the query whose key is among the given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyoxigraph as ox

from graphsc.validation.compiler.antijoins import equal
from graphsc.validation.compiler.binding import certain, visible
from graphsc.validation.compiler.syntax import (
    Bind,
    Exists,
    Filter,
    Group,
    Minus,
    Named,
    Optional,
    Part,
    Select,
    Union,
    Values,
    Var,
    variables,
)

HERE = ox.NamedNode("urn:graphsc:keys")
"""Stands in a prepared query where the keys go."""


def prepared(query: Select | Group, key: str) -> Select | Group | None:
    """A query for the rows whose key is ``HERE``; None where some row may have no key, or the key is lost on the way."""
    if isinstance(query, Select):
        where = prepared(query.where, key) if _passes(query, key) else None
        return replace(query, where=where) if isinstance(where, Group) else None
    if key not in certain(query):
        return None
    narrow = _restricted(query, key)
    return narrow if _bindable(query, key) else Group((*narrow.parts, _keys(key)))


def filled(query: str, keys: Iterable[object]) -> str:
    """A prepared query with its keys."""
    return query.replace(f"({HERE})", " ".join(sorted(f"({key})" for key in keys)))


def _keys(key: str) -> Values:
    return Values((Var(key),), ((HERE,),))


def _bindable(group: Group, key: str) -> bool:
    """Whether a key may be bound from the start of a group on: nothing that looks at what is bound comes before it is."""
    first = next((n for n, part in enumerate(group.parts) if isinstance(part, Optional | Minus | Bind)), None)
    binds = any(isinstance(part, Bind) and part.variable.name == key for part in group.parts)
    return not binds and key in certain(Group(group.parts[:first]))


def _restricted(group: Group, key: str) -> Group:
    """The group without rows that no row with one of the keys can be made of."""
    parts = tuple(_within(place, part, key, group) for place, part in enumerate(group.parts))
    return Group((_keys(key), *parts)) if _bindable(group, key) else Group(parts)


def _within(place: int, part: Part, key: str, around: Group) -> Part:
    before, after = (
        Group(tuple(one for one in parts if not isinstance(one, Filter)))
        for parts in (around.parts[:place], around.parts[place + 1 :])
    )
    match part:
        case Group():
            return _restricted(part, key)
        case Union(groups):
            return Union(tuple(_restricted(group, key) for group in groups))
        case Named(name, group):
            return Named(name, _restricted(group, key))
        case Optional(group) if key in certain(before):
            return Optional(_restricted(group, key))
        case Minus(group) if equal(before, group) and not (variables(group) & visible(after)) - certain(before):
            return Filter(Exists(group, positive=False))
        case Minus(group) if key in certain(before):
            return Minus(_restricted(group, key))
        case Select() if _passes(part, key):
            return replace(part, where=_restricted(part.where, key))
        case _:
            return part


def _passes(part: Select, key: str) -> bool:
    """Whether taking rows away before a sub-select is finished is the same as after."""
    if part.limit is not None or part.offset is not None or part.values is not None:
        return False
    if part.projected and key not in {one.variable.name for one in part.projected if one.expression is None}:
        return False
    return not part.aggregates or Var(key) in part.group_by
