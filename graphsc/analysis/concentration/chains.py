"""Supply chains as a graph of names: what lies below a party or contract, where a chain ends, and by which path.

Nodes are contracts or parties; an edge leads from one to what it is delivered through (its subcontracts, its
suppliers). Nodes may lie below each other in a circle, and a party may supply itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from graphsc.analysis.concentration.flows import Flow, Grouping, Ints


class Chains:
    """Nodes by number in name order, and the flow between them."""

    def __init__(self, names: Sequence[str], flow: Flow) -> None:
        self.names = tuple(names)
        self.flow = flow

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def below(self, name: str) -> tuple[str, ...]:
        """What lies directly below a node."""
        node, group = self.index[name], self.flow.below
        return tuple(self.names[lower] for lower in group.member[group.start[node] : group.start[node + 1]].tolist())

    def steps_to(self, targets: Iterable[int]) -> Ints:
        """For each node the next one on a shortest way to a target, all by number; -1 where there is no way.

        Targets lead to themselves. Among equally short ways, the one over the first names.
        """
        frontier: Ints = np.array(sorted(set(targets)), dtype=np.int64)
        onward: Ints = np.full(len(self.names), -1)
        onward[frontier] = frontier
        while len(frontier):
            place, upper = self._above.inside(frontier)
            fresh = onward[upper] < 0
            upper, first = np.unique(upper[fresh], return_index=True)
            onward[upper] = frontier[place[fresh][first]]
            frontier = upper
        return onward

    @cached_property
    def _above(self) -> Grouping:
        below = self.flow.below
        upper = np.repeat(np.arange(len(self.names)), below.counts())
        return Grouping.of(below.member, upper, len(self.names), len(self.names))


def along(steps: Ints, start: int) -> tuple[int, ...]:
    """The way from a node by the steps of `Chains.steps_to`, which must lead on from it."""
    path = [start]
    while (step := int(steps[path[-1]])) != path[-1]:
        path.append(step)
    return tuple(path)
