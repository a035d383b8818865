"""The addresses of pages: that of a thing is its id after the language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from graphsc.core.text import Language
from graphsc.core.vocabulary import RULE, STATEMENT

RESERVED = frozenset({
    "findings", "duties", "risk", "coverage", "rules", "statements", "map", "report", "search", "ask", "sparql",
    "edit", "thing", "static", "health", "metrics", "version", "calendar.ics", "da", "en",
})  # fmt: skip
"""The first parts of the paths of pages; a thing whose id begins with one has its page at ``/thing?iri=…``."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes the addresses of pages in one language; ``base`` is the IRI that most ids of the data are relative to."""

    base: str
    language: Language

    def page(self, path: str = "", **query: str | int | None) -> str:
        """The address of a page, with the parameters of the query that have a value."""
        parts = {key: value for key, value in query.items() if value not in (None, "")}
        return f"/{self.language}/{path}" + (f"?{urlencode(parts, safe=':/')}" if parts else "")

    def of(self, iri: str | None) -> str:
        """The address of the page of an IRI; empty for None."""
        if not iri:
            return ""
        for namespace, pages in ((RULE, "rules"), (STATEMENT, "statements")):
            local = iri.removeprefix(namespace)
            if local != iri and local and "/" not in local:
                return self.page(f"{pages}/{quote(local)}")
        rest = iri.removeprefix(self.base) if self.base else iri
        first = rest.split("/", 1)[0]
        plain = rest != iri and rest and first not in RESERVED and ":" not in first and not rest.startswith("/")
        if plain and "//" not in rest and "/." not in f"/{rest}" and "?" not in rest and "#" not in rest:
            return self.page(quote(rest, safe="/:@!$&'()*+,;=~%"))
        return f"/{self.language}/thing?iri={quote(iri, safe=':/')}"

    def iri(self, path: str) -> str | None:
        """The IRI whose page has a path (without the language); None where there is none."""
        try:
            return ox.NamedNode(self.base + path.removeprefix("/")).value
        except ValueError:
            return None
