"""The shipped concentration scales, for tests that speak of levels."""

from __future__ import annotations

from datetime import date

from graphsc.analysis.concentration.shares import scales
from graphsc.core.settings import Settings
from graphsc.graph import loading
from graphsc.sources import Sources

SCALES = scales(loading.load(Sources([], []), Settings(as_of=date(2026, 11, 25))))
EU_2004, US_2010, US_2023 = (SCALES[name] for name in ("eu-2004", "us-2010", "us-2023"))
