"""What flows down a graph: each kernel against plain networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.concentration import flows
from graphsc.analysis.concentration.flows import Flow
from graphsc.analysis.kernels import Grouping

COUNT = 9
NODES = st.integers(0, COUNT - 1)
EDGES = st.lists(st.tuples(NODES, NODES), max_size=20)
STARTS = st.lists(st.tuples(st.integers(0, 14), NODES), max_size=25)
GROUPS = st.lists(st.tuples(NODES, st.integers(0, 3)), max_size=12)


def flow(edges: list[tuple[int, int]]) -> Flow:
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return Flow(COUNT, pairs[:, 0], pairs[:, 1])


def plain(edges: list[tuple[int, int]]) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(COUNT))
    graph.add_edges_from(edges)
    return graph


@given(EDGES)
def test_components_are_numbered_from_the_top(edges: list[tuple[int, int]]) -> None:
    structure = flow(edges)
    parts = [
        set(np.flatnonzero(structure.component_of == component).tolist()) for component in range(structure.components)
    ]
    assert sorted(map(sorted, parts)) == sorted(map(sorted, nx.strongly_connected_components(plain(edges))))
    assert all(structure.component_of[upper] <= structure.component_of[lower] for upper, lower in edges)
    whole = nx.condensation(plain(edges))
    for level, members in enumerate(nx.topological_generations(whole)):
        wanted = {frozenset(whole.nodes[component]["members"]) for component in members}
        assert {frozenset(p) for p in parts[structure.bounds[level] : structure.bounds[level + 1]]} == wanted


@pytest.mark.parametrize("limit", [flows.LIMIT, 0], ids=["as pairs", "as bits"])
@pytest.mark.parametrize("chunk", [flows.CHUNK, 4], ids=["at once", "in chunks"])
@given(edges=EDGES, starts=STARTS, groups=GROUPS)
def test_what_meets_a_group_is_the_union_over_all_that_lead_there(
    limit: int, chunk: int, edges: list[tuple[int, int]], starts: list[tuple[int, int]], groups: list[tuple[int, int]]
) -> None:
    graph = plain(edges)
    pairs = np.array(starts, dtype=np.int64).reshape(-1, 2)
    belongs = np.array(groups, dtype=np.int64).reshape(-1, 2)
    weights = np.array([[1.0, 2.0**key] for key in range(15)])
    own = np.arange(15) % 4
    single = Grouping.of(np.arange(COUNT), np.arange(COUNT), COUNT, COUNT)
    some = Grouping.of(belongs[:, 0], belongs[:, 1], COUNT, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "LIMIT", limit)
        patch.setattr(flows, "CHUNK", chunk)
        sums = flow(edges).group_weights(pairs[:, 0], pairs[:, 1], weights, [single, some, some], [None, None, own])
    met = {node: {key for key, start in starts if nx.has_path(graph, start, node)} for node in range(COUNT)}
    for node in range(COUNT):
        assert sums[0][node].tolist() == [len(met[node]), sum(2.0**key for key in met[node])]
    for group in range(4):
        union = set().union(*(met[node] for node, other in groups if other == group))
        assert sums[1][group].tolist() == [len(union), sum(2.0**key for key in union)]
        others = {key for key in union if key % 4 != group}
        assert sums[2][group].tolist() == [len(others), sum(2.0**key for key in others)]


@pytest.mark.parametrize("limit", [flows.LIMIT, 0])
@given(edges=EDGES, starts=st.lists(st.tuples(NODES, NODES), max_size=12))
def test_every_key_reaches_every_node_below_it(
    limit: int, edges: list[tuple[int, int]], starts: list[tuple[int, int]]
) -> None:
    pairs = np.array(starts, dtype=np.int64).reshape(-1, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "LIMIT", limit)
        keys, nodes = flow(edges).reached(pairs[:, 0], pairs[:, 1])
    graph = plain(edges)
    wanted = {(key, node) for key, start in starts for node in ({start} | nx.descendants(graph, start))}
    assert sorted(zip(keys.tolist(), nodes.tolist(), strict=True)) == sorted(wanted)


def test_a_graph_of_nothing() -> None:
    empty = np.zeros(0, dtype=np.int64)
    nothing = Flow(0, empty, empty)
    assert nothing.components == 0
    assert nothing.ends(np.zeros((0, 1))).shape == (0, 1)
    assert nothing.group_weights(empty, empty, np.zeros((0, 1)), [Grouping.of(empty, empty, 0, 0)], [None])[
        0
    ].shape == (0, 1)


def test_a_ring_of_fifty_thousand_nodes_needs_no_recursion() -> None:
    nodes = np.arange(50_000)
    ring = Flow(50_000, nodes, np.roll(nodes, -1))
    assert ring.components == 1
    amounts = np.zeros((50_000, 1))
    amounts[0] = 1.0
    assert ring.ends(amounts)[17, 0] == pytest.approx(1 / 50_000)
