"""Loading files into a store on disk, and opening it with the same result as reading the files."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pyoxigraph as ox

from graphsc import __version__, relational
from graphsc.core import frameworks
from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.problems import Problem
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings, beside
from graphsc.core.vocabulary import RDF_TYPE, RDFS_SUBCLASS_OF
from graphsc.coverage.premises import with_facts
from graphsc.explanation.near_misses import with_near_misses
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset, Row
from graphsc.graph.store import sealed
from graphsc.graph.store.folder import Folder, remove
from graphsc.graph.store.manifest import Manifest, Stored
from graphsc.graph.store.quads import write_graph
from graphsc.graph.store.sealed import Damaged
from graphsc.graph.store.sources import TEXTS, keep_texts, kept_texts, stored_sources
from graphsc.service.opened import Opened, retried_on_oxigraph, work_out
from graphsc.service.own_knowledge import derivation_rules, faults
from graphsc.sources import own_knowledge
from graphsc.sources.files import File, find
from graphsc.sources.model import Sources
from graphsc.sources.reader import read_some
from graphsc.sparql.patterns import INSTANCES, facts_read
from graphsc.validation import validate

_FOLDERS = (
    ("ontology", (".ttl", ".rq")),
    ("ontology/obligations", (".ttl",)),
    ("ontology/treatment", (".ttl",)),
    ("ontology/rules", (".rq",)),
    ("ontology/analysis", (".rq", ".toml")),
    ("ontology/context", (".rq",)),
    ("shapes", (".ttl",)),
)


@dataclass(slots=True)
class Loaded:
    """The result of loading: the number of files, and whether anything was new; with ``problems`` the store is unchanged."""

    files: int = 0
    published: bool = False
    problems: list[Problem] = field(default_factory=list)


def load(paths: Sequence[Path], directory: Path, settings: Settings) -> Loaded:
    """Make a store hold exactly the statements of the files, as of the evaluation date.

    Mistakes in the files are returned, and then nothing changes. Raises Busy, NotAStore and OSError.
    """
    additions = own_knowledge.read(settings.knowledge)
    files, problems, unread = find(paths, settings.ignore_files)
    if problems or additions.problems:
        return Loaded(problems=[*problems, *additions.problems])
    folder = Folder(directory)
    with folder.loading(), folder.scratch() as new_version:
        version = None
        with suppress(Damaged):  # it is made anew
            version = folder.current()
        if version is not None and _is_of(version[1], files, unread, settings):
            return Loaded(len(files))
        sources = read_some(keep_texts(files, new_version, problems), base=settings.base, additions=additions.triples)
        if problems or sources.problems:
            return Loaded(problems=[*problems, *sources.problems])
        sources.unread = unread
        opened = work_out(sources, settings, additions, [])
        if opened.problems:
            return Loaded(problems=opened.problems)
        before, known = version or (None, None)
        changed = write_graph(opened.dataset, new_version, before)
        opened.dataset.answers = {} if known is None or changed is None else _unaffected(known, opened, changed)
        folder.publish(new_version, retried_on_oxigraph(opened, lambda: _judged(opened)), before)
    return Loaded(len(files), published=True)


def open_store(directory: Path, settings: Settings, problems: Sequence[Problem] = ()) -> Opened:
    """Open a store as it was loaded, or as of another day or with other settings. Raises NotAStore and Damaged.

    Since much depends on the day, in the latter cases the texts are read again, and everything is computed anew.
    """
    additions = own_knowledge.read(settings.knowledge)
    folder = Folder(directory)
    current = folder.current()
    assert current is not None
    version, manifest = current
    texts = ZipFile(version / TEXTS)

    def read() -> Sources:
        sources = read_some(kept_texts(texts, manifest.sources), base=settings.base, additions=additions.triples)
        sources.unread = manifest.unread
        return sources

    result = [*problems, *additions.problems]
    if manifest.made_with != _digest(settings):
        return work_out(read(), settings, additions, result)
    copy = folder.copy(version)
    dataset = loading.load_knowledge(settings, additions.triples).with_store(ox.Store(str(copy / "graph")))
    weakref.finalize(dataset, remove, copy)
    assert dataset.written is not None
    dataset.written.restore(manifest.lost, manifest.kept)
    dataset.folder, dataset.later, dataset.answers = copy / "graph", manifest.later, dict(manifest.answers)
    relational.choose(dataset)

    @cache
    def reread() -> Sources:
        sources = read()
        sources.read_from(dataset.partial, dataset.asserted_in)
        return sources

    sources = stored_sources(manifest, reread)
    sources.read_from(dataset.partial, dataset.asserted_in)
    rules, wrong = derivation_rules(additions, dataset, settings)
    result += [*wrong, *faults(additions, dataset, settings)]
    return Opened(sources, dataset, settings, result, rules, additions)


def _is_of(manifest: Manifest, files: Sequence[File], unread: tuple[str, ...], settings: Settings) -> bool:
    """Whether a version was made of these files in their present state, with the same unread files and settings."""
    if manifest.made_with != _digest(settings) or manifest.unread != unread:
        return False
    with suppress(OSError):
        now = sorted((file.name, sealed.digest(file.path)) for file in files)
        return now == sorted((stored.file, stored.sha256) for stored in manifest.sources)
    return False


def _unaffected(before: Manifest, opened: Opened, changed: Iterable[ox.Quad]) -> dict[str, Sequence[Row]]:
    """The answers of the version before to queries that read no fact that has changed since, nor the form of its value."""
    if before.made_with != _digest(opened.settings):
        return {}
    assert opened.dataset.written is not None
    lost, kept = opened.dataset.written.snapshot(SOURCE_PREFIX)
    forms = {*before.lost}.symmetric_difference(lost) | {*before.kept}.symmetric_difference(kept)
    facts = {name for quad in (*changed, *forms) for name in _names(quad, opened.dataset)}
    return {
        query: rows
        for query, rows in before.answers.items()
        if (read := facts_read(query, by_superclass=True)) is not None and facts.isdisjoint(read)
    }


def _names(quad: ox.Quad, dataset: Dataset) -> set[str]:
    """All by which `facts_read` may name a statement, by the superclasses of its class too."""
    if quad.predicate.value != RDF_TYPE:
        return {quad.predicate.value}
    classes = [quad.object]
    for class_ in classes:
        above = [] if isinstance(class_, ox.Literal) else dataset.objects(class_, RDFS_SUBCLASS_OF)
        classes += (term for term in above if term not in classes)
    return {RDF_TYPE, f"{RDF_TYPE} {quad.object}", *(f"{INSTANCES} {class_}" for class_ in classes)}


def _judged(opened: Opened) -> Manifest:
    """The manifest of a version, after running every rule whose answer it does not have and locating every finding.

    Rules on limits run on demand, since measures take long.
    """
    dataset, sources = opened.dataset, opened.sources
    assert dataset.answers is not None
    report, rules = validate(dataset, sources, beside(opened.settings, select=(), ignore=(), limits={}))
    with_near_misses(report.findings, dataset, sources, rules)  # for the places that these name
    with_facts(dataset, report)  # for its counts
    assert dataset.written is not None
    lost, kept = dataset.written.snapshot(SOURCE_PREFIX)
    return Manifest(
        _digest(opened.settings),
        [Stored(source.file, source.sha256, source.bases, source.words) for source in sources.sources],
        sources.concepts,
        sources.places,
        dataset.answers,
        dataset.later,
        lost,
        kept,
        sources.unread,
    )


def _digest(settings: Settings) -> str:
    """A digest of everything that a graph depends on, except the sources."""
    of_run = sorted(settings.parameters.items()), sorted(settings.limits.items())
    values = (__version__, settings.as_of.isoformat(), settings.base, settings.frameworks, *of_run)
    state = hashlib.sha256(f"{values}\n".encode())
    for name, content in _knowledge(settings):
        state.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return state.hexdigest()


def _knowledge(settings: Settings) -> Iterator[tuple[str, bytes]]:
    for folder, suffixes in _FOLDERS:
        for suffix in suffixes:
            for file in knowledge_files(folder, suffix):
                yield f"{folder}/{file.name}", file.read_bytes()
    for file in (*frameworks.descriptions(), *frameworks.derivations(settings.frameworks)):
        yield f"framework {file.name}", file.read_bytes()
    for name in settings.knowledge:
        for file in sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]:
            if file.is_file():
                yield f"own {file.name}", file.read_bytes()
