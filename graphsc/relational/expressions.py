"""SPARQL expressions as SQL, NULL where they are an error.

What DuckDB would answer otherwise than SPARQL is not compiled, or ends the statement with an error of its own where it is
met in the data: the query is then left to Oxigraph. Source: SPARQL 1.1, sections 17.2 to 17.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.vocabulary import XSD
from graphsc.relational.relations import Unsupported
from graphsc.relational.tables import Tables, quoted
from graphsc.sparql.syntax import Call, Exists, Expression, Var

_PATTERN = re.compile(r"[\^]?(?:[^\\.*+?()\[\]{}|^$]|\[[^\\\[\]&~]+\]\+?)+\$?")
"""Regular expressions that mean the same everywhere."""
_SAFE = "[A-Za-z0-9._~!$&''()*+,;=@:-]|%[0-9A-Fa-f][0-9A-Fa-f]"
_IRI = f"^[A-Za-z][A-Za-z0-9+.-]*:(//[A-Za-z0-9.-]+/|{_SAFE})({_SAFE}|/)*(#({_SAFE}|/)*)?$"
_LOWERED = "[^\\x00-\\x{12F}\\x{131}-\\x{24F}]"


def elsewhere(reason: str) -> str:
    """What ends a statement where it is met, as SQL."""
    return f"error({quoted(reason)})"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as SQL: ``term`` a term of the table ``term``, ``text`` a string, ``iri``, or ``truth``.

    ``sql`` is the id of a term, and what the others are; ``alias`` is the term's row, or empty where it is a constant.
    """

    form: str
    sql: str
    alias: str = ""
    constant: ox.NamedNode | ox.Literal | None = None

    @property
    def kind(self) -> str:
        """The kind of a term, as SQL."""
        if self.constant is not None:
            return quoted(kind(self.constant))
        return f"{self.alias}.kind" if self.form == "term" else quoted("s" if self.form == "text" else "t")

    @property
    def lex(self) -> str:
        """The text of a term, as SQL."""
        if self.constant is not None:
            return quoted(self.constant.value)
        if self.form == "truth":
            return f"({self.sql})::VARCHAR"
        return f"{self.alias}.lex" if self.form == "term" else self.sql

    @property
    def num(self) -> str:
        """The number that a term is, as SQL."""
        if self.constant is not None:
            return f"{self.constant.value}::DECIMAL(38, 18)" if kind(self.constant) == "n" else "NULL"
        return f"{self.alias}.num" if self.form == "term" else "NULL"


def kind(term: ox.NamedNode | ox.Literal) -> str:
    """The kind of a constant, as in the table of terms. Raises Unsupported for one of no kind that is compared."""
    if isinstance(term, ox.NamedNode):
        return "i"
    if term.language:
        return "l"
    datatype = term.datatype.value.removeprefix(XSD)
    patterns = {"string": ("s", ""), "boolean": ("t", "true|false"), "integer": ("n", r"-?[0-9]{1,15}"),
                "decimal": ("n", r"-?[0-9]{1,15}(\.[0-9]{1,18})?"), "date": ("d", r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])")}  # fmt: skip
    name, pattern = patterns.get(datatype, ("", ""))
    if not name or (pattern and not re.fullmatch(pattern, term.value)):
        raise Unsupported(f"the constant {term}")
    return name


