"""The levels of concentration: limits from merger control, each with its source.

The scales are data (`ontology/parameters.ttl`). None of their sources was written for one buyer's own suppliers. They
say when a market is concentrated, and are borrowed here as a yardstick that others know; an organisation may set its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels, readable


class Level(StrEnum):
    """A level of concentration."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class HhiThresholds:
    """Limits on the Herfindahl–Hirschman index (0–10,000) and on its change under a merger.

    Below ``moderate`` is low, above ``high`` is high. A change is notable from ``moderate_change`` on in a
    moderately concentrated unit and from ``high_change`` on in a highly concentrated one; the limit itself
    counts, since a screen should rather ask once too often. What the source leaves open is None.
    """

    name: str
    moderate: float
    high: float
    moderate_change: float | None
    high_change: float
    source: Text

    def level(self, hhi: float) -> Level:
        """The level of an index."""
        if hhi < self.moderate:
            return Level.LOW
        return Level.MODERATE if hhi <= self.high else Level.HIGH

    def notable(self, after: float, change: float) -> bool:
        """Whether a merger that leads to the index ``after`` by this change deserves a closer look."""
        level = self.level(after)
        limit = {Level.LOW: None, Level.MODERATE: self.moderate_change, Level.HIGH: self.high_change}[level]
        return limit is not None and change >= limit


DEFAULT = "eu-2004"
"""The scale by default: that of the European Union."""


def scales(dataset: Dataset) -> dict[str, HhiThresholds]:
    """The scales of a dataset by name: those that ship, and those that the organisation added."""
    labels = Labels(dataset)
    result: dict[str, HhiThresholds] = {}
    for row in dataset.select(knowledge_text("ontology/analysis/scales.rq")):
        name = readable(plain(row["scale"]))
        result[name] = HhiThresholds(
            name=name,
            moderate=float(plain(row["moderate"])),
            high=float(plain(row["high"])),
            moderate_change=float(plain(row["moderateChange"])) if "moderateChange" in row else None,
            high_change=float(plain(row["highChange"])),
            source=labels[plain(row["source"])],
        )
    return result
