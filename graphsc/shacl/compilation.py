"""From a shapes graph to plans: each shape with targets becomes a few queries whose rows are its results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.shacl import sparql_components
from graphsc.shacl.compiler import Compiler
from graphsc.shacl.core_components import COMPONENTS
from graphsc.shacl.domains import targets
from graphsc.shacl.model import Declined, Node, Refused, ShapesGraph
from graphsc.shacl.plan import Constraint, Outcome, Plan, Query, Violation
from graphsc.shacl.simplification import simplified
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import (
    Bind,
    Filter,
    Group,
    Negated,
    Projected,
    Select,
    Triple,
    Var,
    disjunction,
    nodes,
)

_COMPONENTS = COMPONENTS | {"sparql": sparql_components.constraints}


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
        components = [component.violations for component in sparql_components.components(graph)]
    except Refused as reason:
        return Compiled({}, {}, dict.fromkeys(graph.roots(), reason))
    for node in graph.roots():
        try:
            if graph.is_deactivated(node):
                continue
            compiled.plans[node] = _plan(Compiler(graph, shapes_graph, _COMPONENTS, components, lost=lost), node)
        except Declined as reason:
            compiled.declined[node] = reason
        except Refused as reason:
            compiled.refused[node] = reason
    return compiled


def _plan(compiler: Compiler, node: Node) -> Plan:
    """The plan of a shape with targets."""
    focus = targets(compiler.graph, node, sparql_components.targets(compiler.graph, node))
    queries = tuple(_queries(compiler.violations(node, focus), compiler.lost))
    names = tuple(Projected(variable) for variable in focus.variables)
    return Plan(node, text(Select(names, focus.group, "DISTINCT")), queries)


def _queries(violations: list[Violation], lost: frozenset[str]) -> Iterator[Query]:
    """The queries that find violations: a single query for all conditions on the same values."""
    scans: dict[tuple[Group, tuple[str, ...], str | None], list[Violation]] = {}
    for violation in violations:
        if violation.condition is None:
            yield _query(violation.group, violation, [(violation.constraint, None)], lost)
        else:
            scans.setdefault((violation.group, violation.chain, violation.value), []).append(violation)
    for (group, _, _), scan in scans.items():
        conditions = [violation.condition for violation in scan if violation.condition is not None]
        if len(scan) == 1:
            yield _query(Group((*group.parts, Filter(conditions[0]))), scan[0], [(scan[0].constraint, None)], lost)
            continue
        flags = [f"_flag{number}" for number in range(len(scan))]
        binds = [Bind(condition, Var(flag)) for condition, flag in zip(conditions, flags, strict=True)]
        where = Group((*group.parts, *binds, Filter(disjunction([Var(flag) for flag in flags]))))
        yield _query(
            where, scan[0], [(violation.constraint, flag) for violation, flag in zip(scan, flags, strict=True)], lost
        )


def _query(
    where: Group, violation: Violation, constraints: list[tuple[Constraint, str | None]], lost: frozenset[str]
) -> Query:
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
    return Query(text(select), outcomes, not violation.by_hand and _may_read(where, lost))


def _may_read(where: Group, properties: frozenset[str]) -> bool:
    """Whether a pattern may read one of the properties."""
    return bool(properties) and any(
        isinstance(node, Negated)
        or (isinstance(node, Triple) and isinstance(node.predicate, Var))
        or (isinstance(node, ox.NamedNode) and node.value in properties)
        for node in nodes(where)
    )
