"""Documents as trees whose nodes have places, and the reader of JSON; YAML and others are read into such trees too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from graphsc.sources.model import Lines, Place
from graphsc.sources.reporting import Reporter, is_blank, quoted

DEPTH_LIMIT = 64
"""The most levels of nesting in a document; no sensible one comes near it."""


class Kind(Enum):
    """The form in which a scalar was written."""

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
        """Whether it says nothing."""
        return self.kind is Kind.NULL or (self.kind is Kind.PLAIN and self.text == "~") or is_blank(self.text)


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

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")
  | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.]))
  | (?P<word>(?:true|false|null)(?![0-9A-Za-z_]))
  | (?P<mark>[\[\]{},:])""",
    re.VERBOSE,
)
_BLANK = re.compile(r"[ \t\n\r]*")
_HALF = re.compile("[\ud800-\udfff]")
"""A lone surrogate, which is no character and cannot be encoded again."""
_WORDS = {"true": Kind.BOOLEAN, "false": Kind.BOOLEAN, "null": Kind.NULL}


class _BrokenError(Exception):
    """The text is no JSON; the argument is the offset of the error, or there is none if a problem was already reported."""


def _text(literal: str) -> str:
    return _HALF.sub("\ufffd", json.loads(literal)) if "\\" in literal else literal[1:-1]


class _JsonParser:
    """A recursive JSON parser; recursion is safe, since nesting is bounded."""

    def __init__(self, text: str, report: Reporter) -> None:
        self.text, self.report = text, report
        self.place = Lines(text).place
        self.offset = 0

    def blank(self) -> int:
        """Skip white space; gives the offset after it."""
        self.offset = _BLANK.match(self.text, self.offset).end()  # type: ignore[union-attr]
        return self.offset

    def token(self) -> re.Match[str]:
        """The next token; raises _BrokenError where there is none."""
        match = _TOKEN.match(self.text, self.blank())
        if match is None:
            raise _BrokenError(self.offset)
        self.offset = match.end()
        return match

    def run(self) -> Node:
        """The tree; raises _BrokenError where the text is not JSON, or is nested too deep."""
        roots: list[Node] = []
        self.value(self.token(), roots.append, 0)
        if self.blank() < len(self.text):
            raise _BrokenError(self.offset)
        return roots[0]

    def value(self, token: re.Match[str], attach: Callable[[Node], None], depth: int) -> None:
        """Read the value that begins with a token; ``attach`` puts the node into its parent before its contents are read."""
        place, written = self.place(token.start()), token[0]
        if token.lastgroup == "string":
            attach(Scalar(_text(written), place, Kind.STRING))
        elif token.lastgroup != "mark":
            attach(Scalar(written, place, _WORDS.get(written, Kind.NUMBER)))
        elif written not in "{[":
            raise _BrokenError(token.start())
        elif depth >= DEPTH_LIMIT:
            self.report.too_deep(DEPTH_LIMIT, place)
            raise _BrokenError
        elif written == "[":
            node = Sequence(place)
            attach(node)
            self.listed("]", lambda first: self.value(first, node.items.append, depth + 1))
        else:
            mapping, seen = Mapping(place), dict[str, Place]()
            attach(mapping)
            self.listed("}", lambda first: self.entry(first, mapping, seen, depth + 1))

    def listed(self, close: str, item: Callable[[re.Match[str]], None]) -> None:
        """Read items with commas between them up to a closing bracket; ``item`` gets the first token of each."""
        token = self.token()
        while token[0] != close:
            item(token)
            token = self.token()
            comma = token[0] == ","
            if comma:
                token = self.token()
            if comma == (token[0] == close):
                raise _BrokenError(token.start())

    def entry(self, token: re.Match[str], mapping: Mapping, seen: dict[str, Place], depth: int) -> None:
        """Read a key and its value; the first of two equal keys counts."""
        if token.lastgroup != "string":
            raise _BrokenError(token.start())
        key = Scalar(_text(token[0]), self.place(token.start()))
        colon = self.token()
        if colon[0] != ":":
            raise _BrokenError(colon.start())

        def attach(node: Node) -> None:
            earlier = seen.setdefault(key.text, key.place)
            if earlier is key.place:
                mapping.entries.append((key, node))
            else:
                self.report.duplicate_key(key.text, earlier, key.place)

        self.value(self.token(), attach, depth)


def read_json(text: str, report: Reporter) -> Node | None:
    """The tree of a JSON text, or None, with a problem, when it is not JSON."""
    parser = _JsonParser(text, report)
    try:
        return parser.run()
    except _BrokenError as broken:
        for offset in broken.args:
            rest = text[offset : offset + 20].partition("\n")[0]
            da, en = (f"ved {quoted(rest)}", f"at {quoted(rest)}") if rest else ("ved slutningen", "at the end")
            report.add("syntax", f"JSON kan ikke læses {da}.", f"The JSON cannot be read {en}.", parser.place(offset))
        return None


def write_json(node: Node) -> str:
    """The JSON text of a tree."""
    if isinstance(node, Scalar):
        return node.text if node.kind in (Kind.NUMBER, Kind.BOOLEAN, Kind.NULL) else json.dumps(node.text)
    if isinstance(node, Sequence):
        return "[" + ",".join(write_json(item) for item in node.items) + "]"
    return "{" + ",".join(f"{json.dumps(key.text)}:{write_json(value)}" for key, value in node.entries) + "}"
