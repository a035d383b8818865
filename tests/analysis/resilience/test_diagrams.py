"""Decision diagrams: equal functions are equal numbers, and probability is that of the truth table."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.resilience.diagrams import ALWAYS, NEVER, Diagrams, DiagramTooLargeError

COUNT = 5
FORMULAS = st.recursive(
    st.integers(0, COUNT - 1),
    lambda inner: st.tuples(st.sampled_from(["either", "both", "at least"]), st.lists(inner, min_size=1, max_size=4)),
    max_leaves=10,
)
Formula = Any


def true_in(formula: Formula, world: tuple[bool, ...]) -> bool:
    if isinstance(formula, int):
        return world[formula]
    kind, inner = formula
    enough = {"either": 1, "both": len(inner), "at least": (len(inner) + 1) // 2}[kind]
    return sum(true_in(part, world) for part in inner) >= enough


def built(diagrams: Diagrams, formula: Formula) -> int:
    if isinstance(formula, int):
        return diagrams.event(formula)
    kind, inner = formula
    parts = [built(diagrams, part) for part in inner]
    if kind == "at least":
        return diagrams.at_least(parts, (len(parts) + 1) // 2)
    join: Callable[[int, int], int] = diagrams.either if kind == "either" else diagrams.both
    diagram = parts[0]
    for part in parts[1:]:
        diagram = join(diagram, part)
    return diagram


@given(FORMULAS, FORMULAS, st.lists(st.floats(0, 1), min_size=COUNT, max_size=COUNT))
def test_a_diagram_is_its_truth_table(one: Formula, other: Formula, happens: list[float]) -> None:
    worlds = list(product((False, True), repeat=COUNT))
    diagrams = Diagrams(10_000)
    first, second = built(diagrams, one), built(diagrams, other)
    assert (first == second) == all(true_in(one, world) == true_in(other, world) for world in worlds)
    expected = 0.0
    for world in worlds:
        chance = 1.0
        for happened, likely in zip(world, happens, strict=True):
            chance *= likely if happened else 1 - likely
        expected += chance * true_in(one, world)
    assert diagrams.probability(first, happens) == pytest.approx(expected, abs=1e-12)


def test_constants_and_edges_of_counting() -> None:
    diagrams = Diagrams(100)
    a = diagrams.event(0)
    assert diagrams.at_least([a, ALWAYS], 1) == ALWAYS
    assert diagrams.at_least([a, NEVER], 2) == NEVER
    assert diagrams.at_least([a], 2) == NEVER
    assert diagrams.at_least([a], 0) == NEVER
    assert diagrams.probability(ALWAYS, []) == 1.0


def test_half_of_many_is_counted_in_a_square_of_nodes() -> None:
    diagrams = Diagrams(20_000)
    majority = diagrams.at_least([diagrams.event(variable) for variable in range(101)], 51)
    assert diagrams.probability(majority, [0.5] * 101) == pytest.approx(0.5)


def test_a_long_series_needs_no_recursion() -> None:
    diagrams = Diagrams(20_000)
    series = NEVER
    for variable in reversed(range(5_000)):
        series = diagrams.either(series, diagrams.event(variable))
    assert diagrams.probability(series, [0.5] * 5_000) == 1.0
    assert diagrams.either(series, diagrams.event(4_999)) == series


def test_stops_at_the_limit() -> None:
    diagrams = Diagrams(200)
    events = [diagrams.event(variable) for variable in range(100)]
    with pytest.raises(DiagramTooLargeError):
        diagrams.at_least(events, 50)
