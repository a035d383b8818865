"""What the relational engine does not do, and what it did but cannot give."""

from __future__ import annotations

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text


class Unsupported(Exception):  # noqa: N818
    """A query that is not compiled to SQL, or a graph that is left to Oxigraph; says why."""


class Unfetched(Unavailable):
    """What was derived cannot be had from the database; says why."""

    def __init__(self, why: str) -> None:
        super().__init__(Text(f"det udledte kan ikke hentes: {why}", f"what was derived cannot be fetched: {why}"))
