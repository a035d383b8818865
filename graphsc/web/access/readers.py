"""Who is asking, and what they may see and do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsc.core.settings.serving import EDIT, EVERYTHING, Proxied

_OPEN = ("/health", "/static/")


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who reads: the name they signed in under (None on this machine), and what they may.

    ``party`` is what the configuration calls the organisation whose part is all that they see; None for everything.
    """

    name: str | None = None
    party: str | None = None
    edits: bool = False


LOCAL = Reader(edits=True)
"""Whoever sits at this machine."""


def reader(name: str, proxied: Proxied) -> Reader | None:
    """What the configuration lets someone who signed in see; None for whom it does not know."""
    may = proxied.readers.get(name)
    if may is None:
        return None
    return Reader(name, None if may in {EVERYTHING, EDIT} else may, may == EDIT)


class Identified:
    """ASGI middleware that finds out who asks: whoever the proxy says, where it is that proxy that says so.

    Without a configured proxy it is whoever sits at this machine. With one, nobody else is answered: whoever reaches
    the port past the proxy could call themselves anything.
    """

    def __init__(self, app: ASGIApp, proxied: Proxied | None) -> None:
        self._app, self._proxied = app, proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whom it may concern; 403 for all others."""
        if scope["type"] == "http":
            if self._proxied is not None and scope["path"] == "/metrics" and not self._measuring(scope):
                await PlainTextResponse("Only this machine itself.\n", 403)(scope, receive, send)
                return
            identified = LOCAL if self._proxied is None else self._asking(scope, self._proxied)
            if identified is None and not scope["path"].startswith(_OPEN) and not self._measuring(scope):
                response = PlainTextResponse("You are not among the readers of this desk.\n", 403)
                await response(scope, receive, send)
                return
            scope.setdefault("state", {})["reader"] = identified or Reader()
            scope["state"]["name"] = identified.name if identified is not None else None
        await self._app(scope, receive, send)

    def _measuring(self, scope: Scope) -> bool:
        """Whether this machine itself asks for the figures, past the proxy."""
        client = scope.get("client")
        here = client is not None and client[0] in {"127.0.0.1", "::1"}
        named = self._proxied is not None and self._proxied.header in Headers(scope=scope)
        return scope["path"] == "/metrics" and here and not named

    def _asking(self, scope: Scope, proxied: Proxied) -> Reader | None:
        client = scope.get("client")
        names = Headers(scope=scope).getlist(proxied.header)
        if client is None or not proxied.trusts(client[0]) or len(names) != 1:
            return None
        try:
            name = names[0].encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return None
        return reader(name, proxied)
