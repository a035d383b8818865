"""Plain N-Triples and N-Quads, one statement a line: kept as text, indexed by property; quads are only made when needed.

Many statements of a large file have the same property and value, and many follow one another that have the same subject.
So each such pair, and each subject of a row of statements, is checked once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import filterfalse

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graphsc.core.lexical_forms import is_kept
from graphsc.core.vocabulary import RDF, RDF_TYPE
from graphsc.sources.model import named

_TYPE = f"<{RDF_TYPE}>"
_IRI = r'<[^\x00-\x20<>"{}|^`\\]*>'
_LITERAL = r'"(?:[^"\\\n\r]|\\[^\n\r])*"'
_TERM = rf"(?:{_IRI}|{_LITERAL}(?:@[A-Za-z0-9-]+|\^\^{_IRI})?)"
_PAIR = re.compile(rf"{_IRI} {_TERM} \.")
_QUAD = re.compile(rf"^({_IRI} {_IRI} {_TERM}) ({_IRI}) \.$", re.MULTILINE)
SIMPLE_IRI = r"<(?:https?://[a-z0-9.-]+(?:/[A-Za-z0-9/._~-]*)?(?:#[A-Za-z0-9/._~-]*)?|urn:[A-Za-z0-9:._-]+)>"
"""IRIs that are certainly valid, as a regular expression."""
_SIMPLE_NODE = re.compile(SIMPLE_IRI)
_SIMPLE_PAIR = re.compile(
    rf'{SIMPLE_IRI} (?:{SIMPLE_IRI}|"[^"\\\x00-\x1f\x7f-\x9f]*"(?:@[a-z]{{2}}|\^\^(?!<{RDF}){SIMPLE_IRI})?) \.'
)
"""Nodes, and properties with values, that are certainly valid N-Triples; others are checked by the parser.

