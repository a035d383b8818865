"""A document as a tree whose every part knows its place; YAML and JSON are both read into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from graphsc.sources.model import Place

DEPTH_LIMIT = 64
"""Levels of nesting that a document may have; no sensible one comes near."""


class Kind(Enum):
    """What a scalar was written as."""

    PLAIN = "plain"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@dataclass(slots=True)
class Scalar:
    """A single value, as the text it was written as."""

    text: str
    place: Place
    kind: Kind = Kind.STRING

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return self.kind is Kind.NULL or (self.kind is Kind.PLAIN and self.text in ("", "~"))


@dataclass(slots=True)
class Mapping:
    """Keys and values, in the order written, each key once."""

    place: Place
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The value under exactly this key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(slots=True)
class Sequence:
    """Values in the order written."""

    place: Place
    items: list[Node] = field(default_factory=list)


Node = Scalar | Mapping | Sequence
