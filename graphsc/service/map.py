"""Everything that the interactive map shows of an input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from graphsc.analysis.risk import measure
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings, beside
from graphsc.core.text import Text
from graphsc.drawing.dates import over
from graphsc.drawing.mapped import Mapped
from graphsc.drawing.model import Picture
from graphsc.drawing.projection import read
from graphsc.duties.duties import duties as all_duties
from graphsc.graph.labels import Labels
from graphsc.service import Opened, open_paths, validate

MOST_DATES = 8
Step = Callable[[Text], None]
"""Told what is being done, for whoever waits."""


def mapped(
    paths: Sequence[Path],
    settings: Settings,
    problems: Sequence[Problem] = (),
    dates: Sequence[date] = (),
    step: Step = lambda _: None,
) -> Mapped:
    """Read an input and gather what its map shows, on the evaluation date and at most so many others.

    Never raises for what is wrong with the input: that becomes problems.
    """
    step(Text("Læser og udleder", "Reading and deriving"))
    opened = open_paths(paths, settings, problems)
    step(Text("Dømmer reglerne", "Judging the rules"))
    report, rules = validate(opened)
    labels = Labels(opened.dataset)
    pictures = [read(opened.dataset, settings.as_of, report.findings, labels)]
    for day in dates:
        if day != settings.as_of:
            step(Text(f"Tegner {day}", f"Drawing {day}"))
            pictures.append(_picture(open_paths(paths, beside(settings, as_of=day), problems)))
    step(Text("Finder pligter", "Finding duties"))
    owed = all_duties(opened.dataset, opened.sources, settings, report, rules)
    step(Text("Måler risiko", "Measuring risk"))
    return Mapped(
        dated=over(pictures, settings.as_of),
        report=report,
        rules=rules,
        duties=tuple(owed),
        risk=measure(opened.dataset),
        labels=labels,
        problems=report.problems,
    )


def _picture(opened: Opened) -> Picture:
    report, _ = validate(opened)
    return read(opened.dataset, opened.settings.as_of, report.findings)
