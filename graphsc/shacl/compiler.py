"""The compiler of one shape: what the module of a constraint component needs, and the shape with its nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.domains import reached, value
from graphsc.shacl.model import PARAMETERS, TARGETS, Declined, Node, Refused, Shape, ShapesGraph
from graphsc.shacl.plan import Constraint, Domain, Violation
from graphsc.sparql.syntax import (
    Expression,
    Filter,
    Group,
    Part,
    Path,
    Projected,
    Select,
    Union,
    Values,
    Var,
    disjunction,
)

_CORE_TERMS = PARAMETERS | {
    *TARGETS, "path", "severity", "message", "deactivated", "name", "description", "order", "group", "defaultValue", "select",
    "prefixes", "declare", "optional", "labelTemplate", "ask", "parameter", "validator", "nodeValidator", "propertyValidator",
    "shapesGraph", "suggestedShapesGraph", "entailment",
}  # fmt: skip
_ADVANCED = frozenset({"rule", "expression", "values"})
_UNSUPPORTED = frozenset({"js"})


class Compiler:
    """Compiles one shape: ``components`` are SHACL's constraint components by their parameter, ``custom`` those of the graph."""

    def __init__(
        self,
        graph: ShapesGraph,
        shapes_graph: ox.NamedNode,
        components: Mapping[str, Component],
        custom: Iterable[Component],
        *,
        lost: frozenset[str],
    ) -> None:
        self.graph = graph
        self.shapes_graph = shapes_graph
        self.lost = lost
        self._count = 0
        self._reached: dict[tuple[tuple[str, ...], Path], str] = {}
        self._within: list[Node] = []
        self._components = components
        self._custom = custom

    def name(self, stem: str) -> str:
        """The name of a new variable of the plan."""
        self._count += 1
        return f"_{stem}{self._count}"

    def value_expression(self, variable: Var) -> Expression:
        """The value of a literal, boxed or not, as an expression."""
        return value(variable) if self.lost else variable

    def violations(self, node: Node, domain: Domain) -> list[Violation]:
        """The violations of a shape at the focus nodes of a domain. Raises Declined and Refused."""
        with self._entered(node):
            if self.graph.is_deactivated(node):
                return []
            shape = self.graph.shape(node)
            self._check(node)
            values = domain
            if shape.path is not None:
                key = (domain.chain, shape.path)
                name = self._reached.setdefault(key, self._reached.get(key) or self.name("value"))
                values = reached(domain, shape.path, name)
            scope = Scope(shape, domain, values)
            result: list[Violation] = []
            for name, component in self._components.items():
                if self.graph.values(node, name):
                    result += component(self, scope)
            for component in self._custom:
                result += component(self, scope)
            return result

    def unconforming(self, node: Node, domain: Domain) -> Select:
        """The nodes of a domain that do not conform to a shape, as a sub-select of one variable. Raises Declined and Refused."""
        end = Domain(domain.group, domain.chain[-1:])
        inner = self.violations(node, end)
        if self.lost and any(violation.by_hand for violation in inner):
            raise Declined(
                "den blander forespørgsler og former, der ser på skrivemåden",
                "it mixes queries with shapes that look at how literals are written",
            )
        failing = tuple(_merged(inner))
        groups = failing or (Group((Values((end.node,), ()),)),)
        where = groups[0] if len(groups) == 1 else Group((Union(groups),))
        return Select((Projected(end.node),), where, "DISTINCT")

    @contextmanager
    def _entered(self, node: Node) -> Iterator[None]:
        if node in self._within:
            raise Declined("den henviser til sig selv", "it refers to itself")
        self._within.append(node)
        try:
            yield
        finally:
            self._within.pop()

    def _check(self, node: Node) -> None:
        """Raise Declined or Refused for a property of SHACL's namespace that is not compiled: ignored, it would seem to be judged."""
        for predicate in self.graph.predicates(node):
            name = predicate.removeprefix(SH)
            if name == predicate or name in _CORE_TERMS:
                continue
            if name in _ADVANCED:
                raise Declined(f"sh:{name} er ikke en del af SHACL's kerne", f"sh:{name} is no part of SHACL's core")
            if name in _UNSUPPORTED:
                raise Refused(
                    f"sh:{name} vurderes ikke: Intet fremmed program køres",
                    f"sh:{name} is not judged: no foreign program is run",
                )
            raise Refused(f"sh:{name} findes ikke i SHACL", f"sh:{name} is not a term of SHACL")


def _merged(violations: list[Violation]) -> Iterator[Group]:
    """The patterns of violations; conditions on the same pattern become one filter."""
    conditions: dict[Group, list[Expression]] = {}
    for violation in violations:
        if violation.condition is None:
            yield violation.group
        else:
            conditions.setdefault(violation.group, []).append(violation.condition)
    for group, tests in conditions.items():
        yield Group((*group.parts, Filter(disjunction(tests))))


@dataclass(frozen=True, slots=True)
class Scope:
    """A shape with its focus nodes and the value nodes of each (section 3.1); of a node shape both are the same domain."""

    shape: Shape
    focus: Domain
    values: Domain

    @property
    def node(self) -> Var:
        """The variable of the value node."""
        return self.values.node

    @property
    def value(self) -> str:
        """The name of that variable."""
        return self.values.chain[-1]

    def require_path(self, component: str) -> None:
        """Raise Refused for a shape without a path, where the component needs one."""
        if self.shape.path is None:
            raise Refused(
                f"sh:{component} hører til en form med sh:path", f"sh:{component} belongs to a shape with sh:path"
            )

    def constraint(self, component: str, messages: tuple[ox.Literal, ...] = ()) -> Constraint:
        """A constraint of a component (a name of SHACL's, or an IRI), with its own messages or else those of the shape."""
        shape, name = self.shape, component if ":" in component else f"{SH}{component}ConstraintComponent"
        return Constraint(shape.node, name, shape.severity, messages or shape.messages, shape.path, shape.path_node)

    def when(self, component: str, condition: Expression) -> Violation:
        """The violations of value nodes for which a condition is true."""
        return Violation(self.constraint(component), self.values.group, self.focus.chain, self.value, condition)

    def where(self, component: str, *more: Part) -> Violation:
        """The violations of value nodes that also match further parts."""
        group = Group((*self.values.group.parts, *more))
        return Violation(self.constraint(component), group, self.focus.chain, self.value)

    def of_focus(self, component: str, *more: Part) -> Violation:
        """The violations, without a value, of focus nodes that also match further parts."""
        return Violation(self.constraint(component), Group((*self.focus.group.parts, *more)), self.focus.chain)


Component = Callable[[Compiler, Scope], Iterator[Violation]]
