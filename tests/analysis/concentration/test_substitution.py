"""How many suppliers a thing can lose, against every combination of failures."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.concentration.shares import substitutability
from graphsc.analysis.model import DependencyGraph, dependency_graph, threshold


def graph(needs: dict[str, list[str]], at_least: dict[str, int] | None = None) -> DependencyGraph:
    """Systems begin with s, gates with g, agreements with k, organisations with o."""
    kinds = {"s": "system", "g": "gate", "k": "agreement", "o": "organisation"}
    names = {*needs, *(name for inner in needs.values() for name in inner)}
    nodes = {name: kinds[name[0]] for name in sorted(names)}
    return dependency_graph(nodes, needs, at_least=at_least, critical=[n for n in nodes if n[0] == "s"])


def test_alternatives_and_the_share_without() -> None:
    substitutes = substitutability(
        graph(
            {
                "s1": ["k1"],
                "s2": ["g1"],
                "g1": ["k1", "k2", "k3"],
                "s3": ["g2", "k1"],
                "g2": ["k1", "k2"],
                "s4": ["g3"],
                "g3": ["k1", "k2", "k3"],
                "s5": [],
            },
            {"g1": 1, "g2": 1, "g3": 2},
        )
    )
    assert substitutes.alternatives == {"s1": 0, "s2": 2, "s3": 0, "s4": 1}
    assert substitutes.without == ("s1", "s3")
    assert substitutes.share_without == 0.5


def test_two_agreements_with_one_supplier_are_one_option() -> None:
    needs = {"s1": ["g1"], "g1": ["k1", "k2"], "k1": ["o1"], "k2": ["o1"]}
    assert substitutability(graph(needs, {"g1": 1})).alternatives == {"s1": 0}
    needs["k2"] = ["o2"]
    assert substitutability(graph(needs, {"g1": 1})).alternatives == {"s1": 1}
    group = {"k1": ("koncern",), "k2": ("koncern",)}
    assert substitutability(graph(needs, {"g1": 1}), units_of=lambda name: group.get(name, ())).alternatives == {
        "s1": 0
    }


def test_one_supplier_may_take_several_options_at_once() -> None:
    needs = {"s1": ["g1"], "g1": ["k1", "k2", "k3", "k4"], "k1": ["o1"], "k2": ["o1"], "k3": ["o2"], "k4": ["o3"]}
    assert substitutability(graph(needs, {"g1": 2})).alternatives == {"s1": 1}  # o1 and one more
    assert substitutability(graph(needs, {"g1": 3})).alternatives == {"s1": 0}  # o1 alone


def test_options_on_one_subcontractor_are_options_still() -> None:
    """Worked case 13: the alternatives are there, H is the single point; that is for resilience and overlap to say."""
    needs = {
        "s1": ["g1"],
        "g1": ["kA", "kB"],
        "kA": ["oA", "kA/h"],
        "kB": ["oB", "kB/h"],
        "kA/h": ["oH"],
        "kB/h": ["oH"],
    }
    assert substitutability(graph(needs, {"g1": 1})).alternatives == {"s1": 1}


def test_systems_that_need_each_other_have_no_cause_of_their_own() -> None:
    assert substitutability(graph({"s1": ["s2"], "s2": ["s1"]})).alternatives == {}
    needs = {"s1": ["s2", "g1"], "s2": ["s1"], "g1": ["k1", "k2"]}
    assert substitutability(graph(needs, {"g1": 1})).alternatives == {"s1": 1, "s2": 1}


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Systems and gates that need each other in any way, cycles included, and agreements of their own."""
    inner = ["s1", "s2", "g1", "g2", "g3"]
    fresh = (f"k{number}" for number in itertools.count())
    needs = {
        name: draw(st.lists(st.sampled_from(inner), max_size=2, unique=True))
        + [next(fresh) for _ in range(draw(st.integers(0, 2)))]
        for name in inner
    }
    at_least = {name: draw(st.integers(1, max(1, len(needs[name])))) for name in inner if name[0] == "g"}
    return needs, at_least


def falls(graph: DependencyGraph, lost: set[str]) -> set[str]:
    """What fails when these agreements do, as a least fixpoint."""
    failed = set(lost)
    changed = True
    while changed:
        changed = False
        for node in graph:
            needs, falls_at = graph.succ[node], threshold(graph, node)
            enough = needs and sum(need in failed for need in needs) >= falls_at
            if enough and node not in failed:
                failed.add(node)
                changed = True
    return failed


@given(trees())
def test_never_less_than_the_worst_combination_and_equal_where_no_group_is_shared(
    case: tuple[dict[str, list[str]], dict[str, int]],
) -> None:
    needs, at_least = case
    whole = graph(needs, at_least)
    agreements = [name for name in whole if name[0] == "k"]
    worst: dict[str, int] = {}
    for size in range(len(agreements) + 1):
        for lost in itertools.combinations(agreements, size):
            for name in falls(whole, set(lost)):
                worst.setdefault(name, size)
    alternatives = substitutability(whole).alternatives
    assert set(alternatives) == {name for name in worst if name[0] == "s"}
    assert all(alternatives[name] >= worst[name] - 1 for name in alternatives)
    uses = [name for inner in needs.values() for name in inner]
    if all(uses.count(name) <= 1 for name in needs) and not any("s" in name for name in uses):
        assert all(alternatives[name] == worst[name] - 1 for name in alternatives)


def test_only_what_is_asked_for() -> None:
    whole = graph({"s1": ["k1"], "s2": ["k2"]})
    assert substitutability(whole, ["s2"]).alternatives == {"s2": 0}
    with pytest.raises(KeyError):
        substitutability(whole, ["s9"])
