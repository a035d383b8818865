"""The figures of risk as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Literal

from typing_extensions import TypedDict

from graphsc.analysis.concentration.sentences import concentration_sentence, overlap_sentence
from graphsc.analysis.concentration.shares import Base, Level, Share, Unit, View
from graphsc.analysis.exposure.sentences import improvement_sentence, strength_sentence, weakest_sentence
from graphsc.analysis.exposure.weakest_links import Component, Lift
from graphsc.analysis.resilience.sentences import fix_sentence, loss_sentence
from graphsc.analysis.risk import Assessment
from graphsc.core.text import Text
from graphsc.rendering.contract import NamedRead, from_attributes, read, rounded, written

WHOLE = slice(None)
"""All rows of every list."""


class Scale(TypedDict):
    """The scale that says when concentration is high."""

    name: str  #: What it is called.
    moderateFrom: float  #: The index from which concentration is moderate.
    highAbove: float  #: The index above which it is high.
    source: Text  #: Where the scale comes from.


class Shares(TypedDict):
    """How concentrated one base is on one unit."""

    unit: Unit  #: Whose hands it lies in.
    base: Base  #: What is counted.
    view: View  #: At the first tier, or where the chains end.
    hhi: float  #: Herfindahl–Hirschman index, from 0 to 10,000.
    level: Level  #: How high that is on the scale.
    effectiveSuppliers: float  #: How many equal holders would be as concentrated.
    cr1: float  #: The largest share, from 0 to 1.
    cr3: float  #: The three largest shares together.
    total: float  #: All amounts.
    items: int  #: How many things are counted.
    covered: float  #: The part of them whose amount is recorded, from 0 to 1.
    sentence: Text  #: The same in words.
    shares: list[Share]  #: Largest first.


class Substitutes(TypedDict):
    """How many others could deliver what each holder delivers."""

    base: str  #: What is counted.
    alternatives: dict[str, int]  #: For each holder, how many others are recorded.
    shareWithout: float  #: The part that nobody else could deliver, from 0 to 1.


class Stop(TypedDict):
    """What stops with one party."""

    node: str  #: The party.
    kind: str  #: organisation, group, country or location.
    weight: float  #: What stops, weighted by criticality.
    stops: list[str]  #: The critical systems and functions.
    sentence: Text  #: The same in words.


class Points(TypedDict):
    """What something critical stands or falls with."""

    node: str  #: The system or function.
    points: list[str]  #: The parties that each stop it alone.


class CutSets(TypedDict):
    """The least sets of losses that stop something critical."""

    target: str  #: The system or function.
    upTo: int  #: The size up to which all were looked for.
    sets: list[list[str]]  #: The sets.


class Available(TypedDict):
    """How likely something is to work, from the availabilities that are recorded."""

    node: str  #: The system or function.
    value: float | None  #: The probability, from 0 to 1; null where something can stop in too many ways to work it out.


class Repair(TypedDict):
    """One change that takes away single points."""

    node: str  #: Where an alternative would help.
    need: str | None  #: What for; null where it is for all.
    removed: int  #: How many pairs of a party and what it stops go.
    weight: float  #: What they weigh.
    events: list[str]  #: The parties that stop nothing there any more.
    targets: list[str]  #: What does not stand or fall with them any more.
    sentence: Text  #: The same in words.


class Repairs(TypedDict):
    """The changes that take away most single points."""

    before: int  #: How many pairs of a party and what it stops there are.
    ranked: list[Repair]  #: Best first.


class Weakest(TypedDict):
    """The weakest link of a chain."""

    target: str  #: The system or function that the chain delivers to.
    node: str | None  #: The link; null where none is weaker than 1.
    strength: float  #: Its strength, from 0 to 1.
    path: list[str]  #: From the target to the link.
    sentence: Text  #: The same in words.


class Gain(TypedDict):
    """What would be gained if a link were as strong as can be."""

    node: str  #: The link.
    strength: float  #: Its strength now.
    gain: float  #: The gain, summed over systems.
    lifts: list[Lift]  #: For each system and function.
    sentence: Text  #: The same in words.


class LinkStrength(TypedDict):
    """How strong an agreement or a party is."""

    node: str  #: Which.
    strength: float  #: From 0 to 1.
    known: bool  #: Whether anything is recorded that it rests on.
    given: bool  #: Whether it was given in the data.
    evidence: float | None  #: What evidence alone would make it; null where there is none.
    components: list[Component]  #: What it is made of.
    sentence: Text  #: The same in words.


class SharedSupplier(TypedDict):
    """A party on which several suppliers of one customer rest."""

    node: str  #: The party.
    suppliers: list[str]  #: The suppliers.
    paths: list[list[str]]  #: How each of them rests on it.
    direct: bool  #: Whether it is itself a supplier of the customer.
    sentence: Text  #: The same in words.


class AccessReach(TypedDict):
    """What a break-in at one party could reach."""

    node: str  #: The party.
    reached: int  #: How many systems.
    weight: float  #: What they weigh.


class Document(NamedRead):
    """What `graphsc risk --format json` writes. Nodes are IRIs."""

    schema: Literal["graphsc.risk/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the figures are true of.
    concentrationScale: Scale
    concentration: list[Shares]  #: For every base, unit and view.
    substitutability: list[Substitutes]  #: For every base.
    singlePoints: list[Stop]  #: The parties whose loss alone stops something critical, heaviest first.
    standsOrFallsWith: list[Points]  #: The same, seen from what stops.
    cutSets: list[CutSets]  #: For every critical system and function.
    availability: list[Available]  #: For every critical system and function.
    fixes: Repairs
    weakestLinks: list[Weakest]  #: The weakest link of every chain.
    improvements: list[Gain]  #: The links worth strengthening, best first.
    stuck: list[str]  #: Systems that no single stronger link helps.
    strengths: list[LinkStrength]  #: Of every agreement and party.
    overlaps: list[SharedSupplier]  #: Parties that several suppliers rest on.
    access: list[AccessReach]  #: What a break-in could reach, from every party with access.


def longest(assessment: Assessment) -> int:
    """The length of the longest list; each list of shares counts by itself."""
    risk = assessment.risk
    lists = (*_rows(assessment).values(), *(of.shares for of in risk.concentration))
    return max(map(len, (*lists, *(measured.alternatives for measured in risk.substitutability.values()))))


def _rows(assessment: Assessment) -> Mapping[str, Sequence[Any]]:
    """The items of the lists that grow with the data, each in its order."""
    risk = assessment.risk

    def by_name(measured: Mapping[str, object]) -> list[tuple[str, object]]:
        return sorted(measured.items(), key=itemgetter(0))

    return {
        "singlePoints": [loss for loss in risk.losses if loss.count],
        "standsOrFallsWith": by_name(risk.points),
        "cutSets": by_name(risk.cuts),
        "availability": by_name(risk.availability),
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
    risk, graph, label = assessment.risk, assessment.risk.graph, assessment.label
    rows = {name: items[part] for name, items in _rows(assessment).items()}
    contents: Document = {
        "schema": "graphsc.risk/1",
        "asOf": assessment.as_of,
        **read(sorted(assessment.sources.sources, key=lambda source: source.file), assessment.problems),
        "concentrationScale": {
            "name": assessment.thresholds.name,
            "moderateFrom": assessment.thresholds.moderate,
            "highAbove": assessment.thresholds.high,
            "source": assessment.thresholds.source,
        },
        "concentration": [
            from_attributes(
                Shares,
                concentration,
                level=assessment.thresholds.level(concentration.hhi),
                shares=list(concentration.shares[part]),
                sentence=concentration_sentence(concentration, label, assessment.thresholds),
            )
            for concentration in risk.concentration
        ],
        "substitutability": [
            {
                "base": str(base),
                "alternatives": dict(sorted(measured.alternatives.items())[part]),
                "shareWithout": measured.share_without,
            }
            for base, measured in risk.substitutability.items()
        ],
        "singlePoints": [
            {
                "node": loss.node,
                "kind": graph.nodes[loss.node]["kind"],
                "weight": loss.weight,
                "stops": sorted(loss.stops),
                "sentence": loss_sentence(graph, loss, label),
            }
            for loss in rows["singlePoints"]
        ],
        "standsOrFallsWith": [{"node": target, "points": list(points)} for target, points in rows["standsOrFallsWith"]],
        "cutSets": [
            {
                "target": target,
                "upTo": cuts.most,
                "sets": [sorted(events) for events in cuts],
            }
            for target, cuts in rows["cutSets"]
        ],
        "availability": [{"node": target, "value": chance} for target, chance in rows["availability"]],
        "fixes": {
            "before": risk.fixes.before,
            "ranked": [
                from_attributes(Repair, fix, sentence=fix_sentence(fix, risk.fixes.before, label))
                for fix in rows["fixes"]
            ],
        },
        "weakestLinks": [
            from_attributes(
                Weakest,
                link,
                sentence=weakest_sentence(link, label, known=link.node is None or risk.strengths.is_known(link.node)),
            )
            for link in rows["weakestLinks"]
        ],
        "improvements": [
            from_attributes(Gain, improvement, sentence=improvement_sentence(improvement, label))
            for improvement in rows["improvements"]
        ],
        "stuck": list(rows["stuck"]),
        "strengths": [
            from_attributes(
                LinkStrength,
                measured,
                node=name,
                strength=measured.value,
                known=measured.has_source,
                sentence=strength_sentence(name, measured, label),
            )
            for name, measured in rows["strengths"]
        ],
        "overlaps": [
            from_attributes(SharedSupplier, overlap, sentence=overlap_sentence(overlap, label))
            for overlap in rows["overlaps"]
        ],
        "access": [from_attributes(AccessReach, radius, node=radius.source) for radius in rows["access"]],
        "labels": {},
    }
    document = rounded(contents)
    names = {*graph, *risk.access}
    mentioned = names if part == WHOLE else names & _texts(document)
    return written({**document, "labels": {name: label(name) for name in sorted(mentioned)}})


def _texts(value: Any) -> set[str]:
    """Every text in a document, including keys."""
    match value:
        case str():
            return {value}
        case dict():
            return {*value}.union(*map(_texts, value.values()))
        case list():
            return set[str]().union(*map(_texts, value))
    return set()
