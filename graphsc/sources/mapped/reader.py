"""JSON of any shape, read by a mapping (`graphsc.sources.mapped.mapping`) into the same quads that our own formats give."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE, absolute, digest, minted, source_graph
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.core.resources import knowledge, knowledge_files
from graphsc.core.text import Text
from graphsc.sources.checks import check
from graphsc.sources.files import decode, find, unknown_format
from graphsc.sources.json_tree import read_json, write_json
from graphsc.sources.legal_units import parties, same_legal_unit, unite
from graphsc.sources.mapped.mapping import DocumentMapping, FieldMapping, RecordMapping, Step, read_mapping
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms, load
from graphsc.sources.tree import Mapping, Node, Scalar
from graphsc.sources.tree import Sequence as Items
from graphsc.sources.values import literal


class UnreadableError(ValueError):
    """Something could not be read as it was meant; ``problems`` says what and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.location}: {problem.message.en}" for problem in problems[:3]))
        self.problems = tuple(problems)


def mappings() -> tuple[str, ...]:
    """The names of the mappings that come with the product."""
    return tuple(file.name.removesuffix(".toml") for file in knowledge_files("ontology/importers", ".toml"))


def load_mapping(mapping: str | Path, terms: Terms | None = None) -> DocumentMapping:
    """A mapping by its name, or from a file. FileNotFoundError when there is none, UnreadableError when it is wrong."""
    if isinstance(mapping, Path):
        text, name = mapping.read_bytes().decode("utf-8", "replace"), mapping.as_posix()
    else:
        if mapping not in mappings():
            raise FileNotFoundError(f"there is no mapping {mapping!r}; there are: {', '.join(mappings())}")
        text, name = knowledge(f"ontology/importers/{mapping}.toml").read_text(encoding="utf-8"), mapping
    report = Reporter(name)
    result = read_mapping(text, name, terms or load(), report)
    if result is None:
        raise UnreadableError(report.problems)
    return result


def read_mapped(
    paths: Sequence[str | Path], mapping: str | Path | DocumentMapping, *, base: str = DEFAULT_BASE
) -> list[Quad]:
    """What JSON files, or all in a folder, say by a mapping. UnreadableError when anything could not be read."""
    sources = read_mapped_sources(paths, mapping, base=base)
    if sources.problems:
        raise UnreadableError(sources.problems)
    return [quad for source in sources.sources for quad in source.quads]


def read_mapped_sources(
    paths: Sequence[str | Path], mapping: str | Path | DocumentMapping, *, base: str = DEFAULT_BASE
) -> Sources:
    """The same with where everything is written, and with problems as values, as `graphsc.sources.read` gives it."""
    terms = load()
    chosen = mapping if isinstance(mapping, DocumentMapping) else load_mapping(mapping, terms)
    files, problems = find([Path(path) for path in paths])
    sources: list[Source] = []
    for file in files:
        if file.suffix != ".json":
            if file.named:
                problems.append(unknown_format(file.path))
            continue
        try:
            content = file.path.read_bytes()
        except OSError:
            text = Text("Filen kan ikke læses.", "The file cannot be read.")
            problems.append(Problem("unreadable", text, Location(file.name)))
            continue
        report = Reporter(file.name)
        sources.append(_read_file(content, file.name, chosen, terms, base, report))
        problems += report.problems + report.uncounted()
    known: dict[str, set[str]] = {}
    for source in sources:
        for quad in source.statements(v.RDF_TYPE):
            if isinstance(quad.subject, NamedNode):
                known.setdefault(quad.subject.value, set()).add(getattr(quad.object, "value", ""))
    problems += check(sources, terms, known, all(source.complete for source in sources))
    replaced = same_legal_unit(map(parties, sources))
    unite(sources, replaced)
    return Sources(sources, sorted(dict.fromkeys(problems), key=lambda p: p.order), replaced)


def _read_file(
    content: bytes, name: str, mapping: DocumentMapping, terms: Terms, base: str, report: Reporter
) -> Source:
    reading = _Reading(NamedNode(source_graph(name)), terms, base, report)
    text, bad = decode(content)
    root = None
    if bad is not None:
        report.add(
            "not-utf8", "Her er en byte, der ikke er UTF-8; gem filen som UTF-8.",
            "There is a byte here that is not UTF-8; save the file as UTF-8.", bad,
        )  # fmt: skip
    else:
        root = read_json(text, report)
    if root is not None:
        for record in mapping.records:
            for node in _at(root, record.at):
                reading.record(node, record, None)
    return Source(
        name,
        reading.graph.value,
        hashlib.sha256(content).hexdigest(),
        list(reading.quads),
        Positions(name, reading.places),
        root is not None,
    )


