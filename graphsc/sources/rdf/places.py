"""Where things stand in RDF: subjects, predicates and values in Turtle, TriG, N-Triples and N-Quads, nodes in RDF/XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import is_absolute
from graphsc.sources.model import Lines, Place, Places

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<text>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<iri><[^<>"{}|^`\s]*>)
  | (?P<directive>@prefix\b|@base\b|(?:PREFIX|BASE)\b(?=\s))
  | (?P<suffix>@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^)
  | (?P<blank>_:[^\s;,.\[\](){}]+(?:\.[^\s;,.\[\](){}]+)*)
  | (?P<pname>(?:[^\W\d_][\w.\-]*)?:(?:(?:[\w:.\-·]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\.))?)
  | (?P<number>[+-]?(?:\d*\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>[\[\](){};,.])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_LINE = re.compile(r"^[ \t]*<([^>\n]*)>[ \t]*<([^>\n]*)>", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_PATIENCE = 200
"""After this many searches in a file it is quicker to read it all."""
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def resolved(iri: str, base: str) -> str:
    """An IRI as a document writes it, made whole by the base of ids."""
    if is_absolute(iri):
        return iri
    return urljoin(base, iri) if "://" in base else base + iri


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(character, text) if "\\" in text else text


@dataclass(slots=True)
class _Frame:
    """An open statement: its subject (None for a blank node), its predicate, and which part comes next."""

    subject: str | None = None
    subject_at: int = 0
    predicate: str | None = None
    next: str = "subject"
    closes: str = ""


class _Scanner:
    """Follows the tokens of a document only as far as needed to know which are subjects."""

    def __init__(self, text: str, base: str) -> None:
        self.lines = Lines(text)
        self.places = Places()
        self.prefixes: dict[str, str] = {}
        self.base = base
        self.frames = [_Frame()]
        self.directive: list[str] | None = None

    def expand(self, kind: str, lexeme: str) -> str | None:
        """The IRI of a token; None for a token without one."""
        if kind == "iri":
            return resolved(_unescaped(lexeme[1:-1]), self.base)
        if kind == "pname":
            prefix, local = lexeme.split(":", 1)
            return self.prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
        return None

    def take(self, kind: str, lexeme: str, at: int) -> None:
        """Process one token."""
        if kind == "directive":
            self.directive = [lexeme.lstrip("@").lower()]
        elif self.directive is not None:
            self._direct(kind, lexeme)
        elif kind == "mark":
            self._mark(lexeme)
        elif kind not in ("comment", "suffix"):
            self._term(kind, lexeme, at)

    def _direct(self, kind: str, lexeme: str) -> None:
        assert self.directive is not None
        if kind == "pname":
            self.directive.append(lexeme[:-1])
        elif kind == "iri":
            target = self.expand(kind, lexeme) or ""
            if self.directive[0] == "base":
                self.base = target
            elif len(self.directive) > 1:
                self.prefixes[self.directive[1]] = target
            self.directive = None
        elif kind == "mark":
            self.directive = None

    def _mark(self, lexeme: str) -> None:
        frame = self.frames[-1]
        if lexeme == "[" or lexeme == "(":
            inner = _Frame(next="predicate" if lexeme == "[" else "item", closes="]" if lexeme == "[" else ")")
            self.frames.append(inner)
        elif lexeme in "])" and lexeme == frame.closes:
            self.frames.pop()
            outer = self.frames[-1]
            if outer.next == "subject":
                outer.subject, outer.next = None, "predicate"
            elif outer.next == "object":
                outer.next = "after"
        elif lexeme in "{}":
            self.frames = [_Frame()]
        elif lexeme == "." and not frame.closes:
            self.frames[-1] = _Frame()
        elif lexeme == ";" and frame.next != "item":
            frame.next = "predicate"
        elif lexeme == "," and frame.next == "after":
            frame.next = "object"

    def _term(self, kind: str, lexeme: str, at: int) -> None:
        frame = self.frames[-1]
        if frame.next == "subject":
            if kind == "word":
                return
            frame.subject, frame.subject_at, frame.next = self.expand(kind, lexeme), at, "predicate"
        elif frame.next == "predicate":
            frame.predicate = v.RDF_TYPE if kind == "word" and lexeme == "a" else self.expand(kind, lexeme)
            frame.next = "object"
            if frame.subject is not None and frame.predicate is not None:
                self.places.node(frame.subject, self.lines.place(frame.subject_at))
                self.places.edge(frame.subject, frame.predicate, self.lines.place(at))
        elif frame.next == "object":
            frame.next = "after"
            if frame.subject is not None and frame.predicate is not None:
                value = self.expand(kind, lexeme) or self._literal(kind, lexeme)
                self.places.value(frame.subject, frame.predicate, value, self.lines.place(at))

    def _literal(self, kind: str, lexeme: str) -> str:
        if kind == "text":
            width = 3 if lexeme[:3] in ('"""', "'''") else 1
            return _unescaped(lexeme[width:-width])
        return lexeme


