"""What runs rules and queries in place of Oxigraph, for a graph that is large."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, cast

import pyoxigraph as ox

from graphsc.core import escape
from graphsc.core.text import Text

Term = ox.NamedNode | ox.BlankNode | ox.Triple | ox.Literal
Row = Mapping[str, Term]

LOG = logging.getLogger(__name__)


class Unsupported(Exception):  # noqa: N818
    """A backend cannot run a query, or fails at it, so that Oxigraph runs it; says why."""


class Backend(Protocol):
    """A database that has the triples of a store, runs rules and queries on them, and gives the answers that Oxigraph gives.

    Methods raise Unsupported for what is left to Oxigraph.
    """

    name: str

    def open(self, store: ox.Store) -> None:
        """Read the triples of a store."""

    def prepare(self, queries: Iterable[str]) -> None:
        """Read the queries that will be run, and their constants: all at once that is much quicker."""

    def add(self, triples: bytes) -> None:
        """Follow what was added to the store, given as N-Triples."""

    def derive(self, rules: Mapping[str, str], *, rounds: int) -> None:
        """Run CONSTRUCTs, given by the graph that their triples are for.

        Rules that feed each other are run again until nothing new comes; Unsupported where that takes more than ``rounds``.
        """

    def hand_over(self, store: ox.Store) -> None:
        """Put what was derived since the last time into the graphs of the store. Raises Unavailable where it cannot be read."""

    def rows(self, query: str) -> list[dict[str, Term]]:
        """The rows of a SELECT DISTINCT, in its order."""

    def count(self, query: str) -> int:
        """The number of rows of a SELECT DISTINCT."""

    def close(self) -> None:
        """Free what it takes."""


def left_to_oxigraph(name: str, reason: Unsupported) -> None:
    """Log that Oxigraph runs a rule or a shape that the backend cannot."""
    LOG.debug(Text(f"{name} er overladt til Oxigraph: {reason}", f"{name} is left to Oxigraph: {reason}"))


def gave_up(name: str, reason: Unsupported) -> None:
    """Log that a backend failed as a whole."""
    LOG.info(
        Text(
            f"{name} måtte give op; Oxigraph kører resten: {reason}",
            f"{name} gave up; Oxigraph runs the rest: {reason}",
        )
    )


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

    At level INFO that is which backend gave up and why, at DEBUG also what runs rules and shapes, and what is left to Oxigraph.
    """
    LOG.handlers = [_Reporting(report)]
