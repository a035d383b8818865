"""The cheapest fix: the one added alternative that removes most single points of failure.

A single point is a pair of a basic event and a critical system or function that the event alone stops. An
alternative is new and independent of everything else, so a need that has one does not fail with any single loss.
There are two kinds of fix: a second option for one need of a node that needs all of its needs, and one more
option in a group of which some must work.

Every fix is tried at once. For each event it is followed upwards which node, if it were held up, would hold up others:
where everything is needed these are the dominators of a node in the graph of what fails (Lengauer and Tarjan 1979), and a
group is held up by whatever holds up enough of its options.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx

from graphsc.analysis.model import DependencyGraph, basic_events, components, critical_nodes, thresholds
from graphsc.analysis.resilience.losses import failed


@dataclass(frozen=True, slots=True)
class Fix:
    """One added alternative, and the single points that it takes away."""

    node: str  #: Where it would help.
    #: What there would be a second option for; null for one more option in the group that the node is.
    need: str | None
    removed: int  #: How many pairs of a party and what it stops go.
    weight: float  #: What they weigh.
    events: tuple[str, ...]  #: The parties that then stop less.
    targets: tuple[str, ...]  #: The systems and functions that then depend on fewer.


@dataclass(frozen=True, slots=True)
class Fixes:
    """The changes that take away most single points."""

    before: int  #: How many pairs of a party and what it stops there are.
    ranked: tuple[Fix, ...]  #: Best first.


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a fix removes: the events that stop less, and for each target how many of them."""

    events: list[str] = field(default_factory=list)
    targets: Counter[str] = field(default_factory=Counter)


def cheapest_fix(graph: DependencyGraph, *, most: int = 5, at: Iterable[str] | None = None) -> Fixes:
    """The ``most`` single alternatives that remove most single points of the critical systems and functions. Exact.

    ``at`` are the nodes that may get one, by default all that are no basic event: nobody can add a second owner or
    a second home country to a company. A node with a single user gets none where that user can: the fix furthest up removes
    at least as much. A group of which one option is enough gets one more option instead of a second group. Fixes that
    remove nothing are left out. Of equal ones the first by name comes first.
    """
    options = _options(
        graph, {node for node, basic in graph.nodes(data="basic") if not basic} if at is None else set(at)
    )
    critical, falls_at = frozenset(critical_nodes(graph)), thresholds(graph)
    place = {node: number for number, part in enumerate(components(graph)) for node in part}
    before = 0
    effects: dict[tuple[str, str | None], _Effect] = defaultdict(_Effect)
    for event in basic_events(graph):
        down = failed(graph, (event,))
        stopped = sorted(down & critical)
        before += len(stopped)
        if not stopped:
            continue
        causes = {node: [need for need in graph.succ[node] if need in down and need != node] for node in down}
        causes[event] = []
        order = sorted(down, key=place.__getitem__)
        holders = _holders(order, place, causes, falls_at, options.keys() - {event})
        held: dict[str, list[str]] = defaultdict(list)
        for target in stopped:
            for node in holders[target]:
                held[node].append(target)
        for node, targets in held.items():
            still = [need for need in causes[node] if node not in holders[need]]  # fail also when the node is held up
            for need in options[node]:
                if (len(still) <= falls_at[node]) if need is None else still == [need]:
                    effects[node, need].events.append(event)
                    effects[node, need].targets.update(targets)
    fixes = [
        Fix(
            node=node,
            need=need,
            removed=effect.targets.total(),
            weight=sum(count * graph.nodes[target]["weight"] for target, count in sorted(effect.targets.items())),
            events=tuple(effect.events),
            targets=tuple(sorted(effect.targets)),
        )
        for (node, need), effect in effects.items()
    ]
    fixes.sort(key=lambda fix: (-fix.removed, fix.node, fix.need or ""))
    return Fixes(before, tuple(fixes[:most]))


def _holders(
    order: Iterable[str],
    place: Mapping[str, int],
    causes: Mapping[str, list[str]],
    falls_at: Mapping[str, int],
    may_hold: Iterable[str],
) -> dict[str, frozenset[str]]:
    """For each failed node the nodes that would hold it up if they were held up themselves: the greatest fixpoint.

    ``order`` has the failed nodes, needs first except in cycles, whose nodes have the same ``place``; ``causes`` are the
    failed needs of each, none for the event.
    """
    every, failing = frozenset(may_hold), list(order)
    every &= frozenset(failing)
    result = dict.fromkeys(failing, every)
    first = 0
    while first < len(failing):
        last = first
        while last < len(failing) and place[failing[last]] == place[failing[first]]:
            last += 1
        cycle, changed = failing[first:last], True
        while changed:
            changed = False
            for node in cycle:
                held = _held(node, [result[need] for need in causes[node]], falls_at[node], every)
                if held != result[node]:
                    result[node] = held
                    changed = len(cycle) > 1
        first = last
    return result


def _held(node: str, needs: list[frozenset[str]], falls_at: int, every: frozenset[str]) -> frozenset[str]:
    """The nodes that hold up a node, from those that hold up its failed needs, and itself."""
    if not needs:
        return frozenset()
    enough = len(needs) - falls_at + 1  # so many needs must be held up
    if enough == len(needs):
        above = needs[0].intersection(*needs[1:])
    else:
        counts = Counter(holder for holders in needs for holder in holders)
        above = frozenset(holder for holder, count in counts.items() if count >= enough)
    return above | {node} if node in every and node not in above else above


def _options(graph: DependencyGraph, at: set[str]) -> dict[str, list[str | None]]:
    """The needs that each node below something critical can get an alternative for; None for one more option in a group."""
    critical = set(critical_nodes(graph))
    able = failed(graph, basic_events(graph)) & critical.union(*(nx.descendants(graph, node) for node in critical))
    falls_at = thresholds(graph)
    chained: nx.DiGraph[str] = nx.DiGraph((upper, lower) for upper, lower in graph.edges if falls_at[upper] == 1)
    joined = {node for part in nx.strongly_connected_components(chained) if len(part) > 1 for node in part}

    def passes_on(node: str) -> bool:
        """Whether the only user of a node can get the alternative instead."""
        users = [user for user in graph.pred[node] if user in able and user != node]
        if node in critical or node in joined or len(users) != 1:
            return False
        return falls_at[users[0]] == 1 and users[0] not in joined and users[0] in at

    def can_grow(node: str) -> bool:
        """Whether a node is a group of which one option is enough and that can get another."""
        return 1 < falls_at[node] == len(graph.succ[node]) and node in at and not graph.nodes[node]["basic"]

    def needs(node: str) -> Iterator[str | None]:
        if falls_at[node] > 1:
            yield None
        elif not passes_on(node):
            yield from (need for need in graph.succ[node] if need in able and need != node and not can_grow(need))

    return {node: found for node in sorted(able & at) if (found := list(needs(node)))}
