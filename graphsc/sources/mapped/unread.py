"""The parts of a document that a mapping does not read, so that they can be reported."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.sources.mapped.records import DocumentMapping
from graphsc.sources.tree import Mapping, Node, Scalar


@dataclass(slots=True)
class Unread:
    """The unread values at one path: their number, the place of the first, and the reason if that is on purpose."""

    path: str
    count: int
    first: Location
    reason: Text | None = None


@dataclass(slots=True)
class Gathering:
    """The read and unread values of several documents, by path."""

    unread: dict[str, Unread] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def add(self, file: str, root: Node, used: Collection[int]) -> None:
        """Add a document; ``used`` are the values that were read, by identity."""
        for path, value in _leaves(root):
            if id(value) in used:
                self.read.add(path)
            elif not value.empty:
                self.unread.setdefault(path, Unread(path, 0, Location.at(file, value.place))).count += 1

    def summary(self, mapping: DocumentMapping) -> list[Unread]:
        """The unread values, in document order; a branch of which nothing was read is given as a whole."""
        branches = {part for path in self.read for part in _above(path)} | self.read
        result: dict[tuple[str, Text | None], Unread] = {}
        for path, values in self.unread.items():
            aside = next((aside for aside in mapping.aside if aside.covers(path)), None)
            reason = aside.reason if aside is not None else None
            shown = next((part for part in _above(path) if part.strip("[]") and part not in branches), path)
            if aside is not None and not aside.covers(shown):
                shown = path
            entry = result.setdefault((shown, reason), Unread(shown, 0, values.first, reason))
            entry.count += values.count
        return list(result.values())


def _above(path: str) -> Iterator[str]:
    """The beginnings of a path, the shortest first: up to each dot that is no part of a key."""
    quoted_ = False
    for place, letter in enumerate(path):
        if letter == '"':
            quoted_ = not quoted_
        elif letter == "." and not quoted_:
            yield path[:place]
    yield path


def _leaves(root: Node) -> Iterator[tuple[str, Scalar]]:
    """Every single value and its path, in document order; a node in several places only once."""
    seen: set[int] = set()
    waiting: list[tuple[str, Node]] = [("", root)]
    while waiting:
        path, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            yield path or ".", node
        elif isinstance(node, Mapping):
            inner = [(f"{path}.{_key(key.text)}" if path else _key(key.text), value) for key, value in node.entries]
            waiting.extend(reversed(inner))
        else:
            waiting.extend((f"{path}[]", item) for item in reversed(node.items))


def _key(text: str) -> str:
    return f'"{text}"' if any(mark in text for mark in ".[]{}") else text
