"""The application: routes to pages, and the middleware before them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from graphsc import __version__
from graphsc.core.problems import external_cause
from graphsc.core.settings.serving import Proxied
from graphsc.drawing.svg import STYLE
from graphsc.service.report.scope import UNREAD
from graphsc.web.access import MEDIA, Access, Guard, Hosts, Identified, Limits, Metrics, Paced, Reader, Refused
from graphsc.web.answering import STALE, Cache, Kept, Page, compile_templates, written
from graphsc.web.choices import only
from graphsc.web.desk import LOG, Desk, State, narrowed
from graphsc.web.edit.pages import Editing
from graphsc.web.edit.writing import Committing
from graphsc.web.pages import PAGES, SHARED, misasked, missing
from graphsc.web.sparql import asking, protocol
from graphsc.web.sparql.answering import Limits as QueryLimits
from graphsc.web.sparql.asker import Asker
from graphsc.web.visit import Misasked, NoSuchPage, Speaking, Visit, typed

_STATIC = {"site.css": "text/css", "live.js": "text/javascript", "ask.js": "text/javascript"}
_ROOM = 48 << 20
"""Bytes of the cache of pages."""
Handler = Callable[[Visit], Page]


class Site:
    """The pages over a desk."""

    def __init__(
        self,
        desk: Desk,
        *,
        editing: bool = False,
        committing: Committing | None = None,
        limits: QueryLimits | None = None,
        secure: bool = False,
    ) -> None:
        self.desk, self.editing, self._committing, self._secure = desk, editing, committing, secure
        self.cache, self.metrics = Cache[Kept](_ROOM), Metrics(desk)
        self.asker = Asker(limits)
        desk.swapped.append(lambda _: self.cache.clear())

    async def visit(self, request: Request) -> Visit:
        """The visit of a request. Raises Refused for a reader of a party that is not in the data."""
        reader: Reader = request.scope["state"]["reader"]
        state, trouble = self.desk.state, self.desk.trouble
        if reader.party is not None:
            part = await run_in_threadpool(narrowed, state, reader.party)
            if part is None:
                raise Refused(403, "There is nothing here that you may see.")
            state, trouble = part, UNREAD if trouble else ()
        return Visit(
            state=state,
            reader=reader,
            language=request.scope["state"]["language"],
            path=request.scope["path"],
            query=typed(field for field in request.scope["state"]["asked"] if field[1]),
            trouble=trouble,
            editing=self.editing and reader.edits,
            form=request.scope["state"]["format"],
        )

    def serving(self, handler: Handler, parameters: tuple[str, ...] | None) -> Callable[[Request], object]:
        """The endpoint of a page, cached for each state, party, language, format and address.

        A parameter that is not among those of the page is refused: a page that ignored one would answer another question.
        """

        async def endpoint(request: Request) -> Response:
            visit = await self.visit(request)

            async def make() -> Kept:
                return await run_in_threadpool(_written, handler, visit, parameters)

            trouble = hash(visit.trouble)
            part = (visit.state.number, trouble, visit.reader.party, visit.editing)
            key = (*part, visit.language, visit.form, visit.path, request.url.query)
            kept = await self.cache.get(key, make)
            return kept.response(request.headers.get("if-none-match"))

        return endpoint

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """Whether the server answers, and from which state."""
        state = self.desk.state
        document = {
            "status": "ok" if not self.desk.trouble else "stale",
            "version": __version__,
            "state": state.number,
            "readAt": state.read_at.isoformat(timespec="seconds"),
            "partial": state.report.partial,
        }
        return Response(
            json.dumps(document) + "\n", media_type="application/json", headers={"cache-control": "no-store"}
        )

    async def figures(self, request: Request) -> Response:  # noqa: ARG002
        """Figures for Prometheus."""
        return Response(self.metrics.text(), headers={"content-type": MEDIA, "cache-control": "no-store"})

    async def version(self, request: Request) -> Response:  # noqa: ARG002
        """The number of the state, for pages that wait for the next one."""
        version = f"{self.desk.state.number}.{hash(self.desk.trouble) & 0xFFFF:x}\n"
        return PlainTextResponse(version, headers={"cache-control": "no-store"})

    async def sparql(self, request: Request) -> Response:
        """The SPARQL protocol."""
        visit = await self.visit(request)
        response = await protocol.endpoint(request, visit, self.asker)
        if visit.trouble:
            response.headers[STALE] = str(len(visit.trouble))
        return response

    async def ask(self, request: Request) -> Response:
        """The page for queries."""
        return await asking.page(request, await self.visit(request), self.asker)

    def routes(self) -> list[Route]:
        """Every route; other paths may be things."""
        editing = Editing(self.desk, self.visit, secure=self._secure, committing=self._committing)
        return [
            Route("/health", self.health),
            Route("/version", self.version),
            Route("/metrics", self.figures),
            Route("/static/{name}", static),
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/ask", self.ask),
            Route("/ask/{name}", self.ask),
            *(editing.routes() if self.editing else []),
            *(Route(path, self.serving(handler, parameters)) for path, handler, parameters in PAGES),
        ]


def _written(handler: Handler, visit: Visit, parameters: tuple[str, ...] | None) -> Kept:
    try:
        if parameters is not None:
            only(visit.query, parameters)
        return written(handler(visit), visit, visit.form)
    except NoSuchPage:
        page = missing(visit)
    except Misasked as error:
        page = misasked(error.reason)
    # in place of the requested page, in HTML whatever the format
    return written(page, visit, "html" if visit.form in {"html", None} else "json")


async def static(request: Request) -> Response:
    """A style sheet or a script."""
    kept = _static().get(request.path_params["name"])
    if kept is None:
        return PlainTextResponse("404\n", 404)
    return kept.response(request.headers.get("if-none-match"))


@cache
def _static() -> Mapping[str, Kept]:
    folder = files("graphsc.web.static")
    kept = {name: _kept(folder.joinpath(name).read_bytes(), media) for name, media in _STATIC.items()}
    return kept | {"chain.css": _kept(STYLE.encode(), "text/css")}


def _kept(body: bytes, media: str) -> Kept:
    tag = hashlib.sha256(body).hexdigest()[:24]
    headers = (("content-type", f"{media}; charset=utf-8"), ("etag", f'"{tag}"'), ("vary", "accept"))
    return Kept(200, headers, body)


async def refusing(_: Request, refused: Exception) -> Response:
    """The response to a refused request."""
    assert isinstance(refused, Refused)
    return PlainTextResponse(f"{refused}\n", refused.status, headers={"connection": "close"})


async def failing(_: Request, error: Exception) -> Response:
    """The response to an unexpected error: the log has the details, the reader gets none."""
    reason = external_cause(error)
    LOG.error("a page failed", exc_info=error)
    return PlainTextResponse(
        f"{reason.da} / {reason.en}\n" if reason is not None else "Intern fejl / internal error\n", 500
    )


def _shared(desk: Desk, state: State) -> None:
    """Compute the values that many pages need of a state, one after the other, until there is a newer state."""
    compile_templates()
    for work in SHARED:
        if desk.state is state:
            work(state)


def application(
    desk: Desk,
    hosts: Hosts,
    *,
    editing: bool = False,
    committing: Committing | None = None,
    limits: Limits | None = None,
    query_limits: QueryLimits | None = None,
    proxied: Proxied | None = None,
) -> ASGIApp:
    """The whole application over a desk, which watches its files while it runs."""
    site = Site(desk, editing=editing, committing=committing, limits=query_limits, secure=proxied is not None)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(desk.watch())
        loop = asyncio.get_running_loop()

        def warm(state: State) -> None:
            """Compute the values that pages share, before a reader waits for them."""
            threading.Thread(target=_shared, args=(desk, state), daemon=True).start()
            with suppress(RuntimeError):  # the site is being closed
                loop.call_soon_threadsafe(site.asker.forget, state)

        desk.swapped.append(warm)
        warm(desk.state)
        yield
        site.asker.close()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    handlers = {Refused: refusing, Exception: failing}
    inner = Starlette(routes=site.routes(), lifespan=living, exception_handlers=handlers)
    default = desk.state.opened.settings.language
    speaking: ASGIApp = Speaking(inner, default)
    if proxied is not None:
        speaking = Paced(speaking, proxied.rate)
    return Access(Guard(Identified(speaking, proxied), hosts, limits), site.metrics)
