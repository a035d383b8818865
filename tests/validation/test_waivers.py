"""Waivers hide what they may, as long as they may, and are judged themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.validation import waivers
from graphsc.validation.findings import Acceptance, Actor, Finding, Severity
from graphsc.validation.rules import Reference, Rule
from graphsc.validation.waivers import Waiver

AS_OF = date(2026, 11, 25)
X = "https://example.org/"
FINDING = Finding("SUB001", Severity.BREACH, Text.same("m"), Text.same("r"), subject=f"{X}sub/1", value=f"{X}org/1")
WAIVER = Waiver(
    iri=f"{X}waiver/1",
    code="SUB001",
    subject=f"{X}sub/1",
    value=None,
    reason="Phased out in spring",
    approver=f"{X}person/1",
    until=AS_OF,
    location=Location("data/waivers.yaml", 3, 5),
    approver_is_management=True,
)


def rule(code: str, message: str) -> Rule:
    return Rule(
        code=code,
        iri=f"https://w3id.org/graphsc/rule/{code}",
        severity=Severity.QUESTION,
        title=Text.same(code),
        message=Text(f"DA {message}", f"EN {message}"),
        remedy=Text.same("See to {?waiver}."),
        statements=("S-5.4-09",),
        references=(Reference(f"{X}iso/1", Text.same("ISO 1")),),
        role="https://w3id.org/graphsc/role/management",
        registers=(),
        description=Text.same(""),
    )


RULES = {
    "WVR001": rule("WVR001", "{?waiver}: {?code} {?subject} {?value} {?until} {?approver}"),
    "WVR002": rule("WVR002", "{?waiver}: {?why}"),
}


def apply(*given: Waiver, findings: tuple[Finding, ...] = (FINDING,)) -> tuple[Finding, ...]:
    return waivers.apply(findings, given, AS_OF, rules=RULES)


def test_a_waiver_holds_through_its_last_day() -> None:
    (finding,) = apply(WAIVER)
    assert finding.waived == Acceptance(WAIVER.iri, "Phased out in spring", f"{X}person/1", AS_OF)
    assert finding.expired is None
    assert not finding.counts


def test_the_day_after_the_finding_is_back_and_names_the_waiver() -> None:
    yesterday = replace(WAIVER, until=AS_OF - timedelta(days=1))
    (finding,) = apply(yesterday)
    assert finding.waived is None
    assert finding.expired == yesterday.acceptance
    assert finding.counts


@pytest.mark.parametrize(("value", "waived"), [(None, True), (f"{X}org/1", True), (f"{X}org/2", False)])
def test_a_value_narrows_the_waiver(value: str | None, waived: bool) -> None:
    finding, *about = apply(replace(WAIVER, value=value))
    assert (finding.waived is not None) is waived
    assert [f.code for f in about] == ([] if waived else ["WVR001"])


@pytest.mark.parametrize("other", [replace(WAIVER, code="SUB002"), replace(WAIVER, subject=f"{X}sub/2")])
def test_another_rule_or_subject_is_not_covered(other: Waiver) -> None:
    finding, unused = apply(other)
    assert finding == FINDING
    assert unused.code == "WVR001"


def test_an_unused_waiver_is_a_finding_at_its_own_place() -> None:
    (unused,) = apply(WAIVER, findings=())
    assert (unused.code, unused.severity) == ("WVR001", Severity.QUESTION)
    assert unused.subject == WAIVER.iri
    assert unused.location == WAIVER.location
    assert unused.message == Text(
        f"DA {X}waiver/1: SUB001 {X}sub/1 - 2026-11-25 {X}person/1",
        f"EN {X}waiver/1: SUB001 {X}sub/1 - 2026-11-25 {X}person/1",
    )
    assert unused.remedy == Text.same(f"See to {X}waiver/1.")
    assert (unused.statements, unused.references) == (("S-5.4-09",), (f"{X}iso/1",))
    assert unused.actor == Actor(role="https://w3id.org/graphsc/role/management", person=f"{X}person/1")


@pytest.mark.parametrize(
    ("change", "da", "en"),
    [
        ({"reason": None}, "der står ingen begrundelse", "it gives no reason"),
        ({"reason": " \n"}, "der står ingen begrundelse", "it gives no reason"),
        ({"until": None}, "der står ingen udløbsdato", "it has no expiry date"),
        (
            {"approver": None},
            "der står ikke, hvem der har accepteret fundet",
            "it does not say who accepted the finding",
        ),
        (
            {"approver_is_management": False},
            "den, der har accepteret fundet, har ikke ledelsens rolle på kundens side",
            "whoever accepted the finding does not hold the role of management on the customer's side",
        ),
        (
            {"reason": None, "until": None},
            "der står ingen begrundelse, og der står ingen udløbsdato",
            "it gives no reason, and it has no expiry date",
        ),
    ],
)
def test_an_invalid_waiver_hides_nothing_and_says_why(change: dict[str, object], da: str, en: str) -> None:
    finding, invalid = apply(replace(WAIVER, **change))  # type: ignore[arg-type]
    assert finding == FINDING
    assert invalid.code == "WVR002"
    assert invalid.message == Text(f"DA {X}waiver/1: {da}", f"EN {X}waiver/1: {en}")


def test_an_invalid_waiver_that_matches_nothing_is_named_once() -> None:
    assert [f.code for f in apply(replace(WAIVER, reason=None), findings=())] == ["WVR002"]


def test_of_several_the_longest_counts_and_none_is_unused() -> None:
    longer = replace(WAIVER, iri=f"{X}waiver/2", until=AS_OF + timedelta(days=9))
    expired = replace(WAIVER, iri=f"{X}waiver/3", until=date(2020, 1, 1))
    (finding,) = apply(WAIVER, longer, expired)
    assert finding.waived == longer.acceptance
    assert finding.expired is None


def test_a_waiver_said_twice_is_one() -> None:
    assert apply(WAIVER, WAIVER, findings=()) == apply(WAIVER, findings=())


def test_without_the_rules_nothing_is_said_about_waivers() -> None:
    assert waivers.apply([], [WAIVER, replace(WAIVER, reason=None)], AS_OF, rules={}) == ()


def test_no_waiver_hides_a_finding_about_waivers() -> None:
    about = replace(WAIVER, iri=f"{X}waiver/9", code="WVR001", subject=WAIVER.iri)
    assert [(f.code, f.waived) for f in apply(WAIVER, about, findings=())] == [
        ("WVR001", None),
        ("WVR001", None),
    ]


def test_names_are_used_and_never_read_as_templates() -> None:
    labels = {
        WAIVER.iri: Text.same("{?why}"),
        WAIVER.subject: Text("Sky på dansk", "Sky in English"),
        f"{X}org/1": Text.same("Løngang"),
        f"{X}person/1": Text.same("Direktøren"),
    }
    (unused,) = waivers.apply([], [replace(WAIVER, value=f"{X}org/1")], AS_OF, rules=RULES, labels=labels)
    assert unused.message.da == "DA {?why}: SUB001 Sky på dansk Løngang 2026-11-25 Direktøren"
    unnamed = replace(WAIVER, approver=None, until=None)
    told = {"WVR002": rule("WVR002", "{?why} {?until} {?approver}")}
    (invalid,) = waivers.apply([], [unnamed], AS_OF, rules=told)
    assert invalid.message.en == "EN it has no expiry date, and it does not say who accepted the finding - -"


@pytest.mark.parametrize("change", [{"code": "SUB002"}, {"subject": f"{X}sub/2"}, {"value": f"{X}org/2"}])
def test_a_waiver_covers_its_rule_subject_and_value_only(change: dict[str, str]) -> None:
    assert WAIVER.covers(FINDING)
    assert not replace(WAIVER, **change).covers(FINDING)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"reason": None}, {"approver": None}, {"approver_is_management": False}])
def test_an_invalid_waiver_is_never_in_force(change: dict[str, object]) -> None:
    assert WAIVER.in_force(AS_OF)
    assert not replace(WAIVER, **change).in_force(AS_OF)  # type: ignore[arg-type]


def test_what_is_accepted_anew_is_no_longer_expired() -> None:
    (finding,) = apply(WAIVER, findings=(replace(FINDING, expired=WAIVER.acceptance),))
    assert (finding.waived, finding.expired) == (WAIVER.acceptance, None)


@given(st.permutations([replace(WAIVER, iri=f"{X}waiver/{n}", code=f"SUB00{n % 3}") for n in range(6)]))
def test_the_order_of_waivers_changes_nothing(given_waivers: list[Waiver]) -> None:
    expected = apply(*sorted(given_waivers, key=lambda w: w.iri))
    assert apply(*given_waivers) == expected
