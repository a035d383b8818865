"""The demo authority, opened once for all tests that only read it; who adds to the graph opens one of their own."""

from __future__ import annotations

from datetime import date
from functools import cache

from repository import DEMO

from graphsc.core.settings import Settings
from graphsc.service import Opened, open_paths, validate
from graphsc.validation import Report, Rule

AS_OF = date(2026, 11, 25)


@cache
def opened() -> Opened:
    """What the demo says, and what follows from it."""
    return open_paths([DEMO], Settings(as_of=AS_OF))


@cache
def judged() -> tuple[Report, dict[str, Rule]]:
    """The findings of the demo."""
    return validate(opened())
