"""The minimum cut: by flow where that is exact, by diagram elsewhere, and a true cut in any case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
from dependency_graphs import (
    BRIDGE,
    CLRS_FLOW,
    SHARED_HOSTING,
    TWO_OF_THREE,
    at_most_one_way,
    cuts_plainly,
    fails_plainly,
    graph_of,
    graphs,
    names_of,
    thorough,
)
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.minimum_cut import Cut, minimum_cut


def cut_of(graph: DependencyGraph, target: str, **more: object) -> Cut:
    found = minimum_cut(graph, graph.index[target], **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_flow_network_of_the_textbook_is_cut_by_as_many_edges_as_networkx_says() -> None:
    graph = at_most_one_way(CLRS_FLOW)
    cut = cut_of(graph, "s")
    network: nx.DiGraph[Any] = nx.DiGraph()
    for name, node in graph.index.items():
        if graph.basic[node]:
            start, end = name.split("-")
            network.add_edge(start, end, capacity=1)
    assert (len(cut.events), cut.exact) == (nx.maximum_flow_value(network, "s", "t"), True)


def test_the_bridge_falls_with_two() -> None:
    cut = cut_of(BRIDGE, "works")
    assert cut.exact
    assert names_of(BRIDGE, cut.events) in ({"1", "2"}, {"4", "5"})


def test_two_of_three_needs_two_and_shared_hosting_one() -> None:
    assert len(cut_of(TWO_OF_THREE, "vote").events) == 2
    assert names_of(SHARED_HOSTING, cut_of(SHARED_HOSTING, "S").events) == {"H"}


def test_all_of_above_options_takes_the_smallest_cut() -> None:
    graph = graph_of({"S": ["p", "q"], "p": ["a", "b", "c"], "q": ["d", "e"]}, at_least={"p": 1, "q": 1})
    cut = cut_of(graph, "S")
    assert (names_of(graph, cut.events), cut.exact) == ({"d", "e"}, True)


def test_nothing_stops_what_cannot_fail() -> None:
    graph = graph_of({"S": ["A"], "A": ["B"], "B": ["A"]}, basic=[])
    assert minimum_cut(graph, graph.index["S"]) is None


def test_the_bound_says_when_it_is_the_smallest() -> None:
    single = cut_of(SHARED_HOSTING, "S", limit=0)
    assert (names_of(SHARED_HOSTING, single.events), single.exact) == ({"H"}, True)
    pair = cut_of(BRIDGE, "works", limit=0)
    assert (len(pair.events), pair.exact) == (2, True)


@thorough
@given(graphs(8), st.data())
def test_is_the_smallest_of_all_cut_sets(graph: DependencyGraph, data: st.DataObject) -> None:
    if data.draw(st.booleans()):  # every node works over any one of its needs
        graph = replace(graph, thresholds=tuple(len(inner) for inner in graph.needs))
    for target in range(len(graph)):
        cuts = cuts_plainly(graph, target)
        for limit in (100_000, 0):
            cut = minimum_cut(graph, target, limit=limit)
            if cut is None:
                assert not cuts
                continue
            assert target in fails_plainly(graph, cut.events)
            best = min(map(len, cuts))
            assert cut.exact or not limit
            assert len(cut.events) == best if cut.exact else len(cut.events) >= best
            assert cut.events in cuts


@thorough
@given(st.integers(3, 8), st.data())
def test_in_a_network_of_options_is_the_node_cut_of_networkx(count: int, data: st.DataObject) -> None:
    needs = {
        f"n{place}": sorted(
            data.draw(st.sets(st.sampled_from([f"n{other}" for other in range(place + 1, count)]), min_size=1))
        )
        for place in range(count - 1)
    }
    ground = f"n{count - 1}"
    graph = graph_of(needs, at_least=dict.fromkeys(needs, 1), basic=[f"n{place}" for place in range(1, count - 1)])
    cut = minimum_cut(graph, graph.index["n0"])
    network = graph.to_networkx()
    if network.has_edge("n0", ground):  # which cannot be lost
        assert cut is None
    else:
        assert cut is not None
        assert (len(cut.events), cut.exact) == (len(nx.minimum_node_cut(network, "n0", ground)), True)
