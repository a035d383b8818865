"""Supply chains as a graph of names: what lies below a party or contract, where a chain ends, and by which path.

Nodes are contracts or parties; an edge leads from one to what it is delivered through (its subcontracts, its
suppliers). Nodes may lie below each other in a circle, and a party may supply itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        return tuple(self.names[node] for node in self.numbered_below(self.index[name]))

    def numbered_below(self, node: int) -> list[int]:
        """What lies directly below a node, by number."""
        group = self.flow.below
        return [int(lower) for lower in group.member[group.start[node] : group.start[node + 1]]]

    def steps_to(self, targets: Iterable[int]) -> dict[int, int]:
        """For each node from which a target can be reached, the next node on a shortest way to one; all by number.

        Targets lead to themselves. Among equally short ways, the one over the first names.
        """
        frontier: Ints = np.array(sorted(set(targets)), dtype=np.int64)
        onward = {node: node for node in frontier.tolist()}
        seen = np.zeros(len(self.names), dtype=bool)
        seen[frontier] = True
        while len(frontier):
            place, upper = self._above.inside(frontier)
            fresh = ~seen[upper]
            upper, first = np.unique(upper[fresh], return_index=True)
            onward.update(zip(upper.tolist(), frontier[place[fresh][first]].tolist(), strict=True))
            seen[upper] = True
            frontier = upper
        return onward

    @cached_property
    def _above(self) -> Grouping:
        below = self.flow.below
        upper = np.repeat(np.arange(len(self.names)), below.counts())
        return Grouping.of(below.member, upper, len(self.names), len(self.names))


def along(steps: Mapping[int, int], start: int) -> tuple[int, ...]:
    """The way from a node that steps lead on from."""
    path = [start]
    while steps[path[-1]] != path[-1]:
        path.append(steps[path[-1]])
    return tuple(path)
