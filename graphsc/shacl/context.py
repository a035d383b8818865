"""What compiling one constraint needs to know of its shape and of the shapes around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.model import Node, Shape, ShapesGraph
from graphsc.shacl.plan import Constraint, Domain, Violation
from graphsc.shacl.reasons import Refused
from graphsc.sparql.syntax import Expression, Group, Part, Select, Var


class Context(Protocol):
    """The compiler, as the modules of the single components see it."""

    graph: ShapesGraph
    shapes_graph: ox.NamedNode
    lost: frozenset[str]

    def name(self, stem: str) -> str:
        """A variable that is used nowhere else in the plan."""

    def value_expression(self, variable: Var) -> Expression:
        """What a literal means, for comparing values."""

    def require_lexical_forms(self) -> None:
        """Say that the plan looks at how literals are written."""

    def unconforming(self, node: Node, domain: Domain) -> Select:
        """The ends of a domain that do not conform to a shape, as a sub-select of that one variable."""

    def violations(self, node: Node, domain: Domain) -> list[Violation]:
        """The violations of a shape at the ends of a domain."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A shape where it is applied: its focus nodes, and the value nodes of each (section 3.1).

    The value node of a node shape is its focus node, and the two domains are then the same.
    """

    shape: Shape
    focus: Domain
    values: Domain

    @property
    def node(self) -> Var:
        """The value node."""
        return self.values.node

    @property
    def value(self) -> str:
        """The name of the value node."""
        return self.values.chain[-1]

    def require_path(self, component: str) -> None:
        """Refuse a component that needs a path in a shape without one. Raises Refused."""
        if self.shape.path is None:
            raise Refused(
                f"sh:{component} hører til en form med sh:path", f"sh:{component} belongs to a shape with sh:path"
            )

    def constraint(
        self, component: str, messages: tuple[ox.Literal, ...] = (), source: Node | None = None
    ) -> Constraint:
        """A constraint of a component, one of SHACL's own unless its IRI is given, with the shape's messages or its own."""
        shape, name = self.shape, component if ":" in component else f"{SH}{component}ConstraintComponent"
        return Constraint(
            shape.node, name, shape.severity, messages or shape.messages, shape.path, shape.path_node, source
        )

    def when(self, component: str, condition: Expression) -> Violation:
        """The values for which a condition holds."""
        return Violation(self.constraint(component), self.values.group, self.focus.chain, self.value, condition)

    def where(self, component: str, *more: Part) -> Violation:
        """The values that remain when parts are added to the pattern."""
        group = Group((*self.values.group.parts, *more))
        return Violation(self.constraint(component), group, self.focus.chain, self.value)

    def of_focus(self, component: str, *more: Part) -> Violation:
        """The focus nodes that remain when parts are added to their pattern; such a result has no value."""
        return Violation(self.constraint(component), Group((*self.focus.group.parts, *more)), self.focus.chain)


Component = Callable[[Context, Scope], Iterator[Violation]]
