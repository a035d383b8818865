"""What writing a map costs once the input is judged, step by step, in CPU seconds.

Run ``python benchmarks/writing.py [NODES …] [--nation TRIPLES …]`` (default 500 5000 --nation 100000). What is sized by nodes
is a made-up country (`chains.py`), what is sized by triples a nation with whole records (`national.py`). Reading, deriving and
judging are every command's and are shown apart; *writing* is all that `graphsc map` does beyond them.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import chains
import national

from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.rendering.map.page import render, title
from graphsc.service.map import mapped

JUDGING = 2
"""Steps before the writing: reading with deriving, and judging."""


def measured(path: Path) -> tuple[list[tuple[str, float]], int]:
    """Each step with its CPU seconds, and the size of the page in bytes."""
    starts: list[tuple[str, float]] = []

    def step(what: Text) -> None:
        starts.append((what.en, time.process_time()))

    shown = mapped([path], Settings(as_of=date(2026, 11, 25), language=Language.DA), step=step)
    step(Text("Skriver kortet", "Writing the page"))
    page = render(shown, title=title(shown.picture), language=Language.DA)
    ends = [*(start for _, start in starts[1:]), time.process_time()]
    return [(what, end - start) for (what, start), end in zip(starts, ends, strict=True)], len(page.encode())


def report(name: str, path: Path) -> None:
    """Measure one input and print its rows."""
    steps, size = measured(path)
    for what, seconds in steps:
        print(f"| {name} | {what.lower()} | {seconds:.2f} |")
    writing = sum(seconds for _, seconds in steps[JUDGING:])
    print(f"| {name} | **writing** ({size / 1e6:.2f} MB) | **{writing:.2f}** |", flush=True)


def main() -> None:
    """Measure each input and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("nodes", nargs="*", type=int, default=[500, 5000])
    parser.add_argument("--nation", nargs="*", type=int, default=[100_000], metavar="TRIPLES")
    options = parser.parse_args()
    print("| input | step | CPU seconds |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        for nodes in options.nodes:
            report(f"{nodes:,} nodes", chains.write(Path(folder), nodes))
        for triples in options.nation:
            nation = Path(folder) / f"nation-{triples}"
            national.write(nation, triples)
            report(f"{triples:,} triples", nation)


if __name__ == "__main__":
    main()
