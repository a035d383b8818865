"""Compromise: Yen's example, all paths by brute force, who gets at what, and how far a broken-in supplier reaches."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from test_access import ACCESSES, as_networkx, some_access

from graphsc.analysis.exposure.access import (
    Access,
    AccessGraph,
    AccessPath,
    Radius,
    Reached,
    access_graph,
    blast_radii,
    blast_radius,
    step_length,
    who_reaches,
)

YEN = [
    ("C", "D", 3),
    ("C", "E", 2),
    ("D", "F", 4),
    ("E", "D", 1),
    ("E", "F", 2),
    ("E", "G", 3),
    ("F", "G", 2),
    ("F", "H", 1),
    ("G", "H", 2),
]


def by_cost(edges: list[tuple[str, str, int]]) -> AccessGraph:
    """A graph whose −log p are given costs."""
    kinds = {name: "system" for edge in edges for name in edge[:2]}
    return access_graph(kinds, [Access(start, end, math.exp(-cost)) for start, end, cost in edges])


# ---------------------------------------------------------------- the k best


def test_unknown_nodes_are_an_error() -> None:
    graph = by_cost(YEN)
    with pytest.raises(KeyError):
        who_reaches(graph, "x")
    with pytest.raises(KeyError):
        blast_radius(graph, "x")


def brute(graph: AccessGraph, source: str, target: str) -> list[tuple[int, tuple[str, ...]]]:
    """All simple paths with their whole-number lengths, in the order that is promised."""
    plain = as_networkx(graph)
    paths = []
    for path in [[source]] if source == target else nx.all_simple_paths(plain, source, target):
        length = sum(step_length(graph.edges[step]["probability"]) for step in pairwise(path))
        paths.append((length, tuple(path)))
    return sorted(paths)


# ---------------------------------------------------------------- who, and how far

CHAIN = access_graph(
    {"U2": "organisation", "U1": "organisation", "L": "organisation", "case": "system", "pay": "system", "cpr": "data"},
    [
        Access("U2", "U1", 0.5),
        Access("U1", "L", 0.4),
        Access("U1", "pay", 0.1),
        Access("L", "case", 0.5),
        Access("L", "pay", 0.8),
        Access("case", "cpr", 1.0),
    ],
    {"case": 3.0, "pay": 2.0},
)


def test_who_can_get_at_a_data_set_and_by_which_way() -> None:
    assert who_reaches(CHAIN, "cpr") == (
        AccessPath(("L", "case", "cpr"), 0.5),
        AccessPath(("U1", "L", "case", "cpr"), 0.4 * 0.5),
        AccessPath(("U2", "U1", "L", "case", "cpr"), 0.5 * 0.4 * 0.5),
    )


def test_the_blast_radius_of_a_subcontractor() -> None:
    radius = blast_radius(CHAIN, "U1")
    assert radius.reached == (
        Reached("L", "organisation", 0.0, AccessPath(("U1", "L"), 0.4)),
        Reached("pay", "system", 2.0, AccessPath(("U1", "L", "pay"), 0.4 * 0.8)),
        Reached("case", "system", 3.0, AccessPath(("U1", "L", "case"), 0.4 * 0.5)),
        Reached("cpr", "data", 1.0, AccessPath(("U1", "L", "case", "cpr"), 0.4 * 0.5)),
    )
    assert [thing.node for thing in radius.things] == ["pay", "case", "cpr"]
    assert radius.weight == 6.0


def test_the_supplier_and_those_behind_it_reach_the_same_but_not_as_probably() -> None:
    assert blast_radii(CHAIN) == (Radius("L", 3, 6.0), Radius("U1", 3, 6.0), Radius("U2", 3, 6.0))
    chances = [blast_radius(CHAIN, party).things[0].probability for party in ("L", "U1", "U2")]
    assert chances == sorted(chances, reverse=True)


def test_parties_with_access_to_each_other_make_no_endless_loop() -> None:
    graph = access_graph(
        {"A": "organisation", "B": "organisation", "s1": "system", "s2": "system"},
        [Access("A", "B", 0.5), Access("B", "A", 0.5), Access("A", "s1", 0.5), Access("B", "s2", 0.5)],
    )
    assert [node.node for node in blast_radius(graph, "A").reached] == ["B", "s1", "s2"]
    assert blast_radii(graph) == (Radius("A", 2, 2.0), Radius("B", 2, 2.0))


def test_a_long_chain_of_access_needs_no_recursion() -> None:
    names = [f"n{number:05}" for number in range(2_000)]
    graph = access_graph(dict.fromkeys(names, "system"), [Access(start, end) for start, end in pairwise(names)])
    radius = blast_radius(graph, names[0])
    assert len(radius.reached) == len(names) - 1
    assert len(radius.reached[-1].path.nodes) == len(names)


def test_someone_with_access_to_very_much_is_answered_at_once() -> None:
    names = [f"s{number:05}" for number in range(50_000)]
    kinds = {"hub": "organisation", **dict.fromkeys(names, "system")}
    graph = access_graph(kinds, [Access("hub", name, 0.5) for name in names])
    assert blast_radius(graph, "hub").weight == 50_000
    assert blast_radii(graph) == (Radius("hub", 50_000, 50_000.0),)


@given(ACCESSES)
def test_reach_is_what_networkx_reaches_and_each_way_is_the_most_probable(accesses: list[Access]) -> None:
    graph = some_access(accesses)
    plain = as_networkx(graph)
    for source in graph:
        radius = blast_radius(graph, source)
        assert {node.node for node in radius.reached} == nx.descendants(plain, source)
        for node in radius.reached:
            _, nodes = brute(graph, source, node.node)[0]
            assert node.path.nodes == nodes
        lengths = [brute(graph, source, node.node)[0][0] for node in radius.reached]
        assert lengths == sorted(lengths)


@given(ACCESSES)
def test_who_reaches_a_thing_is_who_has_it_in_reach(accesses: list[Access]) -> None:
    graph = some_access(accesses)
    expected = sorted(
        brute(graph, source, "e")[0] for source in "abc" if "e" in {r.node for r in blast_radius(graph, source).reached}
    )
    assert [path.nodes for path in who_reaches(graph, "e")] == [nodes for _, nodes in expected]


@given(ACCESSES)
def test_all_radii_at_once_are_those_of_each(accesses: list[Access]) -> None:
    graph = some_access(accesses)
    for radius in blast_radii(graph):
        alone = blast_radius(graph, radius.node)
        assert radius.reached == len(alone.things)
        assert radius.weight == math.fsum(thing.weight for thing in alone.things)
