"""When a duty is due: worked days, and what must hold of any."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.periods import Period
from graphsc.duties.facts import Event, Evidence, lasts, timing

YEAR, MONTH = Period(12, 0), Period(1, 0)
AS_OF = date(2026, 11, 25)


def done(*days: str) -> list[Evidence]:
    return [Evidence(f"urn:e:{day}", date.fromisoformat(day)) for day in days]


@pytest.mark.parametrize(
    ("day", "every", "due"),
    [
        ("2025-11-25", YEAR, "2026-11-25"),  # a year old to the day: still due today, not overdue
        ("2025-11-24", YEAR, "2026-11-24"),
        ("2024-02-29", YEAR, "2025-02-28"),
        ("2023-02-28", YEAR, "2024-02-28"),
        ("2026-01-31", MONTH, "2026-02-28"),
        ("2024-01-31", MONTH, "2024-02-29"),
        ("2026-10-31", MONTH, "2026-11-30"),
    ],
)
def test_what_is_done_is_due_again_a_period_later(day: str, every: Period, due: str) -> None:
    assert timing(AS_OF, done(day), every=every).due == date.fromisoformat(due)


@pytest.mark.parametrize(("as_of", "met"), [("2026-11-25", True), ("2026-11-26", False)])
def test_the_day_itself_still_counts(as_of: str, met: bool) -> None:
    times = timing(date.fromisoformat(as_of), done("2025-11-25"), every=YEAR)
    assert bool(times.satisfied_by) is met
    assert times.due == date(2026, 11, 25)
    assert times.latest == done("2025-11-25")[0]


def test_the_newest_evidence_counts_and_comes_first() -> None:
    times = timing(AS_OF, done("2025-12-01", "2026-06-01", "2024-01-01"), every=YEAR)
    assert times.due == date(2027, 6, 1)
    assert [record.iri for record in times.satisfied_by] == ["urn:e:2026-06-01", "urn:e:2025-12-01"]


def test_what_is_done_once_is_done_for_good() -> None:
    times = timing(AS_OF, done("2020-01-01"), before=[date(2019, 1, 1)])
    assert (times.due, len(times.satisfied_by)) == (None, 1)


def test_what_had_to_be_done_before_a_day_is_due_on_it() -> None:
    assert timing(AS_OF, [], before=[date(2024, 3, 1), date(2024, 2, 1)]).due == date(2024, 2, 1)


def test_without_any_day_nothing_is_due_on_one() -> None:
    assert timing(AS_OF, []).due is None


def test_a_role_lasts_until_its_last_day() -> None:
    held = [Evidence("urn:r", date(2023, 5, 1), date(2026, 11, 25), person="urn:p")]
    assert timing(AS_OF, held).due == AS_OF
    assert timing(AS_OF, held).satisfied_by == tuple(held)
    assert timing(AS_OF + timedelta(1), held).satisfied_by == ()
    follows = [*held, Evidence("urn:s", date(2026, 12, 1))]
    assert timing(AS_OF, follows).due is None


def test_the_first_time_runs_from_its_own_day() -> None:
    assert timing(AS_OF, [], every=YEAR, first=[date(2027, 1, 1)]).due == date(2027, 1, 1)
    assert timing(AS_OF, done("2025-12-01"), every=YEAR, first=[date(2027, 1, 1)]).due == date(2027, 1, 1)
    assert timing(AS_OF, done("2026-10-01"), every=YEAR, first=[date(2027, 1, 1)]).due == date(2027, 10, 1)


def test_an_event_brings_the_day_forward() -> None:
    events = [
        Event("urn:b", date(2026, 11, 20), date(2026, 12, 20)),
        Event("urn:a", date(2026, 11, 1), date(2026, 12, 1)),
    ]
    times = timing(AS_OF, done("2026-06-01"), every=YEAR, events=events)
    assert times.due == date(2026, 12, 1)
    assert times.event == events[1]
    assert len(times.satisfied_by) == 1


def test_an_event_never_puts_the_day_off() -> None:
    event = Event("urn:a", date(2026, 11, 20), date(2026, 12, 20))
    assert timing(AS_OF, done("2025-12-01"), every=YEAR, events=[event]).due == date(2026, 12, 1)


def test_what_must_be_renewed_must_have_a_day() -> None:
    times = timing(AS_OF, [Evidence("urn:e")], every=YEAR)
    assert (times.due, times.satisfied_by) == (None, ())
    assert timing(AS_OF, [Evidence("urn:e")]).satisfied_by == (Evidence("urn:e"),)


def test_the_end_of_the_calendar_is_no_day() -> None:
    assert timing(AS_OF, done("2026-01-01"), every=Period(12 * 9000, 0)).due is None


days = st.dates(date(2019, 1, 1), date(2026, 12, 31))
records = st.lists(
    st.builds(Evidence, st.text("abc", min_size=1, max_size=3), st.none() | days, st.none() | days), max_size=4
)
periods = st.none() | st.builds(Period, st.integers(0, 14), st.integers(0, 40))


@given(as_of=days, evidence=records, every=periods, first=st.lists(days, max_size=2), before=st.lists(days, max_size=2))
def test_what_counts_is_what_lasts_until_today(
    as_of: date, evidence: list[Evidence], every: Period | None, first: list[date], before: list[date]
) -> None:
    times = timing(as_of, evidence, every=every, first=first, before=before)
    expected = {record for record in evidence if (record.until or date.max) >= as_of}
    if every is not None:
        expected = {record for record in expected if record.day is not None and record.day >= every.cutoff(as_of)}
    assert set(times.satisfied_by) == expected
    if expected:
        assert times.due is None or times.due >= as_of
    elif not any(day >= as_of for day in first) and not before:
        assert times.due is None or times.due < as_of


@given(as_of=days, evidence=records, every=periods, first=st.lists(days, max_size=2))
def test_it_is_met_until_it_is_due_and_not_a_day_longer(
    as_of: date, evidence: list[Evidence], every: Period | None, first: list[date]
) -> None:
    times = timing(as_of, evidence, every=every, first=first)
    if times.due is None or times.due < as_of:
        return
    for day, met in ((times.due, True), (times.due + timedelta(1), False)):
        later = timing(day, evidence, every=every, first=first)
        assert later.due == times.due
        assert (bool(later.satisfied_by) or any(one >= day for one in first)) is met


@given(evidence=records, every=periods, data=st.data())
def test_the_order_of_what_is_recorded_does_not_matter(
    evidence: list[Evidence], every: Period | None, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(evidence))
    one, other = timing(AS_OF, evidence, every=every), timing(AS_OF, shuffled, every=every)
    assert (one.due, set(one.satisfied_by)) == (other.due, set(other.satisfied_by))


@given(evidence=records, every=periods)
def test_more_evidence_never_brings_the_day_forward(evidence: list[Evidence], every: Period | None) -> None:
    for number in range(len(evidence)):
        less, more = (lasts_longest(evidence[:end], every) for end in (number, number + 1))
        assert less <= more


def lasts_longest(evidence: list[Evidence], every: Period | None) -> date:
    return max((lasts(record, every) for record in evidence), default=date.min)
