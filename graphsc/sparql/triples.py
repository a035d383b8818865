"""The parser of triples and property paths. Source: SPARQL 1.1, sections 4.2 and 9."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF, RDF_TYPE
from graphsc.sparql.expressions import Expressions
from graphsc.sparql.syntax import Alternative, Inverse, Negated, Part, Path, Repeat, Sequence, Term, Triple

_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


class Triples(Expressions):
    """The part of the parser that reads triples and property paths; its methods raise ValueError."""

    def triples(self, parts: list[Part]) -> None:
        """Append the triples of one subject to ``parts``, with those of the blank nodes in them."""
        nested = self.peek().text in {"[", "("}
        subject = self._node(parts)
        if nested and self.peek().text in {".", "}"}:
            return
        self._properties(subject, parts)

    def _properties(self, subject: Term, parts: list[Part]) -> None:
        while True:
            verb = self.variable() if self.peek().kind == "variable" else self.path()
            parts.append(Triple(subject, verb, self._node(parts)))
            while self.accept(","):
                parts.append(Triple(subject, verb, self._node(parts)))
            if not self.accept(";"):
                return
            while self.accept(";"):
                pass
            if self.peek().text in {".", "}", "]"}:
                return

    def _node(self, parts: list[Part]) -> Term:
        """A term; of ``[…]`` and ``(…)`` the blank node, whose triples are appended to ``parts``."""
        if self.accept("["):
            node: Term = ox.BlankNode()
            if not self.accept("]"):
                self._properties(node, parts)
                self.expect("]")
            return node
        if not self.accept("("):
            return self.term()
        items = self.until(")", lambda: self._node(parts))
        rest: Term = _NIL
        for item in reversed(items):
            head = ox.BlankNode()
            parts += [Triple(head, _FIRST, item), Triple(head, _REST, rest)]
            rest = head
        return rest

    def path(self) -> Path:
        """A property path."""
        paths = self.separated("|", self._steps)
        return paths[0] if len(paths) == 1 else Alternative(paths)

    def _steps(self) -> Path:
        paths = self.separated("/", self._step)
        return paths[0] if len(paths) == 1 else Sequence(paths)

    def _step(self) -> Path:
        inverse = self.accept("^")
        path: Path
        if self.accept("("):
            path = self.path()
            self.expect(")")
        elif self.accept("!"):
            path = self._negated()
        else:
            path = self._verb()
        if sign := self.accept("*", "+", "?"):
            path = Repeat(path, sign)
        return Inverse(path) if inverse else path

    def _negated(self) -> Negated:
        if not self.accept("("):
            return Negated((self._direction(),))
        paths = self.separated("|", self._direction)
        self.expect(")")
        return Negated(paths)

    def _direction(self) -> ox.NamedNode | Inverse:
        return Inverse(self._verb()) if self.accept("^") else self._verb()

    def _verb(self) -> ox.NamedNode:
        if self.peek().text == "a":
            self.take()
            return ox.NamedNode(RDF_TYPE)
        iri = self.term()
        if not isinstance(iri, ox.NamedNode):
            raise self.wrong("a property")
        return iri
