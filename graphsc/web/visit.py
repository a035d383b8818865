"""One request for a page: its language and format, its address, its reader, and the page of a list that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

import pyoxigraph as ox
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsc.core.problems import Problem, Reasoned
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RULE, STATEMENT
from graphsc.duties.duties import Duty
from graphsc.rendering.duties import uid
from graphsc.web.access import Reader, Refused
from graphsc.web.desk import State

FORMATS = {"html": "text/html", "ttl": "text/turtle", "jsonld": "application/ld+json", "json": "application/json"}
_FIELDS = 60
_ALSO = {"application/xhtml+xml": "html", "*/*": "html", "text/*": "html", "application/*": "json"}
RESERVED = frozenset({
    "findings", "duties", "risk", "coverage", "rules", "statements", "map", "report", "search", "ask", "sparql",
    "edit", "thing", "static", "health", "metrics", "version", "calendar.ics", "da", "en",
})  # fmt: skip
"""The first parts of the paths of pages; a thing whose id begins with one has its page at ``/thing?iri=…``."""
_LINE_END = re.compile("\r\n?")
R = TypeVar("R")
SCREENFUL, BATCH = 50, 1000
"""The rows of a page for people, and of one for programs."""


def weighed(header: str) -> Iterator[str]:
    """The values of a header such as Accept, without parameters, by descending weight, without those of weight 0."""
    result: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:50]):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if name and weight > 0:
            result.append((-weight, place, name))
    yield from (name for _, _, name in sorted(result))


def format_of(accept: str, named: str | None) -> str | None:
    """The format by ``?format=`` or the Accept header; None for an unknown one."""
    if named:
        return named if named in FORMATS else None
    names = {media: name for name, media in FORMATS.items()} | _ALSO
    return next((names[media] for media in weighed(accept or "*/*") if media in names), None)


class Speaking:
    """ASGI middleware that finds the language: ``/da/…`` or ``/en/…``, else ``?lang=``, else Accept-Language, else the settings'.

    It reads the query of the address for all that come after it.
    """

    def __init__(self, app: ASGIApp, default: Language) -> None:
        self._app, self._default = app, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without the language in its path.

        The scope's state has ``language``, ``format`` and ``asked``, the pairs of the query.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), True, max_num_fields=_FIELDS)
        except ValueError:
            raise Refused(400, "The address has too many parameters.") from None
        query = {name: value for name, value in pairs if value}
        head, _, rest = scope["path"].removeprefix("/").partition("/")
        state = scope.setdefault("state", {})
        state["asked"] = pairs
        if head in set(Language):
            scope = {**scope, "path": "/" + rest, "raw_path": ("/" + rest).encode()}
            state["language"] = Language(head)
        else:
            state["language"] = self._language(headers, query.get("lang"))
        state["format"] = format_of(headers.get("accept", ""), query.get("format"))
        await self._app(scope, receive, send)

    def _language(self, headers: Headers, named: str | None) -> Language:
        if named in set(Language):
            return Language(named)
        for name in weighed(headers.get("accept-language", "")):
            if name[:2] in set(Language):
                return Language(name[:2])
        return self._default


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes the addresses of pages in one language; ``base`` is the IRI that most ids of the data are relative to."""

    base: str
    language: Language

    def page(self, path: str = "", **query: str | int | None) -> str:
        """The address of a page, with the parameters of the query that have a value."""
        parts = {key: value for key, value in query.items() if value not in (None, "")}
        return f"/{self.language}/{path}" + (f"?{urlencode(parts, safe=':/')}" if parts else "")

    def of(self, iri: str | None) -> str:
        """The address of the page of an IRI; empty for None."""
        if not iri:
            return ""
        for namespace, pages in ((RULE, "rules"), (STATEMENT, "statements")):
            local = iri.removeprefix(namespace)
            if local != iri and local and "/" not in local:
                return self.page(f"{pages}/{quote(local)}")
        rest = iri.removeprefix(self.base) if self.base else iri
        first = rest.split("/", 1)[0]
        plain = rest != iri and rest and first not in RESERVED and ":" not in first and not rest.startswith("/")
        if plain and "//" not in rest and "/." not in f"/{rest}" and "?" not in rest and "#" not in rest:
            return self.page(quote(rest, safe="/:@!$&'()*+,;=~%"))
        return f"/{self.language}/thing?iri={quote(iri, safe=':/')}"

    def iri(self, path: str) -> str | None:
        """The IRI whose page has a path (without the language); None where there is none."""
        try:
            return ox.NamedNode(self.base + path.removeprefix("/")).value
        except ValueError:
            return None


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

    def at_page(self, number: int) -> str:
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


@dataclass(frozen=True, slots=True)
class Paged(Generic[R]):
    """One page of a list: its rows, its number, the numbers of pages and rows in all, and the slice of the rows."""

    rows: Sequence[R]
    number: int
    pages: int
    total: int
    part: slice

    @property
    def following(self) -> int | None:
        """The number of the next page."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def preceding(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None


def paged(rows: Sequence[R], visit: Visit, size: int = 0) -> Paged[R]:
    """The page of a list by the parameter ``page``. Raises Misasked where there is no such page."""
    size = size or (SCREENFUL if visit.form in {"html", None} else BATCH)
    pages = max(1, -(-len(rows) // size))
    written = visit.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) < 10 and 1 <= int(written) <= pages):
        raise Misasked(Text(f"page: Der er kun side 1 til {pages}.", f"page: There are only pages 1 to {pages}."))
    number = int(written)
    part = slice((number - 1) * size, number * size)
    return Paged(rows[part], number, pages, len(rows), part)
