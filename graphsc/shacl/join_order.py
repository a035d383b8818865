"""Where a query leaves open how its triples are asked for."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from graphsc.shacl.steps import Absence, Piece, Step, Steps
from graphsc.sparql.binding import certain, visible
from graphsc.sparql.serialising import group, term, text, verb
from graphsc.sparql.syntax import (
    Exists,
    Filter,
    Group,
    Minus,
    Optional,
    Part,
    Select,
    Triple,
    Union,
    Var,
    variables,
)

_MARK = ox.NamedNode("urn:graphsc:open")


def pieces(select: Select) -> tuple[Piece, ...]:
    """The text of a query, with what it leaves open in its places."""
    marking = _Marking()
    marked = text(replace(select, where=marking.group(select.where, leads=True)))
    result: list[Piece] = []
    for number, one in enumerate(marking.open):
        before, _, marked = marked.partition(_written(_mark(number)))
        result += [before, one]
    return (*result, marked)


def _mark(number: int) -> Triple:
    return Triple(Var(f"_open{number}"), _MARK, Var("_open"))


def _written(part: Part) -> str:
    return group(Group((part,)))[2:-2]


class _Marking:
    """Puts a mark where something is left open, which is kept in the order that it is written."""

    def __init__(self) -> None:
        self.open: list[Steps | Absence] = []

    def group(self, pattern: Group, known: tuple[Triple, ...] = (), *, leads: bool = False) -> Group:
        """The group with marks; a NOT EXISTS that may be a MINUS stands at its end.

        ``known`` holds around it, and ``leads`` says that its focus nodes are those of the plan.
        """
        bound, seen = certain(pattern), visible(pattern)
        last = [part for part in pattern.parts if _is_absence(part, bound, seen)]
        parts: list[Part] = []
        run: list[Triple] = []
        for part in pattern.parts:
            if isinstance(part, Triple):
                run.append(part)
            elif isinstance(part, Filter):  # it holds of the whole group, wherever it stands
                parts += [] if part in last else [part]
            else:
                if run:
                    parts.append(self._steps(run, known, leads=leads))
                    run, leads = [], False
                parts.append(self._part(part, pattern))
        if run:
            parts.append(self._steps(run, known, leads=leads))
        return Group((*parts, *(self._mark(Absence(_step(_absent(part)))) for part in last)))

    def _part(self, part: Part, around: Group) -> Part:
        match part:
            case Minus(inner, known):
                return Minus(self.group(inner, (*known, *_known(around, certain(inner)))))
            case Optional(inner):
                return Optional(self.group(inner))
            case Union(groups):
                return Union(tuple(self.group(inner) for inner in groups))
            case Group():
                return self.group(part)
            case Select():
                return replace(part, where=self.group(part.where))
            case _:
                return part

    def _steps(self, run: list[Triple], known: tuple[Triple, ...], *, leads: bool) -> Part:
        if any(isinstance(var, ox.BlankNode) for triple in run for var in (triple.subject, triple.object)):
            return Group(tuple(run))  # its name holds within one group of triples, which is not to be taken apart
        if len(run) + len(known) == 1:
            return run[0]
        return self._mark(Steps(tuple(map(_step, run)), tuple(map(_step, known)), leads))

    def _mark(self, steps: Steps | Absence) -> Part:
        self.open.append(steps)
        return _mark(len(self.open) - 1)


def _step(triple: Triple) -> Step:
    return Step(term(triple.subject), verb(triple.predicate), term(triple.object))


def _known(around: Group, bound: set[str]) -> tuple[Triple, ...]:
    """What a group says of single variables that another binds for certain."""
    return tuple(
        part
        for part in around.parts
        if isinstance(part, Triple)
        and _step(part).pattern is not None
        and len(variables(part)) == 1
        and variables(part) <= bound
    )


def _absent(part: Part) -> Triple:
    assert isinstance(part, Filter)
    assert isinstance(part.expression, Exists)
    (triple,) = part.expression.group.parts
    assert isinstance(triple, Triple)
    return triple


def _is_absence(part: Part, bound: set[str], seen: set[str]) -> bool:
    """Whether a part is that there is no such triple, of variables that are surely bound in its group."""
    if not isinstance(part, Filter) or not isinstance(part.expression, Exists) or part.expression.positive:
        return False
    inner = part.expression.group.parts
    if len(inner) != 1 or not isinstance(inner[0], Triple) or _step(inner[0]).pattern is None:
        return False
    shared = variables(inner[0]) & seen
    return bool(shared) and shared <= bound
