"""The exceptions of the relational engine."""

from __future__ import annotations

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text


class Unsupported(Exception):  # noqa: N818
    """A query cannot be compiled to SQL, or its data compared in SQL, so that it is left to Oxigraph; says why."""


class Unfetched(Unavailable):
    """Derived facts cannot be read from the database; says why, and to whom it is shown also what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(
            Text(
                f"det udledte kan ikke hentes ({why}). Prøv igen, eventuelt med --engine oxigraph.",
                f"what was derived cannot be fetched ({why}). Try again, perhaps with --engine oxigraph.",
            )
        )
        self.args = (why,)
