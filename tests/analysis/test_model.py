"""The dependency graph: its components in order, and values worked out from needs upwards."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from dependency_graphs import fails_plainly, graph_of, graphs, thorough
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph, basic_events, completed, components, fixpoint, threshold


@pytest.mark.exhaustive
@thorough
@given(graphs())
def test_components_are_those_of_networkx_and_stand_after_what_they_need(graph: DependencyGraph) -> None:
    parts = components(graph)
    assert {frozenset(part) for part in parts} == {frozenset(part) for part in nx.strongly_connected_components(graph)}
    place = {node: number for number, part in enumerate(parts) for node in part}
    assert all(place[lower] <= place[upper] for upper, lower in graph.edges)


@pytest.mark.exhaustive
@thorough
@given(graphs(), st.data())
def test_failure_worked_out_upwards_is_the_least_fixpoint(graph: DependencyGraph, data: st.DataObject) -> None:
    events = basic_events(graph)
    lost = data.draw(st.sets(st.sampled_from(events))) if events else set[str]()
    fails = fixpoint(
        graph,
        False,
        lambda node, values: (
            node in lost or 0 < threshold(graph, node) <= sum(values[need] for need in graph.succ[node])
        ),
    )
    assert {node for node, down in fails.items() if down} == fails_plainly(graph, lost)


def test_a_gate_that_bears_all_losses_cannot_fail() -> None:
    graph = graph_of({"top": ["gate"], "gate": ["a", "b"]}, at_least={"gate": 0})
    assert fails_plainly(graph, "ab") == {"a", "b"}
    assert threshold(graph, "gate") == 3


@pytest.mark.exhaustive
@thorough
@given(graphs())
def test_a_complete_graph_is_completed_to_itself(graph: DependencyGraph) -> None:
    again = completed(graph)
    assert list(again.nodes(data=True)) == list(graph.nodes(data=True))
    assert list(again.edges) == list(graph.edges)


def test_long_chains_and_cycles_need_no_recursion() -> None:
    names = [f"n{number:05}" for number in range(20_000)]
    chain = graph_of({upper: [lower] for upper, lower in pairwise(names)})
    assert components(chain) == [[name] for name in reversed(names)]
    ring = graph_of({upper: [lower] for upper, lower in zip(names, [*names[1:], names[0]], strict=True)})
    assert components(ring) == [names]
