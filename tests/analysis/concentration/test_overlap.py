"""One party behind suppliers that look independent."""

from __future__ import annotations

import itertools

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st
from supply_chains import overlaps_of

from graphsc.analysis.concentration.supply import Overlap

NAMES = [f"n{number}" for number in range(8)]
EDGES = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3), max_size=8)


def test_the_hosting_behind_two_suppliers() -> None:
    """A and B look independent; both are on H, and H delivers directly as well."""
    below = {"A": ["M"], "M": ["H"], "B": ["H"], "C": ["X"]}
    assert overlaps_of(["A", "B", "C", "H"], below) == (
        Overlap("H", ("A", "B"), (("A", "M", "H"), ("B", "H")), direct=True),
    )


def test_suppliers_of_one_group_are_one() -> None:
    below = {"A": ["H"], "B": ["H"], "C": ["H"]}
    units = {"A": ("G",), "B": ("G",), "H": ("K",)}
    (overlap,) = overlaps_of(["A", "B", "C"], below, units=units)
    assert overlap == Overlap("K", ("C", "G"), (("C", "H"), ("A", "H")), direct=False)
    assert overlaps_of(["A", "B"], below, units=units) == ()


def test_no_one_stands_behind_itself() -> None:
    below = {"A": ["B", "A"], "B": ["A"]}
    assert overlaps_of(["A", "B"], below) == ()


def test_the_most_shared_come_first_and_only_so_many() -> None:
    below = {"A": ["X", "Y"], "B": ["X", "Y"], "C": ["Y"]}
    assert [overlap.node for overlap in overlaps_of(["A", "B", "C"], below)] == ["Y", "X"]
    assert [overlap.node for overlap in overlaps_of(["A", "B", "C"], below, most=1)] == ["Y"]
    assert overlaps_of([], below) == ()


@given(
    EDGES, st.sets(st.sampled_from(NAMES), min_size=1), st.dictionaries(st.sampled_from(NAMES), st.sampled_from("GH"))
)
def test_against_networkx(below: dict[str, set[str]], first: set[str], groups: dict[str, str]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph((upper, lower) for upper, inner in below.items() for lower in inner)
    graph.add_nodes_from(first)
    unit = {name: groups.get(name, name) for name in graph}
    behind: dict[str, set[str]] = {}
    for node in graph:
        for start in first:
            if any(nx.has_path(graph, lower, node) for lower in graph.successors(start)) and unit[start] != unit[node]:
                behind.setdefault(unit[node], set()).add(unit[start])
    overlaps = overlaps_of(first, below, units={name: (group,) for name, group in groups.items()})
    assert {overlap.node: set(overlap.suppliers) for overlap in overlaps} == {
        n: s for n, s in behind.items() if len(s) > 1
    }
    for overlap in overlaps:
        assert overlap.direct == any(unit[name] == overlap.node for name in first)
        for supplier, path in zip(overlap.suppliers, overlap.paths, strict=True):
            assert unit[path[0]] == supplier
            assert path[0] in first
            assert unit[path[-1]] == overlap.node
            assert all(graph.has_edge(*pair) for pair in itertools.pairwise(path))
            ways = [
                nx.shortest_path_length(graph, start, end)
                for start in first
                for end in graph
                if unit[start] == supplier and unit[end] == overlap.node and nx.has_path(graph, start, end)
            ]
            assert len(path) - 1 == min(ways)
