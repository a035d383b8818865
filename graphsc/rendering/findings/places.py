"""A line of a source, and file names as a repository knows them."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from graphsc.core.problems import Location, is_url

_LONGEST = 100_000


def line_at(location: Location, base: Path = Path()) -> str:
    """The line at a location; empty where it cannot be read any more, or is a cell of a workbook."""
    path = base / location.file
    try:
        if location.line is None or location.cell is not None or not path.is_file():
            return ""
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            return next(islice(stream, location.line - 1, None), "").rstrip("\n")[:_LONGEST]
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return ""


def repository_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that is a git work tree, or else ``start`` itself."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def within(file: str, base: Path, root: Path) -> str | None:
    """A file, given relative to ``base``, as a path below ``root``; None when it is not below that, as a URL never is."""
    if is_url(file):
        return None
    absolute = os.path.normpath(base.absolute() / file)
    relative = Path(os.path.relpath(absolute, root.absolute())).as_posix()
    return None if relative == ".." or relative.startswith("../") else relative
