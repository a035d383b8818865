"""What is said to a SPARQL server and what it answers, with the leave that servers take from the standards.

SPARQL 1.1 Query Results JSON is read as it is written by servers that answer an ASK with a table, write
``xsd:boolean`` as 1 and 0, or name blank nodes so that no other reader takes the name (Virtuoso does all three).
What is sent is sent as Oxigraph would hold it, so that a server that keeps literals as they were written and one that
keeps what they mean give the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphsc import sparql

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"

# Quotes within a string of JSON are escaped, so that none of these is found in the text of a literal.
_NAMELESS = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_BOOLEAN = re.compile(rb'("datatype"\s*:\s*"http://www\.w3\.org/2001/XMLSchema#boolean"\s*,\s*"value"\s*:\s*")([01])"')
_WORDS = {b"0": b"false", b"1": b"true"}
_ASKED = "__ASK_RETVAL"
_GRAPHS = {"CONSTRUCT", "DESCRIBE"}

Answer = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


def accepted(query: str) -> str:
    """The form in which the answer to a query is wanted; named alone, since not every server weighs two against each other."""
    return TRIPLES if sparql.form(query) in _GRAPHS else ROWS


def read(body: bytes, kind: str, query: str) -> Answer:
    """The answer to a query, in the media type. Raises SyntaxError or ValueError for what is none.

    It is judged whole before any of it is used: a row that cannot be read is none of the answer's.
    """
    form = sparql.form(query)
    if kind.startswith((TRIPLES, "text/plain")):
        if form not in _GRAPHS:
            raise ValueError(f"triples in answer to {form}")
        return iter([quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)])
    if form in _GRAPHS:
        raise ValueError(f"{kind or 'no media type'} in answer to {form}")
    answer = _parsed(body)
    if isinstance(answer, ox.QueryBoolean) != (form == "ASK"):
        raise ValueError("a truth value in answer to SELECT" if form == "SELECT" else "a table in answer to ASK")
    if isinstance(answer, ox.QuerySolutions):
        for _ in answer:
            pass
        if missing := _variables(query) - {variable.value for variable in answer.variables}:
            raise ValueError(f"other variables than were asked for: {', '.join(sorted(missing))}")
        return _parsed(body)
    return answer


def _variables(query: str) -> set[str]:
    """The variables that each answer to a SELECT names; none where it is not known here what the query means."""
    try:
        solutions = ox.Store().query(query)
    except SyntaxError:
        return set()
    return {variable.value for variable in solutions.variables} if isinstance(solutions, ox.QuerySolutions) else set()


def _parsed(body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    body = _BOOLEAN.sub(lambda match: match[1] + _WORDS[match[2]] + b'"', _NAMELESS.sub(rb"\1", body))
    solutions = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(solutions, ox.QuerySolutions) and [name.value for name in solutions.variables] == [_ASKED]:
        said = any(isinstance(term := row[_ASKED], ox.Literal) and term.value != "0" for row in solutions)
        solutions = ox.parse_query_results(
            b'{"head":{},"boolean":%s}' % str(said).lower().encode(), ox.QueryResultsFormat.JSON
        )
    assert isinstance(solutions, ox.QuerySolutions | ox.QueryBoolean)
    return solutions


def cut(status: int, headers: Mapping[str, str]) -> str | None:
    """Why an answer is not whole, where its server says so; None for a whole one.

    Virtuoso gives 206 where its time was up, and names its limit of rows where as many were found.
    """
    if status == 206:
        return "HTTP 206 (incomplete)"
    if rows := headers.get("X-SPARQL-MaxRows"):
        return f"X-SPARQL-MaxRows: {rows}"
    return None


def sent(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Triples with their literals as Oxigraph holds them."""
    store = ox.Store()
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    return [quad.triple for quad in store]
