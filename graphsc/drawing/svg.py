"""Pictures as SVG."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from graphsc.core.escape import html
from graphsc.core.text import Language, Text
from graphsc.drawing.layout import LINE, RADIUS, Lane, Layout, Line, Rows, lay_out
from graphsc.drawing.model import Edge, EdgeKind, Kind, Node, Passing, Picture, lane_name
from graphsc.validation.findings import SEVERITIES, Severity

BADGE = 10
"""Half the height of a badge."""

Points = tuple[tuple[float, float], ...]

OUTLINES: dict[Kind, Points] = {
    Kind.AUTHORITY: ((0, -1.1), (1.05, -0.2), (0.85, 1), (-0.85, 1), (-1.05, -0.2)),
    Kind.FUNCTION: ((-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1), (-1.2, 0)),
    Kind.PROCESS: ((-1.2, -0.8), (0.6, -0.8), (1.3, 0), (0.6, 0.8), (-1.2, 0.8), (-0.6, 0)),
    Kind.SYSTEM: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
}
"""The corners of each kind of node in units of the radius; any other kind is a circle."""
BADGES: dict[Severity, Points] = {
    Severity.BREACH: ((0, -1.15), (1.15, 0.9), (-1.15, 0.9)),
    Severity.QUESTION: ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
}
"""The corners of badges in units of their radius; any other is a circle."""
FILLINGS = {Severity.BREACH: "violated", Severity.QUESTION: "warned", Severity.NOTE: "noted"}
"""The fill colour of a node by its gravest finding."""
OUTER = 1.36
"""The radius of the second outline of the most critical nodes, in units of the first."""


def at(points: Points, x: float, y: float, radius: float) -> Points:
    """Corners around a point."""
    return tuple((round(x + radius * across, 1), round(y + radius * down, 1)) for across, down in points)


KINDS = {
    Kind.AUTHORITY: Text("myndighed", "authority"),
    Kind.FUNCTION: Text("samfundsfunktion", "societal function"),
    Kind.PROCESS: Text("proces", "process"),
    Kind.SYSTEM: Text("system", "system"),
    Kind.SUPPLIER: Text("leverandør", "supplier"),
    Kind.OTHER: Text("anden organisation", "other organisation"),
}

LEVELS = (
    Text("almindelig", "ordinary"),
    Text("forretningskritisk", "business-critical"),
    Text("kritisk infrastruktur", "critical infrastructure"),
    Text("samfundskritisk", "society-critical"),
)
NO_LEVEL = Text("kritikalitet ikke angivet", "criticality not stated")

EDGE_KINDS = {
    EdgeKind.SUPPORTS: Text("understøttes af", "supported by"),
    EdgeKind.DEPENDS: Text("afhænger af", "depends on"),
    EdgeKind.SUPPLIES: Text("leveres af", "supplied by"),
    EdgeKind.APPROVED: Text("underleverandør, godkendt", "subcontractor, approved"),
    EdgeKind.UNAPPROVED: Text("underleverandør, ikke godkendt", "subcontractor, not approved"),
    EdgeKind.UNRECORDED: Text("godkendelse ikke registreret", "approval not recorded"),
    EdgeKind.SUPERVISES: Text("fører tilsyn med", "supervises"),
    EdgeKind.ACCOUNTABLE: Text("ansvarlig for", "accountable for"),
    EdgeKind.OPERATES: Text("drives af", "operated by"),
}
STOPS_HERE = Text("et krav stopper her", "a requirement stops here")

PASSING = {
    Passing.SET: Text("stillet", "set"),
    Passing.TIGHTENED: Text("skærpet", "tightened"),
    Passing.EXEMPT: Text("undtaget", "exempt"),
    Passing.DROPPED: Text("tabt her", "dropped here"),
    Passing.MISSING: Text("mangler, tabt ovenfor", "missing, dropped above"),
}


def amount(findings: int) -> Text:
    """A number of findings in words."""
    return Text.counted(findings, Text("fund", "finding"), Text("fund", "findings"))


def described(picture: Picture) -> Text:
    """A picture in a sentence, for screen readers."""
    counts = Counter(node.kind for node in picture.nodes)
    things = [Text.counted(counts[kind], KINDS[kind], _MANY[kind]) for kind in KINDS if counts[kind]]
    danish, english = (", ".join(thing[language] for thing in things) for language in Language)
    placed = {number for node in picture.nodes for number in node.findings if picture.findings[number].counts}
    text = amount(len(placed))
    missing = sum(edge.kind is EdgeKind.UNAPPROVED for edge in picture.edges)

    def links(count: int) -> str:
        return f"{count} link{'' if count == 1 else 's'}"

    stopped = sum(bool(edge.dropped) for edge in picture.edges)
    return Text(
        f"{danish}. {text.da}. {missing} led uden kundens godkendelse, {stopped} led, hvor et krav stopper.",
        f"{english}. {text.en}. {links(missing)} without the customer's approval, {links(stopped)} where a requirement stops.",
    )


_MANY = {
    Kind.AUTHORITY: Text("myndigheder", "authorities"),
    Kind.FUNCTION: Text("samfundsfunktioner", "societal functions"),
    Kind.PROCESS: Text("processer", "processes"),
    Kind.SYSTEM: Text("systemer", "systems"),
    Kind.SUPPLIER: Text("leverandører", "suppliers"),
    Kind.OTHER: Text("andre organisationer", "other organisations"),
}


PER_LINE = 16
"""Characters in a line of a label; a single word may have a few more."""
LONGEST = 19
LINES = 2
MARKED, STOPPED, POINTED = 0.68, 0.32, 0.5
"""The positions of marks along a line; those on a link are nearer to the end that they are about."""
DIRECTED = frozenset({EdgeKind.DEPENDS, EdgeKind.SUPERVISES, EdgeKind.OPERATES})
"""The edges with an arrow, since they may lead in any direction; all others lead down to a supplier."""
_MARK = 7

_COLOURS = {
    "paper": ("#ffffff", "#12161c"),
    "band": ("#f2f5f9", "#1a2029"),
    "ink": ("#1a232e", "#e8edf3"),
    "soft": ("#4d5a69", "#aab6c4"),
    "line": ("#6a7889", "#8795a6"),
    "unmarked": ("#dfe8f3", "#2d3d52"),
    "violated": ("#f2a6a6", "#8c2a33"),
    "warned": ("#f5cf86", "#77521a"),
    "noted": ("#a9ccf2", "#27578c"),
    "breach": ("#b3202a", "#ff6b70"),
    "question": ("#8a5300", "#f5b041"),
    "note": ("#1f5fa8", "#7ab7ff"),
    "watch": ("#6b3fb5", "#b79cf5"),
    "answer": ("#0b6e4f", "#4fd1a5"),
    "onbadge": ("#ffffff", "#12161c"),
}


def _variables(*, dark: bool) -> str:
    return ";".join(f"--{name}:{pair[dark]}" for name, pair in _COLOURS.items())


def colour(name: str) -> str:
    """A colour of the drawing by name (``paper``, ``ink``, ``violation`` …), on a light background."""
    return _COLOURS[name][0]


def palette(selector: str) -> str:
    """The colours as CSS variables of a selector, for light and for dark screens; print is light."""
    return (
        f"{selector}{{{_variables(dark=False)}}}"
        f"@media screen and (prefers-color-scheme:dark){{{selector}{{{_variables(dark=True)}}}}}"
    )


STYLE = (
    palette(".chain") + ".chain{background:var(--paper);font-family:system-ui,sans-serif;max-width:100%;height:auto}"
    ".chain text{fill:var(--ink);font-size:13px;text-anchor:middle}"
    ".chain .label{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}"
    ".chain .odd .label{stroke:var(--band)}"
    ".chain .note{fill:var(--soft);font-size:12px;font-weight:600}"
    ".chain .lane{font-size:14px;font-weight:600;text-anchor:start;fill:var(--soft)}"
    ".chain .band{fill:var(--band)}"
    ".chain .edge{fill:none;stroke:var(--line);stroke-width:1.5}"
    ".chain .unapproved{stroke:var(--breach);stroke-width:2.4;stroke-dasharray:8 4}"
    ".chain .unrecorded{stroke-dasharray:2 4;stroke-width:2}"
    ".chain .depends{stroke-dasharray:6 3 1 3}"
    ".chain .supports{stroke-width:1}"
    ".chain .supervises{stroke:var(--watch);stroke-dasharray:3 3}"
    ".chain .accountable{stroke:var(--answer);stroke-width:1}"
    ".chain .operates{stroke:var(--answer);stroke-dasharray:10 4}"
    ".chain .arrow{fill:none;stroke:var(--line);stroke-width:1.8;stroke-dasharray:none}"
    ".chain .arrow.supervises{stroke:var(--watch)}.chain .arrow.operates{stroke:var(--answer)}"
    ".chain .mark{fill:var(--paper);stroke:var(--breach);stroke-width:2}"
    ".chain .stop{stroke:var(--question)}"
    ".chain .edge.came,.chain .edge.went,.chain .edge.changed,.chain .onway{stroke-width:3}.chain .onway{stroke:var(--ink)}"
    ".chain .came{stroke:var(--answer)}.chain .went{stroke:var(--soft)}.chain .changed{stroke:var(--watch)}"
    ".chain .edge.went{stroke-dasharray:2 5}"
    ".chain .shape{fill:var(--unmarked);stroke:var(--ink);stroke-width:1.2;stroke-linejoin:round}"
    ".chain .violated{fill:var(--violated)}.chain .warned{fill:var(--warned)}.chain .noted{fill:var(--noted)}"
    ".chain .level1{stroke-width:2.2}.chain .level2{stroke-width:3.6}.chain .level3{stroke-width:3.6}"
    ".chain .outer{fill:none;stroke-width:1.4}"
    ".chain .unknown{stroke-dasharray:3 2}"
    ".chain .badge{stroke:var(--paper);stroke-width:1.5}"
    ".chain .breach{fill:var(--breach)}.chain .question{fill:var(--question)}.chain .note{fill:var(--note)}"
    ".chain .count{fill:var(--onbadge);font-size:11px;font-weight:700}"
    ".chain .key{text-anchor:start;fill:var(--soft)}.chain .head{text-anchor:start;font-size:19px;font-weight:700}"
)
"""The style sheet of all pictures of a page."""


def draw(picture: Picture, language: Language, *, title: Text, name: str = "chain") -> str:
    """The picture as one SVG element, for a page that has the style sheet `STYLE`.

    Only edges of chains are drawn. ``name`` is the prefix of its ids, and must be unique in the page.
    """
    edges = [edge for edge in picture.edges if edge.kind.needs]
    laid = arranged(picture)
    labels = [len(wrapped(node.label[language])) for node in picture.nodes]
    rows = Rows(laid.places)
    lines = [
        (edge, rows.line(laid.places[edge.source], laid.places[edge.target], labels[edge.source])) for edge in edges
    ]
    key = list(_legend(picture, edges, laid, language))
    height = laid.height + (_LEGEND_ROW * (max(row for row, _ in key) + 1) + 16 if key else 0)
    size = f'viewBox="0 0 {laid.width} {height}" width="{laid.width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain" role="img" {size} aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{html(title[language])}</title>',
        f'<desc id="{name}-desc">{html(described(picture)[language])}</desc>',
        *(_band(number, lane, laid.width) for number, lane in enumerate(laid.lanes)),
        *(f'<path class="edge {edge.kind.value}" d="{line.path}"/>' for edge, line in lines),
        *(_mark(edge, line) for edge, line in lines),
        *(
            _node(picture, node, laid.places[place], language, odd=_odd(laid, laid.places[place][1]))
            for place, node in enumerate(picture.nodes)
        ),
        *(_lane(number, lane, language) for number, lane in enumerate(laid.lanes)),
        *(text for _, text in key),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def arranged(picture: Picture) -> Layout:
    """The layout of a picture by its lanes and the edges of its chains."""
    chains = [(edge.source, edge.target) for edge in picture.edges if edge.kind.needs]
    return lay_out([node.lane for node in picture.nodes], chains)


def wrapped(text: str) -> list[str]:
    """A label in lines; what is cut off is in the title."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= PER_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    cut = [line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in lines[:LINES]]
    if len(lines) > LINES and not cut[-1].endswith("…"):
        cut[-1] = f"{cut[-1][: PER_LINE - 1]}…"
    return cut


