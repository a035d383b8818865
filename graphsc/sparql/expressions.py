"""The parser of tokens, terms and expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pyoxigraph as ox

from graphsc.core.vocabulary import XSD
from graphsc.sparql import Token, tokens
from graphsc.sparql.syntax import COMPARISONS, Aggregate, Call, Exists, Expression, Group, Term, Var

_PAIRS = frozenset({"&&", "||", "!=", "<=", ">=", "^^"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
Item = TypeVar("Item")


class Expressions:
    """The part of the parser that moves along the tokens and reads terms and expressions; its methods raise ValueError."""

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self._tokens = _merged(tokens(text))
        self._text = text
        self._prefixes = dict(prefixes)
        self._at = 0

    def declare(self, prefix: str, iri: str) -> None:
        """What a prefix stands for from here on."""
        self._prefixes[prefix] = iri

    # ------------------------------------------------------------------ tokens

    def peek(self, ahead: int = 0) -> Token:
        """The token so many places ahead, without taking it; one of kind ``end`` after the last."""
        place = self._at + ahead
        return self._tokens[place] if 0 <= place < len(self._tokens) else Token("end", "", len(self._text))

    def take(self) -> Token:
        """Take the next token."""
        token = self.peek()
        if token.kind == "end":
            raise self.wrong("more")
        self._at += 1
        return token

    def word(self, *words: str) -> bool:
        """Whether the next token is one of these keywords."""
        return self.peek().kind == "word" and self.peek().text.upper() in words

    def accept(self, *texts: str) -> str:
        """Take the next token if it is one of these keywords (in capitals) or signs, and return it; empty if it is none."""
        token = self.peek()
        text = token.text.upper() if token.kind == "word" else token.text
        if token.kind == "end" or text not in texts:
            return ""
        self._at += 1
        return text

    def expect(self, text: str) -> None:
        """Take a keyword or a sign."""
        if not self.accept(text):
            raise self.wrong(text)

    def separated(self, sign: str, item: Callable[[], Item]) -> tuple[Item, ...]:
        """One item or more, with a sign between them."""
        items = [item()]
        while self.accept(sign):
            items.append(item())
        return tuple(items)

    def until(self, sign: str, item: Callable[[], Item]) -> tuple[Item, ...]:
        """Any number of items, with a sign after the last."""
        items: list[Item] = []
        while not self.accept(sign):
            items.append(item())
        return tuple(items)

    def end(self) -> None:
        """Raise ValueError unless all tokens are taken."""
        if self.peek().kind != "end":
            raise self.wrong("the end")

    def wrong(self, expected: str) -> ValueError:
        """An error to raise: which token stands here, and what is expected."""
        token = self.peek()
        line = self._text[: token.start].count("\n") + 1
        return ValueError(f"in line {line}, {expected} is expected, not {token.text or 'the end'}")

    # ------------------------------------------------------------------ terms

    def variable(self) -> Var:
        """A variable."""
        if self.peek().kind != "variable":
            raise self.wrong("a variable")
        return Var(self.take().text[1:])

    def term(self) -> Term:
        """A variable, an IRI, a literal or the label of a blank node."""
        token = self.peek()
        if token.kind == "variable":
            return self.variable()
        if token.kind in {"iri", "name"}:
            self.take()
            return self._iri(token)
        if token.kind == "string":
            return self._string()
        if token.kind == "number":
            self.take()
            return _number(token.text)
        if token.text in {"+", "-"} and self.peek(1).kind == "number":
            self.take()
            number = _number(self.take().text)
            return ox.Literal(token.text + number.value, datatype=number.datatype)
        if self.word("TRUE", "FALSE"):
            return ox.Literal(self.take().text.lower(), datatype=ox.NamedNode(XSD + "boolean"))
        if token.text == "_" and self.peek(1).text.startswith(":"):
            self.take()
            return ox.BlankNode(self.take().text[1:])
        raise self.wrong("a term")

    def _iri(self, token: Token) -> ox.NamedNode:
        if token.kind == "iri":
            value = unescaped(token.text[1:-1])
            if ":" not in value:
                raise ValueError(f"the IRI <{value}> is relative")
            return ox.NamedNode(value)
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            raise ValueError(f"the prefix {prefix}: is not declared")
        return ox.NamedNode(self._prefixes[prefix] + unescaped(local))

    def _string(self) -> ox.Literal:
        quoted = self.take().text
        quotes = 3 if quoted[:3] in {'"""', "'''"} else 1
        value = unescaped(quoted[quotes:-quotes])
        if self.peek().kind == "language":
            return ox.Literal(value, language=self.take().text[1:])
        if self.peek().text == "^^":
            self.take()
            return ox.Literal(value, datatype=self._iri(self.take()))
        return ox.Literal(value)

    # ------------------------------------------------------------------ expressions

    def group(self) -> Group:
        """A group with its braces; the parser of queries overrides it."""
        raise NotImplementedError

    def expression(self) -> Expression:
        """An expression."""
        return self._chain(lambda: self._chain(self._comparison, "&&"), "||")

    def _chain(self, operand: Callable[[], Expression], *signs: str) -> Expression:
        expression = operand()
        while sign := self.accept(*signs):
            expression = Call(sign, (expression, operand()))
        return expression

    def _comparison(self) -> Expression:
        left = self._sum()
        if sign := self.accept(*COMPARISONS):
            return Call(sign, (left, self._sum()))
        if self.word("IN") or (self.word("NOT") and self.peek(1).text.upper() == "IN"):
            name = "NOT IN" if self.accept("NOT") else "IN"
            self.expect("IN")
            return Call(name, (left, *self._arguments()))
        return left

    def _sum(self) -> Expression:
        return self._chain(lambda: self._chain(self._unary, "*", "/"), "+", "-")

    def _unary(self) -> Expression:
        if self.peek().text in {"!", "-", "+"} and not (self.peek().text != "!" and self.peek(1).kind == "number"):
            return Call(self.take().text, (self.primary(),))
        return self.primary()

    def primary(self) -> Expression:
        """A bracketed expression, a call, EXISTS or a term."""
        if self.accept("("):
            expression = self.expression()
            self.expect(")")
            return expression
        if self.accept("EXISTS"):
            return Exists(self.group())
        if self.accept("NOT"):
            self.expect("EXISTS")
            return Exists(self.group(), positive=False)
        if self.peek().kind == "word" and self.peek(1).text == "(":
            name = self.take().text.upper()
            return self._aggregate(name) if name in _AGGREGATES else Call(name, self._arguments())
        term = self.term()
        if isinstance(term, ox.BlankNode):
            raise self.wrong("an expression")
        if isinstance(term, ox.NamedNode) and self.peek().text == "(":
            return Call(term, self._arguments())
        return term

    def _arguments(self) -> tuple[Expression, ...]:
        self.expect("(")
        return self.until(")", self._argument)

    def _argument(self) -> Expression:
        expression = self.expression()
        if not self.accept(",") and self.peek().text != ")":
            raise self.wrong(")")
        return expression

    def _aggregate(self, name: str) -> Aggregate:
        self.expect("(")
        distinct = bool(self.accept("DISTINCT"))
        argument = None if self.accept("*") else self.expression()
        separator = None
        if self.accept(";"):
            self.expect("SEPARATOR")
            self.expect("=")
            separator = self._string().value
        self.expect(")")
        return Aggregate(name, argument, distinct, separator)


def _merged(tokens: Iterable[Token]) -> list[Token]:
    """The tokens, each sign of two characters as one token."""
    merged: list[Token] = []
    for token in tokens:
        last = merged[-1] if merged else None
        if last and last.start + len(last.text) == token.start and last.text + token.text in _PAIRS:
            merged[-1] = Token("other", last.text + token.text, last.start)
        else:
            merged.append(token)
    return merged


def _number(text: str) -> ox.Literal:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def unescaped(text: str) -> str:
    """A token without escapes. As in Oxigraph, they stand in strings, IRIs and names, and are read once."""
    return _ESCAPE.sub(lambda escape: _CHARACTERS.get(escape[3], escape[3] or _character(escape[1] or escape[2])), text)


def _character(digits: str) -> str:
    number = int(digits, 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise ValueError(f"there is no character {digits}")
    return chr(number)
