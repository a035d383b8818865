"""The risk of an input: every measure, with the labels for rendering."""

from __future__ import annotations

from graphsc.analysis.concentration.shares import DEFAULT, HhiThresholds, scales
from graphsc.analysis.risk import Assessment, measure
from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.text import Text
from graphsc.graph.labels import Labels
from graphsc.service import Opened


def scale(opened: Opened) -> tuple[HhiThresholds, list[Problem]]:
    """The concentration scale of the settings; for an unknown one the default and a problem."""
    by_name = scales(opened.dataset)
    name = opened.settings.concentration_scale
    if name in by_name:
        return by_name[name], []
    names = ", ".join(sorted(by_name))
    message = Text(
        f"ukendt concentration-scale: {name}. Der er {names}.",
        f"unknown concentration-scale: {name}. There are {names}.",
    )
    where = Location(opened.settings.origin.get("concentration_scale", ""))
    return by_name[DEFAULT], [Problem("bad-config", message, where)]


def assess(opened: Opened) -> Assessment:
    """Measure an opened input, with the concentration scale of the settings, or the default for an unknown one."""
    thresholds, wrong = scale(opened)
    return Assessment(
        as_of=opened.settings.as_of,
        sources=opened.sources,
        problems=by_place({*opened.unread, *wrong}),
        risk=measure(opened.dataset),
        labels=Labels(opened.dataset),
        base=opened.settings.base,
        thresholds=thresholds,
    )
