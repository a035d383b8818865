"""What a recommendation comes to, from the outcomes of rules: each case apart, without a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from graphsc.core.text import Text
from graphsc.core.vocabulary import SHACL
from graphsc.coverage import checks as checking
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Recommendation
from graphsc.coverage.status import Cell, Decision, State, cells, newest
from graphsc.duties.facts import Evidence
from graphsc.validation.findings import Acceptance, Finding, Report, Severity
from graphsc.validation.rules import Rule

K, L, ORGANISATION = "urn:x:K", "urn:x:L", "urn:x:organisation"
NO_RULE, LEFT_OUT = "no rule checks it", "the rules were left out, or no limit has been set"
NO_SITUATION = "none of the situations in which the rules can give a breach or a question is recorded"
STATES = {
    Checked.BROKEN: State.NOT_MET,
    Checked.NOT_RECORDED: State.NOT_RECORDED,
    Checked.WAIVED: State.WAIVED,
    Checked.MET: State.MET,
}
"""The state that an outcome gives by itself, the gravest first."""


def check(outcome: Checked = Checked.MET, rule: str = "SUB001", statement: str = "S-1", **more: object) -> Check:
    return replace(Check(rule, "urn:x:s", outcome, (statement,), agreements=(K,)), **more)  # type: ignore[arg-type]


def shown(
    checks: Iterable[Check],
    *,
    citing: Iterable[str] = ("SUB001",),
    judged: Iterable[str] = ("SUB001",),
    decided: Iterable[Decision] = (),
    agreements: tuple[str, ...] = (K,),
) -> list[Cell]:
    asked = Recommendation("R-1", Text.same("r"), ("S-1", "S-2"))
    decisions = {(decision.recommendation, decision.concerns): decision for decision in decided}
    return cells([asked], {"S-1": citing}, checks, frozenset(judged), agreements, decisions)


def decision(concerns: str, recommendation: str = "R-1") -> Decision:
    return Decision("urn:x:d", recommendation, concerns, "no outsourcing", "urn:x:p", date(2026, 1, 1))


@pytest.mark.parametrize("outcomes", [some for size in range(1, 5) for some in combinations(STATES, size)])
def test_the_gravest_outcome_is_that_of_the_recommendation(outcomes: tuple[Checked, ...]) -> None:
    (cell,) = shown(check(outcome, rule=f"SUB00{number}") for number, outcome in enumerate(reversed(outcomes)))
    assert (cell.state, cell.reason, cell.agreement, cell.organisation) == (STATES[outcomes[0]], None, K, None)
    assert [each.outcome for each in cell.checks] == list(outcomes), "the gravest stands first"
    assert (cell.numerator, cell.denominator) == (int(Checked.MET in outcomes), len(outcomes))
    assert len(cell.rules) == int(Checked.BROKEN in outcomes)


@pytest.mark.parametrize(
    ("citing", "judged", "state", "reason"),
    [
        ((), (), State.NOT_CHECKED, NO_RULE),
        (("SUB001",), (), State.NOT_CHECKED, LEFT_OUT),
        (("SUB001", "SUB002"), (), State.NOT_CHECKED, LEFT_OUT),
        (("SUB001", "SUB002"), ("SUB001",), State.NOT_APPLICABLE, NO_SITUATION),
    ],
)
def test_without_a_check_it_is_not_met(citing: list[str], judged: list[str], state: State, reason: str) -> None:
    (cell,) = shown([], citing=citing, judged=judged)
    assert (cell.state, cell.reason and cell.reason.en, cell.checks) == (state, reason, ())
    assert cell.not_judged == tuple(sorted(set(citing) - set(judged)))


def test_a_check_of_another_recommendation_or_agreement_tells_nothing() -> None:
    first, second = shown([check(), check(statement="S-9", agreements=(L,))], agreements=(K, L))
    assert (first.state, second.state) == (State.MET, State.NOT_APPLICABLE)
    assert second.reason is not None
    assert second.reason.en == NO_SITUATION


def test_a_check_counts_once_however_many_statements_it_is_of() -> None:
    (cell,) = shown([check(statements=("S-1", "S-2"))])
    assert cell.denominator == 1


def test_what_is_of_no_agreement_is_of_the_organisation_that_answers_for_it() -> None:
    agreement, organisation = shown([check(agreements=(), organisation=ORGANISATION)])
    assert agreement.state is State.NOT_APPLICABLE
    assert agreement.reason is not None
    assert agreement.reason.en == "concerns the organisation, not one agreement"
    assert (organisation.agreement, organisation.organisation, organisation.state) == (None, ORGANISATION, State.MET)
    both = shown([check(), check(agreements=(), organisation=ORGANISATION)], agreements=(K, L))
    assert [cell.state for cell in both] == [State.MET, State.NOT_APPLICABLE, State.MET]
    assert both[1].reason is not None
    assert both[1].reason.en == NO_SITUATION


def test_what_belongs_to_nobody_meets_nothing_and_may_be_broken() -> None:
    for outcome, state in STATES.items():
        agreement, alone = shown([check(outcome, agreements=(), organisation=None)])
        assert agreement.reason is not None
        assert agreement.reason.en == NO_SITUATION
        assert (alone.agreement, alone.organisation) == (None, None)
        assert alone.state is (State.NOT_APPLICABLE if state is State.MET else state)
        assert (alone.reason is not None) is (state is State.MET)
    order = [cell.organisation for cell in shown([check(agreements=()), check(agreements=(), organisation="urn:b")])]
    assert order == [None, "urn:b", None], "the agreement, the organisation, what belongs to neither"


@pytest.mark.parametrize(("outcome", "state"), STATES.items())
def test_a_decision_overrides_what_is_neither_broken_nor_waived(outcome: Checked, state: State) -> None:
    (cell,) = shown([check(outcome)], decided=[decision(K)])
    kept = state in {State.NOT_MET, State.WAIVED}
    assert (cell.state, cell.decision) == (state if kept else State.NOT_APPLICABLE, decision(K))
    (other,) = shown([check(outcome)], decided=[decision(K, "R-2")])
    assert (other.state, other.decision) == (state, None)


def test_a_decision_of_an_organisation_has_a_place_without_checks() -> None:
    (only,) = shown([], decided=[decision(K)])
    assert (only.state, only.reason) == (State.NOT_APPLICABLE, None)
    agreement, organisation = shown([], decided=[decision(ORGANISATION), decision("urn:x:other", "R-2")])
    assert (agreement.decision, organisation.decision) == (None, decision(ORGANISATION))
    assert (organisation.organisation, organisation.state) == (ORGANISATION, State.NOT_APPLICABLE)


def test_the_newest_records_come_first_each_once() -> None:
    old, new, undated = Evidence("urn:a", date(2025, 1, 1)), Evidence("urn:b", date(2026, 1, 1)), Evidence("urn:c")
    (cell,) = shown([check(records=(old, undated)), check(rule="SUB002", records=(new, old))])
    assert cell.records == newest(cell.checks) == (new, old, undated)
    assert cell.evidence == ("urn:a", "urn:b", "urn:c")
    lasting = [replace(old, until=day) for day in (None, date(2026, 1, 1), date(2027, 1, 1))]
    assert newest([check(records=tuple(lasting))]) == tuple(
        sorted(lasting, key=lambda record: record.until or date.max)
    )


# ---------------------------------------------------------------------- outcomes

FINDING = Finding("SUB001", Severity.BREACH, Text.same("m"), Text.same("r"), subject="urn:x:s", focus="urn:x:s")
WAIVED = replace(FINDING, value="urn:x:v", waived=Acceptance("urn:x:w", "since", None, None))


@pytest.mark.parametrize(
    ("findings", "facts", "unkept", "outcome"),
    [
        ([], False, False, Checked.MET),
        ([], True, True, Checked.MET),
        ([], True, False, Checked.MET),
        ([], False, True, Checked.NOT_RECORDED),
        ([FINDING], True, False, Checked.BROKEN),
        ([FINDING], False, True, Checked.BROKEN),
        ([WAIVED], True, False, Checked.WAIVED),
        ([WAIVED, FINDING], True, False, Checked.BROKEN),
    ],
)
def test_a_finding_breaks_a_rule_and_a_register_that_is_not_kept_tells_nothing(
    findings: list[Finding], facts: bool, unkept: bool, outcome: Checked
) -> None:
    assert checking._outcome(findings, facts=facts, unkept=unkept) is outcome


def test_a_check_leads_to_a_finding_that_counts() -> None:
    assert checking._gravest([]) is None
    assert checking._gravest([WAIVED]) == WAIVED.fingerprint
    for number in range(8):  # whichever fingerprint is smaller
        waived = replace(WAIVED, value=f"urn:x:{number}")
        assert checking._gravest([waived, FINDING]) == FINDING.fingerprint


def test_notes_and_rules_on_records_judge_nothing() -> None:
    nothing = Text.same("")
    rule = Rule("X", "urn:x", Severity.QUESTION, nothing, nothing, nothing, (), (), None, (), nothing)
    assert checking._judges(rule)
    for other in (replace(rule, severity=Severity.NOTE), replace(rule, grouped=True), replace(rule, of_records=True)):
        assert not checking._judges(other)


def test_evidence_that_came_late_and_registers_that_are_not_kept_break_nothing() -> None:
    late = replace(FINDING, component=f"{SHACL}NotConstraintComponent")
    register = replace(FINDING, group="urn:x:register")
    told = (FINDING, late, register, WAIVED)
    report = Report(inputs=(), problems=(), as_of=date(2026, 1, 1), rules=(), findings=told, labels={})
    assert checking._wrong(report) == {("SUB001", "urn:x:s"): [FINDING, WAIVED]}


def parted(check: Check, *findings: Finding, without: Iterable[str] = (), recorded: bool = False) -> dict[str, Check]:
    parts = checking._by_agreement(check, list(findings), set(without), is_recorded=recorded)
    return {agreement: part for part in parts for agreement in part.agreements}


def test_a_finding_that_names_an_agreement_is_about_that_one() -> None:
    broken = check(Checked.BROKEN, agreements=(K, L), finding="?")
    of_k, of_both = replace(FINDING, value=K), replace(FINDING, value="urn:x:else")
    parts = parted(broken, of_k)
    assert {name: (part.outcome, part.finding) for name, part in parts.items()} == {
        K: (Checked.BROKEN, of_k.fingerprint),
        L: (Checked.MET, None),
    }
    assert {part.outcome for part in parted(broken, of_both).values()} == {Checked.BROKEN}
    assert parted(broken, of_both)[K].agreements == (K, L)
    parts = parted(broken, replace(of_k, waived=WAIVED.waived), of_both)
    assert [part.outcome for part in parts.values()] == [Checked.BROKEN, Checked.BROKEN]


def test_the_register_of_one_agreement_tells_nothing_of_another() -> None:
    both = check(agreements=(K, L))
    unknown = replace(both, outcome=Checked.NOT_RECORDED)
    assert parted(unknown) == {K: unknown, L: unknown}
    assert {name: part.outcome for name, part in parted(both, without=[L]).items()} == {
        K: Checked.MET,
        L: Checked.NOT_RECORDED,
    }
    assert {part.outcome for part in parted(both, without=[L], recorded=True).values()} == {Checked.MET}
    broken = check(Checked.BROKEN, agreements=(K, L))
    assert parted(broken, replace(FINDING, value=K), without=[L])[L].outcome is Checked.NOT_RECORDED
    assert parted(broken, replace(FINDING, value=K), without=[L], recorded=True)[L].outcome is Checked.MET
    assert parted(broken, replace(FINDING, value=K), without=[K])[K].outcome is Checked.BROKEN
    alone = check(agreements=(K,), finding="?")
    assert parted(alone, without=[K]) == {K: alone}
