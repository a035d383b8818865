"""Pictures of the map to look at, and what axe says of it: ``python docs/pictures.py FOLDER``.

Three maps are drawn: the demo authority, a made-up country of 5,000 nodes, and a chain whose names mean harm; each on a
phone, a laptop and a very large screen, in light and dark, through every lens, and printed. Needs Chromium and the
development dependencies. The folder is for looking at, and not committed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / "tests" / "support"), str(ROOT / "benchmarks")]

from browsing import CHROMIUM  # noqa: E402
from casework import flush  # noqa: E402
from chains import write  # noqa: E402
from map_pages import DAY, hostile_text  # noqa: E402

from graphsc.core.settings import Settings  # noqa: E402
from graphsc.core.text import Language  # noqa: E402
from graphsc.rendering.map.page import render, title  # noqa: E402
from graphsc.service.map import mapped  # noqa: E402

OPEN = "document.querySelectorAll('{0}').forEach(box => box.open = true)"


@dataclass(frozen=True)
class Shot:
    """One picture: which map, through which address, how large, in which light, after which script."""

    name: str
    page: str
    address: str = ""
    width: int = 1280
    height: int = 860
    dark: bool = False
    script: str = ""
    whole: bool = False


SHOTS = (
    Shot("demo-opening", "demo"),
    Shot("demo-opening-dark", "demo", dark=True),
    Shot("demo-everything", "demo", "#all=1", 1920, 1200),
    Shot("demo-legend", "demo", "#all=1", 1920, 1200, script=OPEN.format("#legend-box")),
    Shot("demo-focus-system", "demo", "#focus=system/havneanloeb"),
    Shot("demo-focus-supplier-dark", "demo", "#focus=org/kobberskum-datacenter", dark=True),
    Shot("demo-responsibility", "demo", "#focus=system/mail&lens=responsibility", script=OPEN.format("#panel details")),
    Shot("demo-requirements", "demo", "#focus=org/taagehorn-drift&lens=requirements&requirement=3"),
    Shot("demo-risk", "demo", "#focus=funktion/sikker-sejlads&lens=risk&lost=org/sivsangerbo-hosting"),
    Shot("demo-time", "demo", "#lens=time&all=1&date=2025-11-25", 1600, 1000),
    Shot("demo-english", "demo", "#focus=org/statens-it&lang=en"),
    Shot("demo-outlines", "demo", "#all=1", 1920, 1200, script="graphsc.state.outlines.add(0).add(3).add(4); graphsc.change({})"),
    Shot("demo-filters", "demo", script=OPEN.format(".drop:nth-of-type(1)")),
    Shot("demo-search", "demo", script="const s = document.querySelector('#search'); s.value = 'drift'; s.dispatchEvent(new Event('input'))"),
    Shot("demo-phone", "demo", width=360, height=780, whole=True),
    Shot("demo-phone-dark", "demo", "#focus=system/havneanloeb", 360, 780, dark=True, whole=True),
    Shot("demo-4k", "demo", "#focus=funktion/sikker-sejlads", 3840, 2160),
    Shot("demo-table", "demo", "#focus=system/mail", script="window.scrollTo(0, document.body.scrollHeight)"),
    Shot("country-opening", "country"),
    Shot("country-everything", "country", "#all=1", 1920, 1200),
    Shot("country-focus-dark", "country", "#focus=f/3", dark=True),
    Shot("country-heavy-supplier", "country", "#focus=o/0&lens=risk", 1920, 1200),
    Shot("country-phone", "country", width=360, height=780),
    Shot("hostile-opening", "hostile", "#all=1"),
    Shot("hostile-finding-dark", "hostile", "#focus=O2", dark=True),
    Shot("hostile-phone", "hostile", "#focus=S", 360, 780, whole=True),
)  # fmt: skip


def pages(folder: Path) -> dict[str, Path]:
    """Draw the maps; the file of each."""
    harmful = folder / "hostile.yaml"
    harmful.write_text(flush(hostile_text()), encoding="utf-8")
    inputs = {
        "demo": (ROOT / "data" / "demo", [date(2024, 11, 25), date(2025, 11, 25)]),
        "country": (write(folder, 5000), []),
        "hostile": (harmful, []),
    }
    found = {}
    for name, (path, dates) in inputs.items():
        settings = Settings(as_of=DAY, language=Language.DA, base="https://k.example/")
        shown = mapped([path], settings, dates=dates)
        found[name] = folder / f"{name}.html"
        found[name].write_text(render(shown, title=title(shown.picture), language=Language.DA), encoding="utf-8")
    return found


def opened(browser: Browser, shot: Shot, file: Path, complaints: list[str]) -> Page:
    """The page of a shot, ready to be looked at."""
    size: Any = {"width": shot.width, "height": shot.height}
    scheme: Any = "dark" if shot.dark else "light"
    page = browser.new_page(viewport=size, color_scheme=scheme, locale="da-DK")
    page.on("console", lambda said: complaints.append(f"{shot.name}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{shot.name}: {error}"))
    page.goto(file.resolve().as_uri() + shot.address)
    page.wait_for_selector("html[data-ready]")
    if shot.script:
        page.evaluate(shot.script)
    page.wait_for_timeout(400)
    return page


def main() -> None:
    """Write everything, and say what there is to fix."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    told: dict[str, list[str]] = {}
    files = pages(folder)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            page = opened(browser, shot, files[shot.page], complaints)
            page.screenshot(path=folder / f"{shot.name}.png", full_page=shot.whole)
            rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
            found = Axe().run(page, options=rules).response["violations"]
            told[shot.name] = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
            page.close()
        for name, address in (("demo", "#focus=system/havneanloeb"), ("hostile", "#all=1")):
            page = opened(browser, Shot(f"{name}-print", name, address), files[name], complaints)
            page.pdf(path=folder / f"{name}-print.pdf", prefer_css_page_size=True, print_background=True)
            page.close()
        browser.close()
    report = {"axe": told, "complaints": complaints}
    (folder / "axe.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    faults = sum(map(len, told.values()))
    print(f"{len(SHOTS)} pictures and 2 prints in {folder}; axe: {faults} faults; complaints: {len(complaints)}")
    raise SystemExit(1 if faults or complaints else 0)


if __name__ == "__main__":
    main()
