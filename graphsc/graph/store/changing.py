"""What files say otherwise than a version of a store, read without reading the others again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.identifiers import source_graph
from graphsc.core.problems import Problem
from graphsc.core.vocabulary import RDF_TYPE, SKOS_CONCEPT
from graphsc.graph.dataset import SOURCE_PREFIX, Dataset
from graphsc.graph.store.folder import Folder
from graphsc.graph.store.manifest import Manifest, Stored
from graphsc.sources.files import WORKBOOKS, File
from graphsc.sources.model import Parties, Sources
from graphsc.sources.reader import Rest, content_of, read_some
from graphsc.sources.terms import Concept

_BY_NAME = frozenset({".yaml", ".yml"}) | WORKBOOKS
"""Formats whose values refer to things by names, which mean one thing or another by what all the files describe."""
_OF_ALL = frozenset({"several-bases", "empty-file"})
"""Problems that depend on what all the files say."""
_TOGETHER = frozenset({".json"})
"""Formats that may be OCDS, whose files are told together."""
_TYPE = ox.NamedNode(RDF_TYPE)
_SETTLED = 2_000_000_000
"""A file that changed so few nanoseconds ago may change again within the clock's grain."""


@dataclass(slots=True)
class FileChanges:
    """The files that there are now: those that are as they were, and the contents of the others."""

    same: list[Stored] = field(default_factory=list)
    other: dict[str, tuple[File, bytes, tuple[int, int] | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def compare_files(files: Iterable[File], known: Iterable[Stored]) -> FileChanges:
    """The files beside what is known of them. A file of the same size and time of change is taken to be the same."""
    before = {stored.file: stored for stored in known}
    result = FileChanges()
    for file in files:
        stored, stamp = before.get(file.name), _stamp(file.path)
        if stored is not None and stamp is not None and stored.stamp == stamp:
            result.same.append(stored)
            continue
        content = content_of(file)
        if isinstance(content, Problem):
            result.problems.append(content)
        elif stored is not None and hashlib.sha256(content).hexdigest() == stored.sha256:
            result.same.append(replace(stored, stamp=stamp))
        else:
            result.other[file.name] = (file, content, stamp)
    return result


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if time.time_ns() - status.st_mtime_ns > _SETTLED else None


@dataclass(slots=True)
class Change:
    """Sources that were read, those that are gone, by file, and those that stay as they were."""

    read: Sources
    gone: list[str]
    same: list[Stored]


class _Rest:
    """The sources of a version that are not read again."""

    def __init__(self, dataset: Dataset, manifest: Manifest, read: set[str]) -> None:
        self._store = dataset.embedded
        self._later = ox.Store()
        self._later.extend(manifest.later)
        self._stores = (self._store, self._later) if manifest.later else (self._store,)
        self._read = {source_graph(file) for file in read}
        self._kept = manifest.same_legal_unit
        self.concepts: Sequence[Concept] = manifest.concepts
        self.parties: Sequence[Parties] = [source.parties for source in manifest.sources if source.file not in read]
        self.bases: Collection[str] = {
            base for source in manifest.sources if source.file not in read for base in source.bases
        }

    def classes(self, node: str) -> set[str]:
        """The classes that they say a node is of."""
        try:
            subject = ox.NamedNode(self._kept.get(node, node))
        except ValueError:
            return set()
        return {quad.object.value for quad in self._typed(subject) if isinstance(quad.object, ox.NamedNode)}

    def nodes(self) -> set[str]:
        """Every node that they describe."""
        return {quad.subject.value for quad in self._typed(None) if isinstance(quad.subject, ox.NamedNode)}

    def _typed(self, subject: ox.NamedNode | None) -> Iterator[ox.Quad]:
        for store in self._stores:
            for quad in store.quads_for_pattern(subject, _TYPE, None, None):
                graph = quad.graph_name
                name = graph.value if isinstance(graph, ox.NamedNode) else ""
                if name.startswith(SOURCE_PREFIX) and name not in self._read:
                    yield quad


def stored_source(folder: Folder, stored: Stored) -> tuple[File, bytes]:
    """A source as it was loaded, to be read again."""
    file = File(Path(stored.file).with_suffix(stored.suffix), stored.file, named=False)
    return file, folder.text(stored.sha256)


def rest_of(dataset: Dataset, manifest: Manifest, read: set[str]) -> Rest:
    """The sources of a version but for some files, as a reader of these needs to know them."""
    return _Rest(dataset, manifest, read)


def difference(
    dataset: Dataset,
    manifest: Manifest,
    result: FileChanges,
    folder: Folder,
    *,
    base: str,
    additions: Sequence[ox.Triple],
) -> Change | None:
    """What the files say otherwise than the version that the dataset holds; None when all must be read again.

    An unchanged file is read again only where it speaks of something that is described otherwise now, or where its
    format lets other files decide what it means.
    """
    there = {stored.file for stored in result.same} | result.other.keys()
    gone = [stored.file for stored in manifest.sources if stored.file not in there]
    contents = {file: (one, content) for file, (one, content, _) in result.other.items()}
    unread = {stored.file: stored for stored in result.same}

    def again(files: Iterable[str]) -> bool:
        some = [unread.pop(file) for file in list(files)]
        for stored in some:
            contents[stored.file] = stored_source(folder, stored)
        return bool(some)

    if any(Path(file).suffix.lower() in _TOGETHER for file in (*contents, *gone)):
        again([file for file, stored in unread.items() if stored.suffix in _TOGETHER])
    while True:
        rest = rest_of(dataset, manifest, {*contents, *gone})
        read = read_some(contents.values(), base=base, additions=additions, rest=rest)
        if _bases(read, rest) != {base for stored in manifest.sources for base in stored.bases}:
            return None  # they decide the ids of the files that say none
        if any(problem.code in _OF_ALL for problem in read.problems):
            return None  # only who reads all the files can tell where each stands
        if read.problems:
            return Change(read, gone, list(unread.values()))
        if read.same_legal_unit != manifest.same_legal_unit:
            return None
        before = _described(_quads(dataset, manifest, [*contents, *gone], _TYPE))
        after = _described(quad for source in read.sources for quad in source.statements(RDF_TYPE))
        others = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
        concepts = {concept.iri for concept in manifest.concepts}
        if any(SKOS_CONCEPT in said.get(node, ()) for node in others for said in (before, after)) or any(
            _subject(quad) in concepts for quad in (_quads(dataset, manifest, [*contents, *gone]) if concepts else ())
        ):
            return None
        speaking = _speaking(dataset, manifest, others) & unread.keys()
        if others:
            speaking |= {file for file, stored in unread.items() if stored.suffix in _BY_NAME}
        if not again(speaking):
            return Change(read, gone, list(unread.values()))


def _bases(read: Sources, rest: Rest) -> set[str]:
    return {*rest.bases, *(base for source in read.sources for base in source.bases)}


def _quads(
    dataset: Dataset, manifest: Manifest, files: Iterable[str], predicate: ox.NamedNode | None = None
) -> Iterator[ox.Quad]:
    """What a version holds of some files, of one property or any."""
    graphs = {source_graph(file) for file in files}
    for graph in graphs:
        yield from dataset.embedded.quads_for_pattern(None, predicate, None, ox.NamedNode(graph))
    for quad in manifest.later:
        if (
            isinstance(quad.graph_name, ox.NamedNode)
            and quad.graph_name.value in graphs
            and predicate in (None, quad.predicate)
        ):
            yield quad


def _subject(quad: ox.Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""


def _described(quads: Iterable[ox.Quad]) -> dict[str, set[str]]:
    result: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            result.setdefault(_subject(quad), set()).add(quad.object.value)
    return result


def _speaking(dataset: Dataset, manifest: Manifest, nodes: Iterable[str]) -> set[str]:
    """The files of a version that name one of the nodes."""
    files = {source_graph(stored.file): stored.file for stored in manifest.sources}
    later = ox.Store()
    later.extend(manifest.later)
    result: set[str] = set()
    for node in nodes:
        if node:
            for store in (dataset.embedded, later):
                for quad in store.quads_for_pattern(None, None, ox.NamedNode(node), None):
                    graph = quad.graph_name
                    if isinstance(graph, ox.NamedNode) and graph.value in files:
                        result.add(files[graph.value])
    return result


def entries(change: Change, result: FileChanges) -> list[Stored]:
    """What a manifest says of the files after a change."""
    told = {source.file: source for source in change.read.sources}
    listed = list(change.same)
    listed += [
        replace(stored, parties=told[stored.file].parties, triples=told[stored.file].size())
        for stored in result.same
        if stored.file in told
    ]
    for name, (file, content, stamp) in result.other.items():
        source = told.get(name)
        digest = hashlib.sha256(content).hexdigest()
        if source is None:
            listed.append(Stored(name, file.suffix, digest, stamp, Parties(), told=False))
        else:
            by_statement = source.positions.by_statement
            listed.append(
                Stored(
                    name, file.suffix, digest, stamp, source.parties, True, source.size(), by_statement, source.bases
                )
            )
    return sorted(listed, key=lambda stored: stored.file)
