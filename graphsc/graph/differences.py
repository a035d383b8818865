"""What a file says otherwise than the register, as facts: a supplier's answer or an import beside what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.sources.mapped.unread import Unread

Fact = tuple[str, str, str]
"""Subject, predicate and object as in N-Triples."""


class Kind(StrEnum):
    """How the values of a property of a thing differ from what is recorded."""

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


@dataclass(frozen=True, slots=True)
class Alike:
    """Names that may be one thing, the things that have them, and why."""

    names: tuple[str, ...]
    things: tuple[str, ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class Merged:
    """An organisation of the import that has the company number of another, and goes by the other's id."""

    iri: str
    kept: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What files say by a mapping, and how that stands to the register.

    ``counts`` are the things by class. ``problems`` name each value that was not understood; ``unread`` what was not read.
    ``differences`` is None without a register; ``names`` are what things are called, by IRI. ``quads`` is what may be written, without what the register says otherwise.
    """

    name: str
    title: Text
    files: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    unread: tuple[Unread, ...]
    merged: tuple[Merged, ...]
    alike: tuple[Alike, ...]
    differences: tuple[Difference, ...] | None
    names: Mapping[str, str]
    quads: tuple[Quad, ...]
    base: str


def fact(quad: Quad) -> Fact:
    """A statement without its graph."""
    return str(quad.subject), str(quad.predicate), str(quad.object)


def names(labels: Iterable[Quad]) -> dict[str, str]:
    """What things are called, by IRI: of several names the first."""
    by: dict[str, str] = {}
    for quad in labels:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            by.setdefault(quad.subject.value, quad.object.value)
    return by


def values(facts: Iterable[Fact]) -> dict[tuple[str, str], set[str]]:
    """The objects of facts, by subject and predicate."""
    by: dict[tuple[str, str], set[str]] = {}
    for subject, predicate, object_ in facts:
        by.setdefault((subject, predicate), set()).add(object_)
    return by
