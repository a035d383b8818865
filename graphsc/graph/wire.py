"""The media types, requests and answers of the SPARQL protocol.

Literals are sent as Oxigraph would store them, so that servers that keep lexical forms and servers that keep only values
give the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphsc import sparql

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"

_GRAPHS = {"CONSTRUCT", "DESCRIBE"}

Answer = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


def accepted(query: str) -> str:
    """The media type to accept for a query; only one, since not every server understands a choice."""
    return TRIPLES if sparql.form(query) in _GRAPHS else ROWS


def read(body: bytes, kind: str, query: str) -> Answer:
    """The answer in a body of media type ``kind``. Raises SyntaxError or ValueError for a body that does not answer the query.

    All rows are parsed before any is used, so that a broken answer is refused as a whole.
    """
    form = sparql.form(query)
    if kind.startswith((TRIPLES, "text/plain")):
        if form not in _GRAPHS:
            raise ValueError(f"triples in answer to {form}")
        return iter([quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)])
    if form in _GRAPHS:
        raise ValueError(f"{kind or 'no media type'} in answer to {form}")
    answer = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean) != (form == "ASK"):
        raise ValueError("a truth value in answer to SELECT" if form == "SELECT" else "a table in answer to ASK")
    if isinstance(answer, ox.QuerySolutions):
        for _ in answer:
            pass
        if missing := _variables(query) - {variable.value for variable in answer.variables}:
            raise ValueError(f"other variables than were asked for: {', '.join(sorted(missing))}")
        return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    return answer


def _variables(query: str) -> set[str]:
    """The variables of a SELECT; none for a query that Oxigraph cannot parse."""
    try:
        solutions = ox.Store().query(query)
    except SyntaxError:
        return set()
    return {variable.value for variable in solutions.variables} if isinstance(solutions, ox.QuerySolutions) else set()


def cut(status: int, headers: Mapping[str, str]) -> str | None:
    """Why an answer is incomplete, where its server says so; None for a complete one.

    Virtuoso answers 206 when its time is up, and names its limit of rows when it is reached.
    """
    if status == 206:
        return "HTTP 206 (incomplete)"
    if rows := headers.get("X-SPARQL-MaxRows"):
        return f"X-SPARQL-MaxRows: {rows}"
    return None


def sent(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Triples with their literals as Oxigraph stores them."""
    store = ox.Store()
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    return [quad.triple for quad in store]
