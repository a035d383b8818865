"""What someone waits for who opens a map: first paint, from a click to the panel, a frame while it is dragged, beside stock pyvis in one run.

Run ``python benchmarks/map.py [NODES …]`` (default 50 500 5000). Each size is a made-up country (`chains.py`), drawn by
``graphsc map`` and, with the same nodes and edges, by pyvis as it comes with ``cdn_resources="in_line"``. Both are
opened in the same Chromium from files, without network. *First paint* is from opening the page until its canvas shows
anything but its background, *panel* from a click on a node until the panel (in pyvis: the selection) is there. The median of
three is given; pyvis is given up on after two minutes. *Pan* is what the frames take while everything is shown and dragged: the
median, and what 95 of 100 stay within; a browser paints no more than sixty a second, so that 17 ms is the least.

``--nation TRIPLES`` instead: CPU seconds of each step of ``graphsc map`` of a generated nation, how large the page is, and when
it shows something.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import national
from chains import write
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from pyvis.network import Network

from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.rendering.map.page import render, title
from graphsc.service.map import Mapped, mapped

RUNS = 3
PATIENCE = 120.0
"""Seconds that a page may take to paint."""
_PAINTED = """() => {
  const canvas = document.querySelector("canvas");
  if (!canvas || !canvas.width) return false;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  for (let at = 0; at < data.length; at += 4 * 97) if (data[at + 3] && (data[at] !== data[0] || data[at + 2] !== data[2])) return true;
  return false;
}"""
_CLICK = """async () => {
  const view = graphsc.view(), frame = () => new Promise(requestAnimationFrame);
  const node = view.nodes[Math.floor(view.nodes.length / 2)];
  const start = performance.now();
  graphsc.select(node, false);
  document.getElementById("panel").getBoundingClientRect();
  const ours = performance.now() - start;
  const begin = performance.now();
  graphsc.focusOn([node]);
  document.getElementById("panel").getBoundingClientRect();
  await frame();
  return [ours, performance.now() - begin];
}"""
_FRAMES = """() => {
  window.frames_at = [];
  const frame = (at) => { window.frames_at.push(at); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""


@dataclass(frozen=True)
class Row:
    """What was measured of one size; seconds, and None for what did not come in time."""

    nodes: int
    edges: int
    written: float
    size: int
    paint: float
    panel: float
    focus: float
    everything: float
    pan: tuple[float, float]
    stock: float | None

    def line(self) -> str:
        """As a row of a Markdown table."""
        stock = f"> {PATIENCE:.0f} s" if self.stock is None else f"{self.stock:.2f} s"
        ratio = (self.stock or PATIENCE) / self.paint
        return (
            f"| {self.nodes:,} | {self.edges:,} | {self.written:.1f} s | {self.size / 1e6:.2f} MB | {self.paint:.2f} s "
            f"| {self.everything:.2f} s | {self.panel * 1000:.0f} ms | {self.focus * 1000:.0f} ms "
            f"| {self.pan[0] * 1000:.0f}–{self.pan[1] * 1000:.0f} ms | {stock} "
            f"| {'> ' if self.stock is None else ''}{ratio:.0f} × |"
        )


def painted(page: Page, file: Path, address: str = "") -> float | None:
    """Seconds until the page of a file shows something; None when that takes too long."""
    start = time.perf_counter()
    try:
        page.goto(file.as_uri() + address, wait_until="commit", timeout=PATIENCE * 1000)
        page.wait_for_function(_PAINTED, timeout=PATIENCE * 1000, polling=20)
    except BrowserError:
        return None
    return time.perf_counter() - start


def in_a_page(browser: Browser, work: Any) -> Any:
    """What some work gives in a page of its own that has no network."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, offline=True)
    try:
        return work(context.new_page())
    finally:
        context.close()


def dragged(page: Page, file: Path) -> tuple[float, float]:
    """Seconds that a frame takes while everything is dragged to and fro: the median, and the 95th percentile."""
    painted(page, file, "#all=1")
    page.evaluate(_FRAMES)
    page.mouse.move(640, 420)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(640 + 4 * (step if step < 45 else 90 - step), 420 + (step % 30) * 3)
    page.mouse.up()
    times: list[float] = page.evaluate("window.frames_at")
    lengths = sorted(after - before for before, after in itertools.pairwise(times))
    return lengths[len(lengths) // 2] / 1000, lengths[len(lengths) * 95 // 100] / 1000


def stock_page(shown: Mapped, file: Path) -> None:
    """The same graph as pyvis draws it by itself."""
    network = Network(directed=True, cdn_resources="in_line", height="860px")
    for number, node in enumerate(shown.picture.nodes):
        network.add_node(number, label=node.label.da)
    for edge in shown.picture.edges:
        network.add_edge(edge.source, edge.target)
    file.write_text(network.generate_html(), encoding="utf-8")


def median(values: list[float | None]) -> float | None:
    """The middle one; None where any is missing."""
    return None if None in values else statistics.median(value for value in values if value is not None)


def measured(browser: Browser, folder: Path, nodes: int) -> Row:
    """Make both pages of a size, open them, click."""
    start = time.perf_counter()
    shown = mapped([write(folder, nodes)], Settings(as_of=date(2026, 11, 25), language=Language.DA))
    ours, stock = folder / f"map-{nodes}.html", folder / f"stock-{nodes}.html"
    ours.write_text(render(shown, title=title(shown.picture), language=Language.DA), encoding="utf-8")
    spent = time.perf_counter() - start
    stock_page(shown, stock)
    paints = [in_a_page(browser, lambda page: painted(page, ours)) for _ in range(RUNS)]
    whole = [in_a_page(browser, lambda page: painted(page, ours, "#all=1")) for _ in range(RUNS)]

    def click(page: Page) -> list[float]:
        painted(page, ours)
        milliseconds: list[float] = page.evaluate(_CLICK)
        return milliseconds

    clicks = [in_a_page(browser, click) for _ in range(RUNS)]
    # Where stock pyvis needs long, once is enough.
    theirs = [in_a_page(browser, lambda page: painted(page, stock))]
    if theirs[0] is not None and theirs[0] < 10:
        theirs += [in_a_page(browser, lambda page: painted(page, stock)) for _ in range(RUNS - 1)]
    return Row(
        nodes=len(shown.picture.nodes),
        edges=len(shown.picture.edges),
        written=spent,
        size=ours.stat().st_size,
        paint=median(paints) or PATIENCE,
        everything=median(whole) or PATIENCE,
        pan=in_a_page(browser, lambda page: dragged(page, ours)),
        panel=statistics.median(one[0] for one in clicks) / 1000,
        focus=statistics.median(one[1] for one in clicks) / 1000,
        stock=median(theirs),
    )


def national_map(triples: int) -> None:
    """Write the map of a generated nation and open it; print what each step takes."""
    times: list[tuple[str, float]] = []

    def step(name: Text) -> None:
        times.append((name.en, time.process_time()))

    with TemporaryDirectory() as folder, sync_playwright() as driver:
        national.write(Path(folder), triples)
        shown = mapped([Path(folder)], Settings(as_of=national.AS_OF, language=Language.DA), step=step)
        step(Text("Skriver kortet", "Writing the map"))
        file = Path(folder) / "map.html"
        file.write_text(render(shown, title=title(shown.picture), language=Language.DA), encoding="utf-8")
        step(Text("", ""))
        for (name, start), (_, end) in itertools.pairwise(times):
            print(f"{name}: {end - start:.1f} CPU s")
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        paint = in_a_page(browser, lambda page: painted(page, file))
        size, nodes = file.stat().st_size / 1e6, len(shown.picture.nodes)
        print(f"{nodes:,} nodes, {size:.1f} MB, first paint after {paint or PATIENCE:.1f} s")
        browser.close()


def main() -> None:
    """Measure each size and print the table."""
    if sys.argv[1:2] == ["--nation"]:
        national_map(int(sys.argv[2]))
        return
    sizes = [int(word) for word in sys.argv[1:]] or [50, 500, 5000]
    print(
        "| nodes | edges | made in | file | first paint | everything | panel | focus | pan | stock pyvis | sooner |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|"
    )
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for size in sizes:
            print(measured(browser, Path(folder), size).line(), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
