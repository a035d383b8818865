"""The files that a run depends on, without reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from graphsc.core.settings import Settings, configurations
from graphsc.graph.store.folder import is_store
from graphsc.sources.files import SUFFIXES, find


def depended_on(paths: Sequence[Path], settings: Settings, suffixes: frozenset[str] = SUFFIXES) -> Iterator[Path]:
    """The files with these suffixes that the paths name, what is in stores, the configuration, and own knowledge."""
    stores = [path for path in paths if is_store(path)]
    files, _, _ = find([path for path in paths if path not in stores], settings.ignore_files, suffixes)
    yield from (file.path for file in files)
    for store in stores:
        with suppress(OSError):
            yield from sorted(path for path in store.iterdir() if not path.name.startswith("scratch-"))
    yield from configurations()
    for name in settings.knowledge:
        with suppress(OSError):
            yield from sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]
