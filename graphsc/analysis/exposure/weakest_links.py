"""The strength of links and parties, and the weakest link of each chain.

*Strength*: how far the evidence shows that a link or party is under control, from 0 to 1.

The strength is the weighted mean of the shares below. A share of which nothing is due is left out, and the other
weights count for more.

    strength = Σ weight · numerator / denominator  ÷  Σ weight        over the components with a denominator

================ ===========================================================
component        numerator / denominator
================ ===========================================================
``duties``       duties met / duties due
``deviations``   watched / (watched + open deviations): one on a link halves
                 the share, each further one takes less
``requirements`` requirements passed on / requirements that the link above
                 carries
``approvals``    approvals in force / approvals needed
``certificates`` certificates in force / certificates asked for
================ ===========================================================

The weights are data, each with its reason (`ontology/analysis/strength.toml`). Whatever they are, the strength lies
between the smallest and the largest share. It is a mean rather than a product or a minimum, so that the effect of each
component can be read off, and one missing document does not make a link worthless; in a chain the weakest link decides.
(On weights and means in such indicators: OECD and JRC, Handbook on Constructing Composite Indicators,
2008, steps 6 and 7.)

What is due but not recorded counts as due and as not met. Where nothing at all is due the strength is unknown, and a
figure of that file stands for it. A score that someone has given takes precedence; the components are shown beside it. The
strength tells what is recorded, not what is true, and is no probability.

*Weakest links*: the strength of the chain behind each node, the link that decides it, and the one to improve first.

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
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

import networkx as nx

from graphsc.analysis.model import DependencyGraph, components, critical_nodes, threshold, thresholds
from graphsc.core.contract import told
from graphsc.core.resources import knowledge_text


def checked(value: float, name: str) -> float:
    """The value, if it lies from 0 to 1; otherwise ValueError with the name of the value."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}: it must lie from 0 to 1")
    return float(value)


class Aspect(StrEnum):
    """What a component of a strength is about."""

    DUTIES = "duties"
    DEVIATIONS = "deviations"
    REQUIREMENTS = "requirements"
    APPROVALS = "approvals"
    CERTIFICATES = "certificates"


Counts = Mapping[Aspect, tuple[int, int]]
"""The counts of a link or party at the evaluation date: for each aspect how many are in order, and of how many.

A duty is met if it has its evidence or its time still runs; a waived finding does not meet the duty behind it. A requirement
is passed on if this link has it, unchanged or stricter, or is exempted from it. Of deviations the first number is of links
with a record of deviations, empty or not (0 or 1 for a link), and the second adds the deviations that are not closed.
The counts of a party are the sums of those of its links.
"""

_FIGURES = tomllib.loads(knowledge_text("ontology/analysis/strength.toml"))
WEIGHTS = {Aspect(name): float(weight) for name, weight in _FIGURES["weights"].items()}
"""How much each component counts."""
UNKNOWN: float = checked(_FIGURES["unknown"], "unknown")
"""The strength of a link or party without any evidence."""
LEAST_LIKELIHOOD: float = checked(_FIGURES["least-likelihood"], "least-likelihood")
"""The least likelihood of a step, whatever the strength of its link."""


@dataclass(frozen=True, slots=True)
class Component:
    """One share that a strength is made of."""

    name: Aspect  #: What was looked at.
    value: float  #: From 0 to 1.
    weight: float  #: What it weighs.
    numerator: int  #: How many are in order.
    denominator: int  #: Of how many.


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength of a link or party."""

    value: float  #: From 0 to 1.
    components: tuple[Component, ...]  #: What it is made of.
    given: bool  #: Whether someone has set the score in the data.
    evidence: float | None  #: What evidence alone would make it; null where nothing is due.

    @property
    @told
    def known(self) -> bool:
        """Whether a score or any evidence stands behind the value."""
        return self.given or self.evidence is not None


def strength(counts: Counts, *, given: float | None = None) -> Strength:
    """The strength of a link or party by its counts, or by the score that someone has given.

    Values are rounded at the twelfth decimal, so that what is equal on paper is equal. ValueError for a given score
    outside 0–1.
    """
    parts = tuple(
        Component(aspect, part / whole, WEIGHTS[aspect], part, whole)
        for aspect in Aspect
        for part, whole in (counts.get(aspect, (0, 0)),)
        if whole
    )
    total = math.fsum(component.weight for component in parts)
    mean = round(math.fsum(component.weight * component.value for component in parts) / total, 12) if parts else None
    if given is not None:
        return Strength(checked(given, "the given score"), parts, given=True, evidence=mean)
    return Strength(UNKNOWN if mean is None else mean, parts, given=False, evidence=mean)


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
    """What would be gained if a link were as strong as can be."""

    node: str  #: The link.
    strength: float  #: Its strength now.
    gain: float  #: The weighted sum of the rises of the chain strengths.
    lifts: tuple[Lift, ...]  #: For each system and function.


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
