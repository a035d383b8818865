"""Plain N-Triples and N-Quads, one statement a line: they stay text, by property, and an object is made of a statement only when asked for.

What is wrong with a statement depends on its property and its value alone, and large files say the same of many subjects. So
it is enough to look at each pair of the two once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graphsc.core.lexical_forms import is_kept
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sources.model import named

_TYPE = f"<{RDF_TYPE}>"
_IRI = r'<[^\x00-\x20<>"{}|^`\\]*>'
_LITERAL = r'"(?:[^"\\\n\r]|\\[^\n\r])*"'
_TERM = rf"(?:{_IRI}|{_LITERAL}(?:@[A-Za-z0-9-]+|\^\^{_IRI})?)"
_VALUE = re.compile(rf"{_TERM} \.\Z")
_QUAD = re.compile(rf"^({_IRI} {_IRI} {_TERM}) ({_IRI}) \.$", re.MULTILINE)
_SIMPLE_IRI = r"<(?:https?://[a-z0-9.-]+(?:[/#][A-Za-z0-9/._~-]*)?|urn:[A-Za-z0-9:._-]+)>"
_SIMPLE = re.compile(rf'(?:{_SIMPLE_IRI}|"[^"\\\x00-\x1f\x7f-\x9f]*"(?:@[a-z]{{2}}|\^\^{_SIMPLE_IRI})?) \.\Z')
"""Values that every reader of N-Triples takes as they are; what else there is, the reader is asked about."""


@dataclass(slots=True)
class PlainFile:
    """A plain file, as text, and where in it the statements of each fact begin.

    A fact is the IRI of a property, or ``rdf:type`` with a class as N-Triples writes it behind a space. ``heads`` are where statements
    of another subject begin than those before. ``lossy`` are the statements of properties of which a store does not keep every
    value as it was written; they are none of the facts.
    """

    text: str
    graph: NamedNode
    starts: dict[str, array[int]]
    heads: array[int]
    lossy: list[Quad] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many statements are written in it."""
        return self.text.count("\n")

    def lines(self, facts: Iterable[str]) -> list[str]:
        """The statements of facts, in no order, each with the end of its line."""
        text, starts = self.text, self.starts
        return [text[at : text.index("\n", at) + 1] for fact in facts for at in starts.get(fact, ())]

    def pairs(self, fact: str) -> Iterator[tuple[str, str]]:
        """The IRI of the subject and the value of each statement of a fact, the value as it is written, with the full stop."""
        text, between = self.text, len(f"> <{fact.partition(' ')[0]}> ")
        for at in self.starts[fact]:
            end = text.index(">", at)
            yield text[at + 1 : end], text[end + between : text.index("\n", end)]

    def classes(self) -> Iterator[tuple[str, str]]:
        """Each node and a class that it is said to be of, as IRIs."""
        for fact, starts in self.starts.items():
            predicate, _, class_ = fact.partition(" ")
            if predicate == RDF_TYPE and class_.startswith("<"):
                for node in self._subjects(starts):
                    yield node, class_[1:-1]

    def nodes(self) -> set[str]:
        """The IRIs of all subjects."""
        return set(self._subjects(self.heads))

    def _subjects(self, starts: Iterable[int]) -> Iterator[str]:
        text = self.text
        return (text[at + 1 : text.index(">", at)] for at in starts)

    def statements(self, predicate: str) -> list[Quad]:
        """The statements of one property."""
        facts = [fact for fact in self.starts if fact.partition(" ")[0] == predicate]
        return [*self._parsed("".join(self.lines(facts))), *(q for q in self.lossy if q.predicate.value == predicate)]

    def states(self, node: str, predicate: str) -> bool:
        """Whether it states a property of a node."""
        begin = f"<{node}> <{predicate}> "
        return self.text.startswith(begin) or f"\n{begin}" in self.text

    def names(self, iris: Collection[str]) -> bool:
        """Whether a statement has one of the nodes as its subject or its value."""
        rows = (line.split(" ", 2) for line in self.text.split("\n")[:-1])
        return any(subject[1:-1] in iris or (value[0] == "<" and value[1:-3] in iris) for subject, _, value in rows)

    def read(self) -> list[Quad]:
        """Every statement, in the order of the file."""
        return self._parsed(self.text)

    def set_aside(self, predicates: Collection[str]) -> None:
        """Make the statements of properties ``lossy``."""
        for predicate in predicates:
            self.lossy += self.statements(predicate)
            self.starts.pop(predicate, None)

    def _parsed(self, text: str) -> list[Quad]:
        quads = parse(text, RdfFormat.N_TRIPLES)
        return [Quad(quad.subject, quad.predicate, quad.object, self.graph) for quad in quads]


