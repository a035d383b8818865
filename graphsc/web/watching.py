"""Detecting changes of the files of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphsc.core.settings import Settings
from graphsc.graph.loading import depended_on

Stamp = tuple[tuple[object, ...], ...]


def stamp(paths: Sequence[Path], settings: Settings) -> Stamp:
    """A stamp that differs when something that a reading depends on does: files, configuration, knowledge, evaluation date.

    It has the name, length, modification time and inode of each file, so that no file is read.
    """
    return ((settings.as_of.isoformat(),), *(_file_state(path) for path in depended_on(paths, settings)))


def _file_state(path: Path) -> tuple[object, ...]:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return (str(path), None)
    return (str(path), about.st_size, about.st_mtime_ns, about.st_ino)
