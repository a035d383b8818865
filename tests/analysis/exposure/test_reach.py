"""Reach of many at once: equal to one search per source, over several blocks, circles and sources that are targets."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.exposure import compromise
from graphsc.analysis.exposure.compromise import within_reach

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


def arrays(edges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@given(EDGES, st.dictionaries(st.integers(0, 11), st.sampled_from([0.0, 1.0, 2.5])))
def test_equal_to_one_search_per_source(edges: list[tuple[int, int]], worth: dict[int, float]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(edges)
    graph.add_nodes_from(range(12))
    expected = []
    for source in range(12):
        met = nx.descendants(graph, source) & worth.keys()
        expected.append((len(met), sum(worth[node] for node in met)))
    assert within_reach(*arrays(edges), worth, range(12), 12) == expected


def test_more_targets_than_one_block_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compromise, "BLOCK", 1)  # a block never has fewer than 1,024
    many = 3000
    edges = [(0, 1), (1, 0), *((1, target) for target in range(2, many))]
    worth = {target: float(target % 3) for target in range(2, many)}
    total = sum(worth.values())
    assert within_reach(*arrays(edges), worth, [0, 1, 5], many) == [(many - 2, total), (many - 2, total), (0, 0.0)]


def test_no_edges_and_no_targets() -> None:
    assert within_reach(*arrays([]), {1: 1.0}, [0, 1], 2) == [(0, 0.0), (0, 0.0)]
    assert within_reach(*arrays([(0, 1)]), {}, [0], 2) == [(0, 0.0)]
