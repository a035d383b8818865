"""Weakest links: the strength of the chain behind each node, the link that decides it, and the one to improve first.

Every node has a strength from 0 to 1 (1 where no score is known). The *chain strength* of a node is the
smaller of its strength and of what its needs give it: where it needs all of them, the chain strength of the
weakest; where it needs at least k, that of the k-th best. Where nodes need each other in a cycle it is the greatest
solution of these equations: a cycle does not weaken itself.

There are three equivalent definitions, and tests hold each to the others:

- the chain strength of a node is the greatest x such that it still works when every node of strength below x
  has failed;
- it is the greatest strength that the weakest link below it can have, over all choices of enough members in each group;
- it is the fixpoint that repeated use of the equations reaches when all values start at 1.

The first gives the algorithm: let the nodes fail in the order of their strength and record at which strength each node
falls with them. The last need that had to fall leads, step by step, to the link that decides.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from graphsc.analysis.exposure.strength import checked
from graphsc.analysis.kernels import Flags
from graphsc.analysis.model import DependencyGraph


@dataclass(frozen=True, slots=True)
class WeakestLink:
    """The link that the chain behind a target is no stronger than.

    The path is one of the shortest where everything is needed, and the target alone where there is no weak link.
    """

    target: str  #: The system or function.
    strength: float  #: The strength of the chain, from 0 to 1.
    node: str | None  #: The link; null where none is weaker than 1.
    path: tuple[str, ...]  #: From the target to the link, each node needing the next.


@dataclass(frozen=True, slots=True)
class Lift:
    """What a stronger link does for one system or function."""

    target: str  #: The system or function.
    before: float  #: The strength of the chain behind it now.
    after: float  #: Its strength then.


@dataclass(frozen=True, slots=True)
class Improvement:
    """The effect of raising one link to full strength; ``gain`` is the weighted sum of the rises of the chain strengths."""

    node: str
    strength: float
    gain: float
    lifts: tuple[Lift, ...]


@dataclass(frozen=True, slots=True)
class Improvements:
    """The effects of raising single links, the best first, and the targets that no single link can lift.

    The order is by gain, then by the number of targets lifted, then by name. Links that lift nothing are left out.
    A target is ``stuck`` when its chain is weaker than 1 and several links would have to be raised together.
    """

    ranked: tuple[Improvement, ...]
    stuck: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainStrengths:
    """The chain strengths of all nodes of a graph, by number, and their causes.

    ``strengths`` are those of the nodes themselves, ``values`` those of their chains. ``via`` is the need that a node's value
    comes from, or the node itself. ``order`` numbers the nodes as they fell, so that the cause of a node's value has a
    smaller number; nodes that never fell have the greatest. ``spare`` is how many more of a node's needs fell before it than
    its threshold.
    """

    graph: DependencyGraph
    strengths: Sequence[float] = field(repr=False)
    values: Sequence[float] = field(repr=False)
    via: Sequence[int] = field(repr=False)
    order: Sequence[int] = field(repr=False)
    spare: Sequence[int] = field(repr=False)

    def of(self, name: str) -> float:
        """The chain strength of a node; KeyError for an unknown one."""
        return self.values[self.graph.index[name]]

    def weakest(self, name: str) -> WeakestLink:
        """The link that decides a node's chain strength; KeyError for an unknown node."""
        node = self.graph.index[name]
        value = self.values[node]
        path = [node]
        while self.via[path[-1]] != path[-1]:
            path.append(self.via[path[-1]])
        names = tuple(self.graph.names[step] for step in path)
        return WeakestLink(name, value, names[-1] if value < 1 else None, names)


def chain_strengths(graph: DependencyGraph, strengths: Mapping[str, float]) -> ChainStrengths:
    """The chain strength of every node, from the strengths of links and parties.

    Nodes without a strength have 1; names outside the graph are ignored. O(edges + nodes · log nodes). ValueError
    for a strength outside 0–1.
    """
    count = len(graph)
    given = np.array([strengths.get(name, 1.0) for name in graph.names], dtype=np.float64)
    for node in np.flatnonzero(~((given >= 0) & (given <= 1))).tolist():
        checked(float(given[node]), f"the strength of {graph.names[node]!r}")
    weak = np.flatnonzero(given < 1)
    weak = weak[np.argsort(given[weak], kind="stable")].tolist()
    alone = given.tolist()
    values = [1.0] * count
    via = list(range(count))
    order = [count] * count
    left, above = graph.thresholds.tolist(), list(graph.above)
    fallen = 0
    place = 0
    while place < len(weak):
        level = alone[weak[place]]
        wave: list[int] = []
        while place < len(weak) and alone[weak[place]] == level:
            node = weak[place]
            place += 1
            if order[node] == count:
                values[node] = level
                order[node] = fallen + len(wave)
                wave.append(node)
        for node in wave:  # the list grows while it is read
            turn = order[node]
            for upper in above[node]:
                if order[upper] > turn:
                    left[upper] -= 1
                    if left[upper] == 0 and order[upper] == count:
                        values[upper] = level
                        via[upper] = node
                        order[upper] = fallen + len(wave)
                        wave.append(upper)
        fallen += len(wave)
    return ChainStrengths(graph, alone, values, via, order, [-more for more in left])


