"""SPARQL expressions as SQL; an error of an expression is NULL.

Where SQL would give another answer than SPARQL, the expression is not compiled, or its SQL raises an error for such data:
the query is then left to Oxigraph. Source: SPARQL 1.1, sections 17.2 to 17.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_LANG_STRING, XSD
from graphsc.graph.backend import Unsupported
from graphsc.relational.database import quoted
from graphsc.relational.tables import Tables
from graphsc.relational.terms import KINDS, ending
from graphsc.sparql.syntax import Call, Exists, Expression, Var

EMPTY = '""'
_BRANCH = r"\^?(?:[^\\.*+?()\[\]{}|^$]|(?:\\s|\[[^\\\[\]&~]+\])\+?)+\$?"
_PATTERN = re.compile(rf"{_BRANCH}(?:\|{_BRANCH})*")
"""Regular expressions that mean the same in every dialect, once ``_DIALECT`` is replaced."""
_DIALECT = {
    "$": r"\z",  # in Java "$" also matches before a last line break
    r"\s": r"[\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]",
}
_SAFE = "[A-Za-z0-9._~!$&''()*+,;=@:-]|%[0-9A-Fa-f][0-9A-Fa-f]"
_IRI = f"^[A-Za-z][A-Za-z0-9+.-]*:(//[A-Za-z0-9.-]+/|{_SAFE})({_SAFE}|/)*(#({_SAFE}|/)*)?\\z"
_LOWERED = "[^\\x00-\\x{12F}\\x{131}-\\x{24F}]"


_KIND = {"text": "s", "integer": "n", "iri": "i", "truth": "t"}
"""The kinds of computed values by their form."""


def sql_error(reason: str) -> str:
    """SQL that ends the statement when it is evaluated, so that the query is left to Oxigraph."""
    return f"error({quoted(reason)})"


def of_kind(*kinds: str) -> str:
    """The list of kinds after IN, as SQL."""
    return f"({', '.join(str(KINDS[name]) for name in kinds)})"


@dataclass(frozen=True, slots=True)
class Value:
    """The SQL of a value; ``form`` is ``term``, ``text``, ``integer``, ``iri`` or ``truth``.

    ``sql`` gives the id of a term, and the value itself of the other forms. ``constant`` is a term that the query names.
    """

    form: str
    sql: str
    constant: ox.NamedNode | ox.Literal | None = None

    @property
    def kind(self) -> str:
        """The kind of a value, as SQL."""
        if self.constant is not None:
            return str(KINDS[kind(self.constant)])
        return f"({self.sql} & 15)" if self.form == "term" else str(KINDS[_KIND[self.form]])


def kind(term: ox.NamedNode | ox.Literal) -> str:
    """The kind of a constant. Raises Unsupported for a literal that cannot be compared in SQL."""
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
    """Compiles expressions over the rows ``a`` of a relation; ``bound`` are its columns, ``flags`` the columns of EXISTS."""

    def __init__(self, tables: Tables, bound: tuple[str, ...], flags: Mapping[Exists, str]) -> None:
        self._tables = tables
        self._bound = bound
        self._flags = flags
        self._joined: dict[tuple[str, str], tuple[str, str]] = {}

    @property
    def joins(self) -> str:
        """The joins to the tables in which the expressions look up terms."""
        return "".join(join for _, join in self._joined.values())

    def _looked_up(self, table: str, value: Value) -> str:
        alias = f"l{len(self._joined)}"
        alias, _ = self._joined.setdefault(
            (table, value.sql), (alias, f" LEFT JOIN {table} {alias} ON {alias}.id = {value.sql}")
        )
        return alias

    def _lex(self, value: Value) -> str:
        """The text of a value."""
        if value.constant is not None:
            return quoted(value.constant.value)
        if value.form in {"truth", "integer"}:
            return f"({value.sql})::VARCHAR"
        return f"{self._looked_up('term', value)}.lex" if value.form == "term" else value.sql

    def _num(self, value: Value) -> str:
        """The number by which a number, a date or a truth value is compared."""
        if value.form == "truth":
            return f"({value.sql})::INT"
        if value.form == "integer":
            return f"({value.sql})::DECIMAL(38, 18)"
        if value.form == "term" and value.constant is None:
            return f"{self._looked_up('value', value)}.num"
        match kind(value.constant) if value.constant is not None else "":
            case "n":
                return f"{self._lex(value)}::DECIMAL(38, 18)"
            case "d":
                return f"{self._lex(value).replace('-', '')}::DECIMAL(38, 18)"
            case "t":
                return f"({self._lex(value)} = 'true')::INT"
        return "NULL"

    def value(self, expression: Expression) -> Value:
        """The value of an expression. Raises Unsupported."""
        match expression:
            case Var(name):
                if name not in self._bound:
                    raise Unsupported("a variable that nothing binds")
                return Value("term", f'a."{name}"')
            case ox.NamedNode() | ox.Literal():
                return Value("term", self._tables.constant(expression), expression)
            case Exists():
                return Value("truth", f'a."{self._flags[expression]}"')
            case Call(str() as name, arguments):
                return self._call(name, arguments)
        raise Unsupported(type(expression).__name__)

    def truth(self, expression: Expression) -> str:
        """The effective boolean value."""
        value = self.value(expression)
        if value.form == "truth":
            return value.sql
        if value.form == "text":
            return f"({value.sql} <> '')"
        if value.form == "integer":
            return f"({value.sql} <> 0)"
        return (
            f"(CASE WHEN {value.kind} IS NULL OR {value.kind} IN {of_kind('i', 'b')} THEN NULL "
            f"WHEN {value.kind} = {KINDS['s']} THEN {value.sql} <> {self._tables.id(EMPTY)} "
            f"WHEN {value.kind} IN {of_kind('n', 't')} THEN {self._num(value)} <> 0 ELSE {sql_error('a literal of a datatype that is not compared')} END)"
        )

    def text(self, expression: Expression, *, tagged: bool = False) -> str:
        """An argument that must be a string; a language-tagged one is left to Oxigraph unless ``tagged``."""
        value = self.value(expression)
        if value.form == "text":
            return value.sql
        if value.form != "term":
            return "NULL::VARCHAR"
        return f"(CASE {value.kind} WHEN {KINDS['s']} THEN {self._lex(value)} WHEN {KINDS['l']} THEN {self._lex(value) if tagged else sql_error('a text in a language')} END)"

    def _integer(self, expression: Expression) -> str:
        """An argument that must be a number; one that is no integer is left to Oxigraph."""
        value = self.value(expression)
        if value.form == "integer":
            return value.sql
        if value.form != "term":
            return "NULL::BIGINT"
        decimal = f"contains({self._looked_up('term', value)}.text, '#decimal')"
        return (
            f"(CASE WHEN {value.kind} = {KINDS['o']} OR ({value.kind} = {KINDS['n']} AND {decimal}) THEN {sql_error('a number that is no integer')} "
            f"WHEN {value.kind} = {KINDS['n']} THEN ({self._num(value)})::BIGINT END)"
        )

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
                test = " OR ".join(self._equal(arguments[0], option) for option in arguments[1:]) or "false"
                return Value("truth", f"({test})" if name == "IN" else f"(NOT ({test}))")
            case "BOUND":
                (variable,) = arguments
                assert isinstance(variable, Var)
                return Value("truth", f'(a."{variable.name}" IS NOT NULL)' if variable.name in self._bound else "false")
            case "SAMETERM":
                left, right = (self._id(argument) for argument in arguments)
                return Value("truth", f"({left} = {right})")
            case "ISIRI" | "ISURI" | "ISBLANK" | "ISLITERAL":
                value = self.value(arguments[0])
                kinds = {"ISBLANK": "b", "ISLITERAL": "slndto"}.get(name, "i")
                test = f"{value.kind} IN {of_kind(*kinds)}"  # of a term that is unbound, the kind is too
                return Value(
                    "truth",
                    f"({test})" if value.form == "term" else f"CASE WHEN {value.sql} IS NOT NULL THEN {test} END",
                )
            case "LANG":
                return Value("text", self._language(self.value(arguments[0])))
            case "DATATYPE":
                return Value("iri", self._datatype(self.value(arguments[0])))
        return self._function(name, arguments)

    def _function(self, name: str, arguments: tuple[Expression, ...]) -> Value:
        match name:
            case "COALESCE":
                if all(map(self._is_truth, arguments)):
                    return Value("truth", f"coalesce({', '.join(map(self.truth, arguments))})")
                return Value("term", f"coalesce({', '.join(self._id(argument) for argument in arguments)})")
            case "IF":
                truth, yes, no = self.truth(arguments[0]), self._id(arguments[1]), self._id(arguments[2])
                return Value("term", f"(CASE {truth} WHEN true THEN {yes} WHEN false THEN {no} END)")
            case "+":
                return Value("integer", f"({' + '.join(map(self._integer, arguments))})")
            case "STRLEN":
                return Value("integer", f"length({self.text(arguments[0], tagged=True)})")
            case "CONTAINS" | "STRSTARTS" | "STRENDS":
                function = {"CONTAINS": "contains", "STRSTARTS": "starts_with", "STRENDS": "ends_with"}[name]
                return Value("truth", f"{function}({self.text(arguments[0])}, {self.text(arguments[1])})")
            case "REGEX" if len(arguments) == 2 and _plain(arguments[1]):
                return Value("truth", f"regexp_matches({self.text(arguments[0])}, {_pattern(arguments[1])})")
        return self._string(name, arguments)

    def _string(self, name: str, arguments: tuple[Expression, ...]) -> Value:
        match name:
            case "STR":
                value = self.value(arguments[0])
                if value.form == "term":
                    return Value("text", f"(CASE WHEN {value.kind} <> {KINDS['b']} THEN {self._lex(value)} END)")
                return Value("text", self._lex(value))
            case "IRI" | "URI":
                text = self.text(arguments[0])
                return Value(
                    "iri",
                    f"(CASE WHEN regexp_matches({text}, '{_IRI}') THEN {text} WHEN {text} IS NOT NULL THEN {sql_error('an IRI of a text that may not be valid')} END)",
                )
            case "CONCAT":
                tagged = ox.Literal("") in arguments  # with an untagged argument the result has no language
                return Value("text", f"({' || '.join(self.text(argument, tagged=tagged) for argument in arguments)})")
            case "LCASE":
                text = self.text(arguments[0])
                return Value(
                    "text",
                    f"(CASE WHEN regexp_matches({text}, '{_LOWERED}') THEN {sql_error('letters that are not Latin')} ELSE lower({text}) END)",
                )
            case "STRBEFORE":
                text, mark = map(self.text, arguments)
                place = f"strpos({text}, {mark})"
                return Value("text", f"substring({text}, 1, {place} - ({place} > 0)::INT)")
            case "ENCODE_FOR_URI":
                return Value("text", f"url_encode({self.text(arguments[0])})")
            case "REPLACE" if len(arguments) == 3 and _plain(arguments[1]) and _literal(arguments[2], "$\\"):
                return Value(
                    "text",
                    f"regexp_replace({self.text(arguments[0])}, {_pattern(arguments[1])}, {self.text(arguments[2])}, 'g')",
                )
        raise Unsupported(name)

    def _is_truth(self, expression: Expression) -> bool:
        value = self.value(expression)
        return value.form == "truth" or (value.constant is not None and kind(value.constant) == "t")

    def _datatype(self, value: Value) -> str:
        if value.form != "term" or value.constant is not None:
            raise Unsupported("the datatype of what is computed")
        written = f"substring({ending(self._looked_up('term', value) + '.text')}, 4)"
        return (
            f"(CASE WHEN {value.kind} = {KINDS['s']} THEN '{XSD}string' WHEN {value.kind} = {KINDS['l']} THEN '{RDF_LANG_STRING}' "
            f"WHEN {value.kind} & 1 = 1 THEN rtrim({written}, '>') END)"
        )

    def _language(self, value: Value) -> str:
        if value.form != "term" or value.constant is not None:
            raise Unsupported("the language of what is computed")
        language = f"substring({ending(self._looked_up('term', value) + '.text')}, 2)"
        return f"(CASE WHEN {value.kind} = {KINDS['l']} THEN {language} WHEN {value.kind} & 1 = 1 THEN '' END)"

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
        bound = f"{a.sql} IS NOT NULL AND {b.sql} IS NOT NULL"
        odd = f"{KINDS['o']} IN ({a.kind}, {b.kind})"
        number = f"{a.kind} = {KINDS['n']} AND {b.kind} = {KINDS['n']}"
        if a.form == b.form == "term":  # what is not a number is equal to itself alone
            same = f"{a.sql} {sign} {b.sql}"
        else:
            different = "false" if positive else "true"
            same = f"CASE WHEN {a.kind} <> {b.kind} THEN {different} ELSE {self._lex(a)} {sign} {self._lex(b)} END"
        return (
            f"(CASE WHEN NOT ({bound}) THEN NULL WHEN {odd} THEN {sql_error('a literal of a datatype that is not compared')} "
            f"WHEN {number} THEN {self._num(a)} {sign} {self._num(b)} ELSE {same} END)"
        )

    def _ordered(self, sign: str, first: Expression, second: Expression) -> str:
        """The order of two values of the same kind; as in Oxigraph, nodes and truth values are only equal or not."""
        a, b = self.value(first), self.value(second)
        if not {a.form, b.form} <= {"term", "text", "integer"}:
            raise Unsupported("the order of computed nodes or truth values")
        bound = f"{a.sql} IS NOT NULL AND {b.sql} IS NOT NULL"
        odd = f"{a.kind} IN {of_kind('l', 'o')} OR {b.kind} IN {of_kind('l', 'o')}"
        same = numbers = "NULL"
        texts = sql_error("the order of texts")  # rare, and the text of every value would be looked up
        if a.form == b.form == "term":
            same = f"CASE WHEN {a.sql} = {b.sql} THEN {'true' if '=' in sign else 'false'} END"
        if "text" in {a.form, b.form}:
            texts = f"{self._lex(a)} {sign} {self._lex(b)}"
        else:
            numbers = f"{self._num(a)} {sign} {self._num(b)}"
        return (
            f"(CASE WHEN NOT ({bound}) THEN NULL WHEN {odd} THEN {sql_error('values that have no order of their own')} "
            f"WHEN {a.kind} <> {b.kind} THEN NULL WHEN {a.kind} IN {of_kind('n', 'd')} THEN {numbers} "
            f"WHEN {a.kind} = {KINDS['s']} THEN {texts} ELSE {same} END)"
        )


def ntriples(value: Value) -> str:
    """The N-Triples text of a computed value, as SQL. Raises Unsupported."""
    match value.form:
        case "iri":
            return f"'<' || {value.sql} || '>'"
        case "text":
            plain = f"NOT regexp_matches({value.sql}, '[\\x00-\\x1f\\x7f\"\\\\]')"
            return f"(CASE WHEN {value.sql} IS NULL THEN NULL WHEN {plain} THEN '\"' || {value.sql} || '\"' ELSE {sql_error('characters that must be escaped')} END)"
        case "truth" | "integer":
            name = "boolean" if value.form == "truth" else "integer"
            return f"'\"' || ({value.sql})::VARCHAR || '\"^^<{XSD}{name}>'"
    raise Unsupported(value.form)


def _plain(expression: Expression) -> bool:
    return isinstance(expression, ox.Literal) and bool(_PATTERN.fullmatch(expression.value))


def _pattern(expression: Expression) -> str:
    """A regular expression as SQL."""
    assert isinstance(expression, ox.Literal)
    return quoted(re.sub(r"\[[^\]]*\]|\\s|\$", lambda part: _DIALECT.get(part[0], part[0]), expression.value))


def _literal(expression: Expression, without: str) -> bool:
    return isinstance(expression, ox.Literal) and not set(expression.value) & set(without)
