"""What a user waits for, measured in fresh processes on the demo authority, as ratios within one run.

Run ``make bench``. Prints a Markdown table; nothing here is a test.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "data" / "demo"
GRAPHSC = str(Path(sys.executable).with_name("graphsc"))
BARE = "import typer\napp = typer.Typer(rich_markup_mode=None)\n@app.command()\ndef one(name: str) -> None: ...\n@app.command()\ndef two() -> None: ...\napp()\n"
JUDGE = """
import sys, time
from datetime import date
from pathlib import Path
from graphsc.service import open_paths, validate
from graphsc.core.settings import Settings
opened = open_paths([Path(sys.argv[1])], Settings(as_of=date(2026, 11, 25)))
start = time.perf_counter()
validate(opened, engine=sys.argv[2])
print(time.perf_counter() - start)
"""


def wall(command: list[str], repeats: int = 7) -> float:
    """Median wall-clock seconds of a command in a process of its own."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def start_up(repeats: int = 15) -> tuple[float, float]:
    """Seconds that ``graphsc --help`` takes, and those of a typer program that does nothing: the least of turns about.

    They are so few that what else the machine does would be most of a median.
    """
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        commands = [GRAPHSC, "--help"], [sys.executable, str(bare), "--help"]
        turns = [[wall(command, 1) for command in commands] for _ in range(repeats)]
    ours, theirs = (min(times) for times in zip(*turns, strict=True))
    return ours, theirs


def start_up_table(ours: float, bare: float) -> str:
    """The same as a table."""
    return (
        "| what | seconds | ratio |\n|:--|--:|:--|\n"
        f"| `graphsc --help` | {ours:.3f} | {ours / bare:.2f} × a bare typer program |"
    )


def judged(engine: str, repeats: int) -> float:
    """Median seconds that judging the loaded and derived demo takes."""
    command = [sys.executable, "-c", JUDGE, str(DEMO), engine]
    outputs = [subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True) for _ in range(repeats)]
    return statistics.median(float(output.stdout) for output in outputs)


def main() -> None:
    """Measure and print."""
    whole = wall([GRAPHSC, "validate", str(DEMO), "--as-of", "2026-11-25", "--format", "json"])
    compiled, pyshacl = judged("compiled", 5), judged("pyshacl", 1)
    print(start_up_table(*start_up()))
    print(f"| `graphsc validate data/demo`, start to end | {whole:.2f} | |")
    print(f"| judging the demo, compiled shapes | {compiled:.3f} | |")
    print(f"| judging the demo, pySHACL on the same shapes | {pyshacl:.1f} | {pyshacl / compiled:.0f} × the compiled |")


if __name__ == "__main__":
    main()
