"""Chains of supply by name: where they end and by which path, against plain networkx."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from supply_chains import chains_of

from graphsc.analysis.concentration.flows import Chains

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


def ends_of(chains: Chains, amounts: Mapping[str, float]) -> dict[str, float]:
    """Where amounts end up, by name."""
    held = np.array([[float(amounts.get(name, 0))] for name in chains.names])
    kept = chains.flow.ends(held)[:, 0].tolist()
    return {name: amount for name, amount in zip(chains.names, kept, strict=True) if amount}


@given(EDGES, st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9), max_size=8))
def test_ends_follow_the_rule_and_lose_nothing(below: dict[str, set[str]], amounts: dict[str, int]) -> None:
    ends = ends_of(chains_of(below, NAMES), amounts)
    expected = plain_ends(below, amounts)
    assert ends == pytest.approx({name: float(amount) for name, amount in expected.items()})
    assert math.fsum(ends.values()) == pytest.approx(sum(amounts.values()))


@given(EDGES, st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_steps_are_shortest_paths(below: dict[str, set[str]], targets: set[str]) -> None:
    graph = as_networkx(below)
    chains = chains_of(below, NAMES)
    steps, length = chains.steps_to(chains.index[name] for name in targets)
    for name in NAMES:
        lengths = [nx.shortest_path_length(graph, name, t) for t in targets if nx.has_path(graph, name, t)]
        assert (steps[chains.index[name]] >= 0) == bool(lengths)
        if lengths:
            (path,) = chains.paths(np.array([chains.index[name]]), steps, length)
            assert len(path) == min(lengths) + 1 == length[chains.index[name]] + 1
            assert path[0] == name
            assert path[-1] in targets
            assert all(graph.has_edge(*pair) for pair in itertools.pairwise(path))


def test_among_equally_short_ways_the_first_names_win() -> None:
    chains = chains_of({"a": ["m", "b"], "m": ["z"], "b": ["z"]})
    steps, length = chains.steps_to([chains.index["z"]])
    starts = np.array([chains.index[name] for name in "zam"])
    assert chains.paths(starts, steps, length) == [("z",), ("a", "b", "z"), ("m", "z")]


def test_a_chain_of_ten_thousand_links_needs_no_recursion() -> None:
    names = [f"{number:05}" for number in range(10_000)]
    chains = chains_of({upper: [lower] for upper, lower in itertools.pairwise(names)})
    assert ends_of(chains, {names[0]: 1.0}) == {names[-1]: 1.0}