def _odd(laid: Layout, y: int) -> bool:
    return any(number % 2 == 0 and lane.top <= y < lane.bottom for number, lane in enumerate(laid.lanes))


def _band(number: int, lane: Lane, width: int) -> str:
    if number % 2:
        return ""
    return f'<rect class="band" x="0" y="{lane.top}" width="{width}" height="{lane.bottom - lane.top}"/>'


def _lane(number: int, lane: Lane, language: Language) -> str:
    odd = " odd" if number % 2 == 0 else ""
    label = f"{lane_name(lane.number)[language]} ({lane.count})"
    return f'<g class="name{odd}"><text class="label lane" x="12" y="{lane.top + 20}">{html(label)}</text></g>'


def _mark(edge: Edge, line: Line) -> str:
    """The marks on a line: a cross where approval is missing, a bar where a requirement stops, an arrow."""
    result = _cross(*line.at(MARKED)) if edge.kind is EdgeKind.UNAPPROVED else ""
    result += _bar(*line.at(STOPPED)) if edge.dropped else ""
    return result + (_arrow(edge.kind, line) if edge.kind in DIRECTED else "")


def _arrow(kind: EdgeKind, line: Line) -> str:
    (x, y), (onward, down) = line.at(POINTED), line.at(POINTED + 0.02)
    turn = math.degrees(math.atan2(down - y, onward - x))
    return (
        f'<path class="arrow {kind.value}" transform="translate({x:g} {y:g}) rotate({turn:.0f})" d="M-4 -4L4 0L-4 4"/>'
    )


