"""When concentration is called high: limits from merger control, each with its source.

None of these texts was written for one buyer's own suppliers. They say when a market is concentrated, and are
borrowed here as a yardstick that others know; an organisation may set its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How concentrated something is."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class HhiThresholds:
    """Limits on the Herfindahl–Hirschman index (0–10,000) and on its change under a merger.

    Below ``moderate`` is low, above ``high`` is high. A change is notable from ``moderate_change`` on in a
    moderately concentrated unit and from ``high_change`` on in a highly concentrated one; the limit itself
    counts, since a screen should rather ask once too often. ``large_share`` is the share of one party (0–1)
    from which the source attaches weight to it alone. What the source leaves open is None.
    """

    name: str
    moderate: float
    high: float
    moderate_change: float | None
    high_change: float
    large_share: float | None
    source: str

    def level(self, hhi: float) -> Level:
        """How concentrated an index says that something is."""
        if hhi < self.moderate:
            return Level.LOW
        return Level.MODERATE if hhi <= self.high else Level.HIGH

    def notable(self, after: float, change: float) -> bool:
        """Whether a merger that leads to the index ``after`` by this change deserves a closer look."""
        level = self.level(after)
        limit = {Level.LOW: None, Level.MODERATE: self.moderate_change, Level.HIGH: self.high_change}[level]
        return limit is not None and change >= limit


EU_2004 = HhiThresholds(
    name="eu-2004",
    moderate=1000,
    high=2000,
    moderate_change=250,
    high_change=150,
    large_share=0.5,
    source="European Commission, Guidelines on the assessment of horizontal mergers, 2004/C 31/03 "
    "(OJ C 31, 5.2.2004, p. 5–18), points 17, 19 and 20",
)
US_2010 = HhiThresholds(
    name="us-2010",
    moderate=1500,
    high=2500,
    moderate_change=100,
    high_change=200,
    large_share=None,
    source="U.S. Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines "
    "(19 August 2010), section 5.3; replaced in 2023, still widely quoted",
)
US_2023 = HhiThresholds(
    name="us-2023",
    moderate=1000,
    high=1800,
    moderate_change=None,
    high_change=100,
    large_share=0.3,
    source="U.S. Department of Justice and Federal Trade Commission, Merger Guidelines (18 December 2023), "
    "section 2.1; the lower limit from the Department's page on the index",
)
THRESHOLDS = {one.name: one for one in (EU_2004, US_2010, US_2023)}
DEFAULT = EU_2004
