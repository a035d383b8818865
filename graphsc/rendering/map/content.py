"""What the page of a map is told: the picture and what is known of it, as columns of numbers and a table of texts.

Each text stands once, in both languages, and is made inert on the way in (`graphsc.rendering.escape`). Nodes, edges,
agreements and findings are numbers. The page's own script reads this, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Any

from graphsc import __version__
from graphsc.drawing import shapes
from graphsc.drawing.chain import Links, chain_of, walk
from graphsc.drawing.layout import ALIGNED, PASSES, SWEEPS, Spacing
from graphsc.drawing.model import OUTSIDE, Kind, Passing, Picture, Says, lane_name
from graphsc.drawing.svg import LINE, LINES, LONGEST, MARKED, PER_LINE, POINTED, STOPPED
from graphsc.drawing.words import KINDS, LEVELS, PASSING, SAYS, SEVERITIES
from graphsc.rendering import wording
from graphsc.rendering.escape import brief
from graphsc.rendering.map.figures import dependencies, figures, weakest
from graphsc.rendering.map.words import WORDS
from graphsc.rendering.responsibility.words import Voice
from graphsc.responsibility.duties import Duty, State
from graphsc.service.map import Mapped
from graphsc.text import Language, Text
from graphsc.validation.findings import Severity

OPENING = 300
"""Nodes beyond which the map does not open on everything that hangs on the critical functions."""
NEAREST = 90
"""Nodes that it opens on then, so that their names can be read."""
Json = dict[str, Any]

_KINDS = list(Kind)
_SAYS = list(Says)
_SEVERITIES = list(Severity)
_PASSING = list(Passing)


class Texts:
    """The table of texts: each once, as one string where both languages say the same."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str], int] = {}

    def __call__(self, text: Text | None) -> int:
        """The number of a text; -1 for none."""
        if text is None:
            return -1
        key = brief(text.da), brief(text.en)
        return self._number.setdefault(key, len(self._number))

    def table(self) -> list[str | list[str]]:
        """The texts in the order of their numbers."""
        return [da if da == en else [da, en] for da, en in self._number]


def content(found: Mapped, title: Text, language: Language) -> Json:
    """Everything that the page is told, ready for JSON."""
    picture, texts = found.picture, Texts()
    known = _Known(picture)
    told: Json = {
        "version": __version__,
        "asOf": found.report.as_of.isoformat(),
        "language": language.value,
        "title": texts(title),
        "partial": bool(found.problems),
        "names": _names(texts),
        "drawing": _drawing(),
        "prefix": known.prefix,
        "nodes": _nodes(picture, texts, known),
        "edges": _edges(picture, known),
        "agreements": [[known.short(iri), texts((picture.agreements or {})[iri])] for iri in known.agreements],
        "findings": _findings(found, texts),
        "unplaced": list(picture.unplaced),
        "rules": _rules(found, texts),
        "requirements": _requirements(picture, texts, known),
        "supervision": _supervision(found, texts, known),
        "outlines": [[one.kind, texts(one.label), list(one.members)] for one in picture.outlines],
        "duties": _duties(found, texts, known),
        "dependencies": dependencies(found, texts, known.node),
        "figures": figures(found, known.node),
        "weakest": weakest(found, texts, known.node),
        "dates": _dates(found),
        "opening": opening(picture),
    }
    told["texts"] = texts.table()
    return told


class _Known:
    """Places of nodes and agreements by IRI, and the part that all IRIs of nodes begin with."""

    def __init__(self, picture: Picture) -> None:
        self.node = {node.iri: place for place, node in enumerate(picture.nodes)}
        self.agreements = sorted(picture.agreements or {})
        self.agreement = {iri: place for place, iri in enumerate(self.agreements)}
        self.prefix = _shared([*self.node, *self.agreements])

    def short(self, iri: str) -> str:
        """An IRI without what all begin with."""
        return iri.removeprefix(self.prefix)


def _shared(iris: list[str]) -> str:
    """What all IRIs begin with, up to a slash or hash."""
    if not iris:
        return ""
    first, last = min(iris), max(iris)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[: max(first.rfind("/", 0, same), first.rfind("#", 0, same)) + 1]


def _names(texts: Texts) -> Json:
    return {
        "kinds": [texts(KINDS[kind]) for kind in _KINDS],
        "says": [texts(SAYS[says]) for says in _SAYS],
        "levels": [texts(level) for level in LEVELS],
        "severities": [texts(SEVERITIES[severity]) for severity in _SEVERITIES],
        "passing": [texts(PASSING[state]) for state in _PASSING],
        "words": {key: texts(text) for key, text in sorted(WORDS.items())},
    }


