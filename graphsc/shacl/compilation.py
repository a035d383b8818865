"""From a shapes graph to plans: each shape with targets becomes a few queries whose rows are its results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.components import cardinality as counting
from graphsc.shacl.components import constraint_components as custom
from graphsc.shacl.components import lexical as written
from graphsc.shacl.components import logic, sparql_based
from graphsc.shacl.components import property_pairs as pairs
from graphsc.shacl.components import value_constraints as values
from graphsc.shacl.context import Component, Scope
from graphsc.shacl.domains import reached, targets
from graphsc.shacl.model import PARAMETERS, TARGETS, Node, ShapesGraph
from graphsc.shacl.plan import Constraint, Domain, Outcome, Plan, Query, Violation
from graphsc.shacl.reasons import Declined, Refused
from graphsc.shacl.simplification import simplified
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import (
    Bind,
    Expression,
    Filter,
    Group,
    Path,
    Projected,
    Select,
    Union,
    Values,
    Var,
    disjunction,
)

COMPONENTS: dict[str, Component] = {
    **values.COMPONENTS,
    **counting.COMPONENTS,
    **pairs.COMPONENTS,
    **logic.COMPONENTS,
    "sparql": sparql_based.constraints,
}
"""SHACL's constraint components by their parameter; of several parameters by one that must be there."""

_CORE_TERMS = PARAMETERS | {
    *TARGETS, "path", "severity", "message", "deactivated", "name", "description", "order", "group", "defaultValue", "select",
    "prefixes", "declare", "optional", "labelTemplate", "ask", "parameter", "validator", "nodeValidator", "propertyValidator",
    "shapesGraph", "suggestedShapesGraph", "entailment",
}  # fmt: skip
_ADVANCED = frozenset({"rule", "expression", "values"})
_UNSUPPORTED = frozenset({"js"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """The plans of a shapes graph by shape; the shapes that another engine must judge or no engine can, with reasons."""

    plans: dict[Node, Plan]
    declined: dict[Node, Declined]
    refused: dict[Node, Refused]


def compile_graph(graph: ShapesGraph, shapes_graph: ox.NamedNode, *, lost: frozenset[str] = frozenset()) -> Compiled:
    """Compile every shape that has targets.

    ``shapes_graph`` is the named graph in which queries find the shapes; ``lost`` are the properties with values whose
    lexical form the store does not keep, and which it holds boxed while the plans run.
    """
    compiled = Compiled({}, {}, {})
    try:
        components = custom.components(graph)
    except Refused as reason:
        return Compiled({}, {}, dict.fromkeys(graph.roots(), reason))
    for node in graph.roots():
        try:
            if graph.is_deactivated(node):
                continue
            compiled.plans[node] = Compiler(graph, shapes_graph, components, lost=lost).plan(node)
        except Declined as reason:
            compiled.declined[node] = reason
        except Refused as reason:
            compiled.refused[node] = reason
    return compiled


class Compiler:
    """Compiles one shape; ``Context`` is what the modules of the components see of it."""

    def __init__(
        self,
        graph: ShapesGraph,
        shapes_graph: ox.NamedNode,
        components: list[custom.CustomComponent],
        *,
        lost: frozenset[str],
    ) -> None:
        self.graph = graph
        self.shapes_graph = shapes_graph
        self.lost = lost
        self._count = 0
        self._uses_lexical_forms = False
        self._reached: dict[tuple[tuple[str, ...], Path], str] = {}
        self._within: list[Node] = []
        self._custom = components

    def name(self, stem: str) -> str:
        """The name of a new variable of the plan."""
        self._count += 1
        return f"_{stem}{self._count}"

    def value_expression(self, variable: Var) -> Expression:
        """The value of a literal, boxed or not, as an expression."""
        return written.value(variable) if self.lost else variable

    def require_lexical_forms(self) -> None:
        """Note that the plan needs the lexical forms of literals."""
        self._uses_lexical_forms = True

    def plan(self, node: Node) -> Plan:
        """The plan of a shape with targets."""
        focus = targets(self.graph, node, sparql_based.targets(self.graph, node))
        violations = self.violations(node, focus)
        names = tuple(Projected(variable) for variable in focus.variables)
        return Plan(
            node, text(Select(names, focus.group, "DISTINCT")), tuple(_queries(violations)), self._uses_lexical_forms
        )

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
            for name, component in COMPONENTS.items():
                if self.graph.values(node, name):
                    result += component(self, scope)
            for item in self._custom:
                result += item.violations(self, scope)
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


def _queries(violations: list[Violation]) -> Iterator[Query]:
    """The queries that find violations: a single query for all conditions on the same values."""
    scans: dict[tuple[Group, tuple[str, ...], str | None], list[Violation]] = {}
    for violation in violations:
        if violation.condition is None:
            yield _query(violation.group, violation, [(violation.constraint, None)])
        else:
            scans.setdefault((violation.group, violation.chain, violation.value), []).append(violation)
    for (group, _, _), scan in scans.items():
        conditions = [violation.condition for violation in scan if violation.condition is not None]
        if len(scan) == 1:
            yield _query(Group((*group.parts, Filter(conditions[0]))), scan[0], [(scan[0].constraint, None)])
            continue
        flags = [f"_flag{number}" for number in range(len(scan))]
        binds = [Bind(condition, Var(flag)) for condition, flag in zip(conditions, flags, strict=True)]
        where = Group((*group.parts, *binds, Filter(disjunction([Var(flag) for flag in flags]))))
        yield _query(
            where, scan[0], [(violation.constraint, flag) for violation, flag in zip(scan, flags, strict=True)]
        )


def _query(where: Group, violation: Violation, constraints: list[tuple[Constraint, str | None]]) -> Query:
    columns = dict.fromkeys([*violation.chain, *violation.others, *violation.hidden])
    columns |= dict.fromkeys(
        name for name in (violation.value, violation.path, *(flag for _, flag in constraints)) if name is not None
    )
    select = Select(tuple(Projected(Var(name)) for name in columns), simplified(where), "DISTINCT")
    otherwise = violation.chain[-1] if violation.by_hand and violation.constraint.path is None else None
    outcomes = tuple(
        Outcome(constraint, violation.chain[-1], violation.value, violation.path, violation.others, otherwise, flag)
        for constraint, flag in constraints
    )
    return Query(text(select), outcomes, violation.by_hand)
