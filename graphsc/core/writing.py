"""Writing files: never over what the run reads, one process at a time, and atomically, so that a reader sees the old or the new."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from graphsc.core.problems import HeldOpenError, Unavailable
from graphsc.core.text import Text

WINDOWS = os.name == "nt"
_SHORT = 40
"""The characters of a name that its temporary file has too, whose own name may not become too long."""
Inputs = Callable[[], Iterable[Path]]
_READ: ContextVar[Inputs] = ContextVar("read", default=tuple)


class IsRead(Unavailable):
    """A file that is to be written is one that the run reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path.as_posix()} er en af de filer, der læses; skriv til en anden.",
                f"{path.as_posix()} is one of the files that are read; write to another.",
            )
        )


class CannotBeNamed(Unavailable):
    """A file that is to be written has a name that Windows takes for something else, and that would be lost."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path.as_posix()} kan en fil ikke hedde i Windows; vælg et andet navn.",
                f"{path.as_posix()} cannot be the name of a file on Windows; choose another.",
            )
        )


@contextmanager
def reading(inputs: Inputs) -> Iterator[None]:
    """Within it nothing is written over the inputs: files, and folders with all in them. They are asked for only when needed."""
    token = _READ.set(inputs)
    try:
        yield
    finally:
        _READ.reset(token)


def require_free(*targets: Path) -> None:
    """Raise IsRead where one of the files is there and the run reads it, whatever name or link it is written by."""
    there = [target for target in targets if target.is_file()]
    if there:
        inputs = [*_READ.get()()]
        taken = next((target for target in there if lies_in(target, inputs)), None)
        if taken is not None:
            raise IsRead(taken)


def lies_in(path: Path, places: Iterable[Path]) -> bool:
    """Whether a path is one of the places or in one of them, once all links are followed."""
    real = path.resolve()
    chain = {*map(_identity, (real, *real.parents))} - {None}
    return any(_identity(place) in chain for place in places)


def _identity(path: Path) -> tuple[int, int] | None:
    """What a file is known by under all its names; None where there is none."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino


def write_whole(path: Path, content: str | bytes, *, rewriting: bool = False) -> None:
    """Write one file; see `write_all`."""
    write_all({path: content}, rewriting=rewriting)


def write_all(contents: Mapping[Path, str | bytes], *, rewriting: bool = False, folders: bool = False) -> None:
    """Write bytes, or text as UTF-8, beside each file, then rename them into place; links and the files' modes are kept.

    With ``rewriting`` they may be files that the run reads, with ``folders`` their folders are made. A device or a pipe is
    written to as it is. Raises IsRead, CannotBeNamed, and OSError, with the file, when that cannot be done, and leaves nothing
    behind; where another program holds one of them open it is HeldOpenError, and none has been replaced.
    """
    if not rewriting:
        require_free(*contents)
    temporaries: dict[Path, tuple[Path, Path]] = {}
    try:
        for path, content in contents.items():
            with _naming(path):
                if folders:
                    path.parent.mkdir(parents=True, exist_ok=True)
                target = _target(path)
                temporary = target.with_name(f".{target.name[:_SHORT]}.{secrets.token_hex(4)}")
                temporaries[path] = temporary, target
                _write(temporary, target, content.encode() if isinstance(content, str) else content)
        for path, (temporary, target) in temporaries.items():
            with _naming(path):
                if temporary.exists():
                    _replace(temporary, target)
    finally:
        for temporary, _ in temporaries.values():
            with suppress(OSError):
                temporary.unlink()


