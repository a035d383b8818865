"""What axe cannot see of the map: where focus goes, large text, small targets, forced colours, and a whole task without a mouse."""

from __future__ import annotations

import pytest
from browsing import Browsing
from map_pages import demo, page

pytestmark = pytest.mark.exhaustive
VIEWS = (
    "",
    "#all=1",
    "#list=outside",
    "#focus=org/kobberskum-datacenter",
    "#focus=org/taagehorn-drift&lens=risk&lost=org/sivsangerbo-hosting",
    "#lens=responsibility",
    "#lens=requirements&requirement=0",
    "#lens=time",
    "#way=funktion/sikker-sejlads org/mosekonebryg-koeling",
    "#record=person:person/p11",
    "#record=role:contract-manager",
    "#record=agreement:kontrakt/drift-2024",
    "#list=risk",
    "#list=broken",
    "#list=overdue",
    "#focus=system/havneanloeb&depth=1",
)
OPENED = "document.querySelectorAll('details').forEach(box => box.open = true)"
ARRIVE = """async ([address, open]) => {
  location.hash = address || "start=1";
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)));
  if (open) document.querySelectorAll("details:not(.drop), .drop:first-of-type").forEach(box => box.open = true);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_in_any_view(browser: Browsing, scheme: str) -> None:
    with browser.open(page("demo"), dark=scheme == "dark", forced=scheme == "forced") as watched:
        for view in VIEWS:
            watched.evaluate(ARRIVE, [view, True])
            watched.accessible()
        watched.clean()


@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_axe_finds_nothing_in_the_overview_of_a_large_map(browser: Browsing, scheme: str) -> None:
    with browser.open(page("large"), dark=scheme == "dark", forced=scheme == "forced") as watched:
        watched.accessible()
        watched.evaluate("graphsc.select(graphsc.view().nodes.find(n => graphsc.membersOf(n).length > 1))")
        watched.page.locator("#panel .actions button").first.click()
        watched.accessible()
        watched.clean()


@pytest.mark.parametrize("view", VIEWS)
def test_focus_never_falls_to_the_body(browser: Browsing, view: str) -> None:
    """Every button of a view is used, each from the view as it was; saving and printing apart.

    Of those that are alike, as in the rows of a list, it is the first. The bars are the same in all views: theirs are used in
    the first, and in one where something is lost.
    """
    with browser.open(page("demo"), view) as watched:
        fallen = watched.evaluate(
            """async bars => {
              const settled = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 5)));
              const usable = () => [...document.querySelectorAll(".screen button, .screen summary, .screen input[type=checkbox]")]
                .filter(one => !["png", "svg", "print", "link"].includes(one.id) && !one.disabled && (bars || !one.closest(".bar")));
              const alike = one => {
                const names = [];
                for (let at = one; at && !at.matches(".screen"); at = at.parentElement)
                  names.push(at.tagName, at.id, at.className);
                return names.join(" ");
              };
              const fallen = [], wanted = location.hash, tried = new Set();
              const arrive = async () => {
                location.hash = "start=1";
                await settled();
                location.hash = wanted || "start=2";
                await settled();
                document.querySelectorAll("details").forEach(box => box.open = true);
              };
              await arrive();
              const places = usable().map((one, place) => [one, place]).filter(([one]) => {
                const kind = alike(one);
                return !tried.has(kind) && tried.add(kind);
              }).map(([, place]) => place);
              for (const place of places) {
                await arrive();
                const one = usable()[place];
                if (!one || !one.offsetParent) continue;
                const called = one.textContent.slice(0, 40) || one.id;
                one.focus();
                one.click();
                await settled();
                if (document.activeElement === document.body || document.activeElement === null) fallen.push(called);
              }
              return fallen;
            }""",
            view == "" or "lost=" in view,
        )
        assert fallen == []
        watched.clean()


def test_a_scenario_is_opened_and_closed_without_a_mouse(browser: Browsing) -> None:
    with browser.open(page("demo")) as watched:
        keys = watched.page.keyboard

        def tab_to(wanted: str) -> None:
            for _ in range(60):
                keys.press("Tab")
                if wanted in (watched.evaluate("document.activeElement.textContent || document.activeElement.id")):
                    return
            pytest.fail(f"Tab never comes to {wanted}")

        for _ in range(2):  # past the way to the table
            keys.press("Tab")
        assert watched.evaluate("document.activeElement.id") == "search"
        keys.type("sivsangerbo")
        keys.press("Enter")
        tab_to("Simulér bortfald")
        keys.press("Enter")
        assert watched.evaluate("graphsc.state.lost.size") == 1
        assert "Så standser" in watched.page.locator("#panel").inner_text()
        tab_to("Fortryd bortfaldet")
        keys.press("Enter")
        assert watched.evaluate("graphsc.state.lost.size") == 0
        assert watched.evaluate("document.activeElement.id") == "panel"
        watched.clean()


@pytest.mark.parametrize(
    "view", ["", "#focus=org/taagehorn-drift&lens=risk&lost=org/sivsangerbo-hosting", "#lens=time"]
)
def test_nothing_to_press_is_smaller_than_24_pixels(browser: Browsing, view: str) -> None:
    with browser.open(page("demo"), view) as watched:
        watched.evaluate(OPENED)
        small = watched.evaluate(
            """() => [...document.querySelectorAll("button, summary, select, input, [tabindex='0']")]
              .map(one => (one.type === "checkbox" ? one.closest("label") : one))
              .filter(one => one.getClientRects().length && !one.classList.contains("unseen"))
              .map(one => [one.textContent.slice(0, 30) || one.id, one.getBoundingClientRect()])
              .filter(([, box]) => box.width < 24 || box.height < 24)
              .map(([called, box]) => `${called}: ${box.width} × ${box.height}`)"""
        )
        assert small == []


def test_text_of_twice_the_size_is_as_large_on_the_canvas_and_nothing_is_cut_off(browser: Browsing) -> None:
    with (
        browser.with_text_of(32) as large,
        large.open(page("demo"), width=1280, height=1000) as watched,
    ):
        assert watched.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for scale in (0.3, 0.6, 1.2, 2.4):
            watched.evaluate("scale => graphsc.chart.moveTo({scale})", scale)
            assert watched.evaluate("graphsc.labelSize(graphsc.chart.getScale()) * graphsc.chart.getScale()") >= 22
        assert watched.evaluate("document.documentElement.scrollWidth") <= 1280
        cut = watched.evaluate(
            """() => [...document.querySelectorAll(".bar button, .tile, #panel h2, #panel p, #panel li")]
              .filter(one => one.getClientRects().length && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== "visible")
              .map(one => one.textContent.slice(0, 40))"""
        )
        assert cut == []
        watched.clean()


def test_forced_colours_show_the_active_lens_and_draw_the_map_in_them(browser: Browsing) -> None:
    with browser.open(page("demo"), "#lens=risk", forced=True) as watched:
        ground = "one => getComputedStyle(document.querySelector(one)).backgroundColor"
        assert watched.evaluate(ground, "#lenses [value=risk]") != watched.evaluate(ground, "#lenses [value=chain]")
        assert watched.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == "CanvasText"
        watched.clean()


@pytest.mark.parametrize("dark", [False, True])
def test_the_hint_in_the_search_can_be_read(browser: Browsing, dark: bool) -> None:
    with browser.open(page("demo"), dark=dark) as watched:
        contrast = watched.evaluate(
            """() => {
              const field = document.getElementById("search");
              const light = (colour) => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const [one, other] = [light(getComputedStyle(field, "::placeholder").color), light(getComputedStyle(field).backgroundColor)];
              return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            }"""
        )
        assert contrast >= 4.5


def test_a_link_can_be_chosen_without_a_mouse(browser: Browsing) -> None:
    with browser.open(page("demo"), "#focus=org/roerhoensevig-integration") as watched:
        button = watched.page.locator("#panel").get_by_role("button", name="Vis leddet").first
        button.focus()
        watched.page.keyboard.press("Enter")
        assert watched.evaluate("graphsc.state.link") >= 0
        assert watched.evaluate("document.activeElement.id") == "panel"
        edge = demo().picture.edges[watched.evaluate("graphsc.state.link")]
        assert demo().picture.nodes[edge.target].label.da in watched.page.locator("#panel").inner_text()
        watched.clean()
