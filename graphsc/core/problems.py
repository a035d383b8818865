"""Problems of an input: values, never exceptions, so that one bad line hides no other."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphsc.core.location import Location
from graphsc.core.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read as it was meant.

    Any problem makes the run partial and its exit code 2; what could be read is still checked.
    """

    code: str  #: A stable short name, such as unknown-key.
    message: Text  #: What is wrong.
    location: Location  #: Where.

    @property
    def order(self) -> tuple[tuple[str, int, int, str, str], str, str]:
        """A sort key: by place, then by code and message."""
        return (self.location.order, self.code, self.message.en)


class Reasoned(Exception):  # noqa: N818  # what is raised is one of its subclasses
    """Something that cannot be done, with the reason in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process raises it again."""
        return type(self), (self.reason,)


class Unavailable(Reasoned):
    """What a command needs is not there or not in order; nothing can be claimed."""


_FULL = {errno.ENOSPC, errno.EDQUOT}


_DANISH = {
    errno.ENOENT: "filen eller mappen findes ikke",
    errno.EACCES: "der er ikke adgang",
    errno.EPERM: "det er ikke tilladt",
    errno.EISDIR: "det er en mappe",
    errno.ENOTDIR: "det er ikke en mappe",
    errno.EEXIST: "den findes i forvejen",
    errno.EROFS: "drevet er skrivebeskyttet",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.EMFILE: "der er for mange åbne filer",
    errno.EADDRINUSE: "adressen er i brug",
    errno.ECONNREFUSED: "forbindelsen blev afvist",
}
"""The commonest error messages of the operating system in Danish; it gives them in English."""


def reason_of(error: OSError) -> Text:
    """The error message of the operating system."""
    if error.errno in _FULL:
        return Text("ingen plads", "no space")
    if error.errno == errno.EBADF:
        return Text("udgangen er lukket", "the output is closed")
    reason = error.strerror or str(error) or type(error).__name__
    return Text(_DANISH.get(error.errno or 0, reason), reason)


def external_cause(error: BaseException) -> Text | None:
    """The cause of an error that lies outside the program, such as a full disk; None for what may be a bug."""
    match error:
        case Unavailable():
            return error.reason
        case MemoryError():
            return Text("hukommelsen slap op.", "there was not enough memory.")
        case RecursionError():
            return Text("noget er indlejret for dybt.", "something is nested too deeply.")
        case OSError() if error.errno is not None:
            what, reason = error.filename, reason_of(error)
            if what is None:
                return Text(f"svaret kan ikke skrives: {reason.da}", f"the output cannot be written: {reason.en}")
            name = Path(what).as_posix() if isinstance(what, str) else what
            return Text(f"{name} kan ikke bruges: {reason.da}", f"{name} cannot be used: {reason.en}")
        case _:
            return None
