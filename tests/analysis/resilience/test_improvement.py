"""The cheapest fix: the ranking is that of trying every alternative for real."""

from __future__ import annotations

import pytest
from dependency_graphs import (
    BRIDGE,
    LENGAUER_TARJAN,
    SHARED_HOSTING,
    graph_of,
    graphs,
    single_point_pairs,
    thorough,
)
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph, basic_events, critical_nodes, dependency_graph, threshold
from graphsc.analysis.resilience.improvement import Fix, cheapest_fix


def really_added(graph: DependencyGraph, node: str, need: str | None) -> DependencyGraph:
    """The graph with a new, independent option in it, as a person would draw it."""
    nodes = {**dict.fromkeys(graph, "gate"), "zz-new": "gate"}
    needs = {name: list(graph.succ[name]) for name in graph}
    at_least = {name: len(inner) - threshold(graph, name) + 1 for name, inner in needs.items() if inner}
    if need is None:
        needs[node].append("zz-new")
    else:
        nodes["zz-either"] = "gate"
        needs["zz-either"] = [need, "zz-new"]
        at_least["zz-either"] = 1
        needs[node] = [other if other != need else "zz-either" for other in needs[node]]
    return dependency_graph(
        nodes,
        needs,
        at_least=at_least,
        basic=["zz-new", *basic_events(graph)],
        critical=critical_nodes(graph),
    )


def gains(graph: DependencyGraph, *, anywhere: bool) -> dict[tuple[str, str | None], set[tuple[str, str]]]:
    """The single points that each alternative removes, each tried."""
    before = single_point_pairs(graph)
    return {
        (node, need): before - single_point_pairs(really_added(graph, node, need))
        for node in graph
        if anywhere or not graph.nodes[node]["basic"]
        for need in ([None] if threshold(graph, node) > 1 else list(graph.succ[node]))
    }


def named(fix: Fix) -> tuple[str, str | None, int]:
    return fix.node, fix.need, fix.removed


def test_shared_hosting_is_mended_by_a_third_option() -> None:
    """A second hosting for one of the two suppliers would do as well, but suppliers are not ours to change."""
    fixes = cheapest_fix(SHARED_HOSTING)
    assert fixes.before == 1
    assert [named(fix) for fix in fixes.ranked] == [("either", None, 1)]
    (fix,) = fixes.ranked
    assert set(fix.events) == {"H"}
    assert set(fix.targets) == {"S"}
    assert fix.weight == 2.0
    everywhere = cheapest_fix(SHARED_HOSTING, at=SHARED_HOSTING)
    assert {named(fix)[:2] for fix in everywhere.ranked} == {("either", None), ("A", "H"), ("B", "H")}


def test_an_alternative_high_up_removes_all_that_rests_on_the_need() -> None:
    graph = graph_of(
        {"S": ["K1", "K2"], "K1": ["L1"], "K2": ["L2"], "L1": ["G1", "C"], "L2": ["C"]},
        basic=["L1", "L2", "G1", "C"],
        critical=["S"],
    )
    fixes = cheapest_fix(graph)
    assert fixes.before == 4
    assert [named(fix) for fix in fixes.ranked] == [("S", "K1", 2), ("S", "K2", 1)]


def test_a_country_behind_both_suppliers_is_not_removed_by_either() -> None:
    graph = graph_of({"S": ["K1", "K2"], "K1": ["C"], "K2": ["C"]}, critical=["S"])
    fixes = cheapest_fix(graph)
    assert (fixes.before, fixes.ranked) == (1, ())


def test_what_looks_best_may_remove_little() -> None:
    """Most lies below b, but nearly all of that lies below a as well."""
    needs = {"S": ["a", "b", "c"], "a": ["x1", "x2", "x3"], "b": ["x1", "x2", "x3", "y"], "c": ["z1", "z2"]}
    fixes = cheapest_fix(graph_of(needs, critical=["S"]))
    assert [named(fix) for fix in fixes.ranked] == [("S", "c", 2), ("S", "b", 1)]


def test_in_the_graph_of_lengauer_and_tarjan_a_fix_frees_what_its_edge_dominates() -> None:
    """C alone leads to F and G, and G to J; D alone to L; everything else is reached in two ways."""
    fixes = cheapest_fix(LENGAUER_TARJAN, at=LENGAUER_TARJAN, most=20)
    assert fixes.before == 12
    top = fixes.ranked[0]
    assert named(top) == ("R", "C", 4)
    assert set(top.events) == {"C", "F", "G", "J"}
    assert {named(fix) for fix in fixes.ranked[1:]} == {
        ("R", "B", 1),
        ("C", "G", 2),
        ("C", "F", 1),
        ("D", "L", 1),
        ("G", "J", 1),
    }


def test_what_has_no_single_point_needs_no_fix() -> None:
    fixes = cheapest_fix(BRIDGE)
    assert (fixes.before, fixes.ranked) == (0, ())


@pytest.mark.exhaustive
@thorough
@given(graphs(8), st.booleans())
def test_the_ranking_is_that_of_trying_every_alternative(graph: DependencyGraph, anywhere: bool) -> None:
    at = graph if anywhere else None
    tried = gains(graph, anywhere=anywhere)
    fixes = cheapest_fix(graph, most=100, at=at)
    assert fixes.before == len(single_point_pairs(graph))
    counts = [fix.removed for fix in fixes.ranked]
    assert counts == sorted(counts, reverse=True)
    assert (counts or [0])[0] == max(map(len, tried.values()), default=0)
    for fix in fixes.ranked:
        gone = tried[fix.node, fix.need]
        assert fix.removed == len(gone) > 0
        assert set(fix.events) == {event for event, _ in gone}
        assert set(fix.targets) == {target for _, target in gone}
        assert fix.weight == sum(graph.nodes[target]["weight"] for _, target in gone)
    assert [fix.removed for fix in cheapest_fix(graph, most=2, at=at).ranked] == counts[:2]


@pytest.mark.exhaustive
@thorough
@given(graphs(8))
def test_what_is_left_out_is_never_better_than_what_stands_above_it(graph: DependencyGraph) -> None:
    """Every alternative tried removes no more than some ranked one that removes the same points."""
    fixes = cheapest_fix(graph, most=100)
    tried = gains(graph, anywhere=False)
    ranked = [tried[fix.node, fix.need] for fix in fixes.ranked]
    assert all(any(gone <= better for better in ranked) for gone in tried.values() if gone)


def test_a_party_that_can_fail_itself_is_not_mended_by_one_more_option_below_it() -> None:
    graph = graph_of({"S": ["L"], "L": ["a", "b"]}, at_least={"L": 1}, basic=["L", "a", "b"], critical=["S"])
    fixes = cheapest_fix(graph, at=graph)
    assert [named(fix) for fix in fixes.ranked] == [("S", "L", 1)]


def test_what_is_needed_in_a_cycle_with_itself_is_weighed_in_full() -> None:
    """d stops u through the gate, and u stops d: all that d stops, it stops through u."""
    graph = graph_of(
        {"v": ["u"], "u": ["g", "y"], "g": ["m1", "m2"], "m1": ["d"], "m2": ["d"], "d": ["u", "x"]},
        at_least={"g": 1},
        critical=["v"],
    )
    assert named(cheapest_fix(graph, most=1).ranked[0]) == ("v", "u", 2)