def weakest_links(chains: ChainStrengths) -> tuple[WeakestLink, ...]:
    """The weakest link behind each critical node, the weakest chains first.

    Among equally strong chains the order is by weight, greatest first, then by name.
    """
    graph = chains.graph
    links = [chains.weakest(graph.names[node]) for node in sorted(graph.critical)]
    return tuple(sorted(links, key=lambda link: (link.strength, -graph.weights[graph.index[link.target]], link.target)))


def improvements(chains: ChainStrengths) -> Improvements:
    """The single links that, raised to 1, lift the chains behind the critical nodes most. Exact.

    Only a link that falls by itself, and the nodes that do not fall without it, can change. These are few: where
    everything is needed, a node rests on at most one such link. So the cost of a link is that of its changes, not of the
    graph.
    """
    graph = chains.graph
    ends = sorted(graph.critical)
    search = _Raising(chains, graph.needs.reached(ends))
    result: list[Improvement] = []
    liftable: set[int] = set()
    for link in search.links:
        dependents = search.dependents(link)
        lifted = graph.critical.intersection(dependents)
        if not lifted:
            continue
        after = search.raised(link, dependents)
        lifts = [
            Lift(graph.names[end], chains.values[end], after[end])
            for end in sorted(lifted)
            if after[end] > chains.values[end]
        ]
        liftable.update(graph.index[lift.target] for lift in lifts)
        if lifts:
            gain = math.fsum(graph.weights[graph.index[lift.target]] * (lift.after - lift.before) for lift in lifts)
            lifts.sort(key=lambda lift: (lift.before - lift.after, lift.target))
            result.append(Improvement(graph.names[link], chains.strengths[link], gain, tuple(lifts)))
    result.sort(key=lambda improvement: (-improvement.gain, -len(improvement.lifts), improvement.node))
    stuck = (graph.names[end] for end in ends if chains.values[end] < 1 and end not in liftable)
    return Improvements(tuple(result), tuple(stuck))


class _Raising:
    """Computes the changes if one link had full strength; the same arrays serve every link."""

    def __init__(self, chains: ChainStrengths, below: Flags) -> None:
        self._chains = chains
        self._spare = list(chains.spare)
        alone = np.array(chains.via) == np.arange(len(below))
        fell = (np.array(chains.values) < 1) & below
        # when a node fell that may rise with others; -1 for one that never fell, fell by itself or is not below a target
        self._turn: list[int] = np.where(fell & ~alone, chains.order, -1).tolist()
        self.links: list[int] = np.flatnonzero(fell & alone).tolist()
        """The nodes that fall by themselves; no other can lift anything."""

    def dependents(self, link: int) -> list[int]:
        """The nodes that may not fall as they did if a link does not: all that rise are among them.

        Any other node still falls: it falls by itself, or enough of its needs fell before it that are not among these.
        """
        order, above, turns, spare = self._chains.order, self._chains.graph.above, self._turn, self._spare
        result = [link]
        touched: list[int] = []
        for node in result:  # the list grows while it is read
            fell = order[node]
            for upper in above[node]:
                if fell < turns[upper]:
                    touched.append(upper)
                    spare[upper] -= 1
                    if spare[upper] < 0:
                        turns[upper] = -1
                        result.append(upper)
        for upper in touched:
            spare[upper] += 1
        for node in result:
            if node != link:
                turns[node] = order[node]
        return result

    def raised(self, link: int, dependents: Sequence[int]) -> dict[int, float]:
        """The chain strengths of the dependents of a link once it is raised to 1; those of all other nodes stay."""
        chains, values = self._chains, self._chains.values
        left = {node: int(chains.graph.thresholds[node]) for node in dependents}
        causes: list[tuple[float, int, int]] = []
        for node in dependents:
            if node != link and chains.strengths[node] < 1:
                causes.append((chains.strengths[node], node, left[node]))
            outside = [values[need] for need in chains.graph.needs[node] if need not in left]
            if left[node] == 1:
                causes.append((min(outside, default=1.0), node, 1))
            else:
                causes.extend((value, node, 1) for value in heapq.nsmallest(left[node], outside))
        causes.sort(key=itemgetter(0))
        after: dict[int, float] = {}
        for level, node, weight in causes:
            if node in after:
                continue
            left[node] -= weight
            if left[node] > 0:
                continue
            after[node] = level
            wave = [node]
            for fallen in wave:  # the list grows while it is read
                for upper in chains.graph.above[fallen]:
                    if upper in left and upper not in after:
                        left[upper] -= 1
                        if left[upper] <= 0:
                            after[upper] = level
                            wave.append(upper)
        return {node: after.get(node, 1.0) for node in dependents}
