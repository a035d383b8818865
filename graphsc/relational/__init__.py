"""The relational engine: rules and queries of shapes compiled to SQL and run on an embedded DuckDB or on Apache Spark.

It runs the same syntax trees that Oxigraph runs as SPARQL, and gives the same answers; a query that cannot be compiled is
left to Oxigraph, and listed as such.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from graphsc.core import escape
from graphsc.core.problems import Unavailable
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.graph.dataset import plain
from graphsc.relational.unsupported import Unfetched, Unsupported
from graphsc.sparql.stepwise import stepwise

if TYPE_CHECKING:
    from graphsc.graph.dataset import Dataset, Row
    from graphsc.relational.database import Database
    from graphsc.relational.execution import Relational
    from graphsc.relational.external import External


__all__ = [
    "LOG",
    "NAMES",
    "Unfetched",
    "Unsupported",
    "at_url",
    "choose",
    "counts",
    "give_up",
    "leave_to_oxigraph",
    "named_rows",
    "of",
    "report_to",
    "rows",
]


LOG = logging.getLogger(__name__)
NAMES = {"duckdb": "DuckDB", "spark": "Apache Spark"}
"""What runs rules and shapes as SQL."""


def choose(dataset: Dataset) -> None:
    """Choose what runs the rules and shapes of an ``auto`` dataset: DuckDB for a large graph where it is installed, else Oxigraph."""
    if dataset.executor == "auto":
        large = dataset.is_large() and find_spec("duckdb") is not None
        dataset.executor = "duckdb" if large else "oxigraph"
    if NAMES.keys().isdisjoint(dataset.fallbacks):  # else it was logged that Oxigraph took over
        name = NAMES.get(dataset.executor, "Oxigraph")
        LOG.debug(Text(f"Regler og shapes kører på {name}.", f"Rules and shapes run on {name}."))


def of(dataset: Dataset, queries: Iterable[str] = ()) -> Relational | None:
    """The tables of a dataset, created where it has none, and prepared for queries; None where Oxigraph runs the queries."""
    choose(dataset)
    if dataset.executor not in NAMES:
        return None
    from graphsc.relational.execution import Relational

    try:
        tables = dataset.relational
        if tables is None:
            store, unloaded = dataset.for_tables()
            tables = Relational(store, _database(dataset.executor), unloaded)
        tables.prepare(queries)
    except Unsupported as error:
        give_up(dataset, error)
        return None
    dataset.relational = tables
    return tables


def _database(name: str) -> Database:
    if name == "spark":
        from graphsc.relational.spark import Spark

        return Spark()
    from graphsc.relational.duck import DuckDB

    return DuckDB()


def at_url(url: str, executor: str) -> External:
    """The data at a URL, which an executor reads itself."""
    from graphsc.relational.external import External

    return External(url, lambda: _database(executor))


def rows(
    dataset: Dataset, query: str, properties: frozenset[str] | None = None, *, build: bool = True
) -> Sequence[Row]:
    """The rows of a SELECT DISTINCT, in its order, from the tables or else from the store.

    ``properties`` are all that a variable property of it can be, where that is known. Without ``build``, tables are used but
    not created, which pays only for many or long queries.
    """
    tables = of(dataset, [query]) if build or dataset.relational is not None else None
    if tables is not None:
        with suppress(Unsupported):
            return tables.rows(query)
    return dataset.select_among(query, properties)


def named_rows(dataset: Dataset, name: str) -> Sequence[Row]:
    """The rows of a query of the ontology, from the tables where the dataset has some, else from the store.

    ``name`` is its file below ``ontology``, such as ``analysis/access``.
    """
    return rows(dataset, knowledge_text(f"ontology/{name}.rq"), build=False)


def counts(dataset: Dataset, queries: Iterable[str]) -> dict[str, int]:
    """The number of rows of each SELECT DISTINCT, which must have no prologue."""
    queries = list(dict.fromkeys(queries))
    tables = of(dataset, queries) if dataset.relational is not None else None
    large = dataset.is_large()
    return {query: _count(dataset, tables, query, large=large) for query in queries}


def _count(dataset: Dataset, tables: Relational | None, query: str, *, large: bool) -> int:
    if tables is not None:
        with suppress(Unsupported):
            return tables.count(query)
    (row,) = dataset.run(f"SELECT (COUNT(*) AS ?count) WHERE {{ {stepwise(query) if large else query} }}")
    return int(plain(row["count"]))


def leave_to_oxigraph(dataset: Dataset, name: str, reason: Unsupported) -> None:
    """Note that Oxigraph runs a rule or a shape that the tables cannot, and log why."""
    LOG.debug(Text(f"{name} er overladt til Oxigraph: {reason}", f"{name} is left to Oxigraph: {reason}"))
    dataset.fallbacks[name] = str(reason)


def give_up(dataset: Dataset, reason: Exception) -> None:
    """Run everything from here on with Oxigraph, and log why, once. Raises Unavailable where Oxigraph lacks the data."""
    if dataset.executor not in NAMES:
        return
    name = NAMES[dataset.executor]
    if dataset.deferred is not None and dataset.deferred.is_external:
        raise Unavailable(Text(f"{name} måtte give op: {reason}", f"{name} gave up: {reason}"))
    LOG.info(
        Text(
            f"{name} måtte give op; Oxigraph kører resten: {reason}",
            f"{name} gave up; Oxigraph runs the rest: {reason}",
        )
    )
    dataset.fallbacks[dataset.executor] = str(reason)
    dataset.executor, dataset.relational = "oxigraph", None


class _Reporting(logging.Handler):
    def __init__(self, report: Callable[[Text], None]) -> None:
        super().__init__()
        self._report, self._reported = report, set[Text]()

    def emit(self, record: logging.LogRecord) -> None:
        text = cast("Text", record.msg)
        if text not in self._reported:  # what runs is chosen for each dataset
            self._reported.add(text)
            self._report(Text(escape.line(text.da), escape.line(text.en)))


def report_to(report: Callable[[Text], None]) -> None:
    """Have ``report`` called, once for each text, with what is logged from here on.

    At level INFO that is which engine gave up and why, at DEBUG also what runs rules and shapes, and what is left to Oxigraph.
    """
    LOG.handlers = [_Reporting(report)]
