"""The page of a map: one HTML file without requests, in which our script paints what vis-network pans and zooms.

Scripts and styles are inline, and a content security policy admits exactly these by their hashes; data is JSON that is not
executed. `graphsc.rendering.map.network` gives the same graph as a pyvis network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from graphsc.core.garbage import without_garbage_collection
from graphsc.core.text import Language, Text
from graphsc.drawing.layout import Layout
from graphsc.drawing.model import EdgeKind, Kind, Picture
from graphsc.drawing.svg import STYLE, arranged, palette
from graphsc.rendering.map.content import content
from graphsc.rendering.map.words import WORDS
from graphsc.service.map import Mapped

SCRIPTS = (
    "reading", "chains", "layout", "failing", "dom", "marks", "painting", "svg", "state", "lists", "records", "panel",
    "answer", "overview", "lenses", "changes", "ways", "table", "legend", "canvas", "controls", "start",
)  # fmt: skip
"""The parts of the page's script, in order."""
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")


@without_garbage_collection()
def render(mapped: Mapped, *, title: Text, language: Language) -> str:
    """The whole page. The same input, date and language give the same bytes."""
    laid = arranged(mapped.picture)
    vis = library()
    script = "".join(asset(f"{name}.js") for name in SCRIPTS)
    script = f'(function () {{\n"use strict";\n{script}}})();\n'
    style = palette(":root") + asset("page.css")
    return (
        environment()
        .get_template("page.html")
        .render(
            content={**content(mapped, title, language), "layout": _lanes(laid)},
            network=_columns(mapped, laid),
            title=title[language],
            language=language.value,
            words={key: text[language] for key, text in WORDS.items()},
            library=Markup(vis),  # noqa: S704 - files of packages, and nothing from outside
            script=Markup(script),  # noqa: S704
            style=Markup(style),  # noqa: S704
            drawing=Markup(STYLE),  # noqa: S704
            policy=policy([vis, script], [style, STYLE]),
        )
    )


def _lanes(laid: Layout) -> dict[str, Any]:
    """The lanes and the size of the whole picture."""
    lanes = [{"number": o.number, "top": o.top, "bottom": o.bottom, "count": o.count} for o in laid.lanes]
    return {"lanes": lanes, "width": laid.width, "height": laid.height}


def _columns(mapped: Mapped, laid: Layout) -> dict[str, list[int]]:
    """The nodes' places and the edges' ends as columns, which take a third of the room of records."""
    return {
        "x": [x for x, _ in laid.places],
        "y": [y for _, y in laid.places],
        "from": [edge.source for edge in mapped.picture.edges],
        "to": [edge.target for edge in mapped.picture.edges],
    }


def environment() -> jinja2.Environment:
    """The templates of this package; values are escaped, and a missing value is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FunctionLoader(asset), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    templates.filters["json"] = as_json
    return templates


def asset(name: str) -> str:
    """A file of this package, with the line ends by which browsers compute hashes."""
    return _text(files("graphsc.rendering.map").joinpath(name).read_text(encoding="utf-8"))


def library() -> str:
    """The vis-network of pyvis, without importing pyvis, which would load IPython. Raises ModuleNotFoundError."""
    spec = find_spec("pyvis")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pyvis")
    file = Path(spec.submodule_search_locations[0]) / "templates/lib/vis-9.1.2/vis-network.min.js"
    return _SOURCE_MAP.sub("", _text(file.read_text(encoding="utf-8")))


def _text(text: str) -> str:
    return text.replace("\r\n", "\n")


def as_json(value: object) -> Markup:
    """JSON for a script element, which cannot end the element or begin another."""
    return inert(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def inert(text: str) -> Markup:
    """JSON in which no character is markup, or a line end in a script."""
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - made inert just above


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """A content security policy that admits exactly these scripts and styles, and no network."""
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


def title(picture: Picture) -> Text:
    """The authority that answers for most, and the number of the others."""
    owners = Counter(
        edge.source
        for edge in picture.edges
        if edge.kind in {EdgeKind.ACCOUNTABLE, EdgeKind.SUPPLIES} and picture.nodes[edge.source].kind is Kind.AUTHORITY
    )
    if not owners:
        return Text("leverandørkæden", "the supply chain")
    first = min(owners, key=lambda node: (-owners[node], picture.nodes[node].iri))
    name, others = picture.nodes[first].label, len(owners) - 1
    if not others:
        return name
    return Text(
        f"{name.da} og {others} {'anden' if others == 1 else 'andre'}",
        f"{name.en} and {others} {'other' if others == 1 else 'others'}",
    )