def _cross(x: float, y: float) -> str:
    reach = _MARK / 2
    return (
        f'<circle class="mark" cx="{x:g}" cy="{y:g}" r="{_MARK}"/><path class="mark" d="M{x - reach:g} {y - reach:g}'
        f'L{x + reach:g} {y + reach:g}M{x + reach:g} {y - reach:g}L{x - reach:g} {y + reach:g}"/>'
    )


def _bar(x: float, y: float) -> str:
    return (
        f'<circle class="mark stop" cx="{x:g}" cy="{y:g}" r="{_MARK}"/>'
        f'<path class="mark stop" d="M{x - 4:g} {y:g}L{x + 4:g} {y:g}"/>'
    )


def _node(picture: Picture, node: Node, place: tuple[int, int], language: Language, *, odd: bool) -> str:
    x, y = place
    counted = [number for number in node.findings if picture.findings[number].counts]
    title = f"{node.label[language]} – {KINDS[node.kind][language]}"
    if node.level is not None:
        title += f", {LEVELS[node.level][language]}"
    if counted:
        title += f", {amount(len(counted))[language]}"
    lines = "".join(
        f'<text class="label" x="{x}" y="{y + RADIUS + 16 + LINE * row}">{html(line)}</text>'
        for row, line in enumerate(wrapped(node.label[language]))
    )
    worst = picture.worst(node.findings)
    style = ' class="odd"' if odd else ""
    return (
        f"<g{style}><title>{html(title)}</title>{_shape(node, worst, x, y)}{lines}"
        f"{_badge(worst, len(counted), x + RADIUS, y - RADIUS) if worst else ''}</g>"
    )


