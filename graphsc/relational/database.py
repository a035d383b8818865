"""The operations that the relational engine needs of a database, in the SQL of DuckDB."""

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
    """A database of tables, or of views where its tables cannot change.

    ``hash`` is the SQL of a hash of a text ``{}``: a BIGINT whose last four bits are 0. ``errors`` are what the methods raise.
    """

    hash: str
    errors: tuple[type[Exception], ...]

    def create(self, name: str, query: str | Query) -> None:
        """Create or replace a table with the rows of a query, which may read the table that is replaced."""

    def append(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""

    def drop(self, name: str) -> None:
        """Drop a table if it exists."""

    def why(self, error: Exception) -> str:
        """The message of an error, as one line."""

    def rows(self, query: str | Query) -> Iterable[tuple[Any, ...]]:
        """The rows of a query."""

    def column(self, name: str, type_: str, values: Sequence[Any]) -> None:
        """Create a table with one column ``x`` of values."""

    def lines(self, name: str, path: Path) -> None:
        """Create a table with one column ``x`` of the lines of a local file."""

    def lines_at(self, url: str) -> Iterable[str]:
        """The lines of text at a URL, in any order; raises Unavailable for a URL that it does not read.

        Of Parquet a line is made of the columns ``s``, ``p`` and ``o``, terms in N-Triples.
        """

    def write(self, query: str, path: Path) -> None:
        """Write the texts in the only column of a query to a local file, one per line."""

    def closure(self, name: str, pairs: str | Query) -> None:
        """Create a table of the transitive closure of the pairs ``(s, o)`` of a query."""


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


_CELLS = [f"regexp_replace(coalesce(nullif(trim({name}), ''), '!'), '^#', '!')" for name in ("s", "p", "o")]
PARQUET_LINE = f"concat_ws(' ', {', '.join(_CELLS)}, '<urn:graphsc:row> .')"
"""The line of a row of Parquet. What is no triple stays none: one with NULL or a comment, and four terms (hence the graph)."""


def is_parquet(url: str) -> bool:
    """Whether what is at a URL is Parquet: its name, that of a file or a folder, ends so."""
    return url.rstrip("/").endswith(".parquet")
