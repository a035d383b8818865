"""Damage to files is noticed by digests: JSON with a digest of itself, and other files whose digests are in it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.core.writing import write_whole

FORMAT = 5
_HEADER = re.compile(r'\{"format": (\d+)\b')

Digests = Mapping[str, str]
"""The SHA-256 of files, by name."""


class NotAStore(Exception):  # noqa: N818  # it is a state of the store, and no fault of the program
    """The folder is no store, or one of another format."""


class Damaged(Unavailable):
    """A file of a store is gone or not as it was written: nothing in the store can be relied on."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"lageret er beskadiget: {path} er ikke, som den blev skrevet. graphsc load … --store MAPPE læser alt ind igen.",
                f"the store is damaged: {path} is not as it was written. graphsc load … --store DIR reads everything in again.",
            )
        )


def write(path: Path, document: Any) -> None:
    """Write JSON with its digest. Raises OSError."""
    write_whole(path, _sealed(json.dumps(document, ensure_ascii=False)))


def read(path: Path) -> Any:
    """The JSON of a file. Raises Damaged where it is not as it was written, NotAStore for another format, and OSError."""
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        raise Damaged(path) from None
    body = text.partition("\n")[2].partition("\n")[0]
    if text == _sealed(body):
        return json.loads(body)
    header = _HEADER.match(text)
    if header is not None and int(header[1]) != FORMAT:
        raise NotAStore(f"format {header[1]}")
    raise Damaged(path)


def _sealed(body: str) -> str:
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    return f'{{"format": {FORMAT}, "sha256": "{digest}", "said":\n{body}\n}}\n'


def digest(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(folder: Path) -> Digests:
    """The digests of all files of a folder, by their paths in it. Raises OSError."""
    return {path.relative_to(folder).as_posix(): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def check(folder: Path, expected_digests: Digests) -> None:
    """Raise Damaged unless the files of a folder have these digests.

    RocksDB has checksums of its own, but a query that meets a damaged block may then not end.
    """
    for name, expected in expected_digests.items():
        try:
            intact = digest(folder / name) == expected
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            intact = False
        if not intact:
            raise Damaged(folder / name)
