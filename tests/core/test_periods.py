from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.periods import Period


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [("P1Y", 12, 0), ("P3M", 3, 0), ("P2W", 0, 14), ("P30D", 0, 30), ("P1Y2M3W4D", 14, 25), ("P0D", 0, 0)],
)
def test_parse(text: str, months: int, days: int) -> None:
    assert Period.parse(text) == Period(months, days)


@pytest.mark.parametrize(
    "text", ["", "P", "1Y", "P1", "p1y", "P-1Y", "P1Y ", "PT1H", "P1YT1H", "P1D1Y", "P1.5Y", "P1Y1Y", "+P1Y", "P1Y\n"]
)
def test_parse_refuses_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration of years, months, weeks and days"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2024-06-15", "P1Y", "2025-06-15"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2023-02-28", "P1Y", "2024-02-28"),
        ("2025-01-31", "P1M", "2025-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2025-03-31", "P1M", "2025-04-30"),
        ("2025-08-31", "P6M", "2026-02-28"),
        ("2025-12-31", "P2M", "2026-02-28"),
        ("2025-01-31", "P1M1D", "2025-03-01"),  # clipped first, then the days
        ("2025-02-28", "P2W", "2025-03-14"),
        ("2025-06-15", "P0D", "2025-06-15"),
        ("9999-12-31", "P1D", "9999-12-31"),  # the calendar ends here
        ("9999-12-31", "P1M", "9999-12-31"),
        ("2025-01-01", "P9999Y", "9999-12-31"),
        ("2025-01-01", "P99999999999D", "9999-12-31"),
    ],
)
def test_due_date(start: str, period: str, due: str) -> None:
    assert Period.parse(period).after(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("as_of", "period", "cutoff"),
    [
        ("2025-06-15", "P1Y", "2024-06-15"),
        # "A year earlier" would be wrong: what is from 28 February 2023 was due on 28 February 2024.
        ("2024-02-29", "P1Y", "2023-03-01"),
        ("2025-02-28", "P1Y", "2024-02-28"),
        ("2025-03-01", "P1Y", "2024-03-01"),
        ("2025-02-28", "P1M", "2025-01-28"),
        ("2025-03-01", "P1M", "2025-02-01"),
        ("2025-03-31", "P1M", "2025-03-01"),
        ("2025-05-31", "P30D", "2025-05-01"),
        ("2025-06-15", "P0D", "2025-06-15"),
        ("0001-03-01", "P1Y", "0001-01-01"),  # the calendar begins here
    ],
)
def test_cutoff(as_of: str, period: str, cutoff: str) -> None:
    assert Period.parse(period).cutoff(date.fromisoformat(as_of)) == date.fromisoformat(cutoff)


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PERIODS = st.builds(Period, st.integers(0, 30), st.integers(0, 90))


def due(period: Period, start: date) -> date:
    """Due date by going from day to day: to the month, then to the last day in it that is not past the start's."""
    day = start.replace(day=1)
    for _ in range(period.months):
        day = (day + timedelta(31)).replace(day=1)
    month = day.month
    while day.day < start.day and (day + timedelta(1)).month == month:
        day += timedelta(1)
    return day + timedelta(period.days)


@given(PERIODS, DAYS)
def test_due_date_by_counting(period: Any, start: Any) -> None:
    assert period.after(start) == due(period, start)


@given(PERIODS, DAYS)
def test_the_cutoff_is_the_earliest_date_whose_due_date_is_not_before_the_evaluation_date(
    period: Any, as_of: Any
) -> None:
    furthest = 31 * (period.months + 1) + period.days + 1
    days = (as_of - timedelta(back) for back in range(furthest, -1, -1))
    assert period.cutoff(as_of) == next(day for day in days if due(period, day) >= as_of)


@given(PERIODS, DAYS, DAYS)
def test_on_time_means_not_before_the_cutoff(period: Any, done: Any, as_of: Any) -> None:
    assert (done >= period.cutoff(as_of)) == (period.after(done) >= as_of or done >= as_of)


@given(PERIODS, DAYS, st.integers(0, 400))
def test_due_dates_never_fall_as_dates_rise(period: Any, start: Any, days: Any) -> None:
    assert period.after(start) <= period.after(start + timedelta(days))
