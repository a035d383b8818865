"""What was chosen before or with the command, for those who are not told of it."""

from __future__ import annotations

from contextvars import ContextVar

from graphsc.core.text import Language

ENDPOINT: ContextVar[str | None] = ContextVar("endpoint", default=None)
"""The address of a SPARQL server, as written."""
LANGUAGE: ContextVar[Language | None] = ContextVar("language", default=None)
"""The language that a command was asked to speak."""
