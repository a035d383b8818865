"""Minimal cut sets: the textbook's bridge, voting, cycles, and every combination tried."""

from __future__ import annotations

import pytest
from dependency_graphs import BRIDGE, SHARED_HOSTING, TWO_OF_THREE, cuts_plainly, graph_of, graphs, thorough
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.losses import cut_sets


def named(graph: DependencyGraph, target: str, most: int = 3) -> list[set[str]]:
    return [set(cut) for cut in cut_sets(graph, target, most)]


def test_the_bridge_has_the_four_cut_sets_of_the_textbook() -> None:
    assert named(BRIDGE, "works") == [{"1", "2"}, {"4", "5"}, {"1", "3", "5"}, {"2", "3", "4"}]
    assert named(BRIDGE, "works", 2) == [{"1", "2"}, {"4", "5"}]
    assert named(BRIDGE, "works", 1) == []


def test_two_of_three_falls_with_any_two() -> None:
    assert named(TWO_OF_THREE, "vote") == [{"a", "b"}, {"a", "c"}, {"b", "c"}]


def test_shared_hosting_stops_alone_or_the_two_suppliers_together() -> None:
    assert named(SHARED_HOSTING, "S") == [{"H"}, {"A", "B"}]


def test_three_options_fall_only_together() -> None:
    graph = graph_of({"S": ["a", "b", "c", "d"]}, at_least={"S": 1})
    assert named(graph, "S") == []
    assert named(graph, "S", 4) == [{"a", "b", "c", "d"}]


def test_options_that_rest_on_each_other_fall_from_outside() -> None:
    graph = graph_of({"S": ["A"], "A": ["B", "x"], "B": ["A", "y"]}, at_least={"A": 1})
    assert named(graph, "S") == [{"x", "y"}]


def test_events_that_act_as_one_are_one_group_of_a_pattern() -> None:
    graph = graph_of({"S": ["A", "B"], "A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, at_least={"S": 1})
    cuts = cut_sets(graph, "S")
    assert [[set(group) for group in pattern] for pattern in cuts.patterns] == [[{"a1", "a2", "a3"}, {"b1", "b2"}]]
    assert len(cuts) == 6
    assert len(set(cuts)) == 6
    assert set(next(iter(cuts))) == {"a1", "b1"}


def test_a_target_that_cannot_fail_has_no_cut_set() -> None:
    graph = graph_of({"S": ["A"], "A": ["B"], "B": ["A"], "x": ["y"]}, basic=["y"])
    assert named(graph, "S") == []


def test_a_basic_target_is_a_cut_set_itself() -> None:
    assert named(SHARED_HOSTING, "A") == [{"A"}, {"H"}]


def test_asking_for_none_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        cut_sets(BRIDGE, "works", 0)


def test_too_many_are_not_half_listed() -> None:
    """30 × 30 pairs are more than 100: the singles are complete, and the result says that it stops there."""
    needs = {"S": ["x", "pair"], "pair": ["A", "B"], "A": ["a"], "B": ["b"]}
    for side in "AB":
        needs[side] = [f"{side}{number:02}" for number in range(30)]
    for number in range(30):  # each is used elsewhere too, so that they do not act as one
        needs[f"other{number:02}"] = [f"A{number:02}", f"B{number:02}"]
    needs["S"] = ["x", "pair", "rest"]
    needs["rest"] = [f"other{number:02}" for number in range(30)]
    graph = graph_of(needs, at_least={"pair": 1, "rest": 0, **{f"other{n:02}": 1 for n in range(30)}})
    whole = cut_sets(graph, "S", 2)
    assert whole.most == 2
    assert len(whole) == 901
    short = cut_sets(graph, "S", 2, limit=100)
    assert short.most == 1
    assert [set(cut) for cut in short] == [{"x"}]


@pytest.mark.exhaustive
@thorough
@given(graphs(8), st.integers(1, 4))
def test_are_all_that_trying_every_combination_finds(graph: DependencyGraph, most: int) -> None:
    for target in graph:
        cuts = cut_sets(graph, target, most)
        listed = list(cuts)
        assert cuts.most == most
        assert len(cuts) == len(listed) == len(set(listed))
        assert set(listed) == {cut for cut in cuts_plainly(graph, target) if len(cut) <= most}


def test_an_event_that_can_do_no_harm_is_in_no_cut_set() -> None:
    """z is only used where nothing has to work."""
    graph = graph_of({"S": ["pair", "idle"], "pair": ["a", "b"], "idle": ["z"]}, at_least={"pair": 1, "idle": 0})
    assert named(graph, "S") == [{"a", "b"}]
