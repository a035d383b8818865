"""Where in the user's own files something is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source: line and column of a text file, or sheet and cell of a workbook.

    ``file`` is written as the user named it, with ``/`` between the parts; ``line`` and ``column``
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

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """A sort key: by file, then by place in it."""
        return (self.file, self.line or 0, self.column or 0, self.sheet or "", self.cell or "")
