"""Source lines for the excerpts, and file names as a repository knows them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from graphsc.core.location import Location

_LONGEST = 100_000


def excerpts(locations: Iterable[Location], base: Path) -> dict[Location, str]:
    """The line that each location points at, for those that can still be read.

    Each file is read once and no further than its last wanted line, and never kept whole. What is gone,
    is no ordinary file or has become shorter is left out without a word: the location is still shown.
    """
    wanted: dict[str, dict[int, list[Location]]] = {}
    for location in locations:
        if location.line is not None and location.cell is None:
            wanted.setdefault(location.file, {}).setdefault(location.line, []).append(location)
    result: dict[Location, str] = {}
    for file, lines in wanted.items():
        for number, text in _lines(base / file, max(lines)):
            for location in lines.get(number, ()):
                result[location] = text
    return result


def _lines(path: Path, last: int) -> Iterable[tuple[int, str]]:
    try:
        if not path.is_file():
            return
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            for number, text in enumerate(stream, start=1):
                yield number, text.rstrip("\n")[:_LONGEST]
                if number >= last:
                    return
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return


def repository_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that is a git work tree, or else ``start`` itself."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def within(file: str, base: Path, root: Path) -> str | None:
    """A file, named as seen from ``base``, as a path below ``root``; None when it lies elsewhere."""
    absolute = os.path.normpath(base.absolute() / file)
    relative = Path(os.path.relpath(absolute, root.absolute())).as_posix()
    return None if relative == ".." or relative.startswith("../") else relative
