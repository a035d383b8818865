"""What the sections on risk say alike: kinds, levels, figures and shares in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.shares import Base, Unit
from graphsc.analysis.exposure.sentences import points
from graphsc.analysis.thresholds import Level
from graphsc.analysis.wording import number, percent
from graphsc.core.text import Language, Text
from graphsc.rendering.sections import Bar

SPEND = Text("årlige udgifter", "yearly spend")
SHOWN = (Base.SPEND, Base.CONTRACTS, Base.CRITICAL_SYSTEMS, Base.SOCIETY_CRITICAL_FUNCTIONS)
HOLDERS = (Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
LEVELS = {Level.LOW: Text("lav", "low"), Level.MODERATE: Text("moderat", "moderate"), Level.HIGH: Text("høj", "high")}
KINDS = {
    "function": Text("samfundsfunktion", "societal function"),
    "process": Text("proces", "process"),
    "system": Text("system", "system"),
    "agreement": Text("aftale", "agreement"),
    "organisation": Text("organisation", "organisation"),
    "group": Text("koncern", "owner group"),
    "country": Text("land", "country"),
    "location": Text("dataplacering", "data location"),
    "gate": Text("valgmuligheder", "options"),
    "data": Text("dataaktiv", "data asset"),
}
"""What the nodes of the graphs are."""


def figures(value: float, decimals: int = 0) -> Text:
    """A number in both languages."""
    return Text(number(value, decimals, Language.DA), number(value, decimals, Language.EN))


def share(value: float) -> Text:
    """A percentage in both languages."""
    return Text(percent(value, Language.DA), percent(value, Language.EN))


def path(assessment: Assessment, nodes: Sequence[str]) -> Text:
    """The names of nodes on a way, in order."""
    return Text.per_language(lambda language: " → ".join(assessment.label(node)[language] for node in nodes))


def strength_bar(value: float) -> Bar:
    """A strength as a bar of points out of 100."""
    return Bar(value, Text(points(value, Language.DA), points(value, Language.EN)))
