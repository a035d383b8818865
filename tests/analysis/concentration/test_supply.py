"""What is held by whom in a dependency graph, against a plain reading of the same graph."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.concentration.shares import Base, Concentration, Purchases, Unit, View
from graphsc.analysis.concentration.supply import Reason, Supply, supply
from graphsc.analysis.model import DependencyGraph, dependency_graph

NODES = {
    "funktion/løn": "function",
    "proces/udbetaling": "process",
    "system/hr": "system",
    "system/mail": "system",
    "system/log": "system",
    "valg/drift": "gate",
    "k/a": "agreement",
    "k/b": "agreement",
    "k/log": "agreement",
    "k/a/u": "agreement",
    "org/a": "organisation",
    "org/b": "organisation",
    "org/u": "organisation",
    "org/u2": "organisation",
    "koncern/nord": "group",
    "land/DK": "country",
    "land/SE": "country",
}
NEEDS = {
    "funktion/løn": ["proces/udbetaling"],
    "proces/udbetaling": ["system/hr"],
    "system/hr": ["valg/drift", "system/log"],
    "valg/drift": ["k/a", "k/b"],
    "system/mail": ["k/a"],
    "system/log": ["k/log"],
    "k/a": ["org/a", "k/a/u"],
    "k/a/u": ["org/u"],
    "k/b": ["org/b"],
    "k/log": ["org/u"],
    "org/a": ["koncern/nord", "land/DK"],
    "org/b": ["koncern/nord", "land/SE"],
    "org/u": ["land/SE"],
}


def example(**more: object) -> Supply:
    graph = dependency_graph(
        NODES, NEEDS, at_least={"valg/drift": 1}, critical=["funktion/løn", "system/hr", "system/mail"]
    )
    return supply(graph, Purchases(**more))  # type: ignore[arg-type]


def of(supplies: Supply, base: Base, unit: Unit, view: View = View.DIRECT) -> Concentration:
    (one,) = (
        measure for measure in supplies.measure() if (measure.base, measure.unit, measure.view) == (base, unit, view)
    )
    return one


def shares(one: Concentration) -> dict[str, tuple[float, int]]:
    return {share.node: (share.amount, share.items) for share in one.shares}


def pairs(supplies: Supply, base: Base, view: View = View.DIRECT) -> list[tuple[str, str]]:
    return [(row.item, row.holder) for row in supplies.holdings(base, view)]


def test_the_first_tier_of_systems_and_functions() -> None:
    supplies = example()
    assert sorted(pairs(supplies, Base.SYSTEMS)) == [
        ("system/hr", "k/a"),
        ("system/hr", "k/b"),
        ("system/log", "k/log"),
        ("system/mail", "k/a"),
    ]
    assert ("system/hr", "k/log") in pairs(supplies, Base.SYSTEMS, View.ULTIMATE)  # through the log system
    assert {item for item, _ in pairs(supplies, Base.CRITICAL_SYSTEMS)} == {"system/hr", "system/mail"}
    assert sorted(pairs(supplies, Base.SOCIETY_CRITICAL_FUNCTIONS)) == [
        ("funktion/løn", "k/a"),
        ("funktion/løn", "k/b"),
        ("funktion/løn", "k/log"),
    ]
    assert {item for item, _ in pairs(supplies, Base.CONTRACTS)} == {"k/a", "k/b", "k/log"}


def test_contract_supplier_group_and_country_views() -> None:
    supplies = example()
    assert shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.CONTRACT)) == {"k/a": (2, 2), "k/b": (1, 1)}
    assert shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.ORGANISATION)) == {"org/a": (2, 2), "org/b": (1, 1)}
    assert shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.GROUP)) == {"koncern/nord": (3, 2)}
    assert shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.COUNTRY)) == {"land/DK": (2, 2), "land/SE": (1, 1)}
    ultimate = shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.ORGANISATION, View.ULTIMATE))
    assert ultimate == {"org/u": (3, 2), "org/b": (1, 1), "org/a": (0, 2)}


def test_the_facts_and_the_way_behind_a_share() -> None:
    supplies = example()
    assert supplies.reasons(Base.CRITICAL_SYSTEMS, Unit.ORGANISATION, "org/u") == (
        Reason("system/hr", ("k/log",)),
        Reason("system/mail", ("k/a", "k/a/u")),
    )
    assert supplies.reasons(Base.SYSTEMS, Unit.GROUP, "koncern/nord", View.DIRECT) == (
        Reason("system/hr", ("k/a",)),
        Reason("system/mail", ("k/a",)),
    )
    with pytest.raises(KeyError):
        supplies.reasons(Base.SYSTEMS, Unit.GROUP, "koncern/ukendt")


def test_the_unit_that_most_of_the_critical_systems_meet() -> None:
    """What a limit on the share of critical systems on one group is held against."""
    shared = of(example(), Base.CRITICAL_SYSTEMS, Unit.ORGANISATION, View.ULTIMATE).of("org/u")
    assert (shared.items, shared.reach) == (2, 1.0)


def test_what_measures_itself_is_left_out() -> None:
    measured = {(measure.base, measure.unit) for measure in example(spend={"k/a": 1.0}).measure()}
    assert (Base.CONTRACTS, Unit.CONTRACT) not in measured
    assert (Base.SYSTEMS, Unit.SYSTEM) not in measured
    assert {(Base.SPEND, Unit.CONTRACT), (Base.SPEND, Unit.SYSTEM), (Base.CONTRACTS, Unit.FUNCTION)} <= measured


def test_money_categories_and_frameworks_come_from_the_caller() -> None:
    supplies = example(
        spend={"k/a": 60.0, "k/b": 30.0, "k/log": 10.0},
        categories={"k/a": ("drift",), "k/b": ("drift",), "k/log": ("overvågning",)},
        frameworks={"k/a": ("SKI 02.19",)},
    )
    assert shares(of(supplies, Base.SPEND, Unit.CATEGORY)) == {"drift": (90, 2), "overvågning": (10, 1)}
    by_framework = of(supplies, Base.SPEND, Unit.FRAMEWORK)
    assert (by_framework.covered, by_framework.hhi) == (0.6, 10_000)
    assert shares(of(supplies, Base.SPEND, Unit.SYSTEM)) == {
        "system/hr": (60, 2),
        "system/mail": (30, 1),
        "system/log": (10, 1),
    }
    assert of(supplies, Base.SPEND, Unit.GROUP, View.ULTIMATE).of("org/u").share == 0.7
    with pytest.raises(KeyError):
        example(spend={"k/ukendt": 1.0})
    with pytest.raises(ValueError, match="spend"):
        example(spend={"k/a": -1.0})


def test_state_bodies_stay_apart() -> None:
    supplies = example(state_bodies={"org/a", "org/b"})
    assert shares(of(supplies, Base.CRITICAL_SYSTEMS, Unit.GROUP)) == {"org/a": (2, 2), "org/b": (1, 1)}


@pytest.mark.parametrize("group", [[], ["group"]])
def test_units_count_as_their_legal_unit_or_in_its_owner_group(group: list[str]) -> None:
    nodes = {"s1": "system", "s2": "system", "s3": "system", "k1": "agreement", "k2": "agreement", "k3": "agreement"}
    nodes |= dict.fromkeys(["unit", "office", "team", "legal", "other"], "organisation") | dict.fromkeys(group, "group")
    needs = {"s1": ["k1"], "s2": ["k2"], "s3": ["k3"], "k1": ["unit"], "k2": ["team"], "k3": ["other"]}
    needs |= {"unit": ["legal"], "team": ["office"], "office": ["legal"], "legal": group}
    parts = [("unit", "legal"), ("team", "office"), ("office", "legal")]
    supplies = supply(dependency_graph(nodes, needs), Purchases(parts=tuple(parts)))
    assert shares(of(supplies, Base.SYSTEMS, Unit.GROUP)) == {(group or ["legal"])[0]: (2, 2), "other": (1, 1)}
    apart = supply(dependency_graph(nodes, needs), Purchases(parts=tuple(parts), state_bodies=frozenset({"unit"})))
    assert shares(of(apart, Base.SYSTEMS, Unit.GROUP))["unit"] == (1, 1)


def test_a_supplier_that_is_not_recorded_is_nobody_else() -> None:
    graph = dependency_graph(
        {"s": "system", "t": "system", "k1": "agreement", "k2": "agreement"}, {"s": ["k1"], "t": ["k2"]}
    )
    supplies = supply(graph, Purchases())
    assert shares(of(supplies, Base.SYSTEMS, Unit.ORGANISATION)) == {"k1": (1, 1), "k2": (1, 1)}
    assert Unit.COUNTRY not in {measure.unit for measure in supplies.measure()}


def test_organisations_that_depend_on_each_other_without_agreements() -> None:
    """The shape of a public register: services on hosts, some of them services themselves."""
    names = ["aws", "heroku", "a", "b", "unit", "legal"]
    needs = {"heroku": ["aws"], "a": ["heroku", "aws"], "b": ["aws"], "aws": ["aws"], "unit": ["legal"]}
    graph = dependency_graph(dict.fromkeys(names, "organisation"), needs)
    supplies = supply(graph, Purchases(parts=(("unit", "legal"),)))
    direct = of(supplies, Base.ORGANISATIONS, Unit.ORGANISATION)
    ultimate = of(supplies, Base.ORGANISATIONS, Unit.ORGANISATION, View.ULTIMATE)
    assert shares(direct) == {"aws": (4, 4), "heroku": (1, 1)}
    assert shares(ultimate) == {"aws": (5, 4), "heroku": (0, 1)}


def test_one_subcontractor_behind_two_suppliers_breaks_no_rule_but_shows() -> None:
    """Worked case 6."""
    nodes = {"s1": "system", "s2": "system", "L1": "organisation", "L2": "organisation", "U1": "organisation"}
    nodes |= dict.fromkeys(["k1", "k2", "k1/u", "k2/u"], "agreement")
    needs = {"s1": ["k1"], "s2": ["k2"], "k1": ["L1", "k1/u"], "k2": ["L2", "k2/u"], "k1/u": ["U1"], "k2/u": ["U1"]}
    (overlap,) = supply(dependency_graph(nodes, needs), Purchases()).overlaps(Base.SYSTEMS)
    assert (overlap.node, overlap.suppliers, overlap.direct) == ("U1", ("L1", "L2"), False)
    assert overlap.paths == (("k1", "k1/u"), ("k2", "k2/u"))


# ---------------------------------------------------------------- for any graph

KINDS = ["function", "process", "system", "system", "gate", "agreement", "agreement", "organisation", "organisation"]
LINKS = {"agreement", "organisation"}


@st.composite
def graphs(draw: st.DrawFn) -> DependencyGraph:
    """Graphs of every kind of node, with cycles, needs that no rule would write included."""
    kinds = {f"n{number:02}": draw(st.sampled_from([*KINDS, "group", "country"])) for number in range(12)}
    names = sorted(kinds)
    edges = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=30))
    needs: dict[str, list[str]] = {}
    for upper, lower in edges:
        needs.setdefault(upper, []).append(lower)
    critical = [name for name in names if kinds[name] in ("system", "function")]
    return dependency_graph(kinds, needs, critical=critical)


def first_tier(graph: nx.DiGraph[str], item: str, over: set[str], wanted: set[str]) -> set[str]:
    """What is met from an item over nodes of certain kinds, word for word."""
    kinds = nx.get_node_attributes(graph, "kind")
    tier: set[str] = set()
    seen: set[str] = set()
    open_ = list(graph.successors(item))
    while open_:
        node = open_.pop()
        if node in seen:
            continue
        seen.add(node)
        if kinds[node] in wanted:
            tier.add(node)
        if kinds[node] in over:
            open_.extend(graph.successors(node))
    return tier


@given(graphs())
def test_first_tiers_chains_and_suppliers_of_any_graph(graph: DependencyGraph) -> None:
    plain = graph
    kinds = nx.get_node_attributes(plain, "kind")
    supplies = supply(graph, Purchases())
    everything = {"gate", "process", "system", "function"}
    for base, kind, over in (
        (Base.SYSTEMS, "system", {"gate"}),
        (Base.SOCIETY_CRITICAL_FUNCTIONS, "function", everything),
        (Base.ORGANISATIONS, "organisation", {"gate"}),
    ):
        wanted = {"organisation"} if kind == "organisation" else LINKS
        items = [name for name in plain if kinds[name] == kind]
        for view in View:
            passed = everything if kind == "system" and view is View.ULTIMATE else over
            expected = {(item, link) for item in items for link in first_tier(plain, item, passed, wanted)}
            assert set(pairs(supplies, base, view)) == expected
    suppliers = {name: units for name in plain if (units := supplies.units_of(name, Unit.ORGANISATION))}
    for name in plain:
        if kinds[name] not in LINKS:
            assert name not in suppliers
            continue
        own = first_tier(plain, name, {"gate"}, {"organisation"})
        assert suppliers[name] == ((name,) if kinds[name] == "organisation" else tuple(sorted(own)) or (name,))
        below = own if kinds[name] == "organisation" else first_tier(plain, name, {"gate"}, {"agreement"})
        if kinds[name] == "agreement":
            below = below | {o for supplier in own for o in first_tier(plain, supplier, {"gate"}, {"organisation"})}
        assert set(supplies.chains.graph.succ[name]) == below
    roots = {name for name in plain if kinds[name] == "agreement"}
    roots -= {low for name in roots for low in first_tier(plain, name, {"gate"}, {"agreement"})}
    assert {item for item, _ in pairs(supplies, Base.CONTRACTS)} == roots


@given(graphs())
def test_every_measure_of_any_graph_adds_up(graph: DependencyGraph) -> None:
    supplies = supply(graph, Purchases())
    for one in supplies.measure():
        assert sum(share.share for share in one.shares) == pytest.approx(1)
        assert 0 < one.hhi <= 10_000 + 1e-6
        assert all(0 <= share.reach <= 1 for share in one.shares)
        for share in one.shares:
            assert len(supplies.reasons(one.base, one.unit, share.node, one.view)) == share.items
