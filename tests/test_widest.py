"""Widest paths: the textbook's, all simple paths by brute force, and how ties are broken."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.widest import WidestPath, widest_path_in, widths

CLRS = [
    ("s", "v1", 16),
    ("s", "v2", 13),
    ("v1", "v3", 12),
    ("v2", "v1", 4),
    ("v2", "v4", 14),
    ("v3", "v2", 9),
    ("v3", "t", 20),
    ("v4", "v3", 7),
    ("v4", "t", 4),
]
"""The flow network of Cormen, Leiserson, Rivest and Stein, whose maximum flow is 23."""


def network(edges: list[tuple[str, str, float]]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from(edges, weight="strength")
    return graph


def test_the_widest_path_of_the_textbooks_flow_network_is_12_wide() -> None:
    graph = network([(start, end, float(width)) for start, end, width in CLRS])
    assert nx.maximum_flow_value(graph, "s", "t", capacity="strength") == 23
    assert widest_path_in(graph, "s", "t") == WidestPath(("s", "v1", "v3", "t"), 12)


def test_the_way_to_oneself_has_no_narrow_step() -> None:
    assert widest_path_in(network([("a", "b", 1.0)]), "a", "a") == WidestPath(("a",), math.inf)


def test_no_way_and_no_node() -> None:
    graph = network([("a", "b", 1.0)])
    assert widest_path_in(graph, "b", "a") is None
    with pytest.raises(nx.NodeNotFound, match="'c' is not in the graph"):
        widest_path_in(graph, "a", "c")


def test_equally_wide_paths_yield_the_shortest_then_the_first_by_name() -> None:
    edges = [("a", "z", 0.5), ("z", "y", 0.9), ("y", "t", 0.9), ("a", "c", 0.7), ("c", "t", 0.5), ("a", "b", 0.5)]
    assert widest_path_in(network([*edges, ("b", "t", 0.6)]), "a", "t") == WidestPath(("a", "b", "t"), 0.5)
    assert widest_path_in(network([("b", "t", 0.6), *reversed(edges)]), "a", "t") == WidestPath(("a", "b", "t"), 0.5)


def test_a_step_without_a_width_is_1_wide_and_any_attribute_will_do() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b")
    graph.add_edge("b", "c", width=0.3)
    assert widest_path_in(graph, "a", "c", strength="width") == WidestPath(("a", "b", "c"), 0.3)
    assert widest_path_in(graph, "a", "c") == WidestPath(("a", "b", "c"), 1.0)


def test_a_width_that_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="no number"):
        widest_path_in(network([("a", "b", math.nan)]), "a", "b")


EDGES = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.sampled_from([0.0, 0.2, 0.5, 0.9]), max_size=16
)


@given(EDGES)
def test_no_simple_path_is_wider(edges: dict[tuple[str, str], float]) -> None:
    graph = network([(start, end, width) for (start, end), width in edges.items()])
    graph.add_nodes_from("ab")
    ways = [
        (-min(graph.edges[step]["strength"] for step in itertools.pairwise(path)), len(path), path)
        for path in nx.all_simple_paths(graph, "a", "b")
    ]
    found = widest_path_in(graph, "a", "b")
    if not ways:
        assert found is None
    else:
        narrow, _, path = min(ways)
        assert found == WidestPath(tuple(path), -narrow)


@given(EDGES)
def test_the_widths_of_all_nodes_at_once_are_those_of_each(edges: dict[tuple[str, str], float]) -> None:
    graph = network([(start, end, width) for (start, end), width in edges.items()])
    graph.add_node("a")
    found = widths("a", lambda node: [(other, graph.edges[node, other]["strength"]) for other in graph[node]])
    for node in graph:
        path = widest_path_in(graph, "a", node)
        assert found.get(node) == (None if path is None else path.width)
