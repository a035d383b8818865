"""Strength: each component by hand, the mean, what is left out, what is given, and what no evidence can do."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.exposure.strength import Aspect, Component, Evidence, Strength, strength

FULL = Evidence(
    due_duties=8,
    met_duties=6,
    watched=1,
    open_deviations=1,
    requirements=4,
    passed_on=3,
    needed_approvals=2,
    valid_approvals=1,
    asked_certificates=1,
    valid_certificates=0,
)


def test_all_five_components_and_their_mean() -> None:
    found = strength(FULL)
    assert found.components == (
        Component(Aspect.DUTIES, 0.75, 3, 6, 8),
        Component(Aspect.DEVIATIONS, 0.5, 2, 1, 2),
        Component(Aspect.REQUIREMENTS, 0.75, 2, 3, 4),
        Component(Aspect.APPROVALS, 0.5, 2, 1, 2),
        Component(Aspect.CERTIFICATES, 0.0, 1, 0, 1),
    )
    # (3 · 0.75 + 2 · 0.5 + 2 · 0.75 + 2 · 0.5 + 1 · 0) / 10
    assert found.value == found.evidence == 0.575
    assert (found.given, found.has_source) == (False, True)


def test_what_nothing_is_due_of_is_left_out() -> None:
    found = strength(Evidence(due_duties=4, met_duties=1, needed_approvals=1, valid_approvals=1))
    assert [one.name for one in found.components] == [Aspect.DUTIES, Aspect.APPROVALS]
    assert found.value == pytest.approx((3 * 0.25 + 2 * 1) / 5)


@pytest.mark.parametrize(("still_open", "value"), [(0, 1.0), (1, 0.5), (2, 1 / 3), (9, 0.1)])
def test_the_first_open_deviation_halves_and_each_further_one_takes_less(still_open: int, value: float) -> None:
    assert strength(Evidence(watched=1, open_deviations=still_open)).value == pytest.approx(value)


def test_no_deviation_counts_only_where_a_record_is_kept() -> None:
    assert strength(Evidence()).components == ()
    assert strength(Evidence(watched=1)).value == 1.0


def test_without_evidence_the_strength_is_unknown_and_half() -> None:
    found = strength(Evidence())
    assert found == Strength(0.5, (), given=False, evidence=None)
    assert found.has_source is False


def test_a_given_score_takes_precedence_and_the_evidence_stays_visible() -> None:
    found = strength(FULL, given=0.9)
    assert (found.value, found.given, found.evidence) == (0.9, True, 0.575)
    assert found.components == strength(FULL).components
    bare = strength(Evidence(), given=0.0)
    assert (bare.value, bare.evidence, bare.has_source) == (0.0, None, True)


def test_a_partys_evidence_is_the_sum_of_that_of_its_links() -> None:
    one = Evidence(due_duties=2, met_duties=2, watched=1)
    other = Evidence(due_duties=6, met_duties=1, watched=1, open_deviations=2)
    both = one + other
    assert both == Evidence(due_duties=8, met_duties=3, watched=2, open_deviations=2)
    assert strength(both).value == pytest.approx((3 * 3 / 8 + 2 * 2 / 4) / 5)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"due_duties": -1}, "due_duties is -1: a count cannot be negative"),
        ({"due_duties": 1, "met_duties": 2}, "duties: 2 of 1: a part cannot exceed the whole"),
        ({"passed_on": 1}, "requirements: 1 of 0"),
        ({"valid_approvals": 1}, "approvals: 1 of 0"),
        ({"asked_certificates": 1, "valid_certificates": 3}, "certificates: 3 of 1"),
        ({"open_deviations": 2}, "2 open deviations on no watched link"),
    ],
)
def test_counts_that_cannot_be(counts: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Evidence(**counts)


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan])
def test_scores_that_cannot_be(value: float) -> None:
    with pytest.raises(ValueError, match="the given score is"):
        strength(FULL, given=value)


# ---------------------------------------------------------------- for any evidence

counts = st.integers(0, 50)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    wholes = [draw(counts) for _ in range(4)]
    parts = [draw(st.integers(0, whole)) for whole in wholes]
    watched = draw(st.integers(0, 5))
    deviations = draw(counts) if watched else 0
    return Evidence(
        wholes[0], parts[0], watched, deviations, wholes[1], parts[1], wholes[2], parts[2], wholes[3], parts[3]
    )


@given(evidences())
def test_the_value_is_the_weighted_mean_and_lies_between_its_components(evidence: Evidence) -> None:
    found = strength(evidence)
    assert 0 <= found.value <= 1
    if found.components:
        shares = [component.value for component in found.components]
        assert min(shares) - 1e-12 <= found.value <= max(shares) + 1e-12
        total = sum(Fraction(one.weight) for one in found.components)
        mean = sum(Fraction(one.weight) * Fraction(one.numerator, one.denominator) for one in found.components) / total
        assert found.value == pytest.approx(float(mean), abs=1e-12)


@given(evidences())
def test_better_evidence_never_makes_weaker(evidence: Evidence) -> None:
    before = strength(evidence).value
    better = []
    for part, whole in (
        ("met_duties", "due_duties"),
        ("passed_on", "requirements"),
        ("valid_approvals", "needed_approvals"),
        ("valid_certificates", "asked_certificates"),
    ):
        if getattr(evidence, part) < getattr(evidence, whole):
            better.append(replace(evidence, **{part: getattr(evidence, part) + 1}))
    if evidence.open_deviations:
        better.append(replace(evidence, open_deviations=evidence.open_deviations - 1))
    assert all(strength(one).value >= before for one in better)


@given(st.lists(evidences(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order(parts: list[Evidence], random: object) -> None:
    mixed = list(parts)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    total = sum(parts, Evidence())
    assert total == sum(mixed, Evidence())
    assert all(getattr(total, one.name) == sum(getattr(part, one.name) for part in parts) for one in fields(Evidence))
