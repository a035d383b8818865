"""What a map shows of an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphsc.analysis.risk import Risk
from graphsc.core.problems import Problem
from graphsc.drawing.dates import Dated
from graphsc.drawing.model import Picture
from graphsc.duties.duties import Duty
from graphsc.graph.labels import Labels
from graphsc.validation import Report, Rule


@dataclass(frozen=True)
class Mapped:
    """What a map shows: the picture on its dates, and of the evaluation date the report, duties and measures."""

    dated: Dated
    report: Report
    rules: Mapping[str, Rule]
    duties: tuple[Duty, ...]
    risk: Risk
    labels: Labels
    problems: tuple[Problem, ...]

    @property
    def picture(self) -> Picture:
        """The picture over all dates."""
        return self.dated.picture
