"""Plans as plain values, such as JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from graphsc.validation.compiler.model import Node, ShapesGraph
from graphsc.validation.compiler.plan import Constraint, Outcome, Plan, Query
from graphsc.validation.compiler.steps import Absence, Piece, Step, Steps

Stored = dict[str, Any]


def stored(plan: Plan) -> Stored:
    """A plan as plain values; what its constraints say is told once."""
    constraints: list[Constraint] = []
    queries = [_query(query, constraints) for query in plan.queries]
    return {
        "shape": str(plan.shape),
        "targets": plan.targets,
        "written": plan.written,
        "constraints": [_constraint(one) for one in constraints],
        "queries": queries,
    }


def restored(found: Mapping[str, Any], graph: ShapesGraph) -> Plan:
    """The plan of plain values, for a shapes graph that has its shape as it was."""
    constraints = [_said(one, graph) for one in found["constraints"]]
    queries = tuple(_asked(one, constraints) for one in found["queries"])
    return Plan(_node(found["shape"]), found["targets"], queries, found["written"])


def _query(query: Query, constraints: list[Constraint]) -> Stored:
    for outcome in query.outcomes:
        if outcome.constraint not in constraints:
            constraints.append(outcome.constraint)
    return {
        "pieces": [_piece(one) for one in query.pieces],
        "asked": query.asked,
        "outcomes": [
            [
                constraints.index(one.constraint), one.focus, one.value, one.path, list(one.others), one.otherwise,
                one.flag,
            ]
            for one in query.outcomes
        ],
    }  # fmt: skip


def _asked(found: Mapping[str, Any], constraints: Sequence[Constraint]) -> Query:
    outcomes = tuple(
        Outcome(constraints[place], focus, value, path, tuple(others), otherwise, flag)
        for place, focus, value, path, others, otherwise, flag in found["outcomes"]
    )
    return Query(tuple(_open(one) for one in found["pieces"]), outcomes, found["asked"])


def _piece(one: Piece) -> str | Stored:
    match one:
        case Steps(steps, known, leads):
            return {"steps": [_step(step) for step in steps], "known": [_step(step) for step in known], "leads": leads}
        case Absence(step):
            return {"absent": _step(step)}
        case _:
            return one


def _open(found: str | Mapping[str, Any]) -> Piece:
    if isinstance(found, str):
        return found
    if "absent" in found:
        return Absence(Step(*found["absent"]))
    steps, known = (tuple(Step(*step) for step in found[name]) for name in ("steps", "known"))
    return Steps(steps, known, found["leads"])


def _step(step: Step) -> list[str]:
    return [step.subject, step.verb, step.object]


def _constraint(one: Constraint) -> Stored:
    return {
        "shape": str(one.shape),
        "component": one.component,
        "severity": one.severity,
        "messages": [[text.value, text.language, text.datatype.value] for text in one.messages],
        "path": None if one.path_node is None else str(one.path_node),
        "source": None if one.source is None else str(one.source),
    }


def _said(found: Mapping[str, Any], graph: ShapesGraph) -> Constraint:
    path = None if found["path"] is None else _node(found["path"])
    return Constraint(
        _node(found["shape"]),
        found["component"],
        found["severity"],
        tuple(_text(*one) for one in found["messages"]),
        None if path is None else graph.path(path),
        path,
        None if found["source"] is None else _node(found["source"]),
    )


def _text(value: str, language: str | None, datatype: str) -> ox.Literal:
    return ox.Literal(value, language=language) if language else ox.Literal(value, datatype=ox.NamedNode(datatype))


def _node(text: str) -> Node:
    return ox.BlankNode(text.removeprefix("_:")) if text.startswith("_:") else ox.NamedNode(text[1:-1])