def read_plain(text: str, graph: str, turned: Container[str]) -> PlainFile | None:
    """Read a file; None for one that is not plain, or not without fault.

    That is: with a blank node, a comment, an escape in an IRI, or a property that is ``turned`` round.
    """
    lines = text.split("\n")
    if lines.pop() or not lines:
        return None
    starts: dict[str, array[int]] = {}
    values: dict[str, set[str]] = {}
    subjects: set[str] = set()
    heads, head, at = array("L"), "", 0
    try:
        for line in lines:
            subject, predicate, value = line.split(" ", 2)
            fact = f"{_TYPE} {value}" if predicate == _TYPE else predicate
            if fact not in starts:
                starts[fact], values[fact] = array("L"), set()
            starts[fact].append(at)
            values[fact].add(value)
            if subject != head:
                head = subject
                subjects.add(subject)
                heads.append(at)
            at += len(line) + 1
    except ValueError:
        return None
    if not all(map(_is_node, subjects)):
        return None
    for fact, some in values.items():
        predicate = fact.partition(" ")[0]
        others = [value for value in some if value[:-2] not in subjects or value[-2:] != " ."]
        if not _is_node(predicate) or predicate[1:-1] in turned or not _are_values(predicate, others):
            return None
    return PlainFile(text, NamedNode(graph), {_name(fact): some for fact, some in starts.items()}, heads)


def without_graphs(text: str) -> str:
    """N-Quads as N-Triples; as they are where what names a graph is no IRI."""
    graphs: set[str] = set()

    def triple(quad: re.Match[str]) -> str:
        graphs.add(quad[2])
        return f"{quad[1]} ."

    triples = _QUAD.sub(triple, text)
    return triples if all(map(_is_node, graphs)) else text


def _is_node(text: str) -> bool:
    """Whether a text is an IRI as N-Triples writes it, without escapes."""
    return text[:1] == "<" and text[-1:] == ">" and "\\" not in text and named(text[1:-1]) is not None


def _are_values(predicate: str, values: Iterable[str]) -> bool:
    """Whether texts, with what ends a line, are values of statements, without escapes in IRIs."""
    others = [value for value in values if not _SIMPLE.match(value)]
    if not all(map(_VALUE.match, others)):
        return False
    try:
        return sum(1 for _ in statements_of([f"{predicate} {value}" for value in others])) == len(others)
    except SyntaxError:
        return False


def _name(fact: str) -> str:
    """The name of a fact: without the brackets of the property, and without the end of a line behind a class."""
    predicate, _, value = fact.partition(" ")
    return f"{predicate[1:-1]} {value[:-2]}" if value else predicate[1:-1]


def statements_of(pairs: Iterable[str]) -> Iterator[Quad]:
    """Each pair of a property and a value, as they are written, as a statement of some subject."""
    return parse("".join(f"<urn:graphsc:any> {pair}\n" for pair in pairs), RdfFormat.N_TRIPLES)


def is_stored_as_written(quad: Quad, pair: str) -> bool:
    """Whether a store keeps the value of a statement as it is, and writes the pair again as it was written."""
    kept = not isinstance(quad.object, Literal) or is_kept(quad.object)
    return kept and f"{quad.predicate} {quad.object} ." == pair
