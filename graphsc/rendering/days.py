"""Days as people write them."""

from __future__ import annotations

import re
from datetime import date

from graphsc.core.text import Language, Text

MONTHS = (
    ("januar", "January"), ("februar", "February"), ("marts", "March"), ("april", "April"), ("maj", "May"), ("juni", "June"),
    ("juli", "July"), ("august", "August"), ("september", "September"), ("oktober", "October"), ("november", "November"),
    ("december", "December"),
)  # fmt: skip
_ISO = re.compile(r"(?<![\w/.:-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])")
"""A date in ISO 8601 that is a word by itself: not a part of a path, an id or a time."""


def written_day(day: date) -> Text:
    """A day as people write it: 25. november 2026, 25 November 2026."""
    danish, english = MONTHS[day.month - 1]
    return Text(f"{day.day}. {danish} {day.year}", f"{day.day} {english} {day.year}")


def short_day(day: date) -> Text:
    """A day in short: 25. nov. 2026, 25 Nov 2026."""
    danish, english = MONTHS[day.month - 1]
    dot = "." if len(danish) > 3 else ""  # maj is not shortened
    return Text(f"{day.day}. {danish[:3]}{dot} {day.year}", f"{day.day} {english[:3]} {day.year}")


def with_written_days(text: str, language: Language) -> str:
    """A text with its ISO dates written out; what is no date stays as it is."""

    def written(match: re.Match[str]) -> str:
        try:
            return written_day(date(*map(int, match.groups())))[language]
        except ValueError:
            return match[0]

    return _ISO.sub(written, text)
