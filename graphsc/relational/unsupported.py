"""What the relational engine does not do."""

from __future__ import annotations


class Unsupported(Exception):  # noqa: N818
    """A query that is not compiled to SQL, or a graph that is left to Oxigraph; says why."""