That is for it to say of RDF's own datatypes too, of which some demand a language.
"""
_Part = tuple[str, "array[int]"]


@dataclass(slots=True)
class PlainFile:
    """The text of a plain file, and the offsets of the statements of each fact.

    A fact is the IRI of a property; for ``rdf:type`` it is followed by a space and the class in N-Triples. ``lossy`` are
    the statements of properties with values whose lexical form a store does not keep, and ``aside`` their offsets; they are
    not among the facts.

    ``heads`` are the offsets where the subject changes, and ``rows`` the kind of the statements from there to the next. A
    kind is what they have: each property, with the value where that is a class or a concept, in N-Triples. ``leads`` are
    the kinds of the subjects that are values of a property. ``pairs`` are the other values with their properties, in
    N-Triples with the full stop, once each.
    """

    text: str
    graph: NamedNode
    size: int
    starts: dict[str, array[int]]
    heads: array[int]
    rows: array[int]
    kinds: list[frozenset[str]] = field(default_factory=list)
    leads: dict[str, set[int]] = field(default_factory=dict)
    pairs: list[str] = field(default_factory=list)
    lossy: list[Quad] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)

    def lines(self, facts: Iterable[str]) -> list[str]:
        """The lines of facts, in no order, each with its newline."""
        text, starts = self.text, self.starts
        return [text[at : text.index("\n", at) + 1] for fact in facts for at in starts.get(fact, ())]

    def facts(self) -> str:
        """The lines of all facts."""
        parts, begin = [], 0
        for at in sorted(self.aside):
            parts.append(self.text[begin:at])
            begin = self.text.index("\n", at) + 1
        return "".join([*parts, self.text[begin:]])

    def pairs_of(self, predicate: str) -> set[str]:
        """A property with each of its values, as ``pairs`` are."""
        text = self.text
        offsets = (at for fact, starts in self.starts.items() if fact.partition(" ")[0] == predicate for at in starts)
        return {text[text.index(" ", at) + 1 : text.index("\n", at)] for at in offsets}

    def subjects(self) -> Iterator[tuple[str, int]]:
        """The IRI of the subject and the kind of each row."""
        return zip(self._subjects(self.heads), self.rows, strict=True)

    def members(self) -> Iterator[tuple[str, list[str]]]:
        """Each class with its nodes, as IRIs."""
        for fact, starts in self.starts.items():
            predicate, _, class_ = fact.partition(" ")
            if predicate == RDF_TYPE and class_.startswith("<"):
                yield class_[1:-1], [*self._subjects(starts)]

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

    def names(self, iris: Set[str]) -> bool:
        """Whether a statement has one of the nodes as its subject or its value."""
        values = (pair.split(" ", 1)[1] for pair in self.pairs)
        return not iris.isdisjoint(self.nodes()) or any(value[0] == "<" and value[1:-3] in iris for value in values)

    def read(self) -> list[Quad]:
        """Every statement, in the order of the file."""
        return self._parsed(self.text)

    def set_aside(self, predicates: Collection[str]) -> None:
        """Make the statements of properties ``lossy``."""
        for predicate in predicates:
            self.lossy += self.statements(predicate)
            self.aside += self.starts.pop(predicate, ())

    def _parsed(self, text: str) -> list[Quad]:
        quads = parse(text, RdfFormat.N_TRIPLES)
        return [Quad(quad.subject, quad.predicate, quad.object, self.graph) for quad in quads]


class PlainReader:
    """Reads plain files. ``turned`` are the properties that are stored inversely, ``listed`` those whose values are concepts."""

    def __init__(self, turned: Container[str], listed: Iterable[str]) -> None:
        self._turned = turned
        self._listed = {f"<{predicate}>" for predicate in listed}
        self._pairs: dict[str, str] = {}
        """The pairs of a property and a value that are well-formed; files share the strings."""
        self._kinds: dict[frozenset[str], frozenset[str]] = {}
        """The kinds of statements, which files share too."""

    def read(self, text: str, graph: str) -> PlainFile | None:
        """Read a file; None for one that is not plain or has a fault.

        Not plain are blank nodes, comments, escapes in IRIs, and properties that are stored inversely.
        """
        lines = text.split("\n")
        if lines.pop() or not lines:
            return None
        size = "I" if len(text) < 1 << 32 else "Q"
        file = PlainFile(text, NamedNode(graph), len(lines), {}, array(size), array(size))
        known: dict[str, _Part] = {}
        alike: dict[str, _Part] = {}
        kinds: dict[frozenset[str], int] = {}
        subjects: dict[str, int] = {}
        row: set[str] = set()
        head, at = "", 0

        def end_row() -> None:
            subjects[head] = kinds.setdefault(frozenset(row), len(kinds))
            file.rows.append(subjects[head])
            row.clear()

        try:
            for line in lines:
                subject, pair = line.split(" ", 1)
                part = known.get(pair)
                if part is None:
                    part = known[pair] = self._part(pair, file, alike)
                if subject != head:
                    if row:
                        end_row()
                    head = subject
                    file.heads.append(at)
                row.add(part[0])
                part[1].append(at)
                at += len(line) + 1
        except ValueError:
            return None
        end_row()
        file.kinds += (self._kinds.setdefault(kind, kind) for kind in kinds)
        plain = _are_nodes(subjects) and _are_nodes(alike) and not any(name[1:-1] in self._turned for name in alike)
        return file if plain and self._take_values(file, known, subjects) else None

    def _part(self, pair: str, file: PlainFile, alike: dict[str, _Part]) -> _Part:
        """What a pair of a property and a value adds to a kind of statements, and the offsets of its fact.

        ``alike`` has this for each property but ``rdf:type``. Raises ValueError for a text that is no pair.
        """
        predicate, value = pair.split(" ", 1)
        if predicate == _TYPE:
            return pair[:-2], file.starts.setdefault(f"{RDF_TYPE} {value[:-2]}", array(file.heads.typecode))
        if predicate not in alike:
            alike[predicate] = predicate, file.starts.setdefault(predicate[1:-1], array(file.heads.typecode))
        return (pair[:-2], alike[predicate][1]) if predicate in self._listed else alike[predicate]

    def _take_values(self, file: PlainFile, pairs: Iterable[str], subjects: Mapping[str, int]) -> bool:
        """Enter the values of a file, by its different pairs and the kinds of its subjects; whether all are well-formed."""
        new: list[str] = []
        for pair in pairs:
            if pair in self._pairs:
                file.pairs.append(self._pairs[pair])
                continue
            predicate, value = pair.split(" ", 1)
            kind = subjects.get(value[:-2])
            if kind is None or value[-2:] != " .":
                new.append(pair)
            else:
                file.leads.setdefault(predicate[1:-1], set()).add(kind)
        if not _are_pairs(new):
            return False
        self._pairs.update(zip(new, new, strict=True))
        file.pairs += new
        return True


def without_graphs(text: str) -> str:
    """N-Quads as N-Triples; statements whose graph name is no IRI stay as they are."""
    graphs: set[str] = set()

    def triple(quad: re.Match[str]) -> str:
        graphs.add(quad[2])
        return f"{quad[1]} ."

    triples = _QUAD.sub(triple, text)
    return triples if _are_nodes(graphs) else text


def _are_nodes(texts: Iterable[str]) -> bool:
    """Whether texts are IRIs in N-Triples, without escapes."""
    others = filterfalse(_SIMPLE_NODE.fullmatch, texts)
    return all(x[:1] == "<" and x[-1:] == ">" and "\\" not in x and named(x[1:-1]) is not None for x in others)


def _are_pairs(texts: Iterable[str]) -> bool:
    """Whether texts are pairs of a property and a value, each with the end of its line, without escapes in IRIs."""
    others = [*filterfalse(_SIMPLE_PAIR.fullmatch, texts)]
    if not all(map(_PAIR.fullmatch, others)):
        return False
    try:
        return sum(1 for _ in statements_of(others)) == len(others)
    except SyntaxError:
        return False


def statements_of(pairs: Iterable[str]) -> Iterator[Quad]:
    """A statement of some subject for each pair of a property and a value in N-Triples."""
    return parse("".join(f"<urn:graphsc:any> {pair}\n" for pair in pairs), RdfFormat.N_TRIPLES)


def is_stored_as_written(quad: Quad, pair: str) -> bool:
    """Whether a store keeps the lexical form of a statement's value, and serialises the pair as it was written."""
    kept = not isinstance(quad.object, Literal) or is_kept(quad.object)
    return kept and f"{quad.predicate} {quad.object} ." == pair
