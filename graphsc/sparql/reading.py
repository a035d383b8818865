"""SPARQL queries as trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF, RDF_TYPE
from graphsc.sparql.expressions import Expressions, unescaped
from graphsc.sparql.syntax import (
    Alternative,
    Ask,
    Bind,
    Construct,
    Expression,
    Filter,
    Group,
    Inverse,
    Minus,
    Named,
    Negated,
    Optional,
    Part,
    Path,
    Projected,
    Repeat,
    Select,
    Sequence,
    Term,
    Triple,
    Union,
    Values,
    Var,
)

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


Item = TypeVar("Item")
_DATASET = "what is asked is the graph that is judged, and FROM may name no other"


def read(query: str, declared: Mapping[str, str] | None = None) -> Select | Ask:
    """Parse a SELECT or an ASK; ``declared`` are prefixes from outside. Raises ValueError that says what is wrong."""
    parser = _Parser(query, declared or {})
    select = parser.query()
    parser.end()
    return select


def read_construct(query: str) -> Construct:
    """Parse a CONSTRUCT with a template. Raises ValueError that says what is wrong."""
    parser = _Parser(query, {})
    construct = parser.construct()
    parser.end()
    return construct


class _Parser(Triples):
    def query(self) -> Select | Ask:
        """A SELECT or an ASK."""
        self._prologue()
        if self.accept("ASK"):
            self._no_dataset()
            self.accept("WHERE")
            return Ask(self.group())
        if not self.word("SELECT"):
            raise self.wrong("SELECT or ASK")
        return self._select()

    def construct(self) -> Construct:
        """A CONSTRUCT; the short form, whose pattern is its template, has no template of its own."""
        self._prologue()
        self.expect("CONSTRUCT")
        parts = self.group().parts
        template = [
            part for part in parts if isinstance(part, Triple) and isinstance(part.predicate, Var | ox.NamedNode)
        ]
        if len(template) != len(parts):
            raise ValueError("a template holds triples and nothing else")
        self._no_dataset()
        return Construct(tuple(template), self._rows((), ""))

    def _prologue(self) -> None:
        while word := self.accept("PREFIX", "BASE"):
            if word == "BASE":
                self._iriref()
                continue
            name = self.peek()
            if name.kind != "name" or not name.text.endswith(":"):
                raise self.wrong("a prefix")
            self.take()
            self.declare(name.text[:-1], self._iriref())

    def _iriref(self) -> str:
        if self.peek().kind != "iri":
            raise self.wrong("an IRI")
        return unescaped(self.take().text[1:-1])

    def _no_dataset(self) -> None:
        if self.word("FROM"):
            raise ValueError(_DATASET)

    def _select(self) -> Select:
        self.expect("SELECT")
        distinct = self.accept("DISTINCT", "REDUCED")
        projected: list[Projected] = []
        if not self.accept("*"):
            while self.peek().kind == "variable" or self.peek().text == "(":
                projected.append(self._projected())
            if not projected:
                raise self.wrong("a variable")
        self._no_dataset()
        return self._rows(tuple(projected), distinct)

    def _rows(self, projected: tuple[Projected, ...], distinct: str) -> Select:
        """The pattern and the solution modifiers."""
        self.accept("WHERE")
        where = self.group()
        group_by = self._modifier("GROUP", self._grouping)
        having = self._modifier("HAVING", self.primary)
        order = self._modifier("ORDER", self._ordering)
        limits: dict[str, int] = {}
        while word := self.accept("LIMIT", "OFFSET"):
            if not self.peek().text.isascii() or not self.peek().text.isdigit():
                raise self.wrong("a number")
            limits[word] = int(self.take().text)
        values = self._values() if self.accept("VALUES") else None
        return Select(
            projected, where, distinct, group_by, having, order,
            limits.get("LIMIT"), limits.get("OFFSET"), values,
        )  # fmt: skip

    def _projected(self) -> Projected:
        if self.peek().kind == "variable":
            return Projected(Var(self.take().text[1:]))
        self.expect("(")
        expression = self.expression()
        self.expect("AS")
        variable = self.variable()
        self.expect(")")
        return Projected(variable, expression)

    def _modifier(self, word: str, item: Callable[[], Item]) -> tuple[Item, ...]:
        """What follows GROUP BY, HAVING or ORDER BY."""
        items: list[Item] = []
        if self.accept(word):
            if word != "HAVING":
                self.expect("BY")
            while self.peek().kind == "variable" or self.peek().text == "(" or self._is_call():
                items.append(item())
        return tuple(items)

    def _is_call(self) -> bool:
        """Whether a function is called here."""
        return self.peek().kind in {"word", "iri", "name"} and self.peek(1).text == "(" and not self.word("HAVING")

    def _grouping(self) -> Projected | Expression:
        if not self.accept("("):
            return self.primary()
        expression = self.expression()
        grouped = Projected(self.variable(), expression) if self.accept("AS") else expression
        self.expect(")")
        return grouped

    def _ordering(self) -> tuple[str, Expression]:
        return self.accept("ASC", "DESC") or "ASC", self.primary()

    # ------------------------------------------------------------------ patterns

    def group(self) -> Group:
        """A group with its braces."""
        self.expect("{")
        if self.word("SELECT"):
            inner = self._select()
            self.expect("}")
            return Group((inner,))
        parts: list[Part] = []
        while self.peek().text != "}":
            self._part(parts)
        self.take()
        return Group(tuple(parts))

    def _part(self, parts: list[Part]) -> None:
        token = self.peek()
        if token.kind == "end":
            raise self.wrong("}")
        keyword = token.text.upper() if token.kind == "word" else ""
        if self.accept("."):
            pass
        elif token.text == "{":
            groups = self.separated("UNION", self.group)
            parts.append(_single(groups[0]) if len(groups) == 1 else Union(groups))
        elif self.accept("FILTER", "BIND", "OPTIONAL", "MINUS", "GRAPH", "VALUES"):
            parts.append(self._keyword(keyword))
        elif keyword == "SERVICE":
            raise ValueError("SERVICE would fetch from the network")
        else:
            self.triples(parts)

    def _keyword(self, keyword: str) -> Part:
        if keyword == "FILTER":
            return Filter(self.primary())
        if keyword == "VALUES":
            return self._values()
        if keyword == "OPTIONAL":
            return Optional(self.group())
        if keyword == "MINUS":
            return Minus(self.group())
        if keyword == "GRAPH":
            name = self.term()
            if not isinstance(name, Var | ox.NamedNode):
                raise self.wrong("the name of a graph")
            return Named(name, self.group())
        projected = self._projected()
        assert projected.expression is not None
        return Bind(projected.expression, projected.variable)

    def _values(self) -> Values:
        single = self.peek().kind == "variable"
        names: list[Var] = [self.variable()] if single else []
        if not single:
            self.expect("(")
            while self.peek().kind == "variable":
                names.append(self.variable())
            self.expect(")")
        self.expect("{")
        rows = self.until("}", lambda: (self._cell(),) if single else self._row())
        return Values(tuple(names), rows)

    def _row(self) -> tuple[ox.NamedNode | ox.Literal | None, ...]:
        self.expect("(")
        return self.until(")", self._cell)

    def _cell(self) -> ox.NamedNode | ox.Literal | None:
        if self.accept("UNDEF"):
            return None
        constant = self.term()
        if not isinstance(constant, ox.NamedNode | ox.Literal):
            raise self.wrong("a constant")
        return constant


def _single(group: Group) -> Part:
    """The group, or its sub-select where it holds nothing else."""
    only = group.parts[0] if len(group.parts) == 1 else None
    return only if isinstance(only, Select) else group
