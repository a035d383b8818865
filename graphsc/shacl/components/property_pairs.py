"""Constraints between the values of a path and those of another property. Source: W3C SHACL, section 4.5."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.shacl.compiler import Compiler, Component, Scope
from graphsc.shacl.plan import Violation
from graphsc.shacl.reasons import Refused
from graphsc.sparql.syntax import FALSE, Call, Filter, Group, Minus, Triple, Var, negation


def _properties(compiler: Compiler, scope: Scope, name: str) -> Iterator[ox.NamedNode]:
    for node in compiler.graph.values(scope.shape.node, name):
        if not isinstance(node, ox.NamedNode):
            raise Refused(f"dens sh:{name} er ikke en egenskab", f"its sh:{name} is no property")
        yield node


def _equals(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for other in _properties(compiler, scope, "equals"):
        yield scope.where("Equals", Minus(Group((Triple(scope.focus.node, other, scope.node),))))
        if scope.shape.path is not None:
            theirs = Triple(scope.focus.node, other, scope.node)
            group = Group((*scope.focus.group.parts, theirs, Minus(scope.values.group)))
            yield Violation(scope.constraint("Equals"), group, scope.focus.chain, scope.value)
            continue
        value = Var(compiler.name("other"))
        theirs = Triple(scope.focus.node, other, value)
        unequal = Filter(negation(Call("SAMETERM", (value, scope.focus.node))))
        yield Violation(
            scope.constraint("Equals"),
            Group((*scope.focus.group.parts, theirs, unequal)),
            scope.focus.chain,
            value.name,
        )


def _disjoint(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for other in _properties(compiler, scope, "disjoint"):
        yield scope.where("Disjoint", Triple(scope.focus.node, other, scope.node))


def _less_than(name: str, sign: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        scope.require_path(name)
        for other in _properties(compiler, scope, name):
            theirs = Var(compiler.name("other"))
            less = Call(sign, (compiler.value_expression(scope.node), compiler.value_expression(theirs)))
            group = Group((
                *scope.values.group.parts, Triple(scope.focus.node, other, theirs),
                Filter(negation(Call("COALESCE", (less, FALSE)))),
            ))  # fmt: skip
            component = name[0].upper() + name[1:]
            yield Violation(scope.constraint(component), group, scope.focus.chain, scope.value, hidden=(theirs.name,))

    return compiled


COMPONENTS: dict[str, Component] = {
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less_than("lessThan", "<"),
    "lessThanOrEquals": _less_than("lessThanOrEquals", "<="),
}
