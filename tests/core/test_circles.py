from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.cycles import strongly_connected

GRAPHS = st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9).map(
    lambda edges: {**{other: [] for inner in edges.values() for other in inner}, **edges}
)


def test_what_is_below_comes_first() -> None:
    assert list(strongly_connected({"a": ["b"], "b": ["c", "d"], "c": ["b"], "d": []})) == [["d"], ["b", "c"], ["a"]]


@given(GRAPHS)
def test_the_parts_are_those_of_networkx_each_after_all_below_it(below: dict[int, list[int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph([(node, other) for node, inner in below.items() for other in inner])
    graph.add_nodes_from(below)
    parts = list(strongly_connected(below))
    assert {frozenset(part) for part in parts} == {frozenset(part) for part in nx.strongly_connected_components(graph)}
    rank = {node: number for number, part in enumerate(parts) for node in part}
    assert all(rank[other] <= rank[node] for node, inner in below.items() for other in inner)
