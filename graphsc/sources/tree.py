"""Documents as trees whose nodes have places, and the readers of JSON and YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

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


SIZE_LIMIT = 32 * 1024 * 1024
"""The most characters in a YAML file."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


# The commonest messages of the YAML parser in Danish; others are quoted as they are.
_CAUSES = {
    "mapping values are not allowed": "et kolon står, hvor der ikke kan begynde en nøgle",
    "found character that cannot start any token": "et tegn (måske et tabulatortegn) kan ikke stå først her",
    "did not find expected key": "her ventes en nøgle",
    "did not find expected '-' indicator": "her ventes en bindestreg",
    "did not find expected node content": "her ventes en værdi",
    "did not find expected ',' or ']'": "her ventes komma eller ]",
    "did not find expected ',' or '}'": "her ventes komma eller }",
    "found unexpected end of stream": "filen slutter midt i en tekst i citationstegn",
    "could not find expected ':'": "her mangler et kolon",
    "found duplicate anchor": "et anker står to gange",
}


class _Builder:
    """Builds trees from events, with a stack instead of recursion."""

    def __init__(self, report: Reporter) -> None:
        self.report = report
        self.documents: list[Node] = []
        # Each open collection, the key that waits for its value, and the keys seen so far.
        self.stack: list[tuple[Mapping | Sequence, list[Scalar | None], dict[str, Place]]] = []

    def add(self, node: Node) -> None:
        """Add a finished scalar, or a collection that has just been opened, to its parent."""
        if not self.stack:
            self.documents.append(node)
            return
        owner, waiting, seen = self.stack[-1]
        if isinstance(owner, Sequence):
            owner.items.append(node)
        elif waiting:
            key = waiting.pop()
            if key is not None:
                owner.entries.append((key, node))
        else:
            waiting.append(self._key(node, seen))

    def _key(self, node: Node, seen: dict[str, Place]) -> Scalar | None:
        if not isinstance(node, Scalar):
            self.report.add(
                "bad-key", "En nøgle skal være et ord, ikke en liste eller en samling.",
                "A key must be a word, not a list or a mapping.", node.place,
            )  # fmt: skip
            return None
        if node.text == "<<" and node.kind is Kind.PLAIN:
            self._refuse_alias(node.place)
            return None
        if node.text in seen:
            self.report.duplicate_key(node.text, seen[node.text], node.place)
            return None
        seen[node.text] = node.place
        return node

    def _refuse_alias(self, place: Place) -> None:
        self.report.add(
            "yaml-alias",
            "Ankre (&), henvisninger (*) og fletning (<<) bruges ikke her: Skriv tingens id, og henvis til det.",
            "Anchors (&), aliases (*) and merges (<<) are not used here: write the thing's id and refer to it.", place,
        )  # fmt: skip

    def open(self, node: Mapping | Sequence) -> bool:
        """Begin a collection; False when it is nested too deep."""
        if len(self.stack) >= DEPTH_LIMIT:
            self.report.too_deep(DEPTH_LIMIT, node.place)
            return False
        self.add(node)
        self.stack.append((node, [], {}))
        return True

    def take(self, event: Any) -> bool:
        """Process one event; False when the rest of the file cannot be read."""
        import yaml

        if isinstance(event, yaml.AliasEvent):
            self._refuse_alias(_place(event))
            self.add(Scalar("", _place(event), Kind.NULL))
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                self._refuse_alias(_place(event))
            tag = getattr(event, "tag", None)
            if tag is not None and tag != "!":
                self.report.add(
                    "yaml-tag", f"Mærket {quoted(str(tag))} bruges ikke her; værdien læses som tekst.",
                    f"The tag {quoted(str(tag))} is not used here; the value is read as text.", _place(event),
                )  # fmt: skip
            if isinstance(event, yaml.ScalarEvent):
                kind = Kind.PLAIN if event.style in (None, "") else Kind.STRING
                self.add(Scalar(event.value, _place(event), kind))
            elif isinstance(event, yaml.MappingStartEvent):
                return self.open(Mapping(_place(event)))
            else:
                return self.open(Sequence(_place(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        return True


def read_yaml(text: str, report: Reporter) -> tuple[list[Node], bool]:
    """The documents of a YAML text, and whether the whole of it could be read.

    After a syntax error the part before it is kept. Anchors, aliases, merge keys, tags, duplicate keys
    and collections as keys are reported.
    """
    import yaml

    if len(text) > SIZE_LIMIT:
        limit = SIZE_LIMIT // 1024 // 1024
        report.add("too-large", f"Filen er større end {limit} MB.", f"The file is larger than {limit} MB.")
        return [], False
    odd = _UNPRINTABLE.search(text)
    if odd is not None:
        report.add(
            "bad-character", f"Tegnet {quoted(odd[0])} må ikke stå i en YAML-fil.",
            f"The character {quoted(odd[0])} may not stand in a YAML file.", Lines(text).place(odd.start()),
        )  # fmt: skip
        return [], False
    builder = _Builder(report)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not builder.take(event):
                return builder.documents, False
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = None if mark is None else (mark.line + 1, mark.column + 1)
        cause = error.problem or error.context or ""
        danish = next((text for english, text in _CAUSES.items() if cause.startswith(english)), cause)
        report.add(
            "syntax", f"YAML-filen kan ikke læses herfra: {quoted(danish)}. Se efter indrykning, kolon og citationstegn.",
            f"The YAML cannot be read from here: {quoted(cause)}. Check indentation, colons and quotes.", place,
        )  # fmt: skip
        return builder.documents, False
    except yaml.YAMLError as error:
        report.add(
            "syntax",
            f"YAML-filen kan ikke læses: {quoted(str(error))}.",
            f"The YAML cannot be read: {quoted(str(error))}.",
        )
        return builder.documents, False
    return builder.documents, True
