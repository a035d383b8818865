"""Reads files of every format together, since one may refer to what another describes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from graphsc import vocabulary as v
from graphsc.identifiers import DEFAULT_BASE, source_graph
from graphsc.location import Location
from graphsc.problems import Problem
from graphsc.sources.checks import check
from graphsc.sources.files import File, decode, find, unknown_format
from graphsc.sources.legal_units import unite
from graphsc.sources.model import Placed, Places, Positions, Source, Sources
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Concept, Terms, load
from graphsc.text import Text

if TYPE_CHECKING:
    from graphsc.sources.ocds import OcdsReading
    from graphsc.sources.yaml_reader import YamlReading


@dataclass(slots=True)
class _Run:
    """One call of `read`."""

    base: str
    terms: Terms
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reports: list[Reporter] = field(default_factory=list)
    yaml: list[tuple[YamlReading, Source]] = field(default_factory=list)
    ocds: list[tuple[OcdsReading, Source]] = field(default_factory=list)

    def open(self, file: File) -> None:
        """Read one file; what it refers to is settled later."""
        try:
            content = file.path.read_bytes()
        except OSError:
            unreadable = Text("Filen kan ikke læses.", "The file cannot be read.")
            self.problems.append(Problem("unreadable", unreadable, Location(file.name)))
            return
        report = Reporter(file.name)
        self.reports.append(report)
        source = Source(
            file.name, source_graph(file.name), hashlib.sha256(content).hexdigest(), [], Positions(file.name, Places())
        )
        text, bad = decode(content)
        if bad is not None:
            source.complete = False
            report.add(
                "not-utf8", "Her er en byte, der ikke er UTF-8; gem filen som UTF-8.",
                "There is a byte here that is not UTF-8; save the file as UTF-8.", bad,
            )  # fmt: skip
        elif not text.strip():
            report.add("empty-file", "Filen er tom.", "The file is empty.")
        elif not self.read(file, text, report, source):
            if file.named:
                self.problems.append(unknown_format(file.path))
            return
        self.sources.append(source)

    def read(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Hand a file to the reader of its format; False when its contents are of none."""
        if file.suffix in (".yaml", ".yml"):
            self.read_yaml(text, report, source)
            return True
        if file.suffix in (".json", ".jsonld"):
            return self.read_json(file, text, report, source)
        if file.suffix in (".rdf", ".xml", ".owl"):
            return self.read_xml(file, text, report, source)
        self.read_turtle(file, text, report, source)
        return True

    def read_yaml(self, text: str, report: Reporter, source: Source) -> None:
        """Read YAML; its references wait until every file is read."""
        from graphsc.sources.yaml_reader import read_documents
        from graphsc.sources.yaml_tree import read_yaml

        documents, source.complete = read_yaml(text, report)
        reading = read_documents(documents, source.graph, report, self.terms, self.base)
        source.positions = Positions(source.file, reading.places, reading.parents)
        self.yaml.append((reading, source))

    def read_turtle(self, file: File, text: str, report: Reporter, source: Source) -> None:
        """Read Turtle, TriG, N-Triples or N-Quads."""
        from graphsc.sources.rdf import FORMATS, read_rdf
        from graphsc.sources.turtle_places import LinePlaces, turtle_places

        reading = read_rdf(text.encode(), FORMATS[file.suffix], source.graph, report, self.terms, self.base)
        source.quads, source.complete = reading.quads, reading.complete

        def places() -> Placed:
            if file.suffix in (".nt", ".nq"):
                return LinePlaces(text)
            return turtle_places(text, self.base).turned(self.terms.inverses)

        source.positions = Positions(source.file, places, reading.parents)

    def read_xml(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Read RDF/XML; False when the XML does not speak of RDF."""
        from graphsc.sources.rdf import FORMATS, read_rdf
        from graphsc.sources.xml_places import dangerous_entity, is_rdf_xml, xml_places
        from graphsc.sources.yaml_tree import place_of

        if not is_rdf_xml(text) and file.suffix == ".xml":
            return False
        entity = dangerous_entity(text)
        if entity is not None:
            source.complete = False
            report.add(
                "xml-entity", f"Entiteten {quoted(entity[0])} udfoldes ikke: den kan hente eller fylde hvad som helst.",
                f"The entity {quoted(entity[0])} is not expanded: it could fetch or fill anything.", place_of(text, entity[1]),
            )  # fmt: skip
            return True
        content = text.encode()
        places, fault = xml_places(content, self.base)
        reading = read_rdf(content, FORMATS[file.suffix], source.graph, report, self.terms, self.base, fault)
        source.quads, source.complete = reading.quads, reading.complete
        source.positions = Positions(source.file, places.turned(self.terms.inverses), reading.parents)
        return True

    def read_json(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Read JSON-LD or OCDS, whichever the contents are; False when they are neither."""
        from graphsc.sources.json_tree import read_json
        from graphsc.sources.jsonld import is_jsonld, read_jsonld
        from graphsc.sources.ocds import is_ocds, read_ocds
        from graphsc.sources.tree import Mapping

        root = read_json(text, report)
        if root is None:
            source.complete = False
        elif file.suffix == ".jsonld" or is_jsonld(root):
            reading, places = read_jsonld(root, source.graph, report, self.terms, self.base)
            source.quads, source.complete = reading.quads, reading.complete
            source.positions = Positions(source.file, places.turned(self.terms.inverses), reading.parents)
        elif isinstance(root, Mapping) and is_ocds(root):
            self.ocds.append((read_ocds(root, source.graph, report), source))
        else:
            return False
        return True

    def known(self) -> dict[str, set[str]]:
        """Every described node, and its classes."""
        known: dict[str, set[str]] = {}
        for source in self.sources:
            for quad in source.quads:
                if quad.predicate.value == v.RDF_TYPE:
                    subject, object_ = quad.subject, quad.object
                    if isinstance(subject, NamedNode) and isinstance(object_, NamedNode):
                        known.setdefault(subject.value, set()).add(object_.value)
        return known

    def learn_concepts(self, known: dict[str, set[str]]) -> None:
        """Make the concepts that the sources declare usable by name."""
        own = {iri for iri, classes in known.items() if v.SKOS_CONCEPT in classes} - set(self.terms.concepts)
        if not own:
            return
        schemes: dict[str, set[str]] = {}
        words: dict[str, set[str]] = {}
        for source in self.sources:
            for quad in source.quads:
                subject = getattr(quad.subject, "value", "")
                if subject not in own:
                    continue
                if quad.predicate.value == v.SKOS_IN_SCHEME and isinstance(quad.object, NamedNode):
                    schemes.setdefault(subject, set()).add(quad.object.value)
                elif quad.predicate.value in (v.SKOS_PREF_LABEL, v.SKOS_ALT_LABEL) and isinstance(quad.object, Literal):
                    words.setdefault(subject, set()).add(quad.object.value)
        for iri in sorted(own):
            name = v.local_name(iri)
            self.terms.add_concept(
                Concept(iri, Text.same(name), tuple(sorted(schemes.get(iri, ()))), (name, *sorted(words.get(iri, ()))))
            )

    def tell_ocds(self) -> None:
        """State what the OCDS files say, knowing from all of them which processes are frameworks."""
        if not self.ocds:
            return
        from graphsc.sources.ocds_statements import Across

        across = Across()
        for reading, _ in self.ocds:
            reading.tell(across)
        for reading, source in self.ocds:
            reading.emit(across)
            source.quads = list(reading.quads)
            source.positions = Positions(source.file, reading.places)

    def settle_yaml(self, known: dict[str, set[str]]) -> None:
        """Decide what the single values of the YAML files refer to."""
        if not self.yaml:
            return
        from graphsc.sources.yaml_references import settle

        for reading, source in self.yaml:
            settle(reading, known)
            source.quads = list(reading.quads)

    def settle(self) -> Sources:
        """Settle references across the files, check everything, and make legal units one."""
        self.tell_ocds()
        for reading, source in self.yaml:
            source.quads = list(reading.quads)
        known = self.known()
        self.learn_concepts(known)
        self.settle_yaml(known)
        for report in self.reports:
            self.problems += report.problems + report.uncounted()
        whole = all(source.complete for source in self.sources) and not any(
            p.code in ("unreadable", "missing-path") for p in self.problems
        )
        known = self.known() if self.yaml else known
        self.problems += check(self.sources, self.terms, known, whole)
        replaced = unite(self.sources)
        return Sources(self.sources, sorted(dict.fromkeys(self.problems), key=lambda p: p.order), replaced)


def read(paths: Sequence[Path], *, base: str = DEFAULT_BASE, additions: Iterable[Triple] = ()) -> Sources:
    """Read files and folders; what they say, where, and what is wrong with them.

    ``base`` is put before ids that are no whole IRIs; ``additions`` are terms and concepts beside the
    shipped ones. Nothing is raised for what a file contains, and
    nothing is fetched. Files are read once each, folders in name order.
    """
    files, problems = find([Path(path) for path in paths])
    run = _Run(base, load(additions), problems=problems)
    for file in files:
        run.open(file)
    return run.settle()
