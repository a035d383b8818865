"""The page of a map: one HTML file without requests, in which our script paints what vis-network pans and zooms.

Scripts and styles are inline, and a content security policy admits exactly these by their hashes; data is JSON that is not
executed. `graphsc.rendering.map.network` gives the same graph as a pyvis network.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from graphsc.core.garbage import without_garbage_collection
from graphsc.core.text import Language, Text
from graphsc.drawing.layout import Layout
from graphsc.drawing.mapped import Mapped
from graphsc.drawing.svg import STYLE, arranged, palette
from graphsc.rendering.map.assets import asset, environment, library, policy
from graphsc.rendering.map.content import content
from graphsc.rendering.map.words import WORDS

SCRIPTS = (
    "reading", "chains", "layout", "failing", "dom", "marks", "painting", "svg", "state", "lists", "records", "panel",
    "answer", "overview", "lenses", "changes", "ways", "table", "legend", "canvas", "controls", "start",
)  # fmt: skip
"""The parts of the page's script, in order."""


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
