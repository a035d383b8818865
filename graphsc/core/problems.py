"""Problems of the input with their places, and reasons why something cannot be done."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from graphsc.core.text import Text


class Cell(NamedTuple):
    """A cell of a workbook; row and column count from 1."""

    sheet: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """Its name in a spreadsheet, such as ``F14``."""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"


_URL = re.compile("[A-Za-z][A-Za-z0-9+.-]+:/")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def is_url(source: str) -> bool:
    """Whether a source, as the user named it, is data at a URL, not a file. ``C:/`` is a drive, since a scheme has two letters."""
    return _URL.match(source) is not None and not os.path.lexists(source)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source: line and column of a text file, or sheet and cell of a workbook; neither where only the file is known."""

    file: str  #: As the user named it, with / between the parts, or a URL.
    line: int | None = None  #: The line of a text file, counted from 1.
    column: int | None = None  #: The column, counted from 1.
    sheet: str | None = None  #: The sheet of a workbook.
    cell: str | None = None  #: The cell, such as F14.

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.file}[{self.sheet}!{self.cell}]"
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    @classmethod
    def at(cls, file: str, place: tuple[int, int] | Cell) -> Location:
        """A place of a file: line and column, or a cell."""
        if isinstance(place, Cell):
            return cls(file, sheet=place.sheet, cell=place.name)
        return cls(file, *place)

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """A sort key: by file, then by place in it; the cells of a sheet by row."""
        split = _CELL.fullmatch(self.cell or "")
        if split is None:
            return (self.file, self.line or 0, self.column or 0, self.sheet or "", self.cell or "")
        return (self.file, 0, 0, self.sheet or "", f"{split[2]:0>7}{split[1]:0>3}")


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read as it was meant.

    Any problem makes the run partial and its exit code 2; what could be read is still checked.
    """

    code: str  #: A stable short name, such as unknown-key.
    message: Text  #: What is wrong.
    location: Location  #: Where.

    @property
    def order(self) -> tuple[tuple[str, int, int, str, str], str, str]:
        """A sort key: by place, then by code and message."""
        return (self.location.order, self.code, self.message.en)


def by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of their places."""
    return tuple(sorted(problems, key=lambda problem: problem.order))


class Reasoned(Exception):  # noqa: N818  # what is raised is one of its subclasses
    """Something that cannot be done, with the reason in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process raises it again."""
        return type(self), (self.reason,)


class Unavailable(Reasoned):
    """What a command needs is not there or not in order; nothing can be claimed."""


class HeldOpenError(PermissionError):
    """A file that may be written, but that another program holds open; only Windows lets a program do so."""


_HELD = Text(
    "den er åben i et andet program, måske Excel; luk den dér, og prøv igen",
    "it is open in another program, perhaps Excel; close it there and try again",
)
_FULL = {errno.ENOSPC, errno.EDQUOT}


_DANISH = {
    errno.ENOENT: "filen eller mappen findes ikke",
    errno.EACCES: "der er ikke adgang",
    errno.EPERM: "det er ikke tilladt",
    errno.EISDIR: "det er en mappe",
    errno.ENOTDIR: "det er ikke en mappe",
    errno.EEXIST: "den findes i forvejen",
    errno.EROFS: "drevet er skrivebeskyttet",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.EMFILE: "der er for mange åbne filer",
    errno.EADDRINUSE: "adressen er i brug",
    errno.ECONNREFUSED: "forbindelsen blev afvist",
}
"""The commonest error messages of the operating system in Danish; it gives them in English."""


def reason_of(error: OSError) -> Text:
    """The error message of the operating system."""
    if isinstance(error, HeldOpenError):
        return _HELD
    if error.errno in _FULL:
        return Text("ingen plads", "no space")
    if error.errno == errno.EBADF:
        return Text("udgangen er lukket", "the output is closed")
    reason = error.strerror or str(error) or type(error).__name__
    return Text(_DANISH.get(error.errno or 0, reason), reason)


def external_cause(error: BaseException) -> Text | None:
    """The cause of an error that lies outside the program, such as a full disk; None for what may be a bug."""
    match error:
        case Unavailable():
            return error.reason
        case MemoryError():
            return Text("hukommelsen slap op.", "there was not enough memory.")
        case RecursionError():
            return Text("noget er indlejret for dybt.", "something is nested too deeply.")
        case OSError() if error.errno is not None:
            what, reason = error.filename, reason_of(error)
            if what is None:
                return Text(f"svaret kan ikke skrives: {reason.da}", f"the output cannot be written: {reason.en}")
            name = Path(what).as_posix() if isinstance(what, str) else what
            return Text(f"{name} kan ikke bruges: {reason.da}", f"{name} cannot be used: {reason.en}")
        case _:
            return None
