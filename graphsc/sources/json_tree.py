"""JSON text as a tree with places: no recursion, duplicate keys and syntax errors reported where they are."""

from __future__ import annotations

import re

from graphsc.sources.model import Lines, Place
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.tree import DEPTH_LIMIT, Kind, Mapping, Node, Scalar, Sequence

_TOKEN = re.compile(
    r"""[ \t\n\r]*(?:
    (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")
  | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.]))
  | (?P<word>(?:true|false|null)(?![0-9A-Za-z_]))
  | (?P<mark>[\[\]{},:])
  )""",
    re.VERBOSE,
)
_BLANK = re.compile(r"[ \t\n\r]*")
_ESCAPE = re.compile(
    r'\\(?:u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(["\\/bfnrt]))'
)
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": Kind.BOOLEAN, "false": Kind.BOOLEAN, "null": Kind.NULL}


class _BrokenError(Exception):
    """Where the text stops being JSON."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            high, low = int(match[1], 16), int(match[2], 16)
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        if match[3]:
            code = int(match[3], 16)
            # Half of a pair alone is no character and could not be written out again.
            return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
        return _SHORT[match[4]]

    return _ESCAPE.sub(one, text) if "\\" in text else text


class _Parser:
    def __init__(self, text: str, report: Reporter) -> None:
        self.text, self.report = text, report
        self.place = Lines(text).place
        self.root: Node | None = None
        self.stack: list[Mapping | Sequence] = []
        self.keys: list[Scalar | None] = []
        self.seen: list[dict[str, Place]] = []

    def put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        owner = self.stack[-1]
        if isinstance(owner, Sequence):
            owner.items.append(node)
            return
        key = self.keys[-1]
        assert key is not None
        earlier = self.seen[-1].get(key.text)
        if earlier is None:
            self.seen[-1][key.text] = key.place
            owner.entries.append((key, node))
        else:
            self.report.duplicate_key(key.text, earlier, key.place)

    def run(self) -> Node:
        """The tree; raises _BrokenError where the text is not JSON, or lies too deep."""
        state, offset, end = "value", 0, len(self.text)
        while True:
            offset = _BLANK.match(self.text, offset).end()  # type: ignore[union-attr]
            if state == "end":
                if offset < end or self.root is None:
                    raise _BrokenError(offset)
                return self.root
            match = _TOKEN.match(self.text, offset)
            if match is None:
                raise _BrokenError(offset)
            kind = match.lastgroup or ""
            state = self.step(state, kind, match[kind], offset)
            offset = match.end()

    def step(self, state: str, kind: str, lexeme: str, offset: int) -> str:
        """Take in one token; the state that follows."""
        if state in ("key", "first key"):
            after = self._key(state, kind, lexeme, offset)
        elif state == "colon":
            after = "value" if lexeme == ":" else None
        elif state == "comma":
            after = self._between(lexeme)
        else:
            after = self._value(state, kind, lexeme, offset)
        if after is None:
            raise _BrokenError(offset)
        return after

    def _key(self, state: str, kind: str, lexeme: str, offset: int) -> str | None:
        if kind == "string":
            self.keys[-1] = Scalar(_unescaped(lexeme[1:-1]), self.place(offset))
            return "colon"
        return self.close() if lexeme == "}" and state == "first key" else None

    def _between(self, lexeme: str) -> str | None:
        mapping = isinstance(self.stack[-1], Mapping)
        if lexeme == ",":
            return "key" if mapping else "value"
        return self.close() if lexeme == ("}" if mapping else "]") else None

    def _value(self, state: str, kind: str, lexeme: str, offset: int) -> str | None:
        if kind != "mark":
            text = _unescaped(lexeme[1:-1]) if kind == "string" else lexeme
            value_kind = {"string": Kind.STRING, "number": Kind.NUMBER}.get(kind) or _WORDS[lexeme]
            self.put(Scalar(text, self.place(offset), value_kind))
            return "comma" if self.stack else "end"
        if lexeme in ("{", "["):
            return self.open(Mapping(self.place(offset)) if lexeme == "{" else Sequence(self.place(offset)), offset)
        return self.close() if lexeme == "]" and state == "first value" else None

    def open(self, node: Mapping | Sequence, offset: int) -> str:
        if len(self.stack) >= DEPTH_LIMIT:
            self.report.too_deep(DEPTH_LIMIT, self.place(offset))
            raise _BrokenError(-1)
        self.put(node)
        self.stack.append(node)
        self.keys.append(None)
        self.seen.append({})
        return "first key" if isinstance(node, Mapping) else "first value"

    def close(self) -> str:
        self.stack.pop()
        self.keys.pop()
        self.seen.pop()
        return "comma" if self.stack else "end"


def read_json(text: str, report: Reporter) -> Node | None:
    """The tree of a JSON text, or None, with a problem, when it is not JSON."""
    parser = _Parser(text, report)
    try:
        return parser.run()
    except _BrokenError as broken:
        if broken.offset >= 0:
            rest = text[broken.offset : broken.offset + 20].partition("\n")[0]
            da, en = (f"ved {quoted(rest)}", f"at {quoted(rest)}") if rest else ("ved slutningen", "at the end")
            report.add(
                "syntax", f"JSON kan ikke læses {da}.", f"The JSON cannot be read {en}.", parser.place(broken.offset)
            )
        return None


def write_json(node: Node) -> str:
    """A tree as JSON text again."""
    import json

    if isinstance(node, Scalar):
        return node.text if node.kind in (Kind.NUMBER, Kind.BOOLEAN, Kind.NULL) else json.dumps(node.text)
    if isinstance(node, Sequence):
        return "[" + ",".join(write_json(item) for item in node.items) + "]"
    return "{" + ",".join(f"{json.dumps(key.text)}:{write_json(value)}" for key, value in node.entries) + "}"
