"""Apache Spark as the database of the relational engine: on one machine, or on a cluster."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlglot
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.relational.database import PARQUET, Query, format_at

_CONFIG = {"spark.sql.ansi.enabled": "true", "spark.sql.caseSensitive": "false"}
"""Settings that the queries rely on."""
_PARTITIONS = "spark.sql.shuffle.partitions"
_PIECES = 8
"""A table is checkpointed again after so many appends, or its plan would grow with each."""
_SENT = 50_000
"""The most values that are sent to the executors at once: Spark sends no message over 128 MB."""
_COPIED = 8
"""The most steps that may be copied."""
_TYPES = {"VARCHAR": "string", "BIGINT": "bigint"}


class Spark:
    """Views on checkpointed rows of the executors, each computed once, when it is first read."""

    hash = "(xxhash64({}) & -16)"
    errors: tuple[type[Exception], ...] = (PySparkException, Py4JError, OSError)

    def __init__(self) -> None:
        try:
            self._session = SparkSession.builder.appName("graphsc").getOrCreate().newSession()  # with views of its own
        except (PySparkException, Py4JError, OSError, RuntimeError) as error:
            raise Unavailable(
                Text(f"Spark starter ikke: {self.why(error)}", f"Spark does not start: {self.why(error)}")
            ) from error
        context = self._session.sparkContext
        context.setLocalProperty("spark.checkpoint.checkpointAllMarkedAncestors", "true")
        if _PARTITIONS not in dict(context.getConf().getAll()):
            self._session.conf.set(_PARTITIONS, str(context.defaultParallelism))
        self._partitions = int(self._session.conf.get(_PARTITIONS) or 1)
        for name, value in _CONFIG.items():
            self._session.conf.set(name, value)
        self._pieces: dict[str, list[DataFrame]] = {}
        self._numbers = itertools.count()

    def why(self, error: Exception) -> str:
        """The message of an error, as one line."""
        cause = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else str(error)
        return str(cause).partition("\n")[0].removeprefix("[USER_RAISED_EXCEPTION] ").partition(" SQLSTATE:")[0]

    def create(self, name: str, query: str | Query) -> None:
        """Create or replace a table with the rows of a query."""
        self._register(name, [self._checkpointed(self._query(query), eager="row_number()" in f"{query}")])

    def append(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""
        pieces = [*self._pieces[name], self._checkpointed(self._query(query))]
        self._register(name, pieces if len(pieces) < _PIECES else [self._checkpointed(self._together(pieces))])

    def drop(self, name: str) -> None:
        """Drop a table."""
        if self._pieces.pop(name, None) is not None:
            self._session.catalog.dropTempView(name)

    def rows(self, query: str | Query) -> Iterable[tuple[Any, ...]]:
        """The rows of a query."""
        return list(self._query(query).collect())

    def column(self, name: str, type_: str, values: Sequence[Any]) -> None:
        """Create a table with one column of values."""
        parts = [values[start : start + _SENT] for start in range(0, len(values), _SENT)] or [values]
        rows = [self._session.createDataFrame([(value,) for value in part], f"x {_TYPES[type_]}") for part in parts]
        self._register(name, [self._checkpointed(part, eager=len(parts) > 1) for part in rows])

    def lines(self, name: str, path: Path) -> None:
        """Create a table of the lines of a file."""
        with path.open(encoding="utf-8", newline="\n") as file:
            self.column(name, "VARCHAR", [line.removesuffix("\n") for line in file])

    def external(self, name: str, url: str) -> None:
        """Create a view of the lines at a URL of any file system that Spark reads, of folders with all below them."""
        line, where, has_graphs = form = format_at(url)
        reader = self._session.read.option("recursiveFileLookup", "true")
        rows = reader.parquet(url) if form is PARQUET else reader.text(url).withColumnRenamed("value", "x")
        lines = rows.where(where).selectExpr(
            f"{line} AS x", "_metadata.file_path AS file", f"{has_graphs} AS has_graphs"
        )
        lines.createOrReplaceTempView(name)

    def write(self, query: str, path: Path) -> None:
        """Write the texts in the only column of a query to a file."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{text}\n" for (text,) in self._query(query).toLocalIterator())

    def closure(self, name: str, pairs: str | Query) -> None:
        """Create a table of the transitive closure of pairs."""
        self.create(f"{name}_steps", pairs)
        self.create(name, f"SELECT DISTINCT s, o FROM {name}_steps")
        further = name
        for length in itertools.count():
            joined = f"SELECT DISTINCT a.s, b.o FROM {further} a JOIN {name}_steps b ON a.o = b.s"
            further = f"{name}_{length % 2}"
            self.create(further, f"SELECT s, o FROM ({joined}) x ANTI JOIN {name} y ON x.s = y.s AND x.o = y.o")
            if not self.rows(f"SELECT 1 FROM {further} LIMIT 1"):
                break
            self.append(name, f"SELECT s, o FROM {further}")
        for suffix in ("steps", "0", "1"):
            self.drop(f"{name}_{suffix}")

    def _register(self, name: str, pieces: list[DataFrame]) -> None:
        self._pieces[name] = pieces
        self._together(pieces).createOrReplaceTempView(name)

    def _together(self, pieces: Sequence[DataFrame]) -> DataFrame:
        """The rows of all pieces, in no more partitions than a query has."""
        return functools.reduce(DataFrame.union, pieces).coalesce(self._partitions)

    def _checkpointed(self, rows: DataFrame, *, eager: bool = False) -> DataFrame:
        """The rows, which are kept once they are computed, without the plan that computes them.

        Numbered rows are computed at once, since two executors might number them differently. The plan's estimate of its
        size is dropped too: it is the product of those of all tables beneath, a number of ever more digits.
        """
        plan = rows._jdf.localCheckpoint(eager).queryExecution().logical()
        checkpoint = self._session._jsparkSession.internalCreateDataFrame(plan.rdd(), plan.schema(), False)
        return DataFrame(checkpoint, self._session)

    def _query(self, query: str | Query) -> DataFrame:
        tree = sqlglot.parse_one(f"{query}", read="duckdb")
        assert isinstance(tree, exp.Query)
        stored = []
        for step in repeated(tree):
            table = f"{step.alias}_{next(self._numbers)}"
            earlier = ", ".join(cte.sql("duckdb") for cte in tree.ctes[: tree.ctes.index(step)])
            self.create(table, f"{'WITH ' if earlier else ''}{earlier} {step.this.sql('duckdb')}")
            stored.append(table)
            step.set("this", exp.select("*").from_(table))
        rows = self._session.sql(translated(tree))
        for table in stored:  # the plan refers to their rows, not to their names
            self.drop(table)
        return rows


