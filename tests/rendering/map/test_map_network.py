"""The pyvis network: what it says of nodes and edges, that it is inert, and that pyvis' own ways of showing it work."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import authority
import pytest
from browsing import Browsing
from map_pages import DAY, demo, hostile
from test_map_page import Elements

from graphsc.core.text import Language, Text
from graphsc.drawing.model import EdgeKind
from graphsc.drawing.projection import read
from graphsc.drawing.svg import arranged
from graphsc.rendering.map.network import network

EVIL = Text("</script><script>window.harmed=1</script> {{ 7*7 }} href", "</script><b>")


def embedded(page: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    return document


def test_it_says_of_a_dataset_what_the_map_says() -> None:
    opened, (report, _) = authority.opened(), authority.judged()
    made = network(read(opened.dataset, DAY, report.findings))
    assert made.heading == "Nordlysstyrelsen og 1 anden"
    (center,) = [node for node in made.nodes if node["label"].startswith("Kobberskum\nDatacenter")]
    assert center["id"].startswith("https://")
    assert center["title"].startswith("Kobberskum Datacenter, leverandør, samfundskritisk\nspørgsmål ")
    assert (center["findings"], center["shape"], center["kind"], center["borderWidth"]) == (1, "dot", "supplier", 7)
    unapproved = [edge for edge in made.edges if edge["says"] == EdgeKind.UNAPPROVED.value]
    assert unapproved
    assert all(edge["dashes"] and "ikke godkendt" in edge["title"] for edge in unapproved)
    assert {edge["says"] for edge in made.edges} <= {says.value for says in EdgeKind if says.needs}
    assert made.neighbors(unapproved[0]["from"]) >= {unapproved[0]["to"]}
    everything = network(read(opened.dataset, DAY), kinds=EdgeKind, language=Language.EN)
    assert len(everything.edges) > len(made.edges)


@pytest.mark.exhaustive
def test_nodes_lie_where_the_layout_has_them() -> None:
    picture = demo().picture
    made = network(picture, title=Text("a", "a"), language=Language.EN)
    assert [(node["x"], node["y"]) for node in made.nodes] == list(arranged(picture).places)


def test_names_from_outside_stay_text_and_nothing_is_fetched() -> None:
    page = network(hostile().picture, title=EVIL, language=Language.DA).generate_html()
    assert page.isascii(), "pyvis writes in whatever encoding the machine has"
    elements = Elements(page)
    assert len([tag for tag, _ in elements.tags if tag == "script"]) == 3
    assert "49" not in embedded(page)["nodes"][0]["label"]
    for tag, attributes in elements.tags:
        assert not {"src", "href", "style", "action"} & attributes.keys(), tag
    assert "<script>window.harmed" not in page


@pytest.mark.exhaustive
def test_pyvis_shows_it_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook and to a browser: one file, no folder beside it, and the options that a person sets."""
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    made = network(demo().picture, title=Text("æ", "æ"), language=Language.DA, height="400px")
    frame = made.show("graph.html")
    assert (frame.src, frame.height) == ("graph.html", "400px")
    made.toggle_physics(True)
    made.show_buttons(filter_=["physics"])
    made.show("moving.html", notebook=False)
    assert opened == ["moving.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.html", "moving.html"]
    options = embedded((tmp_path / "moving.html").read_text(encoding="ascii"))["options"]
    assert (options["physics"]["enabled"], options["configure"]["filter"]) == (True, ["physics"])
    assert embedded((tmp_path / "graph.html").read_text(encoding="ascii"))["options"]["physics"]["enabled"] is False


@pytest.mark.exhaustive
def test_it_opens_in_a_browser_and_harms_nobody(browser: Browsing, tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    made = network(hostile().picture, title=EVIL, language=Language.DA)
    file.write_text(made.generate_html(), encoding="ascii")
    with browser.open(file) as watched:
        assert watched.evaluate("Object.keys(network.body.nodes).length") == len(made.nodes)
        box = watched.page.locator("canvas").bounding_box()
        place = watched.evaluate(
            "(() => { const n = network.body.nodes[network.body.nodeIndices[3]]; return network.canvasToDOM({x: n.x, y: n.y}); })()"
        )
        assert box is not None
        watched.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
        watched.page.wait_for_selector("div.vis-tooltip", state="visible")
        assert watched.page.locator("div.vis-tooltip :not(br)").count() == 0, "a title is text"
        assert watched.evaluate("window.harmed") is None
        watched.clean()
