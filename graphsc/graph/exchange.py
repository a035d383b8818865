"""HTTP requests to a server, with limits on the total time and on the size, and tried again while it is busy."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphsc.core.garbage import without_garbage_collection

if TYPE_CHECKING:
    import urllib3

_PAUSES = (0.0, 0.2, 0.4, 0.8)
"""Seconds before each further try; a ``Retry-After`` header is ignored."""
_BUSY = frozenset({500, 502, 503, 504})
_LARGEST = 1 << 29
_LARGEST_ERROR = 1 << 14
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; of an error only the beginning."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class NoReply(Exception):  # noqa: N818  # it is a state of the server, and no fault of the program
    """There was no answer, or one that is too large; says why."""


class Exchange:
    """Requests to one server, with the user and password, or the token, of the environment."""

    def __init__(self, largest: int = _LARGEST) -> None:
        import urllib3

        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5.0, read=None), retries=False)
        self._credentials = _credentials()
        self._largest = largest

    def post(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        """The answer to a request, all tries together within the seconds. Raises NoReply.

        Another thread sends it: a socket's own timeout never ends a request to a server that sends a byte now and then.
        """
        replies: queue.SimpleQueue[Reply | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                replies.put(self._retried(url, body, {**headers, **self._credentials}, time.monotonic() + seconds))
            except Exception as error:
                replies.put(error)

        with without_garbage_collection():  # Oxigraph's objects may be dropped only by the thread that made them
            threading.Thread(target=ask, daemon=True).start()
            try:
                reply = replies.get(timeout=seconds)
            except queue.Empty:
                raise NoReply(f"timeout ({seconds:g} s)") from None
        if isinstance(reply, Reply):
            return reply
        raise reply if isinstance(reply, NoReply) else NoReply(_reason(reply))

    def _retried(self, url: str, body: bytes, headers: Mapping[str, str], end: float) -> Reply:
        import urllib3

        for pause in _PAUSES:
            try:
                reply = self._request(url, body, headers)
                if reply.status not in _BUSY:
                    return reply
            except urllib3.exceptions.HTTPError:
                if time.monotonic() > end:
                    raise
            time.sleep(pause)
        return self._request(url, body, headers)

    def _request(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        answer = self._pool.request("POST", url, body=body, headers=headers, preload_content=False)
        whole = False
        try:
            data = self._read(answer)
            whole = answer.status < 300
        finally:
            answer.release_conn() if whole else answer.close()
        return Reply(answer.status, answer.headers, data)

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """The decoded body, up to the limit. Raises NoReply for a larger one."""
        error = answer.status >= 300
        data = bytearray()
        for piece in answer.stream(_PIECE, decode_content=True):
            data += piece
            if error and len(data) > _LARGEST_ERROR:
                break
            if len(data) > self._largest:
                raise NoReply(f"> {self._largest >> 20} MB")
        return bytes(data)


def _credentials() -> dict[str, str]:
    import urllib3

    if token := os.environ.get("GRAPHSC_ENDPOINT_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if user := os.environ.get("GRAPHSC_ENDPOINT_USER"):
        password = os.environ.get("GRAPHSC_ENDPOINT_PASSWORD", "")
        return dict(urllib3.make_headers(basic_auth=f"{user}:{password}"))
    return {}


def _reason(error: Exception) -> str:
    """What went wrong, without the addresses and objects that the library puts around it."""
    inner = getattr(error, "reason", None)
    return _reason(inner) if isinstance(inner, Exception) else type(error).__name__ + _cause(error)


def _cause(error: Exception) -> str:
    cause = str(error).rpartition(": ")[2]
    return f" ({cause})" if cause else ""
