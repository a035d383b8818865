"""The access log for auditors, a line of JSON for each request, and the metrics for Prometheus."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsc.core import escape
from graphsc.validation.findings import Severity
from graphsc.web.desk import Desk

LOG = logging.getLogger("graphsc.access")
MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_LONGEST = 300


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
