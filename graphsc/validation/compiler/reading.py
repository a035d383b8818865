"""A written SPARQL query read into its syntax tree: SELECT and ASK, whole, without federation.

Source: the grammar of SPARQL 1.1 (section 19.8). Terms and patterns are here, expressions in ``expressions``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import pyoxigraph as ox

from graphsc.sparql import prefixes
from graphsc.validation.compiler.expressions import Expressions
from graphsc.validation.compiler.syntax import (
    Alternative,
    Ask,
    Bind,
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
from graphsc.vocabulary import RDF, RDF_TYPE

Item = TypeVar("Item")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_DATASET = "a query of a shape asks the graph that is judged, and names no other with FROM"


def read(query: str, declared: Mapping[str, str] | None = None) -> Select | Ask:
    """Read a query; ``declared`` are prefixes from outside. Raises ValueError with what is wrong with it."""
    parser = _Parser(query, {**(declared or {}), **prefixes(query)})
    found = parser.query()
    parser.end()
    return found


class _Parser(Expressions):
    def query(self) -> Select | Ask:
        self._prologue()
        if self.word("ASK"):
            self.take()
            self._no_dataset()
            if self.word("WHERE"):
                self.take()
            return Ask(self.group())
        if not self.word("SELECT"):
            raise self.wrong("SELECT or ASK")
        return self._select()

    def _prologue(self) -> None:
        while self.word("PREFIX", "BASE"):
            for _ in range(3 if self.take().text.upper() == "PREFIX" else 2):
                if self.peek(-1).kind == "iri":
                    break
                self.take()

    def _no_dataset(self) -> None:
        if self.word("FROM"):
            raise ValueError(_DATASET)

    def _select(self) -> Select:
        self.expect("SELECT")
        distinct = self.take().text.upper() if self.word("DISTINCT", "REDUCED") else ""
        projected: list[Projected] = []
        if self.peek().text == "*":
            self.take()
        else:
            while self.peek().kind == "variable" or self.peek().text == "(":
                projected.append(self._projected())
            if not projected:
                raise self.wrong("a variable")
        self._no_dataset()
        if self.word("WHERE"):
            self.take()
        where = self.group()
        group_by = self._several("GROUP", self._grouping)
        having = self._several("HAVING", self._constraint)
        order = self._several("ORDER", self._ordering)
        limits: dict[str, int] = {}
        while self.word("LIMIT", "OFFSET"):
            word = self.take().text.upper()
            if not self.peek().text.isascii() or not self.peek().text.isdigit():
                raise self.wrong("a number")
            limits[word] = int(self.take().text)
        values = self._values() if self.word("VALUES") else None
        return Select(
            tuple(projected), where, distinct, tuple(group_by), tuple(having), tuple(order),
            limits.get("LIMIT"), limits.get("OFFSET"), values,
        )  # fmt: skip

    def _projected(self) -> Projected:
        if self.peek().kind == "variable":
            return Projected(Var(self.take().text[1:]))
        self.expect("(")
        said = self.expression()
        self.expect("AS")
        variable = self.variable()
        self.expect(")")
        return Projected(variable, said)

    def _several(self, word: str, one: Callable[[], Item]) -> list[Item]:
        """What follows GROUP BY, HAVING or ORDER BY."""
        found: list[Item] = []
        if self.word(word):
            self.take()
            if word != "HAVING":
                self.expect("BY")
            while self.peek().kind == "variable" or self.peek().text == "(" or self._calls():
                found.append(one())
        return found

    def _calls(self) -> bool:
        """Whether a function is called here."""
        called = self.peek().kind in {"word", "iri", "name"} and self.peek(1).text == "("
        return called and not self.word("HAVING")

    def _grouping(self) -> Projected | Expression:
        if self.peek().text != "(":
            return self.primary()
        self.expect("(")
        said = self.expression()
        if self.word("AS"):
            self.take()
            variable = self.variable()
            self.expect(")")
            return Projected(variable, said)
        self.expect(")")
        return said

    def _ordering(self) -> tuple[str, Expression]:
        way = self.take().text.upper() if self.word("ASC", "DESC") else "ASC"
        return way, self.primary()

    def _constraint(self) -> Expression:
        return self.primary()

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
        if token.text == ".":
            self.take()
        elif token.text == "{":
            groups = [self.group()]
            while self.word("UNION"):
                self.take()
                groups.append(self.group())
            parts.append(_single(groups[0]) if len(groups) == 1 else Union(tuple(groups)))
        elif keyword == "VALUES":
            parts.append(self._values())
        elif keyword in {"FILTER", "BIND", "OPTIONAL", "MINUS", "GRAPH"}:
            self.take()
            parts.append(self._keyword(keyword))
        elif keyword == "SERVICE":
            raise ValueError("SERVICE would fetch from the network")
        else:
            self._triples(parts)

    def _keyword(self, keyword: str) -> Part:
        if keyword == "FILTER":
            return Filter(self._constraint())
        if keyword == "OPTIONAL":
            return Optional(self.group())
        if keyword == "MINUS":
            return Minus(self.group())
        if keyword == "GRAPH":
            name = self.term()
            if not isinstance(name, Var | ox.NamedNode):
                raise self.wrong("the name of a graph")
            return Named(name, self.group())
        one = self._projected()
        assert one.expression is not None
        return Bind(one.expression, one.variable)

    def _values(self) -> Values:
        self.expect("VALUES")
        single = self.peek().kind == "variable"
        names = [self.variable()] if single else []
        if not single:
            self.expect("(")
            while self.peek().kind == "variable":
                names.append(self.variable())
            self.expect(")")
        self.expect("{")
        rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]] = []
        while self.peek().text != "}":
            if single:
                rows.append((self._cell(),))
                continue
            self.expect("(")
            row = []
            while self.peek().text != ")":
                row.append(self._cell())
            self.take()
            rows.append(tuple(row))
        self.take()
        return Values(tuple(names), tuple(rows))

    def _cell(self) -> ox.NamedNode | ox.Literal | None:
        if self.word("UNDEF"):
            self.take()
            return None
        found = self.term()
        if not isinstance(found, ox.NamedNode | ox.Literal):
            raise self.wrong("a constant")
        return found

    # ------------------------------------------------------------------ triples

    def _triples(self, parts: list[Part]) -> None:
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
        """A term, or a nameless node or list with what is said of it."""
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
        found = [self._steps()]
        while self.peek().text == "|":
            self.take()
            found.append(self._steps())
        return found[0] if len(found) == 1 else Alternative(tuple(found))

    def _steps(self) -> Path:
        found = [self._step()]
        while self.peek().text == "/":
            self.take()
            found.append(self._step())
        return found[0] if len(found) == 1 else Sequence(tuple(found))

    def _step(self) -> Path:
        inverse = self.peek().text == "^"
        if inverse:
            self.take()
        found: Path
        if self.peek().text == "(":
            self.take()
            found = self.path()
            self.expect(")")
        elif self.peek().text == "!":
            self.take()
            found = self._negated()
        else:
            found = self._verb()
        if self.peek().text in {"*", "+", "?"}:
            found = Repeat(found, self.take().text)
        return Inverse(found) if inverse else found

    def _negated(self) -> Negated:
        if self.peek().text != "(":
            return Negated((self._direction(),))
        self.take()
        found = [self._direction()]
        while self.peek().text == "|":
            self.take()
            found.append(self._direction())
        self.expect(")")
        return Negated(tuple(found))

    def _direction(self) -> ox.NamedNode | Inverse:
        if self.peek().text == "^":
            self.take()
            return Inverse(self._verb())
        return self._verb()

    def _verb(self) -> ox.NamedNode:
        if self.peek().text == "a":
            self.take()
            return ox.NamedNode(RDF_TYPE)
        found = self.term()
        if not isinstance(found, ox.NamedNode):
            raise self.wrong("a property")
        return found


def _single(group: Group) -> Part:
    """A group of its own, or the sub-select that is all there is in it."""
    only = group.parts[0] if len(group.parts) == 1 else None
    return only if isinstance(only, Select) else group
