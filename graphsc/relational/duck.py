"""DuckDB as the database of the relational engine."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from glob import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import duckdb

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.relational.database import PARQUET_LINE, Query, is_parquet, quoted

CONFIG: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}
"""No extension is downloaded, and rows have no order."""
MEMORY = ["50%", "3GB"]
"""The lesser is the limit; what goes over it is written to files. A nation of ten million triples takes a tenth longer so, and 5 GB, not 7.5."""
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_READ = "delim = '\x01', header = false, quote = '', escape = '', auto_detect = false, columns = {'x': 'VARCHAR'}"
_WRITTEN = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
_NAME = re.compile(r"\w+")
_CLOSED = """
WITH RECURSIVE base AS MATERIALIZED ({pairs}),
closed(s, o) AS (SELECT s, o FROM base UNION SELECT a.s, b.o FROM closed a JOIN base b ON a.o = b.s) SELECT s, o FROM closed
"""


class DuckDB:
    """A database in this process, which spills to temporary files when memory is full."""

    hash = "(hash({}) & 9223372036854775792::UBIGINT)::BIGINT"
    errors: tuple[type[Exception], ...] = (duckdb.Error, OSError)

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True)
        self._connection = duckdb.connect(config={**CONFIG, "temp_directory": self._folder.name})
        self._connection.execute("SET enable_progress_bar = false")  # by default it is on in an interactive Python
        self._set_memory(min(MEMORY, key=self._set_memory))

    def _set_memory(self, limit: str) -> float:
        """Set the memory limit; how much it is, in bytes."""
        self._connection.execute(f"SET memory_limit = '{limit}'")
        (shown,) = self._connection.execute("SELECT current_setting('memory_limit')").fetchall()
        number, unit = str(shown[0]).split()
        return float(number) * 1024.0 ** _UNITS.index(unit)

    def why(self, error: Exception) -> str:
        """The message of an error, as one line."""
        return str(error).partition("\n")[0].removeprefix("Invalid Input Error: ")

    def create(self, name: str, query: str | Query) -> None:
        """Create or replace a table with the rows of a query."""
        try:
            self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
        except duckdb.OutOfMemoryException:
            if not isinstance(query, Query):
                raise
            self._create_by_steps(name, query)

    def _create_by_steps(self, name: str, query: Query) -> None:
        """Create a table with a statement for each join of a query, where memory does not hold all of its joins at once."""
        steps = [*query.steps, (name, query.last)]
        beneath: dict[str, set[str]] = {}
        last: dict[str, str] = {}
        kinds: dict[str, str] = {}
        for step, sql in steps:
            tables = {table for used in {*_NAME.findall(sql)} & kinds.keys() for table in beneath[used]}
            kinds[step] = "TABLE" if step == name or " JOIN " in sql or "DISTINCT" in sql else "VIEW"
            beneath[step] = {step} if kinds[step] == "TABLE" else tables
            last |= dict.fromkeys(tables, step)
        try:
            for step, sql in steps:
                self._connection.execute(f"CREATE OR REPLACE {kinds[step]} {step} AS {sql}")
                for table in beneath:
                    if last.get(table) == step:
                        self.drop(table)
        finally:
            for step, _ in query.steps:
                self._connection.execute(f"DROP {kinds[step]} IF EXISTS {step}")

    def append(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""
        self._connection.execute(f"INSERT INTO {name} {query}")

    def drop(self, name: str) -> None:
        """Drop a table."""
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")

    def rows(self, query: str | Query) -> Iterable[tuple[Any, ...]]:
        """The rows of a query."""
        try:
            return self._connection.execute(f"{query}").fetchall()
        except duckdb.OutOfMemoryException:
            if not isinstance(query, Query):
                raise
            self._create_by_steps("answer", query)
            rows = self._connection.execute("SELECT * FROM answer").fetchall()
            self.drop("answer")
            return rows

    def column(self, name: str, type_: str, values: Sequence[Any]) -> None:
        """Create a table with one column of values."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT unnest(?::{type_}[]) AS x", [values])

    def lines(self, name: str, path: Path) -> None:
        """Create a view of the lines of a file."""
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT x FROM read_csv({quoted(str(path))}, {_READ})"
        )

    def lines_at(self, url: str) -> Iterable[str]:
        """The lines at a ``file:`` URL, of a file or a folder with all below it."""
        files = ", ".join(quoted(escape(str(path))) for path in _files_at(url))
        lines = (
            f"{PARQUET_LINE} AS x FROM read_parquet([{files}])"
            if is_parquet(url)
            else f"x FROM read_csv([{files}], {_READ})"
        )
        return (line for (line,) in self.rows(f"SELECT {lines} WHERE x IS NOT NULL"))

    def write(self, query: str, path: Path) -> None:
        """Write the texts in the only column of a query to a file."""
        self._connection.execute(f"COPY ({query}) TO {quoted(str(path))} ({_WRITTEN})")

    def closure(self, name: str, pairs: str | Query) -> None:
        """Create a table of the transitive closure of pairs."""
        self.create(name, _CLOSED.format(pairs=pairs))


def _files_at(url: str) -> list[Path]:
    """The files at a URL, as Spark has them: below a folder all whose path has no name that begins with a point or ``_``.

    Raises Unavailable for a URL of something else, and where a file below the folder would be left out that is not empty.
    """
    path = _path(url)
    if path is None:
        raise Unavailable(
            Text(
                f"DuckDB læser ikke {url}, kun file:///STI på denne maskine (skriv %23 for # og %3F for ?). "
                "Andre URL'er læses med --engine spark.",
                f"DuckDB does not read {url}, only file:///PATH on this machine (write %23 for # and %3F for ?). "
                "Other URLs are read with --engine spark.",
            )
        )
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Unavailable(Text(f"{url}: Filen eller mappen findes ikke.", f"{url}: There is no such file or folder."))
    files = sorted(file for file in path.rglob("*") if file.is_file())
    left_out = {file for file in files if any(part.startswith((".", "_")) for part in file.relative_to(path).parts)}
    named = next((file for file in sorted(left_out) if not file.name.startswith(".") and file.stat().st_size), None)
    if named is not None:
        raise Unavailable(
            Text(
                f"{named.as_posix()} læses ikke, for Spark springer navne med _ over; kald filen noget andet, eller flyt den.",
                f"{named.as_posix()} is not read, since Spark skips names with _; rename the file or move it.",
            )
        )
    if files_read := [file for file in files if file not in left_out]:
        return files_read
    raise Unavailable(Text(f"{url}: Der er ingen filer i mappen.", f"{url}: There is no file in the folder."))


def _path(url: str) -> Path | None:
    """The path of a ``file:`` URL of this machine; None for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    local = parts.scheme == "file" and parts.netloc in {"", "localhost"} and not (parts.query or parts.fragment)
    return Path(url2pathname(parts.path)) if local else None
