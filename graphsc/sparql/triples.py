"""Triples and property paths of a written SPARQL query. Source: SPARQL 1.1, sections 4.2 and 9."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF, RDF_TYPE
from graphsc.sparql.expressions import Expressions
from graphsc.sparql.syntax import Alternative, Inverse, Negated, Part, Path, Repeat, Sequence, Term, Triple

_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


class Triples(Expressions):
    """What a parser reads in triples."""

    def triples(self, parts: list[Part]) -> None:
        """Triples with one subject, and what they say of blank nodes, after the parts so far."""
        nested = self.peek().text in {"[", "("}
        subject = self._node(parts)
        if nested and self.peek().text in {".", "}"}:
            return
        self._properties(subject, parts)

    def _properties(self, subject: Term, parts: list[Part]) -> None:
        while True:
            verb = self.variable() if self.peek().kind == "variable" else self.path()
            while True:
                parts.append(Triple(subject, verb, self._node(parts)))
                if self.peek().text != ",":
                    break
                self.take()
            if self.peek().text != ";":
                return
            while self.peek().text == ";":
                self.take()
            if self.peek().text in {".", "}", "]"}:
                return

    def _node(self, parts: list[Part]) -> Term:
        """A term, or a blank node or list with what is said of it."""
        if self.peek().text == "[":
            self.take()
            node: Term = ox.BlankNode()
            if self.peek().text != "]":
                self._properties(node, parts)
            self.expect("]")
            return node
        if self.peek().text != "(":
            return self.term()
        self.take()
        items: list[Term] = []
        while self.peek().text != ")":
            items.append(self._node(parts))
        self.take()
        rest: Term = _NIL
        for item in reversed(items):
            head = ox.BlankNode()
            parts += [Triple(head, _FIRST, item), Triple(head, _REST, rest)]
            rest = head
        return rest

    def path(self) -> Path:
        """A property path."""
        nodes = [self._steps()]
        while self.peek().text == "|":
            self.take()
            nodes.append(self._steps())
        return nodes[0] if len(nodes) == 1 else Alternative(tuple(nodes))

    def _steps(self) -> Path:
        nodes = [self._step()]
        while self.peek().text == "/":
            self.take()
            nodes.append(self._step())
        return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))

    def _step(self) -> Path:
        inverse = self.peek().text == "^"
        if inverse:
            self.take()
        path: Path
        if self.peek().text == "(":
            self.take()
            path = self.path()
            self.expect(")")
        elif self.peek().text == "!":
            self.take()
            path = self._negated()
        else:
            path = self._verb()
        if self.peek().text in {"*", "+", "?"}:
            path = Repeat(path, self.take().text)
        return Inverse(path) if inverse else path

    def _negated(self) -> Negated:
        if self.peek().text != "(":
            return Negated((self._direction(),))
        self.take()
        nodes = [self._direction()]
        while self.peek().text == "|":
            self.take()
            nodes.append(self._direction())
        self.expect(")")
        return Negated(tuple(nodes))

    def _direction(self) -> ox.NamedNode | Inverse:
        if self.peek().text == "^":
            self.take()
            return Inverse(self._verb())
        return self._verb()

    def _verb(self) -> ox.NamedNode:
        if self.peek().text == "a":
            self.take()
            return ox.NamedNode(RDF_TYPE)
        iri = self.term()
        if not isinstance(iri, ox.NamedNode):
            raise self.wrong("a property")
        return iri
