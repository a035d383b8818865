"""Five things that someone comes to the map for, each in at most three clicks from the first view, and without a mouse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Browsing, Watched
from map_pages import demo, page

from graphsc.analysis.resilience.losses import failed
from graphsc.drawing.model import EdgeKind, Kind
from graphsc.duties.duties import State

MOST = 3
pytestmark = pytest.mark.exhaustive


class Hand:
    """A reader's hand: clicks, and counts them; typing and reading cost nothing."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.clicks = 0

    def click(self, what: Any) -> None:
        what.click()
        self.clicks += 1

    def click_link(self, edge: int) -> None:
        """Click on the line of a link, where nothing else lies."""
        x, y = self.watched.evaluate(
            """edge => {
              const { view, chart, pointOn, edgeAt } = graphsc, line = view().line(edge);
              const box = document.getElementById("canvas").getBoundingClientRect();
              for (let part = 0.3; part < 0.9; part += 0.02) {
                const [x, y] = pointOn(line, part), at = chart.canvasToDOM({ x, y });
                const free = chart.getNodeAt(at) === undefined && edgeAt({ x, y }) === edge;
                const inside = at.x > 0 && at.y > 0 && at.x < box.width && at.y < box.height - 60;
                if (free && inside) return [box.x + at.x, box.y + at.y];
              }
            }""",
            edge,
        )
        self.watched.page.mouse.click(x, y)
        self.clicks += 1

    def done(self) -> str:
        """What the panel says; fails where it took too many clicks."""
        assert self.clicks <= MOST
        self.watched.clean()
        panel: str = self.watched.page.locator("#panel").inner_text()
        return panel


def test_who_is_hit_if_a_supplier_falls(browser: Browsing) -> None:
    graph = demo().risk.graph
    lost = next(name for name in graph if name.endswith("org/sivsangerbo-hosting"))
    down = failed(graph, [lost])
    hit = [n for n in demo().picture.nodes if n.iri in down and n.kind in {Kind.FUNCTION, Kind.PROCESS, Kind.SYSTEM}]
    with browser.open(page("demo")) as watched:
        hand = Hand(watched)
        watched.page.fill("#search", "sivsangerbo")
        hand.click(watched.page.locator("#hits li").first)
        hand.click(watched.page.get_by_role("button", name="Simulér bortfald"))
        panel = hand.done()
        assert f"Så standser ({len(hit)})" in panel
        assert all(node.label.da in panel for node in hit)
        assert "Nordlysstyrelsen" in panel, "and who answers for them"


def test_which_contracts_of_mine_need_something_within_a_month(browser: Browsing) -> None:
    shown = demo()
    mine = [d for d in shown.duties if (d.holder.person or "").endswith("/p11") and d.state is not State.MET]
    assert mine
    with browser.open(page("demo")) as watched:
        hand = Hand(watched)
        hand.click(watched.page.get_by_role("button", name="Ansvar", exact=True))
        hand.click(watched.page.locator("#panel").get_by_role("button", name="p11").first)
        panel = hand.done()
        part = panel.split("Aftaler, der kræver noget")[1].split("Fund (")[0]
        agreements = {iri for duty in mine for iri in duty.agreements}
        assert agreements
        for agreement in agreements:
            assert shown.labels[agreement].da in part
        assert "25. december 2026" in part, "a month from the evaluation date"
        assert "18. december 2026" in part, "an open matter that falls due within it"


def test_why_a_link_is_red(browser: Browsing) -> None:
    picture = demo().picture
    unapproved = [place for place, edge in enumerate(picture.edges) if edge.kind is EdgeKind.UNAPPROVED]
    with browser.open(page("demo")) as watched:
        hand = Hand(watched)
        edge = next(edge for edge in watched.evaluate("graphsc.view().edges") if edge in unapproved)
        hand.click_link(edge)
        panel = hand.done()
        codes = {picture.findings[number].code for number in picture.edges[edge].findings}
        assert codes & set(re.findall(r"[A-Z]{3}\d{3}", panel))
        assert "underleverandør, ikke godkendt" in panel, "what the link is"
        assert "Vejledningen:" in panel, "the statement"
        assert ".yaml:" in panel.split("Det bygger fundet på")[1], "the facts, with file and line"
        assert "link=" in watched.evaluate("location.hash")


