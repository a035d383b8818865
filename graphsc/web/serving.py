"""Listening: one process, on this machine alone unless a proxy is configured, that stops when it is told to."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

_PATIENCE = 10
_CONNECTIONS = 1000


class Patient(H11Protocol):
    """HTTP/1.1 that waits only so long for a client to say what it wants."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.loop.call_later(_PATIENCE, self._give_up, transport)

    def _give_up(self, transport: asyncio.Transport) -> None:
        if self.cycle is None and not transport.is_closing():
            transport.close()


class _Line(logging.Formatter):
    """A record as a line of JSON; what is JSON already stays as it is."""

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
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(512)
    except OSError:
        made.close()
        raise
    return made


def log_to(file: Path | None) -> None:
    """Have the logs on standard error, and what an auditor reads also in a file, which may be moved away meanwhile.

    Only its owner may read the file. Raises OSError.
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


def _leave(*_: object) -> None:
    raise SystemExit(0)


def run(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way. Raises SystemExit with 0."""
    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    config = uvicorn.Config(
        app,
        http=Patient,
        ws="none",
        lifespan="on",
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=32 << 10,
        **options,
    )
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn sends itself the signal anew when all is finished
        signal.signal(number, _leave)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
