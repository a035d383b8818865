"""The limits of merger control, as their sources set them."""

from __future__ import annotations

import pytest
from scales import EU_2004, SCALES, US_2010, US_2023

from graphsc.analysis.concentration.shares import DEFAULT, HhiThresholds, Level
from graphsc.core.settings import Settings


@pytest.mark.parametrize(
    ("limits", "hhi", "level"),
    [
        (EU_2004, 999.9, Level.LOW),
        (EU_2004, 1000, Level.MODERATE),
        (EU_2004, 2000, Level.MODERATE),
        (EU_2004, 2000.1, Level.HIGH),
        (US_2023, 999.9, Level.LOW),
        (US_2023, 1000, Level.MODERATE),
        (US_2023, 1800, Level.MODERATE),
        (US_2023, 1800.1, Level.HIGH),
        (US_2010, 1499.9, Level.LOW),
        (US_2010, 1500, Level.MODERATE),
        (US_2010, 2500, Level.MODERATE),
        (US_2010, 2500.1, Level.HIGH),
    ],
)
def test_levels(limits: HhiThresholds, hhi: float, level: Level) -> None:
    assert limits.level(hhi) is level


@pytest.mark.parametrize(
    ("limits", "after", "change", "notable"),
    [
        (EU_2004, 900, 500, False),
        (EU_2004, 1580, 40, False),
        (EU_2004, 1999, 249, False),
        (EU_2004, 1999, 250, True),
        (EU_2004, 2001, 149, False),
        (EU_2004, 2001, 150, True),
        (US_2023, 1700, 400, False),
        (US_2023, 1801, 99, False),
        (US_2023, 1801, 100, True),
        (US_2010, 1600, 99, False),
        (US_2010, 1600, 100, True),
        (US_2010, 2600, 199, False),
        (US_2010, 2600, 200, True),
    ],
)
def test_changes(limits: HhiThresholds, after: float, change: float, notable: bool) -> None:
    assert limits.notable(after, change) is notable


def test_every_scale_has_a_name_and_a_source() -> None:
    assert sorted(SCALES) == ["eu-2004", "us-2010", "us-2023"]
    assert Settings().concentration_scale == DEFAULT
    assert all(one.name == name and one.source.da and one.moderate < one.high for name, one in SCALES.items())
    assert US_2023.moderate_change is None
