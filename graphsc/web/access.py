"""Access: limits and headers of connections, readers and their rights, the access log for auditors, and the metrics."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import compare_digest

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsc.core import escape
from graphsc.core.settings.serving import EDIT, EVERYTHING, Proxied
from graphsc.validation.findings import Severity
from graphsc.web.desk import Desk

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
_OPEN = ("/health", "/static/")
LOG = logging.getLogger("graphsc.access")
MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_LONGEST = 300


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


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: the name they signed in under (None on this machine), and their rights.

    ``party`` is the configured name of the organisation whose part they see; None for everything.
    """

    name: str | None = None
    party: str | None = None
    edits: bool = False


PROOF = "x-graphsc-secret"
"""The header in which a proxy sends the secret that it shares with the desk."""
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
    bypasses the proxy could use any name. The address does not tell the proxy from other programs on its machine; the
    secret that it shares with the desk does.
    """

    def __init__(self, app: ASGIApp, proxied: Proxied | None) -> None:
        self._app, self._proxied = app, proxied
        self._secret = None if proxied is None else proxied.secret()

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
        headers = Headers(scope=scope)
        names, secrets = headers.getlist(proxied.header), headers.getlist(PROOF)
        if client is None or not proxied.trusts(client[0]) or len(names) != 1 or len(secrets) != 1:
            return None
        if self._secret is None or not compare_digest(secrets[0].encode("latin-1"), self._secret):
            return None
        try:
            name = names[0].encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return None
        return reader(name, proxied)


def noted(did: str, reader: str | None, *, file: str, title: str, lines: Sequence[str]) -> None:
    """Log a change of a file or its undoing: the writer, the file, and the added lines."""
    added = [escape.brief(line, _LONGEST) for line in lines if line.startswith("+")]
    what = {"file": escape.brief(file, _LONGEST), "for": escape.brief(title, _LONGEST), "lines": added}
    _log({"reader": reader, "did": did, **what})


def _log(line: Mapping[str, object]) -> None:
    document = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **line}
    LOG.info("%s", escape.json(json.dumps(document, ensure_ascii=False)))


class Metrics:
    """The metrics of an application: its requests, the number of its state, and whether a newer reading has problems."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._registry = desk, CollectorRegistry()
        self._requests = Counter("graphsc_requests", "Requests answered", ["method", "status"], registry=self._registry)
        self._seconds = Histogram("graphsc_request_seconds", "How long requests took", registry=self._registry)
        self._state = Gauge("graphsc_state", "The number of the state that answers", registry=self._registry)
        self._stale = Gauge("graphsc_stale", "1 when newer files could not be read", registry=self._registry)
        self._findings = Gauge("graphsc_findings", "Findings that count", ["severity"], registry=self._registry)

    def note(self, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method if method in {"GET", "HEAD", "POST"} else "other", str(status)).inc()
        self._seconds.observe(seconds)

    def text(self) -> bytes:
        """The metrics in the text format of Prometheus."""
        state = self._desk.state
        self._state.set(state.number)
        self._stale.set(bool(self._desk.trouble))
        for severity in Severity:
            self._findings.labels(str(severity)).set(state.report.count(severity))
        return generate_latest(self._registry)


class Access:
    """ASGI middleware that logs the reader, the address, the time and the status of requests; never the contents of forms."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, size = time.perf_counter(), 0, 0
        target = scope["raw_path"].decode("latin-1") + (
            "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
        )

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.note(scope["method"], status, time.perf_counter() - begun)
            if LOG.isEnabledFor(logging.INFO):
                _log(
                    {
                        "client": (scope.get("client") or ("", 0))[0],
                        "reader": scope.get("state", {}).get("name"),
                        "method": scope["method"],
                        "target": escape.brief(target, _LONGEST),
                        "status": status,
                        "bytes": size,
                        "ms": round((time.perf_counter() - begun) * 1000, 1),
                    }
                )
