"""The graph of access: how it is made, what it refuses, and that networkx sees the same."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.exposure.access import Access, AccessGraph, access_graph, likelihood, shortest_paths

KINDS = {"u": "organisation", "l": "organisation", "s": "system", "d": "data"}


def test_nodes_and_steps_are_in_order_and_things_weigh_1() -> None:
    graph = access_graph(KINDS, [Access("u", "s", 0.5), Access("u", "l", 0.25), Access("s", "d")])
    assert list(graph.nodes(data="kind")) == [
        ("d", "data"), ("l", "organisation"), ("s", "system"), ("u", "organisation")
    ]  # fmt: skip
    assert nx.get_node_attributes(graph, "weight") == {"d": 1.0, "l": 0.0, "s": 1.0, "u": 0.0}
    assert set(graph.edges(data="probability")) == {("s", "d", 1.0), ("u", "l", 0.25), ("u", "s", 0.5)}
    heavy = access_graph(KINDS, [], {"s": 3, "u": 0.5})
    assert nx.get_node_attributes(heavy, "weight") == {"d": 1.0, "l": 0.0, "s": 3, "u": 0.5}


def test_of_several_accesses_the_likeliest_is_kept() -> None:
    many = [Access("u", "s", 0.5), Access("u", "s", 0.7), Access("u", "s", 0.1)]
    for accesses in (many, many[::-1]):
        graph = access_graph(KINDS, accesses)
        assert graph.edges["u", "s"]["probability"] == 0.7


def test_impossible_steps_and_steps_on_the_spot_are_left_out() -> None:
    graph = access_graph(KINDS, [Access("u", "s", 0.0), Access("l", "l", 1.0)])
    assert not graph.edges
    assert shortest_paths(graph, "u") == [("u",)]


@pytest.mark.parametrize("probability", [-0.1, 1.5, math.nan])
def test_a_probability_lies_from_0_to_1(probability: float) -> None:
    with pytest.raises(ValueError, match="the probability of 'u' to 's' is"):
        access_graph(KINDS, [Access("u", "s", probability)])


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_a_weight_is_a_number_and_not_negative(weight: float) -> None:
    with pytest.raises(ValueError, match="the weight of 's' is"):
        access_graph(KINDS, [], {"s": weight})


def test_an_access_of_or_to_an_unknown_node_is_an_error() -> None:
    for access in (Access("u", "x"), Access("x", "s")):
        with pytest.raises(KeyError):
            access_graph(KINDS, [access])


def test_weaker_links_are_likelier_steps_and_none_is_ruled_out() -> None:
    assert likelihood(0.3) == pytest.approx(0.7)
    assert likelihood(0.0) == 1.0
    assert likelihood(1.0) == 0.05
    for strength in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="the strength is"):
            likelihood(strength)


PROBABILITIES = st.sampled_from([0.0, 1e-300, 0.1, 0.2, 0.5, 1.0])
ACCESSES = st.lists(
    st.builds(Access, st.sampled_from("abcdef"), st.sampled_from("abcdef"), PROBABILITIES),
    max_size=14,
)


def some_access(accesses: list[Access]) -> AccessGraph:
    kinds = {name: "organisation" if name in "abc" else "system" for name in "abcdef"}
    return access_graph(kinds, accesses, {"d": 0.0, "e": 2.0, "f": 0.5})


def as_networkx(graph: AccessGraph) -> nx.DiGraph[str]:
    """The same for networkx, each edge as long as −log p."""
    plain: nx.DiGraph[str] = nx.DiGraph()
    plain.add_nodes_from(graph)
    for (start, end), probability in nx.get_edge_attributes(graph, "probability").items():
        plain.add_edge(start, end, length=-math.log(probability) or 0.0)
    return plain


@given(ACCESSES)
def test_paths_are_as_long_as_those_of_networkx(accesses: list[Access]) -> None:
    graph = some_access(accesses)
    plain = as_networkx(graph)
    for name in graph:
        for to, directed in ((False, plain), (True, plain.reverse())):
            expected = nx.single_source_dijkstra_path_length(directed, name, weight="length")
            paths = {nodes[0] if to else nodes[-1]: nodes for nodes in shortest_paths(graph, name, to=to)}
            assert set(paths) == set(expected)
            for other, nodes in paths.items():
                assert nodes[-1 if to else 0] == name
                length = sum(plain.edges[step]["length"] for step in pairwise(nodes))
                assert length == pytest.approx(expected[other], abs=1e-8)
