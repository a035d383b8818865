"""A query asked about a few keys only.

The keys stand as VALUES at the start of every group that binds the key for certain, so that no part of the query is
worked out for more than it needs to be. A MINUS that must be equal to a NOT EXISTS becomes one: for a few rows looking
up is quicker than gathering all that is to be taken away. The rows are those of the query whose key is among the given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyoxigraph as ox

from graphsc.sparql.antijoins import equal, way
from graphsc.sparql.binding import certain, visible
from graphsc.sparql.syntax import (
    Aggregate,
    Bind,
    Exists,
    Filter,
    Group,
    Minus,
    Named,
    Optional,
    Part,
    Select,
    Triple,
    Union,
    Values,
    Var,
    nodes,
    rebuilt,
    variables,
)

HERE = ox.NamedNode("urn:graphsc:keys")
"""Stands in a prepared query where the keys go."""


def prepared(query: Select | Group, key: str, *, few: bool) -> Select | Group | None:
    """A query for the rows whose key is ``HERE``; None where some row may have no key, or the key is lost on the way.

    For ``few`` keys, looking up whether there is something comes before gathering all that there is. A group stands for
    a CONSTRUCT, of which it does not matter how often a row comes.
    """
    if isinstance(query, Group):
        return _narrowed(opened(query) if few else query, key, few=few)
    if not _passes(query, key):
        return None
    once = query.distinct == "DISTINCT" and not query.aggregates
    where = _narrowed(opened(query.where) if few and once else query.where, key, few=few)
    return None if where is None else replace(query, where=where)


def _narrowed(group: Group, key: str, *, few: bool) -> Group | None:
    if key not in certain(group):
        return None
    narrow = _Narrowing(key, few)
    narrowed, done = narrow.group(group)
    return narrowed if done else Group((*narrowed.parts, narrow.values))


def opened(group: Group, taken: set[str] | None = None) -> Group:
    """A group with its plain sub-selects opened, so that an engine may begin wherever it knows most.

    How often a row comes must not matter. ``taken`` are the names of the variables around it, to which new ones are added.
    """
    taken = variables(group) if taken is None else taken
    parts: list[Part] = []
    for part in group.parts:
        match part:
            case Select() if _is_plain(part):
                hidden = variables(part.where) - {column.variable.name for column in part.projected}
                fresh = {name: _fresh(name, taken) for name in sorted(hidden)} if part.projected else {}
                taken |= set(fresh.values())
                parts += opened(_renamed(part.where, fresh), taken).parts
            case Select() if _of_extremes(part):
                parts.append(replace(part, where=opened(part.where, taken)))
            case Group():
                parts.append(opened(part, taken))
            case Optional(inner):
                parts.append(Optional(opened(inner, taken)))
            case Union(groups):
                parts.append(Union(tuple(opened(item, taken) for item in groups)))
            case _:
                parts.append(part)
    return Group(tuple(parts))


def _is_plain(part: Select) -> bool:
    """Whether a sub-select only joins triples and chooses variables."""
    return (
        part.limit is None
        and part.offset is None
        and part.values is None
        and not part.aggregates
        and all(column.expression is None for column in part.projected)
        and all(
            isinstance(triple, Triple) or (isinstance(triple, Select) and _is_plain(triple))
            for triple in part.where.parts
        )
    )


def _of_extremes(part: Select) -> bool:
    """Whether a sub-select groups rows, and how often a row comes does not matter to what it finds of a group."""
    aggregates = [node for node in nodes((part.projected, part.having)) if isinstance(node, Aggregate)]
    return part.aggregates and all(aggregate.distinct or aggregate.name in {"MIN", "MAX"} for aggregate in aggregates)


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _renamed(group: Group, names: Mapping[str, str]) -> Group:
    return rebuilt(group, lambda item: Var(names.get(item.name, item.name)) if isinstance(item, Var) else item)


def filled(query: str, keys: Iterable[object]) -> str:
    """A prepared query with its keys."""
    return query.replace(f"({HERE})", " ".join(sorted(f"({key})" for key in keys)))


class _Narrowing:
    """Takes from a pattern the rows that no row with one of the keys can be made of."""

    def __init__(self, key: str, few: bool) -> None:
        self._key, self._few = key, few
        self.values = Values((Var(key),), ((HERE,),))

    def group(self, group: Group) -> tuple[Group, bool]:
        """The group narrowed, and whether every row of it has one of the keys."""
        result = [self._part(place, part, group) for place, part in enumerate(group.parts)]
        parts, done = tuple(part for part, _ in result), any(one for _, one in result)
        first = self._untouched(group)
        directly = self._key in certain(Group(tuple(part for part in first.parts if isinstance(part, Triple))))
        if directly or (not done and self._key in certain(first)):
            return Group((self.values, *parts)), True
        return Group(parts), done

    def _untouched(self, group: Group) -> Group:
        """The parts before the first that looks at what is bound; none where the group itself binds the key."""
        if any(isinstance(part, Bind) and part.variable.name == self._key for part in group.parts):
            return Group()
        first = next((place for place, part in enumerate(group.parts) if self._looks(part)), None)
        return Group(group.parts[:first])

    def _looks(self, part: Part) -> bool:
        if isinstance(part, Bind):
            return self._key in variables(part.expression)
        return isinstance(part, Optional | Minus)

    def _part(self, place: int, part: Part, around: Group) -> tuple[Part, bool]:
        before, after = (
            Group(tuple(triple for triple in parts if not isinstance(triple, Filter)))
            for parts in (around.parts[:place], around.parts[place + 1 :])
        )
        match part:
            case Group():
                return self.group(part)
            case Union(groups):
                branches = [self.group(group) for group in groups]
                return Union(tuple(group for group, _ in branches)), all(done for _, done in branches)
            case Named(name, group):
                inner, done = self.group(group)
                return Named(name, inner), done
            case Select() if _passes(part, self._key):
                inner, done = self.group(part.where)
                return replace(part, where=inner), done
            case Optional(group) if self._key in certain(before):
                return Optional(self.group(group)[0]), False
            case Minus(group) if self._few and _is_absence(before, group, after):
                return Filter(Exists(chained(group, certain(before)), positive=False)), False
            case Filter(Exists(group, positive)) if self._few:
                return Filter(Exists(chained(group, certain(before) | certain(after)), positive)), False
            case Minus(group) if self._key in certain(before):
                return Minus(self.group(Group((*self._leading(before, group), *group.parts)))[0]), False
            case _:
                return part, False

    def _leading(self, before: Group, group: Group) -> list[Triple]:
        """The triples of the outside that lead from the key to what a MINUS shares with it.

        A row of the outside satisfies its own triples, so they take nothing from what the MINUS takes away. But a MINUS that
        shares nothing takes nothing away, and a condition in it that reads a variable of the outside does not hold: neither
        may be changed.
        """
        shared = certain(group) & certain(before)
        if self._key in shared or not shared:
            return []
        triples = [part for part in before.parts if isinstance(part, Triple)]
        result: list[Triple] = []
        reached = {self._key}
        for name in sorted(shared):
            if name not in reached:
                result += [triple for triple in way(triples, reached, name) if triple not in result]
                reached |= variables(tuple(result))
        return [] if (variables(group) - certain(group)) & variables(tuple(result)) else result


def chained(group: Group, bound: set[str]) -> Group:
    """A pattern that is only asked whether it holds, one triple within the other, each led to by what is bound.

    An engine that does not know what is bound around a pattern may begin at its wrong end; so it is left no choice.
    """
    triples = [part for part in group.parts if isinstance(part, Triple)]
    filters = [part for part in group.parts if isinstance(part, Filter)]
    if len(triples) < _SEVERAL or len(triples) + len(filters) < len(group.parts):
        return group
    known = set(bound)
    order: list[Triple] = []
    while triples:
        order.append(min(triples, key=lambda triple: _worth(triple, known)))
        triples.remove(order[-1])
        known |= variables(order[-1])
    parts: tuple[Part, ...] = ()
    for place in reversed(range(len(order))):
        before = bound.union(*(variables(triple) for triple in order[:place]))
        here = before | variables(order[place])
        own = [
            item
            for item in filters
            if variables(item) & known <= here and (place == 0 or not variables(item) & known <= before)
        ]
        inner: tuple[Part, ...] = (Filter(Exists(Group(parts))),) if parts else ()
        parts = (order[place], *own, *inner)
    return Group(parts)


_SEVERAL = 2


def _worth(triple: Triple, bound: set[str]) -> int:
    """How late to ask for a triple: after those that more is known of, and of which a variable is known."""
    ends = [not isinstance(end, Var) or end.name in bound for end in (triple.subject, triple.object)]
    named = any(isinstance(end, Var) and end.name in bound for end in (triple.subject, triple.object))
    return (0 if all(ends) else 2 if any(ends) else 4) + (0 if named else 1)


def _is_absence(before: Group, group: Group, after: Group) -> bool:
    """Whether a MINUS is the same as a NOT EXISTS."""
    return equal(before, group) and not (variables(group) & visible(after)) - certain(before)


def _passes(part: Select, key: str) -> bool:
    """Whether taking rows away before a sub-select is finished is the same as after."""
    if part.limit is not None or part.offset is not None or part.values is not None:
        return False
    if part.projected and key not in {column.variable.name for column in part.projected if column.expression is None}:
        return False
    return not part.aggregates or Var(key) in part.group_by
