"""The pages of the desk in a real browser: quiet, accessible, narrow, dark, without script, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browsing
from desks import DEMO, REGISTER, listening, register


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with listening(DEMO) as (address, _):
        yield address


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/da/", "/en/findings", "/da/duties", "/en/kontrakt/drift-2024", "/da/risk", "/en/rules", "/da/coverage"]
)
def test_a_page_is_quiet_and_accessible(browser: Browsing, site: str, path: str, dark: bool) -> None:
    with browser.visit(site, path, dark=dark) as watched:
        watched.accessible()
        watched.clean()


@pytest.mark.parametrize(
    "path", ["/da/", "/da/findings", "/da/duties", "/da/kontrakt/drift-2024", "/da/rules", "/da/coverage"]
)
def test_a_page_fits_a_phone(browser: Browsing, site: str, path: str) -> None:
    with browser.visit(site, path, width=390, height=844) as watched:
        assert watched.evaluate("document.documentElement.scrollWidth") <= 390
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
        page.wait_for_url("**/en/findings?severity=violation")
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
        finding = next(one for one in desk.state.report.findings if one.code == "SUB001")
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


def test_a_form_with_a_long_file_name_fits_a_phone(browser: Browsing, tmp_path: Path) -> None:
    folder = register(tmp_path / ("a-folder-with-a-name-that-is-long" * 3))
    with listening(folder, editing=True) as (address, desk):
        finding = next(one for one in desk.state.report.findings if one.code == "CON001")
        with browser.visit(address, f"/da/edit/finding/{finding.fingerprint}", width=390, height=844) as watched:
            assert watched.evaluate("document.querySelector('#file').getBoundingClientRect().right") <= 390
            assert watched.evaluate("document.documentElement.scrollWidth") <= 390
