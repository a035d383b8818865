"""Paths through a document, by which a mapping names places, and the values at them.

A path is keys with ``.`` between them; ``[]`` after a key means each element of the list there, or what stands there itself
when it is no list, ``[key=text]`` each in which the text stands under the key, and ``.`` alone the value itself. ``/`` at the start begins at the top of the document, ``^`` goes up to
the object around, and ``{name}`` goes from a text to what the index of that name has under it. A key that holds a dot, a
bracket, a brace or a leading ``/`` or ``^`` is written in double quotes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.sources.tree import Mapping, Node, Scalar
from graphsc.sources.tree import Mapping as Object
from graphsc.sources.tree import Sequence as Items

TEXT = "#"
"""The key of the text of an XML element that also has attributes."""

_STEP = re.compile(
    r'\.?(?:(?P<up>\^(?=\.|$|\[))|"(?P<quoted>[^"]+)"|(?P<index>\{[^{}]+\})|(?P<each>\[\])|\[(?P<key>[^\[\]=]+)=(?P<text>[^\[\]]*)\]|(?P<plain>[^.\[\]"{}]+))'
)


class Kind(Enum):
    """The kinds of steps."""

    KEY = "key"
    EACH = "each"
    SELECT = "select"
    UP = "up"
    TOP = "top"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path; ``name`` is the key or the index, ``text`` the text that must be under the key."""

    kind: Kind
    name: str = ""
    text: str = ""


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class At:
    """A place in a document: its node, and the place around it; ``part`` is its number among how many values of one text."""

    node: Node
    up: At | None = None
    part: tuple[int, int] = (0, 1)

    @property
    def top(self) -> At:
        """The top of the document."""
        place = self
        while place.up is not None:
            place = place.up
        return place

    @property
    def around(self) -> At | None:
        """The nearest object around this, past any lists."""
        place = self.up
        while place is not None and not isinstance(place.node, Object):
            place = place.up
        return place


@dataclass(slots=True)
class Indexes:
    """The places under each text of each index, by its name; ``used`` are the values that were read, by identity."""

    under: dict[str, dict[str, list[At]]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def add(self, name: str, key: Scalar, at: At) -> None:
        """Add a place under a text."""
        self.used.add(id(key))
        self.under.setdefault(name, {}).setdefault(key.text.strip(), []).append(at)

    def find(self, name: str, key: Scalar) -> Sequence[At]:
        """The places under a text."""
        matches = self.under.get(name, {}).get(key.text.strip(), ())
        if matches:
            self.used.add(id(key))
        return matches


def parse(text: str) -> Path | None:
    """The steps of a path, none for the value itself; None when it is no path."""
    if text == ".":
        return ()
    steps: list[Step] = []
    place = 0
    if text.startswith("/"):
        steps.append(Step(Kind.TOP))
        place = 1
    start = place
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None or (place == start and text[place] == "."):
            return None
        if match["up"]:
            steps.append(Step(Kind.UP))
        elif match["each"]:
            steps.append(Step(Kind.EACH))
        elif match["key"]:
            steps.append(Step(Kind.SELECT, match["key"], match["text"]))
        elif match["index"]:
            steps.append(Step(Kind.INDEX, match["index"][1:-1]))
        else:
            steps.append(Step(Kind.KEY, match["quoted"] or match["plain"]))
        place = match.end()
    return tuple(steps)


def scalar(node: Node) -> Scalar | None:
    """A single value: the node itself, or the text of an element that has attributes too."""
    if isinstance(node, Object):
        inner = node.get(TEXT)
        return inner if isinstance(inner, Scalar) else None
    return node if isinstance(node, Scalar) else None


def walk(at: At, path: Path, indexes: Indexes) -> Iterator[At]:
    """The places at a path; none where there is nothing or null."""
    if not path:
        if not (isinstance(at.node, Scalar) and at.node.empty):
            yield at
        return
    for place in _step(at, path[0], indexes):
        yield from walk(place, path[1:], indexes)


def _step(at: At, step: Step, indexes: Indexes) -> Iterator[At]:
    node = at.node
    if step.kind is Kind.SELECT:
        for place in _step(at, Step(Kind.EACH), indexes):
            under = place.node.get(step.name) if isinstance(place.node, Object) else None
            text = scalar(under) if under is not None else None
            if text is not None and text.text.strip() == step.text:
                indexes.used.add(id(text))
                yield place
    elif step.kind is Kind.KEY:
        inner = node.get(step.name) if isinstance(node, Object) else None
        if inner is not None:
            yield At(inner, at)
    elif step.kind is Kind.EACH:
        if isinstance(node, Items):
            yield from (At(item, at) for item in node.items)
        else:
            yield at
    elif step.kind is Kind.INDEX:
        text = scalar(node)
        yield from indexes.find(step.name, text) if text is not None else ()
    else:
        further = at.top if step.kind is Kind.TOP else at.around
        if further is not None:
            yield further


def first(at: At, paths: Sequence[Path], indexes: Indexes) -> list[At]:
    """The places at the first of the paths that has a value."""
    for path in paths:
        places = [
            place
            for place in walk(at, path, indexes)
            if not (text.empty if (text := scalar(place.node)) is not None else isinstance(place.node, Scalar))
        ]
        if places:
            return places
    return []


@dataclass(frozen=True, slots=True)
class Aside:
    """A pattern of paths that are left out on purpose, with ``*`` for anything, and the reason."""

    pattern: str
    reason: Text

    def covers(self, path: str) -> bool:
        """Whether a path, or one of its beginnings, is left out."""
        regex = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return re.fullmatch(rf"{regex}(?:[.\[].*)?", path) is not None


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

    def summary(self, asides: Iterable[Aside]) -> list[Unread]:
        """The unread values, in document order; a branch of which nothing was read is given as a whole."""
        branches = {part for path in self.read for part in _above(path)} | self.read
        result: dict[tuple[str, Text | None], Unread] = {}
        for path, values in self.unread.items():
            aside = next((aside for aside in asides if aside.covers(path)), None)
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