def turtle_places(text: str, base: str = "") -> Places:
    """The places in Turtle or TriG: of each named subject, its predicates and their values."""
    scanner = _Scanner(text, base)
    for item in _TOKEN.finditer(text):
        scanner.take(item.lastgroup or "", item[0], item.start())
    return scanner.places


class LinePlaces(Places):
    """The places in N-Triples or N-Quads, searched for one by one; all are read once many are needed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text, self._lines = text, Lines(text)
        escaped = "\\" in text and ("\\u" in text or "\\U" in text)  # such an IRI is not found by its text
        self._searches_left = 0 if escaped else _PATIENCE
        self._searched: set[tuple[str, str]] = set()

    def at_node(self, iri: str) -> Place | None:
        """The first place of a node."""
        self._search(iri, "")
        return super().at_node(iri)

    def at_edge(self, iri: str, predicate: str) -> Place | None:
        """The first place of a property of a node."""
        self._search(iri, predicate)
        return super().at_edge(iri, predicate)

    def _search(self, iri: str, predicate: str) -> None:
        """Note the places of a node and, where one is given, of its property."""
        if self._searches_left < 0 or (iri, predicate) in self._searched:
            return
        self._searched.add((iri, predicate))
        self._searches_left -= 1
        if self._searches_left < 0:
            self.nodes, self.edges = {}, {}
            for line in _LINE.finditer(self._text):
                subject = _unescaped(line[1])
                self.node(subject, self._lines.place(line.start(1) - 1))
                self.edge(subject, _unescaped(line[2]), self._lines.place(line.start(2) - 1))
            return
        begin = f"<{iri}>"
        at = self._text.find(begin)
        while at >= 0:
            match = _LINE.match(self._text, self._text.rfind("\n", 0, at) + 1)
            if match is not None and match.start(1) == at + 1 and predicate in ("", match[2]):
                if predicate:  # the node itself may stand before
                    self.edge(iri, predicate, self._lines.place(match.start(2) - 1))
                else:
                    self.node(iri, self._lines.place(at))
                return
            at = self._text.find(begin, at + 1)


def xml_places(content: bytes, base: str) -> tuple[Places, Place | None]:
    """The place of each node in RDF/XML, where it is described or else named first, and that of an XML error, if any."""
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")  # what it is, whatever it claims to be
    places, named, bases = Places(), Places(), [base]

    def start(_: str, attributes: dict[str, str]) -> None:
        place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        bases.append(resolved(attributes.get(_XML_BASE, bases[-1]), bases[-1]))
        for into, attribute, mark in ((places, "about", ""), (places, "ID", "#"), (named, "resource", "")):
            if (text := attributes.get(f"{v.RDF} {attribute}")) is not None:
                into.node(resolved(mark + text, bases[-1]), place)

    def end(_: str) -> None:
        bases.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    fault = None
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        fault = error.lineno, error.offset + 1
    places.nodes = named.nodes | places.nodes
    return places, fault
