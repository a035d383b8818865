"""What is wrong with an input: a value, never a raise, so that one bad line hides no other."""

from __future__ import annotations

from dataclasses import dataclass

from graphsc.core.location import Location
from graphsc.core.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read as it was meant.

    Any problem makes the run partial and its exit code 2; what could be read is still checked.
    ``code`` is a stable short name such as ``unknown-key``.
    """

    code: str
    message: Text
    location: Location

    @property
    def order(self) -> tuple[tuple[str, int, int, str, str], str, str]:
        """A sort key: by place, then by code and message."""
        return (self.location.order, self.code, self.message.en)


class Unavailable(Exception):  # noqa: N818  # it is a state of the server, and no fault of the program
    """A server that the user named does not do what is needed of it; nothing can be claimed."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
