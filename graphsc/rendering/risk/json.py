"""The figures of risk as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

from graphsc.analysis.concentration.sentences import concentration_sentence, overlap_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, HhiThresholds, Level, Share, Substitutability
from graphsc.analysis.concentration.supply import Overlap
from graphsc.analysis.exposure.access import Radius
from graphsc.analysis.exposure.sentences import improvement_sentence, strength_sentence, weakest_sentence
from graphsc.analysis.exposure.weakest_links import Improvement, Strength, WeakestLink
from graphsc.analysis.resilience.improvement import Fix, Fixes
from graphsc.analysis.resilience.losses import CutSets, Loss
from graphsc.analysis.resilience.sentences import fix_sentence, loss_sentence
from graphsc.analysis.risk import Assessment
from graphsc.core.contract import INLINE, plain
from graphsc.core.identifiers import iris
from graphsc.core.text import Text
from graphsc.rendering.contract import document
from graphsc.validation.findings import Input, ReadInput

WHOLE = slice(None)
"""All rows of every list."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InWords(Generic[T]):
    """A figure, also in words."""

    figure: T = field(metadata=INLINE)
    sentence: Text  #: The same in words.


@dataclass(frozen=True, slots=True)
class Shares:
    """How concentrated one base is on the units of a kind, and what that means."""

    concentration: Concentration = field(metadata=INLINE)
    shares: tuple[Share, ...]  #: Largest first; who only passes work on has a share of 0.
    level: Level  #: How high the index is on the scale.
    sentence: Text  #: The same in words.


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops with one party."""

    loss: Loss = field(metadata=INLINE)
    kind: str  #: organisation, group, country or location.
    sentence: Text  #: The same in words.


@dataclass(frozen=True, slots=True)
class StopsWith:
    """What something critical stands or falls with."""

    node: str  #: The system or function.
    points: tuple[str, ...]  #: The parties that each stop it alone.


@dataclass(frozen=True, slots=True)
class Available:
    """How likely something is to work, from the availabilities that are recorded."""

    node: str  #: The system or function.
    value: float | None  #: The probability, from 0 to 1; null where something can stop in too many ways to work it out.


@dataclass(frozen=True, slots=True)
class NodeStrength:
    """How strong an agreement or a party is."""

    node: str  #: Which.
    strength: Strength = field(metadata=INLINE)
    sentence: Text  #: The same in words.


@dataclass(frozen=True, slots=True)
class Repairs:
    """The changes that take away most single points."""

    fixes: Fixes = field(metadata=INLINE)
    ranked: tuple[InWords[Fix], ...]  #: Best first.


@dataclass(frozen=True, slots=True)
class Document(ReadInput):
    """The measures of risk. Nodes are IRIs."""

    as_of: date  #: The day that the figures are true of.
    concentration_scale: HhiThresholds  #: The scale that says when concentration is high.
    concentration: tuple[Shares, ...]  #: For every base, unit and view.
    substitutability: Mapping[Base, Substitutability]  #: For every base.
    single_points: tuple[Stop, ...]  #: The parties whose loss alone stops something critical, heaviest first.
    stands_or_falls_with: tuple[StopsWith, ...]  #: The same, seen from what stops.
    cut_sets: tuple[CutSets, ...]  #: For every critical system and function.
    availability: tuple[Available, ...]  #: For every critical system and function.
    fixes: Repairs  #: The changes that take away most single points.
    weakest_links: tuple[InWords[WeakestLink], ...]  #: The weakest link of every chain.
    improvements: tuple[InWords[Improvement], ...]  #: The links worth strengthening, best first.
    stuck: tuple[str, ...]  #: Systems that no single stronger link helps.
    strengths: tuple[NodeStrength, ...]  #: Of every agreement and party.
    overlaps: tuple[InWords[Overlap], ...]  #: Parties that several suppliers rest on.
    access: tuple[Radius, ...]  #: What a break-in could reach, from every party with access.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.


def longest(assessment: Assessment) -> int:
    """The length of the longest list; each list of shares counts by itself."""
    risk = assessment.risk
    lists = (*_rows(assessment).values(), *(of.shares for of in risk.concentration))
    return max(map(len, (*lists, *(measured.alternatives for measured in risk.substitutability.values()))))


def _rows(assessment: Assessment) -> Mapping[str, Sequence[Any]]:
    """The items of the lists that grow with the data, each in its order."""
    risk = assessment.risk

    return {
        "singlePoints": [loss for loss in risk.losses if loss.count],
        "standsOrFallsWith": sorted(risk.points.items()),
        "cutSets": [cuts for _, cuts in sorted(risk.cuts.items())],
        "availability": sorted(risk.availability.items()),
        "fixes": risk.fixes.ranked,
        "weakestLinks": risk.weakest,
        "improvements": risk.improvements.ranked,
        "stuck": risk.improvements.stuck,
        "strengths": sorted([*risk.strengths.links.items(), *risk.strengths.parties.items()]),
        "overlaps": risk.overlaps,
        "access": risk.radii,
    }


def render(assessment: Assessment, part: slice = WHOLE) -> str:
    """All measures, every node by its IRI, sentences and labels in both languages.

    With a ``part`` only these rows of each list, and the labels of the IRIs in them.
    """
    risk, graph, label, scale = assessment.risk, assessment.risk.graph, assessment.label, assessment.thresholds
    rows = {name: items[part] for name, items in _rows(assessment).items()}
    shown = Document(
        inputs=tuple(sorted((Input(s.file, s.sha256) for s in assessment.sources.sources), key=lambda i: i.file)),
        problems=assessment.problems,
        as_of=assessment.as_of,
        concentration_scale=scale,
        concentration=tuple(
            Shares(one, one.shares[part], scale.level(one.hhi), concentration_sentence(one, label, scale))
            for one in risk.concentration
        ),
        substitutability={
            base: replace(measured, alternatives=dict(sorted(measured.alternatives.items())[part]))
            for base, measured in risk.substitutability.items()
        },
        single_points=tuple(
            Stop(loss, graph.nodes[loss.node]["kind"], loss_sentence(graph, loss, label))
            for loss in rows["singlePoints"]
        ),
        stands_or_falls_with=tuple(StopsWith(*row) for row in rows["standsOrFallsWith"]),
        cut_sets=tuple(rows["cutSets"]),
        availability=tuple(Available(*row) for row in rows["availability"]),
        fixes=Repairs(
            risk.fixes, tuple(InWords(fix, fix_sentence(fix, risk.fixes.before, label)) for fix in rows["fixes"])
        ),
        weakest_links=tuple(
            InWords(
                link,
                weakest_sentence(link, label, known=link.node is None or risk.strengths.is_known(link.node)),
            )
            for link in rows["weakestLinks"]
        ),
        improvements=tuple(InWords(one, improvement_sentence(one, label)) for one in rows["improvements"]),
        stuck=tuple(rows["stuck"]),
        strengths=tuple(
            NodeStrength(name, measured, strength_sentence(name, measured, label))
            for name, measured in rows["strengths"]
        ),
        overlaps=tuple(InWords(overlap, overlap_sentence(overlap, label)) for overlap in rows["overlaps"]),
        access=tuple(rows["access"]),
        labels={},
    )
    names = {*graph, *risk.access}
    mentioned = names if part == WHOLE else names & iris(plain(shown))
    return document("risk", replace(shown, labels={name: label(name) for name in mentioned}))
