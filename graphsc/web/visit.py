"""One request for a page: the address, the reader, the language, and the state narrowed to that reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from graphsc.core.problems import Problem, Reasoned
from graphsc.core.text import Language
from graphsc.duties.duties import Duty
from graphsc.rendering.duties import uid
from graphsc.web.access.readers import Reader
from graphsc.web.addresses import Addresses
from graphsc.web.desk import State

_LINE_END = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page.

    ``state`` is already narrowed to the reader; ``path`` is without the language; ``query`` has the last value
    of each parameter of the address. ``trouble`` are the problems of a newer reading. ``form`` is the requested format,
    None for an unknown one.
    """

    state: State
    reader: Reader
    language: Language
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    trouble: tuple[Problem, ...] = ()
    editing: bool = False
    form: str | None = "html"

    @property
    def addresses(self) -> Addresses:
        """The addresses in the language of the request."""
        return Addresses(self.state.report.base, self.language)

    def turned(self, number: int) -> str:
        """The address of another page of the same list."""
        return self.addresses.page(quote(self.path[1:]), **{**self.query, "page": str(number)})


def typed(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The fields of a form as they were typed, the last value of each: browsers send every end of a line as CR LF."""
    return {name: _LINE_END.sub("\n", value) for name, value in fields}


class NoSuchPage(Exception):  # noqa: N818  # a state of the address
    """An address without anything, or without anything that this reader may see."""


class Misasked(Reasoned):
    """An address with an invalid value; the reason names the valid ones."""


def duty_key(duty: Duty) -> str:
    """The key of a duty in addresses, which does not depend on its day: the UID of its calendar event."""
    return uid(duty).partition("@")[0]
