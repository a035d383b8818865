"""A document as values, for any text format: sections with headings, sentences, lists and tables, with bars for shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphsc.core.text import Text

T = TypeVar("T")
Words = Text | str
"""A text in both languages, or already in the language of the reader."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A share (0–1) shown as a bar with its figure beside it."""

    share: float
    text: Text


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence with notes beneath it, each under a key."""

    text: Words
    notes: tuple[tuple[Words, Words], ...] = ()


Cell = Words | Bar | Point
Columns = Mapping[Words, Callable[[T], Cell]]
"""The value of each column of a table, by the column's name."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; ``more`` rows were left out."""

    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


def table(columns: Columns[T], items: Sequence[T], most: int | None = None) -> Table:
    """A table of items, or of the first ``most`` of them."""
    shown = items if most is None else items[:most]
    rows = tuple(tuple(cell(item) for cell in columns.values()) for item in shown)
    return Table(tuple(columns), rows, len(items) - len(shown))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, if any, with sentences, the ``points`` of a list, and tables."""

    title: Words = ""
    sentences: tuple[Words, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[Words | Point, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything under the heading."""
        return bool(self.sentences or self.points or any(table.rows for table in self.tables))
