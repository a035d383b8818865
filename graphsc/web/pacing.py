"""How often one reader may ask: so many requests a second, and as many at once as ten seconds have."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_SAVED = 10
_FREE = ("/health", "/metrics")


class Paced:
    """ASGI middleware that tells a reader who asks too often to come again; the others are answered meanwhile.

    Readers are told apart by the names that they signed in under. They are few, since nobody else comes this far.
    """

    def __init__(self, app: ASGIApp, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._rate, self._clock = app, rate, clock
        self._left: dict[str, tuple[float, float]] = {}

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
        left, then = self._left.get(name, (most, now))
        left = min(most, left + (now - then) * self._rate)
        self._left[name] = (left - 1 if left >= 1 else left, now)
        return left >= 1
