"""Reads texts as if they were files, and shows what came of it briefly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Literal

from graphsc.core import vocabulary as v
from graphsc.sources import Sources, read

ID = "urn:graphsc:id:"
_SHORT = {
    v.G: "g:", v.ROOT: "w3id:", v.RDF: "rdf:", v.RDFS: "rdfs:", v.XSD: "xsd:", v.SKOS: "skos:", ID: ":",
    "urn:graphsc:ocds:": "ocds:",
}  # fmt: skip


def short(iri: str) -> str:
    """An IRI with a prefix instead of a namespace."""
    for namespace, prefix in _SHORT.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri


def read_files(folder: Path, files: Mapping[str, str | bytes], *, base: str = ID) -> Sources:
    """Write the files into a folder and read the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read([folder], base=base)


def triples(sources: Sources) -> set[tuple[str, str, str]]:
    """Every triple of every source, shortened; literals keep their quotes, language and datatype."""
    result = set()
    for source in sources.sources:
        for quad in source.asserted():
            assert quad.graph_name.value == source.graph
            object_ = quad.object
            if isinstance(object_, Literal):
                mark = f"@{object_.language}" if object_.language else ""
                kind = object_.datatype.value
                mark = mark or ("" if kind == v.XSD_STRING else f"^^{short(kind)}")
                text = f'"{object_.value}"{mark}'
            else:
                text = short(object_.value)
            result.add((short(quad.subject.value), short(quad.predicate.value), text))
    return result


def about(sources: Sources, subject: str) -> set[tuple[str, str]]:
    """What is said of one node."""
    return {(p, o) for s, p, o in triples(sources) if s == subject}


def faults(sources: Sources) -> list[tuple[str, str]]:
    """Code and place of each problem: file name, line and column."""
    return [
        (
            p.code,
            ":".join(str(x) for x in (Path(p.location.file).name, p.location.line, p.location.column) if x is not None),
        )
        for p in sources.problems
    ]
