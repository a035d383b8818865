"""The triples by which a property path leads from one node to another."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.graph.dataset import Term
from graphsc.graph.server import Server
from graphsc.sparql.patterns import repeated
from graphsc.sparql.syntax import Path, Repeat, Sequence, Var


def way(store: ox.Store | Server, start: Term, path: Var | Path, end: Term) -> list[ox.Triple] | None:
    """The triples of a shortest way, among equals the first in order; None for a path of another form.

    The forms are one property any number of times (``p*``, ``p+``), and one before it (``p/q*``, as targets by class ask).
    """
    if (step := repeated(path)) is not None:
        return _along(store, start, step, end)
    match path:
        case Sequence((ox.NamedNode() as first, Repeat(ox.NamedNode() as further, "*"))):
            ways = [[triple, *_along(store, triple.object, further, end)] for triple in _from(store, start, first)]
            return min(
                (steps for steps in ways if steps[-1].object == end),
                key=lambda steps: (len(steps), str(steps)),
                default=[],
            )
        case _:
            return None


def _from(store: ox.Store | Server, node: Term, step: ox.NamedNode) -> set[ox.Triple]:
    if isinstance(node, (ox.Literal, ox.Triple)):
        return set()
    return {quad.triple for quad in store.quads_for_pattern(node, step, None, None)}


def _along(store: ox.Store | Server, start: Term, step: ox.NamedNode, end: Term) -> list[ox.Triple]:
    """A shortest way along one property; none where the two are the same, or where there is none."""
    came: dict[Term, ox.Triple | None] = {start: None}
    layer = [start]
    while layer and end not in came:
        ahead = {triple for node in layer for triple in _from(store, node, step) if triple.object not in came}
        came |= {triple.object: triple for triple in sorted(ahead, key=str, reverse=True)}
        layer = sorted({triple.object for triple in ahead}, key=str)
    result: list[ox.Triple] = []
    while (last := came.get(end)) is not None:
        result.append(last)
        end = last.subject
    return result[::-1]
