"""What a store on disk costs and spares: whole commands on the files and on the store, and what stands on disk.

    python benchmarks/store.py [--triples 100000]

The graph is that of `national.py`. Each command is a process of its own; seconds are CPU seconds.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import national

DEMO = Path(__file__).parent.parent / "data" / "demo"


def seconds(*words: str) -> float:
    """CPU seconds that a command of graphsc takes, which must do what it was asked to."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", "graphsc", *words], capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def megabytes(folder: Path) -> float:
    """What a folder takes on disk, a file with two names once."""
    sizes_by_inode = {(stat.st_dev, stat.st_ino): stat.st_size for path in folder.rglob("*") if (stat := path.lstat())}
    return sum(sizes_by_inode.values()) / 1_000_000


def commands(folder: Path, store: Path) -> list[tuple[str, float | None, float]]:
    """Each command with its seconds on files and on the store."""
    day, next_day = str(national.AS_OF), str(national.AS_OF + timedelta(days=1))
    files, kept, on = [str(folder)], ["--store", str(store)], ["--as-of", day]
    load = ["load", *files, *kept, *on]
    loaded = seconds(*load)
    same = seconds(*load)
    national.change(folder)
    changed = seconds(*load)
    measured = [
        (f"`{' '.join(words)}`{note}", *(seconds(*words, *where, "--as-of", date) for where in (files, kept)))
        for words, note, date in (
            (["validate"], "", day),
            (["query", "open-deviations"], "", day),
            (["validate"], " on another day than that of the load", next_day),
        )
    ]
    return [
        *measured,
        ("`load`", None, loaded),
        ("`load`, one file changed", None, changed),
        ("`load`, nothing changed", None, same),
    ]


def sizes(name: str, folder: Path, store: Path) -> str:
    """A line of what stands on disk."""
    return f"| {name} | {megabytes(folder):.1f} MB | {megabytes(store):.1f} MB |"


def table(head: Sequence[str], lines: Sequence[str]) -> str:
    """A Markdown table with numbers at the right."""
    return "\n".join([f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}", *lines])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, store, small = Path(scratch, "files"), Path(scratch, "store"), Path(scratch, "demo")
        national.write(folder, options.triples)
        figures = commands(folder, store)
        seconds("load", str(DEMO), "--store", str(small), "--as-of", str(national.AS_OF))
        lines = [
            f"| {name} | {'' if files is None else f'{files:.1f}'} | {kept:.1f} |" for name, files, kept in figures
        ]
        print(table(("", "files", "store"), lines))
        print()
        disk = [sizes("demo", DEMO, small), sizes(f"{options.triples:,} triples", folder, store)]
        print(table(("on disk", "files", "store"), disk))


if __name__ == "__main__":
    main()
