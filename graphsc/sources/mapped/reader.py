"""Documents of any shape, read by a mapping (`graphsc.sources.mapped.mapping`) into the same quads as our own formats."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE, source_graph
from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.resources import knowledge, knowledge_files
from graphsc.core.text import Text
from graphsc.sources.across import same_legal_unit, unite
from graphsc.sources.checks import check
from graphsc.sources.files import File, decode, find
from graphsc.sources.mapped.documents import SUFFIXES, read_document, suffixes
from graphsc.sources.mapped.mapping import DocumentMapping, read_mapping
from graphsc.sources.mapped.paths import Gathering, Unread
from graphsc.sources.mapped.reading import Reading
from graphsc.sources.model import Positions, Source, Sources, described
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms, load
from graphsc.sources.values import IDENTIFIERS

FOLDER = "ontology/importers"
CONTRADICTION = "contradiction"
FATAL = frozenset(
    {
        "syntax", "not-utf8", "unreadable", "missing-path", "unknown-format", "too-deep", "empty-file", "xml-entity",
        "password", "broken-workbook", "too-large", "nothing-to-read", "nothing-known", CONTRADICTION,
    }
)  # fmt: skip
"""Problems after which nothing that was read can be relied on; for other problems only the value they name is left out."""


class UnreadableError(ValueError):
    """Some input could not be read; ``problems`` are what and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.location}: {problem.message.en}" for problem in problems[:3]))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Mapped:
    """The result of reading files by a mapping: the sources, and what in them was not read."""

    sources: Sources
    unread: list[Unread] = field(default_factory=list)
    unrecognised: list[Problem] = field(default_factory=list)
    """Files in which the mapping reads nothing."""

    @property
    def fatal(self) -> list[Problem]:
        """The problems after which nothing can be taken over."""
        return [problem for problem in self.sources.problems if problem.code in FATAL]


def mappings() -> tuple[str, ...]:
    """The names of the mappings that come with the product."""
    return tuple(file.name.removesuffix(".toml") for file in knowledge_files(FOLDER, ".toml"))


def load_mapping(mapping: str | Path, terms: Terms | None = None) -> DocumentMapping:
    """A mapping by its name, or from a file. FileNotFoundError when there is none, UnreadableError when it is invalid."""
    if isinstance(mapping, Path):
        name = mapping.as_posix()
        report = Reporter(name)
        text = decode(mapping.read_bytes(), report)
    else:
        if mapping not in mappings():
            raise FileNotFoundError(f"there is no mapping {mapping!r}; there are: {', '.join(mappings())}")
        text, name = knowledge(f"{FOLDER}/{mapping}.toml").read_text(encoding="utf-8"), mapping
        report = Reporter(name)
    result = None if text is None else read_mapping(text, name, terms or load(), report)
    if result is None:
        raise UnreadableError(report.problems)
    return result


def read_all(paths: Sequence[str | Path], mapping: str | Path | DocumentMapping, *, base: str = DEFAULT_BASE) -> Mapped:
    """Read files, and all files of folders, by a mapping; gives places, problems as values, and what was not read."""
    terms = load()
    if not isinstance(mapping, DocumentMapping):
        mapping = load_mapping(mapping, terms)
    files, problems, _ = find([Path(path) for path in paths], suffixes=suffixes(mapping))
    sources: list[Source] = []
    unread = Gathering()
    repeated: set[str] = set()
    unknown: list[Problem] = []
    for file in files:
        report = Reporter(file.name)
        reading, source = _read_file(file, mapping, terms, base, report, unread)
        repeated |= reading.repeated
        sources += [source] if source is not None else []
        problems += report.problems + report.uncounted()
        if not reading.things and source is not None and source.complete:
            nothing = Text(
                "I filen er der intet af det, der læses her.", "In the file there is nothing of what is read here."
            )
            unknown.append(Problem("unrecognised", nothing, Location(file.name)))
    problems += check(sources, terms, described(sources), all(source.complete for source in sources))
    replaced = same_legal_unit(sources)
    unite(sources, replaced)
    problems += resolve(sources, terms, repeated)
    result = Sources(sources, [*by_place(dict.fromkeys(problems))], replaced)
    return Mapped(result, unread.summary(mapping.aside), unknown)


