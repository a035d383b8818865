"""The exception of the relational engine."""

from __future__ import annotations


class Unsupported(Exception):  # noqa: N818
    """A query cannot be compiled to SQL, or its data compared in SQL, so that it is left to Oxigraph; says why."""
