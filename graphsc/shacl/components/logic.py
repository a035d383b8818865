"""Constraints that ask whether values conform to other shapes. Source: W3C SHACL, sections 4.6 and 4.7.

The nodes that do not conform are found by one sub-select for all value nodes: all others conform.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.shacl.compiler import Compiler, Component, Scope
from graphsc.shacl.components.cardinality import counted, fewer, more
from graphsc.shacl.model import Node, Value
from graphsc.shacl.plan import Domain, Violation
from graphsc.shacl.reasons import Refused
from graphsc.sparql.syntax import Bind, Group, Minus, Union, Var


def _node(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "node"):
        yield scope.where("Node", compiler.unconforming(node, scope.values))


def _property(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "property"):
        if not compiler.graph.values(node, "path"):
            raise Refused(
                "den nævner en form uden sh:path med sh:property", "it names a shape without sh:path by sh:property"
            )
        yield from compiler.violations(node, scope.values)


def _not(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "not"):
        yield scope.where("Not", Minus(Group((compiler.unconforming(node, scope.values),))))


def _members(compiler: Compiler, scope: Scope, name: str) -> Iterator[list[Node]]:
    for head in compiler.graph.values(scope.shape.node, name):
        yield [_shape(item, name) for item in compiler.graph.items(head, name)]


def _shape(item: Value, name: str) -> Node:
    if isinstance(item, ox.Literal):
        raise Refused(f"dens sh:{name} nævner en tekst som form", f"its sh:{name} names a literal as a shape")
    return item


def _and(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "and"):
        failing = tuple(Group((compiler.unconforming(member, scope.values),)) for member in members)
        if failing:
            yield scope.where("And", failing[0].parts[0] if len(failing) == 1 else Union(failing))


def _or(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "or"):
        yield scope.where("Or", *(compiler.unconforming(member, scope.values) for member in members))


def _xone(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "xone"):
        which = Var(compiler.name("which"))
        conforming = tuple(
            Group((
                *scope.values.group.parts, Minus(Group((compiler.unconforming(member, scope.values),))),
                Bind(ox.Literal(place), which),
            ))
            for place, member in enumerate(members)
        )  # fmt: skip
        if not conforming:
            yield scope.where("Xone")
            continue
        tagged = Domain(Group((Union(conforming),)), (*scope.values.chain, which.name))
        exactly_one = counted(tagged, scope.values, "=", 1)
        yield scope.where("Xone", Minus(Group((exactly_one,))))


def _qualified(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    graph, node = compiler.graph, scope.shape.node
    scope.require_path("qualifiedValueShape")
    disjoint = graph.flag(node, "qualifiedValueShapesDisjoint")
    for item in graph.nodes(node, "qualifiedValueShape"):
        parts = [*scope.values.group.parts, Minus(Group((compiler.unconforming(item, scope.values),)))]
        if disjoint:
            parts += [compiler.unconforming(other, scope.values) for other in _siblings(compiler, node, item)]
        conforming = Domain(Group(tuple(parts)), scope.values.chain)
        least, most = graph.integer(node, "qualifiedMinCount"), graph.integer(node, "qualifiedMaxCount")
        if least is not None:
            yield from fewer(scope, conforming, "QualifiedMinCount", least)
        if most is not None:
            yield more(scope, conforming, "QualifiedMaxCount", most)


def _siblings(compiler: Compiler, node: Node, itself: Node) -> list[Node]:
    """The sibling shapes of a qualified value shape (section 4.7.3)."""
    graph = compiler.graph
    others = {
        sibling
        for parent in graph.subjects("property", node)
        for property_shape in graph.nodes(parent, "property")
        for sibling in graph.nodes(property_shape, "qualifiedValueShape")
    }
    return sorted(others - {itself}, key=str)


COMPONENTS: dict[str, Component] = {
    "node": _node,
    "property": _property,
    "not": _not,
    "and": _and,
    "or": _or,
    "xone": _xone,
    "qualifiedValueShape": _qualified,
}
