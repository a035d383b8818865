"""Plain N-Triples, one statement a line, put into a store as they are: an object is made of a statement only when asked for.

What is wrong with a statement depends on its property and its value alone, and large files say the same of many subjects. So
it is enough to look at each pair of the two once.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from graphsc.core.lexical_forms import is_kept

_IRI = r'<[^\x00-\x20<>"{}|^`\\]*>'
_PAIR = re.compile(rf'({_IRI}) (?:{_IRI}|"(?:[^"\\\n\r]|\\[^\n\r])*"(?:@[A-Za-z0-9-]+|\^\^{_IRI})?) \.\Z')
_ANY = "<urn:graphsc:any> "


@dataclass(slots=True)
class Flat:
    """A plain file whose statements stand in ``store``, in the graph of its source.

    ``pairs`` are its properties with their values, as they are written; ``lossy`` are the statements, as they were written,
    of properties of which the store does not keep every value as it was.
    """

    text: str
    graph: NamedNode
    store: Store
    pairs: set[str]
    lossy: list[Quad] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many statements are written in it."""
        return self.text.count("\n")

    def statements(self, predicate: str) -> Iterator[Quad]:
        """The statements of one property; asked before others change what stands in the store."""
        return self.store.quads_for_pattern(None, NamedNode(predicate), None, self.graph)

    def names(self, iris: Iterable[NamedNode]) -> bool:
        """Whether a statement has one of the nodes as its subject or its value."""
        store, graph = self.store, self.graph
        return any(
            next(store.quads_for_pattern(subject, None, value, graph), None) is not None
            for iri in iris
            for subject, value in ((iri, None), (None, iri))
        )

    def stands_on(self, allowed: Mapping[str, frozenset[str]], classes_of: Mapping[str, frozenset[str]]) -> bool:
        """Whether the subject of each statement is of a class that may have its property, and its value.

        ``allowed`` are the classes for the terms that not all may have, as they are written.
        """
        for line in self.text.split("\n")[:-1]:
            subject, predicate, value = line.split(" ", 2)
            if predicate in allowed:
                classes = classes_of.get(subject[1:-1])
                if classes is None or allowed[predicate].isdisjoint(classes):
                    return False
                if value[0] == "<" and (may := allowed.get(value[:-2])) is not None and may.isdisjoint(classes):
                    return False
        return True

    def read(self) -> list[Quad]:
        """Every statement, in the order of the file."""
        return self._read(self.text)

    def looked_at(self, kept: Mapping[str, bool]) -> None:
        """Forget the pairs, and find the statements that are ``lossy``; ``kept`` says whether a pair is kept as it is."""
        wide = {f" {pair.partition(' ')[0]} " for pair in self.pairs if not kept[pair]}
        if wide:
            lines = self.text.split("\n")
            some = dict.fromkeys(
                line for item in wide for line in lines if item in line
            )  # quicker than any item a line
            self.lossy = self._read("\n".join(some))
        self.pairs = set()

    def _read(self, text: str) -> list[Quad]:
        quads = parse(text, RdfFormat.N_TRIPLES)
        return [Quad(quad.subject, quad.predicate, quad.object, self.graph) for quad in quads]


def read_flat(text: str, graph: str, turned: Container[str], store: Store) -> Flat | None:
    """Put a file into a store; None, with the store as it was, for one that is not plain, or not without fault.

    That is: with a blank node, a comment, an escape in an IRI, or a property that is ``turned`` round.
    """
    lines = text.split("\n")
    if lines.pop() or not text.startswith("<") or text.count("\n<") != len(lines) - 1:
        return None
    pairs = {line.partition(" ")[2] for line in lines}
    predicates: set[str] = set()
    for pair in pairs:
        match = _PAIR.match(pair)
        if match is None:
            return None
        predicates.add(match[1])
    if any(predicate[1:-1] in turned for predicate in predicates):
        return None
    into = NamedNode(graph)
    try:
        store.load(text.encode(), format=RdfFormat.N_TRIPLES, to_graph=into)
    except SyntaxError:
        return None
    return Flat(text, into, store, pairs)


def statements_of(pairs: Sequence[str]) -> Iterator[Quad]:
    """Each pair as a statement of some subject."""
    return parse("".join(f"{_ANY}{pair}\n" for pair in pairs), RdfFormat.N_TRIPLES)


def is_stored_as_written(quad: Quad) -> bool:
    """Whether a store keeps the value of a statement as it is."""
    return not isinstance(quad.object, Literal) or is_kept(quad.object)
