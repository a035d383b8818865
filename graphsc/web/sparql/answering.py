"""What the server asks of its query processes, and what is done in these: the graph is read once, and one query after another answered."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pyoxigraph as ox

from graphsc.core.problems import Reasoned
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.graph.loading import Saved, merge
from graphsc.graph.questions import Question, QuestionError, filled, not_read
from graphsc.service import Opened
from graphsc.service.query.evaluation import NOTED, close_the_door, located
from graphsc.service.query.notes import notes
from graphsc.sources.model import Sources
from graphsc.sources.own_knowledge import Additions
from graphsc.sources.terms import load

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
_TRIED = "ASK { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a query: seconds, bytes of memory beyond the data, bytes and rows of an answer."""

    seconds: float = 10
    memory: int = 1 << 30
    bytes: int = 32 << 20
    rows: int = 100_000


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


class TooMuch(Reasoned):
    """An answer is longer than its limit."""


@dataclass(frozen=True, slots=True)
class Served:
    """What queries are asked of: a saved graph, the settings, and the triples that the organisation added to the knowledge."""

    saved: Saved
    settings: Settings
    additions: list[ox.Triple]

    def opened(self) -> Opened:
        """In the process: the input, merged; no file or socket can be opened from then on."""
        opened = Opened(
            Sources([], []), merge(self.saved.restored()), self.settings, additions=Additions(triples=self.additions)
        )
        opened.dataset.ask(_TRIED)
        load(self.additions)  # now, while files may still be opened
        close_the_door()
        return opened


def answer(opened: Opened, asking: Asking) -> Answer:
    """The answer to a query, or the reason why there is none. Raises MemoryError."""
    try:
        begun = monotonic()
        written = _written(asking, opened)
        quick = (monotonic() - begun) * NOTED < asking.limits.seconds
        text = asking.question.text
        beside = tuple(notes(opened, text, custom=asking.custom, quick=quick))
        return Answer(written.media, written.getvalue(), notes=beside)
    except TooMuch as error:
        return Answer(refusal=error.reason, status=507)
    except QuestionError as error:
        return Answer(refusal=error.reason, status=400)
    except (ValueError, RuntimeError, OSError) as error:
        reason = Text(f"Forespørgslen kan ikke køres: {error}", f"The query cannot run: {error}")
        return Answer(refusal=reason, status=400)


def _written(asking: Asking, opened: Opened) -> _Written:
    question, limits = asking.question, asking.limits
    bound = located(opened, question, asking.values, opened.settings)
    query = filled(question, bound)
    try:
        result = opened.dataset.ask(query)
    except SyntaxError as error:
        raise QuestionError(not_read(error, query)) from None
    solutions = isinstance(result, ox.QuerySolutions | ox.QueryBoolean)
    media = negotiated(asking.media, solutions)
    if media is None:
        there_is = ", ".join(SOLUTIONS if solutions else GRAPHS)
        raise QuestionError(Text(f"Svaret kan gives som {there_is}.", f"The answer can be had as {there_is}."))
    written = _Written(media, limits.bytes)
    try:
        _write(result, written)
    except OSError:
        if written.full:
            most = f"{limits.bytes >> 20} MB"
            raise TooMuch(
                Text(
                    f"Svaret er længere end {most}. Spørg om mindre ad gangen.",
                    f"The answer is longer than {most}. Ask for less at a time.",
                )
            ) from None
        raise
    if solutions and written.tell() > limits.rows * 2 and (many := _rows(written)) > limits.rows:
        raise TooMuch(
            Text(
                f"Svaret har {many} rækker; der gives højst {limits.rows}. Skriv LIMIT, eller gør forespørgslen snævrere.",
                f"The answer has {many} rows; at most {limits.rows} are given. Write LIMIT, or narrow the query.",
            )
        )
    return written


def _write(solutions: Any, written: _Written) -> None:
    """Write the result of a query in the format of the media type."""
    if not isinstance(solutions, ox.QuerySolutions | ox.QueryBoolean):
        ox.serialize(solutions, written, format=GRAPHS[written.media])
        return
    form = SOLUTIONS[written.media]
    if isinstance(solutions, ox.QueryBoolean) and form in {ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV}:
        written.write(b"true\n" if solutions else b"false\n")
    else:
        solutions.serialize(written, format=form)


class _Written(io.BytesIO):
    """A buffer for an answer, up to its limit; nothing is sent before it is complete."""

    def __init__(self, media: str, most: int) -> None:
        super().__init__()
        self.media, self._most = media, most
        self.full = False

    def write(self, data: Any) -> int:
        """Add to the answer. Raises OSError where it becomes too long."""
        if self.tell() + len(data) > self._most:
            self.full = True
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return super().write(data)


def _rows(written: _Written) -> int:
    """The number of rows of an answer."""
    written.seek(0)
    form = SOLUTIONS[written.media]
    if form == ox.QueryResultsFormat.CSV:
        return sum(1 for _ in csv.reader(io.StringIO(written.getvalue().decode()))) - 1
    answer = ox.parse_query_results(written, form)
    return sum(1 for _ in answer) if isinstance(answer, ox.QuerySolutions) else 0
