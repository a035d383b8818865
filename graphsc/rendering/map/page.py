"""The page of a map: one HTML file that asks for nothing, drawn with pyvis' graph in our own template.

pyvis holds the graph with its places and renders it; its own template is not used, since it escapes no heading and
fetches from other servers. Scripts and styles stand in the page, and a content security policy admits exactly those by
their hashes; data is JSON that no engine runs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jinja2
from markupsafe import Markup
from pyvis.network import Network

from graphsc.core.text import Language, Text
from graphsc.drawing.layout import Layout
from graphsc.drawing.mapped import Mapped
from graphsc.drawing.svg import STYLE, arranged, palette
from graphsc.rendering.map.content import content
from graphsc.rendering.map.words import WORDS

SCRIPTS = (
    "reading", "chains", "layout", "failing", "dom", "marks", "painting", "svg", "state", "lists", "panel", "lenses",
    "table", "canvas", "controls", "start",
)  # fmt: skip
"""The page's own script, in the order of its parts."""
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")


def render(mapped: Mapped, *, title: Text, language: Language) -> str:
    """The whole page. The same input, date and language give the same bytes."""
    laid = arranged(mapped.picture)
    network = _network(mapped, laid, language)
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["json"] = _json
    environment.filters["columns"] = _columns
    library = _SOURCE_MAP.sub("", _asset(files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js")))
    script = "".join(_asset(_here(f"{name}.js")) for name in SCRIPTS)
    script = f'(function () {{\n"use strict";\n{script}}})();\n'
    style = palette(":root") + _asset(_here("page.css"))
    environment.globals.update(
        content={**content(mapped, title, language), "layout": _shape(laid)},
        title=title[language],
        language=language.value,
        words={key: text[language] for key, text in WORDS.items()},
        library=Markup(library),  # noqa: S704 - files of packages, and nothing from outside
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        drawing=Markup(STYLE),  # noqa: S704
        policy=_policy([library, script], [style, STYLE]),
    )
    network.templateEnv = environment
    network.path = "page.html"
    html: str = network.generate_html()
    return html


def _shape(laid: Layout) -> dict[str, Any]:
    """The lanes and the size of the whole picture."""
    lanes = [{"number": o.number, "top": o.top, "bottom": o.bottom, "count": o.count} for o in laid.lanes]
    return {"lanes": lanes, "width": laid.width, "height": laid.height}


def _network(mapped: Mapped, laid: Layout, language: Language) -> Network:
    """The graph as pyvis has it: nodes at their places, edges from whoever needs to what is needed."""
    picture = mapped.picture
    network = Network(directed=True)
    network.toggle_physics(False)
    for number, (node, (x, y)) in enumerate(zip(picture.nodes, laid.places, strict=True)):
        network.add_node(number, label=node.label[language] or " ", shape="custom", x=x, y=y)
    for edge in picture.edges:
        network.add_edge(edge.source, edge.target)
    return network


def _columns(network: dict[str, list[dict[str, Any]]]) -> dict[str, list[int]]:
    """The nodes' places and the edges' ends, column by column: a third of the room of a record each."""
    return {
        "x": [node["x"] for node in network["nodes"]],
        "y": [node["y"] for node in network["nodes"]],
        "from": [edge["from"] for edge in network["edges"]],
        "to": [edge["to"] for edge in network["edges"]],
    }


def _json(value: object) -> Markup:
    """JSON for a script element: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 - made inert just above


def _policy(scripts: list[str], styles: list[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _template(name: str) -> str:
    return _asset(_here(name))


def _here(name: str) -> Traversable:
    return files("graphsc.rendering.map").joinpath(name)


def _asset(file: Traversable) -> str:
    """A file of a package, with the line ends that a browser hashes."""
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")
