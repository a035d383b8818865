"""What the compiler of a constraint component needs: the compiler of the shape, and the shape with its nodes."""

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
    """The compiler, as the modules of the components see it; see `Compiler`."""

    graph: ShapesGraph
    shapes_graph: ox.NamedNode
    lost: frozenset[str]

    def name(self, stem: str) -> str:
        """The name of a new variable of the plan."""

    def value_expression(self, variable: Var) -> Expression:
        """The value of a literal, boxed or not, as an expression."""

    def require_lexical_forms(self) -> None:
        """Note that the plan needs the lexical forms of literals."""

    def unconforming(self, node: Node, domain: Domain) -> Select:
        """The nodes of a domain that do not conform to a shape, as a sub-select of one variable. Raises Declined and Refused."""

    def violations(self, node: Node, domain: Domain) -> list[Violation]:
        """The violations of a shape at the focus nodes of a domain. Raises Declined and Refused."""


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

    def constraint(
        self, component: str, messages: tuple[ox.Literal, ...] = (), source: Node | None = None
    ) -> Constraint:
        """A constraint of a component (a name of SHACL's, or an IRI), with its own messages or else those of the shape."""
        shape, name = self.shape, component if ":" in component else f"{SH}{component}ConstraintComponent"
        return Constraint(
            shape.node, name, shape.severity, messages or shape.messages, shape.path, shape.path_node, source
        )

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


Component = Callable[[Context, Scope], Iterator[Violation]]
