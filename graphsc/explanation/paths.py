"""The triples of a match of a property path."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset
from graphsc.sparql.patterns import repeated
from graphsc.sparql.syntax import Path, Repeat, Sequence, Var


def path_triples(dataset: Dataset, start: Term, path: Var | Path, end: Term) -> list[ox.Triple] | None:
    """The triples of a shortest match between two nodes, of equal ones the first in order; None for other forms of path.

    The forms are ``p*``, ``p+``, and ``p/q*`` as in targets by class.
    """
    if (step := repeated(path)) is not None:
        return _along(dataset, start, step, end)
    match path:
        case Sequence((ox.NamedNode() as first, Repeat(ox.NamedNode() as further, "*"))):
            matches = [
                [triple, *_along(dataset, triple.object, further, end)] for triple in _from(dataset, start, first)
            ]
            return min(
                (steps for steps in matches if steps[-1].object == end),
                key=lambda steps: (len(steps), str(steps)),
                default=[],
            )
        case _:
            return None


def _from(dataset: Dataset, node: Term, step: ox.NamedNode) -> set[ox.Triple]:
    if isinstance(node, (ox.Literal, ox.Triple)):
        return set()
    return {quad.triple for quad in dataset.statements(step.value, node)}


def _along(dataset: Dataset, start: Term, step: ox.NamedNode, end: Term) -> list[ox.Triple]:
    """The triples of a shortest path along one property; empty where both ends are the same, or where there is no path."""
    previous: dict[Term, ox.Triple | None] = {start: None}
    frontier = [start]
    while frontier and end not in previous:
        new = {triple for node in frontier for triple in _from(dataset, node, step) if triple.object not in previous}
        previous |= {triple.object: triple for triple in sorted(new, key=str, reverse=True)}
        frontier = sorted({triple.object for triple in new}, key=str)
    result: list[ox.Triple] = []
    while (last := previous.get(end)) is not None:
        result.append(last)
        end = last.subject
    return result[::-1]
