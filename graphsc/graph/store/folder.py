"""The folder of a store: whole versions beside each other, one of which is the current.

A version is made in a folder of its own, then renamed into place, and then named as the current one by a file that is
replaced: whoever reads, and whoever comes after a crash, finds the old version or the new, never a part.

    graphsc-store.json      names the current version, and says what it was made of and what was worked out of it
    versions/000007/        graph/ (Oxigraph) and texts.zip, the sources as they were read
    scratch-<pid>-…/        a version that is being made, or a copy that a command works on

The first file holds a digest of itself and those of the version's files: a store that was damaged is refused, and made anew
by the next load.
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

from graphsc.graph.store import manifest as records
from graphsc.graph.store import sealed
from graphsc.graph.store.manifest import Manifest
from graphsc.sources.files import STORE

_LOCK = ".lock"
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
        """Whether nothing stands in the folder but what a first load that was killed left there."""
        begun = f".{STORE}."  # not renamed into place any more
        paths = (path.name for path in self.path.iterdir())
        return all(
            name in {self._versions.name, _LOCK} or name.startswith(begun) or _SCRATCH.match(name) for name in paths
        )

    def current(self) -> tuple[Path, Manifest] | None:
        """The folder of the current version, and what it says of itself; None before the first.

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
        """A folder to make a version in; it is gone afterwards, unless published."""
        folder = self.path / _scratch_name()
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def copy(self, version: Path) -> Path:
        """A folder with a copy of a version's graph to work on, for the caller to remove; nobody else may look into it."""
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
        """Drop what killed processes left behind."""
        paths = (*self.path.glob("scratch-*"), *Path(tempfile.gettempdir()).glob("graphsc-scratch-*"))
        for folder in paths:
            match = _SCRATCH.match(folder.name)
            if match and not _alive(int(match[1])):
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Have the store alone for as long as it is changed. Raises Busy."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / _LOCK).open("a") as stream:
            if not _locked(stream.fileno()):
                raise Busy
            yield

    def publish(self, new_version: Path, manifest: Manifest, before: Path | None) -> None:
        """Make a finished version the current one, and drop what nobody needs. Raises OSError."""
        names = sorted(folder.name for folder in self._versions.glob("[0-9]*")) if self._versions.is_dir() else []
        manifest.version = f"{int(names[-1]) + 1 if names else 1:06}"
        manifest.digests = sealed.digests(new_version)
        self._versions.mkdir(exist_ok=True)
        _synced(new_version)
        new_version.rename(self._versions / manifest.version)
        _synced(self._versions)
        records.write(self.path / STORE, manifest)
        for old in names:
            if before is None or old != before.name:  # a reader may still be opening the one before
                shutil.rmtree(self._versions / old, ignore_errors=True)
        self.sweep()


def _scratch_name() -> str:
    return f"scratch-{os.getpid()}-{secrets.token_hex(4)}"


def _copied(version: Path, folder: Path) -> None:
    ox.Store.read_only(str(version / "graph")).backup(str(folder / "graph"))


def _locked(descriptor: int) -> bool:
    """Take the lock of a file, which ends with the process that holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _synced(folder: Path) -> None:
    """Have what stands in a folder reach the disk before it is named."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
