"""The folder of a store: whole versions beside each other, one of which is the current.

A version is made in a folder of its own, then renamed into place, and then named as the current one by a file that is
replaced: whoever reads, and whoever comes after a crash, finds the old version or the new, never a part. The graph of a
new version begins as hard links to the files of the one before (RocksDB's checkpoint), which takes no time.

    graphsc-store.json      says that this is a store, and names the current version
    versions/000007/        graph/ (Oxigraph), manifest.json, answers.json
    texts/<sha256>          the sources as they were read, compressed
    places/<sha256>.json    where a source writes what was asked for
    queries.json            what was found out of queries, to ask them of a part only
    scratch-<pid>-…/        a version that is being made, or a copy that a command works on

Each JSON file holds a digest of itself, and the manifest those of the graph's files and of the texts: a store that was
damaged is refused, and made anew by the next load.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.writing import write_whole
from graphsc.graph.store import sealed
from graphsc.graph.store.sealed import Damaged, Digests
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
        self._texts = path / "texts"
        self.places = path / "places"
        self.queries = path / "queries.json"

    def is_free(self) -> bool:
        """Whether nothing stands in the folder but what a first load that was killed left there."""
        own = {self._versions.name, self._texts.name, self.places.name, self.queries.name, _LOCK}
        begun = tuple(f".{name}." for name in (*own, STORE))  # files that were not renamed into place any more
        left = (path.name for path in self.path.iterdir())
        return all(name in own or name.startswith(begun) or _SCRATCH.match(name) for name in left)

    def current(self) -> Path | None:
        """The folder of the current version; None before the first. Raises NotAStore and Damaged."""
        if not is_store(self.path):
            return None
        version = self._versions / str(sealed.read(self.path / STORE)["current"])
        if not version.is_dir():
            raise Damaged(version)
        return version

    def check(self, version: Path, digests: Digests) -> None:
        """Raise Damaged unless the files of a version, and the texts that it was made of, are as they were written."""
        paths = {name: (self.path if name.startswith(f"{self._texts.name}/") else version) / name for name in digests}
        sealed.check(paths, digests)

    def digests(self, made: Path, texts: Iterable[str], before: tuple[Path, Digests] | None) -> Digests:
        """The digests of a version that is made, and of its texts; those of files shared with the version before are known."""
        paths = {f"{self._texts.name}/{sha256}": self._texts / sha256 for sha256 in texts}
        paths |= {file.relative_to(made).as_posix(): file for file in made.rglob("*") if file.is_file()}

        def known(name: str, path: Path) -> str | None:
            if before is None or name not in before[1] or not (before[0] / name).is_file():
                return None
            return before[1][name] if path.samefile(before[0] / name) else None

        return {name: known(name, path) or sealed.digest(path) for name, path in sorted(paths.items())}

    @contextmanager
    def scratch(self, version: Path | None) -> Iterator[Path]:
        """A folder to make a version in, with a copy of another's graph in it; it is gone afterwards, unless published."""
        folder = self.path / _scratch_name()
        folder.mkdir(parents=True)
        try:
            if version is not None:
                _copied(version, folder)
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
        left = (*self.path.glob("scratch-*"), *Path(tempfile.gettempdir()).glob("graphsc-scratch-*"))
        for folder in left:
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

    def publish(self, made: Path, before: Path | None) -> None:
        """Make a finished version the current one, and drop those that nobody needs."""
        names = sorted(folder.name for folder in self._versions.glob("[0-9]*")) if self._versions.is_dir() else []
        name = f"{int(names[-1]) + 1 if names else 1:06}"
        self._versions.mkdir(exist_ok=True)
        _synced(made)
        made.rename(self._versions / name)
        _synced(self._versions)
        sealed.write(self.path / STORE, {"current": name})
        for old in names:
            if before is None or old != before.name:  # a reader may still be opening the one before
                shutil.rmtree(self._versions / old, ignore_errors=True)

    def tidy(self, wanted: Iterable[str]) -> None:
        """Drop what killed processes left behind, and the texts that no version needs; ``wanted`` are their digests."""
        self.sweep()
        kept = set(wanted)
        for kind in (self._texts, self.places):
            if kind.is_dir():
                for file in kind.iterdir():
                    if file.name.partition(".")[0] not in kept:
                        with suppress(OSError):
                            file.unlink()

    def keep_text(self, sha256: str, content: bytes) -> None:
        """Keep a copy of a source."""
        self._texts.mkdir(parents=True, exist_ok=True)
        try:
            self.text(sha256)
        except Damaged:  # or not there yet
            write_whole(self._texts / sha256, zlib.compress(content, 1))

    def text(self, sha256: str) -> bytes:
        """A source as it was read. Raises Damaged."""
        path = self._texts / sha256
        try:
            content = zlib.decompress(path.read_bytes())
        except (FileNotFoundError, zlib.error):
            raise Damaged(path) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Damaged(path)
        return content


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
