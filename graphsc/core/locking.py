"""Locks between processes, which end with the process that holds them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
