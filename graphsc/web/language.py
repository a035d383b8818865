"""The language and the format of a request."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsc.core.text import Language
from graphsc.web.access.guard import Refused

FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "json": "application/json",
}
_FIELDS = 60
_ALSO = {"application/xhtml+xml": "html", "*/*": "html", "text/*": "html", "application/*": "json"}


def weighed(header: str) -> Iterator[str]:
    """The values of a header such as Accept, without parameters, by descending weight, without those of weight 0."""
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


def format_of(accept: str, named: str | None) -> str | None:
    """The format by ``?format=`` or the Accept header; None for an unknown one."""
    if named:
        return named if named in FORMATS else None
    names = {media: name for name, media in FORMATS.items()} | _ALSO
    return next((names[media] for media in weighed(accept or "*/*") if media in names), None)


class Speaking:
    """ASGI middleware that finds the language: ``/da/…`` or ``/en/…``, else ``?lang=``, else Accept-Language, else the settings'.

    It reads the query of the address for all that come after it.
    """

    def __init__(self, app: ASGIApp, default: Language) -> None:
        self._app, self._default = app, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without the language in its path.

        The scope's state has ``language``, ``format`` and ``asked``, the pairs of the query.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), True, max_num_fields=_FIELDS)
        except ValueError:
            raise Refused(400, "The address has too many parameters.") from None
        query = {name: value for name, value in pairs if value}
        head, _, rest = scope["path"].removeprefix("/").partition("/")
        state = scope.setdefault("state", {})
        state["asked"] = pairs
        if head in set(Language):
            scope = {**scope, "path": "/" + rest, "raw_path": ("/" + rest).encode()}
            state["language"] = Language(head)
        else:
            state["language"] = self._language(headers, query.get("lang"))
        state["format"] = format_of(headers.get("accept", ""), query.get("format"))
        await self._app(scope, receive, send)

    def _language(self, headers: Headers, named: str | None) -> Language:
        if named in set(Language):
            return Language(named)
        for name in weighed(headers.get("accept-language", "")):
            if name[:2] in set(Language):
                return Language(name[:2])
        return self._default
