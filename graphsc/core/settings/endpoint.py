"""The addresses of a SPARQL server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server takes queries, updates and, if it speaks the Graph Store Protocol, whole graphs.

    Without ``store`` graphs are sent as updates. ValueError for what is no address of HTTP.
    """

    query: str
    update: str
    store: str | None = None

    def __post_init__(self) -> None:
        for url in (self.query, self.update, self.store):
            if url is not None:
                parts = urlsplit(url)
                if parts.scheme not in {"http", "https"} or not parts.hostname or ".." in unquote(parts.path):
                    raise ValueError(url)

    @property
    def redacted(self) -> str:
        """The address of queries without a user's name or password in it."""
        parts = urlsplit(self.query)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def lies_under(self, other: Endpoint) -> bool:
        """Whether all of its addresses lie under the one that another was made of with `at`."""
        base = other.query.removesuffix("query")
        return all(url is None or url.startswith(base) for url in (self.query, self.update, self.store))

    @classmethod
    def at(cls, base: str) -> Endpoint:
        """The three addresses by their usual names under one: ``query``, ``update`` and ``store``."""
        base = base.rstrip("/")
        return cls(f"{base}/query", f"{base}/update", f"{base}/store")

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Endpoint:
        """From a table of addresses by name; TypeError for a name or a value that there is not."""
        if not all(isinstance(url, str) for url in table.values()):
            raise TypeError(table)
        return cls(**table)
