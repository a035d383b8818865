"""What the relational engine asks of a database, in the SQL of DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the steps before it, each with its name; as text, common table expressions and the query."""

    steps: tuple[tuple[str, str], ...]
    last: str

    def __str__(self) -> str:
        steps = ", ".join(f"{name} AS ({sql})" for name, sql in self.steps)
        return f"WITH {steps} {self.last}" if steps else self.last


class Database(Protocol):
    """A database of tables; of views that are as good as tables, where one has no tables that change.

    ``hash`` is the expression of a hash of a text ``{}``, a BIGINT whose last four bits are 0, and ``errors`` are what its
    methods raise.
    """

    hash: str
    errors: tuple[type[Exception], ...]

    def create(self, name: str, query: str | Query) -> None:
        """Make a table of the rows of a query, in place of one of the name, which the query may ask."""

    def append(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""

    def drop(self, name: str) -> None:
        """Drop a table, where there is one of the name."""

    def why(self, error: Exception) -> str:
        """What an error says, in a line."""

    def rows(self, query: str | Query) -> Iterable[tuple[Any, ...]]:
        """The rows of a query."""

    def column(self, name: str, type_: str, values: Sequence[Any]) -> None:
        """Make a table with one column ``x`` of values."""

    def lines(self, name: str, path: Path) -> None:
        """Make a table with one column ``x`` of the lines of a file of this machine."""

    def write(self, query: str, path: Path) -> None:
        """Write the texts that a query has as its one column to a file of this machine, a line each."""

    def closure(self, name: str, pairs: str | Query) -> None:
        """Make a table of the pairs ``(s, o)`` that one step or more of those of a query lead to."""


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
