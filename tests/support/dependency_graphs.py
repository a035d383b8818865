"""Dependency graphs for tests: small ones by name, random ones with gates and cycles, and the plain way to fail them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph, basic_events, critical_nodes, dependency_graph, threshold

thorough = settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Many small graphs: a wrong turn in a cycle shows in few of them."""


def graph_of(
    needs: Mapping[str, Sequence[str]],
    *,
    at_least: Mapping[str, int] | None = None,
    critical: Iterable[str] = (),
    basic: Iterable[str] | None = None,
    **more: Any,
) -> DependencyGraph:
    """A graph whose nodes are the names that occur; those that need nothing can fail by themselves."""
    names = sorted({*needs, *(name for inner in needs.values() for name in inner)})
    leaves = [name for name in names if not needs.get(name)]
    return dependency_graph(
        dict.fromkeys(names, "gate"),
        needs,
        at_least=at_least,
        critical=critical,
        basic=leaves if basic is None else basic,
        **more,
    )


def fails_plainly(graph: DependencyGraph, lost: Iterable[str]) -> frozenset[str]:
    """The least fixpoint of failure as its definition reads: repeat over all nodes until nothing more falls."""
    down = set(lost)
    while True:
        more = {
            node
            for node in graph
            if graph.succ[node] and sum(need in down for need in graph.succ[node]) >= threshold(graph, node)
        } - down
        if not more:
            return frozenset(down)
        down |= more


def single_point_pairs(graph: DependencyGraph) -> set[tuple[str, str]]:
    """Every event with every critical node that it alone stops, by one cascade per event."""
    return {
        (event, target)
        for event in basic_events(graph)
        for target in fails_plainly(graph, (event,)).intersection(critical_nodes(graph))
    }


def cuts_plainly(graph: DependencyGraph, target: str) -> list[frozenset[str]]:
    """All minimal cut sets, by trying every set of events."""
    events = basic_events(graph)
    cuts: list[frozenset[str]] = []
    for size in range(len(events) + 1):
        for lost in map(frozenset, combinations(events, size)):
            if not any(cut <= lost for cut in cuts) and target in fails_plainly(graph, lost):
                cuts.append(lost)
    return cuts


def worlds_of(graph: DependencyGraph) -> Iterator[tuple[str, ...]]:
    """Every set of basic events that may be lost together."""
    events = basic_events(graph)
    for size in range(len(events) + 1):
        yield from combinations(events, size)


@st.composite
def graphs(draw: st.DrawFn, most: int = 9) -> DependencyGraph:
    """Random graphs: all-of and k-of-n, with and without cycles, basic events with needs of their own, dead ends."""
    names = [f"n{number:02}" for number in range(draw(st.integers(1, most)))]
    cycles = draw(st.booleans())
    needs: dict[str, list[str]] = {}
    at_least: dict[str, int] = {}
    for place, name in enumerate(names):
        pool = names if cycles else names[place + 1 :]
        needs[name] = draw(st.lists(st.sampled_from(pool), unique=True, max_size=4)) if pool else []
        if needs[name] and draw(st.booleans()):  # type: ignore[arg-type]
            at_least[name] = draw(st.integers(0, len(needs[name]) + 1))
    return dependency_graph(
        dict.fromkeys(names, "gate"),
        needs,
        at_least=at_least,
        basic=draw(st.sets(st.sampled_from(names))),
        critical=draw(st.sets(st.sampled_from(names))),
        weights={name: float(draw(st.integers(1, 3))) for name in names},
    )


BRIDGE = graph_of(
    {
        "works": ["upper", "lower", "down", "up"],
        "upper": ["1", "4"],
        "lower": ["2", "5"],
        "down": ["1", "3", "5"],
        "up": ["2", "3", "4"],
    },
    at_least={"works": 1},
    critical=["works"],
)
"""The bridge network by its paths: 1 and 2 lead in, 4 and 5 out, 3 joins the two halves."""

TWO_OF_THREE = graph_of({"vote": ["a", "b", "c"]}, at_least={"vote": 2}, critical=["vote"])

SHARED_HOSTING = dependency_graph(
    {"S": "system", "either": "gate", "A": "organisation", "B": "organisation", "H": "organisation"},
    {"S": ["either"], "either": ["A", "B"], "A": ["H"], "B": ["H"]},
    at_least={"either": 1},
    critical=["S"],
    weights={"S": 2.0},
)
"""A system that A or B serves, both of them on the hosting of H."""

LENGAUER_TARJAN = graph_of(
    {
        "R": ["A", "B", "C"],
        "A": ["D"],
        "B": ["A", "D", "E"],
        "C": ["F", "G"],
        "D": ["L"],
        "E": ["H"],
        "F": ["I"],
        "G": ["I", "J"],
        "H": ["E", "K"],
        "I": ["K"],
        "J": ["I"],
        "K": ["I", "R"],
        "L": ["H"],
    },
    basic="ABCDEFGHIJKL",
    critical=["R"],
)
"""The flow graph of Lengauer and Tarjan (1979), every node but the root a basic event."""
