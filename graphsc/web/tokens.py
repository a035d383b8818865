"""Forms that only a page of this server can send: each has a token of the cookie that the browser got with it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from graphsc.web.visit import typed

_FORM = "application/x-www-form-urlencoded"


class Tokens:
    """The tokens of the forms of one server, in cookies of a ``name``; ``secure`` is for requests over TLS."""

    def __init__(self, name: str, *, secure: bool) -> None:
        self._name, self._secure = name, secure
        self._secret = secrets.token_bytes(32)

    async def posted(self, request: Request) -> Mapping[str, str] | None:
        """The fields of a form that a page of this server sent; None for any other."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            body = (await request.body()).decode("utf-8")
            fields = typed(parse_qsl(body, True, max_num_fields=80, errors="strict")) if media == _FORM else {}
        except ValueError:
            fields = {}
        cookie = request.cookies.get(self._name, "")
        same_site = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        ours = cookie and same_site and hmac.compare_digest(fields.get("token", ""), self.of(cookie))
        return fields if ours else None

    def cookie(self, request: Request) -> str:
        """The cookie of a browser, or a new one."""
        return request.cookies.get(self._name) or secrets.token_urlsafe(24)

    def of(self, cookie: str) -> str:
        """The token of a cookie."""
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()

    def give(self, response: Response, cookie: str) -> None:
        """Set the cookie, on a response that nobody keeps."""
        response.headers["cache-control"] = "no-store"
        response.set_cookie(self._name, cookie, httponly=True, samesite="strict", secure=self._secure, path="/")
