"""The files that a run depends on, without reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from graphsc.core.settings import Settings, configurations
from graphsc.sources.files import SUFFIXES, find


def depended_on(paths: Sequence[Path], settings: Settings, suffixes: frozenset[str] = SUFFIXES) -> Iterator[Path]:
    """The files with these suffixes that the paths name, the configuration, and own knowledge."""
    files, _, _ = find(paths, settings.ignore_files, suffixes)
    yield from (file.path for file in files)
    yield from configurations()
    for name in settings.knowledge:
        with suppress(OSError):
            yield from sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]
