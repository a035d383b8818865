"""The graph patterns of the SPARQL that our rules and shapes are written in, as a small tree.

For knowing what a rule reads, writes and builds on the absence of, and for showing the facts beneath a
conclusion. It reads the subset the knowledge is written in: triples with ``;`` and ``,``, property paths,
FILTER, BIND, VALUES, OPTIONAL, UNION, MINUS, NOT EXISTS and sub-selects. Source: SPARQL 1.1, section 19.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graphsc.sparql import Token, prefixes, tokens
from graphsc.vocabulary import RDF_TYPE

_OPERATORS = frozenset({"=", "!=", "<", ">", "<=", ">="})


@dataclass(frozen=True, slots=True)
class Term:
    """A place in a triple: ``kind`` is ``iri``, ``variable``, ``literal`` or ``path``, ``text`` its IRI, name or source.

    A literal is written as in Turtle, its datatype in full; a path also keeps the IRIs it is made of.
    """

    kind: str
    text: str
    parts: tuple[str, ...] = ()

    @property
    def repeated(self) -> str | None:
        """The IRI of a path that is one property any number of times (``p*`` or ``p+``); None for any other term."""
        plain = len(self.parts) == 1 and self.text[-1] in "*+" and not {"(", "^", "!"} & {self.text[0]}
        return self.parts[0] if self.kind == "path" and plain else None


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern."""

    subject: Term
    predicate: Term
    object: Term

    @property
    def terms(self) -> tuple[Term, Term, Term]:
        """Its three places."""
        return (self.subject, self.predicate, self.object)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A FILTER that is nothing but a comparison of two terms."""

    left: Term
    operator: str
    right: Term


@dataclass(slots=True)
class Group:
    """What stands between two braces.

    ``kind`` tells how it is joined to what is around it: ``and``, ``optional``, ``either`` (one branch of a
    UNION), ``absent`` (MINUS, or a FILTER that is NOT EXISTS), ``asked`` (EXISTS or NOT EXISTS as a part of a
    larger expression) or ``select`` (a sub-select that computes: counts, takes a maximum, a first few).
    ``comparisons`` are its FILTERs that compare two terms; ``conditional`` says that it has others.
    ``start`` and ``end`` are the places of its braces in the query.
    """

    kind: str
    start: int
    end: int = 0
    triples: list[Triple] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    conditional: bool = False

    def walk(self, *, absent: bool = False) -> Iterator[tuple[Triple, bool]]:
        """Every triple in and below the group, and whether its absence or its number may matter."""
        absent = absent or self.kind in {"absent", "asked", "select"}
        for triple in self.triples:
            yield triple, absent
        for group in self.groups:
            yield from group.walk(absent=absent)


@dataclass(slots=True)
class Query:
    """A CONSTRUCT or SELECT: its template (empty for SELECT) and its pattern."""

    template: list[Triple]
    where: Group
    text: str

    @property
    def where_text(self) -> str:
        """The pattern as it is written, braces included."""
        return self.text[self.where.start : self.where.end]

    @property
    def prologue(self) -> str:
        """Its PREFIX lines."""
        return _prologue(self.text)


@lru_cache(maxsize=512)
def _prologue(text: str) -> str:
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(prefixes(text).items()))


def parse(query: str) -> Query:
    """Read a query; ValueError where it is not of the subset."""
    return _Parser(query).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._prefixes = prefixes(text)
        self._at = 0

    def _peek(self, ahead: int = 0) -> Token:
        position = self._at + ahead
        if position < len(self._tokens):
            return self._tokens[position]
        return Token("end", "", len(self._text))

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _word(self, *words: str) -> bool:
        token = self._peek()
        return token.kind == "word" and token.text.upper() in words

    def query(self) -> Query:
        while not self._word("CONSTRUCT", "SELECT"):
            if self._next().kind == "end":
                raise ValueError("neither CONSTRUCT nor SELECT")
        template: list[Triple] = []
        if self._next().text.upper() == "CONSTRUCT":
            template = self._group("and").triples
        while self._peek().text != "{":
            if self._next().kind == "end":
                raise ValueError("no pattern")
        return Query(template, self._group("and"), self._text)

    def _group(self, kind: str) -> Group:
        group = Group(kind, self._next().start)
        if self._word("SELECT"):
            self._select(group)
        while self._peek().text != "}":
            self._element(group)
        group.end = self._next().start + 1
        return group

    def _select(self, group: Group) -> None:
        """A sub-select: one that only chooses variables says what its pattern says, and no more."""
        computes = False
        while self._peek().text != "{":
            computes |= self._next().text == "("
        group.groups.append(self._group("and"))
        while self._peek().text != "}":  # GROUP BY, HAVING, LIMIT and the like
            self._next()
            computes = True
        if computes:
            group.kind = "select"

    def _element(self, group: Group) -> None:
        token = self._peek()
        if token.kind == "end":
            raise ValueError("a brace is missing")
        if self._word("FILTER"):
            self._next()
            self._filter(group)
        elif self._word("BIND"):
            self._next()
            self._expression(group)
        elif self._word("VALUES"):  # names terms, and asks for nothing
            while self._next().text not in {"}", ""}:
                pass
        elif self._word("OPTIONAL", "MINUS"):
            kind = "optional" if self._next().text.upper() == "OPTIONAL" else "absent"
            group.groups.append(self._group(kind))
        elif token.text == "{":
            group.groups.append(self._group("and"))
            while self._word("UNION"):
                self._next()
                group.groups[-1].kind = "either" if group.groups[-1].kind == "and" else group.groups[-1].kind
                group.groups.append(self._group("either"))
        elif token.text == ".":
            self._next()
        elif token.kind == "word" and token.text != "a":
            raise ValueError(f"not of the subset: {token.text}")
        else:
            self._triples(group)

    def _filter(self, group: Group) -> None:
        """A FILTER: a pattern that must or must not be there, a comparison, or another expression."""
        if self._word("NOT", "EXISTS"):
            kind = "absent" if self._word("NOT") else "and"
            self._asked(group, kind)
            return
        start = self._at
        if self._peek().text == "(":
            self._next()
            try:
                left, operator, right = self._term(), self._operator(), self._term()
                if self._next().text == ")":
                    group.comparisons.append(Comparison(left, operator, right))
                    return
            except ValueError:
                pass
            self._at = start
        group.conditional = True
        self._expression(group)

    def _operator(self) -> str:
        text = self._next().text
        if self._peek().text == "=" and text in {"<", ">", "!"}:
            text += self._next().text
        if text not in _OPERATORS:
            raise ValueError(f"not of the subset: {text}")
        return text

    def _asked(self, group: Group, kind: str) -> None:
        """The pattern after EXISTS or NOT EXISTS."""
        if self._word("NOT"):
            self._next()
        if not self._word("EXISTS"):
            raise ValueError(f"not of the subset: NOT {self._peek().text}")
        self._next()
        group.groups.append(self._group(kind))

    def _expression(self, group: Group) -> None:
        """Pass over an expression, but keep the patterns whose absence or presence it asks for."""
        depth = 0
        while True:
            if self._word("EXISTS") or (self._word("NOT") and self._peek(1).text.upper() == "EXISTS"):
                self._asked(group, "asked")
                continue
            text = self._next().text
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth == 0 and text == ")":
                return
            if text == "":
                raise ValueError("an expression does not end")

    def _triples(self, group: Group) -> None:
        subject = self._term()
        while True:
            verb = self._path()
            while True:
                group.triples.append(Triple(subject, verb, self._term()))
                if self._peek().text != ",":
                    break
                self._next()
            if self._peek().text != ";":
                return
            while self._peek().text == ";":
                self._next()
            if self._peek().text in {".", "}"}:
                return

    def _path(self) -> Term:
        """A property or a property path."""
        first = self._at
        iris: list[str] = []
        depth = 0
        while True:
            token = self._next()
            if token.text == "(":
                depth += 1
            elif token.text == ")":
                depth -= 1
            elif token.text not in {"^", "!"}:
                iris.append(RDF_TYPE if token.text == "a" else self._iri(token))
            while self._peek().text in {"*", "+", "?"} or (depth and self._peek().text == ")"):
                depth -= self._next().text == ")"
            if token.text not in {"(", "^", "!"}:
                if depth == 0 and self._peek().text not in {"/", "|"}:
                    break
                if self._peek().text in {"/", "|"}:
                    self._next()
        used = self._tokens[first : self._at]
        if len(used) == 1:
            if used[0].kind == "variable":
                return Term("variable", used[0].text[1:])
            return Term("iri", iris[0])
        return Term("path", "".join(token.text for token in used), tuple(iris))

    def _term(self) -> Term:
        token = self._next()
        if token.kind == "variable":
            return Term("variable", token.text[1:])
        if token.kind in {"iri", "name"}:
            return Term("iri", self._iri(token))
        if token.kind == "number" or token.text in {"true", "false"}:
            return Term("literal", token.text)
        if token.kind != "string":
            raise ValueError(f"not of the subset: {token.text}")
        if self._peek().kind == "language":
            return Term("literal", token.text + self._next().text)
        if self._peek().text == "^" and self._peek(1).text == "^":
            self._at += 2
            return Term("literal", f"{token.text}^^<{self._iri(self._next())}>")
        return Term("literal", token.text)

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        if token.kind == "name":
            prefix, local = token.text.split(":", 1)
            if prefix not in self._prefixes:
                raise ValueError(f"unknown prefix {prefix}:")
            return self._prefixes[prefix] + local
        if token.kind == "variable":
            return token.text
        raise ValueError(f"not of the subset: {token.text}")
