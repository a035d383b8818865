"""The content of a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsc.analysis.risk import Risk
from graphsc.core.periods import Period
from graphsc.core.problems import Problem
from graphsc.drawing.dates import Dated
from graphsc.drawing.model import Picture
from graphsc.drawing.records import Records
from graphsc.duties.duties import Duty
from graphsc.explanation.evidence import Fact
from graphsc.graph.labels import Labels
from graphsc.validation import Report, Rule

A_MONTH = Period.parse("P1M")
"""How far ahead the map shows duties that are due again."""


@dataclass(frozen=True)
class Mapped:
    """The content of a map: the picture over its dates, and for the evaluation date the report, duties, measures and records.

    ``facts`` are the evidence of the gravest findings, by fingerprint.
    """

    dated: Dated
    report: Report
    rules: Mapping[str, Rule]
    duties: tuple[Duty, ...]
    risk: Risk
    labels: Labels
    problems: tuple[Problem, ...]
    records: Records = field(default_factory=Records)
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)

    @property
    def picture(self) -> Picture:
        """The picture over all dates."""
        return self.dated.picture
