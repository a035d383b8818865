"""Places in the user's files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import NamedTuple


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
    """A place in a source: line and column of a text file, or sheet and cell of a workbook.

    ``file`` is written as the user named it, with ``/`` between the parts, or is a URL; ``line`` and ``column``
    count from 1. A place that is only known to the file has neither.
    """

    file: str
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

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
