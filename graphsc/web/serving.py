"""The server: one process, which listens on this machine alone unless a proxy is configured."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

_PATIENCE = 10
_CONNECTIONS, _OTHER_FILES = 900, 100
"""The most connections at once, and other open files."""
_MOST_FILES = 1 << 16
_LINGER = 2
_REASON = "Der er for mange forbindelser lige nu. Prøv igen om lidt. / Too many connections right now. Try again in a moment.\n".encode()
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(_REASON), _REASON)
)


class _TurnedAway(asyncio.Protocol):
    """A connection beyond the limit, which only gets a refusal."""

    room, there = 0, 0

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        _TurnedAway.there += 1
        transport.set_protocol(self)
        if self.there > self.room:
            transport.abort()
            return
        transport.write(_FULL)
        transport.write_eof()
        loop.call_later(_LINGER, transport.close)  # if closed at once, a client that still sends would lose the answer

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It is gone."""
        _TurnedAway.there -= 1


class Patient(H11Protocol):
    """HTTP/1.1 with a timeout for requests and a limit on connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timeout of the first request."""
        if len(self.connections) >= _CONNECTIONS:
            _TurnedAway(transport, self.loop)
            return
        super().connection_made(transport)
        self.loop.call_later(_PATIENCE, self._give_up, transport)

    def _give_up(self, transport: asyncio.Transport) -> None:
        if self.cycle is None and not transport.is_closing():
            transport.close()


class _Line(logging.Formatter):
    """A log record as a line of JSON; one that is JSON already is unchanged."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        if record.name == "graphsc.access":
            return text
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return json.dumps({**line, "message": text}, ensure_ascii=False)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that say TCP; else each body waits 40 ms for an acknowledgement
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def log_to(file: Path | None) -> None:
    """Write logs to standard error, and the access log also to a file, which only its owner can read.

    The file may be moved away meanwhile. Raises OSError.
    """
    shown: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    kept: list[logging.Handler] = []
    if file is not None:
        os.close(os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600))
        kept.append(WatchedFileHandler(file, encoding="utf-8"))
    for handler in (*shown, *kept):
        handler.setFormatter(_Line())
    for name in ("graphsc.access", "graphsc.serve", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [*shown, *(kept if name == "graphsc.access" else [])], False
        logger.setLevel(logging.WARNING if name == "uvicorn.error" else logging.INFO)


def _open_files() -> int:
    """The most open files of this process, after raising the limit as far as possible; Windows has none that matters."""
    try:
        import resource
    except ImportError:
        return _MOST_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def show(address: str) -> None:
    """Open an address in the browser of whoever sits at this machine; nothing where there is no screen."""
    screen = sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen:
        webbrowser.open(address)


def _leave(*_: object) -> None:
    raise SystemExit(0)


def run(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then finish open requests. Raises SystemExit with 0."""
    _TurnedAway.room = _open_files() - _CONNECTIONS - _OTHER_FILES
    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    config = uvicorn.Config(
        app,
        http=Patient,
        ws="none",
        lifespan="on",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=32 << 10,
        **options,
    )
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn sends itself the signal anew when all is finished
        signal.signal(number, _leave)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
