"""Plain N-Triples and N-Quads, one statement a line: kept as text, indexed by property; quads are only made when needed.

Faults of a statement depend only on its property and its value, and in large files many subjects share them. So
each such pair is checked once.
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
"""Values that are certainly valid N-Triples; others are checked by the parser."""


@dataclass(slots=True)
class PlainFile:
    """The text of a plain file, and the offsets of the statements of each fact.

    A fact is the IRI of a property; for ``rdf:type`` it is followed by a space and the class in N-Triples. ``heads``
    are the offsets where the subject changes. ``lossy`` are the statements of properties with values whose lexical
    form a store does not keep; they are not among the facts.
    """

    text: str
    graph: NamedNode
    starts: dict[str, array[int]]
    heads: array[int]
    lossy: list[Quad] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The number of statements in it."""
        return self.text.count("\n")

    def lines(self, facts: Iterable[str]) -> list[str]:
        """The lines of facts, in no order, each with its newline."""
        text, starts = self.text, self.starts
        return [text[at : text.index("\n", at) + 1] for fact in facts for at in starts.get(fact, ())]

    def pairs(self, fact: str) -> Iterator[tuple[str, str]]:
        """The IRI of the subject and the value of each statement of a fact; the value is N-Triples, with the full stop."""
        text, between = self.text, len(f"> <{fact.partition(' ')[0]}> ")
        for at in self.starts[fact]:
            end = text.index(">", at)
            yield text[at + 1 : end], text[end + between : text.index("\n", end)]

    def classes(self) -> Iterator[tuple[str, str]]:
        """Each node with a class of it, as IRIs."""
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
        """Whether it has a statement of a property of a node."""
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
    """Read a file; None for one that is not plain or has a fault.

    Not plain are blank nodes, comments, escapes in IRIs, and properties that are ``turned``, that is, stored inversely.
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
    """N-Quads as N-Triples; statements whose graph name is no IRI stay as they are."""
    graphs: set[str] = set()

    def triple(quad: re.Match[str]) -> str:
        graphs.add(quad[2])
        return f"{quad[1]} ."

    triples = _QUAD.sub(triple, text)
    return triples if all(map(_is_node, graphs)) else text


def _is_node(text: str) -> bool:
    """Whether a text is an IRI in N-Triples, without escapes."""
    return text[:1] == "<" and text[-1:] == ">" and "\\" not in text and named(text[1:-1]) is not None


def _are_values(predicate: str, values: Iterable[str]) -> bool:
    """Whether texts, each with the end of its line, are values of statements, without escapes in IRIs."""
    others = [value for value in values if not _SIMPLE.match(value)]
    if not all(map(_VALUE.match, others)):
        return False
    try:
        return sum(1 for _ in statements_of([f"{predicate} {value}" for value in others])) == len(others)
    except SyntaxError:
        return False


def _name(fact: str) -> str:
    """The name of a fact: without the brackets of the property, and without the end of the line after a class."""
    predicate, _, value = fact.partition(" ")
    return f"{predicate[1:-1]} {value[:-2]}" if value else predicate[1:-1]


def statements_of(pairs: Iterable[str]) -> Iterator[Quad]:
    """A statement of some subject for each pair of a property and a value in N-Triples."""
    return parse("".join(f"<urn:graphsc:any> {pair}\n" for pair in pairs), RdfFormat.N_TRIPLES)


def is_stored_as_written(quad: Quad, pair: str) -> bool:
    """Whether a store keeps the lexical form of a statement's value, and serialises the pair as it was written."""
    kept = not isinstance(quad.object, Literal) or is_kept(quad.object)
    return kept and f"{quad.predicate} {quad.object} ." == pair
