"""The demo authority as it would be without its problems: ``python benchmarks/mended.py FOLDER`` writes it.

The folder `data/demo` has the problems that its PROBLEMS.md tells; `data/demo-mended.toml` has the lines that mend each.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

DATA = Path(__file__).parent.parent / "data"
DEMO = DATA / "demo"
ACCEPTED = "70-accepterede-fund.yaml"
"""The findings that management lives with: none where nothing is wrong."""


def write(folder: Path, problems: Collection[int] | None = None) -> None:
    """Write the demo into a new folder, with these problems mended, or all of them; ValueError if a mend fits no line."""
    left_out = ("PROBLEMS.md", ACCEPTED) if problems is None else ("PROBLEMS.md",)
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns(*left_out))
    for mend in tomllib.loads((DATA / "demo-mended.toml").read_text(encoding="utf-8"))["mend"]:
        if problems is None or mend["problem"] in problems:
            file = folder / mend["file"]
            text = file.read_text(encoding="utf-8")
            if text.count(mend["is"]) != 1:
                raise ValueError(f"{mend['file']} does not have the lines of problem {mend['problem']} once")
            file.write_text(text.replace(mend["is"], mend["ought"]), encoding="utf-8")


@cache
def mended() -> Path:
    """A folder with everything mended, which lasts as long as the process."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    write(Path(folder.name) / "demo")
    return Path(folder.name) / "demo"


def main() -> None:
    """Write the mended demo into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
