"""Tables for a spreadsheet: what stands in each column, by the column's name, which is the same in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from graphsc.core import escape
from graphsc.core.writing import comma_separated

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], object]]
"""The columns of a table in order: None is an empty cell, and the members of a tuple stand with blanks between."""


def csv(columns: Columns[T], items: Iterable[T]) -> str:
    """A line for each item, in which no cell is read as a formula."""
    return comma_separated(
        [columns, *([escape.cell(cell(value(item))) for value in columns.values()] for item in items)]
    )


def cell(value: object) -> str:
    """A value as the text of a cell."""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)
