"""Constraints and constraint components in SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.compiler import Compiler, Scope
from graphsc.shacl.domains import distinct
from graphsc.shacl.model import Declined, Node, Refused, ShapesGraph, Value
from graphsc.shacl.plan import FOCUS, Constraint, Violation
from graphsc.shacl.prebinding import asks_only, check, grouped, looks_at_forms, set_based, substituted
from graphsc.sparql.reading import read
from graphsc.sparql.syntax import (
    Aggregate,
    Ask,
    Bind,
    Group,
    Minus,
    Path,
    Select,
    Term,
    Triple,
    Var,
    nodes,
)


def constraints(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    """The violations of each sh:sparql of a shape. Raises Declined and Refused."""
    graph = compiler.graph
    for node in graph.nodes(scope.shape.node, "sparql"):
        if graph.is_deactivated(node):
            continue
        query = written(graph, node, "select")
        assert isinstance(query, Select)
        constraint = scope.constraint("SPARQL", graph.texts(node, "message"))
        yield selected(compiler, scope, constraint, query, {})


def written(graph: ShapesGraph, node: Node, predicate: str) -> Select | Ask:
    """The parsed query of a constraint, a validator or a target. Raises Refused."""
    texts = graph.values(node, predicate)
    if len(texts) != 1 or not isinstance(texts[0], ox.Literal):
        raise Refused(f"den har ingen sh:{predicate}, eller flere", f"it has no sh:{predicate}, or more than one")
    try:
        query = read(texts[0].value, graph.prefixes(node))
    except ValueError as error:
        raise Refused(f"dens forespørgsel kan ikke læses: {error}", f"its query cannot be read: {error}") from None
    if isinstance(query, Ask) != (predicate == "ask"):
        kind = predicate.upper()
        raise Refused(f"dens sh:{predicate} er ikke en {kind}", f"its sh:{predicate} is no {kind}")
    return query


def selected(
    compiler: Compiler, scope: Scope, constraint: Constraint, query: Select, parameters: dict[str, Value]
) -> Violation:
    """The violations that the rows of a SELECT are; ``parameters`` are those of a component. Raises Declined and Refused."""
    check(query, frozenset({FOCUS, "PATH"}))
    if query.projected and Var(FOCUS) not in query.variables:
        raise Refused("dens forespørgsel giver ikke $this", "its query does not select $this")
    if query.limit is not None or query.offset is not None:
        raise Declined("dens forespørgsel har LIMIT eller OFFSET", "its query has LIMIT or OFFSET")
    if not query.projected:
        raise Declined("dens forespørgsel siger SELECT *", "its query says SELECT *")
    if Var("failure") in query.variables:
        raise Declined("dens forespørgsel kan give ?failure", "its query may give ?failure")
    (select,) = bound(compiler, scope, Group((replace(query, distinct="DISTINCT", order=()),)), parameters).parts
    assert isinstance(select, Select)
    focus = scope.focus.node
    names = tuple(variable.name for variable in select.variables if variable != focus)
    domain = scope.focus
    if any(isinstance(node, Aggregate) for node in nodes(query)):  # a focus node of two targets must count once
        domain = distinct(domain)
    where = set_based(select.where, domain, {focus.name})
    if query.aggregates:
        if len(scope.focus.chain) > 1:
            raise Declined("dens forespørgsel tæller i en indre form", "its query counts within an inner shape")
        group = Group((grouped(replace(select, where=where), {focus.name}),))
    else:
        computed = (
            Bind(column.expression, column.variable) for column in select.projected if column.expression is not None
        )
        group = Group((*where.parts, *computed))
    value, path = (name if name in names else None for name in ("value", "path"))
    return Violation(constraint, group, scope.focus.chain, value, path=path, others=names, by_hand=True)


def bound(compiler: Compiler, scope: Scope, where: Group, parameters: dict[str, Value]) -> Group:
    """A pattern with its pre-bound variables replaced: the focus node by its variable, others by terms. Raises Declined and Refused."""
    if not asks_only(where):
        raise Declined("dens forespørgsel har en forespørgsel inde i EXISTS", "its query has a query within EXISTS")
    if looks_at_forms(where, compiler.lost):
        raise Declined(
            "dens forespørgsel ser på, hvordan værdier er skrevet", "its query looks at how values are written"
        )
    used = {node.name for node in nodes(where) if isinstance(node, Var)}
    terms: dict[str, Term | Path] = {FOCUS: scope.focus.node, "shapesGraph": compiler.shapes_graph}
    if "PATH" in used:
        if scope.shape.path is None:
            raise Refused("dens forespørgsel bruger $PATH uden sh:path", "its query uses $PATH without sh:path")
        if any(Var("PATH") in (node.subject, node.object) for node in nodes(where) if isinstance(node, Triple)):
            raise Refused(
                "dens forespørgsel bruger $PATH som andet end egenskab",
                "its query uses $PATH as something other than a property",
            )
        terms["PATH"] = scope.shape.path
    for name, value in {"currentShape": scope.shape.node, **parameters}.items():
        if name in used:
            if isinstance(value, ox.BlankNode):
                raise Declined(f"${name} er en unavngiven node", f"${name} is a blank node")
            terms[name] = value
    return substituted(where, terms)


def targets(graph: ShapesGraph, node: Node) -> list[Group]:
    """The patterns of a shape's SPARQL-based targets. Raises Declined and Refused."""
    groups: list[Group] = []
    for target in graph.nodes(node, "target"):
        if not graph.values(target, "select"):
            kinds = sorted(kind.value for kind in graph.values(target, RDF_TYPE) if isinstance(kind, ox.NamedNode))
            raise Declined(
                "dens sh:target er ikke en forespørgsel",
                f"its sh:target is no query ({', '.join(kinds) or SH + 'Target'})",
            )
        query = written(graph, target, "select")
        assert isinstance(query, Select)
        if Var(FOCUS) not in query.variables:
            raise Refused("dens mål giver ikke ?this", "its target does not select ?this")
        if query.limit is not None or query.offset is not None or query.aggregates:
            raise Declined("dens mål tæller eller begrænser", "its target counts or limits")
        (projected,) = (column for column in query.projected if column.variable.name == FOCUS)
        groups.append(Group((Select((projected,), query.where, "DISTINCT"),)))
    return groups


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
