"""Opens and judges the same input once for many commands that are run on it in this process."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from graphsc import service, validation
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.graph.dataset import Dataset
from graphsc.service import Opened, opened
from graphsc.sources import Sources
from graphsc.sources.own_knowledge import Additions

R = TypeVar("R")

_AT_MOST = 3_000_000
"""Bytes of an input that is remembered; what is larger is opened each time."""


class Once:
    """What came of the latest inputs, by their content and the settings; a graph that a command adds to is forgotten."""

    def __init__(self, size: int = 12) -> None:
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._size = size
        self._read, self._work_out, self._judge = service._read, opened.work_out, validation.validate

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Open and judge once what commands are run on in this context."""
        with pytest.MonkeyPatch.context() as patch:
            for name, own, now in (
                ("_read", self._read, self.read),
                ("work_out", self._work_out, self.work_out),
                ("judge", self._judge, self.judge),
            ):
                if getattr(service, name) is own:  # a test that replaces it wants it called
                    patch.setattr(service, name, now)
            yield
        for key, result in list(self._results.items()):
            if isinstance(result, _Graph) and len(result.opened.dataset.store) != result.size:
                del self._results[key]

    def read(self, paths: Sequence[Path], settings: Settings, additions: Additions) -> Sources:
        content = None if settings.urls or additions.triples else _content(paths)
        if content is None:
            return self._read(paths, settings, additions)
        key = ("read", content, settings.base, tuple(settings.ignore_files))
        return self._once(key, lambda: self._read(paths, settings, additions))

    def work_out(
        self, sources: Sources, settings: Settings, additions: Additions, problems: Sequence[Problem]
    ) -> Opened:
        read = self._key_of(lambda result: result is sources)
        if problems or read is None:
            return self._work_out(sources, settings, additions, problems)
        key = ("opened", read, repr(settings))
        graph = self._once(key, lambda: _Graph(self._work_out(sources, settings, additions, problems)))
        return replace(graph.opened, problems=[*graph.opened.problems])

    def judge(self, dataset: Dataset, sources: Sources, settings: Settings, **options: Any) -> Any:
        key_of_graph = self._key_of(lambda result: isinstance(result, _Graph) and result.opened.dataset is dataset)
        if key_of_graph is None:
            return self._judge(dataset, sources, settings, **options)
        key = ("judged", key_of_graph, repr(settings), repr(options))
        return self._once(key, lambda: self._judge(dataset, sources, settings, **options))

    def _key_of(self, wanted: Callable[[Any], bool]) -> Hashable | None:
        return next((key for key, result in self._results.items() if wanted(result)), None)

    def _once(self, key: Hashable, make: Callable[[], R]) -> R:
        if key not in self._results:
            self._results[key] = make()
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        self._results.move_to_end(key)
        result: R = self._results[key]
        return result


class _Graph:
    """An opened input, and how many quads its graph had then."""

    def __init__(self, opened: Opened) -> None:
        self.opened, self.size = opened, len(opened.dataset.store)


def _content(paths: Sequence[Path]) -> Hashable:
    """A digest of files and folders; None where something is not a readable file, or there is much of it."""
    digest, size = hashlib.sha256(os.fsencode(Path.cwd())), 0
    for path in paths:
        every = [path, *sorted(path.rglob("*"))] if path.is_dir() else [path]
        for file in every:
            try:
                mode = file.stat().st_mode
                digest.update(b"\0" + os.fsencode(file) + b"\0" + str((mode, file.is_symlink())).encode())
                if stat.S_ISDIR(mode):
                    continue
                size += file.stat().st_size
                if not stat.S_ISREG(mode) or size > _AT_MOST:
                    return None
                digest.update(file.read_bytes())
            except OSError:
                return None
    return digest.digest()


ONCE = Once()
