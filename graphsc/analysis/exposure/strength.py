"""Strength: how far the evidence shows that a link or party is under control, from 0 to 1.

The strength is the weighted mean of the shares below. A share of which nothing is due is left out, and the other
weights count for more.

    strength = Σ weight · numerator / denominator  ÷  Σ weight        over the components with a denominator

================ ===========================================================
component        numerator / denominator
================ ===========================================================
``duties``       duties met / duties due
``deviations``   watched / (watched + open deviations): one on a link halves
                 the share, each further one takes less
``requirements`` requirements passed on / requirements that the link above
                 carries
``approvals``    approvals in force / approvals needed
``certificates`` certificates in force / certificates asked for
================ ===========================================================

The weights are data, each with its reason (`ontology/analysis/strength.toml`). Whatever they are, the strength lies
between the smallest and the largest share. It is a mean rather than a product or a minimum, so that the effect of each
component can be read off, and one missing document does not make a link worthless; in a chain the weakest link decides
(`weakest_links`). (On weights and means in such indicators: OECD and JRC, Handbook on Constructing Composite Indicators,
2008, steps 6 and 7.)

What is due but not recorded counts as due and as not met. Where nothing at all is due the strength is unknown, and a
figure of that file stands for it. A score that someone has given takes precedence; the components are shown beside it. The
strength tells what is recorded, not what is true, and is no probability.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graphsc.core.resources import knowledge_text


def checked(value: float, name: str) -> float:
    """The value, if it lies from 0 to 1; otherwise ValueError with the name of the value."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}: it must lie from 0 to 1")
    return float(value)


class Aspect(StrEnum):
    """What a component of a strength is about."""

    DUTIES = "duties"
    DEVIATIONS = "deviations"
    REQUIREMENTS = "requirements"
    APPROVALS = "approvals"
    CERTIFICATES = "certificates"


Counts = Mapping[Aspect, tuple[int, int]]
"""The counts of a link or party at the evaluation date: for each aspect how many are in order, and of how many.

A duty is met if it has its evidence or its time still runs; a waived finding does not meet the duty behind it. A requirement
is passed on if this link has it, unchanged or stricter, or is exempted from it. Of deviations the first number is of links
with a record of deviations, empty or not (0 or 1 for a link), and the second adds the deviations that are not closed.
The counts of a party are the sums of those of its links.
"""

_FIGURES = tomllib.loads(knowledge_text("ontology/analysis/strength.toml"))
WEIGHTS = {Aspect(name): float(weight) for name, weight in _FIGURES["weights"].items()}
"""How much each component counts."""
UNKNOWN: float = checked(_FIGURES["unknown"], "unknown")
"""The strength of a link or party without any evidence."""
LEAST_LIKELIHOOD: float = checked(_FIGURES["least-likelihood"], "least-likelihood")
"""The least likelihood of a step, whatever the strength of its link."""


@dataclass(frozen=True, slots=True)
class Component:
    """One share that a strength is made of."""

    name: Aspect  #: What was looked at.
    value: float  #: From 0 to 1.
    weight: float  #: What it weighs.
    numerator: int  #: How many are in order.
    denominator: int  #: Of how many.


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength of a link or party, from 0 to 1, with its components.

    ``given`` says that someone has set the score; ``evidence`` is the strength by the components alone, None where nothing
    is due.
    """

    value: float
    components: tuple[Component, ...]
    given: bool
    evidence: float | None

    @property
    def has_source(self) -> bool:
        """Whether a score or any evidence stands behind the value."""
        return self.given or self.evidence is not None


def strength(counts: Counts, *, given: float | None = None) -> Strength:
    """The strength of a link or party by its counts, or by the score that someone has given.

    Values are rounded at the twelfth decimal, so that what is equal on paper is equal. ValueError for a given score
    outside 0–1.
    """
    parts = tuple(
        Component(aspect, part / whole, WEIGHTS[aspect], part, whole)
        for aspect in Aspect
        for part, whole in (counts.get(aspect, (0, 0)),)
        if whole
    )
    total = math.fsum(component.weight for component in parts)
    mean = round(math.fsum(component.weight * component.value for component in parts) / total, 12) if parts else None
    if given is not None:
        return Strength(checked(given, "the given score"), parts, given=True, evidence=mean)
    return Strength(UNKNOWN if mean is None else mean, parts, given=False, evidence=mean)
