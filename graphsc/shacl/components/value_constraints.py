"""Constraints on each value node by itself: conditions on the rows of one pattern.

A condition is true for a violation, and never an error: SPARQL drops a row whose FILTER is an error, and the violation
would be lost. Source: W3C SHACL, sections 4.1, 4.3, 4.4 and 4.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.compiler import Compiler, Component, Scope
from graphsc.shacl.components.lexical import has_datatype
from graphsc.shacl.domains import constants, instance
from graphsc.shacl.model import Value
from graphsc.shacl.plan import Violation
from graphsc.shacl.reasons import Declined, Refused
from graphsc.sparql.syntax import (
    FALSE,
    Call,
    Expression,
    Group,
    Minus,
    Var,
    conjunction,
    disjunction,
    negation,
)

_KINDS = {
    "IRI": ("ISIRI",), "BlankNode": ("ISBLANK",), "Literal": ("ISLITERAL",), "BlankNodeOrIRI": ("ISBLANK", "ISIRI"),
    "BlankNodeOrLiteral": ("ISBLANK", "ISLITERAL"), "IRIOrLiteral": ("ISIRI", "ISLITERAL"),
}  # fmt: skip
_BOUNDS = {"minExclusive": "<", "minInclusive": "<=", "maxExclusive": ">", "maxInclusive": ">="}
# Regular expressions that mean the same in XPath, Oxigraph and Python; any other is left to the reference engine.
_PLAIN_PATTERN = re.compile(
    r"(?:[^\\\[\](){}*+?.^$|]|\\[.\\\[\](){}*+?^$|/\-tnrdsw]|\.|[*+?]\??|\{\d+(?:,\d*)?\}|\[\^?\]?(?:[^\\\[\]&~]|\\[.\\\[\](){}*+?^$|/\-tnrdsw])*\]|\((?!\?)|\(\?:|\)|[|^$])*\Z"
)


def _class(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "class"):
        yield scope.where("Class", Minus(Group((instance(scope.node, node),))))


def _datatype(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    node = compiler.graph.single(scope.shape.node, "datatype")
    if not isinstance(node, ox.NamedNode):
        raise Refused("dens sh:datatype er ikke en IRI", "its sh:datatype is no IRI")
    yield scope.when("Datatype", negation(has_datatype(scope.node, node)))


def _node_kind(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    node = compiler.graph.single(scope.shape.node, "nodeKind")
    tests = _KINDS.get(node.value.removeprefix(SH)) if isinstance(node, ox.NamedNode) else None
    if tests is None:
        raise Refused("dens sh:nodeKind findes ikke i SHACL", "its sh:nodeKind is no node kind of SHACL")
    yield scope.when("NodeKind", negation(disjunction([Call(test, (scope.node,)) for test in tests])))


def _bound(name: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        limit = compiler.graph.single(scope.shape.node, name)
        if not isinstance(limit, ox.Literal):
            raise Refused(f"dens sh:{name} er ikke en værdi", f"its sh:{name} is no literal")
        within = Call(_BOUNDS[name], (limit, compiler.value_expression(scope.node)))
        yield scope.when(name[0].upper() + name[1:], negation(Call("COALESCE", (within, FALSE))))

    return compiled


def _length(name: str, sign: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        limit = compiler.graph.integer(scope.shape.node, name)
        assert limit is not None
        length = Call("STRLEN", (Call("STR", (scope.node,)),))
        wrong = Call(sign, (length, ox.Literal(limit)))
        yield scope.when(name[0].upper() + name[1:], _unless_blank(scope.node, wrong))

    return compiled


def _pattern(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    flags = compiler.graph.single(scope.shape.node, "flags")
    for pattern in compiler.graph.values(scope.shape.node, "pattern"):
        if not isinstance(pattern, ox.Literal) or not isinstance(flags, ox.Literal | None):
            raise Refused("dens sh:pattern er ikke en tekst", "its sh:pattern is no text")
        _check_pattern(pattern.value, flags.value if flags is not None else "")
        arguments = (Call("STR", (scope.node,)), ox.Literal(pattern.value))
        matches = Call("REGEX", (*arguments, ox.Literal(flags.value)) if flags is not None else arguments)
        yield scope.when("Pattern", _unless_blank(scope.node, negation(matches)))


def _check_pattern(pattern: str, flags: str) -> None:
    if not set(flags) <= set("ism"):
        raise Declined(f"sh:flags {flags} læses forskelligt", f"engines read sh:flags {flags} differently")
    try:
        re.compile(pattern)
    except re.error as error:
        raise Refused(f"dens sh:pattern kan ikke læses: {error}", f"its sh:pattern cannot be read: {error}") from None
    if not _PLAIN_PATTERN.match(pattern):
        raise Declined(
            "dens sh:pattern læses forskelligt af de to motorer", "the two engines read its sh:pattern differently"
        )


def _unless_blank(node: Var, wrong: Expression) -> Expression:
    """A condition on the text of a node that a blank node, which has none, always meets."""
    return disjunction([Call("ISBLANK", (node,)), Call("COALESCE", (wrong, FALSE))])


def _language_in(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    head = compiler.graph.single(scope.shape.node, "languageIn")
    assert head is not None
    tags = compiler.graph.items(head, "languageIn")
    if not all(isinstance(tag, ox.Literal) for tag in tags):
        raise Refused("dens sh:languageIn nævner andet end sprog", "its sh:languageIn names what is no language")
    spoken = Call("LANG", (scope.node,))
    ranges = [Call("LANGMATCHES", (spoken, ox.Literal(tag.value))) for tag in tags if isinstance(tag, ox.Literal)]
    allowed = conjunction([Call("ISLITERAL", (scope.node,)), disjunction(ranges)])
    yield scope.when("LanguageIn", negation(Call("COALESCE", (allowed, FALSE))))


def _in(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    head = compiler.graph.single(scope.shape.node, "in")
    assert head is not None
    allowed: list[Value] = compiler.graph.items(head, "in")
    yield scope.where("In", Minus(Group((constants(scope.node, allowed),))))


COMPONENTS: dict[str, Component] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    **{name: _bound(name) for name in _BOUNDS},
    "minLength": _length("minLength", "<"),
    "maxLength": _length("maxLength", ">"),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
