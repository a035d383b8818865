"""A picture as a pyvis network: styled, titled and placed, for a notebook or for pyvis' ``show``.

The template of pyvis does not escape headings, sets titles as HTML when one of them has a link in it, and fetches from other
servers. These networks have a template that does none of that; all else of pyvis works as usual. The output is ASCII, since
pyvis writes files in the encoding of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from graphsc.core.escape import brief
from graphsc.core.text import Language, Text
from graphsc.drawing.model import Edge, EdgeKind, Kind, Node, Picture
from graphsc.drawing.svg import EDGE_KINDS, FILLINGS, KINDS, LEVELS, STOPS_HERE, arranged, colour, wrapped
from graphsc.rendering.map.page import asset, environment, inert, library, policy
from graphsc.rendering.map.page import title as named
from graphsc.validation.findings import Severity
from graphsc.validation.wording import SEVERITY

if TYPE_CHECKING:
    from pyvis.network import Network

SHAPES = {
    Kind.AUTHORITY: ("triangle", "▲"),
    Kind.FUNCTION: ("hexagon", "⬢"),
    Kind.PROCESS: ("diamond", "◆"),
    Kind.SYSTEM: ("square", "■"),
    Kind.SUPPLIER: ("dot", "●"),
    Kind.OTHER: ("triangleDown", "▼"),
}
"""The shape of each kind in vis-network, and its sign in the legend."""
SIGNS = {Severity.BREACH: "‼", Severity.QUESTION: "!", Severity.NOTE: "i"}
SMOOTH = 1500
"""From this number of edges on they are straight: curves take vis-network three times as long."""
_DASHES: dict[EdgeKind, list[int]] = {
    EdgeKind.UNAPPROVED: [8, 4],
    EdgeKind.UNRECORDED: [2, 4],
    EdgeKind.DEPENDS: [6, 3, 1, 3],
    EdgeKind.SUPERVISES: [3, 3],
    EdgeKind.OPERATES: [10, 4],
}
_COLOURS = {
    EdgeKind.UNAPPROVED: "breach",
    EdgeKind.SUPERVISES: "watch",
    EdgeKind.ACCOUNTABLE: "answer",
    EdgeKind.OPERATES: "answer",
}
_THICKER = Text("tykkere kant: mere kritisk", "thicker border: more critical")


def network(
    picture: Picture,
    *,
    title: Text | None = None,
    language: Language = Language.DA,
    height: str = "860px",
    kinds: Iterable[EdgeKind] | None = None,
) -> Network:
    """The picture as a pyvis network; a node's id is its IRI, and an edge leads from a node to one that it needs.

    ``kinds`` are those of the edges, by default those of the chains; ``height`` is a CSS length. Physics is off and everything
    lies in tiers; ``toggle_physics(True)`` lets it move. In a notebook `graphsc.drawing.projection.read` makes the picture of a
    derived dataset, and ``network(picture).show("map.html")`` shows it; ``show("map.html", notebook=False)`` opens a browser.
    Raises ModuleNotFoundError where pyvis is not installed (extra ``map``).
    """
    from pyvis.network import Network

    shown = frozenset(kinds) if kinds is not None else frozenset(kind for kind in EdgeKind if kind.needs)
    edges = [edge for edge in picture.edges if edge.kind in shown]
    pyvis_network = Network(
        height=height, directed=True, cdn_resources="in_line", heading=brief((title or named(picture))[language])
    )
    pyvis_network.toggle_physics(False)
    pyvis_network.options.edges.smooth.type = "cubicBezier"
    pyvis_network.options.edges.smooth.enabled = len(edges) <= SMOOTH
    pyvis_network.options.nodes = {"font": {"strokeWidth": 3, "strokeColor": colour("paper"), "color": colour("ink")}}
    for node, (x, y) in zip(picture.nodes, arranged(picture).places, strict=True):
        pyvis_network.add_node(node.iri, x=x, y=y, **_node(picture, node, language))
    for edge in edges:
        pyvis_network.add_edge(
            picture.nodes[edge.source].iri, picture.nodes[edge.target].iri, **_edge(picture, edge, language)
        )
    _dress(pyvis_network, picture, language)
    return pyvis_network


def _node(picture: Picture, node: Node, language: Language) -> dict[str, Any]:
    name = brief(node.label[language]) or brief(node.iri)
    counted = [picture.findings[number] for number in node.findings if picture.findings[number].counts]
    worst = picture.worst(node.findings)
    headings = (name, KINDS[node.kind][language], LEVELS[node.level][language] if node.level is not None else "")
    title = [", ".join(filter(None, headings))]
    title += [
        f"{SEVERITY[finding.severity][language]} {finding.code}: {brief(finding.message[language])}"
        for finding in counted
    ]
    lines = wrapped(name) + ([f"{SIGNS[worst]} {len(counted)}"] if worst else [])
    return {
        "label": "\n".join(lines),
        "title": "\n".join(title),
        "shape": SHAPES[node.kind][0],
        "size": 14,
        "borderWidth": 1 + 2 * (node.level or 0),
        "color": {"background": colour(FILLINGS[worst] if worst else "unmarked"), "border": colour("ink")},
        "level": node.lane,
        "kind": node.kind.value,
        "findings": len(counted),
    }


def _edge(picture: Picture, edge: Edge, language: Language) -> dict[str, Any]:
    title = [EDGE_KINDS[edge.kind][language]]
    if edge.agreement and picture.agreements:
        title.append(brief(picture.agreements[edge.agreement][language]))
    if edge.dropped:
        title.append(STOPS_HERE[language])
    line: dict[str, Any] = {
        "title": "\n".join(title),
        "color": colour(_COLOURS.get(edge.kind, "line")),
        "width": 2.4 if edge.kind is EdgeKind.UNAPPROVED else 1.2,
        "says": edge.kind.value,
    }
    if edge.kind in _DASHES:
        line["dashes"] = _DASHES[edge.kind]
    return line


def _dress(pyvis_network: Network, picture: Picture, language: Language) -> None:
    """Give a network the template of this package, in a notebook as well as in a file."""
    templates = environment()
    vis, script, style = _ascii(library()), asset("plain.js"), asset("plain.css")
    kinds = sorted({node.kind for node in picture.nodes}, key=list(KINDS).index)
    legend = [f"{SHAPES[kind][1]} {KINDS[kind][language]}" for kind in kinds]
    templates.filters["ascii"] = lambda text: Markup(str(text).encode("ascii", "xmlcharrefreplace").decode())  # noqa: S704
    templates.filters["page_data"] = _page_data
    templates.globals.update(
        language=language.value,
        legend=[
            *legend,
            _THICKER[language],
            *(f"{sign} {SEVERITY[severity][language]}" for severity, sign in SIGNS.items()),
        ],
        library=Markup(vis),  # noqa: S704 - files of packages, and nothing from outside
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        policy=policy([vis, script], [style]),
    )
    pyvis_network.templateEnv, pyvis_network.path = templates, "plain.html"
    pyvis_network.prep_notebook()


def _page_data(data: dict[str, Any]) -> Markup:
    """The data of a network as ASCII JSON that cannot end a script element."""
    options = data["options"]
    options = json.loads(options) if isinstance(options, str) else options
    return inert(json.dumps({**data, "options": options}, sort_keys=True))


def _ascii(script: str) -> str:
    """A script with escapes for letters outside ASCII, which are in strings and comments only."""
    return "".join(sign if sign.isascii() else f"\\u{ord(sign):04x}" for sign in script)
