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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import networkx as nx

from graphsc.analysis.exposure.strength import checked
from graphsc.analysis.model import DependencyGraph, components, critical_nodes, threshold, thresholds


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
    """The chain strengths of all nodes of a graph, and their causes.

    ``strengths`` are those of the nodes themselves, ``values`` those of their chains. ``via`` is the need that a node's value
    comes from, or the node itself.
    """

    graph: DependencyGraph = field(repr=False)
    strengths: Mapping[str, float] = field(repr=False)
    values: Mapping[str, float] = field(repr=False)
    via: Mapping[str, str] = field(repr=False)

    def of(self, name: str) -> float:
        """The chain strength of a node; KeyError for an unknown one."""
        return self.values[name]

    def weakest(self, name: str) -> WeakestLink:
        """The link that decides a node's chain strength; KeyError for an unknown node."""
        value = self.values[name]
        path = [name]
        while self.via[path[-1]] != path[-1]:
            path.append(self.via[path[-1]])
        return WeakestLink(name, value, path[-1] if value < 1 else None, tuple(path))


def chain_strengths(graph: DependencyGraph, strengths: Mapping[str, float]) -> ChainStrengths:
    """The chain strength of every node, from the strengths of links and parties.

    Nodes without a strength have 1; names outside the graph are ignored. O(edges + nodes · log nodes). ValueError
    for a strength outside 0–1.
    """
    alone = {name: checked(strengths.get(name, 1.0), f"the strength of {name!r}") for name in graph}
    values = dict.fromkeys(graph, 1.0)
    via = {name: name for name in graph}
    left = thresholds(graph)
    down: set[str] = set()
    weak = sorted((strength, name) for name, strength in alone.items() if strength < 1)
    for level, together in groupby(weak, key=itemgetter(0)):
        wave = [name for _, name in together if name not in down]
        down.update(wave)
        values.update(dict.fromkeys(wave, level))
        for node in wave:  # the list grows while it is read
            for upper in graph.pred[node]:
                left[upper] -= 1
                if left[upper] == 0 and upper not in down:
                    values[upper] = level
                    via[upper] = node
                    down.add(upper)
                    wave.append(upper)
    return ChainStrengths(graph, alone, values, via)


def weakest_links(chains: ChainStrengths) -> tuple[WeakestLink, ...]:
    """The weakest link behind each critical node, the weakest chains first.

    Among equally strong chains the order is by weight, greatest first, then by name.
    """
    links = map(chains.weakest, critical_nodes(chains.graph))
    return tuple(sorted(links, key=lambda of: (of.strength, -chains.graph.nodes[of.target]["weight"], of.target)))


def improvements(chains: ChainStrengths) -> Improvements:
    """The single links that, raised to 1, lift the chains behind the critical nodes most. Exact.

    Only a link that falls by itself can lift anything, and what it lifts is followed upwards no further than it goes.
    """
    graph, values = chains.graph, chains.values
    ends = critical_nodes(graph)
    below = set(ends).union(*(nx.descendants(graph, end) for end in ends))
    parts = components(graph)
    place = {node: number for number, part in enumerate(parts) for node in part}
    result: list[Improvement] = []
    for link in sorted(node for node in below if values[node] < 1 and chains.via[node] == node):
        after = _raised(chains, link, parts, place)
        lifts = [Lift(end, values[end], after[end]) for end in ends if end in after]
        if lifts:
            gain = math.fsum(graph.nodes[lift.target]["weight"] * (lift.after - lift.before) for lift in lifts)
            lifts.sort(key=lambda lift: (lift.before - lift.after, lift.target))
            result.append(Improvement(link, chains.strengths[link], gain, tuple(lifts)))
    result.sort(key=lambda improvement: (-improvement.gain, -len(improvement.lifts), improvement.node))
    liftable = {lift.target for improvement in result for lift in improvement.lifts}
    return Improvements(tuple(result), tuple(end for end in ends if values[end] < 1 and end not in liftable))


def _raised(
    chains: ChainStrengths, link: str, parts: Sequence[Sequence[str]], place: Mapping[str, int]
) -> dict[str, float]:
    """The chain strengths that rise once a link is raised to 1.

    ``parts`` are the strongly connected components of the graph, needs first, and ``place`` is that of each node: a cycle
    is worked out anew, from its own strengths down to the greatest solution.
    """
    graph, after = chains.graph, dict[str, float]()
    now: dict[str, float] = {}

    def value_of(node: str) -> float:
        return now[node] if node in now else after.get(node, chains.values[node])

    waiting = [place[link]]
    seen = {place[link]}
    while waiting:
        part = parts[heapq.heappop(waiting)]
        now = {node: 1.0 if node == link else chains.strengths[node] for node in part}
        changed = True
        while changed:
            changed = False
            for node in part:
                value = min(now[node], _given(graph, node, value_of))
                changed = changed or (value != now[node] and len(part) > 1)
                now[node] = value
        for node in part:
            if now[node] > chains.values[node]:
                after[node] = now[node]
                for upper in graph.pred[node]:
                    if place[upper] not in seen:
                        seen.add(place[upper])
                        heapq.heappush(waiting, place[upper])
    return after


def _given(graph: DependencyGraph, node: str, value: Callable[[str], float]) -> float:
    """What the needs of a node give it: the strength at which as many of them have fallen as its threshold."""
    falls_at = threshold(graph, node)
    needs = heapq.nsmallest(falls_at, (value(need) for need in graph.succ[node] if need != node))
    return needs[-1] if falls_at and len(needs) == falls_at else 1.0
