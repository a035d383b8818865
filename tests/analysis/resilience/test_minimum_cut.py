"""The minimum cut: by flow where that is exact, by diagram elsewhere, and a true cut in any case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from dependency_graphs import (
    BRIDGE,
    CLRS_FLOW,
    SHARED_HOSTING,
    TWO_OF_THREE,
    at_most_one_way,
    cuts_plainly,
    events_of,
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


def test_the_flow_network_of_the_textbook_is_cut_for_23() -> None:
    graph = at_most_one_way(CLRS_FLOW)
    costs = {graph.index[f"{start}-{end}"]: capacity for (start, end), capacity in CLRS_FLOW.items()}
    cut = cut_of(graph, "s", costs=costs)
    assert names_of(graph, cut.events) == {"v1-v3", "v4-v3", "v4-t"}
    assert (cut.cost, cut.exact, cut.priced) == (23, True, True)
    network: nx.DiGraph[Any] = nx.DiGraph()
    for name, node in graph.index.items():
        if graph.basic[node]:
            start, end = name.split("-")
            network.add_edge(start, end, capacity=costs[node])
    assert nx.maximum_flow_value(network, "s", "t") == 23


def test_the_bridge_falls_with_two() -> None:
    cut = cut_of(BRIDGE, "works")
    assert (cut.cost, cut.exact, cut.priced) == (2, True, False)
    assert names_of(BRIDGE, cut.events) in ({"1", "2"}, {"4", "5"})
    dear = {BRIDGE.index[name]: 5.0 for name in "12"}
    cut = cut_of(BRIDGE, "works", costs=dear)
    assert (names_of(BRIDGE, cut.events), cut.cost, cut.exact, cut.priced) == ({"4", "5"}, 2, True, True)


def test_two_of_three_needs_two_and_shared_hosting_one() -> None:
    assert cut_of(TWO_OF_THREE, "vote").cost == 2
    assert names_of(SHARED_HOSTING, cut_of(SHARED_HOSTING, "S").events) == {"H"}
    dear = {SHARED_HOSTING.index["H"]: 3.0}
    assert names_of(SHARED_HOSTING, cut_of(SHARED_HOSTING, "S", costs=dear).events) == {"A", "B"}


def test_all_of_above_options_takes_the_cheapest_need() -> None:
    graph = graph_of({"S": ["p", "q"], "p": ["a", "b", "c"], "q": ["d", "e"]}, at_least={"p": 1, "q": 1})
    cut = cut_of(graph, "S")
    assert (names_of(graph, cut.events), cut.exact) == ({"d", "e"}, True)


def test_nothing_stops_what_cannot_fail() -> None:
    graph = graph_of({"S": ["A"], "A": ["B"], "B": ["A"]}, basic=[])
    assert minimum_cut(graph, graph.index["S"]) is None


def test_the_bound_says_when_it_must_be_the_cheapest() -> None:
    single = cut_of(SHARED_HOSTING, "S", limit=0)
    assert (names_of(SHARED_HOSTING, single.events), single.exact) == ({"H"}, True)
    pair = cut_of(BRIDGE, "works", limit=0)
    assert (pair.cost, pair.exact) == (2, True)


@pytest.mark.parametrize("cost", [-1.0, float("nan"), float("inf")])
def test_a_cost_is_a_number_from_nought(cost: float) -> None:
    with pytest.raises(ValueError, match="no cost"):
        minimum_cut(BRIDGE, BRIDGE.index["works"], {BRIDGE.index["1"]: cost})


@thorough
@given(graphs(8), st.data())
def test_is_the_cheapest_of_all_cut_sets(graph: DependencyGraph, data: st.DataObject) -> None:
    if data.draw(st.booleans()):  # every node works over any one of its needs
        graph = replace(graph, thresholds=tuple(len(inner) for inner in graph.needs))
    costs = {event: data.draw(st.sampled_from([0, 1, 2, 3, 5])) for event in events_of(graph)}
    for target in range(len(graph)):
        cuts = cuts_plainly(graph, target)
        for given_costs in (None, costs):
            for limit in (100_000, 0):
                cut = minimum_cut(graph, target, given_costs, limit=limit)
                if cut is None:
                    assert not cuts
                    continue
                assert target in fails_plainly(graph, cut.events)
                assert cut.cost == sum((given_costs or {}).get(event, 1) for event in cut.events)
                best = min(sum((given_costs or {}).get(event, 1) for event in other) for other in cuts)
                assert cut.exact or not limit
                assert cut.cost == best if cut.exact else cut.cost >= best
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
    between = [f"n{place}" for place in range(1, count - 1)]
    dear = {ground: 100.0}
    graph = graph_of(needs, at_least=dict.fromkeys(needs, 1), basic=[*between, ground])
    cut = cut_of(graph, "n0", costs={graph.index[name]: cost for name, cost in dear.items()})
    network = graph.to_networkx()
    direct = network.has_edge("n0", ground)
    expected = 100 if direct else len(nx.minimum_node_cut(network, "n0", ground))
    assert (cut.cost, cut.exact) == (expected, True)