def _shape(node: Node, worst: Severity | None, x: float, y: float, radius: float = RADIUS) -> str:
    """The shape of a node, filled by its worst finding; the most critical ones have a second outline."""
    level = (
        f" level{node.level}" if node.level else " unknown" if node.kind is Kind.SYSTEM and node.level is None else ""
    )
    shape = _outline(node.kind, f"shape{level}{f' {FILLINGS[worst]}' if worst else ''}", x, y, radius)
    return shape + (_outline(node.kind, "shape outer", x, y, radius * OUTER) if node.level == len(LEVELS) - 1 else "")


def _outline(kind: Kind, style: str, x: float, y: float, radius: float) -> str:
    corners = OUTLINES.get(kind)
    if corners is None:
        return f'<circle class="{style}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
    return f'<polygon class="{style}" points="{_points(at(corners, x, y, radius))}"/>'


def _points(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def _badge(severity: Severity, count: int, x: float, y: float) -> str:
    corners = BADGES.get(severity)
    if corners is None:
        shape = f'<circle class="badge {severity.value}" cx="{x:g}" cy="{y:g}" r="{BADGE}"/>'
    else:
        shape = f'<polygon class="badge {severity.value}" points="{_points(at(corners, x, y, BADGE))}"/>'
    sign = "!" if count == 1 else "9+" if count > 9 else str(count)
    return f'{shape}<text class="count" x="{x:g}" y="{y + 5:g}">{sign}</text>'


_LEGEND_ROW = 30
_LEGEND_COLUMN = 250


def _legend(picture: Picture, edges: Sequence[Edge], laid: Layout, language: Language) -> Iterator[tuple[int, str]]:
    """The legend of the signs in this picture: the row of each, and the sign with its meaning."""
    kinds = sorted({node.kind for node in picture.nodes}, key=list(KINDS).index)
    levels = sorted({node.level for node in picture.nodes if node.level is not None})
    severities = {worst for node in picture.nodes if (worst := picture.worst(node.findings)) is not None}
    unknown = any(node.kind is Kind.SYSTEM and node.level is None for node in picture.nodes)
    signs = [
        *((_sample(kind, 0), KINDS[kind]) for kind in kinds),
        *((_sample(Kind.SYSTEM, level), LEVELS[level]) for level in levels),
        *([(_sample(Kind.SYSTEM, None), NO_LEVEL)] if unknown else []),
        *(
            (_line_sign(kind), EDGE_KINDS[kind])
            for kind in sorted({edge.kind for edge in edges}, key=list(EDGE_KINDS).index)
        ),
        *([(f'<path class="edge" d="M-16 0L16 0"/>{_bar(0, 0)}', STOPS_HERE)] if any(e.dropped for e in edges) else []),
        *(
            (_sample(Kind.SYSTEM, 0, severity), SEVERITIES[severity][0])
            for severity in sorted(severities, key=lambda s: s.rank)
        ),
    ]
    across = max(1, (laid.width - 24) // _LEGEND_COLUMN)
    for number, (sign, text) in enumerate(signs):
        row, column = divmod(number, across)
        x, y = 32 + column * _LEGEND_COLUMN, laid.height + 26 + row * _LEGEND_ROW
        yield (
            row,
            f'<g transform="translate({x} {y})">{sign}<text class="key" x="24" y="4">{html(text[language])}</text></g>',
        )


def _sample(kind: Kind, level: int | None, worst: Severity | None = None) -> str:
    badge = _badge(worst, 1, 11, -6) if worst else ""
    return _shape(Node("", Text("", ""), kind, 0, level), worst, 0, 0, 10) + badge


def _line_sign(kind: EdgeKind) -> str:
    sign = _cross(0, 0) if kind is EdgeKind.UNAPPROVED else ""
    if kind in DIRECTED:
        sign = f'<path class="arrow {kind.value}" d="M-4 -4L4 0L-4 4"/>'
    return f'<path class="edge {kind.value}" d="M-16 0L16 0"/>{sign}'
