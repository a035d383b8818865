"""Constraints on a focus node's values together: how many, which, in which languages, and which other properties.

Source: W3C SHACL, sections 4.2, 4.4.5, 4.7.3, 4.8.1 and 4.8.2.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.shacl.compiler import Compiler, Component, Scope
from graphsc.shacl.components.lexical import boxed
from graphsc.shacl.domains import constants
from graphsc.shacl.model import constant
from graphsc.shacl.plan import Domain, Violation
from graphsc.sparql.binding import nullable
from graphsc.sparql.syntax import (
    TRUE,
    Aggregate,
    Bind,
    Call,
    Expression,
    Filter,
    Group,
    Minus,
    Projected,
    Select,
    Triple,
    Var,
)


def counted(values: Domain, focus: Domain, sign: str, count: int) -> Select:
    """The chains to the focus nodes whose number of distinct values compares so (``sign``) with a count."""
    many = Aggregate("COUNT", values.node, distinct=True)
    return Select(
        tuple(Projected(variable) for variable in focus.variables), values.group,
        group_by=focus.variables, having=(Call(sign, (many, ox.Literal(count))),),
    )  # fmt: skip


def fewer(scope: Scope, values: Domain, component: str, least: int) -> Iterator[Violation]:
    """Focus nodes with fewer values than ``least``; none of these where it is 0."""
    if least > 0:
        enough = values.group if least == 1 else Group((counted(values, scope.focus, ">=", least),))
        yield scope.of_focus(component, Minus(enough))


def more(scope: Scope, values: Domain, component: str, most: int) -> Violation:
    """Focus nodes with more values than ``most``."""
    return Violation(scope.constraint(component), Group((counted(values, scope.focus, ">", most),)), scope.focus.chain)


def _min_count(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    least = compiler.graph.integer(scope.shape.node, "minCount")
    assert least is not None
    scope.require_path("minCount")
    yield from fewer(scope, scope.values, "MinCount", least)


def _max_count(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    most = compiler.graph.integer(scope.shape.node, "maxCount")
    assert most is not None
    scope.require_path("maxCount")
    yield more(scope, scope.values, "MaxCount", most)


def _unique_lang(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    scope.require_path("uniqueLang")
    if compiler.graph.single(scope.shape.node, "uniqueLang") != TRUE:  # "1" does not ask for it (section 4.4.5)
        return
    tag = Var(compiler.name("language"))
    spoken = Bind(Call("LCASE", (Call("LANG", (scope.node,)),)), tag)
    tagged = Group((*scope.values.group.parts, spoken, Filter(Call("!=", (tag, ox.Literal(""))))))
    several: Expression = Call(">", (Aggregate("COUNT", scope.node, distinct=True), ox.Literal(1)))
    names = (*scope.focus.variables, tag)
    repeated = Select(tuple(Projected(name) for name in names), tagged, group_by=names, having=(several,))
    yield Violation(scope.constraint("UniqueLang"), Group((repeated,)), scope.focus.chain, hidden=(tag.name,))


def _has_value(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for value in compiler.graph.values(scope.shape.node, "hasValue"):
        path = scope.shape.path
        if path is None:
            having = Group((constants(scope.node, [value]),))
        elif nullable(path):
            having = Group((*scope.values.group.parts, constants(scope.node, [value])))
        else:
            having = Group((*scope.focus.group.parts, Triple(scope.focus.node, path, boxed(constant(value)))))
        yield scope.of_focus("HasValue", Minus(having))


def _closed(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    graph, node = compiler.graph, scope.shape.node
    if not graph.flag(node, "closed"):
        return
    allowed = {path for entry in graph.nodes(node, "property") for path in graph.nodes(entry, "path")}
    head = graph.single(node, "ignoredProperties")
    allowed.update(constant(item) for item in (graph.items(head, "ignoredProperties") if head is not None else []))  # type: ignore[misc]
    property_, value = Var(compiler.name("property")), Var(compiler.name("other"))
    named_values = sorted((entry for entry in allowed if isinstance(entry, ox.NamedNode)), key=str)
    other = Filter(Call("NOT IN", (property_, *named_values)))
    group = Group((*scope.values.group.parts, Triple(scope.node, property_, value), other))
    hidden = () if scope.shape.path is None else (scope.value,)
    yield Violation(
        scope.constraint("Closed"), group, scope.focus.chain, value.name, path=property_.name, hidden=hidden
    )


COMPONENTS: dict[str, Component] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "uniqueLang": _unique_lang,
    "hasValue": _has_value,
    "closed": _closed,
}
