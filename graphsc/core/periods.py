"""Date arithmetic that SPARQL does not have: due dates and cut-off dates of ISO 8601 durations.

Due = date + period, the day clipped to the month's end. The cut-off is the earliest date whose due date
is not before the evaluation date; "evaluation date minus period" is not its inverse (P1Y from 2023-02-28,
seen on 2024-02-29).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in whole months and days."""

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``P1Y``, ``P3M``, ``P2W``, ``P30D`` or a combination; ValueError for anything else."""
        match = _DURATION.fullmatch(text)
        if match is None:
            raise ValueError(f"not a duration of years, months, weeks and days: {text}")
        years, months, weeks, days = (int(part or 0) for part in match.groups())
        return cls(12 * years + months, 7 * weeks + days)

    def after(self, start: date) -> date:
        """The due date, at most the last day that a date can hold."""
        month = start.month - 1 + self.months
        year = start.year + month // 12
        if year > date.max.year:
            return date.max
        month = month % 12 + 1
        clipped = date(year, month, min(start.day, monthrange(year, month)[1]))
        if (date.max - clipped).days < self.days:
            return date.max
        return clipped + timedelta(days=self.days)

    def cutoff(self, as_of: date) -> date:
        """The earliest date whose due date is not before ``as_of``."""
        low, high = date.min.toordinal(), as_of.toordinal()
        while low < high:  # due dates never fall as dates rise, so halving finds the first
            middle = (low + high) // 2
            if self.after(date.fromordinal(middle)) >= as_of:
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)
