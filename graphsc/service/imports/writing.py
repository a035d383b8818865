"""Writing an import as a file of the register, without losing anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graphsc.core.problems import Reasoned
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.graph.differences import Fact, Taken, fact
from graphsc.service.imports.provenance import FROM, ON, is_mark
from graphsc.service.registers.register import Register, kept
from graphsc.sources import own_knowledge, read
from graphsc.sources.files import File
from graphsc.sources.model import Source, Sources
from graphsc.sources.reader import read_some
from graphsc.sources.terms import load
from graphsc.sources.yaml.writing import render

_GRAPH = NamedNode("urn:graphsc:source:import")


class LossError(Reasoned, ValueError):
    """An import cannot be written without losing something; the reason in both languages."""


def is_the_same(taken: Taken, output: Path, settings: Settings) -> bool:
    """Whether the output file already has the imported facts, whatever the day of its import."""
    if not output.is_file():
        return False
    additions = own_knowledge.read(settings.knowledge)
    existing = read([output], base=taken.base, additions=additions.triples)
    unread = [problem for problem in existing.problems if problem.code != "dangling-reference"]
    return not unread and _facts(q for s in existing.sources for q in s.asserted()) == _facts(taken.quads)


def is_import(output: Path, settings: Settings) -> bool:
    """Whether all in a file comes from an import, so that a new one may take its place."""
    if not output.is_file():
        return False
    additions = own_knowledge.read(settings.knowledge)
    existing = read([output], base=settings.base, additions=additions.triples)
    quads = [quad for source in existing.sources for quad in source.asserted()]
    things = {str(quad.subject) for quad in quads if quad.predicate.value == RDF_TYPE and not is_mark(quad)}
    return bool(things) and things <= {str(quad.subject) for quad in quads if quad.predicate.value == FROM}


def _facts(quads: Iterable[Quad]) -> set[Fact]:
    return {fact(quad) for quad in quads if quad.predicate.value != ON}


def as_yaml(taken: Taken, settings: Settings) -> str:
    """The YAML of an import. Raises LossError when it would not be read as the same statements again."""
    additions = own_knowledge.read(settings.knowledge)
    language = settings.language
    files = ", ".join(Path(file).name for file in taken.files[:5]) + (" …" if len(taken.files) > 5 else "")
    head = Text(
        f"Indlæst af graphsc fra {files} ({taken.name}), {settings.as_of.isoformat()}. En ny indlæsning skriver filen forfra.",
        f"Imported by graphsc from {files} ({taken.name}), {settings.as_of.isoformat()}. A new import writes the file anew.",
    )
    text = render(
        taken.quads,
        load(additions.triples),
        language=language,
        base=taken.base,
        head=[" ".join(head[language].split())],
    )
    name = File(Path("import.yaml"), "import.yaml", True)
    again = read_some([(name, text.encode())], base=taken.base, additions=additions.triples)
    if {fact(quad) for source in again.sources for quad in source.asserted()} != set(map(fact, taken.quads)):
        raise LossError(
            Text(
                "YAML kan ikke rumme alt det læste; skriv en arbejdsbog (-o FIL.xlsx).",
                "YAML cannot hold all that was read; write a workbook (-o FILE.xlsx).",
            )
        )
    return text


def as_register(taken: Taken, settings: Settings) -> Register:
    """The register of an import."""
    return kept(Sources([Source.unplaced(taken.quads, _GRAPH)], []), replace(settings, base=taken.base))
