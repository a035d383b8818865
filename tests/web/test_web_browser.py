"""The pages of the desk in a real browser: quiet, accessible, narrow, dark, without script, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from browsing import Browsing, Watched
from desks import DEMO, REGISTER, listening, register

pytest.importorskip("starlette")

from graphsc.web.visit import duty_key

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with listening(DEMO) as (address, _):
        yield address


PAGES = ("/da/", "/en/findings", "/da/duties", "/en/kontrakt/drift-2024", "/da/risk", "/en/rules", "/da/coverage")


@pytest.mark.parametrize(("path", "dark"), product(PAGES, [False, True]))
def test_a_page_is_quiet_and_accessible(browser: Browsing, site: str, path: str, dark: bool) -> None:
    with browser.visit(site, path, dark=dark) as watched:
        watched.accessible()
        watched.clean()


@pytest.mark.parametrize(
    "path",
    ["/da/", "/da/findings", "/da/duties", "/da/kontrakt/drift-2024", "/da/rules", "/da/coverage", "/da/risk",
         "/da/statements/B2-04"],
)  # fmt: skip
def test_a_page_fits_a_phone(browser: Browsing, site: str, path: str) -> None:
    with browser.visit(site, path, width=390, height=844) as watched:
        assert watched.evaluate("document.documentElement.scrollWidth") <= 390
        cells = "[...document.querySelectorAll('tbody [data-label]')].map(cell => cell.getBoundingClientRect().right)"
        assert watched.evaluate(f"Math.max(0, ...{cells})") <= 390
        watched.accessible()


def test_the_keyboard_leads_to_the_content_and_on(browser: Browsing, site: str) -> None:
    with browser.visit(site, "/en/") as watched:
        page = watched.page
        page.keyboard.press("Tab")
        assert watched.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert watched.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/findings?severity=breach")
        assert watched.evaluate("document.querySelector('h1').textContent").startswith("Findings")


def test_everything_is_reached_without_script(browser: Browsing, site: str) -> None:
    with browser.visit(site, "/da/", scripts=False) as watched:
        page = watched.page
        page.get_by_label("Søg").fill("drift")
        page.get_by_label("Søg").press("Enter")
        page.wait_for_url("**/da/search?q=drift")
        page.locator("main a").first.click()
        page.get_by_role("link", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("path", ["/en/map", "/en/report"])
def test_the_map_and_the_report_keep_their_own_policies(browser: Browsing, site: str, path: str) -> None:
    with browser.visit(site, path) as watched:
        watched.page.wait_for_load_state()
        watched.clean()
        watched.page.reload()  # what the browser has already is not sent again
        watched.page.wait_for_load_state()
        watched.clean()


def test_a_finding_is_closed_in_a_browser_and_opened_again(browser: Browsing, tmp_path: Path) -> None:
    folder = register(
        tmp_path / "data", REGISTER.replace("{leverandør: org/sky,", "{id: under/sky, leverandør: org/sky,")
    )
    with listening(folder, editing=True) as (address, desk):
        finding = next(finding for finding in desk.state.report.findings if finding.code == "SUB001")
        with browser.visit(address, f"/da/findings/{finding.fingerprint}", width=390, scripts=False) as watched:
            page = watched.page
            page.get_by_role("link", name="Skriv ned, hvad der er gjort").click()
            page.get_by_label("dato").fill("2024-05-12")
            page.get_by_label("journal").fill("2024-1187")
            page.get_by_role("button", name="Se, hvad der bliver skrevet").click()
            assert "godkendelse" in page.locator("pre .added").first.inner_text()
            page.get_by_role("button", name="Gem").click()
            page.wait_for_url("**/edit/done/*")
            assert "2024-1187" in (folder / "register.yaml").read_text(encoding="utf-8")
            page.get_by_role("button", name="Fortryd").click()
            page.get_by_text("Det er taget tilbage.").wait_for()
            assert "2024-1187" not in (folder / "register.yaml").read_text(encoding="utf-8")
        with browser.visit(address, f"/da/edit/finding/{finding.fingerprint}") as watched:
            watched.accessible()
            watched.clean()


WROTE = {
    "da": ("Skriv ned, hvad der er gjort", "Se, hvad der bliver skrevet", "Gem", "Fortryd", "Filen er ændret imens"),
    "en": ("Write down what was done", "See what will be written", "Save", "Undo", "The file has changed meanwhile"),
}


def tabbed_to(watched: Watched, text: str) -> None:
    """Press Tab until what has the focus is called something."""
    for _ in range(150):
        watched.page.keyboard.press("Tab")
        if watched.evaluate("document.activeElement.textContent.trim()") == text:
            return
    pytest.fail(f"Tab does not lead to {text}")


def filled_in(watched: Watched, day: str) -> None:
    """Fill in each field of a form, going from one to the next by Tab."""
    page = watched.page
    for _ in range(page.locator("main form [required]").count()):
        for _ in range(150):
            page.keyboard.press("Tab")
            if watched.evaluate("document.activeElement.required && !document.activeElement.value"):
                break
        field = page.locator(":focus")
        if field.evaluate("field => field.tagName") == "SELECT":
            page.keyboard.press("ArrowDown")
        elif field.get_attribute("type") == "date":
            field.fill(day)
        else:
            page.keyboard.type("J-2026-17")


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_duty_is_closed_by_its_form_and_opened_by_undo_with_the_keyboard_alone(
    browser: Browsing, tmp_path: Path, language: str
) -> None:
    write, look, save, undo, _ = WROTE[language]
    folder = register(tmp_path / "data")
    before = (folder / "register.yaml").read_bytes()
    with listening(folder, editing=True) as (address, desk):
        duty = next(
            duty for duty in desk.state.duties if duty.rule == "CON001" and duty.state == "overdue" and duty.finding
        )
        with browser.visit(address, f"/{language}/duties/{duty_key(duty)}", width=390, scripts=False) as watched:
            page = watched.page
            tabbed_to(watched, write)
            page.keyboard.press("Enter")
            page.wait_for_url("**/edit/duty/*")
            filled_in(watched, "2026-11-20")
            tabbed_to(watched, look)
            page.keyboard.press("Enter")
            page.locator("pre .added").first.wait_for()
            tabbed_to(watched, save)
            page.keyboard.press("Enter")
            page.wait_for_url("**/edit/done/*")
            assert duty.finding not in {other.fingerprint for other in desk.state.report.findings}
            assert page.goto(f"{address}/{language}/findings/{duty.finding}").status == 404
            page.goto(f"{address}/{language}/edit/done")
            tabbed_to(watched, undo)
            page.keyboard.press("Enter")
            page.wait_for_url("**/edit/undo/*")
            assert (folder / "register.yaml").read_bytes() == before
            assert page.goto(f"{address}/{language}/findings/{duty.finding}").status == 200


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_conflict_is_told_and_nothing_is_written(browser: Browsing, tmp_path: Path, language: str) -> None:
    _, look, save, _, changed = WROTE[language]
    folder = register(tmp_path / "data")
    with listening(folder, editing=True) as (address, desk):
        finding = next(finding for finding in desk.state.report.findings if finding.code == "CON001" and finding.counts)
        with browser.visit(address, f"/{language}/edit/finding/{finding.fingerprint}") as watched:
            page = watched.page
            watched.accessible()
            filled_in(watched, "2026-11-20")
            page.get_by_role("button", name=look).click()
            page.locator("pre .added").first.wait_for()
            watched.accessible()
            with (folder / "register.yaml").open("a", encoding="utf-8") as file:
                file.write("# a colleague was here\n")
            kept = (folder / "register.yaml").read_bytes()
            page.get_by_role("button", name=save).click()
            page.get_by_text(changed).wait_for()
            watched.accessible()
            assert (folder / "register.yaml").read_bytes() == kept
            page.get_by_role("button", name=look).click()  # what was filled in is still there
            page.get_by_role("button", name=save).click()
            page.wait_for_url("**/edit/done/*")
            assert finding.fingerprint not in {other.fingerprint for other in desk.state.report.findings}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/da/ask", "/en/ask/unapproved-subcontractors?run=1", "/da/ask?query=SELECT", "/da/person/p09"]
)
def test_the_page_to_ask_from_fits_a_phone(browser: Browsing, site: str, path: str, dark: bool) -> None:
    with browser.visit(site, path, width=390, height=844, dark=dark) as watched:
        assert watched.evaluate("document.documentElement.scrollWidth") <= 390
        watched.accessible()
        watched.clean()


def test_a_form_with_a_long_file_name_fits_a_phone(browser: Browsing, tmp_path: Path) -> None:
    folder = register(tmp_path / ("a-folder-with-a-name-that-is-long" * 3))
    with listening(folder, editing=True) as (address, desk):
        finding = next(finding for finding in desk.state.report.findings if finding.code == "CON001")
        with browser.visit(address, f"/da/edit/finding/{finding.fingerprint}", width=390, height=844) as watched:
            assert watched.evaluate("document.querySelector('#file').getBoundingClientRect().right") <= 390
            assert watched.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_query_is_completed_from_the_model_with_the_keyboard(browser: Browsing, site: str, dark: bool) -> None:
    with browser.visit(site, "/da/ask", width=390, height=844, dark=dark) as watched:
        page = watched.page
        field, options = page.locator("#query"), page.get_by_role("option")
        late: list[Any] = []
        page.route("**/ask?format=json", lambda route: late.append(route))  # noqa: PLW0108  # Playwright writes to what it calls
        with page.expect_request("**/ask?format=json"):
            field.fill("# mine\nSELECT ?aftale WHERE { ?aftale ")
        page.keyboard.type("tilsyn")
        assert not options.count()
        late.pop().continue_()  # the terms come after the word that they complete
        options.first.wait_for()
        watched.accessible()
        page.keyboard.press("ArrowDown")
        assert page.get_by_role("option", selected=True).count() == 1
        watched.accessible()
        chosen = options.first.locator("code").inner_text()
        page.keyboard.press("Enter")
        assert not options.count()
        prefix = chosen.split(":")[0]
        assert field.input_value().startswith(f"# mine\nPREFIX {prefix}: <https://w3id.org/graphsc/")
        assert field.input_value().endswith(f"?aftale {chosen}")
        page.keyboard.type(" g:leverand")
        options.first.wait_for()
        assert "g:supplier" in options.locator("code").all_inner_texts()
        page.keyboard.type(" ?af")
        options.first.wait_for()
        page.keyboard.press("Escape")
        assert not options.count()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type") == "submit"
        watched.clean()


def test_a_query_of_several_lines_is_asked_changed_and_asked_again(browser: Browsing, site: str) -> None:
    # tabs, spaces and what cannot be seen are part of a text in a query; so is a line at the start
    text = '\n# mine\nSELECT (REPLACE("a\tb  c\u200bd", "\t", "-") AS ?was)\n       (1 + 1 AS ?sum)\nWHERE {}'
    with browser.visit(site, "/en/ask", scripts=False) as watched:
        page = watched.page
        field, cells = page.locator("#query"), page.locator("main td")
        for query, answer in ((text, "2"), (text.replace("1 + 1", "1 +\n\n2"), "3")):
            field.fill(query)
            page.get_by_role("button", name="Ask").click()
            page.wait_for_load_state()
            assert cells.all_inner_texts() == ["a-b c\\u200bd", answer]
            assert field.input_value() == query
            page.get_by_role("button", name="Ask").click()  # as it stands there
            page.wait_for_load_state()
            assert cells.all_inner_texts() == ["a-b c\\u200bd", answer]
            assert field.input_value() == query
        watched.clean()


def test_what_is_filled_in_is_shown_again_as_it_was_typed(browser: Browsing, tmp_path: Path) -> None:
    typed = "for the  journal " + "å" * 1500 + " \u200b end"
    folder = register(tmp_path / "two  spaces", REGISTER)
    with listening(folder, editing=True) as (address, desk):
        finding = next(finding for finding in desk.state.report.findings if finding.code == "CON001")
        with browser.visit(address, f"/en/edit/waiver/{finding.fingerprint}", scripts=False) as watched:
            page = watched.page
            fields = page.locator("form.fields input[type=text]")
            for number in range(fields.count()):
                fields.nth(number).fill(typed)
            page.evaluate("document.querySelectorAll('[required]').forEach(field => field.required = false)")
            page.get_by_role("button", name="See what will be written").click()
            page.get_by_role("alert").first.wait_for()
            assert {field.input_value() for field in fields.all()} == {typed}
        with browser.visit(address, "/en/search", scripts=False) as watched:
            page = watched.page
            page.locator("#find").fill("two  words \u200b")
            page.keyboard.press("Enter")
            page.wait_for_url("**/search?*")
            page.locator("#find").wait_for()
            assert page.locator("#find").input_value() == "two  words \u200b"
