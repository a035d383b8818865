"""The content of the interactive map of an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from graphsc.analysis.risk import Risk, measure
from graphsc.core.garbage import without_garbage_collection
from graphsc.core.periods import Period
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.drawing.dates import Dated, merge
from graphsc.drawing.model import Picture
from graphsc.drawing.projection import read
from graphsc.drawing.records import Records, records
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.explanation.evidence import Explainer, Fact
from graphsc.graph.labels import Labels
from graphsc.service import Opened, open_paths, validate
from graphsc.service.opened import as_of
from graphsc.validation import Report, Rule
from graphsc.validation.findings import Finding

A_MONTH = Period.parse("P1M")
"""How far ahead the map shows duties that are due again."""
MOST_DATES = 8
SHOWN = frozenset({State.OVERDUE, State.OPEN, State.MET})
"""The states of the duties on the map; met ones only if they are due again within a month."""
EXPLAINED = 100
"""The number of findings, the gravest first, with evidence on the map."""
Step = Callable[[Text], None]
"""Called with the present step of the work, to show progress."""


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


def mapped(
    paths: Sequence[Path],
    settings: Settings,
    problems: Sequence[Problem] = (),
    dates: Sequence[date] = (),
    step: Step = lambda _: None,
) -> Mapped:
    """Read an input and collect the content of its map, on the evaluation date and on other dates.

    Mistakes in the input become problems, not exceptions.
    """
    step(Text("Læser og udleder", "Reading and deriving"))
    opened = open_paths(paths, settings, problems)
    step(Text("Dømmer reglerne", "Judging the rules"))
    report, rules = validate(opened)
    others = []
    for day in dates:
        if day != settings.as_of:
            step(Text(f"Tegner {day}", f"Drawing {day}"))
            others.append(_picture(as_of(opened, day)))
    return _gathered(opened, report, rules, others, step)


@without_garbage_collection()
def _gathered(opened: Opened, report: Report, rules: dict[str, Rule], others: Sequence[Picture], step: Step) -> Mapped:
    """The content for the evaluation date, with the pictures of the other dates."""
    settings = opened.settings
    step(Text("Tegner", "Drawing"))
    labels = Labels(opened.dataset)
    picture = read(opened.dataset, settings.as_of, report.findings, labels)
    step(Text("Finder pligter", "Finding duties"))
    owed = all_duties(opened.dataset, settings, report, rules, states=SHOWN, until=A_MONTH.after(settings.as_of))
    step(Text("Måler risiko", "Measuring risk"))
    risk = measure(opened.dataset, exposure=False)  # the map shows none
    step(Text("Samler aftaler og forklaringer", "Gathering agreements and explanations"))
    return Mapped(
        dated=merge([picture, *others], settings.as_of),
        report=report,
        rules=rules,
        duties=tuple(owed),
        risk=risk,
        labels=labels,
        problems=report.problems,
        records=records(opened.dataset, opened.sources.locate),
        facts=_facts(opened, report.findings),
    )


def _facts(opened: Opened, findings: Sequence[Finding]) -> dict[str, tuple[Fact, ...]]:
    """The evidence of the gravest findings."""
    explainer = Explainer(opened.dataset, opened.sources, opened.rules, depth=1)
    gravest = sorted((finding for finding in findings if finding.group is None), key=lambda finding: finding.order)
    return {finding.fingerprint: explainer.finding(finding) for finding in gravest[:EXPLAINED]}


def pictured(
    paths: Sequence[Path], settings: Settings, problems: Sequence[Problem] = ()
) -> tuple[Picture, Report, dict[str, Rule]]:
    """The picture of an input alone, with the report whose findings it marks, and the rules."""
    opened = open_paths(paths, settings, problems)
    report, rules = validate(opened)
    return read(opened.dataset, settings.as_of, report.findings), report, rules


def _picture(opened: Opened) -> Picture:
    report, _ = validate(opened)
    return read(opened.dataset, opened.settings.as_of, report.findings)
