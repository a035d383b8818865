"""Writing files atomically, so that a reader sees the old text or the new one even after a crash; and rows as CSV."""

from __future__ import annotations

import csv
import errno
import io
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8, beside the file, then rename it into place; links and the file's mode are kept.

    A device or a pipe is written to as it is. Raises OSError when that cannot be done, and leaves nothing behind.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    content = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()  # a link to the file stays a link
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink()


def comma_separated(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV; what a spreadsheet would take for a formula is for the caller to escape."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
