"""Choices of the command line that reach beyond one function: the URLs to read, and the language of messages."""

from __future__ import annotations

from contextvars import ContextVar

from graphsc.core.text import Language

URLS: ContextVar[tuple[str, ...]] = ContextVar("urls", default=())
"""The URLs among the data that a command is to read, as written."""
LANGUAGE: ContextVar[Language | None] = ContextVar("language", default=None)
"""The language that a command was asked to speak."""
