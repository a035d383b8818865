"""What the server asks of its query processes, and what these answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.graph.questions import Question

SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
}
SHORT = 8 << 10
"""Characters of a query up to which it is parsed at once, and the result cached."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a query: seconds, bytes of memory beyond the data, bytes and rows of an answer."""

    seconds: float = 10
    memory: int = 1 << 30
    bytes: int = 32 << 20
    rows: int = 100_000


def out_of_memory(limits: Limits) -> Text:
    """The message that a query took too much memory."""
    return Text(
        f"Forespørgslen brugte mere end {limits.memory >> 20} MB hukommelse. Gør den snævrere.",
        f"The query took more than {limits.memory >> 20} MB of memory. Narrow it.",
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """A query to answer: the question with its values, the accepted media types by preference, and the limits.

    ``custom`` says that the reader wrote the query: it is no shipped question.
    """

    question: Question
    values: Mapping[str, str] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its media type, bytes and notes; or the reason why there is none, with an HTTP status."""

    media: str = ""
    body: bytes = b""
    refusal: Text | None = None
    status: int = 200
    notes: tuple[Text, ...] = ()

    @property
    def lasts(self) -> bool:
        """Whether it may be cached: a refused query may be answered later."""
        return self.refusal is None


def negotiated(media: tuple[str, ...], solutions: bool) -> str | None:
    """The first accepted media type that an answer can have; None without any."""
    offered = SOLUTIONS if solutions else GRAPHS
    default = next(iter(offered))
    for item in media or ("*/*",):
        if item in offered:
            return item
        if item in {"*/*", "application/*"} or (item == "text/*" and not solutions):
            return default
        if item == "text/*":
            return "text/csv"
    return None