def test_where_data_leave_the_eea(browser: Browsing) -> None:
    accesses = demo().records.outside
    assert accesses
    with browser.open(page("demo")) as watched:
        hand = Hand(watched)
        hand.click(watched.page.locator("#answer").get_by_role("button", name="uden for EØS"))
        panel = hand.done()
        for access in accesses:
            assert demo().labels[access.party].da in panel
            assert demo().labels[access.system].da in panel
        assert "Indien" in panel
        assert "intet overførselsgrundlag er registreret" in panel
        places = [place for place, node in enumerate(demo().picture.nodes) if node.iri in {a.party for a in accesses}]
        assert watched.evaluate(
            "places => places.every(n => !graphsc.view().place.has(n) || !graphsc.marksOf(n).dim)", places
        )


def test_what_changed_since_the_other_date(browser: Browsing) -> None:
    dated = demo().dated
    came = [place for place, when in enumerate(dated.edges) if when == 2 and dated.picture.edges[place].kind.needs]
    went = [place for place, when in enumerate(dated.edges) if when == 1 and dated.picture.edges[place].kind.needs]
    assert came
    with browser.open(page("demo")) as watched:
        hand = Hand(watched)
        hand.click(watched.page.locator("#answer").get_by_role("button", name="ændringer siden"))
        panel = hand.done()
        assert "25. november 2024" in panel
        changes = watched.evaluate("Object.fromEntries([...graphsc.changes().edges])")
        assert {edge for edge, change in changes.items() if change == "came"} <= {str(edge) for edge in came}
        assert {edge for edge, change in changes.items() if change == "went"} <= {str(edge) for edge in went}
        twins = watched.evaluate("[...graphsc.changes().twins]")
        assert {new for new, _ in twins} <= set(came)
        assert {old for _, old in twins} <= set(went)
        assert len(changes) >= len(came)
        drawn = watched.evaluate("graphsc.view().edges")
        assert {int(edge) for edge in changes} <= set(drawn), "each is drawn, those that went too"
        watched.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert watched.page.locator("#paper .edge.came").count() == sum(c == "came" for c in changes.values())


def test_a_way_leads_from_one_thing_to_another_without_a_mouse(browser: Browsing) -> None:
    names = [node.label.da for node in demo().picture.nodes]
    with browser.open(page("demo")) as watched:
        keys = watched.page.keyboard
        watched.page.locator("#search").focus()
        keys.type("sikker sejlads")
        keys.press("Enter")
        watched.page.get_by_role("button", name="Find vej til").focus()
        keys.press("Enter")
        assert watched.evaluate("document.activeElement.id") == "search"
        keys.type("mosekonebryg")
        keys.press("Enter")
        assert watched.evaluate("document.activeElement.id") == "panel"
        panel = watched.page.locator("#panel").inner_text()
        assert "sikker sejlads afhænger af Mosekonebryg Køling" in panel
        shown = [names[node] for node in watched.evaluate("graphsc.view().nodes")]
        assert {"sikker sejlads", "Kobberskum Datacenter", "Mosekonebryg Køling"} <= set(shown)
        assert "Hvepsebakkebo Trusler" not in shown
        assert "way=" in watched.evaluate("location.hash")
        watched.page.locator("#chips button").first.click()
        assert watched.evaluate("graphsc.state.way") == []
        watched.clean()


def test_what_does_not_rest_on_the_other_is_connected_in_the_shortest_way(browser: Browsing) -> None:
    with browser.open(page("demo"), "#way=org/glasmanet-vagt org/tordenskraeppe-net") as watched:
        panel = watched.page.locator("#panel").inner_text()
        assert "Hverken Glasmanet Vagt eller Tordenskræppe Net afhænger af den anden" in panel
        assert watched.page.locator("#panel ol li").count() > 3
        watched.accessible()
        watched.clean()


def test_a_slider_shows_the_chain_step_by_step(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=system/havneanloeb") as watched:
        whole = watched.evaluate("graphsc.view().nodes.length")
        slider = watched.page.locator("#depth")
        slider.focus()
        watched.page.keyboard.press("Home")
        near = watched.evaluate("graphsc.view().nodes.length")
        assert near < whole
        assert "depth=1" in watched.evaluate("location.hash")
        assert watched.evaluate("document.activeElement.id") == "depth"
        watched.page.keyboard.press("End")
        assert watched.evaluate("graphsc.view().nodes.length") == whole
        watched.clean()
