"""From a page to a response: rendered in the requested format, and cached until the state changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import cycle
from typing import Any, Generic, Protocol, TypeVar

import jinja2
import pyoxigraph as ox
from markupsafe import Markup
from markupsafe import escape as html_escape
from starlette.responses import Response

from graphsc.core import escape
from graphsc.core.text import Language, capital
from graphsc.duties import words as duty_words
from graphsc.rendering.contract import written as written_json
from graphsc.rendering.templates import environment, plain
from graphsc.validation import wording
from graphsc.web.desk import State, per_state
from graphsc.web.things import Fact, Value
from graphsc.web.visit import FORMATS, Addresses, Paged, Visit, duty_key
from graphsc.web.words import WORDS

STALE = "graphsc-stale"
"""The header of every response while a newer reading was not taken: the number of its problems."""
_BESIDE = 8 << 10
"""Bytes that a cached response takes besides its body: its key, with an address or a query, and its headers."""
_PREFIXES = {
    "g": "https://w3id.org/graphsc/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sh": "http://www.w3.org/ns/shacl#",
}
_TRIPLES = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
_LONGEST = 1200
_NAME = 160
_SHORT = 12
"""Texts up to this length are not broken: a day, a number, a code."""
_VALUES = 20
"""The most values of a property on the page of a thing."""
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a page for every format: a template with its context, JSON, triples.

    ``json`` and ``triples`` are None where the page has no such format; ``whole`` is a page that another rendering made, with
    its own content security ``policy``. ``paged`` is the list of which it shows one page.
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
        """Whether it may be cached: it is no refusal."""
        return self.status == 200

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
            text = f"# {page.paged.number}/{page.paged.pages}; {visit.at_page(page.paged.following)}\n{text}"
    body = text.encode("utf-8", "replace")
    media = page.media if form == "html" and page.media else f"{FORMATS[form or 'html']}; charset=utf-8"
    headers |= {"content-type": media, "content-language": str(visit.language)}
    if visit.trouble:
        headers[STALE] = str(len(visit.trouble))
    tagged = body + headers.get(STALE, "").encode()
    headers["etag"] = f'"{hashlib.sha256(tagged).hexdigest()[:24]}"'
    if page.paged is not None and page.paged.pages > 1:
        links = (("prev", page.paged.preceding), ("next", page.paged.following))
        headers["link"] = ", ".join(f'<{visit.at_page(number)}>; rel="{name}"' for name, number in links if number)
    if page.policy is not None and form == "html":
        headers["content-security-policy"] = page.policy
    return Kept(page.status, tuple(headers.items()), body)


def _with_notices(text: str, visit: Visit, paged: Paged[Any] | None) -> str:
    """JSON with notices for programs: that a newer reading has problems, and that it is one page of several."""
    notices: dict[str, object] = {}
    if paged is not None and paged.pages > 1:
        following = visit.at_page(paged.following) if paged.following else None
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

    ``room`` is in bytes.
    """

    def __init__(self, room: int) -> None:
        self._room, self._held = room, 0
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
        return await asyncio.shield(under_way)

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


class _ByIri(Generic[V]):
    """A cache of values by IRI for templates: most of a page is names and links, and function calls in Jinja are slow.

    It is kept from page to page, up to a size.
    """

    def __init__(self, work: Callable[[str], V]) -> None:
        self._of = lru_cache(20_000)(work)

    def __getitem__(self, iri: str | None) -> V | str:
        return self._of(iri) if iri else ""


@dataclass(frozen=True, slots=True)
class _Naming:
    """The address, name and link of each IRI, and a function that renders the values of a fact."""

    to: _ByIri[str]
    name: _ByIri[str]
    thing: _ByIri[Markup]
    values: Callable[[Fact], Markup]


@per_state
def _naming(state: State, language: Language) -> _Naming:
    report, labels = state.report, state.labels
    to = _ByIri(Addresses(report.base, language).of)
    name = _ByIri(lambda iri: escape.brief((report.labels.get(iri) or labels[iri])[language], _NAME))
    thing = _ByIri(lambda iri: Markup(f'<a href="{html_escape(to[iri])}"><bdi>{html_escape(name[iri])}</bdi></a>'))  # noqa: S704

    def values(fact: Fact) -> Markup:
        def shown(value: Value) -> Markup | str:
            if value.iri is not None:
                return thing[value.iri]
            text = escape.brief(value.as_read(fact.predicate, labels)[language], _LONGEST)
            return Markup(f"<bdi>{html_escape(text)}</bdi>")  # noqa: S704

        return Markup(", ").join(map(shown, fact.values[:_VALUES]))

    return _Naming(to, name, thing, values)


def render(template: str, visit: Visit, context: Mapping[str, Any]) -> str:
    """A page for a visit."""
    state = visit.state
    naming = _naming(state, visit.language)
    page = _environment(visit.language).get_template(template)
    return page.render(
        visit=visit,
        state=state,
        report=state.report,
        rules=state.rules,
        as_of=state.report.as_of,
        to=naming.to,
        page=visit.addresses.page,
        name=naming.name,
        thing=naming.thing,
        values=naming.values,
        key=duty_key,
        other=next(language for language in Language if language is not visit.language),
        **context,
    )


def bare(template: str, language: Language, context: Mapping[str, Any]) -> str:
    """A page that is over no state."""
    other = next(each for each in Language if each is not language)
    return _environment(language).get_template(template).render(other=other, **context)


@lru_cache(maxsize=2)
def _environment(language: Language) -> jinja2.Environment:
    templates = environment(jinja2.FunctionLoader(_template), language, longest=_LONGEST, name=_NAME)
    templates.globals.update(
        w=WORDS,
        wording=wording,
        duty_words=duty_words,
        language=language,
        percent=lambda bar: round(100 * min(1.0, max(0.0, bar.share))),
    )
    templates.filters.update(
        is_short=lambda text: len(plain(text, language)) <= _SHORT,
        minute=lambda time: f"{time:%Y-%m-%d %H:%M}",
        as_text=lambda text: plain(text, language),
        labelled=lambda rows, columns: _labelled(rows, [capital(plain(column, language)) for column in columns]),
        raw=lambda text: Markup(escape.html_field(str(text))),  # noqa: S704
        drawing=Markup,
    )
    return templates


def _labelled(rows: Markup, columns: Sequence[str]) -> Markup:
    """Rows of a table whose cells have their column as an attribute: on a narrow screen, each row is a list."""
    labels = cycle(html_escape(escape.brief(column, _NAME)) for column in columns)
    return Markup(re.sub("<t[dh]", lambda cell: f'{cell[0]} data-label="{next(labels)}"', rows))  # noqa: S704


def compile_templates() -> None:
    """Compile every template, before a reader waits for it."""
    for language in Language:
        for file in files("graphsc.web.templates").iterdir():
            if file.name.endswith(".html"):
                _environment(language).get_template(file.name)


def _template(name: str) -> str:
    return files("graphsc.web.templates").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")
