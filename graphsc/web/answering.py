"""From a page to a response: in the requested format, and cached until the state changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import pyoxigraph as ox
from starlette.responses import Response

from graphsc.core import escape
from graphsc.rendering.contract import written as written_json
from graphsc.web import memo
from graphsc.web.language import FORMATS
from graphsc.web.memo import Pending
from graphsc.web.paging import Paged
from graphsc.web.templating import render
from graphsc.web.visit import Visit

STALE = "graphsc-stale"
"""The header of every response while a newer reading was not taken: the number of its problems."""
_GRACE = 8.0
"""Seconds that a page may take, without the time that it waits for values."""
LATER = {"refresh": "3", "retry-after": "3", "cache-control": "no-store"}
"""Headers of a pending response: browsers reload by themselves, and programs read the time."""
_BESIDE = 8 << 10
"""Bytes that a cached response takes besides its body: its key, with an address or a query, and its headers."""
R = TypeVar("R")
_PREFIXES = {
    "g": "https://w3id.org/graphsc/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sh": "http://www.w3.org/ns/shacl#",
}
_TRIPLES = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a page for every format: a template with its context, JSON, triples.

    ``json`` and ``triples`` are None where the page has no such format; ``whole`` is a page that another rendering made, with
    its own content security ``policy``. ``paged`` is the list of which it shows one page; ``pending`` says that something is
    still being computed, so that it is not cached.
    """

    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    json: Callable[[], str] | None = None
    triples: Callable[[], Iterable[ox.Triple]] | None = None
    whole: str | None = None
    policy: str | None = None
    status: int = 200
    media: str | None = None
    paged: Paged[Any] | None = None
    pending: bool = False

    def formats(self) -> list[str]:
        """The formats that it has."""
        available = {"html": True, "ttl": self.triples, "jsonld": self.triples, "json": self.json}
        return [name for name in FORMATS if available[name]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A cached response: status, headers, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def lasts(self) -> bool:
        """Whether it may be cached: it is neither a refusal nor incomplete."""
        return self.status == 200 and "refresh" not in dict(self.headers)

    def response(self, tag: str | None = None) -> Response:
        """The response; without its body where the reader has it already (``tag`` is the value of If-None-Match)."""
        headers = dict(self.headers)
        if tag is not None and headers.get("etag") in {part.strip() for part in tag.split(",")}:
            # a browser replaces the headers of its cached response by these, so they must be the same
            return Response(None, 304, {name: value for name, value in headers.items() if name != "content-type"})
        return Response(self.body, self.status, headers)


def written(page: Page, visit: Visit, form: str | None) -> Kept:
    """A page in a format; 406 with the available formats where it has no such format."""
    headers = {"vary": "accept, accept-language"}
    if form not in page.formats():
        there = ", ".join(FORMATS[name] for name in page.formats())
        return Kept(406, (("content-type", "text/plain; charset=utf-8"), *headers.items()), f"{there}\n".encode())
    if form == "html":
        text = page.whole if page.whole is not None else render(page.template, visit, page.context)
    elif form == "json" and page.json is not None:
        text = _with_notices(page.json(), visit, page.paged)
    else:
        assert page.triples is not None
        text = triples(page.triples(), form or "ttl")
        if page.paged is not None and page.paged.following and form == "ttl":
            text = f"# {page.paged.number}/{page.paged.pages}; {visit.turned(page.paged.following)}\n{text}"
    body = text.encode("utf-8", "replace")
    media = page.media if form == "html" and page.media else f"{FORMATS[form or 'html']}; charset=utf-8"
    headers |= {"content-type": media, "content-language": str(visit.language)}
    if visit.trouble:
        headers[STALE] = str(len(visit.trouble))
    tagged = body + headers.get(STALE, "").encode()
    headers["etag"] = f'"{hashlib.sha256(tagged).hexdigest()[:24]}"'
    if page.paged is not None and page.paged.pages > 1:
        links = (("prev", page.paged.preceding), ("next", page.paged.following))
        headers["link"] = ", ".join(f'<{visit.turned(number)}>; rel="{name}"' for name, number in links if number)
    if page.pending:
        headers |= LATER
    if page.policy is not None and form == "html":
        headers["content-security-policy"] = page.policy
    return Kept(page.status, tuple(headers.items()), body)


def _with_notices(text: str, visit: Visit, paged: Paged[Any] | None) -> str:
    """JSON with notices for programs: that a newer reading has problems, and that it is one page of several."""
    notices: dict[str, object] = {}
    if paged is not None and paged.pages > 1:
        following = visit.turned(paged.following) if paged.following else None
        notices["page"] = {"number": paged.number, "of": paged.pages, "total": paged.total, "next": following}
    if visit.trouble:
        notices["stale"] = list(visit.trouble)
    return written_json({**json.loads(text), **notices}) if notices else text


def triples(described: Iterable[ox.Triple], form: str) -> str:
    """Triples in a fixed order, as Turtle or JSON-LD."""
    ordered = sorted(set(described), key=str)
    serialised = ox.serialize(ordered, format=_TRIPLES[form], prefixes=_PREFIXES)
    assert serialised is not None
    text = serialised.decode()
    return escape.turtle(text) if form == "ttl" else escape.json(text)


async def patiently(work: Awaitable[R]) -> R:
    """The result of some work. Raises Pending where it takes long; the work continues then."""
    try:
        return await asyncio.wait_for(asyncio.shield(work), memo.PATIENCE + _GRACE)
    except TimeoutError:
        raise Pending from None


class Lasting(Protocol):
    """Something that can be cached."""

    @property
    def body(self) -> bytes:
        """The bytes that take room in the cache."""

    @property
    def lasts(self) -> bool:
        """Whether it may be cached."""


K = TypeVar("K", bound=Lasting)


class Cache(Generic[K]):
    """A cache of responses by the key that they depend on, least recently used first to go; each is made only once.

    ``room`` is in bytes, ``wait`` awaits a response that is being made.
    """

    def __init__(self, room: int, wait: Callable[[Awaitable[K]], Awaitable[K]] = asyncio.shield) -> None:
        self._room, self._held, self._wait = room, 0, wait
        self._kept: OrderedDict[Hashable, K] = OrderedDict()
        self._making: dict[Hashable, asyncio.Future[K]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[K]]) -> K:
        """The response of a key, made now if it is not cached; that continues even if nobody waits for it any more."""
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        under_way = self._making.get(key)
        if under_way is None:
            under_way = self._making[key] = asyncio.ensure_future(make())
            under_way.add_done_callback(lambda done: self._keep(key, done))
        return await self._wait(under_way)

    def _keep(self, key: Hashable, done: asyncio.Future[K]) -> None:
        self._making.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        response = done.result()
        if not response.lasts:
            return
        self._kept[key] = response
        self._held += _size(response)
        while self._held > self._room and len(self._kept) > 1:  # even the largest is there for a reader who comes again
            self._held -= _size(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._held = 0


def _size(kept: Lasting) -> int:
    return len(kept.body) + _BESIDE
