"""Which losses stop what: single ones, the smallest combinations, and how likely something works.

*Losses.* A node fails when as many of its needs have failed as its threshold says, in cycles as the least fixpoint
(`graphsc.analysis.model`).

*Minimal cut sets*, the smallest combinations of lost parties that stop a target. A set of basic events is a cut set when the target fails with them, and minimal when no event can be left out.
Exact, size by size and bottom up: the families of minimal cut sets of a node's needs are joined, or combined at a gate
that bears losses, up to the size, and in cycles to the least fixpoint. Events that act only through one other node
are joined to one and unfolded at the end.

*Availability*, how likely something works when each party works with a given probability, independently. Exact, over the states of the parties: those that alone stop the target must all work, and of the groups of options those that
share a party are worked out together, state by state, the others by themselves.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import networkx as nx

from graphsc.analysis.model import DependencyGraph, basic_events, critical_nodes, fixpoint, threshold
from graphsc.core.contract import HIDDEN, told
from graphsc.core.cycles import reached


@dataclass(frozen=True, slots=True)
class Loss:
    """The effect of the loss of one basic event alone."""

    node: str  #: The party.
    weight: float  #: The sum of the weights of what stops.
    stops: frozenset[str] = field(repr=False)  #: The critical systems and functions that stop.

    @property
    def count(self) -> int:
        """The number of critical systems and functions that stop."""
        return len(self.stops)


def failed(graph: DependencyGraph, lost: Iterable[str]) -> frozenset[str]:
    """All nodes that fail when some are lost, those included: the least fixpoint, in time linear in what fails.

    Any node may be lost, also one that is no basic event: that tells what an agreement or a system is needed for.
    KeyError for an unknown one.
    """
    down = set(lost)
    left: dict[str, int] = {}  # how many more needs must fail
    wave = list(down)
    for node in wave:  # the list grows while it is read
        for upper in graph.pred[node]:
            if upper in down:
                continue
            left[upper] = (left[upper] if upper in left else threshold(graph, upper)) - 1
            if left[upper] <= 0:
                down.add(upper)
                wave.append(upper)
    return frozenset(down)


def remaining(graph: DependencyGraph, down: Iterable[str]) -> DependencyGraph:
    """The graph for further losses after some nodes have failed, which must include all that fail with them (see `failed`).

    Failed options are removed from their group, which bears so many losses less. Failed nodes stay in the graph, but
    need nothing, cannot be lost again, and are not critical any more.
    """
    result: DependencyGraph = graph.copy()
    lost = list(down)
    result.remove_edges_from([*graph.in_edges(lost), *graph.out_edges(lost)])
    for node in lost:
        result.nodes[node].update(basic=False, critical=False)
    return result


def failure_path(graph: DependencyGraph, lost: str, target: str) -> tuple[str, ...]:
    """A shortest path from a target down to the node whose loss stops it, each node failing with the next.

    Of a group of options that fail together it shows the first by name. Empty when the loss does not stop the target.
    """
    down = failed(graph, (lost,))
    if target not in down:
        return ()
    edges = nx.bfs_edges(graph.subgraph(down), target, sort_neighbors=sorted)
    previous = {need: node for node, need in edges}
    path = [lost]
    while path[-1] != target:
        path.append(previous[path[-1]])
    return tuple(reversed(path))


def losses(graph: DependencyGraph) -> list[Loss]:
    """The effect of the loss of each basic event alone on the critical systems and functions.

    Exact. The heaviest loss comes first, then by name; events that stop nothing come last.
    """
    critical = frozenset(critical_nodes(graph))
    heavy: list[Loss] = []
    idle: list[Loss] = []
    for node in basic_events(graph):
        stops = failed(graph, (node,)) & critical
        weight = math.fsum(graph.nodes[target]["weight"] for target in stops)
        (heavy if stops else idle).append(Loss(node, weight, stops))
    heavy.sort(key=lambda loss: (-loss.weight, -loss.count, loss.node))
    return heavy + idle


def points_by_target(graph: DependencyGraph, all_losses: Iterable[Loss]) -> dict[str, tuple[str, ...]]:
    """The single points of failure of each critical system and function, from the result of `losses`.

    Every critical target is there, also one without a single point; the heaviest losses come first.
    """
    points: dict[str, list[str]] = {target: [] for target in critical_nodes(graph)}
    for loss in all_losses:
        for target in loss.stops:
            points[target].append(loss.node)
    return {target: tuple(nodes) for target, nodes in points.items()}


LIMIT = 2_000_000
"""The most combinations of one size that are looked at, before joined events are unfolded."""

Family = frozenset[frozenset[str]]


class _TooManyError(Exception):
    """There are more combinations than the limit."""


@dataclass(frozen=True, slots=True)
class CutSets:
    """The least sets of losses that stop something critical.

    ``patterns`` hold them in short: a cut set takes one event from each group of a pattern, since the events of a
    group act through the same node.
    """

    target: str  #: The system or function.
    #: The size up to which no set is left out; less than was asked for where there were too many larger ones.
    most: int
    patterns: tuple[tuple[tuple[str, ...], ...], ...] = field(metadata=HIDDEN)

    @property
    @told
    def sets(self) -> list[frozenset[str]]:
        """The sets: smaller ones first, then by the names of the events."""
        return list(self)

    def __len__(self) -> int:
        return sum(math.prod(map(len, pattern)) for pattern in self.patterns)

    def __iter__(self) -> Iterator[frozenset[str]]:
        return (frozenset(events) for pattern in self.patterns for events in product(*pattern))


def cut_sets(graph: DependencyGraph, target: str, most: int = 3, *, limit: int = LIMIT) -> CutSets:
    """The minimal cut sets of a target with up to ``most`` basic events; a basic target is one itself.

    Exact. When a size has more combinations than the ``limit``, the result has the sets of the sizes below it, and its
    ``most`` says so.
    ValueError for ``most`` below one.
    """
    if most < 1:
        raise ValueError("a cut set has at least one event")
    below = beneath(graph, target)
    groups = joined_events(below, target)
    single = {top for top in groups if target in failed(below, (top,))}
    result: set[frozenset[str]] = {frozenset((top,)) for top in single}
    others = groups.keys() - single
    complete = 1 if others else most
    for size in range(2, most + 1) if others else ():
        try:
            result |= {cut for cut in _family(below, target, others, size, result, limit) if len(cut) == size}
        except _TooManyError:
            break
        complete = size
    patterns = [tuple(sorted(groups[top] for top in cut)) for cut in result]
    return CutSets(target, complete, tuple(sorted(patterns, key=lambda pattern: (len(pattern), pattern))))


def beneath(graph: DependencyGraph, target: str) -> DependencyGraph:
    """The part of a graph that a target rests on, itself included."""
    below: DependencyGraph = graph.subgraph({target, *nx.descendants(graph, target)}).copy()
    return below


def joined_events(below: DependencyGraph, target: str) -> dict[str, tuple[str, ...]]:
    """The basic events beneath a target by the node through which alone they reach it, or a group that bears losses.

    That is the highest of their dominators below such a group (Lengauer and Tarjan 1979): its loss has the same effect as
    that of any of them, since between them each node needs all its needs.
    """
    root = object()  # above the target and above every option of a group that bears losses
    flow: nx.DiGraph[Any] = nx.DiGraph([(root, target)])
    events = sorted(basic_events(below))
    for node in failed(below, events):
        flow.add_edges_from((node if threshold(below, node) == 1 else root, need) for need in below.succ[node])
    dominator = nx.immediate_dominators(flow, root)
    groups: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event not in dominator:
            continue
        top = event
        while (over := dominator[top]) is not root:
            top = over
        groups[top].append(event)
    return {top: tuple(events) for top, events in sorted(groups.items())}


def _family(
    below: DependencyGraph,
    target: str,
    events: Collection[str],
    most: int,
    cuts: Collection[frozenset[str]],
    limit: int,
) -> Family:
    """The minimal cut sets of a target up to a size, of these events only, that contain none of the ``cuts``."""
    steps_left = limit

    def spend(steps: int) -> None:
        nonlocal steps_left
        steps_left -= steps
        if steps_left < 0:
            raise _TooManyError

    def join(families: Sequence[Family]) -> Family:
        spend(sum(map(len, families)))
        return _minimal(set().union(*families))

    def combine(first: Family, second: Family) -> Family:
        spend(len(first) * len(second))
        unions = {item | other for item in first for other in second}
        return _minimal({union for union in unions if len(union) <= most and not _contains(union, cuts)})

    def gate(families: Sequence[Family], enough: int) -> Family:
        reached: list[Family] = [frozenset((frozenset(),))] + [frozenset()] * enough
        for place, family in enumerate(families):
            still = len(families) - place
            for count in range(min(enough, place + 1), max(0, enough - still), -1):
                reached[count] = join((reached[count], combine(reached[count - 1], family)))
        return reached[enough]

    def step(node: str, values: Mapping[str, Family]) -> Family:
        alone: Family = frozenset((frozenset((node,)),)) if node in events else frozenset()
        inner = [values[need] for need in sorted(below.succ[node]) if values[need]]
        enough = threshold(below, node)
        if enough == 1:
            return join((alone, *inner)) if inner else alone
        return join((alone, gate(inner, enough))) if enough and len(inner) >= enough else alone

    empty: Family = frozenset()
    return fixpoint(below, empty, step)[target]


def _contains(cut: frozenset[str], cuts: Collection[frozenset[str]]) -> bool:
    """Whether a set contains one of the cuts."""
    return any(frozenset(part) in cuts for size in range(1, len(cut) + 1) for part in combinations(cut, size))


def _minimal(sets: Collection[frozenset[str]]) -> Family:
    """The sets that contain no other of the sets."""
    by_size: dict[int, list[frozenset[str]]] = defaultdict(list)
    for item in sets:
        by_size[len(item)].append(item)
    if len(by_size) < 2:
        return frozenset(sets)
    if 0 in by_size:
        return frozenset((frozenset(),))
    minimal: set[frozenset[str]] = set()
    for size in sorted(by_size):
        smaller_sizes = [smaller for smaller in sorted(by_size) if smaller < size]
        minimal.update(
            item
            for item in by_size[size]
            if not any(frozenset(part) in minimal for smaller in smaller_sizes for part in combinations(item, smaller))
        )
    return frozenset(minimal)


_MOST_STATES = 1 << 12
"""The most states of the parties beneath groups of options; availability that takes more is not computed."""


def availability(
    graph: DependencyGraph, target: str, probabilities: Mapping[str, float], *, limit: int = _MOST_STATES
) -> float | None:
    """The probability (0–1) that a target works, from the probability that each basic event works.

    Events without a probability are taken to work. None where there are more states than the limit.
    ValueError for a probability outside 0–1, and for one of a node that cannot fail by itself.
    """
    for node, chance in sorted(probabilities.items()):
        if not 0 <= chance <= 1:
            raise ValueError(f"{chance} of {node!r} is no probability")
        if not graph.nodes[node]["basic"]:
            raise ValueError(f"{node!r} cannot fail by itself")
    below = beneath(graph, target)
    works = {
        top: math.prod(probabilities.get(event, 1.0) for event in events)
        for top, events in joined_events(below, target).items()
        if any(probabilities.get(event, 1.0) < 1 for event in events)
    }
    alone = [top for top in works if target in failed(below, (top,))]
    chance = math.prod(works.pop(top) for top in alone)
    for groups, parts in _sharing(below, target, works):
        if 1 << len(parts) > limit:
            return None
        chance *= _all_work(below, groups, {part: works[part] for part in parts})
    return chance


def _sharing(below: DependencyGraph, target: str, parts: Collection[str]) -> list[tuple[set[str], list[str]]]:
    """The groups of options that the target needs, those that share parts beneath them together, with these parts."""
    every = reached((target,), lambda node: below.succ[node] if threshold(below, node) == 1 else ())
    beside: nx.Graph[tuple[str, bool]] = nx.Graph()
    for group in sorted(node for node in every if threshold(below, node) > 1):
        under = {group, *nx.descendants(below, group)}
        beside.add_edges_from(((group, True), (part, False)) for part in parts if part in under)
    return [
        ({node for node, is_group in together if is_group}, sorted(node for node, is_group in together if not is_group))
        for together in nx.connected_components(beside)
    ]


def _all_work(below: DependencyGraph, groups: Collection[str], works: Mapping[str, float]) -> float:
    """The probability that all of some groups of options work, summed over the states of the parts beneath them."""
    return math.fsum(
        math.prod(works[part] if up else 1 - works[part] for part, up in zip(works, state, strict=True))
        for state in product((True, False), repeat=len(works))
        if failed(below, (part for part, up in zip(works, state, strict=True) if not up)).isdisjoint(groups)
    )
