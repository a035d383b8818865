"""The map in a real browser: asks for nothing, harms nobody, can be used without a mouse, and computes what Python does."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from browsing import Browsing
from map_pages import DAY, demo, hostile, large, page
from repository import TESTS

from graphsc.analysis.model import DependencyGraph, dependency_graph, threshold
from graphsc.analysis.resilience.losses import failed
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.drawing.chain import Links, chain_of, paths
from graphsc.drawing.layout import Rows, lay_out
from graphsc.drawing.model import Kind
from graphsc.drawing.svg import arranged, wrapped
from graphsc.duties.duties import State
from graphsc.rendering.map.page import render, title
from graphsc.service.map import Mapped, mapped
from graphsc.validation.findings import Severity

pytestmark = pytest.mark.exhaustive


def random_dependencies(draw: random.Random) -> tuple[DependencyGraph, list[str]]:
    """A graph with all-of and k-of-n nodes, circles and dead ends, and some nodes to lose."""
    names = [f"n{number:02}" for number in range(draw.randint(1, 24))]
    needs = {name: draw.sample(names, draw.randint(0, min(4, len(names)))) for name in names}
    enough = {name: draw.randint(0, len(needs[name]) + 1) for name in names if needs[name] and draw.random() < 0.5}
    graph = dependency_graph(dict.fromkeys(names, "organisation"), needs, at_least=enough)
    return graph, sorted(draw.sample(names, draw.randint(0, min(3, len(names)))))


def random_layers(draw: random.Random) -> tuple[list[int], list[tuple[int, int]]]:
    """Nodes in lanes, one of them often wide, with edges anywhere."""
    lanes = [draw.choice((0, 1, 1, 2, 2, 2, 2, 3, 5)) for _ in range(draw.randint(1, 70))]
    edges = [(draw.randrange(len(lanes)), draw.randrange(len(lanes))) for _ in range(draw.randint(0, 120))]
    return lanes, edges


def test_the_page_computes_what_python_computes(browser: Browsing) -> None:
    """One page load: failures of 200 random graphs, 100 layouts, labels, and every chain and path of the demo."""
    draw = random.Random(20261125)
    losses = [random_dependencies(draw) for _ in range(200)]
    layers = [random_layers(draw) for _ in range(100)]
    labels = ["", "Kort", "Finansministeriets departement", "🚢" * 30, "a b " * 40, "Enordudenmellemrumsomerforlangt"]
    dated = demo().dated
    now = 1 << dated.dates.index(DAY)
    current = [edge for edge, when in zip(dated.picture.edges, dated.edges, strict=True) if when & now]
    picture = replace(dated.picture, edges=tuple(current))
    with browser.open(page("demo")) as watched:
        index = [{name: number for number, name in enumerate(graph)} for graph, _ in losses]
        needs = [
            [[threshold(graph, name), *(number[need] for need in graph.succ[name])] for name in graph]
            for number, (graph, _) in zip(index, losses, strict=True)
        ]
        fell = watched.evaluate(
            "all => all.map(([needs, lost]) => [...graphsc.failed(needs, lost)])",
            [[need, [of[name] for name in lost]] for need, of, (_, lost) in zip(needs, index, losses, strict=True)],
        )
        laid = watched.evaluate(
            "all => all.map(([lanes, edges]) => graphsc.layOut(lanes, edges, graphsc.data.drawing.spacing))",
            [[lanes, edges] for lanes, edges in layers],
        )
        cut = watched.evaluate("all => all.map(graphsc.wrapped)", labels)
        watched.evaluate("graphsc.change({everything: true})")
        drawn = watched.evaluate("graphsc.view().edges.map(edge => [edge, graphsc.view().line(edge)])")
        walked = watched.evaluate(
            "count => Array.from({length: count}, (_, n) => [graphsc.chainOf([n]), [...graphsc.paths(n, true)]])",
            len(picture.nodes),
        )
        watched.clean()
    assert [{list(graph)[number] for number in ids} for ids, (graph, _) in zip(fell, losses, strict=True)] == [
        failed(graph, lost) for graph, lost in losses
    ]
    assert sum(len(ids) > len(lost) for ids, (_, lost) in zip(fell, losses, strict=True)) > 50, "most losses spread"
    for theirs, (lanes, edges) in zip(laid, layers, strict=True):
        ours = lay_out(lanes, edges)
        assert list(zip(theirs["x"], theirs["y"], strict=True)) == list(ours.places)
        assert [(lane["number"], lane["top"], lane["bottom"], lane["count"]) for lane in theirs["lanes"]] == [
            (lane.number, lane.top, lane.bottom, lane.count) for lane in ours.lanes
        ]
    assert cut == [wrapped(label) for label in labels]
    places = arranged(demo().picture).places
    rows = Rows(places)
    assert len(drawn) > 50
    for number, line in drawn:
        edge = demo().picture.edges[number]
        label = len(wrapped(demo().picture.nodes[edge.source].label.da))
        expected = rows.line(places[edge.source], places[edge.target], label)
        assert [tuple(line[at : at + 2]) for at in range(0, len(line), 2)] == list(expected.points)
    links = Links(picture)
    for node, (chain, ways) in enumerate(walked):
        kept = chain_of(links, [node])
        assert [picture.nodes[node].iri for node in chain["nodes"]] == [node.iri for node in kept.nodes]
        assert chain["lanes"] == [node.lane for node in kept.nodes]
        assert len(chain["edges"]) == len(kept.edges)
        assert {target: tuple(way) for target, way in ways} == paths(links, node)


def test_it_opens_on_what_is_critical_and_asks_for_nothing(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        panel = watched.page.locator("#panel")
        assert "sikker sejlads" in panel.inner_text()
        assert watched.page.locator("#panel .finding").count() >= 5
        shown = watched.evaluate("graphsc.view().nodes.length")
        assert 20 < shown < len(demo().picture.nodes), "not everything, unless asked"
        watched.page.click("#all")
        laid = arranged(demo().picture)
        assert watched.evaluate("graphsc.view().nodes.map(n => graphsc.view().place.get(n))") == [
            list(p) for p in laid.places
        ]
        watched.clean()


LOST = "#focus=org/taagehorn-drift&lens=risk&lost=org/sivsangerbo-hosting"
OPENED = "document.querySelectorAll('#panel details, #legend-box, .drop').forEach(box => box.open = true)"


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(browser: Browsing, dark: bool) -> None:
    with browser.open(page("demo"), LOST, dark=dark) as watched:
        watched.evaluate(OPENED)
        watched.page.locator(".skip").focus()
        watched.accessible()
        watched.clean()


def test_axe_finds_nothing_on_a_phone(browser: Browsing) -> None:
    with browser.open(page("demo"), "#lens=requirements&requirement=0", width=360, height=780) as watched:
        watched.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        watched.accessible()
        watched.clean()


def test_nothing_scrolls_sideways_on_a_phone(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=system/havneanloeb", width=360, height=780) as watched:
        assert watched.evaluate("document.documentElement.scrollWidth") <= 360
        assert watched.page.locator("#canvas").bounding_box()["width"] == pytest.approx(360, abs=2)
        watched.clean()


def test_hostile_names_are_text(browser: Browsing) -> None:
    with browser.open(page("hostile")) as watched:
        for lens in ("chain", "responsibility", "requirements", "risk"):
            watched.evaluate("lens => graphsc.change({lens, requirement: 0, everything: true})", lens)
            for node in range(watched.evaluate("graphsc.view().nodes.length")):
                watched.evaluate("node => graphsc.select(node, false)", node)
        for record in watched.evaluate("graphsc.allRecords()"):
            watched.evaluate("record => graphsc.showRecord(record)", record)
        watched.page.fill("#search", "script")
        assert watched.page.locator("#hits li").count() > 1
        watched.page.keyboard.press("Enter")
        watched.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        ET.fromstring(watched.evaluate("graphsc.svgText()"))
        assert watched.evaluate("window.harmed") is None
        assert watched.page.locator("img, #panel script, #rows script, iframe, object").count() == 0
        assert "\u202e" not in watched.page.content()
        watched.clean()


def test_it_can_be_used_without_a_mouse(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        keys, seen = watched.page.keyboard, []
        for _ in range(16):
            keys.press("Tab")
            seen.append(
                watched.evaluate(
                    "document.activeElement.id || document.activeElement.className || document.activeElement.value"
                )
            )
        assert seen[0] == "skip"
        assert {"search", "language", "chain", "risk", "start", "all"} <= set(seen)
        watched.page.locator("#canvas").focus()
        keys.press("ArrowDown")
        first = watched.evaluate("graphsc.state.selected")
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        second = watched.evaluate("graphsc.state.selected")
        assert first != second
        assert watched.page.locator("#live").inner_text().startswith(demo().picture.nodes[second].label.da)
        keys.press("f")
        assert watched.evaluate("graphsc.state.focus") == [second]
        keys.press("Enter")
        assert watched.evaluate("document.activeElement.id") == "panel"
        watched.page.locator("#canvas").focus()
        keys.press("Escape")
        watched.page.wait_for_function("graphsc.state.focus.length === 0")
        watched.page.fill("#search", "statens")
        keys.press("ArrowDown")
        keys.press("Enter")
        assert [demo().picture.nodes[n].label.da for n in watched.evaluate("graphsc.state.focus")] == ["Statens IT"]
        watched.clean()


def test_a_view_has_an_address(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=org/kobberskum-datacenter") as watched:
        assert "Kobberskum Datacenter" in watched.page.locator("#panel h2").first.inner_text()
        watched.page.evaluate("location.hash = 'focus=system/mail&lens=risk&lost=org/statens-it'")
        watched.page.wait_for_function("graphsc.state.lens === 'risk'")
        assert "Mail" in watched.page.locator("#panel").inner_text()
        finding = next(finding for finding in demo().picture.findings if finding.code == "SUB004")
        watched.page.evaluate("id => { location.hash = `finding=${id}` }", finding.fingerprint)
        watched.page.wait_for_function("graphsc.state.finding >= 0")
        assert "SUB004" in watched.page.locator("#panel").inner_text()
        watched.page.evaluate(
            "location.hash = 'focus=no/such&finding=nothing&lens=evil&lost=x&requirement=999&date=1999'"
        )
        watched.page.wait_for_function("graphsc.state.finding < 0")
        watched.clean()


def test_what_is_lost_falls_on_the_page_as_in_the_analysis(browser: Browsing) -> None:
    shown = demo()
    graph = shown.risk.graph
    lost = next(name for name in graph if name.endswith("org/sivsangerbo-hosting"))
    down = failed(graph, [lost])
    with browser.open(page("demo"), "#lens=risk&all=1&lost=org/sivsangerbo-hosting") as watched:
        marked = watched.evaluate("graphsc.view().nodes.filter(n => graphsc.marksOf(n).down)")
        watched.clean()
    drawn = {node.iri for node in shown.picture.nodes}
    assert {shown.picture.nodes[one].iri for one in marked} == down & drawn
    assert len(marked) > 5


def test_both_languages_and_the_table(browser: Browsing) -> None:
    picture = demo().picture
    mail = next(place for place, node in enumerate(picture.nodes) if node.label.da == "Mail")
    now = [bool(when >> demo().dated.dates.index(DAY) & 1) for when in demo().dated.findings]
    reached = [picture.nodes[node] for node in paths(Links(picture), mail)]
    beneath = {
        finding for node in reached for finding in node.findings if now[finding] and picture.findings[finding].counts
    }
    assert {"SIT002", "SIT005"} <= {picture.findings[finding].code for finding in beneath}, "Mail rests on Statens IT"
    with browser.open(page("demo"), "#focus=system/mail") as watched:
        watched.page.click("#language")
        assert watched.evaluate("document.documentElement.lang") == "en"
        assert "Supplier map" in watched.page.title()
        title = f"Findings further down the chain ({len(beneath)})"
        assert watched.page.locator("#panel h3", has_text=title).count() == 1
        watched.page.locator("#table").scroll_into_view_if_needed()
        watched.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        rows = watched.page.locator("#rows tbody tr")
        assert rows.count() == watched.evaluate("graphsc.view().nodes.length")
        assert "supplied by" in watched.page.locator("#rows").inner_text()
        assert watched.page.locator("#paper svg").count() == 1
        watched.clean()


def test_a_link_that_is_clicked_says_who_watches_it_and_what_is_wrong(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=org/kobberskum-datacenter") as watched:
        at = watched.evaluate(
            """() => {
              const { data, view, chart } = graphsc;
              const edge = view().edges.find((one) => data.edges.dropped[one]);
              const [x, y] = graphsc.pointOn(view().line(edge), 0.5);
              const place = chart.canvasToDOM({ x, y });
              const box = document.getElementById("canvas").getBoundingClientRect();
              return [box.x + place.x, box.y + place.y];
            }"""
        )
        watched.page.mouse.click(*at)
        watched.page.wait_for_function("graphsc.state.link >= 0")
        contents = watched.page.locator("#panel").inner_text()
        assert contents.startswith("Leddet")
        assert "Sivsangerbo Hosting" in contents.split("Fund")[0]
        assert "Tilsyn:" in contents
        assert "FLW001" in contents
        watched.clean()


def test_filters_keep_what_fits(browser: Browsing) -> None:
    with browser.open(page("demo"), "#all=1") as watched:
        watched.page.click("details.drop:nth-of-type(1) > summary")
        watched.page.check("#filters > label input[type=checkbox]")
        kept = watched.evaluate("graphsc.view().nodes")
        picture = demo().picture
        expected = [
            place
            for place, node in enumerate(picture.nodes)
            if any(picture.findings[n].counts and demo().dated.findings[n] >> 1 & 1 for n in node.findings)
            and demo().dated.nodes[place] >> 1 & 1
        ]
        assert kept == expected
        assert len(kept) > 10
        watched.clean()


def test_dates_show_what_was_there(browser: Browsing) -> None:
    with browser.open(page("demo"), "#all=1&date=2024-11-25") as watched:
        before = set(watched.evaluate("graphsc.view().edges"))
        watched.evaluate("graphsc.change({date: 1})")
        after = set(watched.evaluate("graphsc.view().edges"))
        assert before < after | before
        assert before != after
        watched.evaluate("graphsc.change({lens: 'time'})")
        assert before | after <= set(watched.evaluate("graphsc.view().edges")) | set(
            watched.evaluate("[...graphsc.changes().twins.values()]")
        )
        assert "25. november 2024" in watched.page.locator("#panel .dates").inner_text()
        watched.clean()


def with_a_day_between() -> Mapped:
    """The demo on three dates, on the second of which every seventh supplier and its links are away."""
    dated = demo().dated
    nodes, edges = dated.picture.nodes, dated.picture.edges
    away = {place for place, node in enumerate(nodes) if node.kind is Kind.SUPPLIER and place % 7 == 0}

    def when(mask: int, *, there: bool) -> int:
        return (mask & 1) | (there << 1) | (mask >> 1 << 2)

    return replace(
        demo(),
        dated=replace(
            dated,
            dates=(dated.dates[0], date(2025, 11, 25), dated.dates[1]),
            nodes=tuple(when(mask, there=place not in away) for place, mask in enumerate(dated.nodes)),
            edges=tuple(
                when(mask, there=not away & {edge.source, edge.target})
                for mask, edge in zip(dated.edges, edges, strict=True)
            ),
            findings=tuple(when(mask, there=True) for mask in dated.findings),
            was=(),
        ),
    )


@pytest.mark.parametrize("view", ["", "&focus=funktion/sikker-sejlads", "&all=1"])
def test_whatever_stays_lies_where_it_lay(browser: Browsing, tmp_path: Path, view: str) -> None:
    file = tmp_path / "days.html"
    shown = with_a_day_between()
    file.write_text(render(shown, title=title(shown.picture), language=Language.DA), encoding="utf-8")
    drawn = []
    for day, other in ((0, 1), (1, 2), (0, 2)):
        first, second = (shown.dated.dates[place].isoformat() for place in (day, other))
        with browser.open(file, f"#lens=time&date={second}&since={first}{view}") as watched:
            drawn.append({node: tuple(at) for node, at in watched.evaluate("[...graphsc.view().place]")})
            watched.clean()
    assert len({frozenset(places) for places in drawn}) > 1, "not the same things are there on all days"
    for before, after in itertools.combinations(drawn, 2):
        stays = before.keys() & after.keys()
        assert len(stays) > 5
        assert {node: before[node] for node in stays} == {node: after[node] for node in stays}


def test_saved_pictures_are_whole(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=system/havneanloeb") as watched:
        text: Any = watched.evaluate("graphsc.svgText()")
        root = ET.fromstring(text)
        labels = {element.text for element in root.iter("{http://www.w3.org/2000/svg}title")}
        assert len(labels) == watched.evaluate("graphsc.view().nodes.length")
        texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
        assert any("Leverandørkort: " in text for text in texts)
        assert any("pr. 25. november 2026 · Havneanløb" in text for text in texts), "the day, and what was chosen"
        legend = watched.page.locator("#legend li").all_inner_texts()
        assert {row.split("\n")[-1].strip() for row in legend} <= set(texts)
        with watched.page.expect_download() as waiting:
            watched.page.click("details.drop:last-of-type > summary")
            watched.page.click("#png")
        assert waiting.value.suggested_filename == "graphsc-2026-11-25.png"
        assert json.loads(watched.page.locator("#content").inner_text() or "{}") is not None
        watched.clean()


def test_start_is_the_first_view_again(browser: Browsing) -> None:
    """What was lost, filtered or chosen stands as a chip and in the address, and Start takes all of it away."""
    with browser.open(page("demo"), "#lens=risk&lost=org/sivsangerbo-hosting") as watched:
        watched.page.click("details.drop:nth-of-type(1) > summary")
        watched.page.check("#filters > label input[type=checkbox]")
        assert watched.page.locator("#chips button").count() == 3, "the lens is chosen too"
        assert "only=findings" in watched.evaluate("location.hash")
        watched.page.click("#start")
        assert watched.evaluate("[graphsc.state.lost.size, graphsc.state.filters.only, graphsc.state.lens]") == [
            0,
            False,
            "chain",
        ]
        assert watched.evaluate("location.hash.replace('#', '')") == ""
        assert watched.page.locator("#chips").is_hidden()
        assert not watched.evaluate("graphsc.view().nodes.some(n => graphsc.marksOf(n).down)")
        watched.clean()


def test_a_chip_takes_one_choice_away(browser: Browsing) -> None:
    with browser.open(page("demo"), "#lens=risk&lost=org/sivsangerbo-hosting&only=findings") as watched:
        watched.page.locator("#chips").get_by_role("button", name="Faldet bort").click()
        assert watched.evaluate("[graphsc.state.lost.size, graphsc.state.filters.only]") == [0, True]
        assert watched.evaluate("document.activeElement !== document.body")
        watched.clean()


def test_what_is_selected_stands_as_a_chip_and_in_the_address(browser: Browsing) -> None:
    with browser.open(page("demo"), "#lens=time&since=2024-11-25") as watched:
        assert watched.page.locator("#chips bdi").all_inner_texts() == ["Tid", "Sammenlign med 25. november 2024"]
        behind = watched.evaluate("history.length")
        watched.evaluate("graphsc.select(graphsc.view().nodes[3])")
        name = watched.evaluate("graphsc.nameOf(graphsc.view().nodes[3])")
        assert name in watched.page.locator("#chips bdi").all_inner_texts()
        address = watched.evaluate("location.hash")
        assert "at=" in address
        assert watched.evaluate("history.length") == behind, "to select is no new view"
        watched.clean()
    with browser.open(page("demo"), address) as watched:
        assert watched.evaluate("graphsc.nameOf(graphsc.state.selected)") == name
        watched.clean()


def test_the_legend_is_open_and_says_only_what_is_shown(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        assert watched.evaluate("document.getElementById('legend-box').open")
        rows = watched.page.locator("#legend li").all_inner_texts()
        shown = watched.evaluate("[...new Set(graphsc.view().nodes.map(n => graphsc.marksOf(n).worst))]")
        assert [("overtrædelse" in row, "spørgsmål" in row) for row in rows].count((True, False)) == (0 in shown)
        assert not any("ikke angivet" in row for row in rows), "no system without criticality is shown"
        suppliers = watched.evaluate("graphsc.view().nodes.filter(n => graphsc.data.nodes.kind[n] === 4).slice(0, 5)")
        numbers = []
        for supplier in suppliers:
            watched.evaluate("n => graphsc.focusOn([n])", supplier)
            numbers.append(watched.page.locator("#legend li").count())
        assert min(numbers) < len(rows)
        watched.clean()


def test_what_the_pointer_rests_on_stands_out_with_its_neighbours(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        node, x, y = watched.evaluate(
            """() => {
              const node = graphsc.view().nodes.find(n => graphsc.data.nodes.kind[n] === 3), [x, y] = graphsc.view().place.get(node);
              const at = graphsc.chart.canvasToDOM({ x, y }), box = document.getElementById("canvas").getBoundingClientRect();
              return [node, box.x + at.x, box.y + at.y];
            }"""
        )
        watched.page.mouse.move(x, y)
        lit = watched.evaluate("graphsc.view().nodes.filter(n => !graphsc.marksOf(n).dim)")
        near = watched.evaluate(
            "node => graphsc.view().edges.map(graphsc.ends).filter(ends => ends.includes(node)).flat()",
            node,
        )
        assert set(lit) == set(near)
        assert watched.page.locator("#canvas").get_attribute("title") == watched.evaluate(
            "n => graphsc.nameOf(n)", node
        )
        watched.page.mouse.move(5, 5)
        assert not watched.evaluate("graphsc.view().nodes.some(n => graphsc.marksOf(n).dim)")
        watched.clean()


def test_there_is_room_for_every_name_of_the_first_view(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        names = watched.evaluate("graphsc.view().names.map(({node, rows}) => [node, rows.join(' ')])")
        assert {node for node, _ in names} == set(watched.evaluate("graphsc.view().nodes"))
        assert not [name for _, name in names if "…" in name]
        wide = watched.evaluate("graphsc.view().width")
        watched.page.click("#fit")
        assert watched.evaluate("graphsc.view().width") == wide, "as wide as there is room, however often it is fitted"
        watched.page.set_viewport_size({"width": 1000, "height": 700})
        watched.page.click("#fit")
        shown = watched.evaluate("graphsc.view().width * graphsc.chart.getScale()")
        assert shown <= watched.page.locator("#canvas").bounding_box()["width"], "and no wider"
        watched.clean()


def test_a_search_shows_what_a_filter_would_hide(browser: Browsing) -> None:
    with browser.open(page("demo"), "#country=SE") as watched:
        watched.page.fill("#search", "statens")
        watched.page.keyboard.press("Enter")
        (focus,) = watched.evaluate("graphsc.state.focus")
        assert focus in watched.evaluate("graphsc.view().nodes")
        watched.clean()


def test_nothing_leads_away_from_the_page(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        here = watched.page.url
        assert watched.page.locator("#back").is_disabled()
        watched.page.locator("#canvas").focus()
        watched.page.keyboard.press("Escape")
        watched.page.keyboard.press("Escape")
        assert watched.page.url == here
        watched.page.click("#all")
        watched.page.click("#back")
        watched.page.wait_for_function("!graphsc.state.everything")
        assert watched.page.locator("#back").is_disabled()
        watched.clean()


def test_a_wheel_never_loses_the_picture(browser: Browsing) -> None:
    with browser.open(page("demo"), "#all=1") as watched:
        box = watched.page.locator("#canvas").bounding_box()
        assert box is not None
        watched.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for direction in (400, -400):
            for _ in range(40):
                watched.page.mouse.wheel(0, direction)
            scale, seen = watched.evaluate(
                "[graphsc.chart.getScale(), graphsc.view().nodes.filter(n => {"
                " const [x, y] = graphsc.view().place.get(n), at = graphsc.chart.canvasToDOM({x, y});"
                " return at.x > -400 && at.x < innerWidth + 400 && at.y > -400 && at.y < innerHeight + 400; }).length]"
            )
            assert 0.05 < scale <= 3
            assert seen > 0
        before = watched.evaluate("graphsc.chart.getScale()")
        watched.page.mouse.wheel(30, 10)  # two fingers on a trackpad move and do not zoom
        assert watched.evaluate("graphsc.chart.getScale()") == before
        watched.clean()


def test_focus_stays_in_the_panel(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=org/kobberskum-datacenter") as watched:
        watched.page.locator("#panel .actions button[aria-pressed]").last.click()
        assert watched.evaluate("document.activeElement.id") == "panel"
        watched.clean()


def test_the_first_view_answers(browser: Browsing) -> None:
    """Functions at risk, violations, what is overdue and what weighs most, each one click from where it lies on the map."""
    shown = demo()
    violations = [f for f in shown.report.findings if f.counts and f.severity is Severity.BREACH and f.group is None]
    overdue = [duty for duty in shown.duties if duty.state is State.OVERDUE]
    with browser.open(page("demo")) as watched:
        figures = watched.page.locator("#answer strong").all_inner_texts()
        assert figures[:4] == ["2 af 2", str(len(violations)), str(len(overdue)), "Kobberskum Datacenter"]
        watched.page.locator("#answer button").nth(1).click()
        assert watched.page.locator("#panel .finding").count() == len(violations)
        assert "list=broken" in watched.evaluate("location.hash")
        assert watched.evaluate("graphsc.view().nodes.some(n => graphsc.marksOf(n).dim)")
        assert watched.evaluate(
            "graphsc.view().nodes.every(n => graphsc.marksOf(n).worst !== 0 || !graphsc.marksOf(n).dim)"
        )
        watched.page.locator("#answer button").nth(2).click()
        assert watched.page.locator("#panel .duties > li").count() == len(overdue)
        watched.page.locator("#answer button").nth(3).click()
        assert watched.evaluate("graphsc.view().nodes.filter(n => graphsc.marksOf(n).down).length") > 3
        watched.page.click("#start")
        assert watched.evaluate("location.hash.replace('#', '')") == ""
        watched.clean()


def test_the_first_view_says_how_many_rules_could_not_be_judged(browser: Browsing) -> None:
    """Without it a register that keeps nothing opens on noughts alone, like one that is in order."""
    number = sum(outcome.not_checked is not None for outcome in hostile().report.rules)
    assert number > 50
    with browser.open(page("hostile")) as watched:
        tiles = watched.page.locator("#answer li").all_inner_texts()
        assert [tile.split() for tile in tiles if "bedømmes" in tile] == [
            f"{number} regler kunne ikke bedømmes overalt".split()
        ]
    assert not any(outcome.not_checked for outcome in demo().report.rules)


def test_what_nobody_recorded_is_neither_green_nor_nobody(browser: Browsing) -> None:
    with browser.open(page("alone")) as watched:
        tiles = {tile.split("\n")[0]: tile for tile in watched.page.locator("#answer li").all_inner_texts()}
        assert "det er ikke registreret, hvem noget samfundskritisk afhænger af" in tiles["Ukendt"]
        assert watched.page.locator("#answer .tile.neutral", has_text="Ukendt").count() == 1
        assert watched.page.locator("#answer .tile.neutral", has_text="0 af 1").count() == 1
        assert "Fyrlys – hvad den afhænger af, er ikke registreret" in watched.page.locator("#panel").inner_text()
    with browser.open(page("hostile")) as watched:  # of what could not be judged no nought is green either
        assert watched.page.locator("#answer .tile:not(.neutral):not(.bad)").count() == 0


@pytest.mark.parametrize("name", ["no-agreement", "ended-agreement", "no-customer"])
def test_a_nought_that_rests_on_nothing_is_never_green(browser: Browsing, tmp_path: Path, name: str) -> None:
    shown = mapped([TESTS / "data" / "nearly-empty" / f"{name}.yaml"], Settings(as_of=DAY), [], [])
    file = tmp_path / "map.html"
    file.write_text(render(shown, title=title(shown.picture), language=Language.EN), encoding="utf-8")
    with browser.open(file) as watched:
        tiles = watched.page.locator("#answer .tile")
        assert tiles.count() >= 3
        assert watched.page.locator("#answer .tile:not(.neutral):not(.bad)").count() == 0
        if not shown.report.running:
            assert any("nothing recorded to check" in tile for tile in tiles.all_inner_texts())


def test_a_large_map_opens_on_an_overview_with_names(browser: Browsing) -> None:
    """Everything in a running chain stands in it, by itself or in a box, and a box opens in place."""
    with browser.open(page("large")) as watched:
        names = watched.evaluate("graphsc.view().nodes.map(graphsc.nameOf)")
        assert len(names) <= 9 * 4
        assert "Styrelse 0: 4 systemer" in names
        assert "Koncern 0 (8)" in names
        assert "3 andre samfundsfunktioner" in names
        gathered = watched.evaluate("graphsc.view().nodes.flatMap(graphsc.membersOf)")
        assert len(gathered) == len(set(gathered)), "nothing stands twice"
        assert {n for n, node in enumerate(large().picture.nodes) if node.kind is not Kind.OTHER} == set(gathered)
        watched.evaluate(
            "graphsc.select(graphsc.view().nodes.find(n => graphsc.nameOf(n) === 'Styrelse 0: 4 systemer'), false)"
        )
        watched.page.click("#panel .actions button")
        names = watched.evaluate("graphsc.view().nodes.map(graphsc.nameOf)")
        assert {"System 0-0", "System 0-3"} <= set(names)
        assert "open=" in watched.evaluate("location.hash")
        watched.page.locator("#chips button").click()
        assert watched.evaluate("graphsc.state.open.size") == 0
        watched.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        watched.accessible()
        watched.clean()


@pytest.mark.parametrize("address", ["#open=@a/nowhere lane1+", "#list=everything"])
def test_an_address_that_names_what_is_not_there_opens_all_the_same(browser: Browsing, address: str) -> None:
    with browser.open(page("large"), address) as watched:
        assert watched.evaluate("graphsc.view().nodes.length") > 10
        watched.clean()


def test_a_contract_is_a_thing_of_its_own(browser: Browsing) -> None:
    """Found by name: parties, term, spend, findings with rule, statement, facts and line, duties, roles and evidence."""
    with browser.open(page("demo")) as watched:
        watched.page.fill("#search", "analysekontrakt")
        watched.page.keyboard.press("Enter")
        panel = watched.page.locator("#panel")
        contents = panel.inner_text()
        assert watched.evaluate("document.activeElement.id") == "panel"
        for line in (
            "Nordlysstyrelsen",
            "31. december 2027",
            "1.500.000",
            "analyse.yaml:5",
            "CON001",
            "Kontraktgennemgang",
        ):
            assert line in contents, line
        assert "record=agreement" in watched.evaluate("location.hash")
        for summary in panel.locator(".finding summary").all():
            summary.click()
        opened = panel.inner_text()
        assert "S-5.5-09" in opened, "the statement, in words"
        assert "Gennemgå kontrakten mindst årligt" in opened
        assert "Analysekontrakt 2025" in panel.locator(".finding details ul").first.inner_text(), "the facts"
        panel.get_by_role("button", name="kontraktansvarlig (p09)").first.click()
        assert watched.page.locator("#panel h2").inner_text() == "p09"
        watched.page.click("#back")
        watched.page.wait_for_function("graphsc.state.record?.sort === 'agreement'")
        watched.clean()


def test_whoever_looks_for_what_is_theirs_finds_it_by_their_pseudonym(browser: Browsing) -> None:
    shown = demo()
    mine = [f for f in shown.report.findings if f.counts and (f.actor.person or "").endswith("/p09")]
    owed = [
        d for d in shown.duties if (d.holder.person or "").endswith("/p09") and d.state in {State.OVERDUE, State.OPEN}
    ]
    with browser.open(page("demo")) as watched:
        watched.page.fill("#search", "p09")
        watched.page.keyboard.press("Enter")
        contents = watched.page.locator("#panel").inner_text()
        assert f"Fund ({len(mine)})" in contents
        assert f"Pligter, der venter ({len(owed)})" in contents
        assert "kontraktansvarlig" in contents
        watched.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        watched.accessible()
        watched.clean()
