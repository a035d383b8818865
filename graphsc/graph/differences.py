"""How a file differs from the register, fact by fact: a supplier's answer, or an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.sources.mapped.paths import Unread

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
    """How the values of one property of one thing differ, in N-Triples; of a new thing, its classes."""

    kind: Kind
    subject: str
    predicate: str
    recorded: tuple[str, ...]
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Names that may be of the same thing, the things that have them, and why."""

    names: tuple[str, ...]
    things: tuple[str, ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class Merged:
    """An imported organisation with the company number of a recorded one, whose id it gets."""

    iri: str
    kept: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a mapping makes of files, and how that compares with the register.

    ``counts`` are the things by class. ``problems`` name each value that was not understood; ``unread`` what was not read.
    ``differences`` is None without a register; ``names`` has the name of each thing by its IRI. ``quads`` may be written to
    the register: what it contradicts is left out.
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
    """The name of each thing by its IRI: of several names the first."""
    result: dict[str, str] = {}
    for quad in labels:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            result.setdefault(quad.subject.value, quad.object.value)
    return result


def values(facts: Iterable[Fact]) -> dict[tuple[str, str], set[str]]:
    """The objects of facts, by subject and predicate."""
    result: dict[tuple[str, str], set[str]] = {}
    for subject, predicate, object_ in facts:
        result.setdefault((subject, predicate), set()).add(object_)
    return result
