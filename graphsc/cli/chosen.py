"""What was chosen before the command, and so holds for each of them."""

from __future__ import annotations

from contextvars import ContextVar

ENDPOINT: ContextVar[str | None] = ContextVar("endpoint", default=None)
"""The address of a SPARQL server, as written."""
