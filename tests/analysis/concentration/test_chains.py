"""Chains of supply by name: where they end and by which path, against plain networkx."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from supply_chains import chains_of

from graphsc.analysis.concentration.supply import Chains, path

NAMES = [f"n{number}" for number in range(8)]
EDGES = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=4), max_size=8)


def as_networkx(below: dict[str, set[str]]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(NAMES)
    graph.add_edges_from((upper, lower) for upper, inner in below.items() for lower in inner)
    return graph


def plain_ends(below: dict[str, set[str]], amounts: dict[str, int]) -> dict[str, Fraction]:
    """The rule word for word, in exact fractions on networkx's condensation."""
    graph = as_networkx(below)
    whole = nx.condensation(graph)
    gets = {name: Fraction(amounts.get(name, 0)) for name in NAMES}
    kept: dict[str, Fraction] = {}
    for cycle in nx.topological_sort(whole):
        members = whole.nodes[cycle]["members"]
        amount = sum((gets[member] for member in members), Fraction(0))
        outside = {other for member in members for other in graph.successors(member)} - members
        itself = members if len(members) == 1 and graph.has_edge(*members, *members) else set()
        parts = len(outside) + len(itself)
        for other in outside:
            gets[other] += amount / parts
        for member in itself:
            kept[member] = amount / parts
        if not parts:
            for member in members:
                kept[member] = amount / len(members)
    return {name: amount for name, amount in kept.items() if amount}


@given(EDGES, st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9), max_size=8))
def test_ends_follow_the_rule_and_lose_nothing(below: dict[str, set[str]], amounts: dict[str, int]) -> None:
    ends = chains_of(below, NAMES).ends(amounts)
    expected = plain_ends(below, amounts)
    assert ends == pytest.approx({name: float(amount) for name, amount in expected.items()})
    assert math.fsum(ends.values()) == pytest.approx(sum(amounts.values()))


@given(EDGES, st.dictionaries(st.sampled_from(NAMES), st.sets(st.integers(0, 9)), max_size=8))
def test_every_key_reaches_every_node_below_it(below: dict[str, set[str]], starts: dict[str, set[int]]) -> None:
    graph = as_networkx(below)
    reaching = chains_of(below, NAMES).reaching(starts)
    for name in NAMES:
        above = {name, *nx.ancestors(graph, name)}
        assert set(reaching[name]) == set().union(*(starts.get(upper, set()) for upper in above))


@given(EDGES, st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_steps_are_shortest_paths(below: dict[str, set[str]], targets: set[str]) -> None:
    graph = as_networkx(below)
    ways = chains_of(below, NAMES).ways(targets)
    for name in NAMES:
        lengths = [nx.shortest_path_length(graph, name, t) for t in targets if nx.has_path(graph, name, t)]
        assert (name in ways) == bool(lengths)
        if lengths:
            way = path(ways, name)
            assert len(way) == min(lengths) + 1
            assert way[0] == name
            assert way[-1] in targets
            assert all(graph.has_edge(*pair) for pair in itertools.pairwise(way))


def test_among_equally_short_ways_the_first_names_win() -> None:
    ways = chains_of({"a": ["m", "b"], "m": ["z"], "b": ["z"]}).ways(["z"])
    assert [path(ways, name) for name in "zam"] == [("z",), ("a", "b", "z"), ("m", "z")]


def test_a_chain_of_ten_thousand_links_needs_no_recursion() -> None:
    names = [f"{number:05}" for number in range(10_000)]
    chains = chains_of({upper: [lower] for upper, lower in itertools.pairwise(names)})
    assert chains.ends({names[0]: 1.0}) == {names[-1]: 1.0}


def test_a_ring_of_ten_thousand_nodes_needs_no_recursion() -> None:
    names = [f"{number:05}" for number in range(10_000)]
    ring = chains_of({upper: [lower] for upper, lower in zip(names, [*names[1:], names[0]], strict=True)})
    assert ring.parts == [names]
    assert ring.ends({names[0]: 1.0})[names[17]] == pytest.approx(1 / 10_000)


def test_chains_of_nothing() -> None:
    nothing = Chains(nx.DiGraph())
    assert (nothing.ends({}), nothing.reaching({})) == ({}, {})
