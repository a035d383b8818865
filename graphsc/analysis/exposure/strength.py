"""Strength: how far the evidence shows that a link or party is under control, from 0 to 1.

The strength is the weighted mean of the shares below. A share of which nothing is due is left out, and the other
weights count for more.

    strength = Σ weight · numerator / denominator  ÷  Σ weight        over the components with a denominator

================ =========================================== ======= ==============================================
component        numerator / denominator                     weight  why
================ =========================================== ======= ==============================================
``duties``       duties met / duties due                     3       All dated evidence that the guide asks for
                                                                     (section 5.3, annex 4) stands behind it, so it
                                                                     weighs the most.
``deviations``   watched / (watched + open deviations)       2       A breach that nobody has closed is a weakness
                                                                     that is known (section 5.3). One on a link
                                                                     halves the share, each further one takes less.
``requirements`` requirements passed on / requirements       2       What is not passed down binds nobody below
                 that the link above carries                         (annex 2).
``approvals``    approvals in force / approvals needed       2       A link that the customer has not approved is
                                                                     one that nobody has judged (annex 2).
``certificates`` certificates in force / certificates        1       A third party's word, but about a scope of its
                 asked for                                           own choosing (section 5.3).
================ =========================================== ======= ==============================================

The guide gives no numbers. The order of the weights follows the reasons above; their size is a judgement. Whatever the
weights are, the strength lies between the smallest and the largest share. It is a mean rather than a product or a minimum,
so that the effect of each component can be read off, and one missing document does not make a link worthless; in a chain
the weakest link decides (`weakest_links`). (On weights and means in such indicators: OECD and JRC, Handbook on Constructing
Composite Indicators, 2008, steps 6 and 7.)

What is due but not recorded counts as due and as not met. Where nothing at all is due the strength is unknown, and counts
as a half: without evidence neither end is likelier (the principle of indifference). A score that someone has given takes
precedence; the components are shown beside it. The strength tells what is recorded, not what is true, and is no probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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

WEIGHTS = {
    Aspect.DUTIES: 3.0,
    Aspect.DEVIATIONS: 2.0,
    Aspect.REQUIREMENTS: 2.0,
    Aspect.APPROVALS: 2.0,
    Aspect.CERTIFICATES: 1.0,
}
"""How much each component counts; the module's table gives the reasons."""
UNKNOWN = 0.5
"""The strength of a link or party without any evidence."""


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
