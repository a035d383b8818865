"""The facts behind the figures of one node: paths, shares and records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsc.analysis.concentration.sentences import BASES, overlap_sentence, ultimate_sentence
from graphsc.analysis.concentration.shares import Unit, View
from graphsc.analysis.exposure.access import blast_radius, who_reaches
from graphsc.analysis.exposure.sentences import (
    blast_sentence,
    path_sentence,
    strength_sentence,
    weakest_sentence,
    who_sentence,
)
from graphsc.analysis.exposure.weakest_links import Aspect
from graphsc.analysis.records import Record
from graphsc.analysis.resilience.losses import failure_path
from graphsc.analysis.resilience.sentences import (
    availability_sentence,
    cut_set_sentence,
    cut_sets_sentence,
    fewest_losses_sentence,
    loss_sentence,
    single_points_sentence,
)
from graphsc.analysis.risk import Assessment
from graphsc.analysis.sections import KINDS, SHOWN, path
from graphsc.core.document import Columns, Section, table
from graphsc.core.text import Text

_UNITS = {
    "organisation": Unit.ORGANISATION,
    "group": Unit.GROUP,
    "country": Unit.COUNTRY,
    "agreement": Unit.CONTRACT,
}
_ASPECTS = {
    Aspect.DUTIES: Text("pligt", "duty"),
    Aspect.DEVIATIONS: Text("afvigelser", "deviations"),
    Aspect.REQUIREMENTS: Text("krav ført videre", "requirement passed on"),
    Aspect.APPROVALS: Text("kundens godkendelse", "customer's approval"),
    Aspect.CERTIFICATES: Text("revisionserklæring", "audit report"),
}


def title(assessment: Assessment, node: str) -> Text:
    """The title: the name and kind of the node."""
    name, kind = assessment.label(node), kind_of(assessment, node)
    day = assessment.as_of.isoformat()
    return Text(f"{name.da} ({kind.da}) pr. {day}", f"{name.en} ({kind.en}) as of {day}")


def kind_of(assessment: Assessment, node: str) -> Text:
    """What sort of thing a node is."""
    graph, access = assessment.risk.graph, assessment.risk.access
    return KINDS[(graph if node in graph else access).nodes[node]["kind"]]


def sections(assessment: Assessment, node: str, most: int = 10) -> tuple[Section, ...]:
    """Everything about one node. KeyError for one that is in neither graph."""
    if node not in assessment.risk.graph and node not in assessment.risk.access:
        raise KeyError(node)
    return tuple(_sections(assessment, node, most))


def _sections(assessment: Assessment, node: str, most: int) -> Iterator[Section]:
    where = assessment.sources.locate(node)
    if where is not None:
        yield Section(Text("Hvor det står", "Where it is written"), (Text.same(str(where)),))
    graph = assessment.risk.graph
    if node in graph:
        if graph.nodes[node]["basic"]:
            yield _loss(assessment, node, most)
        if graph.nodes[node]["critical"]:
            yield from _target(assessment, node, most)
        yield from _shares(assessment, node, most)
        yield from _strength(assessment, node, most)
    if node in assessment.risk.access:
        yield from _access(assessment, node, most)


def _loss(assessment: Assessment, node: str, most: int) -> Section:
    """What stops with its loss, with a path to each."""
    graph = assessment.risk.graph
    loss = next(item for item in assessment.risk.losses if item.node == node)
    paths = [failure_path(graph, node, target) for target in sorted(loss.stops)]
    return Section(
        Text("Hvis det falder bort", "If it is lost"),
        (loss_sentence(graph, loss, assessment.label),),
        points=_cut(tuple(_path(assessment, path) for path in paths), most),
    )


def _target(assessment: Assessment, node: str, most: int) -> Iterator[Section]:
    """What stops it: single points with their paths, combinations, and the weakest link."""
    risk, graph = assessment.risk, assessment.risk.graph
    points = risk.points[node]
    paths = [failure_path(graph, point, node) for point in points]
    yield Section(
        Text("Står og falder med", "Stands or falls with"),
        (single_points_sentence(graph, node, points, assessment.label),),
        points=_cut(tuple(_path(assessment, path) for path in paths), most),
    )
    cuts = risk.cuts.get(node) or risk.cuts_of(node)
    several = [events for events in cuts if len(events) > 1]
    sentences = [cut_sets_sentence(graph, cuts, assessment.label)]
    if len(cuts):
        sentences.append(fewest_losses_sentence(cuts, assessment.label))
    if node in risk.availability:
        sentences.append(availability_sentence(node, risk.availability[node], assessment.label))
    yield Section(
        Text("Tab på samme tid", "Losses at the same time"),
        tuple(sentences),
        points=_cut(tuple(cut_set_sentence(node, events, assessment.label) for events in several), most),
    )
    weak = risk.chains.weakest(node)
    strength = risk.strengths.of(weak.node) if weak.node is not None else None
    known = strength is None or strength.known
    sentences = [weakest_sentence(weak, assessment.label, known=known)]
    if weak.node is not None and strength is not None and known:
        sentences.append(strength_sentence(weak.node, strength, assessment.label))
    yield Section(Text("Svageste led", "Weakest link"), tuple(sentences))


def _shares(assessment: Assessment, node: str, most: int) -> Iterator[Section]:
    """Its shares, and the items and paths that these count."""
    unit = _UNITS.get(assessment.risk.graph.nodes[node]["kind"])
    if unit is None:
        return
    for base in SHOWN:
        direct, ultimate = (assessment.risk.measured(unit, base, view) for view in View)
        if direct is None or ultimate is None or not ultimate.of(node).items:
            continue
        reasons = assessment.risk.supply.reasons(base, unit, node)
        yield Section(
            Text(f"Andel af {BASES[base].da}", f"Share of {BASES[base].en}"),
            (ultimate_sentence(direct, ultimate, node, assessment.label),),
            points=_cut(tuple(_path(assessment, [reason.item, *reason.path]) for reason in reasons), most),
        )
    for overlap in assessment.risk.overlaps:
        if overlap.node == node:
            yield Section(
                Text("Skjult sammenfald", "Hidden overlap"),
                (overlap_sentence(overlap, assessment.label),),
                points=tuple(_path(assessment, path) for path in overlap.paths),
            )


def _strength(assessment: Assessment, node: str, most: int) -> Iterator[Section]:
    """Its strength, and the records behind that: missing ones first."""
    strength = assessment.risk.strengths.of(node)
    if strength is None:
        return
    behind = sorted(assessment.risk.strengths.behind(node), key=lambda record: (record.there, record))
    places = assessment.sources.locate

    def place(record: Record) -> Text:
        return Text.same(str(places(record.thing) or places(record.link) or ""))

    columns: Columns[Record] = {
        Text("Led", "Link"): lambda record: assessment.label(record.link),
        Text("Om", "About"): lambda record: _ASPECTS[record.aspect],
        Text("Hvad", "What"): lambda record: assessment.label(record.what),
        Text("Til stede", "There"): lambda record: Text("ja", "yes") if record.there else Text("nej", "no"),
        Text("Sted", "Place"): place,
    }
    yield Section(
        Text("Styrke", "Strength"),
        (strength_sentence(node, strength, assessment.label),),
        (table(columns, behind, most),) if behind else (),
    )


def _access(assessment: Assessment, node: str, most: int) -> Iterator[Section]:
    """What can be reached from here, or who can reach it."""
    access = assessment.risk.access
    if access.nodes[node]["kind"] in {"system", "data"}:
        ways = who_reaches(access, node)
        sentence = who_sentence(node, ways, assessment.label)
        heading = Text("Hvem der kan nå det", "Who can reach it")
        points = tuple(path_sentence(way, assessment.label) for way in ways)
    else:
        radius = blast_radius(access, node)
        sentence = blast_sentence(radius, assessment.label)
        heading = Text("Ved et indbrud her", "If someone breaks in here")
        points = tuple(path_sentence(thing.path, assessment.label) for thing in radius.things)
    yield Section(heading, (sentence,), points=_cut(points, most))


def _path(assessment: Assessment, nodes: Sequence[str]) -> Text:
    return path(assessment, [node for place, node in enumerate(nodes) if not place or node != nodes[place - 1]])


def _cut(points: tuple[Text, ...], most: int) -> tuple[Text, ...]:
    more = len(points) - most
    return points if more <= 0 else (*points[:most], Text(f"… og {more} til", f"… and {more} more"))
