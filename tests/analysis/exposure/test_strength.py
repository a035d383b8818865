"""Strength: each component by hand, the mean, what is left out, what is given, and what no evidence can do."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.exposure.weakest_links import Aspect, Component, Strength, strength

FULL = {
    Aspect.DUTIES: (6, 8),
    Aspect.DEVIATIONS: (1, 2),
    Aspect.REQUIREMENTS: (3, 4),
    Aspect.APPROVALS: (1, 2),
    Aspect.CERTIFICATES: (0, 1),
}


def test_all_five_components_and_their_mean() -> None:
    strengths = strength(FULL)
    assert strengths.components == (
        Component(Aspect.DUTIES, 0.75, 3, 6, 8),
        Component(Aspect.DEVIATIONS, 0.5, 2, 1, 2),
        Component(Aspect.REQUIREMENTS, 0.75, 2, 3, 4),
        Component(Aspect.APPROVALS, 0.5, 2, 1, 2),
        Component(Aspect.CERTIFICATES, 0.0, 1, 0, 1),
    )
    # (3 · 0.75 + 2 · 0.5 + 2 · 0.75 + 2 · 0.5 + 1 · 0) / 10
    assert strengths.value == strengths.evidence == 0.575
    assert (strengths.given, strengths.known) == (False, True)


def test_what_nothing_is_due_of_is_left_out() -> None:
    strengths = strength({Aspect.DUTIES: (1, 4), Aspect.APPROVALS: (1, 1)})
    assert [component.name for component in strengths.components] == [Aspect.DUTIES, Aspect.APPROVALS]
    assert strengths.value == pytest.approx((3 * 0.25 + 2 * 1) / 5)


@pytest.mark.parametrize(("still_open", "value"), [(0, 1.0), (1, 0.5), (2, 1 / 3), (9, 0.1)])
def test_the_first_open_deviation_halves_and_each_further_one_takes_less(still_open: int, value: float) -> None:
    assert strength({Aspect.DEVIATIONS: (1, 1 + still_open)}).value == pytest.approx(value)


def test_no_deviation_counts_only_where_a_record_is_kept() -> None:
    assert strength({}).components == ()
    assert strength({Aspect.DEVIATIONS: (1, 1)}).value == 1.0


def test_without_evidence_the_strength_is_unknown_and_half() -> None:
    strengths = strength({})
    assert strengths == Strength(0.5, (), given=False, evidence=None)
    assert strengths.known is False


def test_a_given_score_takes_precedence_and_the_evidence_stays_visible() -> None:
    strengths = strength(FULL, given=0.9)
    assert (strengths.value, strengths.given, strengths.evidence) == (0.9, True, 0.575)
    assert strengths.components == strength(FULL).components
    bare = strength({}, given=0.0)
    assert (bare.value, bare.evidence, bare.known) == (0.0, None, True)


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan])
def test_scores_that_cannot_be(value: float) -> None:
    with pytest.raises(ValueError, match="the given score is"):
        strength(FULL, given=value)


# ---------------------------------------------------------------- for any evidence

EVIDENCE = st.dictionaries(
    st.sampled_from(Aspect),
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair))),
)


@given(EVIDENCE)
def test_the_value_is_the_weighted_mean_and_lies_between_its_components(counts: dict[Aspect, tuple[int, int]]) -> None:
    strengths = strength(counts)
    assert 0 <= strengths.value <= 1
    if strengths.components:
        shares = [component.value for component in strengths.components]
        assert min(shares) - 1e-12 <= strengths.value <= max(shares) + 1e-12
        total = sum(Fraction(component.weight) for component in strengths.components)
        mean = (
            sum(
                Fraction(component.weight) * Fraction(component.numerator, component.denominator)
                for component in strengths.components
            )
            / total
        )
        assert strengths.value == pytest.approx(float(mean), abs=1e-12)


@given(EVIDENCE)
def test_better_evidence_never_makes_weaker(counts: dict[Aspect, tuple[int, int]]) -> None:
    before = strength(counts).value
    better = [{**counts, aspect: (part + 1, whole)} for aspect, (part, whole) in counts.items() if part < whole]
    assert all(strength(more).value >= before for more in better)
