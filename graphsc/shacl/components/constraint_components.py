"""SPARQL-based constraint components, which a shapes graph defines. Source: W3C SHACL, section 6."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.compiler import Compiler, Scope
from graphsc.shacl.components.sparql_based import bound, selected, written
from graphsc.shacl.model import Node, ShapesGraph, Value
from graphsc.shacl.plan import FOCUS, Constraint, Violation
from graphsc.shacl.prebinding import check, set_based, substituted
from graphsc.shacl.reasons import Refused
from graphsc.sparql.syntax import Ask, Minus, Select

_LOCAL = re.compile(r"[^/#:]*\Z")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a component: its property, the name of its variable in queries, and whether it is optional."""

    path: str
    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class CustomComponent:
    """A constraint component that the shapes graph defines."""

    node: ox.NamedNode
    parameters: tuple[Parameter, ...]

    def violations(self, compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        """The violations of a shape that has values for all mandatory parameters. Raises Declined and Refused."""
        graph, node = compiler.graph, scope.shape.node
        values = {parameter.name: graph.values(node, parameter.path) for parameter in self.parameters}
        if any(not values[parameter.name] and not parameter.optional for parameter in self.parameters):
            return
        present = [name for name, several in values.items() if several]
        for combination in product(*(values[name] for name in present)):
            yield self._violation(compiler, scope, dict(zip(present, combination, strict=True)))

    def _violation(self, compiler: Compiler, scope: Scope, parameters: dict[str, Value]) -> Violation:
        graph = compiler.graph
        kind = "nodeValidator" if scope.shape.path is None else "propertyValidator"
        validator = graph.single(self.node, kind) or graph.single(self.node, "validator")
        if validator is None or isinstance(validator, ox.Literal):
            raise Refused(f"{self.node.value} har ingen sh:{kind}", f"{self.node.value} has no sh:{kind}")
        constraint = scope.constraint(self.node.value, graph.texts(validator, "message"))
        if graph.values(validator, "select"):
            query = written(graph, validator, "select")
            assert isinstance(query, Select)
            return selected(compiler, scope, constraint, query, parameters)
        query = written(graph, validator, "ask")
        assert isinstance(query, Ask)
        return self._by_ask(compiler, scope, constraint, query, parameters)

    def _by_ask(
        self, compiler: Compiler, scope: Scope, constraint: Constraint, query: Ask, parameters: dict[str, Value]
    ) -> Violation:
        """The value nodes for which an ASK says no."""
        check(query, frozenset({FOCUS, "value", *(parameter.name for parameter in self.parameters)}))
        pattern = substituted(bound(compiler, scope, query.where, parameters), {"value": scope.node})
        holds = set_based(pattern, scope.values, {scope.focus.node.name, scope.value})
        violation = scope.where("", Minus(holds))
        return Violation(constraint, violation.group, violation.chain, violation.value, by_hand=True)


def components(graph: ShapesGraph) -> list[CustomComponent]:
    """The constraint components that a shapes graph defines, in order. Raises Refused."""
    result: list[CustomComponent] = []
    for node in _instances(graph, ox.NamedNode(SH + "ConstraintComponent")):
        if not isinstance(node, ox.NamedNode) or node.value.startswith(SH):
            continue
        parameters = [_parameter(graph, item) for item in graph.nodes(node, "parameter")]
        if parameters:
            result.append(CustomComponent(node, tuple(sorted(parameters, key=lambda parameter: parameter.path))))
    return result


def _parameter(graph: ShapesGraph, node: Node) -> Parameter:
    path = graph.single(node, "path")
    if not isinstance(path, ox.NamedNode):
        raise Refused("en parameter har ingen egenskab", "a parameter has no property")
    local = _LOCAL.search(path.value)
    assert local is not None
    return Parameter(path.value, local[0], graph.flag(node, "optional"))


def _instances(graph: ShapesGraph, of: ox.NamedNode) -> list[Node]:
    """The instances of a class and of the classes below it."""
    classes: set[Node] = reached((of,), lambda cls: graph.subjects(RDFS_SUBCLASS_OF, cls))
    return sorted({node for cls in classes for node in graph.subjects(RDF_TYPE, cls)}, key=str)
