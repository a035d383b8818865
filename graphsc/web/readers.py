"""Who is asking, and what they may see and do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who reads: the name they signed in under (None on this machine), and what they may.

    ``party`` is the IRI of the organisation whose part is all that they see; None for everything.
    """

    name: str | None = None
    party: str | None = None
    edits: bool = False


LOCAL = Reader(edits=True)
"""Whoever sits at this machine."""
