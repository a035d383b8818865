"""The folder of a store: complete versions side by side, one of which is current.

A version is made in a scratch folder, renamed into place, and then named as the current one by a file that is replaced:
a reader, also after a crash, gets the old version or the new, never a part of one.

    graphsc-store.json      the manifest: names the current version, its sources and its results
    versions/000007/        graph/ (Oxigraph) and texts.zip, the sources as they were read
    scratch-<pid>-…/        a version that is being made, or a copy that a command works on

The manifest holds a digest of itself and those of the version's files: a damaged store is refused, and made anew by the
next load.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.locking import take
from graphsc.graph.store import manifest as records
from graphsc.graph.store import sealed
from graphsc.graph.store.manifest import Manifest
from graphsc.sources.files import STORE

_LOCK = ".lock"
_ATTEMPTS = 10
_SCRATCH = re.compile(r"(?:graphsc-)?scratch-(\d+)-[0-9a-f]+\Z")


class Busy(Exception):  # noqa: N818  # it is a state of the store, and no fault of the program
    """Another process is loading into the store."""


def is_store(path: Path) -> bool:
    """Whether a folder is a store."""
    return (path / STORE).is_file()


class Folder:
    """A store's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._versions = path / "versions"

    def is_free(self) -> bool:
        """Whether the folder is empty, but for what a first load that was killed left in it."""
        begun = f".{STORE}."  # not renamed into place any more
        paths = (path.name for path in self.path.iterdir())
        return all(
            name in {self._versions.name, _LOCK} or name.startswith(begun) or _SCRATCH.match(name) for name in paths
        )

    def current(self) -> tuple[Path, Manifest] | None:
        """The folder and the manifest of the current version; None before the first.

        Raises NotAStore, and Damaged unless every byte of it is as it was written.
        """
        if not is_store(self.path):
            return None
        manifest = records.read(self.path / STORE)
        version = self._versions / manifest.version
        sealed.check(version, manifest.digests)
        return version, manifest

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder to make a version in; removed afterwards, unless it was published."""
        folder = self.path / _scratch_name()
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            remove(folder)

    def copy(self, version: Path) -> Path:
        """A folder, for the caller to remove, with a copy of a version's graph to work on; only this user can read it."""
        self.sweep()
        folder = self.path / _scratch_name()
        try:
            folder.mkdir(mode=0o700)
        except OSError:  # the store may be read but not written
            folder = Path(tempfile.gettempdir()) / f"graphsc-{_scratch_name()}"
            folder.mkdir(mode=0o700)
        try:
            _copied(version, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def sweep(self) -> None:
        """Remove what killed processes left behind."""
        paths = (*self.path.glob("scratch-*"), *Path(tempfile.gettempdir()).glob("graphsc-scratch-*"))
        for folder in paths:
            match = _SCRATCH.match(folder.name)
            if match and not _alive(int(match[1])):
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Hold the lock of the store while it is changed. Raises Busy."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / _LOCK).open("a") as stream:
            if not take(stream.fileno()):
                raise Busy
            yield

    def publish(self, new_version: Path, manifest: Manifest, previous: Path | None) -> None:
        """Make a finished version the current one, and remove all but the previous one. Raises OSError."""
        names = sorted(folder.name for folder in self._versions.glob("[0-9]*")) if self._versions.is_dir() else []
        manifest.version = f"{int(names[-1]) + 1 if names else 1:06}"
        manifest.digests = sealed.digests(new_version)
        self._versions.mkdir(exist_ok=True)
        _sync(new_version)
        new_version.rename(self._versions / manifest.version)
        _sync(self._versions)
        records.write(self.path / STORE, manifest)
        for old in names:
            if previous is None or old != previous.name:  # a reader may still be opening it
                shutil.rmtree(self._versions / old, ignore_errors=True)
        self.sweep()


def remove(folder: Path) -> None:
    """Remove a folder, again where a store that is just being closed has written to it meanwhile."""
    for _ in range(_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _scratch_name() -> str:
    return f"scratch-{os.getpid()}-{secrets.token_hex(4)}"


def _copied(version: Path, folder: Path) -> None:
    ox.Store.read_only(str(version / "graph")).backup(str(folder / "graph"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _sync(folder: Path) -> None:
    """Have the entries of a folder reach the disk."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
