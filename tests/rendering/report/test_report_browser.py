"""The report in a real browser: asks for nothing, harms nobody, can be read by all, and prints as it should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from browsing import CHROMIUM, Browsing
from report_pages import DAY, contents, short_page, shortened

from graphsc.core.text import Language
from graphsc.rendering.report import pdf as printing
from graphsc.rendering.report import render, render_brief

pytestmark = pytest.mark.exhaustive

CHAIN = "org/taagehorn-drift"
TITLE = b"/Title (node12345678)"


@pytest.mark.parametrize(
    ("which", "dark", "width"), [("demo", False, 1280), ("demo", True, 360), ("hostile", True, 360)]
)
def test_it_asks_for_nothing_and_everyone_can_read_it(browser: Browsing, which: str, dark: bool, width: int) -> None:
    with browser.open(short_page(which), dark=dark, width=width) as watched:
        assert watched.evaluate("window.harmed") is None
        assert watched.evaluate("document.documentElement.scrollWidth") <= width
        watched.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        watched.accessible()
        watched.clean()


def test_what_is_folded_is_open_in_print_and_heads_repeat(browser: Browsing) -> None:
    with browser.open(short_page("demo")) as watched:
        folded = "[...new Set([...document.querySelectorAll('details')].map(one => getComputedStyle(one, '::details-content').contentVisibility))]"
        assert watched.evaluate(folded) == ["hidden"]
        watched.page.emulate_media(media="print")
        assert watched.evaluate(folded) == ["visible"]
        assert watched.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
        assert watched.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_dark_is_for_the_screen_alone(browser: Browsing) -> None:
    with browser.open(short_page("demo"), dark=True) as watched:
        paper = "getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"
        assert watched.evaluate(paper) == "#12161d"
        watched.page.emulate_media(media="print", color_scheme="dark")
        assert watched.evaluate(paper) == "#fff"


def test_the_keyboard_reaches_what_scrolls(browser: Browsing) -> None:
    with browser.open(short_page("demo"), width=360) as watched:
        watched.page.keyboard.press("Tab")
        assert watched.evaluate("document.activeElement.getAttribute('href')") == "#contents"
        scrolls = (
            "[...document.querySelectorAll('.wide')].every(one => one.tabIndex === 0 && one.getAttribute('aria-label'))"
        )
        assert watched.evaluate(scrolls) is True


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: the report is not printed (set CI to require it)")
def test_the_brief_has_two_pages_and_the_report_twenty() -> None:
    def pages(text: str) -> int:
        return len(re.findall(rb"/Type\s*/Page[^s]", printing.pdf(text, DAY)))

    made = contents()
    assert pages(render_brief(made, language=Language.DA)) <= 2
    assert pages(render(made, language=Language.DA, opened=True)) <= 20


def test_the_pdf_is_the_same_however_a_browser_numbers_its_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(*numbers: int) -> bytes:
        monkeypatch.setattr(
            printing, "_by_browser", lambda *_: b"".join(b"/ID (node%08d)" % one for one in numbers) + TITLE
        )
        return printing.pdf("", DAY)

    monkeypatch.setattr(printing, "printer", lambda: "chromium")
    assert printed(109, 111, 109) == printed(110, 115, 110) != printed(111, 109, 111)
    assert printed(109).endswith(TITLE), "what is called as if it were an element keeps its name"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: the report is not printed (set CI to require it)")
def test_the_pdf_has_a_summary_of_one_page_and_the_same_bytes_twice(tmp_path: Path) -> None:
    made = shortened(contents(CHAIN))
    text = render(made, language=Language.DA)  # folded, as on the screen
    first = printing.pdf(text, DAY)
    assert first.startswith(b"%PDF-")
    assert re.search(rb"/CreationDate \(D:20261125000000\+00'00'\)", first)
    assert printing.pdf(text, DAY) == first
    if shutil.which("pdftotext") is None:
        return
    (tmp_path / "r.pdf").write_bytes(first)
    pages = (
        subprocess.run(["pdftotext", "-layout", "r.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
        .stdout.decode()
        .split("\f")
    )
    assert "side 2 af" in pages[1]
    summary, _, rest = pages[1].partition("Omfang, metode og grænser")
    assert "På én side" in summary
    assert rest, "the summary ends on the page on which it begins"
    assert any(
        "kontrakter/drift.yaml:69:13" in page and "ikke registreret" in page for page in pages
    )  # evidence, unfolded
    assert all("Tågehorn Drift" in page.split("\n", 3)[0] for page in pages[1:-1])
