"""RDF/XML: the places of nodes, properties and errors, and which documents are refused."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute
from graphsc.sources.model import Lines, Place, Places
from graphsc.sources.reporting import Reporter, quoted

_ENTITY = re.compile(r"<!ENTITY\s+(%\s*)?([^\s]+)\s+(?:(SYSTEM|PUBLIC)\b|\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LONGEST_ENTITY = 1000
Mark = tuple[int, Place]
"""The start of a tag: its byte offset, and its line and column."""
_XML = "http://www.w3.org/XML/1998/namespace"


def is_dangerous(text: str, report: Reporter) -> bool:
    """Whether an entity of an XML document is external or could grow without bound; the first one is reported.

    Short plain entities, as ontology editors write for namespaces, are harmless.
    """
    for item in _ENTITY.finditer(text):
        value = item[4] or item[5] or ""
        if item[1] or item[3] or "&" in value.replace("&#", "") or "%" in value or len(value) > _LONGEST_ENTITY:
            report.add(
                "xml-entity", f"Entiteten {quoted(item[2])} udfoldes ikke: Den kan hente eller fylde hvad som helst.",
                f"The entity {quoted(item[2])} is not expanded: it could fetch or fill anything.", Lines(text).place(item.start()),
            )  # fmt: skip
            return True
    return False


def is_rdf_xml(text: str) -> bool:
    """Whether an XML document contains RDF."""
    return v.RDF in text


@dataclass(slots=True)
class _Open:
    """An open element: a node with its IRI, or a property with the node it belongs to."""

    node: bool
    iri: str | None
    base: str


class _Handler:
    def __init__(self, parser: Any, base: str) -> None:
        self.parser, self.places = parser, Places()
        self.stack: list[_Open] = []
        self.base = base
        self.marks: list[Mark] = []

    def mark(self) -> Place:
        """Note the start of a tag, as an offset and as a place."""
        place = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.marks.append((self.parser.CurrentByteIndex, place))
        return place

    def resolve(self, base: str, iri: str) -> str:
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
            return iri
        return urljoin(base, iri) if "://" in base else absolute(iri, base)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        place = self.mark()
        iri = name.replace(" ", "", 1)
        above = self.stack[-1] if self.stack else None
        base = above.base if above is not None else self.base
        if f"{_XML} base" in attributes:
            base = self.resolve(base, attributes[f"{_XML} base"])
        if iri == v.RDF + "RDF" and above is None:
            self.stack.append(_Open(False, None, base))
        elif above is None or not above.node:
            self.stack.append(_Open(True, self.node(iri, attributes, base, place), base))
        else:
            self.property(above.iri, iri, attributes, base, place)
            nested = attributes.get(f"{v.RDF} parseType") == "Resource"
            self.stack.append(_Open(nested, None, base))

    def node(self, iri: str, attributes: dict[str, str], base: str, place: Place) -> str | None:
        subject = None
        if f"{v.RDF} about" in attributes:
            subject = self.resolve(base, attributes[f"{v.RDF} about"])
        elif f"{v.RDF} ID" in attributes:
            subject = self.resolve(base, "#" + attributes[f"{v.RDF} ID"])
        if subject is not None:
            self.places.node(subject, place)
            if iri != v.RDF + "Description":
                self.places.edge(subject, v.RDF_TYPE, place)
                self.places.value(subject, v.RDF_TYPE, iri, place)
            for name, value in attributes.items():
                if not name.startswith((v.RDF + " ", _XML)):
                    self.places.edge(subject, name.replace(" ", "", 1), place)
                    self.places.value(subject, name.replace(" ", "", 1), value, place)
        return subject

    def property(self, subject: str | None, iri: str, attributes: dict[str, str], base: str, place: Place) -> None:
        if subject is None:
            return
        self.places.edge(subject, iri, place)
        if f"{v.RDF} resource" in attributes:
            self.places.value(subject, iri, self.resolve(base, attributes[f"{v.RDF} resource"]), place)

    def end(self, _: str) -> None:
        self.mark()
        self.stack.pop()


def xml_places(content: bytes, base: str) -> tuple[Places, Place | None, list[Mark]]:
    """The places in an RDF/XML document, the place of an XML error, if any, and the starts of its tags."""
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")  # what it is, whatever it claims to be
    handler = _Handler(parser, base)
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return handler.places, (error.lineno, error.offset + 1), handler.marks
    return handler.places, None, handler.marks


def first_wrong(content: bytes, marks: Sequence[Mark], fails: Callable[[bytes], bool]) -> Place | None:
    """The place where an XML document stops being RDF: the first tag up to and with which it ``fails`` as the whole does."""
    at = bisect_left(range(1, len(marks)), True, key=lambda end: fails(content[: marks[end][0] + 1]))
    return marks[at][1] if marks else None
