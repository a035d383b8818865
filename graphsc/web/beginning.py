"""The start page: it makes a register, opens one or brings in a list, and from then on the desk over that is served in its place."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsc.core.problems import Reasoned, external_cause
from graphsc.core.text import Language, Text
from graphsc.web.access import Guard, Hosts
from graphsc.web.answering import bare
from graphsc.web.app import static
from graphsc.web.tokens import Tokens
from graphsc.web.visit import Speaking
from graphsc.web.words import WORDS

_COOKIE = "graphsc-begin"


@dataclass(frozen=True, slots=True)
class Begun:
    """A register that is there now: the application over it, and what to tell of how it was made, if anything."""

    app: ASGIApp
    told: str = ""


Begin = Callable[[Mapping[str, str], Language], Begun]
"""What the fields of a form ask for, by ``do``: open ``path``, make a ``name``'s register in ``folder``, bring in ``list`` there.

It raises Reasoned and OSError where that cannot be done, and has then changed nothing.
"""


class Beginning:
    """ASGI application: the start page for whoever has its address, which nobody can guess, then what was begun for all.

    Others on this machine could otherwise have files read and written as the user.
    """

    def __init__(self, begin: Begin, hosts: Hosts, language: Language) -> None:
        self._begin = begin
        self._begun: ASGIApp | None = None
        self._running: _Running | None = None
        self._tokens, self._one = Tokens(_COOKIE, secure=False), asyncio.Lock()
        self.path = f"/begin/{secrets.token_urlsafe(24)}"
        routes = [
            Route(self.path, self._page, methods=["GET"]),
            Route(self.path, self._posted, methods=["POST"]),
            Route("/static/{name}", static),
            Route("/{any:path}", self._elsewhere),
        ]
        self._start = Guard(Speaking(Starlette(routes=routes), language), hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await (self._begun or self._start)(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._running is not None:
            await self._running.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _elsewhere(self, request: Request) -> Response:  # noqa: ARG002
        return PlainTextResponse(f"{WORDS['begin_elsewhere'].da} / {WORDS['begin_elsewhere'].en}\n", 404)

    async def _page(self, request: Request) -> Response:
        return self._shown(request, {})

    async def _posted(self, request: Request) -> Response:
        fields = await self._tokens.posted(request)
        if fields is None:
            return self._shown(request, {}, reason=WORDS["not_yours"], status=403)
        async with self._one:
            if self._begun is not None:
                return RedirectResponse("/", 303)
            try:
                begun = await run_in_threadpool(self._begin, fields, request.scope["state"]["language"])
            except Reasoned as error:
                return self._shown(request, fields, reason=error.reason, status=422)
            except OSError as error:
                return self._shown(request, fields, reason=external_cause(error) or Text.same(str(error)), status=422)
            self._running = _Running(begun.app)
            await self._running.start()
            self._begun = begun.app
        if begun.told:
            return self._shown(request, fields, made=begun.told)
        return RedirectResponse(f"/{request.scope['state']['language']}/", 303)

    def _shown(
        self,
        request: Request,
        given: Mapping[str, str],
        *,
        reason: Text | None = None,
        made: str | None = None,
        status: int = 200,
    ) -> Response:
        cookie = self._tokens.cookie(request)
        context = {"given": given, "reason": reason, "made": made, "token": self._tokens.of(cookie), "path": self.path}
        response = HTMLResponse(bare("begin.html", request.scope["state"]["language"], context), status)
        self._tokens.give(response, cookie)
        return response


class _Running:
    """The life of an application that is begun while the server runs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._asked, self._answered = asyncio.Queue[Message](), asyncio.Queue[Message]()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin its life."""
        self._task = asyncio.create_task(self._live())
        await self._told("startup")

    async def _live(self) -> None:
        await self._app({"type": "lifespan"}, self._asked.get, self._answered.put)

    async def stop(self) -> None:
        """End it."""
        await self._told("shutdown")

    async def _told(self, event: str) -> None:
        await self._asked.put({"type": f"lifespan.{event}"})
        answer = await self._answered.get()
        if answer["type"] != f"lifespan.{event}.complete":
            raise RuntimeError(answer.get("message", event))
