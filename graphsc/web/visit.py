"""One request for a page: what is asked, by whom, in which language, and what that reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from graphsc.core.problems import Problem, Reasoned
from graphsc.core.text import Language
from graphsc.duties.duties import Duty
from graphsc.rendering.duties.calendar import uid
from graphsc.web.access.readers import Reader
from graphsc.web.addresses import Addresses
from graphsc.web.desk import State


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made from.

    ``state`` is what the reader may see, already narrowed; ``path`` is without the language; ``query`` has the last value
    of each parameter of the address. ``trouble`` is what is wrong with a newer reading. ``form`` is the format asked for,
    None where it is none that there is.
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
        """What makes addresses in the language of the request."""
        return Addresses(self.state.report.base, self.language)

    def turned(self, number: int) -> str:
        """The address of another page of the same list."""
        return self.addresses.page(quote(self.path[1:]), **{**self.query, "page": str(number)})


class NoSuchPage(Exception):  # noqa: N818  # a state of the address
    """There is nothing at an address, or nothing that this reader may see."""


class Misasked(Reasoned):
    """An address with a value that does not exist; the reason names those that do."""


def duty_key(duty: Duty) -> str:
    """What stands for a duty in an address, whatever its day: the same as in a calendar."""
    return uid(duty).partition("@")[0]