class IsOpen(Unavailable):
    """A file that is to be written is open in a spreadsheet, whose next saving would write over it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path.as_posix()} er åben i et regneark. Gem den, luk den, og prøv igen; intet er skrevet.",
                f"{path.as_posix()} is open in a spreadsheet. Save it, close it and try again; nothing was written.",
            )
        )


def require_closed(path: Path) -> None:
    """Raise IsOpen where Excel or LibreOffice has left the mark of a file that it has open."""
    marks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    if any(os.path.lexists(path.with_name(mark)) for mark in marks):
        raise IsOpen(path)


def write_anew(path: Path, before: bytes, content: bytes) -> Path:
    """Replace a file that was read as ``before`` at once, and keep that beside it as ``.bak``, whose path is given.

    Raises IsOpen where a spreadsheet has it open, Unavailable where it has changed since, and OSError; then nothing is lost.
    """
    require_closed(path)
    kept = path.with_name(f"{path.name}.bak")
    if path.read_bytes() != before:
        raise Unavailable(
            Text(
                f"{path.as_posix()} er ændret imens; intet er skrevet. Prøv igen.",
                f"{path.as_posix()} has changed meanwhile; nothing was written. Try again.",
            )
        )
    try:
        write_all({kept: before, path: content}, rewriting=True)
    except PermissionError as error:
        if error.filename == str(path) and os.access(path, os.W_OK):  # Windows replaces no open file
            raise IsOpen(path) from None
        raise
    return kept


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Within it errors of the operating system name the file as the user did."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _target(path: Path) -> Path:
    """The file that a path leads to: a link to it stays a link. Raises OSError for what may not be written to."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if WINDOWS and _lost_on_windows(path.name):
        raise CannotBeNamed(path)
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    target = path.resolve()
    if target.is_file():
        _not_held(target)
    return target


def _not_held(target: Path) -> None:
    """Raise HeldOpenError where a file that may be written to cannot be opened, before any of several is replaced."""
    try:
        with target.open("r+b"):
            pass
    except PermissionError:
        raise HeldOpenError(errno.EACCES, os.strerror(errno.EACCES)) from None


def _replace(temporary: Path, target: Path) -> None:
    """Put a file in the place of another, which another program may have opened meanwhile, only to read it. Raises HeldOpenError."""
    try:
        temporary.replace(target)
    except PermissionError:
        raise HeldOpenError(errno.EACCES, os.strerror(errno.EACCES)) from None


def _write(temporary: Path, target: Path, content: bytes) -> None:
    """Write the content that is to take the place of a file, with its mode; into a device or a pipe at once."""
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    with temporary.open("xb") as stream:
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def comma_separated(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV; what a spreadsheet would take for a formula is for the caller to escape."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


_UNNAMEABLE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\s*\..*|\s*)", re.IGNORECASE)
"""The names that are devices on Windows, whatever their suffix."""
_LONGEST_NAME = 100


def file_names(names: Iterable[str], suffix: str) -> list[str]:
    """A name of a file for each name, that every system takes and none takes for another of them, letter case aside."""
    result: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem = _UNNAMEABLE.sub("-", unicodedata.normalize("NFC", name))[:_LONGEST_NAME].strip(" .") or "-"
        stem = f"_{stem}" if _DEVICE.fullmatch(stem) else stem
        file, number = f"{stem}{suffix}", 1
        while file.casefold() in taken:
            number += 1
            file = f"{stem} ({number}){suffix}"
        taken.add(file.casefold())
        result.append(file)
    return result


def _lost_on_windows(name: str) -> bool:
    """Whether what is written to a name would end in a device or in a hidden stream of a file, or stand under another name."""
    odd = _UNNAMEABLE.search(name) or _DEVICE.fullmatch(name) or name != name.rstrip(" .")
    return bool(odd) and name.casefold() != "nul"  # who names that means that it is to be lost


_LOCK = ".graphsc.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, after whoever holds it now, in this process or in another. Raises OSError.

    The file of the lock is removed when it is given back; Windows removes no open file and keeps it.
    """
    path = folder / _LOCK
    while True:
        with path.open("ab") as stream:
            take(stream.fileno(), wait=True)
            try:
                current = os.path.samestat(os.fstat(stream.fileno()), path.stat())
            except FileNotFoundError:
                current = False
            if not current:  # whoever held it has removed it meanwhile
                continue
            try:
                yield
            finally:
                with suppress(OSError):
                    path.unlink()
            return


def take(descriptor: int, *, wait: bool = False) -> bool:
    """Take the lock of an open file, until it is closed; False where another has it and one will not wait."""
    try:
        import fcntl
    except ImportError:  # Windows
        return _take_on_windows(descriptor, wait)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _take_on_windows(descriptor: int, wait: bool) -> bool:
    import msvcrt

    while True:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError as error:
            if not wait:
                return False
            if error.errno != errno.EDEADLK:  # what waiting ends with after ten seconds
                raise
        else:
            return True
