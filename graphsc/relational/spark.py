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
from graphsc.relational.database import PARQUET_LINE, Query, is_parquet

_CONFIG = {"spark.sql.ansi.enabled": "true", "spark.sql.caseSensitive": "false"}
"""Settings that the queries rely on."""
_PARTITIONS = "spark.sql.shuffle.partitions"
_UNDIVIDED = {
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.defaultSizeInBytes": "1",
    "spark.sql.maxSinglePartitionBytes": f"{2**63 - 1}",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.PushDownLeftSemiAntiJoin",
}
"""Settings where tables have one partition. Otherwise Spark, which does not know their size, has their rows exchanged to join them."""
_COALESCE = exp.Hint(expressions=[exp.Anonymous(this="COALESCE", expressions=[exp.Literal.number(1)])])
"""It tells Spark that rows are in one partition, which it does not see of those of a join."""
_PIECES = 8
"""A table is stored again after so many appends, or its plan would grow with each."""
_SMALL = 500_000
"""A table of no more rows is joined by its hash, not sorted: where tables have several partitions it is sent to all executors."""
_SENT = 50_000
"""The most values that are sent to the executors at once: Spark sends no message over 128 MB."""
_COPIED = 8
"""The most steps that may be copied."""
_TYPES = {"VARCHAR": "string", "BIGINT": "bigint"}


class Spark:
    """Views on rows of the executors, which are counted, so that Spark can be told of tables that are empty or small."""

    hash = "(xxhash64({}) & -16)"
    errors: tuple[type[Exception], ...] = (PySparkException, Py4JError, OSError)

    def __init__(self) -> None:
        try:
            self._session = SparkSession.builder.appName("graphsc").getOrCreate().newSession()  # with views of its own
        except (PySparkException, Py4JError, OSError, RuntimeError) as error:
            raise Unavailable(
                Text(f"Spark starter ikke: {self.why(error)}", f"Spark does not start: {self.why(error)}")
            ) from error
        given = dict(self._session.sparkContext.getConf().getAll()).get(_PARTITIONS, "")
        self._partitions = int(given) if given.isdigit() else 1
        self._session.conf.set(_PARTITIONS, str(self._partitions))
        for name, value in (_CONFIG | (_UNDIVIDED if self._partitions == 1 else {})).items():
            self._session.conf.set(name, value)
        self._hint = "shuffle_hash" if self._partitions == 1 else "broadcast"
        self._pieces: dict[str, list[tuple[DataFrame, int]]] = {}
        self._numbers = itertools.count()

    def why(self, error: Exception) -> str:
        """The message of an error, as one line."""
        cause = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else str(error)
        return str(cause).partition("\n")[0].removeprefix("[USER_RAISED_EXCEPTION] ").partition(" SQLSTATE:")[0]

    def create(self, name: str, query: str | Query) -> None:
        """Create or replace a table with the rows of a query."""
        self._register(name, [self._stored(self._query(query))])

    def append(self, name: str, query: str) -> None:
        """Add the rows of a query to a table."""
        rows, number = self._stored(self._query(query))
        if number:
            pieces = [*self._pieces[name], (rows, number)]
            self._register(name, pieces if len(pieces) < _PIECES else [self._stored(self._together(pieces))])

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
        self._register(name, [self._stored(part) for part in rows])

    def lines(self, name: str, path: Path) -> None:
        """Create a table of the lines of a file."""
        with path.open(encoding="utf-8", newline="\n") as file:
            self.column(name, "VARCHAR", [line.removesuffix("\n") for line in file])

    def lines_at(self, url: str) -> Iterable[str]:
        """The lines at a URL of any file system that Spark reads, of folders with all below them."""
        reader = self._session.read.option("recursiveFileLookup", "true")
        rows = reader.parquet(url).selectExpr(PARQUET_LINE) if is_parquet(url) else reader.text(url)
        return (line for (line,) in rows.toLocalIterator())

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

    def _register(self, name: str, pieces: list[tuple[DataFrame, int]]) -> None:
        self._pieces[name] = pieces
        rows, number = self._together(pieces), sum(number for _, number in pieces)
        if not number:
            rows = rows.where("false")  # of which Spark knows that it is empty, and what joins it too
        elif number <= _SMALL:
            rows = rows.hint(self._hint)
        rows.createOrReplaceTempView(name)

    def _together(self, pieces: Sequence[tuple[DataFrame, int]]) -> DataFrame:
        """The rows of all pieces, in no more partitions than a query has."""
        return functools.reduce(DataFrame.union, (rows for rows, _ in pieces)).coalesce(self._partitions)

    def _stored(self, rows: DataFrame) -> tuple[DataFrame, int]:
        """The rows, computed and kept, without the plan that computes them; and their number.

        The plan's estimate of its size is dropped too: it is the product of those of all tables beneath, a number of ever more
        digits.
        """
        plan = rows._jdf.localCheckpoint(False).queryExecution().logical()
        number = int(plan.rdd().count())  # which computes them
        checkpoint = self._session._jsparkSession.internalCreateDataFrame(plan.rdd(), plan.schema(), False)
        return DataFrame(checkpoint, self._session), number

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
        if self._partitions == 1:
            for step in tree.ctes:
                step.set("this", in_one_partition(step.this))
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


def in_one_partition(query: exp.Query) -> exp.Query:
    """A query with the hint that its rows are in one partition.

    A join without a condition gets none, since Spark joins nothing in another order across a hint.
    """
    if any(join.args.get("on") == exp.true() for join in query.find_all(exp.Join)):
        return query
    select = query if isinstance(query, exp.Select) else exp.select("*").from_(query.subquery("x"))
    select.set("hint", _COALESCE.copy())
    return select


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
