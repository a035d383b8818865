"""Figures for Prometheus: requests by status and how long they took, the state that answers, and what is wrong with the next."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from graphsc.validation.findings import Severity
from graphsc.web.desk import Desk

MEDIA = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures of one application."""

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
        """The figures as Prometheus reads them."""
        state = self._desk.state
        self._state.set(state.number)
        self._stale.set(bool(self._desk.trouble))
        for severity in Severity:
            self._findings.labels(str(severity)).set(state.report.count(severity))
        return generate_latest(self._registry)
