"""The static picture: compared with the accepted one, well formed, inert, and never by colour alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from casework import case
from chain_picture import CHAIN, picture_of, place
from hostile import HOSTILE
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language, Text
from graphsc.drawing.chain import Links, chain_of
from graphsc.drawing.model import Kind, Node, Picture
from graphsc.drawing.svg import FILLINGS, STYLE, draw, wrapped

TITLE = Text("Kæden", "The chain")
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_of_a_chain(snapshot: SnapshotAssertion) -> None:
    picture = picture_of(case(CHAIN))
    kept = chain_of(Links(picture), [place(picture, "S1")])
    assert draw(kept, Language.DA, title=TITLE) == snapshot


@pytest.mark.parametrize("language", list(Language))
def test_it_is_one_well_formed_element_that_can_be_read_aloud(language: Language) -> None:
    text = draw(picture_of(case(CHAIN)), language, title=TITLE)
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    assert {element.get("id") for element in root if element.get("id")} == set(named)
    description = root.find(f"{SVG}desc")
    assert description is not None
    assert ("1 led uden" if language is Language.DA else "1 link without") in (description.text or "")


def test_ids_differ_between_pictures_of_one_page() -> None:
    picture = picture_of(case(CHAIN))
    ids = [set(re.findall(r' id="([^"]+)"', draw(picture, Language.DA, title=TITLE, name=name))) for name in ("a", "b")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_what_is_wrong_with_a_link_has_a_mark_beside_its_colour() -> None:
    whole = draw(picture_of(case(CHAIN)), Language.EN, title=TITLE)
    text = whole.partition('class="key"')[0].rpartition("<g")[0]  # the legend comes last
    assert text.count('class="edge unapproved"') == 1
    assert text.count('<circle class="mark"') == 1
    assert text.count('<circle class="mark stop"') == 1
    assert "stroke-dasharray" in re.search(r"\.unapproved\{([^}]*)\}", STYLE)[1]  # type: ignore[index]


def test_the_outline_says_how_critical_and_the_filling_how_grave() -> None:
    picture = picture_of(case(CHAIN))
    for node in picture.nodes:
        drawn = draw(replace(picture, nodes=(node,), edges=()), Language.EN, title=TITLE).partition('class="key"')[0]
        worst = picture.worst(node.findings)
        assert (f" level{node.level}" in drawn) == bool(node.level)
        assert drawn.count("shape outer") >= (node.level == 3)
        assert (f" {FILLINGS[worst]}" if worst else "shape") in drawn
    assert {node.level for node in picture.nodes} >= {3}
    assert any(picture.worst(node.findings) for node in picture.nodes)


def test_hostile_names_stay_text() -> None:
    text = draw(picture_of(case(HOSTILE)), Language.DA, title=Text.same("<script>\u202e"))
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "linearGradient", "stop", "rect", "path", "g", "text", "circle", "polygon",
    }  # fmt: skip
    assert "<script" not in text
    assert "\u202e" not in text


def test_long_names_are_cut_and_whole_in_the_title() -> None:
    name = "Styrelsen for " + "meget " * 900 + "lange navne"
    node = Node("urn:x", Text.same(name), Kind.SUPPLIER, 4)
    text = draw(Picture(date(2026, 1, 1), (node,), ()), Language.DA, title=TITLE)
    labels = [
        element.text or "" for element in ET.fromstring(text).iter(f"{SVG}text") if element.get("class") == "label"
    ]
    assert len(labels) == 2
    assert all(len(label) <= 20 for label in labels)
    assert labels[-1].endswith("…")
    assert name in text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("Kort", ["Kort"]),
        ("Kobberskum Datacenter", ["Kobberskum", "Datacenter"]),
        ("Enordudenmellemrumsomerforlangt", ["Enordudenmellemrum…"]),
        ("Et to tre fire fem seks syv otte ni ti elleve", ["Et to tre fire", "fem seks syv…"]),
    ],
)
def test_labels_are_wrapped(text: str, lines: list[str]) -> None:
    assert wrapped(text) == lines
