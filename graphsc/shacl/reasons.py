"""Why a shape is not compiled: it is ill-formed, or another engine must judge it."""

from __future__ import annotations

from graphsc.core.text import Text


class Refused(Exception):  # noqa: N818 - it is what happens to the shape
    """The shape is ill-formed, or asks for what no engine may do: it is not judged."""

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(english)
        self.text = Text(danish, english)


class Declined(Refused):
    """The shape may be right, but no plan is proved equal to it: the reference engine judges it."""
