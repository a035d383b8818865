"""The language and the format that a request asks for."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsc.core.text import Language

FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "json": "application/json",
}
_ALSO = {"application/xhtml+xml": "html", "*/*": "html", "text/*": "html", "application/*": "json"}


def weighed(header: str) -> Iterator[str]:
    """What a header such as Accept lists, without parameters, most wanted first; what is not wanted (q=0) left out."""
    result: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:50]):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if name and weight > 0:
            result.append((-weight, place, name))
    yield from (name for _, _, name in sorted(result))


def format_of(accept: str, query: bytes) -> str | None:
    """The format that ``?format=`` or the Accept header names; None where it is one that there is none of."""
    asked = parse_qs(query.decode("latin-1")).get("format")
    if asked:
        return asked[-1] if asked[-1] in FORMATS else None
    known = {media: name for name, media in FORMATS.items()} | _ALSO
    return next((known[media] for media in weighed(accept or "*/*") if media in known), None)


class Speaking:
    """ASGI middleware that finds the language: ``/da/…`` or ``/en/…``, else ``?lang=``, else Accept-Language, else the settings'."""

    def __init__(self, app: ASGIApp, default: Language) -> None:
        self._app, self._default = app, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without the language in its path; the scope's state has ``language`` and ``format``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        head, _, rest = scope["path"].removeprefix("/").partition("/")
        state = scope.setdefault("state", {})
        if head in set(Language):
            scope = {**scope, "path": "/" + rest, "raw_path": ("/" + rest).encode()}
            state["language"] = Language(head)
        else:
            state["language"] = self._asked(headers, scope["query_string"])
        state["format"] = format_of(headers.get("accept", ""), scope["query_string"])
        await self._app(scope, receive, send)

    def _asked(self, headers: Headers, query: bytes) -> Language:
        given = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
        if given in set(Language):
            return Language(given)
        for name in weighed(headers.get("accept-language", "")):
            if name[:2] in set(Language):
                return Language(name[:2])
        return self._default