def repeated(tree: exp.Query) -> list[exp.CTE]:
    """The steps of a query to compute first: Spark copies a step, with those beneath it, to wherever it is used."""
    ends: dict[str, int] = {}
    steps = []
    for step in tree.ctes:
        size = 1 + sum(ends.get(table.name, 0) for table in step.find_all(exp.Table))
        uses = sum(table.name == step.alias for table in tree.find_all(exp.Table))
        if uses > 1 and size > _COPIED:
            steps.append(step)
            size = 1
        ends[step.alias] = size
    return steps


def translated(tree: exp.Query) -> str:
    """A query of DuckDB in Spark's dialect, also where sqlglot does not translate."""
    for node in [*tree.find_all(exp.Window, exp.Anonymous)]:
        match node.name.casefold():
            case "error":
                node.set("this", "raise_error")
            case "url_encode":  # Spark encodes as for an HTML form
                encoded: exp.Expression = exp.Anonymous(this="url_encode", expressions=node.expressions)
                for sent, written in (("+", "%20"), ("*", "%2A")):
                    encoded = exp.Anonymous(this="replace", expressions=[encoded, *_texts(sent, written)])
                node.set("this", "replace")
                node.set("expressions", [encoded, *_texts("%7E", "~")])
        if isinstance(node, exp.Window):  # any distinct number for each row will do
            node.replace(exp.Anonymous(this="monotonically_increasing_id"))
    return str(tree.sql("spark"))


def _texts(*texts: str) -> list[exp.Expression]:
    return [exp.Literal.string(text) for text in texts]
