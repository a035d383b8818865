"""Paging of long lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graphsc.core.text import Text
from graphsc.web.visit import Misasked, Visit

R = TypeVar("R")
SCREENFUL, BATCH = 50, 1000
"""The rows of a page for people, and of one for programs."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[R]):
    """One page of a list: its rows, its number, the numbers of pages and rows in all, and the slice of the rows."""

    rows: Sequence[R]
    number: int
    pages: int
    total: int
    part: slice

    @property
    def following(self) -> int | None:
        """The number of the next page."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def preceding(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None


def paged(rows: Sequence[R], visit: Visit, size: int = 0) -> Paged[R]:
    """The page of a list by the parameter ``page``. Raises Misasked where there is no such page."""
    size = size or (SCREENFUL if visit.form in {"html", None} else BATCH)
    pages = max(1, -(-len(rows) // size))
    written = visit.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) < 10 and 1 <= int(written) <= pages):
        raise Misasked(Text(f"page: Der er kun side 1 til {pages}.", f"page: There are only pages 1 to {pages}."))
    number = int(written)
    part = slice((number - 1) * size, number * size)
    return Paged(rows[part], number, pages, len(rows), part)
