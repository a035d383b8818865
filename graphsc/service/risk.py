"""Risk of an input: every measure, ready to be shown."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.risk import measure
from graphsc.analysis.thresholds import DEFAULT, scales
from graphsc.labels import Labels
from graphsc.location import Location
from graphsc.problems import Problem
from graphsc.service import Opened
from graphsc.text import Text


def assess(opened: Opened) -> Assessment:
    """Measure an opened input. The concentration scale is that of the settings, or the default where it is unknown."""
    found = [*opened.problems, *opened.sources.problems]
    known = scales(opened.dataset)
    chosen = opened.settings.concentration_scale
    if chosen not in known:
        names = ", ".join(sorted(known))
        message = Text(
            f"ukendt concentration-scale: {chosen}. Der er {names}.",
            f"unknown concentration-scale: {chosen}. There are {names}.",
        )
        found.append(Problem("bad-config", message, Location(opened.settings.origin.get("concentration_scale", ""))))
    return Assessment(
        as_of=opened.settings.as_of,
        sources=opened.sources,
        problems=tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.order)),
        risk=measure(opened.dataset),
        labels=Labels(opened.dataset),
        base=opened.settings.base,
        thresholds=known.get(chosen, known[DEFAULT]),
    )
