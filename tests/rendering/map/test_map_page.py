"""The page of a map as a file: the same each time, nothing fetched, nothing that a name can break out of."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from casework import AS_OF, case
from chain_picture import CHAIN, picture_of
from map_pages import demo, large, page
from repository import TESTS

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import G, local_name
from graphsc.drawing.dates import merge
from graphsc.drawing.model import EdgeKind
from graphsc.drawing.records import Records, records
from graphsc.rendering.map import page as page_module
from graphsc.rendering.map.content import MANY, opening
from graphsc.rendering.map.page import render, title
from graphsc.rendering.map.words import WORDS
from graphsc.service import open_paths


class Elements(HTMLParser):
    """The elements of a page, with their attributes and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.bodies: list[tuple[str, str]] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag in {"script", "style"}:
            self.bodies.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"}:
            tag, body = self.bodies[-1]
            self.bodies[-1] = (tag, body + data)

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def embedded(text: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL)
    assert match is not None
    content: dict[str, Any] = json.loads(match[1])
    return content


def test_the_same_input_gives_the_same_bytes() -> None:
    shown = demo()
    once, twice = (render(shown, title=title(shown.picture), language=Language.DA) for _ in range(2))
    assert once == twice == page("demo").read_text(encoding="utf-8")


def test_the_policy_admits_exactly_what_stands_in_the_page() -> None:
    elements = Elements(page("demo").read_text(encoding="utf-8"))
    policy = next(a["content"] or "" for tag, a in elements.tags if tag == "meta" and a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    kinds = [attributes.get("type") for tag, attributes in elements.tags if tag in {"script", "style"}]
    running = [body for (tag, body), kind in zip(elements.bodies, kinds, strict=True) if kind != "application/json"]
    hashes = {"sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in running}
    assert set(re.findall(r"sha256-[^']+", policy)) == hashes


@pytest.mark.parametrize("which", ["demo", "hostile"])
def test_nothing_is_fetched_and_nothing_runs_beside_the_scripts(which: str) -> None:
    elements = Elements(page(which).read_text(encoding="utf-8"))
    for tag, attributes in elements.tags:
        assert (
            not {"src", "srcset", "action", "formaction", "data", "poster", "background", "style"} & attributes.keys()
        ), tag
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
    assert {tag for tag, _ in elements.tags} & {"link", "img", "iframe", "object", "embed", "base", "form"} == set()
    assert len([tag for tag, _ in elements.tags if tag == "script"]) == 4


def test_hostile_names_stay_data() -> None:
    text = page("hostile").read_text(encoding="utf-8")
    assert "<script>window.harmed" not in text
    assert "49" not in {str(label).split()[0] for label in embedded(text)["texts"]}, "no template of theirs is run"
    own = [body for tag, body in Elements(text).bodies if "vis-network" not in body[:99]]
    assert len(own) == 5
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", "".join(own)), "nothing turns the direction of text"
    assert max(len(one) for one in embedded(text)["texts"] if isinstance(one, str)) < 500


def test_the_content_says_what_the_picture_says() -> None:
    content, picture = embedded(page("demo").read_text(encoding="utf-8")), demo().picture
    texts = content["texts"]

    def danish(number: int) -> str:
        text = texts[number]
        if isinstance(text, str) or isinstance(text[0], str):
            return text if isinstance(text, str) else text[0]
        form, *parts = text
        return str(content["composed"][form][0]).format(*map(danish, parts))

    assert [danish(number) for number in content["nodes"]["label"]] == [node.label.da for node in picture.nodes]
    assert len(content["edges"]["says"]) == len(picture.edges)
    assert [finding["code"] for finding in content["findings"]] == [finding.code for finding in picture.findings]
    assert content["asOf"] == "2026-11-25"
    rows = content["duties"]["rows"]
    assert any("Kontraktansvarlig: Sagsbehandlingskontrakt 2023" in danish(row[1]) for row in rows)
    assert set(content["rules"]) == {finding.code for finding in picture.findings}
    assert content["prefix"] == "https://nordlys.example/"
    assert "org/taagehorn-drift" in content["nodes"]["id"]
    agreements = [danish(label) for _, label in content["agreements"]]
    assert agreements == [demo().labels[content["prefix"] + iri].da for iri, _ in content["agreements"]]
    assert any(isinstance(text[0], int) for text in texts), "most names of agreements are made of others"


def recorded(name: str) -> tuple[Records, set[tuple[str, str]]]:
    """The records of a register among the tests, and its transfers as the rules judge them: agreement and country."""
    dataset = open_paths([TESTS / name], Settings(as_of=date(2026, 11, 25))).dataset
    transfers = dataset.select(f"SELECT ?agreement ?country {{ ?agreement <{G}thirdCountry> ?country }}")
    return records(dataset, lambda _: None), {(row["agreement"].value, row["country"].value) for row in transfers}  # type: ignore[union-attr]


def test_every_transfer_that_the_rules_judge_is_access_from_outside_the_eea() -> None:
    """Also that of a subcontractor which processes personal data and has no access or delivery of its own."""
    shown, transfers = recorded("cases/TRF001-asset.yaml")
    assert transfers
    assert {(access.agreement, access.country) for access in shown.outside or ()} == transfers
    assert shown.abroad == ()


def test_a_party_outside_the_eea_is_not_passed_over_where_it_is_not_recorded_what_it_reaches() -> None:
    shown, transfers = recorded("data/nearly-empty/hosted-abroad.yaml")
    assert (shown.outside, transfers) == ((), set())
    assert [local_name(party) for party in shown.abroad] == ["us"]


def test_every_word_is_used_and_said_in_both_languages() -> None:
    folder = Path(page_module.__file__).parent
    files = "".join(
        path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.*")) if path.suffix in {".js", ".html"}
    )
    composed = {
        "groups",
        "frameworks",
        *(f"base{n}" for n in range(4)),
        *(f"others{n}" for n in range(6)),
        *(f"{listed}List" for listed in ("risk", "broken", "overdue", "outside")),
        *(f"{change}Since" for change in ("came", "went", "changed")),
    }
    unused = [key for key in WORDS if not re.search(rf"[\"'`]{key}[\"'`]|\b{key}: \[", files) and key not in composed]
    assert unused == []
    assert all(text.da.strip() and text.en.strip() for text in WORDS.values())
    used = set(re.findall(r'word\("(\w+)"\)', files)) | set(re.findall(r'data-(?:say|label|hint)="(\w+)"', files))
    assert used <= WORDS.keys()


def test_small_maps_open_on_the_critical_chains_and_large_ones_on_an_overview() -> None:
    picture = demo().picture
    opened = {picture.nodes[place].label.da for place in opening(picture)}
    assert {"sikker sejlads", "varsling om stormflod", "Tordenskræppe Net", "Nordlysstyrelsen"} <= opened
    assert "Trykkeri" not in opened
    assert len(large().picture.nodes) > MANY
    assert opening(large().picture) == []


def test_the_title_names_the_authority_that_answers_for_most() -> None:
    assert title(demo().picture).da == "Nordlysstyrelsen og 1 anden"
    assert title(picture_of(case("organisationer: [{id: K}]"))).en == "the supply chain"


def test_dates_are_joined_and_a_changed_link_is_two_edges() -> None:
    """The approval of U was given on 12 May 2024 and the subcontract V came in July; before June there is neither."""
    pictures = [picture_of(case(CHAIN, day)) for day in (date(2024, 5, 1), AS_OF)]
    dated = merge(pictures, AS_OF)
    assert dated.dates == (date(2024, 5, 1), AS_OF)
    kinds = {node.label.da: dated.nodes[place] for place, node in enumerate(dated.picture.nodes)}
    assert (kinds["Et"], kinds["Løngang"], kinds["Udhus"]) == (3, 3, 2)
    says = {
        (dated.picture.nodes[edge.target].label.da, edge.kind): dated.edges[place]
        for place, edge in enumerate(dated.picture.edges)
    }
    assert says["Udhus", EdgeKind.APPROVED] == 2
    here = dated.picture.nodes[: len(pictures[1].nodes)]
    assert [replace(node, findings=()) for node in here] == [
        replace(node, findings=()) for node in pictures[1].nodes
    ], "the evaluation date has the word"
    assert all(set(old.findings) <= set(new.findings) for old, new in zip(pictures[1].nodes, here, strict=True))
    with pytest.raises(ValueError, match="no picture is of"):
        merge(pictures, date(2020, 1, 1))
