"""Weakest links: small chains by hand, the three readings of chain strength, and every improvement by brute force."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Fact, world

from graphsc.analysis.exposure.weakest_links import (
    ChainStrengths,
    Improvement,
    Improvements,
    Lift,
    WeakestLink,
    chain_strengths,
    improvements,
    weakest_links,
)
from graphsc.analysis.model import DependencyGraph, critical_nodes, dependency_graph, project, threshold

LEVELS = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


def graph_of(
    needs: Mapping[str, str],
    at_least: Mapping[str, int] | None = None,
    critical: str = "f",
    weights: Mapping[str, float] | None = None,
) -> DependencyGraph:
    """A graph from words: each node and, with spaces between, what it needs."""
    nodes = {*needs, *(name for inner in needs.values() for name in inner.split())}
    return dependency_graph(
        dict.fromkeys(nodes, "gate"),
        {name: inner.split() for name, inner in needs.items()},
        at_least=at_least,
        critical=critical.split(),
        weights=weights,
    )


def chains(needs: Mapping[str, str], strengths: Mapping[str, float], **more: object) -> ChainStrengths:
    return chain_strengths(graph_of(needs, **more), strengths)  # type: ignore[arg-type]


# ---------------------------------------------------------------- by hand


def test_a_chain_is_as_strong_as_its_weakest_link() -> None:
    strengths = chains({"f": "s", "s": "a", "a": "b o", "b": "p"}, {"a": 0.9, "b": 0.3, "o": 0.8, "p": 0.5})
    assert [strengths.of(name) for name in "fsabop"] == [0.3, 0.3, 0.3, 0.3, 0.8, 0.5]
    assert strengths.weakest("f") == WeakestLink("f", 0.3, "b", ("f", "s", "a", "b"))
    assert strengths.weakest("o") == WeakestLink("o", 0.8, "o", ("o",))


def test_where_all_branches_are_needed_the_weakest_decides() -> None:
    strengths = chains({"f": "a b c"}, {"a": 0.9, "b": 0.4, "c": 0.7})
    assert strengths.weakest("f") == WeakestLink("f", 0.4, "b", ("f", "b"))


@pytest.mark.parametrize(("enough", "value", "link"), [(1, 0.9, "a"), (2, 0.7, "c"), (3, 0.4, "b")])
def test_where_k_are_enough_the_kth_best_decides(enough: int, value: float, link: str) -> None:
    strengths = chains({"f": "g", "g": "a b c"}, {"a": 0.9, "b": 0.4, "c": 0.7}, at_least={"g": enough})
    assert strengths.weakest("f") == WeakestLink("f", value, link, ("f", "g", link))


def test_a_group_of_which_none_is_needed_weakens_nothing_and_one_that_needs_too_many_needs_all() -> None:
    strengths = {"a": 0.2, "b": 0.5}
    assert chains({"f": "a b"}, strengths, at_least={"f": 0}).of("f") == 1
    assert chains({"f": "a b"}, strengths, at_least={"f": 3}).of("f") == 0.2


def test_nothing_weak_is_told_apart_from_a_weak_link() -> None:
    strengths = chains({"f": "a"}, {"a": 1.0})
    assert strengths.weakest("f") == WeakestLink("f", 1.0, None, ("f",))
    assert chains({"f": "a"}, {"f": 0.5}).weakest("f") == WeakestLink("f", 0.5, "f", ("f",))


def test_a_cycle_does_not_weaken_itself() -> None:
    cycle = {"f": "a", "a": "b", "b": "a c"}
    assert chains(cycle, {}).of("f") == 1
    assert chains(cycle, {"c": 0.6}).weakest("f") == WeakestLink("f", 0.6, "c", ("f", "a", "b", "c"))
    assert chains(cycle, {"a": 0.7, "b": 0.5}).weakest("f") == WeakestLink("f", 0.5, "b", ("f", "a", "b"))
    assert chains({"f": "f"}, {}).weakest("f").node is None


def test_a_cycle_may_rest_on_itself_where_one_of_two_is_enough() -> None:
    # a works as long as b does, and b as long as a does: neither falls with c
    strengths = chains({"f": "a", "a": "b c", "b": "a c"}, {"c": 0.1}, at_least={"a": 1, "b": 1})
    assert strengths.of("f") == 1


def test_the_path_is_the_shortest_one() -> None:
    strengths = chains({"f": "a b", "a": "c", "c": "w", "b": "w"}, {"w": 0.1})
    assert strengths.weakest("f").path == ("f", "b", "w")


def test_unknown_names_among_the_strengths_play_no_part_and_unknown_targets_are_an_error() -> None:
    strengths = chains({"f": "a"}, {"a": 0.5, "elsewhere": 0.0})
    assert strengths.of("f") == 0.5
    with pytest.raises(KeyError):
        strengths.of("elsewhere")


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_strength_lies_from_0_to_1(value: float) -> None:
    with pytest.raises(ValueError, match="the strength of 'a' is"):
        chains({"f": "a"}, {"a": value})


def test_the_weakest_chains_come_first_then_the_heaviest() -> None:
    graph = graph_of(
        {"f": "a", "g": "b", "h": "b", "i": "b"}, critical="f g h i", weights={"f": 1, "g": 2, "h": 3, "i": 3}
    )
    links = weakest_links(chain_strengths(graph, {"a": 0.2, "b": 0.5}))
    assert [link.target for link in links] == ["f", "h", "i", "g"]


# ---------------------------------------------------------------- improvements by hand


def test_mending_the_one_weakest_link_lifts_to_the_next() -> None:
    improved = improvements(chains({"f": "a b c"}, {"a": 0.9, "b": 0.4, "c": 0.7}))
    assert improved == Improvements(
        (Improvement("b", 0.4, pytest.approx(0.3), (Lift("f", 0.4, 0.7),)),),  # type: ignore[arg-type]
        (),
    )


def test_two_links_that_are_equally_weak_leave_the_target_stuck() -> None:
    assert improvements(chains({"f": "a b"}, {"a": 0.4, "b": 0.4})) == Improvements((), ("f",))


def test_either_alternative_may_be_mended() -> None:
    improved = improvements(chains({"f": "a b"}, {"a": 0.4, "b": 0.3}, at_least={"f": 1}))
    assert [(improvement.node, improvement.lifts) for improvement in improved.ranked] == [
        ("a", (Lift("f", 0.4, 1.0),)),
        ("b", (Lift("f", 0.4, 1.0),)),
    ]


def test_the_gain_is_weighed_and_ties_go_to_the_link_that_lifts_more_then_to_the_first_name() -> None:
    graph = graph_of(
        {"f": "a", "g": "b", "h": "b", "i": "c"}, critical="f g h i", weights={"f": 2, "g": 1, "h": 1, "i": 2}
    )
    improved = improvements(chain_strengths(graph, {"a": 0.5, "b": 0.5, "c": 0.5}))
    assert [(improvement.node, improvement.gain, len(improvement.lifts)) for improvement in improved.ranked] == [
        ("b", 1, 2),
        ("a", 1, 1),
        ("c", 1, 1),
    ]


def test_lifts_of_one_link_stand_with_the_greatest_first() -> None:
    graph = graph_of({"f": "a b", "g": "a"}, critical="f g")
    (first,) = improvements(chain_strengths(graph, {"a": 0.4, "b": 0.6})).ranked
    assert first.lifts == (Lift("g", 0.4, 1.0), Lift("f", 0.4, 0.6))


# ---------------------------------------------------------------- against brute force


@st.composite
def cases(draw: st.DrawFn, most: int = 7) -> tuple[DependencyGraph, dict[str, float]]:
    """A graph with cycles, groups and alternatives, and strengths with many ties."""
    names = [f"n{number}" for number in range(draw(st.integers(1, most)))]
    needs = {name: draw(st.lists(st.sampled_from(names), max_size=4, unique=True)) for name in names}
    enough = {name: draw(st.integers(0, len(needs[name]) + 1)) for name in names if draw(st.booleans())}
    graph = dependency_graph(
        dict.fromkeys(names, "gate"),
        needs,
        at_least=enough,
        critical=draw(st.lists(st.sampled_from(names), unique=True)),
        weights={name: draw(st.sampled_from([0.0, 1.0, 2.0, 3.0])) for name in names},
    )
    strengths = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(LEVELS)))
    return graph, strengths


def by_equations(graph: DependencyGraph, strengths: Mapping[str, float]) -> dict[str, float]:
    """The greatest solution: start at 1 and use the equations until nothing changes."""
    own = {name: strengths.get(name, 1.0) for name in graph}
    values = dict.fromkeys(graph, 1.0)
    while True:
        fresh = {}
        for node in graph:
            ranked = sorted(values[need] for need in graph.succ[node])
            falls_at = threshold(graph, node)
            fresh[node] = min(own[node], ranked[falls_at - 1] if 0 < falls_at <= len(ranked) else 1.0)
        if fresh == values:
            return values
        values = fresh


def by_cascades(graph: DependencyGraph, strengths: Mapping[str, float]) -> dict[str, float]:
    """The greatest level at which each node survives when all that is weaker has failed."""
    own = {name: strengths.get(name, 1.0) for name in graph}
    values = dict.fromkeys(graph, 0.0)
    for level in sorted({*own.values(), 1.0}):
        failed = {node for node, value in own.items() if value < level}
        while True:
            more = {
                node
                for node in graph
                if node not in failed and 0 < threshold(graph, node) <= len(failed & set(graph.succ[node]))
            }
            if not more:
                break
            failed |= more
        for node in set(graph) - failed:
            values[node] = level
    return values


def by_choices(graph: DependencyGraph, strengths: Mapping[str, float]) -> dict[str, float]:
    """The best that the weakest node reached can be, over all ways to choose enough members everywhere."""
    own = {name: strengths.get(name, 1.0) for name in graph}
    values = dict.fromkeys(graph, 0.0)
    ways = []
    for node in graph:
        inner = list(graph.succ[node])
        enough = max(0, len(inner) - threshold(graph, node) + 1) if inner else 0
        ways.append(list(combinations(inner, enough)))
    for chosen in product(*ways):
        choice = dict(zip(graph, chosen, strict=True))
        for start in graph:
            reached, waiting = {start}, [start]
            while waiting:
                fresh = set(choice[waiting.pop()]) - reached
                reached |= fresh
                waiting.extend(fresh)
            values[start] = max(values[start], min(own[node] for node in reached))
    return values


@given(cases())
def test_chain_strength_is_the_greatest_solution_of_its_equations(
    case: tuple[DependencyGraph, dict[str, float]],
) -> None:
    assert chain_strengths(*case).values == by_equations(*case)


@given(cases())
def test_chain_strength_is_the_level_up_to_which_a_node_survives(
    case: tuple[DependencyGraph, dict[str, float]],
) -> None:
    assert chain_strengths(*case).values == by_cascades(*case)


@given(cases(most=5))
def test_chain_strength_is_the_best_choice_of_what_is_needed(case: tuple[DependencyGraph, dict[str, float]]) -> None:
    assert chain_strengths(*case).values == by_choices(*case)


@given(cases())
def test_the_path_to_the_weakest_link_is_a_chain_of_needs_as_weak_as_the_target(
    case: tuple[DependencyGraph, dict[str, float]],
) -> None:
    graph, strengths = case
    result = chain_strengths(graph, strengths)
    for name in graph:
        weakest = result.weakest(name)
        path = weakest.path
        assert weakest.path[0] == name
        assert len(set(path)) == len(path)
        assert all(lower in graph.succ[upper] for upper, lower in pairwise(path))
        assert {result.values[node] for node in path} == {weakest.strength}
        if weakest.node is None:
            assert (weakest.strength, weakest.path) == (1, (name,))
        else:
            assert weakest.node == weakest.path[-1]
            assert strengths[weakest.node] == weakest.strength < 1


@given(cases())
def test_improvements_are_those_of_trying_every_link(case: tuple[DependencyGraph, dict[str, float]]) -> None:
    graph, strengths = case
    before = by_equations(graph, strengths)
    ranked, liftable = [], set[Any]()
    for link in strengths:
        after = by_equations(graph, {**strengths, link: 1.0})
        risen = [end for end in critical_nodes(graph) if after[end] > before[end]]
        lifts = [Lift(end, before[end], after[end]) for end in risen]
        lifts.sort(key=lambda lift: (lift.before - lift.after, lift.target))
        liftable.update(lift.target for lift in lifts)
        gain = math.fsum(graph.nodes[end]["weight"] * (after[end] - before[end]) for end in risen)
        if lifts:
            ranked.append(Improvement(link, strengths[link], gain, tuple(lifts)))
    ranked.sort(key=lambda one: (-one.gain, -len(one.lifts), one.node))
    stuck = [end for end in critical_nodes(graph) if before[end] < 1]
    expected = Improvements(tuple(ranked), tuple(name for name in stuck if name not in liftable))
    assert improvements(chain_strengths(graph, strengths)) == expected


@given(cases(), st.data())
def test_a_stronger_link_weakens_no_chain(case: tuple[DependencyGraph, dict[str, float]], data: st.DataObject) -> None:
    graph, strengths = case
    name = data.draw(st.sampled_from(list(graph)))
    higher = max(strengths.get(name, 1.0), data.draw(st.sampled_from(LEVELS)))
    before, after = chain_strengths(graph, strengths), chain_strengths(graph, {**strengths, name: higher})
    assert all(before.of(node) <= after.of(node) for node in graph)


# ---------------------------------------------------------------- worked cases


def test_two_suppliers_that_subcontract_to_each_other_under_different_roots_make_no_endless_loop() -> None:
    facts: list[Fact] = [
        ("k", "a", "Organisation"),
        ("a", "a", "Organisation"),
        ("b", "a", "Organisation"),
        ("s1", "a", "ITSystem"),
        ("s2", "a", "ITSystem"),
    ]
    for root, sub, system, upper, lower in (("r1", "u1", "s1", "a", "b"), ("r2", "u2", "s2", "b", "a")):
        facts += [
            (root, "a", "Agreement"),
            (root, "customer", "k"),
            (root, "supplier", upper),
            (root, "serves", system),
            (sub, "a", "Subcontract"),
            (sub, "under", root),
            (sub, "supplier", lower),
        ]
    graph = project(world(facts).dataset)
    w = "https://w.example/"
    strengths = chain_strengths(graph, {f"{w}u1": 0.6, f"{w}a": 0.7, f"{w}r2": 0.9})
    assert strengths.weakest(f"{w}s1").path == (f"{w}s1", f"{w}r1", f"{w}u1")
    assert strengths.weakest(f"{w}s2").path == (f"{w}s2", f"{w}r2", f"{w}u2", f"{w}a")


def test_parties_that_need_each_other_are_as_weak_as_the_weaker() -> None:
    strengths = chains({"f": "a", "g": "b", "a": "b", "b": "a"}, {"a": 0.3, "b": 0.8}, critical="f g")
    assert (strengths.of("f"), strengths.of("g")) == (0.3, 0.3)
    (mended,) = improvements(strengths).ranked
    assert (mended.node, [lift.after for lift in mended.lifts]) == ("a", [0.8, 0.8])


def test_a_host_behind_both_alternatives_is_the_weakest_link_of_both() -> None:
    strengths = chains({"f": "g", "g": "a b", "a": "h", "b": "h"}, {"a": 0.9, "b": 0.8, "h": 0.5}, at_least={"g": 1})
    assert strengths.weakest("f").node == "h"
    assert [improvement.node for improvement in improvements(strengths).ranked] == ["h"]
    assert improvements(strengths).ranked[0].lifts == (Lift("f", 0.5, 0.9),)


def test_a_chain_of_many_links_needs_no_recursion() -> None:
    many = 20_000
    names = [f"n{number:05}" for number in range(many)]
    graph = dependency_graph(
        dict.fromkeys(names, "gate"),
        {upper: [lower] for upper, lower in pairwise(names)},
        critical=names[:1],
    )
    strengths = chain_strengths(graph, {names[-1]: 0.5})
    assert len(strengths.weakest(names[0]).path) == many
    assert improvements(strengths).ranked[0].lifts == (Lift(names[0], 0.5, 1.0),)