def _read_file(
    file: File, mapping: DocumentMapping, terms: Terms, base: str, report: Reporter, unread: Gathering
) -> tuple[Reading, Source | None]:
    """Read one file; no source where the file cannot be opened."""
    reading = Reading(mapping, NamedNode(source_graph(file.name)), terms, base, report)
    try:
        content = file.path.read_bytes()
    except OSError:
        report.add("unreadable", "Filen kan ikke læses.", "The file cannot be read.")
        return reading, None
    root = read_document(file, content, mapping, report)
    if root is not None:
        reading.document(root, file.suffix in SUFFIXES["table"])
        unread.add(file.name, root, reading.indexes.used)
    sha256 = hashlib.sha256(content).hexdigest()
    positions = Positions(file.name, reading.places)
    whole = root is not None
    return reading, Source(file.name, reading.graph.value, sha256, list(reading.quads), positions, whole)


def resolve(sources: list[Source], terms: Terms, repeated: Collection[str]) -> list[Problem]:
    """Keep the first name of each thing and report the others; two values of a property that takes one are a contradiction.

    So are two names on rows of a table that are about the same thing, if it is in ``repeated``.
    """
    single = {prop.iri for prop in terms.properties.values() if prop.functional} | IDENTIFIERS.keys()
    kept: dict[tuple[str, str], tuple[Quad, Location]] = {}
    problems: list[Problem] = []
    for source in sources:
        quads: list[Quad] = []
        for quad in source.quads:
            subject, predicate = str(quad.subject), quad.predicate.value
            first = kept.get((subject, predicate))
            if predicate in single or predicate == v.RDFS_LABEL:
                if first is None:
                    kept[subject, predicate] = quad, source.place(quad)
                elif first[0].object != quad.object:
                    problems.append(_disagreement(first, quad, source.place(quad), terms, repeated))
                    continue
            quads.append(quad)
        source.quads = quads
    return problems


def _disagreement(
    first: tuple[Quad, Location], quad: Quad, place: Location, terms: Terms, repeated: Collection[str]
) -> Problem:
    earlier, later = (quoted(getattr(statement.object, "value", "")) for statement in (first[0], quad))
    thing, predicate = quoted(getattr(quad.subject, "value", "")), quad.predicate.value
    rows = getattr(quad.subject, "value", "") in repeated
    if predicate == v.RDFS_LABEL and not rows:
        return Problem(
            "other-name",
            Text(
                f"{later} er et andet navn for det, der hedder {earlier} ({first[1]}); det første bruges.",
                f"{later} is another name for what is called {earlier} ({first[1]}); the first is used.",
            ),
            place,
        )
    prop = terms.properties.get(predicate)
    label = prop.label if prop is not None else Text("navn", "name")
    two = Text(", eller giv de to rækker hver sit nummer eller navn", ", or give the two rows a number or name each")
    tail = two if rows else Text("", "")
    return Problem(
        CONTRADICTION,
        Text(
            f"{thing} har to forskellige værdier for {label.da}: {later} her og {earlier} i {first[1]}. Ret den, der er forkert{tail.da}.",
            f"{thing} has two different values of {label.en}: {later} here and {earlier} at {first[1]}. Correct the one that is wrong{tail.en}.",
        ),
        place,
    )


def recognise(paths: Sequence[str | Path]) -> list[str]:
    """The shipped mappings that read something in the files, the one that reads most of them first."""
    terms = load()
    counted: Counter[str] = Counter()
    for name in mappings():
        mapping = load_mapping(name, terms)
        files, _, _ = find([Path(path) for path in paths], suffixes=suffixes(mapping))
        for file in files:
            reading, _ = _read_file(file, mapping, terms, DEFAULT_BASE, Reporter(file.name), Gathering())
            if reading.things:
                counted[name] += len(reading.indexes.used)
    return sorted((name for name, count in counted.items() if count), key=lambda name: (-counted[name], name))