def _at(node: Node, path: tuple[Step, ...]) -> Iterator[Node]:
    """What stands at a path; nothing where the path leads nowhere, or to null."""
    if not path:
        if not (isinstance(node, Scalar) and node.empty):
            yield node
    elif path[0] is None:
        for item in node.items if isinstance(node, Items) else ():
            yield from _at(item, path[1:])
    elif isinstance(node, Mapping):
        inner = node.get(path[0])
        if inner is not None:
            yield from _at(inner, path[1:])


@dataclass(slots=True)
class _Reading:
    """The statements of one file as they are made."""

    graph: NamedNode
    terms: Terms
    base: str
    report: Reporter
    quads: dict[Quad, None] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def record(self, node: Node, record: RecordMapping, parent: tuple[str, str] | None) -> str | None:
        """State one thing and what is read of it; its IRI, or None when it has no name."""
        iri = self.name(node, record, parent)
        if iri is None:
            return None
        self.places.node(iri, node.place)
        self.state(iri, v.RDF_TYPE, NamedNode(record.cls), node)
        for mapping in record.fields:
            for value in _at(node, mapping.at):
                self.field(iri, mapping, value)
        return iri

    def name(self, node: Node, record: RecordMapping, parent: tuple[str, str] | None) -> str | None:
        """The IRI of a thing: from its key, or from where it is written and what it says."""
        if record.key is None:
            key = digest([write_json(node)])
            return minted(*parent, key) if parent is not None else f"{self.graph.value}/{key}"
        match = next(
            (scalar for scalar in _at(node, record.key) if isinstance(scalar, Scalar) and scalar.text.strip()), None
        )
        if match is None:
            self.report.add(
                "missing-id", "Her mangler det, som tingen kendes ved.",
                "What the thing is known by is missing here.", node.place,
            )  # fmt: skip
            return None
        return absolute(record.prefix + quote(match.text.strip(), safe=""), self.base)

    def field(self, subject: str, mapping: FieldMapping, value: Node) -> None:
        """State one value of a property, or the thing it leads to."""
        if mapping.record is not None:
            inner = self.record(value, mapping.record, (subject, mapping.property))
            if inner is not None and mapping.inverse:
                self.state(inner, mapping.property, NamedNode(subject), value)
            elif inner is not None:
                self.state(subject, mapping.property, NamedNode(inner), value)
        elif isinstance(value, Scalar):
            self.scalar(subject, mapping, value)
        else:
            self.report.add(
                "wrong-type", "Her ventes en enkelt værdi.", "A single value is expected here.", value.place
            )

    def scalar(self, subject: str, mapping: FieldMapping, value: Scalar) -> None:
        """State a text, number, date or concept; an empty text says nothing."""
        written = value.text.strip()
        text = mapping.values.get(written, written)
        prop = self.terms.properties.get(mapping.property)
        if not text:
            return
        if prop is not None and not prop.literal:
            concept = self.terms.concept(text, prop.schemes)
            if concept is not None:
                self.state(subject, mapping.property, NamedNode(concept), value)
                return
            meant = self.report.closest(text, self.terms.words_of(prop.schemes))
            some = self.terms.values_of(prop.schemes)
            self.report.add(
                "unknown-concept",
                f"{quoted(text)} er ikke en kendt værdi for {prop.label.da}{some[0]}.",
                f"{quoted(text)} is not a known value of {prop.label.en}{some[1]}.",
                value.place,
                meant,
            )
            return
        datatype = prop.range if prop is not None else None
        lexical, fault = literal(text, datatype)
        if fault is not None:
            self.report.add(fault[0], fault[1].da, fault[1].en, value.place)
        elif datatype is None or datatype == v.XSD_STRING:
            self.state(subject, mapping.property, Literal(lexical), value)
        else:
            self.state(subject, mapping.property, Literal(lexical, datatype=NamedNode(datatype)), value)

    def state(self, subject: str, predicate: str, object_: NamedNode | Literal, node: Node) -> None:
        """Store one triple, and where it is written."""
        self.quads[Quad(NamedNode(subject), NamedNode(predicate), object_, self.graph)] = None
        self.places.edge(subject, predicate, node.place)
        self.places.value(subject, predicate, object_.value, node.place)
