"""NOT EXISTS as MINUS, where the two are provably equal.

Engines run a NOT EXISTS of several patterns once for each row, often as nested loops; MINUS runs them once for all. The
two are equal when every variable that both sides share is bound for certain on both, there is one, and nothing within
reads a variable that only the outside binds. Source: SPARQL 1.1, section 8.3.3.
"""

from __future__ import annotations

from graphsc.validation.compiler.binding import certain, visible, walks_nowhere
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
    Triple,
    Union,
    Var,
    nodes,
    rebuilt,
    variables,
)

_SEVERAL = 2


def antijoined(group: Group) -> Group:
    """The pattern with every NOT EXISTS that may be one as a MINUS, at the end of its group."""

    def change(node: object) -> object:
        if not isinstance(node, Group):
            return node
        outside = Group(tuple(part for part in node.parts if not isinstance(part, Filter)))
        kept: list[Part] = []
        taken: list[Part] = []
        for part in node.parts:
            if isinstance(part, Filter) and isinstance(part.expression, Exists) and not part.expression.positive:
                inner = part.expression.group
                if _is_work(inner) and _equal(outside, inner):
                    taken.append(Minus(inner))
                    continue
            kept.append(part)
        return Group((*kept, *taken))

    return rebuilt(group, change)


def _is_work(inner: Group) -> bool:
    """Whether there is more than one lookup to it."""
    triples = [node for node in nodes(inner) if isinstance(node, Triple)]
    return len(triples) >= _SEVERAL or any(
        not isinstance(one.predicate, Var) and variables(one) for one in triples if not _simple(one)
    )


def _simple(triple: Triple) -> bool:
    return not hasattr(triple.predicate, "__dataclass_fields__") or isinstance(triple.predicate, Var)


def _equal(outside: Group, inner: Group) -> bool:
    shared = variables(inner) & visible(outside)
    bound = certain(inner)
    return (
        bool(shared)
        and shared <= certain(outside)
        and shared <= bound
        and _closed(inner, shared)
        and not walks_nowhere(inner, shared)
        and not any(isinstance(node, Select | Named) for node in nodes(inner))
    )


def _closed(group: Group, shared: set[str]) -> bool:
    """Whether everything in a group that reads a shared variable finds it bound within that very group."""
    bound: set[str] = set()
    everything = certain(group)
    for part in group.parts:
        read = variables(part) & shared
        match part:
            case Filter() if not read <= everything:
                return False
            case Bind() if not read <= bound:
                return False
            case Optional(inner) if not read <= bound or not _closed_within(inner, shared, bound):
                return False
            case Union(groups) if not all(_closed(one, shared) for one in groups):
                return False
            case Group() if not _closed(part, shared):
                return False
            case Minus():
                return False
            case _:
                pass
        bound |= certain(part)
    return True


def _closed_within(inner: Group, shared: set[str], around: set[str]) -> bool:
    """An OPTIONAL's own filters see what is bound around it; anything deeper does not."""
    plain = all(isinstance(part, Triple | Filter) for part in inner.parts)
    return plain and all(variables(part) & shared <= around | certain(inner) for part in inner.parts)
