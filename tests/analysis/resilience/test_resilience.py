"""Resilience: the cascade, all losses at once, and single points of failure."""

from __future__ import annotations

import networkx as nx
import pytest
from dependency_graphs import (
    BRIDGE,
    LENGAUER_TARJAN,
    SHARED_HOSTING,
    TWO_OF_THREE,
    fails_plainly,
    graph_of,
    graphs,
    thorough,
)
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph, basic_events, completed, critical_nodes, dependency_graph
from graphsc.analysis.resilience.losses import failed, losses, points_by_target


def single_points(graph: DependencyGraph, target: str) -> set[str]:
    """What stops a target when it alone is lost, each loss tried."""
    return {event for event in basic_events(graph) if target in failed(graph, {event})}


def stops(graph: DependencyGraph) -> dict[str, set[str]]:
    return {loss.node: set(loss.stops) for loss in losses(graph)}


def test_shared_hosting_is_the_single_point_and_the_two_suppliers_are_not() -> None:
    assert single_points(SHARED_HOSTING, "S") == {"H"}
    assert stops(SHARED_HOSTING) == {"A": set(), "B": set(), "H": {"S"}}
    assert set(failed(SHARED_HOSTING, ["A"])) == {"A"}
    everything = {"H", "A", "B", "either", "S"}
    assert set(failed(SHARED_HOSTING, ["H"])) == everything


def test_one_subcontractor_behind_two_suppliers_of_a_customer_is_found() -> None:
    """Hidden concentration: no agreement names the same party twice, yet everything rests on one."""
    graph = dependency_graph(
        {
            **dict.fromkeys(["case", "mail"], "system"),
            **dict.fromkeys(["K-L1", "K-L2", "L1-U1", "L2-U1"], "agreement"),
            **dict.fromkeys(["L1", "L2", "U1"], "organisation"),
            "DK": "country",
        },
        {
            "case": ["K-L1"],
            "mail": ["K-L2"],
            "K-L1": ["L1", "L1-U1"],
            "K-L2": ["L2", "L2-U1"],
            "L1-U1": ["U1"],
            "L2-U1": ["U1"],
            "U1": ["DK"],
        },
        critical=["case", "mail"],
        weights={"case": 2.0, "mail": 3.0},
    )
    lost = losses(graph)
    assert [(loss.node, loss.count, loss.weight) for loss in lost] == [
        ("DK", 2, 5.0),
        ("U1", 2, 5.0),
        ("L2", 1, 3.0),
        ("L1", 1, 2.0),
    ]
    by_target = points_by_target(graph, lost)
    assert {target: list(nodes) for target, nodes in by_target.items()} == {
        "case": ["DK", "U1", "L1"],
        "mail": ["DK", "U1", "L2"],
    }


def test_agreements_are_gates_and_never_single_points() -> None:
    graph = dependency_graph(
        {"S": "system", "K-L": "agreement", "L": "organisation"}, {"S": ["K-L"], "K-L": ["L"]}, critical=["S"]
    )
    assert single_points(graph, "S") == {"L"}


def test_two_who_supply_each_other_hold_each_other_up_and_fall_together() -> None:
    graph = graph_of({"S": ["A"], "A": ["B"], "B": ["A", "X"]}, basic=["A", "B", "X"], critical=["S"])
    assert single_points(graph, "S") == {"A", "B", "X"}
    loop = graph_of({"S": ["A"], "A": ["B"], "B": ["A"]}, basic=[], critical=["S"])
    assert losses(loop) == []
    assert failed(loop, []) == frozenset()


def test_a_voting_group_bears_one_loss() -> None:
    assert single_points(TWO_OF_THREE, "vote") == set()
    assert "vote" in failed(TWO_OF_THREE, ["a", "b"])


def test_the_bridge_has_no_single_point() -> None:
    assert single_points(BRIDGE, "works") == set()


def test_any_node_may_be_lost_not_only_basic_events() -> None:
    assert set(failed(SHARED_HOSTING, ["either"])) == {"either", "S"}


def test_a_critical_party_is_a_single_point_of_itself() -> None:
    graph = dependency_graph({"x": "organisation"}, {}, critical=["x"])
    assert single_points(graph, "x") == {"x"}
    assert losses(graph)[0].stops == {"x"}


def test_a_target_that_cannot_fail_has_no_single_point() -> None:
    graph = dependency_graph({"S": "system", "L": "organisation"}, {}, critical=["S"])
    assert single_points(graph, "S") == set()
    (loss,) = losses(graph)
    assert (loss.count, loss.weight, loss.stops) == (0, 0.0, frozenset())
    assert points_by_target(graph, losses(graph)) == {"S": ()}


