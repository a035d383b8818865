"""Readers and their rights."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsc.core.settings.serving import EDIT, EVERYTHING, Proxied

_OPEN = ("/health", "/static/")


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: the name they signed in under (None on this machine), and their rights.

    ``party`` is the configured name of the organisation whose part they see; None for everything.
    """

    name: str | None = None
    party: str | None = None
    edits: bool = False


LOCAL = Reader(edits=True)
"""The reader on this machine."""


def reader(name: str, proxied: Proxied) -> Reader | None:
    """The reader that the configuration has for a name; None for an unknown one."""
    may = proxied.readers.get(name)
    if may is None:
        return None
    return Reader(name, None if may in {EVERYTHING, EDIT} else may, may == EDIT)


class Identified:
    """ASGI middleware that identifies the reader: the one that the proxy names, if the request comes from that proxy.

    Without a configured proxy it is the reader on this machine. With one, all other requests are refused: a client that
    bypasses the proxy could use any name.
    """

    def __init__(self, app: ASGIApp, proxied: Proxied | None) -> None:
        self._app, self._proxied = app, proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer known readers; 403 for all others."""
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
        """Whether the request is for the metrics and comes from this machine, not through the proxy."""
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
