"""Kernels: counting bits over rows, and strongly connected parts in order."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.kernels import Grouping, at_least, components, positions

ROWS = st.lists(st.integers(0, 2**12 - 1), max_size=12)
EDGES = st.integers(1, 12).flatmap(
    lambda count: st.lists(st.lists(st.integers(0, count - 1), max_size=4), min_size=count, max_size=count)
)


@given(ROWS, st.integers(-1, 13))
def test_counts_each_bit_for_itself(rows: list[int], enough: int) -> None:
    counts = [sum(row >> place & 1 for row in rows) for place in range(12)]
    expected = sum(1 << place for place, count in enumerate(counts) if 1 <= enough <= count)
    assert at_least(rows, enough) == expected


@pytest.mark.parametrize(("enough", "expected"), [(0, 0), (1, 0b1111), (2, 0b0111), (3, 0b0011), (4, 0b0001), (5, 0)])
def test_counts_a_staircase(enough: int, expected: int) -> None:
    assert at_least([0b1111, 0b0111, 0b0011, 0b0001], enough) == expected


def test_no_rows_have_no_bits() -> None:
    assert at_least([], 1) == 0


def test_counts_more_rows_than_a_counter_has_digits_at_first() -> None:
    rows = [1] * 300 + [2] * 299
    assert at_least(rows, 300) == 1
    assert at_least(rows, 299) == 3


@given(st.sets(st.integers(0, 300)))
def test_names_the_bits_that_are_set(places: set[int]) -> None:
    assert list(positions(sum(1 << place for place in places))) == sorted(places)


def grouping(below: list[list[int]]) -> Grouping:
    rows = np.repeat(np.arange(len(below)), [len(inner) for inner in below])
    members = np.array([other for inner in below for other in inner], dtype=np.int64)
    return Grouping.in_order(rows, members, len(below), len(below))


@given(EDGES, st.data())
def test_edges_in_arrays_are_those_in_lists(below: list[list[int]], data: st.DataObject) -> None:
    edges, count = grouping(below), len(below)
    assert list(edges) == edges.lists == [edges[row] for row in range(count)] == below
    above = [[upper for upper in range(count) for other in below[upper] if other == node] for node in range(count)]
    assert edges.inverted().lists == above
    assert Grouping.of(*edges.pairs(), count, count).lists == [sorted(set(inner)) for inner in below]
    rows = data.draw(st.lists(st.integers(0, count - 1)))
    place, member = edges.inside(np.array(rows, dtype=np.int64))
    inside = [(number, other) for number, row in enumerate(rows) for other in below[row]]
    assert list(zip(place.tolist(), member.tolist(), strict=True)) == inside
    values = np.exp2(np.arange(count, dtype=np.float64)).reshape(-1, 1)
    assert edges.sums(values)[:, 0].tolist() == [sum(2.0**other for other in inner) for inner in below]
    graph: nx.DiGraph[int] = nx.DiGraph(edges.matrix())
    starts = data.draw(st.sets(st.integers(0, count - 1)))
    wanted = starts.union(*(nx.descendants(graph, start) for start in starts))
    assert set(np.flatnonzero(edges.reached(starts)).tolist()) == wanted


@given(EDGES)
def test_parts_are_those_of_networkx_and_stand_in_order(below: list[list[int]]) -> None:
    graph = nx.DiGraph((node, other) for node, inner in enumerate(below) for other in inner)
    graph.add_nodes_from(range(len(below)))
    parts = components(below)
    assert {frozenset(part) for part in parts} == {frozenset(part) for part in nx.strongly_connected_components(graph)}
    place = {node: number for number, part in enumerate(parts) for node in part}
    assert all(place[other] <= place[node] for node, inner in enumerate(below) for other in inner)


def test_a_long_cycle_is_one_part_without_recursion() -> None:
    count = 20_000
    below = [[(node + 1) % count] for node in range(count)]
    assert components(below) == [tuple(range(count))]


def test_a_long_chain_stands_from_its_end() -> None:
    count = 20_000
    below = [[node + 1] if node + 1 < count else [] for node in range(count)]
    assert [part for (part,) in components(below)] == list(reversed(range(count)))
