"""What if: worked cases with the answer written down, and the measures against the plain way."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

import pyoxigraph as ox
import pytest
from casework import BASE, Case, case, short
from dependency_graphs import fails_plainly, graphs, thorough
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsc.analysis.concentration.shares import Base, Unit, View
from graphsc.analysis.model import critical_nodes, of_kind, project
from graphsc.analysis.resilience.losses import failed, losses, remaining
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.text import Language
from graphsc.core.vocabulary import G
from graphsc.derivation import derive
from graphsc.duties.duties import Duty, State
from graphsc.rendering.whatif import render
from graphsc.rendering.whatif.content import summary
from graphsc.service import Opened
from graphsc.service.lookup import UnknownNameError
from graphsc.service.whatif import ScenarioError, scenario, what_if
from graphsc.validation.findings import Actor
from graphsc.whatif import measures
from graphsc.whatif.measures import Change, altered
from graphsc.whatif.model import Changed, Outcome, WhatIf, compared_duties

HOSTING = """
    base: https://k.example/
    samfundsfunktioner: [{id: F, tolerabel nedetid: P7D}]
    processer: [{id: P, understøtter: F}]
    organisationer:
      - {id: K}
      - {id: A, land: DK}
      - {id: B, land: DK}
      - {id: H, land: "NO"}
    systemer:
      - {id: S, ejer: K, kritikalitet: samfundskritisk, understøtter: P, tolerabel nedetid: P30D,
         kræver: {mindst: 1, medlemmer: [KA, KB]}}
      - {id: T, ejer: K, afhænger af: S}
    kontrakter:
      - {id: KA, kunde: K, leverandør: A, periode: 2024-01-01/2027-12-31, systemer: [S],
         underleverandører: [{id: AH, leverandør: H, start: 2024-02-01}]}
      - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S],
         underleverandører: [{id: BH, leverandør: H, start: 2024-02-01}]}
    """


@lru_cache(maxsize=16)
def opened_as(text: str) -> Opened:
    """An input, opened once for all that is supposed of it."""
    return case(text).opened


def suppose(text: str, **what: object) -> WhatIf:
    opened = opened_as(text)
    assert opened.sources.problems == []
    return what_if(opened, scenario(opened, **what))  # type: ignore[arg-type]


def still(result: WhatIf) -> dict[str, str]:
    return {short(standing.node): str(standing.outcome) for standing in result.standstill}


def pairs(ones: Any) -> list[tuple[str, str]]:
    return [(short(one.event), short(one.target)) for one in ones]


# ---------------------------------------------------------------------- losses


def test_a_supplier_with_an_alternative_stops_nothing_but_leaves_the_other_alone() -> None:
    outcome = suppose(HOSTING, without=["A"])
    assert still(outcome) == {}
    assert [(change.kind, change.before, change.after) for change in outcome.working] == [
        ("function", 1, 1),
        ("critical-system", 1, 1),
        ("other-system", 1, 1),
        ("process", 1, 1),
    ]
    assert [short(name) for name in outcome.ended_agreements] == ["KA"]
    # H alone stopped S and F before as well; B does now.
    assert (outcome.single_points.before, outcome.single_points.after) == (2, 4)
    assert pairs(outcome.single_points.new) == [("B", "F"), ("B", "S")]
    assert outcome.single_points.gone == ()


def test_the_hosting_behind_both_takes_everything_with_it() -> None:
    outcome = suppose(HOSTING, without=["H"])
    assert still(outcome) == {"F": "stops", "S": "stops", "T": "stops", "P": "stops"}
    assert [short(name) for name in outcome.ended_agreements] == ["AH", "BH"]
    # What has stopped has no single point, and is none the safer for that.
    assert (outcome.single_points.before, outcome.single_points.after, outcome.single_points.gone) == (0, 0, ())
    assert outcome.single_points.targets == 0
    assert "Nothing critical works any longer" in render("text", outcome, language=Language.EN)


def test_both_alternatives_lost() -> None:
    assert set(still(suppose(HOSTING, without=["A", "B"]))) == {"F", "S", "T", "P"}


def test_a_country_is_the_loss_of_who_is_there() -> None:
    outcome = suppose(HOSTING, without_countries=["no"])
    assert set(still(outcome)) == {"F", "S", "T", "P"}
    assert [short(name) for name in outcome.ended_agreements] == ["AH", "BH"]
    denmark = suppose(HOSTING, without_countries=["DK"])
    assert set(still(denmark)) == {"F", "S", "T", "P"}
    assert [short(name) for name in denmark.ended_agreements] == ["KA", "KB"]


def test_data_in_a_country_stop_with_it_and_the_agreement_ends() -> None:
    text = """
        organisationer: [{id: K}, {id: A, land: DK}]
        systemer: [{id: S, ejer: K}]
        kontrakter:
          - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, leverancer: [{system: S, lag: platform, dataplacering: IE}]}
          - {id: KX, kunde: K, leverandør: A, start: 2024-01-01}
        """
    outcome = suppose(text, without_countries=["IE"])
    assert set(still(outcome)) == {"S"}
    assert [short(name) for name in outcome.ended_agreements] == ["KA"]


UNKNOWN = """
    organisationer: [{id: K}, {id: A, land: DK}, {id: B%s}]
    systemer: [{id: S, ejer: K, kritikalitet: almindelig}, {id: T, ejer: K%s}]
    kontrakter:
      - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}
      - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [T]}
    """


def test_who_has_no_country_is_not_said_to_stay() -> None:
    known = suppose(UNKNOWN % (", land: SE", ""), without_countries=["DK"])
    assert (known.placeless, known.unweighed) == ((), ())
    unknown = suppose(UNKNOWN % ("", ""), without_countries=["DK"])
    assert [short(name) for name in unknown.placeless] == ["B"]
    assert summary(unknown).en.startswith("Nothing critical to society stops, as far as is recorded;")
    assert summary(unknown).da.startswith("Intet samfundskritisk standser, så vidt det er registreret;")
    assert "No country recorded, and counted as not affected: B." in render("text", unknown, language=Language.EN)


def test_what_stops_is_not_said_to_be_uncritical_where_that_is_not_recorded() -> None:
    ordinary = suppose(UNKNOWN % ("", ", kritikalitet: almindelig"), without=["B"])
    assert (set(still(ordinary)), ordinary.unweighed) == ({"T"}, ())
    unknown = suppose(UNKNOWN % ("", ""), without=["B"])
    assert [short(name) for name in unknown.unweighed] == ["T"]
    assert summary(unknown).en.startswith("Nothing critical to society stops, as far as is recorded;")
    assert "No criticality recorded, and not counted as critical: T." in render("text", unknown, language=Language.EN)


def test_what_rests_on_nobody_recorded_is_not_said_to_stay() -> None:
    text = """
        organisationer: [{id: K}, {id: B}]
        systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk}]
        kontrakter: [{id: KB, kunde: K, leverandør: B, start: 2024-01-01}]
        """
    outcome = suppose(text, without=["B"])
    assert [short(name) for name in outcome.unsupported] == ["S"]
    shown = render("text", outcome, language=Language.EN)
    assert "No supplier recorded, and counted as not affected: S." in shown
    assert "On whom what is critical and still works depends is not recorded, so there is nothing to count." in shown
    assert "0 → 0" not in shown
    supported = suppose(text.replace("leverandør: B,", "leverandør: B, systemer: [S],"), without=["B"])
    assert supported.unsupported == ()


@pytest.mark.exhaustive
def test_units_and_members_are_lost_with_the_whole() -> None:
    text = """
        koncerner: [{id: G}]
        organisationer: [{id: K}, {id: A, koncern: G}, {id: A1, enhed i: A}, {id: B}]
        systemer: [{id: S, ejer: K}]
        kontrakter:
          - {id: KA, kunde: K, leverandør: A1, start: 2024-01-01, systemer: [S]}
          - {id: KB, kunde: K, leverandør: B, start: 2024-01-01}
        """
    for lost in ("G", "A", "A1"):
        outcome = suppose(text, without=[lost])
        assert (set(still(outcome)), [short(name) for name in outcome.ended_agreements]) == ({"S"}, ["KA"])


def test_a_framework_goes_on_without_one_of_its_suppliers() -> None:
    text = """
        organisationer: [{id: SKI}, {id: A}, {id: B}, {id: K}]
        rammeaftaler: [{id: R, ejer: SKI, leverandører: [A, B], periode: 2024-01-01/2026-12-31}]
        kontrakter: [{id: KA, kunde: K, leverandør: A, start: 2024-01-01}]
        """
    assert [short(name) for name in suppose(text, without=["A"]).ended_agreements] == ["KA"]


@pytest.mark.parametrize(
    ("outage", "expected"),
    [
        ("7d", {"F": "tolerated", "S": "tolerated", "T": "not-recorded", "P": "not-recorded"}),
        ("8d", {"F": "stops", "S": "tolerated", "T": "not-recorded", "P": "not-recorded"}),
        ("P1M", {"F": "stops", "S": "tolerated", "T": "not-recorded", "P": "not-recorded"}),  # June has 30 days
        ("5w", {"F": "stops", "S": "stops", "T": "not-recorded", "P": "not-recorded"}),
    ],
)
def test_an_outage_is_held_against_what_each_can_bear(outage: str, expected: dict[str, str]) -> None:
    outcome = suppose(HOSTING, without=["H"], outage=outage)
    assert still(outcome) == expected
    borne = {change.kind: change.tolerated for change in outcome.working}
    assert borne["function"] == (expected["F"] == "tolerated")
    assert borne["critical-system"] == (expected["S"] == "tolerated")
    assert borne["other-system"] == borne["process"] == 0  # what is not recorded counts as stopped
    assert (outcome.ended_agreements, outcome.findings.new, outcome.findings.gone, outcome.concentration) == (
        (),
        (),
        (),
        (),
    )  # it passes
    assert all(standing.outcome is not Outcome.STOPS for standing in outcome.standstill if standing.tolerable is None)


def test_what_is_asked_after_the_end_is_found_and_what_is_asked_before_falls_away() -> None:
    text = """
        organisationer: [{id: K}, {id: A}, {id: U}]
        systemer: [{id: S, ejer: K, drives af: A}]
        kontrakter:
          - id: KA
            kunde: K
            leverandør: A
            periode: 2024-01-01/2027-12-31
            systemer: [S]
            registre: [underleverandører, adgange]
            adgange: [{id: adgang/S, system: S}]
            underleverandører: [{id: AU, leverandør: U, start: 2024-02-01}]
        """
    outcome = suppose(text, without=["A"])
    assert [(f.code, short(f.subject)) for f in outcome.findings.gone if f.code.startswith("SUB")] == [("SUB001", "AU")]
    new = [(f.code, short(f.subject)) for f in outcome.findings.new]
    assert new == [("ACS002", "adgang/S"), ("DAT011", "AU")]  # somebody must settle what becomes of the subcontract
    # Whoever is lost runs the system no longer, with or without an agreement.
    assert "AGR001" not in {f.code for f in outcome.findings.new}
    # Of the running agreement something was owed; of the ended one only what belongs to its end is.
    assert {short(duty.subject) for duty in outcome.duties.gone} >= {"KA", "S"}
    assert [duty.rule for duty in outcome.duties.new if short(duty.subject) in {"KA", "S"}] == ["EXI016", "EXI017"]
    total = sum(outcome.duties.before.values())
    assert total - len(outcome.duties.gone) + len(outcome.duties.new) == sum(outcome.duties.after.values())


def test_the_input_itself_is_not_changed() -> None:
    opened = case(HOSTING).opened
    before = set(opened.dataset.store)
    what_if(opened, scenario(opened, without=["A"], mergers=[("A", "B")], alternatives=[("S", "new")]))
    assert set(opened.dataset.store) == before


def test_a_copy_without_changes_is_derived_to_the_same() -> None:
    opened = case(HOSTING).opened
    copy = altered(opened.dataset, [], opened.rules)
    assert set(copy.store) == set(opened.dataset.store)
    copy.forget_derived()
    assert not any(str(quad.graph_name).startswith(f"<{RULE_PREFIX}") for quad in copy.store)
    derive(copy, opened.rules)
    assert set(copy.store) == set(opened.dataset.store)


def test_duties_come_go_change_their_state_and_move() -> None:
    def duty(rule: str, holder: str | None, state: State = State.MET) -> Duty:
        return Duty(rule=rule, subject="KA", kind="kind", holder=Actor(holder), state=state)

    same, goes, comes = duty("AAA001", "K"), duty("AAA002", "K"), duty("AAA003", "K")
    late, moved = (duty("AAA004", "K"), duty("AAA004", "K", State.OVERDUE)), (duty("AAA005", "K"), duty("AAA005", None))
    shared = duty("AAA005", "L")  # the other of two holders stays
    comparison = compared_duties([same, goes, late[0], moved[0], shared], [same, comes, late[1], moved[1], shared])
    assert (comparison.new, comparison.gone) == ((comes,), (goes,))
    assert comparison.changed == (Changed(*late), Changed(*moved))
    assert (comparison.before[State.MET], comparison.after[State.MET], comparison.after[State.OVERDUE]) == (5, 4, 1)


# ---------------------------------------------------------------------- mergers


def shares(counts: dict[str, int], more: str = "") -> str:
    organisations = ", ".join(f"{{id: {name}}}" for name in counts if f"id: {name}," not in more)
    contracts = "\n".join(
        f"          - {{id: K{name}{number}, kunde: K, leverandør: {name}, start: 2024-01-01}}"
        for name, amount in counts.items()
        for number in range(amount)
    )
    return f"""
        koncerner: [{{id: G}}, {{id: I}}]
        organisationer: [{{id: K}}, {organisations}{more}]
        kontrakter:
{contracts}
        """


def test_a_merger_of_25_and_20_per_cent_raises_the_index_by_1000() -> None:
    others = dict.fromkeys((f"X{number}" for number in range(11)), 1)
    outcome = suppose(shares({"A": 5, "B": 4, **others}), mergers=[("A", "B")])
    ((base, merger),) = outcome.mergers[0].index.items()
    assert base is Base.CONTRACTS
    # 25² + 20² + 11 · 5² = 1300; 45² + 11 · 5² = 2300; the difference is 2 · 25 · 20.
    assert (merger.share, merger.before, merger.after, merger.change) == pytest.approx((0.45, 1300, 2300, 1000))
    (shift,) = [
        shift
        for shift in outcome.concentration
        if (shift.base, shift.unit) == (Base.CONTRACTS, Unit.GROUP) and shift.view is View.DIRECT
    ]
    assert shift.before is not None
    assert shift.after is not None
    assert (shift.before.hhi, shift.after.hhi) == pytest.approx((1300, 2300))
    assert not [shift for shift in outcome.concentration if shift.unit is Unit.ORGANISATION]


def test_groups_merge_with_all_their_members_and_mergers_add_up() -> None:
    text = shares(
        {"A": 2, "A2": 2, "B": 2, "C": 2, "D": 2}, ", {id: A, koncern: G}, {id: A2, koncern: G}, {id: B, koncern: I}"
    )
    one = suppose(text, mergers=[("A", "I")])  # A stands for its group, I is one
    ((_, merger),) = one.mergers[0].index.items()
    assert (merger.before, merger.after) == pytest.approx((40**2 + 3 * 20**2, 60**2 + 2 * 20**2))
    both = suppose(text, mergers=[("A", "B"), ("B", "C")])
    (shift,) = [s for s in both.concentration if (s.base, s.unit, s.view) == (Base.CONTRACTS, Unit.GROUP, View.DIRECT)]
    assert shift.after is not None
    assert shift.after.hhi == pytest.approx(80**2 + 20**2)
    assert both.mergers[0].group == both.mergers[1].group
    assert both.labels[both.mergers[0].group].en == "A + B + C"


def test_two_ways_that_become_one_owner_group_hang_on_it() -> None:
    text = HOSTING.replace("start: 2024-02-01", "periode: 2024-02-01/2024-12-31")  # no hosting behind both any more
    outcome = suppose(text, mergers=[("A", "B")])
    assert [short(name) for name in outcome.mergers[0].together] == ["F", "S"]
    assert [target for _, target in pairs(outcome.single_points.new)] == ["F", "S"]
    assert (outcome.single_points.before, outcome.single_points.after) == (0, 2)
    assert outcome.findings.new == outcome.findings.gone == ()
    assert (outcome.standstill, outcome.working, outcome.ended_agreements) == ((), (), ())


def test_a_group_that_becomes_another_is_no_new_single_point() -> None:
    text = """
        koncerner: [{id: G}]
        organisationer: [{id: K}, {id: A, koncern: G}, {id: B}]
        systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk}]
        kontrakter: [{id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}]
        """
    outcome = suppose(text, mergers=[("A", "B")])
    assert (outcome.single_points.new, outcome.single_points.gone, outcome.mergers[0].together) == ((), (), ())
    assert outcome.single_points.before == outcome.single_points.after == 2  # A, and whatever its group is called
    assert outcome.mergers[0].index == {}  # B delivers nothing


# ---------------------------------------------------------------------- alternatives

NEEDS_BOTH = """
    organisationer: [{id: K}, {id: A}, {id: B}, {id: C, afhænger af: A}, {id: N1}]
    systemer:
      - {id: S, ejer: K, kritikalitet: samfundskritisk, afhænger af: N}
      - {id: N, ejer: K}
    kontrakter:
      - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}
      - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S]}
      - {id: KN, kunde: K, leverandør: N1, start: 2024-01-01, systemer: [N]}
      - {id: KO, kunde: K, leverandør: A, periode: 2020-01-01/2022-12-31, systemer: [S]}
    """


def test_an_alternative_takes_the_place_of_all_agreements_together_but_not_of_other_systems() -> None:
    new = suppose(NEEDS_BOTH, alternatives=[("S", "new")])
    assert pairs(new.single_points.gone) == [("A", "S"), ("B", "S")]
    assert (new.single_points.new, new.single_points.before, new.single_points.after) == (
        (),
        3,
        1,
    )  # N1 runs the system that S needs
    assert new.labels[measures.NEW_SUPPLIER].da == "en ny leverandør"


def test_an_alternative_that_rests_on_the_same_party_helps_only_against_the_others() -> None:
    outcome = suppose(NEEDS_BOTH, alternatives=[("S", "C")])
    assert pairs(outcome.single_points.gone) == [("B", "S")]


def test_an_alternative_is_one_more_option_of_a_group() -> None:
    text = """
        organisationer: [{id: K}, {id: A}, {id: B}]
        systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk, kræver: {mindst: 2, medlemmer: [A, B]}}]
        """
    outcome = suppose(text, alternatives=[("S", "new")])
    assert pairs(outcome.single_points.gone) == [("A", "S"), ("B", "S")]
    lost = suppose(text, alternatives=[("S", "new")], without=["A"])
    assert (still(lost), pairs(lost.single_points.new)) == ({}, [("urn:graphsc:what-if:new-supplier", "S")])
    assert still(suppose(text, without=["A"])) == {"S": "stops"}


def test_an_alternative_for_a_system_without_any_supplier_changes_nothing() -> None:
    outcome = suppose("organisationer: [{id: K}]\nsystemer: [{id: S, ejer: K}]", alternatives=[("S", "K")])
    assert (outcome.single_points.before, outcome.single_points.after, outcome.concentration) == (0, 0, ())


# ---------------------------------------------------------------------- the plain way


def text_of(suppliers: dict[str, list[str]], needs: dict[str, list[str]], alternatives: set[str]) -> str:
    """Systems by their suppliers and by the systems they need; some are content with any one of their suppliers."""
    lines = ["systemer:"]
    for system, own in suppliers.items():
        options = f", kræver: {{mindst: 1, medlemmer: [{', '.join(own)}]}}" if system in alternatives and own else ""
        lines.append(
            f"  - {{id: {system}, kritikalitet: samfundskritisk, afhænger af: [{', '.join(needs.get(system, []))}]{options}}}"
        )
    lines.append(f"organisationer: [{', '.join(f'{{id: {name}}}' for name in ('K', *ORGANISATIONS))}]")
    contracts = [
        f"  - {{id: K{system}{name}, kunde: K, leverandør: {name}, start: 2024-01-01, systemer: [{system}]}}"
        for system, own in suppliers.items()
        for name in own
    ]
    return "\n".join([*lines, *(["kontrakter:", *contracts] if contracts else [])])


ORGANISATIONS, SYSTEMS = ("A", "B", "C", "D"), ("S1", "S2", "S3")
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
texts = st.builds(
    text_of,
    st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(ORGANISATIONS), unique=True, max_size=3) for name in SYSTEMS}
    ),
    st.fixed_dictionaries({name: st.lists(st.sampled_from(SYSTEMS), unique=True, max_size=1) for name in SYSTEMS}),
    st.sets(st.sampled_from(SYSTEMS)),
)


@few
@given(texts, st.sets(st.sampled_from(ORGANISATIONS), min_size=1, max_size=2))
@pytest.mark.exhaustive
def test_what_falls_is_the_least_fixpoint_and_so_is_what_is_left(text: str, without: set[str]) -> None:
    opened = case(text).opened
    outcome = what_if(opened, scenario(opened, without=sorted(without)))
    graph = project(opened.dataset)
    lost = {BASE + name for name in without}
    down = fails_plainly(graph, lost)
    systems = down.intersection(of_kind(graph, "system"))
    assert {standing.node for standing in outcome.standstill} == systems
    (working,) = outcome.working
    assert working.before - working.after == len(systems)
    expected = {
        (event, target)
        for event in of_kind(graph, "organisation")
        if event not in down
        for target in fails_plainly(graph, lost | {event}).intersection(critical_nodes(graph)) - down
    }
    before = {
        (event, target)
        for event in of_kind(graph, "organisation")
        for target in fails_plainly(graph, {event}).intersection(critical_nodes(graph)) - down
    }
    assert (outcome.single_points.before, outcome.single_points.after) == (len(before), len(expected))
    assert {(point.event, point.target) for point in outcome.single_points.new} == expected - before
    assert {(point.event, point.target) for point in outcome.single_points.gone} == before - expected


@few
@given(texts, st.sampled_from(list(combinations(ORGANISATIONS, 2))))
@pytest.mark.exhaustive
def test_the_index_after_a_merger_is_the_one_measured_anew(text: str, pair: tuple[str, str]) -> None:
    opened = case(text).opened
    outcome = what_if(opened, scenario(opened, mergers=[pair]))
    measured = {s.base: s for s in outcome.concentration if s.unit is Unit.GROUP and s.view is View.DIRECT}
    for base, merger in outcome.mergers[0].index.items():
        shift = measured[base]
        assert shift.before is not None
        assert shift.after is not None
        assert (merger.before, merger.after) == pytest.approx((shift.before.hhi, shift.after.hhi))


@few
@given(texts, st.sampled_from(SYSTEMS))
@pytest.mark.exhaustive
def test_a_new_independent_alternative_only_takes_single_points_away(text: str, system: str) -> None:
    opened = case(text).opened
    outcome = what_if(opened, scenario(opened, alternatives=[(system, "new")]))
    assert outcome.single_points.new == ()
    assert outcome.single_points.before - outcome.single_points.after == len(outcome.single_points.gone)


@thorough
@given(graphs(), st.data())
@pytest.mark.exhaustive
def test_what_remains_fails_as_the_whole_does_after_the_loss(graph: Any, data: Any) -> None:
    nodes = st.sampled_from(list(graph))
    lost, more = data.draw(st.sets(nodes, max_size=3)), data.draw(st.sets(nodes, max_size=3))
    down = failed(graph, lost)
    left = remaining(graph, down)
    assert failed(left, more - down) == fails_plainly(graph, lost | more) - down
    assert set(critical_nodes(left)) == set(critical_nodes(graph)) - down
    assert all(loss.node not in down for loss in losses(left))


# ---------------------------------------------------------------------- names and changes


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"without": ["Z"]}, "Z is not in the input given."),
        ({"without": ["S"]}, "S is something other than organisation or owner group."),
        ({"without": ["https://k.example/Z"]}, "https://k.example/Z is not in the input given."),
        ({"without": ['A> } DELETE { "']}, 'A> } DELETE { " is not in the input given.'),
        ({"without": [""]}, " is not in the input given."),
        ({"alternatives": [("A", "B")]}, "A is something other than IT system."),
        ({"alternatives": [("S", "Z")]}, "Z is not in the input given."),
        ({"mergers": [("A", "A")]}, "A and A are one owner group already."),
        (
            {"without_countries": ["SE"]},
            "no organisation and no data are in the country Sweden. The countries are: Denmark, Norway.",
        ),
        ({"without": ["A"], "outage": "soon"}, "--outage is a length of time such as 14d, 2w, 1m or P1M, not soon"),
        ({"alternatives": [("S", "A")], "outage": "14d"}, "--outage says how long a loss lasts"),
        ({}, "say what to suppose"),
    ],
)
def test_what_cannot_be_supposed_is_said(what: dict[str, Any], message: str) -> None:
    opened = case(HOSTING).opened
    with pytest.raises((ScenarioError, UnknownNameError), match=re.escape(message)) as error:
        scenario(opened, **what)
    assert error.value.reason.da
    assert error.value.reason.da != error.value.reason.en


@pytest.mark.parametrize("pair", [("A", "B"), ("A", "G"), ("G", "B")])
def test_who_is_one_owner_group_cannot_become_one(pair: tuple[str, str]) -> None:
    opened = case("koncerner: [{id: G}]\norganisationer: [{id: A, koncern: G}, {id: B, koncern: G}]").opened
    with pytest.raises(ScenarioError, match="are one owner group already"):
        scenario(opened, mergers=[pair])


def test_names_are_found_under_a_base_of_the_file_s_own() -> None:
    text = "base: https://other.example/\norganisationer: [{id: org/A, land: DK}, {id: enhed/A}]"
    opened = case(text).opened
    assert scenario(opened, without=["org/A"]).without == ("https://other.example/org/A",)
    with pytest.raises(UnknownNameError, match=r"A may be \S+/enhed/A, \S+/org/A\."):
        scenario(opened, without=["A"])


def test_every_change_says_what_it_is_and_needs_no_other_parameter() -> None:
    known = measures.queries()
    given_by = {
        "without": {"lost", "last"},
        "without-country": {"country", "last"},
        "merge": {"party", "merged", "danish", "english"},
        "new-supplier": {"organisation", "danish", "english"},
        "add-alternative": {"system", "organisation", "either", "today"},
    }
    assert {re.sub("-(adds|removes)$", "", name) for name in known} == set(given_by)
    for name, question in known.items():
        assert question.title.da != question.title.en
        assert question.statements
        assert {p.name for p in question.parameters} <= given_by[re.sub("-(adds|removes)$", "", name)]
        assert all(p.description.da and p.description.en for p in question.parameters)


def test_a_change_is_made_in_whatever_source_says_it() -> None:
    opened = case(HOSTING, copies=2).opened
    changed = altered(
        opened.dataset,
        [
            Change(
                "without",
                {
                    "lost": ox.NamedNode(BASE + "A"),
                    "last": ox.Literal("2025-06-14", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
                },
            )
        ],
        opened.rules,
    )
    ends = {
        q.object.value
        for q in changed.store.quads_for_pattern(ox.NamedNode(BASE + "KA"), ox.NamedNode(G + "end"), None, None)
    }
    assert ends == {"2025-06-14"}


@pytest.mark.exhaustive
def test_copies_of_the_input_change_nothing() -> None:
    def shown(judged: Case) -> WhatIf:
        return what_if(judged.opened, scenario(judged.opened, without=["A"], alternatives=[("S", "B")]))

    one, two = shown(case(HOSTING)), shown(case(HOSTING, copies=2))
    assert (one.standstill, one.single_points, one.ended_agreements, one.labels) == (
        two.standstill,
        two.single_points,
        two.ended_agreements,
        two.labels,
    )
    assert one.findings.before == two.findings.before


@pytest.mark.exhaustive
def test_the_first_day_of_the_calendar() -> None:
    opened = case(
        "organisationer: [{id: K}, {id: A}]\nkontrakter: [{id: KA, kunde: K, leverandør: A}]", date.min
    ).opened
    assert what_if(opened, scenario(opened, without=["A"])).ended_agreements == ()
