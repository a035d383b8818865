"""SPARQL: queries as text (``texts``), as trees (``syntax``), read (``reading``) and written (``serialising``)."""

from __future__ import annotations

from graphsc.sparql.texts import (
    Token,
    counts,
    fetches,
    filled,
    form,
    header,
    inserted,
    mentions,
    prefixes,
    tokens,
    with_values,
)

__all__ = [
    "Token",
    "counts",
    "fetches",
    "filled",
    "form",
    "header",
    "inserted",
    "mentions",
    "prefixes",
    "tokens",
    "with_values",
]
