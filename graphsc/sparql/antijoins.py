"""NOT EXISTS as MINUS, where the two are provably equal.

Engines run a NOT EXISTS of several patterns once for each row, often as nested loops; MINUS runs them once for all. The
two are equal when every variable that both sides share is bound for certain on both, there is one, and nothing within
reads a variable that only the outside binds. Where something does, or where the shared variables are not joined by the
pattern itself and it would give every pair of them, the patterns of the outside that join them are put in as well: a row
of the outside satisfies its own patterns, so this changes nothing. Source: SPARQL 1.1, section 8.3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyoxigraph as ox

from graphsc.sparql.binding import certain, visible, walks_nowhere
from graphsc.sparql.syntax import (
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
    Var,
    nodes,
    variables,
)


def antijoined(group: Group) -> Group:
    """The pattern with every NOT EXISTS that may be one as a MINUS, at the end of its group.

    What stands in an OPTIONAL or an EXISTS sees the variables around it, and is left as it is.
    """
    outside = Group(tuple(part for part in group.parts if not isinstance(part, Filter)))
    kept: list[Part] = []
    taken: list[Part] = []
    for part in group.parts:
        minus = None
        if isinstance(part, Filter) and isinstance(part.expression, Exists) and not part.expression.positive:
            minus = _minus(outside, part.expression.group)
        if minus is None:
            kept.append(_within(part))
        else:
            taken.append(minus)
    return Group((*kept, *taken))


def _within(part: Part) -> Part:
    """A part with what may be a MINUS in the scopes of its own below it."""
    match part:
        case Group():
            return antijoined(part)
        case Union(groups):
            return Union(tuple(antijoined(group) for group in groups))
        case Select():
            return replace(part, where=antijoined(part.where))
        case _:
            return part


def _minus(outside: Group, inner: Group) -> Minus | None:
    """A NOT EXISTS as a MINUS; None where it is one lookup, or not provably equal."""
    if len(inner.parts) == 1 and isinstance(inner.parts[0], Triple) and _is_step(inner.parts[0]):
        return None
    shared = variables(inner) & visible(outside)
    joining = _joining(outside, inner, shared)
    whole = Group((*joining, *inner.parts))
    return Minus(antijoined(whole)) if _equal(outside, whole) else None


def _is_step(triple: Triple) -> bool:
    return isinstance(triple.predicate, Var | ox.NamedNode)


def _joining(outside: Group, inner: Group, shared: set[str]) -> list[Triple]:
    """The triples outside that bind what the pattern only reads, and join what it does not join itself."""
    result: list[Triple] = []
    triples = [part for part in outside.parts if isinstance(part, Triple)]
    together = _components([part for part in inner.parts if isinstance(part, Triple) and _is_step(part)], shared)
    directly = any(shared <= variables(part) for part in inner.parts if isinstance(part, Triple))
    if directly or (len(shared) == 1 and together):
        return result
    reached: set[str] = set()
    for name in sorted(shared):
        if reached and name not in reached:
            steps = _way(triples, reached, name)
            result += [step for step in steps if step not in result]
            reached |= set[str]().union(*(variables(step) for step in steps))
        reached.add(name)
    for name in sorted(shared - visible(inner) - variables(tuple(result))):
        result += [triple for triple in triples if name in variables(triple)][:1]
    return result


def _components(triples: Sequence[Triple], shared: set[str]) -> bool:
    """Whether a triple of the pattern binds the shared variables."""
    return shared <= set[str]().union(*(variables(triple) for triple in triples))


def _way(triples: Sequence[Triple], reached: set[str], name: str) -> list[Triple]:
    """The shortest way over triples from variables that are reached to another; none where there is none."""
    ways: dict[str, list[Triple]] = {item: [] for item in reached}
    level = sorted(reached)
    while level and name not in ways:
        following: list[str] = []
        for here in level:
            for triple in triples:
                if here in variables(triple):
                    for there in sorted(variables(triple) - ways.keys()):
                        ways[there] = [*ways[here], triple]
                        following.append(there)
        level = following
    return ways.get(name, [])


def _equal(outside: Group, inner: Group) -> bool:
    """Whether MINUS and NOT EXISTS of a pattern are the same to what is outside."""
    shared = variables(inner) & visible(outside)
    return (
        bool(shared)
        and shared <= certain(outside)
        and shared <= certain(inner)
        and _closed(inner)
        and not walks_nowhere(inner, variables(inner))
        and not any(isinstance(node, Select | Named | Minus) for node in nodes(inner))
    )


def _closed(group: Group) -> bool:
    """Whether everything in a group that reads a variable finds it bound for certain within that very group."""
    bound: set[str] = set()
    everything = certain(group)
    for part in group.parts:
        match part:
            case Filter(Exists(inner)) if not variables(inner) & visible(group) <= everything:
                return False
            case Filter(Exists(inner)) if not _reads(inner) <= everything | visible(inner):
                return False
            case Filter(expression) if not isinstance(expression, Exists) and not variables(part) <= everything:
                return False
            case Bind(expression, _) if not variables(expression) <= bound:
                return False
            case Optional(inner) if not _plain(inner, bound):
                return False
            case Union(groups) if not all(_closed(item) for item in groups):
                return False
            case Group() if not _closed(part):
                return False
            case _:
                pass
        bound |= certain(part)
    return True


def _reads(group: Group) -> set[str]:
    """The variables that the expressions of a pattern read, at any depth."""
    return set[str]().union(*(variables(node) for node in nodes(group) if isinstance(node, Filter | Bind)))


def _plain(inner: Group, around: set[str]) -> bool:
    """An OPTIONAL of triples and conditions that read what is bound in or around it."""
    bound = around | certain(inner)
    return all(isinstance(part, Triple | Filter) for part in inner.parts) and all(
        variables(part) <= bound for part in inner.parts if isinstance(part, Filter)
    )
