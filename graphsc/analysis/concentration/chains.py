"""Supply chains as a graph of names: what lies below a party or contract, where a chain ends, and by which path.

Nodes are contracts or parties; an edge leads from one to what it is delivered through (its subcontracts, its
suppliers). Nodes may lie below each other in a circle, and a party may supply itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from graphsc.analysis.concentration.flows import Floats, Flow, Grouping, Ints


class Chains:
    """Nodes by number in name order, and the flow between them."""

    def __init__(self, names: Sequence[str], flow: Flow) -> None:
        self.names = tuple(names)
        self.flow = flow

    @classmethod
    def build(cls, below: Mapping[str, Collection[str]], nodes: Iterable[str] = ()) -> Chains:
        """Chains from names; ``nodes`` are there even if nothing is said of them."""
        names = sorted({*below, *nodes, *(name for inner in below.values() for name in inner)})
        index = {name: number for number, name in enumerate(names)}
        pairs = [(index[upper], index[lower]) for upper, inner in below.items() for lower in inner]
        edges: Ints = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(names, Flow(len(names), edges[:, 0], edges[:, 1]))

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def with_nodes(self, nodes: Iterable[str]) -> Chains:
        """These chains, with further nodes that nothing lies below; themselves when they have them all."""
        fresh = {node for node in nodes if node not in self.index}
        if not fresh:
            return self
        names = sorted({*self.names, *fresh})
        index = {name: number for number, name in enumerate(names)}
        moved: Ints = np.array([index[name] for name in self.names], dtype=np.int64)
        upper = np.repeat(np.arange(len(self.names)), self.flow.below.counts())
        return Chains(names, Flow(len(names), moved[upper], moved[self.flow.below.member]))

    def ends(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """Where amounts end up when each node hands what it gets down to all below it, in equal parts.

        A node with nothing below it keeps what it gets. One that supplies itself keeps one part. Nodes in a circle
        hand on together, to all that any of them has below it outside the circle, and keep it in equal parts when
        there is none. The total stays the same. Names outside the chains end where they are.
        """
        chains = self.with_nodes(amounts)
        held: Floats = np.zeros((len(chains.names), 1))
        for name, amount in amounts.items():
            held[chains.index[name], 0] = amount
        result = chains.flow.ends(held)[:, 0]
        return {chains.names[node]: float(result[node]) for node in np.flatnonzero(result)}

    def below(self, name: str) -> tuple[str, ...]:
        """What lies directly below a node."""
        return tuple(self.names[node] for node in self.numbered_below(self.index[name]))

    def numbered_below(self, node: int) -> list[int]:
        """What lies directly below a node, by number."""
        group = self.flow.below
        return [int(lower) for lower in group.member[group.start[node] : group.start[node + 1]]]

    def steps_to(self, targets: Iterable[str]) -> dict[str, str]:
        """For each node from which a target can be reached, the next node on a shortest way to one.

        Targets lead to themselves. Among equally short ways, the one over the first names.
        """
        steps = self.numbered_steps_to(self.index[name] for name in targets if name in self.index)
        nodes = np.flatnonzero(steps >= 0)
        return {self.names[node]: self.names[other] for node, other in zip(nodes, steps[nodes], strict=True)}

    def numbered_steps_to(self, targets: Iterable[int]) -> Ints:
        """The same by number; -1 for each node from which no target can be reached."""
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


def path_along(steps: Mapping[str, str], start: str) -> tuple[str, ...] | None:
    """The way from a node by the steps of `Chains.steps_to`; None when it leads to no target."""
    if start not in steps:
        return None
    path = [start]
    while steps[path[-1]] != path[-1]:
        path.append(steps[path[-1]])
    return tuple(path)


def along(steps: Ints, start: int) -> tuple[int, ...]:
    """The way from a node by the steps of `Chains.numbered_steps_to`, which must lead on from it."""
    path = [start]
    while (step := int(steps[path[-1]])) != path[-1]:
        path.append(step)
    return tuple(path)
