"""What a file says otherwise than the register, as facts: a supplier's answer or an import beside what is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Quad

Fact = tuple[str, str, str]
"""Subject, predicate and object as in N-Triples."""


class Kind(StrEnum):
    """What is said of a property of a thing, beside what is recorded."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    CONTRADICTING = "contradicting"


@dataclass(frozen=True, slots=True)
class Difference:
    """What is said otherwise of one property of one thing; values as in N-Triples. Of a new thing, what it is."""

    kind: Kind
    subject: str
    predicate: str
    recorded: tuple[str, ...]
    answered: tuple[str, ...]


def fact(quad: Quad) -> Fact:
    """A statement without its graph."""
    return str(quad.subject), str(quad.predicate), str(quad.object)


def values(facts: Iterable[Fact]) -> dict[tuple[str, str], set[str]]:
    """The objects of facts, by subject and predicate."""
    by: dict[tuple[str, str], set[str]] = {}
    for subject, predicate, object_ in facts:
        by.setdefault((subject, predicate), set()).add(object_)
    return by
