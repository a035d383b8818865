"""Availability: the textbook's networks, and every world weighed."""

from __future__ import annotations

import pytest
from dependency_graphs import (
    BRIDGE,
    SHARED_HOSTING,
    TWO_OF_THREE,
    fails_plainly,
    graph_of,
    graphs,
    thorough,
    worlds_of,
)
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph, basic_events
from graphsc.analysis.resilience.losses import availability

CHANCES = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), st.floats(0, 1))


def every(graph: DependencyGraph, chance: float) -> dict[str, float]:
    return dict.fromkeys(basic_events(graph), chance)


def of(graph: DependencyGraph, target: str, chance: float, **more: int) -> float | None:
    return availability(graph, target, every(graph, chance), **more)


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, 0.999, 1.0])
def test_the_bridge_is_the_polynomial_of_the_textbook(p: float) -> None:
    assert of(BRIDGE, "works", p) == pytest.approx(2 * p**2 + 2 * p**3 - 5 * p**4 + 2 * p**5, abs=1e-12)


def test_the_bridge_at_nine_tenths() -> None:
    assert of(BRIDGE, "works", 0.9) == pytest.approx(0.97848, abs=1e-12)


def test_two_of_three_at_nine_tenths() -> None:
    assert of(TWO_OF_THREE, "vote", 0.9) == pytest.approx(0.972, abs=1e-12)


def test_shared_hosting_counts_once() -> None:
    """0.9 × (1 − 0.1²), and not 1 − (1 − 0.81)² as if each supplier had a hosting of its own."""
    assert of(SHARED_HOSTING, "S", 0.9) == pytest.approx(0.891, abs=1e-12)


def test_options_that_rest_on_each_other_work_until_something_outside_fails() -> None:
    graph = graph_of({"S": ["A"], "A": ["B"], "B": ["A", "x"]})
    assert of(graph, "S", 0.7) == pytest.approx(0.7)
    cycle = graph_of({"S": ["A"], "A": ["B", "x"], "B": ["A", "y"]}, at_least={"A": 1})
    assert of(cycle, "S", 0.9) == pytest.approx(0.99)


def test_events_without_a_probability_work() -> None:
    graph = graph_of({"S": ["a", "b"]})
    assert availability(graph, "S", {"a": 0.8}) == pytest.approx(0.8)
    assert availability(graph, "S", {}) == 1.0


def test_what_cannot_fail_always_works() -> None:
    graph = graph_of({"S": ["A"], "A": ["S"], "x": ["y"]}, basic=["y"])
    assert of(graph, "S", 0.0) == 1.0


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan")])
def test_a_probability_lies_between_nought_and_one(chance: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        of(BRIDGE, "works", chance)


def test_gates_have_no_probability_of_their_own() -> None:
    with pytest.raises(ValueError, match="cannot fail by itself"):
        availability(BRIDGE, "works", {"upper": 0.5})


@pytest.mark.exhaustive
@thorough
@given(graphs(8), st.data())
def test_is_the_weight_of_the_worlds_in_which_the_target_works(graph: DependencyGraph, data: st.DataObject) -> None:
    events = basic_events(graph)
    chances = {event: data.draw(CHANCES) for event in events if data.draw(st.integers(0, 9))}
    expected = dict.fromkeys(graph, 0.0)
    for lost in worlds_of(graph):
        weight = 1.0
        for event in events:
            weight *= 1 - chances.get(event, 1.0) if event in lost else chances.get(event, 1.0)
        if weight:
            down = fails_plainly(graph, lost)
            for target in graph:
                expected[target] += weight * (target not in down)
    for target in graph:
        assert availability(graph, target, chances) == pytest.approx(expected[target], abs=1e-12)


def test_beyond_the_limit_of_states_it_is_not_worked_out() -> None:
    needs = {"S": [f"g{number:02}" for number in range(30)]}
    for number in range(30):
        needs[f"g{number:02}"] = [f"e{number:02}", f"e{(number * 7 + 3) % 30:02}", f"e{(number * 11 + 5) % 30:02}"]
    graph = graph_of(needs, at_least={"S": 15, **{f"g{number:02}": 2 for number in range(30)}})
    assert of(graph, "S", 0.8, limit=500) is None


def test_an_event_that_can_do_no_harm_changes_nothing() -> None:
    graph = graph_of({"S": ["a", "idle"], "idle": ["z"]}, at_least={"idle": 0})
    chances = {"a": 1.0, "z": 0.0}
    assert availability(graph, "S", chances) == 1.0
