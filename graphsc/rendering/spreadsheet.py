"""Tables for a spreadsheet: the value of each column, by the column's name, which is the same in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from graphsc.core import escape
from graphsc.core.writing import comma_separated

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], object]]
"""The columns of a table in order: None is an empty cell, and the members of a tuple are joined by spaces."""


def csv(columns: Columns[T], items: Iterable[T]) -> str:
    """A line for each item, without cells that are read as formulas."""
    return comma_separated(
        [columns, *([escape.cell(cell(value(item))) for value in columns.values()] for item in items)]
    )


def cell(value: object) -> str:
    """A value as the text of a cell."""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)
