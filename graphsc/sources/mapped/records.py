"""The contents of a mapping: the records of a document and their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsc.core.text import Text
from graphsc.sources.mapped.paths import Path

Paths = tuple[Path, ...]
"""Several paths, of which the first that has a value counts."""

FORMATS = ("json", "xml", "rdf", "table")


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is read: there are all of some, any of others and none of others, and a text at a place is right.

    The text is one of ``among``, or none of ``besides``, or a number over ``above``.
    """

    has: Paths = ()
    any: Paths = ()
    lacks: Paths = ()
    at: Paths = ()
    among: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    above: float | None = None


Conditions = tuple[Condition, ...]
"""All of them must be met."""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What is read at one place of a thing, and the property that it fills.

    ``record`` is the kind of thing that the property leads to, or the name of one. ``constant`` is said of every thing that has
    anything at the place. A thing without a ``required`` field is not taken over. Of several values ``first`` takes one;
    ``paired`` that with the number of the value that the thing was made of; ``last`` is what stands after the last ``/`` or ``#`` of it.
    """

    at: Paths
    property: str
    values: Mapping[str, str] = field(default_factory=dict)
    record: RecordMapping | str | None = None
    inverse: bool = False
    required: bool = False
    first: bool = False
    split: str = ""
    paired: bool = False
    last: bool = False
    constant: str | None = None
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """One kind of thing: where it is, its class, its key and its fields; ``within`` are texts that are put before its key."""

    at: Path
    cls: str
    key: Paths | None
    prefix: str
    fields: tuple[FieldMapping, ...]
    within: tuple[Paths, ...] = ()
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The places of the things that ``{name}`` leads to, and the key of the text for each."""

    name: str
    at: Paths
    key: Path


@dataclass(frozen=True, slots=True)
class Aside:
    """A pattern of paths that are left out on purpose, with ``*`` for anything, and the reason."""

    pattern: str
    reason: Text

    def covers(self, path: str) -> bool:
        """Whether a path, or one of its beginnings, is left out."""
        regex = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return re.fullmatch(rf"{regex}(?:[.\[].*)?", path) is not None


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """A mapping for documents of one shape; ``shared`` are records that several fields lead to, by name."""

    title: Text
    records: tuple[RecordMapping, ...]
    formats: tuple[str, ...] = ("json",)
    shared: Mapping[str, RecordMapping] = field(default_factory=dict)
    indexes: tuple[Index, ...] = ()
    aside: tuple[Aside, ...] = ()

    def record(self, reference: RecordMapping | str) -> RecordMapping:
        """A record, given as itself or by its name."""
        return self.shared[reference] if isinstance(reference, str) else reference