def test_single_points_of_a_chain_of_options_are_its_articulation_points() -> None:
    """The barbell of two triangles joined through node 3: what cuts 0 from 6 lies between them."""
    barbell = nx.barbell_graph(3, 1)
    directed: nx.DiGraph[int] = nx.DiGraph(sorted((min(edge), max(edge)) for edge in barbell.edges))
    for node in directed:
        directed.nodes[node].update(basic=node not in (0, 6), at_least=min(1, directed.out_degree(node)))
    directed.nodes[6]["basic"] = True
    graph = completed(directed)
    assert single_points(graph, "0") == {"2", "3", "4", "6"}
    undirected = graph.to_undirected()
    assert set(nx.articulation_points(undirected)) == {"2", "3", "4"}


def test_a_kind_that_is_none_is_named() -> None:
    directed: nx.DiGraph[str] = nx.DiGraph()
    directed.add_node("mail", kind="sytem")
    with pytest.raises(ValueError, match="'sytem' is no kind of node"):
        completed(directed)
    directed.nodes["mail"]["kind"] = "system"
    assert nx.get_node_attributes(completed(directed), "kind") == {"mail": "system"}


def test_dominators_of_lengauer_and_tarjan_are_those_of_networkx() -> None:
    expected = {"A": "R", "B": "R", "C": "R", "D": "R", "E": "R", "F": "C", "G": "C", "H": "R", "I": "R", "J": "G",
                "K": "R", "L": "D"}  # fmt: skip
    dominators = dict(nx.immediate_dominators(LENGAUER_TARJAN, "R"))
    assert {node: above for node, above in dominators.items() if node != "R"} == expected


@pytest.mark.exhaustive
@thorough
@given(st.integers(2, 9), st.data())
def test_in_a_graph_of_options_single_points_are_the_dominators_of_the_ground(count: int, data: st.DataObject) -> None:
    """Where every node works over any one of its needs, what all ways to the ground pass is what stops the target."""
    needs: dict[str, list[str]] = {}
    for place in range(count - 1):
        pool = [f"n{other}" for other in range(place + 1, count)]
        needs[f"n{place}"] = sorted(data.draw(st.sets(st.sampled_from(pool), min_size=1, max_size=3)))
    names = [f"n{place}" for place in range(count)]
    graph = graph_of(needs, at_least=dict.fromkeys(needs, 1), basic=names, critical=["n0"])
    above = nx.immediate_dominators(graph, "n0")
    ground = f"n{count - 1}"
    dominators = {ground}
    while above.get(ground) not in (None, ground):
        ground = above[ground]
        dominators.add(ground)
    assert single_points(graph, "n0") == dominators


@pytest.mark.exhaustive
@thorough
@given(graphs())
def test_all_losses_at_once_are_one_cascade_per_event(graph: DependencyGraph) -> None:
    lost = losses(graph)
    assert sorted(loss.node for loss in lost) == basic_events(graph)
    for loss in lost:
        expected = fails_plainly(graph, (loss.node,)).intersection(critical_nodes(graph))
        assert loss.stops == expected
        assert loss.count == len(expected)
        assert loss.weight == sum(graph.nodes[node]["weight"] for node in expected)
    assert lost == sorted(lost, key=lambda loss: (-loss.weight, -loss.count, loss.node))


@pytest.mark.exhaustive
@thorough
@given(graphs(), st.data())
def test_the_cascade_is_the_least_fixpoint(graph: DependencyGraph, data: st.DataObject) -> None:
    lost = data.draw(st.sets(st.sampled_from(list(graph))))
    assert failed(graph, lost) == fails_plainly(graph, lost)


@pytest.mark.exhaustive
@thorough
@given(graphs())
def test_points_by_target_are_the_losses_turned_round(graph: DependencyGraph) -> None:
    nodes_by_target = points_by_target(graph, losses(graph))
    assert list(nodes_by_target) == critical_nodes(graph)
    for target, nodes in nodes_by_target.items():
        assert set(nodes) == single_points(graph, target)


def test_a_chain_of_gates_each_opened_by_the_last_is_followed_to_its_end() -> None:
    """Both options of each step rest on the step below, so the first loss runs through all of them."""
    needs: dict[str, list[str]] = {}
    for step in range(300):
        needs[f"s{step:03}"] = [f"a{step:03}", f"b{step:03}"]
        needs[f"a{step:03}"] = needs[f"b{step:03}"] = [f"s{step + 1:03}"]
    graph = graph_of(needs, at_least={f"s{step:03}": 1 for step in range(300)}, critical=["s000"])
    assert single_points(graph, "s000") == {"s300"}
