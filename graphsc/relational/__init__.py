"""The relational backend: rules and queries of shapes compiled to SQL and run on an embedded DuckDB or on Apache Spark.

It runs the same syntax trees that Oxigraph runs as SPARQL, and gives the same answers; a query that cannot be compiled is
left to Oxigraph.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.graph.backend import LOG, Backend

if TYPE_CHECKING:
    from graphsc.graph.dataset import Dataset
    from graphsc.relational.database import Database

__all__ = ["NAMES", "choose", "lines_at"]

NAMES = {"duckdb": "DuckDB", "spark": "Apache Spark"}
"""What runs rules and shapes as SQL."""
_BLANK = re.compile(r"^(?:_:|<[^>]*> <[^>]*> _:)", re.MULTILINE)


def choose(dataset: Dataset, executor: str) -> None:
    """Choose what runs the rules and shapes of a dataset, once.

    ``executor`` is one of the names above, ``oxigraph``, or ``auto``: DuckDB for a large graph where it is installed.
    """
    if executor == "auto" and dataset.is_large() and find_spec("duckdb") is not None:
        executor = "duckdb"
    name = NAMES.get(executor, "Oxigraph")
    LOG.debug(Text(f"Regler og shapes kører på {name}.", f"Rules and shapes run on {name}."))
    dataset.new_backend = (lambda: _backend(executor)) if executor in NAMES else None


def _backend(executor: str) -> Backend:
    from graphsc.relational.execution import Relational

    return Relational(NAMES[executor], lambda: _database(executor))


def _database(executor: str) -> Database:
    if executor == "spark":
        from graphsc.relational.spark import Spark

        return Spark()
    from graphsc.relational.duck import DuckDB

    return DuckDB()


def lines_at(url: str, executor: str) -> bytes:
    """The lines of N-Triples, N-Quads or Parquet at a URL, read by DuckDB or Spark, as N-Quads in the order of their texts.

    Raises Unavailable where they cannot be read; where nothing is there; for bytes that are not UTF-8; and for blank nodes,
    of which no one knows in how many of the files they are the same.
    """
    database = _database(executor)
    try:
        lines = sorted(database.lines_at(url))
    except database.errors as error:
        why = database.why(error)
        raise Unavailable(Text(f"{url}: Det kan ikke læses: {why}", f"{url}: It cannot be read: {why}")) from error
    text = "".join(f"{line}\n" for line in lines)
    if not text:
        raise Unavailable(Text(f"{url}: Der er ingen udsagn.", f"{url}: There is no statement."))
    if "\ufffd" in text:
        raise Unavailable(
            Text(f"{url}: Der er tegn, som ikke er UTF-8.", f"{url}: There are characters that are not UTF-8.")
        )
    if _BLANK.search(text):
        raise Unavailable(
            Text(
                f"{url}: Der er blanke knuder. Ved en URL kan filerne dele dem eller ej; skriv IRI'er i stedet.",
                f"{url}: There are blank nodes. At a URL the files may share them or not; write IRIs instead.",
            )
        )
    return text.encode()
