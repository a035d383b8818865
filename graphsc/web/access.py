"""The access log, a line of JSON for each request that an auditor can read, and what is counted of them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsc.core import escape
from graphsc.web.metrics import Metrics

LOG = logging.getLogger("graphsc.access")
_LONGEST = 300


def noted(did: str, reader: str | None, *, file: str, title: str, lines: Sequence[str]) -> None:
    """Note who wrote what into which file, or took it back: the lines that were added to it."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "reader": reader,
        "did": did,
        "file": escape.brief(file, _LONGEST),
        "for": escape.brief(title, _LONGEST),
        "lines": [escape.brief(line, _LONGEST) for line in lines if line.startswith("+")],
    }
    LOG.info("%s", escape.json(json.dumps(line, ensure_ascii=False)))


class Access:
    """ASGI middleware that notes who asked for what, when, and how it was answered; never what a form held."""

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
                line = {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "client": (scope.get("client") or ("", 0))[0],
                    "reader": scope.get("state", {}).get("name"),
                    "method": scope["method"],
                    "target": escape.brief(target, _LONGEST),
                    "status": status,
                    "bytes": size,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                }
                LOG.info("%s", escape.json(json.dumps(line, ensure_ascii=False)))
