"""Middleware before every page: checks of hosts and origins, limits on size, rate and time, and security headers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_METHODS = {"GET", "HEAD", "POST"}
_SAVED = 10
"""The seconds for which a reader can accumulate unused requests."""
_FREE = ("/health", "/metrics")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a request: bytes of the body and of the address, seconds to send a body and to receive a response."""

    body: int = 1 << 20
    address: int = 16 << 10
    sending: float = 10
    taking: float = 60


@dataclass(frozen=True, slots=True)
class Hosts:
    """The host names of this server, with ports, and the origins of its pages.

    Any other Host may come from DNS rebinding.
    """

    names: frozenset[str]
    origins: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def loopback(cls, port: int, more: Iterable[str] = ()) -> Hosts:
        """The names of this machine; ``more`` are names under which a proxy serves it over TLS."""
        local = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        named = {name.lower() for name in more}
        return cls(
            frozenset(local | named),
            frozenset({f"http://{name}" for name in local} | {f"https://{name}" for name in named}),
        )


class Refused(Exception):  # noqa: N818  # a state of the connection
    """A request is refused, with a status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Guard:
    """ASGI middleware that refuses requests that the pages never send, and adds security headers to responses."""

    def __init__(self, app: ASGIApp, hosts: Hosts, limits: Limits | None = None) -> None:
        self._app, self._hosts, self._limits = app, hosts, limits or Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "private, no-cache")
            async with asyncio.timeout(self._limits.taking):
                await send(message)

        try:
            self._check(scope)
            await self._app(scope, _Bounded(receive, self._limits), sending)
        except Refused as refused:
            if started:  # too late to say so
                raise
            response = PlainTextResponse(f"{refused}\n", refused.status, headers={"connection": "close"})
            await response(scope, receive, sending)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if scope["method"] not in _METHODS:
            raise Refused(405, "Only GET, HEAD and POST.")
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._hosts.names:
            raise Refused(421, "This server does not answer to that name.")
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.address:
            raise Refused(414, "The address is too long.")
        if "transfer-encoding" in headers and "content-length" in headers:  # a proxy before it may go by the other
            raise Refused(400, "The body has two lengths.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise Refused(400, "The length of the body is no number.")
        if int(length[:12]) > self._limits.body:
            raise Refused(413, "The body is too large.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._hosts.origins:
            raise Refused(403, "That page may not ask here.")
        from_elsewhere = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        if from_elsewhere and (headers.get("sec-fetch-mode") != "navigate" or scope["method"] == "POST"):
            raise Refused(403, "That page may not ask here.")


class _Bounded:
    """Receives a body within limits of length and time."""

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive, self._limits = receive, limits
        self._taken, self._whole = 0, False
        self._end: float | None = None

    async def __call__(self) -> Message:
        if self._whole:  # the next message is that the client disconnects
            return await self._receive()
        clock = asyncio.get_running_loop().time
        self._end = self._end or clock() + self._limits.sending
        try:
            async with asyncio.timeout_at(self._end):
                message = await self._receive()
        except TimeoutError:
            raise Refused(408, "The body took too long.") from None
        self._taken += len(message.get("body", b""))
        if self._taken > self._limits.body:
            raise Refused(413, "The body is too large.")
        self._whole = not message.get("more_body", False)
        return message


class Paced:
    """ASGI middleware that limits the rate of requests of each reader (token bucket).

    Readers are told apart by the names that they signed in under. They are few: others are refused before this.
    """

    def __init__(self, app: ASGIApp, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._rate, self._clock = app, rate, clock
        self._tokens: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or 429."""
        if scope["type"] == "http" and not scope["path"].startswith(_FREE) and not self._may(scope["state"]["name"]):
            headers = {"retry-after": "1"}
            await PlainTextResponse("Too many requests; come again in a second.\n", 429, headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may(self, name: str | None) -> bool:
        if name is None:
            return True
        now, most = self._clock(), self._rate * _SAVED
        tokens, then = self._tokens.get(name, (most, now))
        tokens = min(most, tokens + (now - then) * self._rate)
        self._tokens[name] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1
