"""Apache Spark as the database of the relational engine: on one machine, or on a cluster."""

from __future__ import annotations

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
from graphsc.relational.database import Query

_CONFIG = {"spark.sql.ansi.enabled": "true", "spark.sql.caseSensitive": "false"}
"""What the queries rely on."""
_PARTITIONS = "spark.sql.shuffle.partitions"
_PIECES = 8
"""A table that was added to is put together anew after so many times, or its plan grows with each."""
_COPIED = 8
"""The most steps that are copied."""
_TYPES = {"VARCHAR": "string", "BIGINT": "bigint"}


class Spark:
    """Views on what the executors hold; what is computed is computed once, when it is first asked for."""

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
        """What an error says."""
        cause = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else str(error)
        return str(cause).partition("\n")[0].removeprefix("[USER_RAISED_EXCEPTION] ").partition(" SQLSTATE:")[0]

    def create(self, name: str, query: str | Query) -> None:
        """Make a table of the rows of a query."""
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
        """Make a table with one column of values."""
        rows = self._session.createDataFrame([(value,) for value in values], f"x {_TYPES[type_]}")
        self._register(name, [self._checkpointed(rows)])

    def lines(self, name: str, path: Path) -> None:
        """Make a table of the lines of a file."""
        with path.open(encoding="utf-8", newline="\n") as file:
            self.column(name, "VARCHAR", [line.removesuffix("\n") for line in file])

    def write(self, query: str, path: Path) -> None:
        """Write the texts that a query has as its one column to a file."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{text}\n" for (text,) in self._query(query).toLocalIterator())

    def closure(self, name: str, pairs: str | Query) -> None:
        """Make a table of the pairs that one step or more lead to."""
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
        for rest in ("steps", "0", "1"):
            self.drop(f"{name}_{rest}")

    def _register(self, name: str, pieces: list[DataFrame]) -> None:
        self._pieces[name] = pieces
        self._together(pieces).createOrReplaceTempView(name)

    def _together(self, pieces: Sequence[DataFrame]) -> DataFrame:
        """The rows of all, in no more partitions than a query has."""
        first, *others = pieces
        for other in others:
            first = first.union(other)
        return first.coalesce(self._partitions)

    def _checkpointed(self, rows: DataFrame, *, eager: bool = False) -> DataFrame:
        """Rows that are kept once they are computed, without the plan that they come from.

        Rows with numbers are computed at once: two executors might number them differently. The estimate of the size of a
        plan goes too: it is a product of those of all tables beneath, whose digits never end.
        """
        plan = rows._jdf.localCheckpoint(eager).queryExecution().logical()
        kept = self._session._jsparkSession.internalCreateDataFrame(plan.rdd(), plan.schema(), False)
        return DataFrame(kept, self._session)

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
        for table in stored:  # the plan holds what it needs of them
            self.drop(table)
        return rows


def repeated(tree: exp.Query) -> list[exp.CTE]:
    """The steps of a query to compute first: Spark copies a step to wherever it is asked, and those beneath it with it."""
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
    """A query of DuckDB as Spark has it, also where the dialects of sqlglot know no difference."""
    for node in [*tree.find_all(exp.Window, exp.Anonymous)]:
        match node.name.casefold():
            case "error":
                node.set("this", "raise_error")
            case "url_encode":  # Spark does it as a form is sent
                encoded: exp.Expression = exp.Anonymous(this="url_encode", expressions=node.expressions)
                for sent, written in (("+", "%20"), ("*", "%2A")):
                    encoded = exp.Anonymous(this="replace", expressions=[encoded, *_texts(sent, written)])
                node.set("this", "replace")
                node.set("expressions", [encoded, *_texts("%7E", "~")])
        if isinstance(node, exp.Window):  # a number for each row, whichever
            node.replace(exp.Anonymous(this="monotonically_increasing_id"))
    return str(tree.sql("spark"))


def _texts(*texts: str) -> list[exp.Expression]:
    return [exp.Literal.string(text) for text in texts]
