"""What writing a map costs once the input is judged, step by step, in CPU seconds.

Run ``python benchmarks/writing.py [NODES …]`` (default 500 5000). Each size is a made-up country (`chains.py`). Reading,
deriving and judging are every command's and are shown apart; *writing* is all that `graphsc map` does beyond them.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from chains import write

from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.rendering.map.page import render
from graphsc.rendering.map.title import title
from graphsc.service.map import mapped

JUDGING = 2
"""Steps before the writing: reading with deriving, and judging."""


def measured(folder: Path, nodes: int) -> tuple[list[tuple[str, float]], int]:
    """Each step with its CPU seconds, and the size of the page in bytes."""
    starts: list[tuple[str, float]] = []

    def step(what: Text) -> None:
        starts.append((what.en, time.process_time()))

    shown = mapped([write(folder, nodes)], Settings(as_of=date(2026, 11, 25), language=Language.DA), step=step)
    step(Text("Skriver kortet", "Writing the page"))
    page = render(shown, title=title(shown.picture), language=Language.DA)
    ends = [*(start for _, start in starts[1:]), time.process_time()]
    return [(what, end - start) for (what, start), end in zip(starts, ends, strict=True)], len(page.encode())


def main() -> None:
    """Measure each size and print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [500, 5000]
    print("| nodes | step | CPU seconds |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        for nodes in sizes:
            steps, size = measured(Path(folder), nodes)
            for what, seconds in steps:
                print(f"| {nodes:,} | {what.lower()} | {seconds:.2f} |")
            writing = sum(seconds for _, seconds in steps[JUDGING:])
            print(f"| {nodes:,} | **writing** ({size / 1e6:.2f} MB) | **{writing:.2f}** |", flush=True)


if __name__ == "__main__":
    main()
