"""Detecting changes of the files of a reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from graphsc.core.settings import Settings, configurations
from graphsc.graph.store.folder import is_store
from graphsc.sources.files import find

Stamp = tuple[tuple[object, ...], ...]


def stamp(paths: Sequence[Path], settings: Settings) -> Stamp:
    """A stamp that differs when something that a reading depends on does: files, configuration, knowledge, evaluation date.

    It has the name, length, modification time and inode of each file, so that no file is read.
    """
    return ((settings.as_of.isoformat(),), *(_file_state(path) for path in _depended_on(paths, settings)))


def _depended_on(paths: Sequence[Path], settings: Settings) -> Iterator[Path]:
    stores = [path for path in paths if is_store(path)]
    files, _, _ = find([path for path in paths if path not in stores], settings.ignore_files)
    yield from (file.path for file in files)
    for store in stores:
        with suppress(OSError):
            yield from sorted(path for path in store.iterdir() if not path.name.startswith("scratch-"))
    yield from configurations()
    for name in settings.knowledge:
        with suppress(OSError):
            yield from sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]


def _file_state(path: Path) -> tuple[object, ...]:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return (str(path), None)
    return (str(path), about.st_size, about.st_mtime_ns, about.st_ino)