def _drawing() -> Json:
    """Sizes and shapes, so that the page draws what `graphsc.drawing.svg` draws."""
    spacing = Spacing()
    return {
        "spacing": {name: getattr(spacing, name) for name in ("column", "row", "head", "foot", "least")},
        "sweeps": SWEEPS,
        "passes": PASSES,
        "aligned": list(ALIGNED),
        "radius": shapes.RADIUS,
        "badge": shapes.BADGE,
        "kinds": [_flat(shapes.outline(kind)) for kind in _KINDS],
        "badges": [_flat(shapes.badge(severity)) for severity in _SEVERITIES],
        "perLine": PER_LINE,
        "longest": LONGEST,
        "lines": LINES,
        "line": LINE,
        "marked": MARKED,
        "stopped": STOPPED,
        "pointed": POINTED,
        "outside": OUTSIDE,
    }


def _flat(points: shapes.Points | None) -> list[float] | None:
    return None if points is None else [part for point in points for part in point]


def _nodes(picture: Picture, texts: Texts, known: _Known) -> Json:
    nodes = picture.nodes
    lanes = sorted({node.lane for node in nodes})
    return {
        "id": [known.short(node.iri) for node in nodes],
        "label": [texts(node.label) for node in nodes],
        "kind": [_KINDS.index(node.kind) for node in nodes],
        "lane": [node.lane for node in nodes],
        "level": [-1 if node.level is None else node.level for node in nodes],
        "criticality": _sparse(
            (place, texts(node.criticality)) for place, node in enumerate(nodes) if node.criticality
        ),
        "country": [node.country or "" for node in nodes],
        "owner": _sparse((place, node.owner) for place, node in enumerate(nodes) if node.owner is not None),
        "findings": _sparse((place, list(node.findings)) for place, node in enumerate(nodes) if node.findings),
        "lanes": {str(lane): texts(lane_name(lane)) for lane in _upto(lanes)},
    }


def _upto(lanes: Iterable[int]) -> list[int]:
    """The lanes that may be shown: in a chain of its own a supplier may lie deeper than in the whole."""
    inner = [lane for lane in lanes if lane != OUTSIDE]
    return [*range(max(inner, default=0) + 33), OUTSIDE]


def _sparse(pairs: Iterable[tuple[int, object]]) -> dict[str, object]:
    return {str(place): value for place, value in pairs}


def _edges(picture: Picture, known: _Known) -> Json:
    edges = picture.edges
    return {
        "says": [_SAYS.index(edge.says) for edge in edges],
        "agreement": [known.agreement[edge.agreement] if edge.agreement else -1 for edge in edges],
        "parent": [known.agreement.get(edge.parent, -1) if edge.parent else -1 for edge in edges],
        "tier": [edge.tier or 0 for edge in edges],
        "dropped": _sparse((place, list(edge.dropped)) for place, edge in enumerate(edges) if edge.dropped),
        "alternative": _sparse((place, list(edge.alternative)) for place, edge in enumerate(edges) if edge.alternative),
        "findings": _sparse((place, list(edge.findings)) for place, edge in enumerate(edges) if edge.findings),
    }


def _both(say: Any) -> Text:
    """A text from a function of the language."""
    return Text(say(Language.DA), say(Language.EN))


def _findings(found: Mapped, texts: Texts) -> list[Json]:
    report, result = found.report, []
    for finding in found.picture.findings:
        told: Json = {
            "code": finding.code,
            "severity": _SEVERITIES.index(finding.severity),
            "message": texts(finding.message),
            "remedy": texts(finding.remedy),
            "who": texts(_both(lambda language, who=finding.actor: wording.actor(report, who, language))),
            "id": finding.fingerprint,
        }
        if finding.location is not None:
            told["where"] = brief(str(finding.location))
        if finding.parties:
            told["parties"] = [texts(found.labels[iri]) for iri in finding.parties]
        if finding.waived or finding.expired:
            accepted = _both(lambda language, one=finding: wording.acceptance(one, report, language))
            told["accepted"] = texts(accepted)
        if not finding.counts:
            told["waived"] = True
        result.append(told)
    return result


