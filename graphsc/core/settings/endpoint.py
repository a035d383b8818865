"""The addresses of a SPARQL server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses of a server for queries, updates and, if it has the Graph Store Protocol, whole graphs.

    Without ``store`` graphs are sent as updates. ValueError for what is no HTTP address.
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
        """The address for queries without user name and password."""
        parts = urlsplit(self.query)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def lies_under(self, other: Endpoint) -> bool:
        """Whether all of its addresses lie under the base address that ``other`` was made from with `at`."""
        base = other.query.removesuffix("query")
        return all(url is None or url.startswith(base) for url in (self.query, self.update, self.store))

    @classmethod
    def at(cls, base: str) -> Endpoint:
        """The three addresses under a base address, by their usual names: ``query``, ``update`` and ``store``."""
        base = base.rstrip("/")
        return cls(f"{base}/query", f"{base}/update", f"{base}/store")

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Endpoint:
        """From a table of addresses by name; TypeError for an unknown name or a value that is no text."""
        if not all(isinstance(url, str) for url in table.values()):
            raise TypeError(table)
        return cls(**table)
