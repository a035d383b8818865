"""Reads files of all formats together, since one may refer to nodes that another describes."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from graphsc.core import vocabulary as v
from graphsc.core.garbage import without_garbage_collection
from graphsc.core.identifiers import DEFAULT_BASE, source_graph
from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.text import Text
from graphsc.sources.across import Bases, nothing_known, nothing_said, same_legal_unit, unite, unknown_contents
from graphsc.sources.checks import check
from graphsc.sources.files import STANDARD_INPUT, WORKBOOKS, File, decode, find
from graphsc.sources.model import Places, Positions, Source, Sources, described
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Concept, Terms, load

if TYPE_CHECKING:
    from graphsc.sources.ocds.reader import OcdsReading
    from graphsc.sources.rdf.reader import RdfReading
    from graphsc.sources.tree import Node
    from graphsc.sources.workbook.reading import WorkbookReading
    from graphsc.sources.yaml.reader import YamlReading


@dataclass
class _Run:
    """One call of `read`."""

    base: str
    terms: Terms
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reports: list[Reporter] = field(default_factory=list)
    yaml: list[tuple[YamlReading, Source]] = field(default_factory=list)
    ocds: list[tuple[OcdsReading, Source]] = field(default_factory=list)
    books: list[WorkbookReading] = field(default_factory=list)
    fetched: dict[str, str] = field(default_factory=dict)
    bases: Bases = field(init=False)

    def __post_init__(self) -> None:
        self.bases = Bases(self.base)

    def open(self, file: File) -> None:
        """Read one file; its references are resolved later."""
        content = content_of(file)
        if isinstance(content, Problem):
            self.problems.append(content)
        else:
            self.take(file, content)

    def take(self, file: File, content: bytes) -> None:
        """Read the contents of a file."""
        report = Reporter(file.name)
        self.reports.append(report)
        source = Source(
            file.name, source_graph(file.name), hashlib.sha256(content).hexdigest(), [], Positions(file.name, Places())
        )
        if file.suffix in WORKBOOKS:
            self.read_workbook(content, report, source)
            self.sources.append(source)
            return
        text = decode(content, report)
        if text is None:
            source.complete = False
        elif not text.strip():
            report.add("empty-file", "Filen er tom.", "The file is empty.")
        elif not self.read(file, text, report, source):
            self.problems.append(unknown_contents(file, text))
            return
        self.sources.append(source)

    def take_lines(self, url: str, lines: bytes) -> None:
        """Read the lines of N-Quads that are at a URL, in any order."""
        from graphsc.sources.rdf.places import LinePlaces
        from graphsc.sources.rdf.reader import FORMATS, read_rdf

        report = Reporter(url)
        self.reports.append(report)
        self.fetched[url] = text = lines.decode()
        source = Source(url, source_graph(url), "", [], Positions(url, Places()), at_url=True)
        reading = read_rdf(lines, FORMATS[".nq"], source.graph, report, self.terms, self.base)
        _fill(source, reading, lambda: LinePlaces(text), by_statement=True)
        self.sources.append(source)

    def without_line(self, problem: Problem) -> Problem:
        """A problem at a URL with its node and property, or the line that is no statement, in place of the line's number."""
        text, line = self.fetched.get(problem.location.file), problem.location.line
        if text is None or line is None:
            return problem
        words = text.split("\n")[line - 1].split(" ")
        where = quoted(" ".join(words if problem.code == "syntax" else words[:2]), 500)
        said = Text(f"{problem.message.da} Se {where}.", f"{problem.message.en} See {where}.")
        return replace(problem, message=said, location=Location(problem.location.file))

    def read(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Hand a file to the reader of its format; False when its contents have no known format."""
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
        """Read YAML; its references wait until every file is read, and so does all of it if it names no base."""
        from graphsc.sources.tree import Scalar, read_yaml
        from graphsc.sources.yaml.reader import names_base

        documents, source.complete = read_yaml(text, report)
        if source.complete and all(isinstance(root, Scalar) and root.empty for root in documents):
            report.add("empty-file", "Der er kun kommentarer i filen.", "There are only comments in the file.")
            return
        if documents and not names_base(documents):
            self.bases.wait(source, lambda base: self.state_yaml(documents, report, source, base))
        else:
            self.state_yaml(documents, report, source, self.base)

    def state_yaml(self, documents: list[Node], report: Reporter, source: Source, base: str) -> None:
        """Make the statements of the documents of a YAML file."""
        from graphsc.sources.yaml.reader import read_documents

        self.keep(read_documents(documents, source.graph, report, self.terms, base), source)

    def keep(self, reading: YamlReading, source: Source) -> None:
        """Keep a reading until the references are resolved, and note the bases that it names."""
        source.bases, source.words = tuple(reading.bases_named), reading.words
        for base, place in reading.bases_named.items():
            self.bases.named.setdefault(base, Location.at(source.file, place))
        source.positions = Positions(source.file, reading.places, reading.parents)
        self.yaml.append((reading, source))

    def read_workbook(self, content: bytes, report: Reporter, source: Source) -> None:
        """Read a workbook; its rows become the same trees as YAML."""
        from graphsc.sources.workbook.reading import open_workbook

        book = open_workbook(content, source.graph, report, self.terms)
        if book is None:
            source.complete = False
            return
        source.complete = not book.recognised.lost
        self.books.append(book)
        if book.names_base():
            self.keep(book.read(self.base), source)
        else:
            self.bases.wait(source, lambda base: self.keep(book.read(base), source))

    def read_turtle(self, file: File, text: str, report: Reporter, source: Source) -> None:
        """Read Turtle, TriG, N-Triples or N-Quads."""
        from graphsc.sources.rdf.places import LinePlaces, turtle_places
        from graphsc.sources.rdf.reader import FORMATS, read_rdf

        flat = file.suffix in (".nt", ".nq")

        def state(base: str) -> None:
            reading = read_rdf(text.encode(), FORMATS[file.suffix], source.graph, report, self.terms, base)

            def places() -> Places:
                return LinePlaces(text) if flat else turtle_places(text, base).with_inverses(self.terms.inverses)

            _fill(source, reading, places, by_statement=flat and reading.plain)

        if flat:
            state(self.base)
        else:
            self.bases.wait(source, state, text)

    def read_xml(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Read RDF/XML; False when the XML contains no RDF."""
        from graphsc.sources.rdf.places import xml_places
        from graphsc.sources.rdf.reader import FORMATS, is_dangerous, is_rdf_xml, read_rdf

        if not is_rdf_xml(text) and file.suffix == ".xml":
            return False
        if is_dangerous(text, report):
            source.complete = False
            return True
        content = text.encode()

        def state(base: str) -> None:
            places, fault = xml_places(content, base)
            reading = read_rdf(content, FORMATS[file.suffix], source.graph, report, self.terms, base, fault, places)
            _fill(source, reading, places)

        self.bases.wait(source, state, text)
        return True

    def read_json(self, file: File, text: str, report: Reporter, source: Source) -> bool:
        """Read JSON-LD or OCDS by the contents; False when they are neither."""
        from graphsc.sources.ocds.reader import is_ocds, read_ocds
        from graphsc.sources.rdf.jsonld import is_jsonld, read_jsonld
        from graphsc.sources.tree import Mapping, read_json

        root = read_json(text, report)
        if root is None:
            source.complete = False
        elif file.suffix == ".jsonld" or is_jsonld(root):

            def state(base: str) -> None:
                _fill(source, *read_jsonld(root, source.graph, report, self.terms, base))

            self.bases.wait(source, state, text)
        elif isinstance(root, Mapping) and is_ocds(root):
            self.ocds.append((read_ocds(root, source.graph, report, self.terms), source))
        else:
            return False
        return True

    def learn_concepts(self, classes_of: Mapping[str, frozenset[str]]) -> list[Concept]:
        """Make the concepts that the sources declare usable by name."""
        added = {iri for iri, classes in classes_of.items() if v.SKOS_CONCEPT in classes} - set(self.terms.concepts)
        if not added:
            return []
        schemes: dict[str, set[str]] = {}
        words: dict[str, set[str]] = {}
        for source in self.sources:
            for quad in source.statements(v.SKOS_IN_SCHEME):
                subject = getattr(quad.subject, "value", "")
                if subject in added and isinstance(quad.object, NamedNode):
                    schemes.setdefault(subject, set()).add(quad.object.value)
            for quad in (*source.statements(v.SKOS_PREF_LABEL), *source.statements(v.SKOS_ALT_LABEL)):
                subject = getattr(quad.subject, "value", "")
                if subject in added and isinstance(quad.object, Literal):
                    words.setdefault(subject, set()).add(quad.object.value)
        concepts: list[Concept] = []
        for iri in sorted(added):
            name = v.local_name(iri)
            concepts.append(
                Concept(iri, Text.same(name), tuple(sorted(schemes.get(iri, ()))), (name, *sorted(words.get(iri, ()))))
            )
            self.terms.add_concept(concepts[-1])
        return concepts

    def collect_ocds_frameworks(self) -> None:
        """Make the statements of the OCDS files, after finding in all of them which processes are frameworks."""
        if not self.ocds:
            return
        from graphsc.sources.ocds.reader import Across, emit

        across = Across()
        for reading, _ in self.ocds:
            reading.collect_frameworks(across)
        for reading, source in self.ocds:
            emit(reading, across)
            source.quads = list(reading.quads)
            source.positions = Positions(source.file, reading.places)

    def resolve(self) -> Sources:
        """Resolve references across the files, check everything, and merge legal units."""
        self.problems += self.bases.read()
        self.collect_ocds_frameworks()
        for reading, source in self.yaml:
            source.quads = list(reading.quads)
        classes_of = described(self.sources)
        concepts = self.learn_concepts(classes_of)
        for reading, source in self.yaml:
            reading.resolve(classes_of)
            source.quads = list(reading.quads)
        for report in self.reports:
            self.problems += report.problems + report.uncounted()
        whole = all(source.complete for source in self.sources) and not any(
            p.code in ("unreadable", "missing-path") for p in self.problems
        )
        classes_of = described(self.sources) if self.yaml else classes_of
        unknown = (nothing_known(source, self.terms, classes_of) for source in self.sources)
        self.problems += [problem for problem in unknown if problem is not None]
        self.problems += nothing_said(self.sources, {problem.location.file for problem in self.problems})
        self.problems += check(self.sources, self.terms, classes_of, whole)
        if any(problem.code == "unchecked-reference" for problem in self.problems):
            self.problems += [problem for book in self.books for problem in book.empty_sheets()]
        for source in self.sources:
            if source.at_url:
                source.positions = Positions(source.file, Places())
        replaced = same_legal_unit(self.sources)
        unite(self.sources, replaced)
        problems = by_place(dict.fromkeys(map(self.without_line, self.problems)))
        return Sources(self.sources, [*problems], replaced, concepts)


def _fill(
    source: Source, reading: RdfReading, places: Places | Callable[[], Places], *, by_statement: bool = False
) -> None:
    """Give a source what was read of its RDF."""
    source.quads, source.complete = reading.quads, reading.complete
    source.positions = Positions(source.file, places, reading.parents, by_statement=by_statement)


def content_of(file: File) -> bytes | Problem:
    """The bytes of a file, or the problem that it cannot be read."""
    try:
        return sys.stdin.buffer.read() if file.path == STANDARD_INPUT else file.path.read_bytes()
    except OSError:
        unreadable = Text("Filen kan ikke læses.", "The file cannot be read.")
        return Problem("unreadable", unreadable, Location(file.name))


@without_garbage_collection()
def read(
    paths: Sequence[Path],
    *,
    base: str = DEFAULT_BASE,
    additions: Iterable[Triple] = (),
    ignored: Sequence[str] = (),
    fetched: Mapping[str, bytes] | None = None,
) -> Sources:
    """Read files and folders; gives their statements, places and problems.

    ``base`` is put before ids that are no absolute IRIs; ``additions`` are terms and concepts in addition to the
    shipped ones; ``ignored`` are patterns of files in folders that are not read; ``fetched`` has the lines of N-Quads at
    URLs. Nothing is raised for the contents of a file, and nothing is fetched. Files are read once each, folders
    in name order.
    """
    files, problems, unread = find([Path(path) for path in paths], ignored)
    run = _Run(base, load(additions).copy(), problems=problems)
    for file in files:
        run.open(file)
    for url, lines in (fetched or {}).items():
        run.take_lines(url, lines)
    sources = run.resolve()
    sources.unread = unread
    return sources


def read_some(contents: Iterable[tuple[File, bytes]], *, base: str, additions: Iterable[Triple] = ()) -> Sources:
    """Read the contents of files."""
    run = _Run(base, load(additions).copy())
    for file, content in contents:
        run.take(file, content)
    return run.resolve()