def _rules(found: Mapped, texts: Texts) -> Json:
    """The rules that the findings stand on, with the guide's statements."""
    codes = sorted({finding.code for finding in found.picture.findings} & found.rules.keys())
    return {
        code: [
            texts(found.rules[code].title),
            texts(found.rules[code].description),
            ", ".join(found.rules[code].statements),
            [texts(reference.label) for reference in found.rules[code].references],
        ]
        for code in codes
    }


def _requirements(picture: Picture, texts: Texts, known: _Known) -> list[list[Any]]:
    return [
        [
            texts(one.label),
            known.agreement.get(one.root, -1),
            [
                number
                for agreement, state in one.passing.items()
                if agreement in known.agreement
                for number in (known.agreement[agreement], _PASSING.index(state))
            ],
        ]
        for one in picture.requirements
    ]


def _supervision(found: Mapped, texts: Texts, known: _Known) -> list[list[int]]:
    return [
        [
            known.agreement[one.root],
            known.agreement[one.agreement],
            one.supervisor,
            texts(found.labels[one.rule]),
            texts(one.about),
        ]
        for one in found.picture.supervision
        if one.root in known.agreement and one.agreement in known.agreement
    ]


def _duties(found: Mapped, texts: Texts, known: _Known) -> Json:
    """What is overdue or open, by the nodes and agreements it is about, and how much is met."""
    numbers = {finding.fingerprint: place for place, finding in enumerate(found.picture.findings)}
    rows: list[list[Any]] = []
    at_node: dict[int, list[int]] = defaultdict(list)
    at_agreement: dict[int, list[int]] = defaultdict(list)
    voices = {language: Voice(found.labels, language) for language in Language}
    for duty in found.duties:
        if duty.state not in {State.OVERDUE, State.OPEN}:
            continue
        for thing in dict.fromkeys((duty.subject, *duty.agreements)):
            if thing in known.node:
                at_node[known.node[thing]].append(len(rows))
            elif thing in known.agreement:
                at_agreement[known.agreement[thing]].append(len(rows))
        rows.append(
            [
                int(duty.state is State.OPEN),
                texts(_both(lambda language, one=duty: voices[language].what(one))),
                texts(_both(lambda language, one=duty: _holder(voices[language], one))),
                duty.due.isoformat() if duty.due else "",
                numbers.get(duty.finding or "", -1),
            ]
        )
    return {
        "rows": rows,
        "nodes": _sparse(sorted(at_node.items())),
        "agreements": _sparse(sorted(at_agreement.items())),
    }


def _holder(voice: Voice, duty: Duty) -> str:
    return ", ".join(filter(None, (voice.name(duty.holder.organisation), voice.who(duty))))


def _dates(found: Mapped) -> Json:
    dated = found.dated
    if len(dated.dates) < 2:
        return {}
    return {
        "dates": [day.isoformat() for day in dated.dates],
        "nodes": list(dated.nodes),
        "edges": list(dated.edges),
        "findings": list(dated.findings),
    }


def opening(picture: Picture) -> list[int]:
    """The nodes that the map opens on: what the society-critical functions rest on, as far down as is readable.

    Where there is no function, what is most critical takes its place, and where nothing is, where findings are. Of a
    small picture whole chains are shown; of a large one only the nearest links.
    """
    if len(picture.nodes) <= OPENING and not any(
        node.kind is Kind.FUNCTION or node.level == 3 for node in picture.nodes
    ):
        return [place for place, node in enumerate(picture.nodes) if node.kind is not Kind.OTHER]
    starts = (
        [place for place, node in enumerate(picture.nodes) if node.kind is Kind.FUNCTION]
        or [place for place, node in enumerate(picture.nodes) if node.kind is Kind.SYSTEM and node.level == 3]
        or [place for place, node in enumerate(picture.nodes) if node.kind is Kind.SYSTEM and node.findings]
        or [place for place, node in enumerate(picture.nodes) if node.findings]
    )
    whole = chain_of(picture, starts)
    if len(whole.nodes) <= OPENING:
        places = {node.iri: place for place, node in enumerate(picture.nodes)}
        return sorted(places[node.iri] for node in whole.nodes)
    links, kept = Links(picture), dict.fromkeys(starts[: NEAREST * 2 // 3])
    rounds = zip_longest(*(walk(links, start, downward=True) for start in list(kept)))
    for number in chain.from_iterable(rounds):  # the nearest of each in turn
        if number is not None and len(kept) < NEAREST:
            kept.setdefault(picture.edges[number].target)
    return sorted(kept)


__all__ = ["Texts", "content", "opening"]
