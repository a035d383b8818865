"""The relational engine: rules and queries of shapes compiled to SQL and run on an embedded DuckDB or on Apache Spark.

It runs the same syntax trees that Oxigraph runs as SPARQL, and gives the same answers; what SQL cannot say is left to
Oxigraph, query by query, and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphsc.core.resources import knowledge_text
from graphsc.graph.dataset import plain
from graphsc.relational.unsupported import Unfetched, Unsupported

if TYPE_CHECKING:
    from graphsc.graph.dataset import Dataset, Row
    from graphsc.relational.database import Database
    from graphsc.relational.execution import Relational


__all__ = ["NAMES", "Unfetched", "Unsupported", "choose", "counts", "give_up", "named_rows", "of", "rows"]


NAMES = {"duckdb": "DuckDB", "spark": "Apache Spark"}
"""What runs rules and shapes as SQL."""


def choose(dataset: Dataset) -> None:
    """Settle what runs the rules and shapes of a dataset where that is open: DuckDB for a large graph, where it is installed."""
    if dataset.executor == "auto":
        large = dataset.is_embedded and dataset.is_large() and find_spec("duckdb") is not None
        dataset.executor = "duckdb" if large else "oxigraph"


def of(dataset: Dataset, queries: Iterable[str] = ()) -> Relational | None:
    """A dataset's triples as tables, for queries that are to be run; None where Oxigraph does the work.

    They are made where they are not there or out of date.
    """
    choose(dataset)
    if dataset.executor not in NAMES or not dataset.is_embedded:
        return None
    from graphsc.relational.execution import Relational

    try:
        tables = dataset.relational
        if tables is None:
            store, beside = dataset.for_tables()
            tables = Relational(store, _database(dataset.executor), beside)
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


def rows(
    dataset: Dataset, query: str, properties: frozenset[str] | None = None, *, build: bool = True
) -> Sequence[Row]:
    """The rows of a SELECT DISTINCT, in its order: from the tables where these do the work, else from the store.

    ``properties`` are what a variable property of it may be, where that is known. ``build`` says whether tables that are not there
    are made, which is worth it for many questions or long ones.
    """
    tables = of(dataset, [query]) if build or dataset.relational is not None else None
    if tables is not None:
        with suppress(Unsupported):
            return tables.rows(query)
    return dataset.select_among(query, properties)


def named_rows(dataset: Dataset, name: str) -> Sequence[Row]:
    """The rows of a query of the ontology, from the tables where there are some, else from the store.

    ``name`` is its file below ``ontology``, such as ``analysis/access``.
    """
    return rows(dataset, knowledge_text(f"ontology/{name}.rq"), build=False)


def counts(dataset: Dataset, queries: Iterable[str]) -> dict[str, int]:
    """How many rows each SELECT DISTINCT without a prologue has, counted by the tables where there are some, else by the store.

    What is known of a store on disk is not counted again.
    """
    texts = {query: f"SELECT (COUNT(*) AS ?count) WHERE {{ {query} }}" for query in queries}
    known = {} if dataset.answers is None else dataset.answers
    unknown = [query for query, text in texts.items() if text not in known]
    tables = of(dataset, unknown) if unknown and dataset.relational is not None else None
    rows = {texts[query]: _count(dataset, tables, query, texts[query]) for query in unknown}
    if dataset.answers is not None:
        dataset.answers |= rows
    return {query: int(plain((rows.get(text) or known[text])[0]["count"])) for query, text in texts.items()}


def _count(dataset: Dataset, tables: Relational | None, query: str, text: str) -> Sequence[Row]:
    if tables is not None:
        with suppress(Unsupported):
            return [{"count": ox.Literal(tables.count(query))}]
    return dataset.run(text)


def give_up(dataset: Dataset, why: Exception) -> None:
    """Leave everything that is still to be done to Oxigraph."""
    dataset.fallbacks[dataset.executor] = str(why)
    dataset.executor, dataset.relational = "oxigraph", None
