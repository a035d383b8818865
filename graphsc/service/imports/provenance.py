"""The provenance of imported facts: on every thing the file, with the mapping and the day on which it was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute
from graphsc.sources.model import Source

IMPORT = v.G + "Import"
FROM = v.G + "importedFrom"
FILE = v.G + "importedFile"
AS = v.G + "importedAs"
ON = v.G + "importedOn"
HASH = v.G + "importedHash"


def mark(source: Source, name: str, day: date, base: str) -> list[Quad]:
    """The statements of an import, and that each thing of a source comes from it; the same file is the same import."""
    graph = NamedNode(source.graph)
    file = PurePath(source.file).name
    node = NamedNode(absolute(f"import/{quote(name, safe='')}-{source.sha256[:12]}", base))
    things = dict.fromkeys(quad.subject for quad in source.statements(v.RDF_TYPE))
    if not things:
        return []
    stated = (
        (v.RDF_TYPE, NamedNode(IMPORT)),
        (FILE, Literal(file)),
        (AS, Literal(name)),
        (ON, Literal(day.isoformat(), datatype=NamedNode(v.XSD_DATE))),
        (HASH, Literal(source.sha256)),
    )
    return [
        *(Quad(node, NamedNode(predicate), value, graph) for predicate, value in stated),
        *(Quad(thing, NamedNode(FROM), node, graph) for thing in things),
    ]


def imported(quads: Iterable[Quad]) -> set[tuple[str, str]]:
    """The imports among some statements, as pairs of mapping and file."""
    by: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate.value in (AS, FILE) and isinstance(quad.object, Literal):
            by.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
    return {(stated.get(AS, ""), stated.get(FILE, "")) for stated in by.values()}


def is_mark(quad: Quad) -> bool:
    """Whether a statement is provenance, not a fact about the world."""
    typed = quad.predicate.value == v.RDF_TYPE and getattr(quad.object, "value", "") == IMPORT
    return typed or quad.predicate.value in (FROM, FILE, AS, ON, HASH)
