"""Opens pages in a real browser, and notes all that a page should not do: ask for anything, complain, or run what it was told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


@dataclass
class Watched:
    """A page, with what it asked for, what it complained of, and which dialogs it opened."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def evaluate(self, script: str, argument: object = None) -> Any:
        """The value of an expression, or of a function of one argument, in the page."""
        return self.page.evaluate(script, argument)

    def clean(self) -> None:
        """Fail when it did anything that it should not have done."""
        assert (self.requests, self.complaints, self.dialogs) == ([], [], [])

    def accessible(self) -> None:
        """Fail when axe finds anything against WCAG 2.1 A and AA."""
        from axe_playwright_python.sync_playwright import Axe

        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
        violations = Axe().run(self.page, options=rules).response["violations"]
        messages = [
            f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert messages == []


@dataclass
class Browsing:
    """A browser that opens files."""

    browser: Any

    @contextmanager
    def with_text_of(self, pixels: int) -> Iterator[Browsing]:
        """Another browser, whose reader has chosen text of that size (16 is usual)."""
        browser = self.browser.browser_type.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, f"--blink-settings=defaultFontSize={pixels}"]
        )
        try:
            yield Browsing(browser)
        finally:
            browser.close()

    @contextmanager
    def open(
        self,
        file: Path,
        address: str = "",
        *,
        width: int = 1280,
        height: int = 860,
        dark: bool = False,
        forced: bool = False,
    ) -> Iterator[Watched]:
        """A page of a file with a part after #, watched from the start; ``forced`` are colours that the reader has chosen."""
        url = file.resolve().as_uri()
        with self._watched(
            lambda url_of_request: url_of_request.split("#")[0] == url or url_of_request.startswith("blob:"),
            width,
            height,
            dark,
            forced=forced,
        ) as watched:
            watched.page.goto(url + address)
            yield watched

    @contextmanager
    def visit(
        self,
        site: str,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 860,
        dark: bool = False,
        scripts: bool = True,
    ) -> Iterator[Watched]:
        """A page of a site, which may ask that site alone."""
        with self._watched(lambda url: url.startswith((f"{site}/", "data:")), width, height, dark, scripts) as watched:
            watched.page.goto(site + path)
            yield watched

    @contextmanager
    def _watched(
        self,
        allowed: Callable[[str], bool],
        width: int,
        height: int,
        dark: bool,
        scripts: bool = True,
        *,
        forced: bool = False,
    ) -> Iterator[Watched]:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            forced_colors="active" if forced else "none",
            locale="da-DK",
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        watched = Watched(page)
        page.on("request", lambda request: None if allowed(request.url) else watched.requests.append(request.url))
        page.on(
            "console",
            lambda message: watched.complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))

        def dismiss(dialog: Any) -> None:
            watched.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        try:
            yield watched
        finally:
            context.close()


@contextmanager
def open_browser() -> Iterator[Browsing]:
    """Debian's Chromium, driven by Playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _without("Playwright is not installed")
    if CHROMIUM is None:
        _without("there is no Chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield Browsing(browser)
        finally:
            browser.close()


def _without(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"browser tests are required here, but {reason}")
    pytest.skip(f"{reason}: tests in a browser are skipped (set CI to require them)")
