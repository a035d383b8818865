"""The cone: what lies below some targets, cut down, ordered and solved."""

from __future__ import annotations

from dependency_graphs import events_of, fails_plainly, graph_of, graphs, thorough
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone


def cone_of(graph: DependencyGraph, *targets: str) -> Cone:
    return Cone.below(graph, [graph.index[name] for name in targets])


def members(graph: DependencyGraph, cone: Cone) -> list[set[str]]:
    return [{graph.names[node] for node in part} for part in cone.members]


def test_holds_only_what_is_needed_and_can_fail() -> None:
    graph = graph_of(
        {"top": ["a", "idle", "loop"], "idle": [], "loop": ["pool"], "pool": ["loop"], "else": ["b"]}, basic=["a", "b"]
    )
    cone = cone_of(graph, "top")
    assert members(graph, cone) == [{"a"}, {"top"}]
    assert [graph.names[node] for node, part in enumerate(cone.part_of) if part != -1] == ["a", "top"]


def test_a_gate_that_bears_all_losses_cannot_fail() -> None:
    graph = graph_of({"top": ["gate"], "gate": ["a", "b"]}, at_least={"gate": 0})
    assert cone_of(graph, "top").part_of[graph.index["gate"]] == -1
    assert cone_of(graph, "top").part_of[graph.index["top"]] == -1


def test_what_always_fails_together_is_one_part() -> None:
    graph = graph_of({"top": ["x"], "x": ["y"], "y": ["x", "a"]})
    cone = cone_of(graph, "top")
    assert members(graph, cone) == [{"a"}, {"x", "y"}, {"top"}]
    assert cone.cycles == ()
    assert list(cone.needs) == [[], [0], [1]]


def test_a_gate_counts_parts_as_often_as_it_names_them() -> None:
    graph = graph_of({"gate": ["x", "y", "b"], "x": ["y"], "y": ["x", "a"]}, at_least={"gate": 2})
    cone = cone_of(graph, "gate")
    gate = cone.part_of[graph.index["gate"]]
    joined = cone.part_of[graph.index["x"]]
    assert sorted(cone.needs[gate]).count(joined) == 2
    a = cone.part_of[graph.index["a"]]
    assert cone.flow({a: 1})[gate] == 1


def test_a_cycle_through_a_gate_is_a_run_of_parts() -> None:
    graph = graph_of({"x": ["y", "a"], "y": ["x", "b"]}, at_least={"x": 1})
    cone = cone_of(graph, "x")
    (cycle,) = cone.cycles
    assert {graph.names[node] for part in cycle for node in cone.members[part]} == {"x", "y"}


def test_a_lone_way_up_is_represented_by_its_end() -> None:
    graph = graph_of(
        {"top": ["gate"], "gate": ["m", "n"], "m": ["o", "p"], "o": ["h"], "n": ["q"]}, at_least={"gate": 1}
    )
    cone = cone_of(graph, "top")
    its = cone.representatives()
    place = {name: cone.part_of[node] for name, node in graph.index.items()}
    assert {name: its[place[name]] for name in "hopm"} == dict.fromkeys("hopm", place["m"])
    assert its[place["q"]] == place["n"]
    assert its[place["top"]] == NOWHERE
    assert cone.representatives((place["top"],))[place["gate"]] == place["top"]


@thorough
@given(graphs(), st.data())
def test_flow_is_the_least_fixpoint_in_every_world(graph: DependencyGraph, data: st.DataObject) -> None:
    targets = data.draw(st.sets(st.integers(0, len(graph) - 1), min_size=1))
    events = events_of(graph)
    worlds = data.draw(st.lists(st.sets(st.sampled_from(events)), max_size=6)) if events else [set[int]()]
    cone = Cone.below(graph, targets)
    own: dict[int, int] = {}
    for world, lost in enumerate(worlds):
        for event in lost:
            if cone.part_of[event] >= 0:
                part = cone.part_of[event]
                own[part] = own.get(part, 0) | 1 << world
    bits = cone.flow(own)
    for world, lost in enumerate(worlds):
        down = fails_plainly(graph, lost)
        for target in targets:
            part = cone.part_of[target]
            assert (target in down) == (part >= 0 and bool(bits[part] >> world & 1))


@thorough
@given(graphs())
def test_each_part_stands_after_what_it_needs(graph: DependencyGraph) -> None:
    cone = Cone.below(graph, range(len(graph)))
    cycle_of = {part: cycle for cycle in cone.cycles for part in cycle}
    for part, needs in enumerate(cone.needs):
        assert all(other < part or other in cycle_of.get(part, ()) for other in needs)


@thorough
@given(graphs(), st.data())
def test_losing_an_event_is_losing_its_representative(graph: DependencyGraph, data: st.DataObject) -> None:
    target = data.draw(st.integers(0, len(graph) - 1))
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return
    its = cone.representatives((end,))
    every = range(len(cone))
    alone = cone.flow({part: 1 << part for part in every})[end]
    for part in every:
        replaced = its[part] != NOWHERE and alone >> its[part] & 1
        assert bool(alone >> part & 1) == bool(replaced)


def test_long_chains_need_no_recursion() -> None:
    count = 30_000
    graph = graph_of({f"n{number:05}": [f"n{number + 1:05}"] for number in range(count)})
    cone = cone_of(graph, "n00000")
    assert cone.flow({0: 1})[-1] == 1
    assert set(cone.representatives((count,))) == {count}