class Expressions:
    """Expressions over the rows ``a`` of a relation, whose columns are ``bound``; ``flags`` are the columns of EXISTS."""

    def __init__(self, tables: Tables, bound: tuple[str, ...], flags: Mapping[Exists, str]) -> None:
        self._tables = tables
        self._bound = bound
        self._flags = flags
        self.joined: dict[str, str] = {}

    @property
    def joins(self) -> str:
        """The terms that are looked at, joined to the rows."""
        return "".join(f' LEFT JOIN term {alias} ON {alias}.id = a."{name}"' for name, alias in self.joined.items())

    def value(self, expression: Expression) -> Value:
        """The value of an expression."""
        match expression:
            case Var(name):
                if name not in self._bound:
                    return Value("term", "NULL::UBIGINT", self._alias(""))
                return Value("term", f'a."{name}"', self._alias(name))
            case ox.NamedNode() | ox.Literal():
                return Value("term", self._tables.constant(expression), "", expression)
            case Exists():
                return Value("truth", f'a."{self._flags[expression]}"')
            case Call(str() as name, arguments):
                return self._call(name, arguments)
        raise Unsupported(type(expression).__name__)

    def _alias(self, name: str) -> str:
        if not name:
            raise Unsupported("a variable that nothing binds")
        return self.joined.setdefault(name, f'"t.{name}"')

    def truth(self, expression: Expression) -> str:
        """The effective boolean value."""
        value = self.value(expression)
        if value.form == "truth":
            return value.sql
        if value.form == "text":
            return f"({value.sql} <> '')"
        return (
            f"(CASE WHEN {value.kind} IS NULL OR {value.kind} IN ('i', 'b') THEN NULL WHEN {value.kind} = 't' THEN {value.lex} = 'true' "
            f"WHEN {value.kind} = 's' THEN {value.lex} <> '' WHEN {value.kind} = 'n' THEN {value.num} <> 0 ELSE {elsewhere('a literal of a datatype that is not compared')} END)"
        )

    def text(self, expression: Expression) -> str:
        """A simple string as an argument; what has a language is left to Oxigraph."""
        value = self.value(expression)
        if value.form == "text":
            return value.sql
        if value.form != "term":
            return "NULL::VARCHAR"
        return f"(CASE {value.kind} WHEN 's' THEN {value.lex} WHEN 'l' THEN {elsewhere('a text in a language')} END)"

    def _call(self, name: str, arguments: tuple[Expression, ...]) -> Value:
        match name:
            case "&&" | "||":
                joint = " AND " if name == "&&" else " OR "
                return Value("truth", f"({joint.join(self.truth(argument) for argument in arguments)})")
            case "!":
                return Value("truth", f"(NOT {self.truth(arguments[0])})")
            case "=" | "!=":
                return Value("truth", self._equal(*arguments, positive=name == "="))
            case "<" | ">" | "<=" | ">=":
                return Value("truth", self._ordered(name, *arguments))
            case "IN" | "NOT IN":
                some = " OR ".join(self._equal(arguments[0], option) for option in arguments[1:]) or "false"
                return Value("truth", f"({some})" if name == "IN" else f"(NOT ({some}))")
            case "BOUND":
                (variable,) = arguments
                assert isinstance(variable, Var)
                return Value("truth", f'(a."{variable.name}" IS NOT NULL)' if variable.name in self._bound else "false")
            case "SAMETERM":
                left, right = (self._id(argument) for argument in arguments)
                return Value("truth", f"({left} = {right})")
            case "ISIRI" | "ISURI" | "ISBLANK" | "ISLITERAL":
                value = self.value(arguments[0])
                test = {"ISBLANK": "= 'b'", "ISLITERAL": "NOT IN ('i', 'b')"}.get(name, "= 'i'")
                return Value("truth", f"({value.kind} {test})")
        return self._function(name, arguments)

    def _function(self, name: str, arguments: tuple[Expression, ...]) -> Value:
        match name:
            case "STR":
                value = self.value(arguments[0])
                if value.form == "term":
                    return Value("text", f"(CASE WHEN {value.kind} <> 'b' THEN {value.lex} END)")
                return Value("text", value.lex)
            case "IRI" | "URI":
                text = self.text(arguments[0])
                return Value(
                    "iri",
                    f"(CASE WHEN regexp_matches({text}, '{_IRI}') THEN {text} WHEN {text} IS NOT NULL THEN {elsewhere('an IRI that must be looked at')} END)",
                )
            case "CONCAT":
                return Value("text", f"({' || '.join(self.text(argument) for argument in arguments)})")
            case "LCASE":
                text = self.text(arguments[0])
                return Value(
                    "text",
                    f"(CASE WHEN regexp_matches({text}, '{_LOWERED}') THEN {elsewhere('letters that are not Latin')} ELSE lower({text}) END)",
                )
            case "ENCODE_FOR_URI":
                return Value("text", f"url_encode({self.text(arguments[0])})")
            case "CONTAINS" | "STRSTARTS" | "STRENDS":
                called = {"CONTAINS": "contains", "STRSTARTS": "starts_with", "STRENDS": "ends_with"}[name]
                return Value("truth", f"{called}({self.text(arguments[0])}, {self.text(arguments[1])})")
            case "REPLACE" if len(arguments) == 3 and _plain(arguments[1]) and _literal(arguments[2], "$\\"):
                return Value("text", f"regexp_replace({', '.join(self.text(argument) for argument in arguments)}, 'g')")
            case "REGEX" if len(arguments) == 2 and _plain(arguments[1]):
                return Value("truth", f"regexp_matches({self.text(arguments[0])}, {self.text(arguments[1])})")
        raise Unsupported(name)

    def _id(self, expression: Expression) -> str:
        value = self.value(expression)
        if value.form != "term":
            raise Unsupported("a computed value as a term")
        return value.sql

    def _equal(self, first: Expression, second: Expression, *, positive: bool = True) -> str:
        sign = "=" if positive else "<>"
        a, b = self.value(first), self.value(second)
        if a.form == b.form == "text":
            return f"({a.sql} {sign} {b.sql})"
        if any(isinstance(value.constant, ox.NamedNode) for value in (a, b)) and a.form == b.form == "term":
            return f"({a.sql} {sign} {b.sql})"
        same = f"{a.sql} {sign} {b.sql}" if a.form == b.form == "term" else f"{a.lex} {sign} {b.lex}"
        known = f"{a.sql} IS NOT NULL AND {b.sql} IS NOT NULL"
        return (
            f"(CASE WHEN NOT ({known}) THEN NULL WHEN 'o' IN ({a.kind}, {b.kind}) THEN {elsewhere('a literal of a datatype that is not compared')} "
            f"WHEN {a.kind} <> {b.kind} THEN {'false' if positive else 'true'} "
            f"WHEN {a.kind} = 'n' THEN {a.num} {sign} {b.num} ELSE {same} END)"
        )

    def _ordered(self, sign: str, first: Expression, second: Expression) -> str:
        a, b = self.value(first), self.value(second)
        known = f"{a.sql} IS NOT NULL AND {b.sql} IS NOT NULL"
        odd = f"{a.kind} IN ('o', 'i', 'b', 'l') OR {b.kind} IN ('o', 'i', 'b', 'l')"
        return (
            f"(CASE WHEN NOT ({known}) THEN NULL WHEN {odd} THEN {elsewhere('values that have no order of their own')} WHEN {a.kind} <> {b.kind} THEN NULL "
            f"WHEN {a.kind} = 'n' THEN {a.num} {sign} {b.num} ELSE {a.lex} {sign} {b.lex} END)"
        )


def ntriples(value: Value) -> str:
    """The N-Triples text of a computed value, as SQL."""
    match value.form:
        case "iri":
            return f"'<' || {value.sql} || '>'"
        case "text":
            plain = f"NOT regexp_matches({value.sql}, '[\\x00-\\x1f\\x7f\"\\\\]')"
            return f"(CASE WHEN {value.sql} IS NULL THEN NULL WHEN {plain} THEN '\"' || {value.sql} || '\"' ELSE {elsewhere('characters that must be escaped')} END)"
        case "truth":
            return f"'\"' || ({value.sql})::VARCHAR || '\"^^<{XSD}boolean>'"
    raise Unsupported(value.form)


def _plain(expression: Expression) -> bool:
    return isinstance(expression, ox.Literal) and bool(_PATTERN.fullmatch(expression.value))


def _literal(expression: Expression, without: str) -> bool:
    return isinstance(expression, ox.Literal) and not set(expression.value) & set(without)
