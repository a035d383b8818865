"""The sources of a version, as everything else sees sources: what each speaks of, and where that is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from graphsc.graph import Dataset
from graphsc.identifiers import source_graph
from graphsc.location import Location
from graphsc.sources.files import File, decode
from graphsc.sources.legal_units import aliases_of
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.sources.reader import Rest, read_some
from graphsc.sources.turtle_places import LinePlaces
from graphsc.store.changing import resting
from graphsc.store.folder import Folder
from graphsc.store.manifest import Manifest, Stored
from graphsc.vocabulary import RDF_TYPE, RDFS_LABEL
from graphsc.writing import write_whole

_FLAT = frozenset({".nt", ".nq"})
"""Formats of one statement a line."""


class _Positions(Positions):
    """Where a stored source writes what: read from its text when that is asked, and remembered."""

    def __init__(
        self, file: str, speaks: Callable[[str], bool], read: Callable[[], Positions], memory: Path, *, flat: bool
    ) -> None:
        super().__init__(file, Places(), by_statement=flat)
        self._speaks, self._read, self._memory = speaks, read, memory
        self._real: Positions | None = None
        self._found: dict[str, list[int] | None] = {}
        self._new = False
        with suppress(OSError, ValueError):
            self._found = json.loads(memory.read_text(encoding="utf-8"))

    def locate(self, node: str, predicate: str | None = None, value: str | None = None) -> Location | None:
        """Where the node is written, or one property of it, or one value of that; None if it is not here."""
        if not self._speaks(node):
            return None
        key = json.dumps([node, predicate, value])
        if key not in self._found:
            place = self._positions().locate(node, predicate, value)
            known = place is not None and place.line is not None and place.column is not None
            self._found[key] = [place.line or 0, place.column or 0] if place is not None and known else None
            self._new = True
        found = self._found[key]
        return Location(self._file, found[0], found[1]) if found is not None else None

    def remember(self) -> None:
        """Keep what was found for the next time; where that cannot be written, it is found again then."""
        if self._new:
            with suppress(OSError):
                self._memory.parent.mkdir(exist_ok=True)
                write_whole(self._memory, json.dumps(self._found, ensure_ascii=False))

    def _positions(self) -> Positions:
        if self._real is None:
            self._real = self._read()
            self._real.aliases = self.aliases
        return self._real


class StoredSource(Source):
    """A source whose quads stand in a store."""

    __slots__ = ("_dataset", "_store")

    def __init__(self, stored: Stored, dataset: Dataset, positions: Positions) -> None:
        super().__init__(stored.file, source_graph(stored.file), stored.sha256, [], positions, parties=stored.parties)
        self._dataset, self._store = dataset, dataset.embedded

    def asserted(self) -> Sequence[ox.Quad]:
        """All that the source says, as it was written, with what is later than the evaluation date."""
        graph, written = ox.NamedNode(self.graph), self._dataset.written
        assert written is not None
        later = (quad for quad in self._dataset.later if quad.graph_name == graph)
        return list(written.written([*self._store.quads_for_pattern(None, None, None, graph), *later]))

    def describes(self, node: str) -> int:
        """How the source speaks of the node: 2 where it names it, 1 where it only says what it is, otherwise 0."""
        subject, graph = _node(node), ox.NamedNode(self.graph)
        if subject is None:
            return 0
        for rank, predicate in ((2, RDFS_LABEL), (1, RDF_TYPE)):
            for _ in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, graph):
                return rank
        return 0


class StoredSources(Sources):
    """The sources of a version: which of them writes a node is asked of the store."""

    __slots__ = ("_flat", "_others", "_store")

    def __init__(self, dataset: Dataset, manifest: Manifest, sources: list[Source]) -> None:
        super().__init__(sources, [], dict(manifest.same_legal_unit), list(manifest.concepts))
        self._store = dataset.embedded
        self._flat = {source.graph: source for source in sources if source.positions.by_statement}
        self._others = [source for source in sources if not source.positions.by_statement]

    def _speaking(self, node: str) -> list[Source]:
        term = _node(node)
        if term is None or node in self.same_legal_unit:
            return self.sources
        graphs = {quad.graph_name for quad in self._store.quads_for_pattern(term, None, None, None)}
        named = {graph.value for graph in graphs if isinstance(graph, ox.NamedNode)}
        if not self._others:
            return [self._flat[name] for name in self._flat if name in named]
        return [source for source in self.sources if source.graph not in self._flat or source.graph in named]


def stored_sources(
    folder: Folder, manifest: Manifest, dataset: Dataset, *, base: str, additions: Sequence[ox.Triple]
) -> Sources:
    """The sources of a version."""
    aliases = aliases_of(manifest.same_legal_unit)
    by_name = {stored.file: stored for stored in manifest.sources}
    found: list[Source] = []
    for stored in manifest.sources:
        if stored.told:
            positions = _Positions(
                stored.file,
                _speaker(dataset, manifest, stored),
                _reader(folder, manifest, dataset, stored, by_name, base, additions),
                folder.places / f"{stored.sha256}.json",
                flat=stored.suffix in _FLAT,
            )
            positions.aliases = aliases
            found.append(StoredSource(stored, dataset, positions))
    return StoredSources(dataset, manifest, found)


def remember(sources: Sources) -> None:
    """Keep the places that were looked up."""
    for source in sources.sources:
        if isinstance(source.positions, _Positions):
            source.positions.remember()


def _speaker(dataset: Dataset, manifest: Manifest, stored: Stored) -> Callable[[str], bool]:
    graph = ox.NamedNode(source_graph(stored.file))
    later = {quad.subject for quad in manifest.later if quad.graph_name == graph}

    def speaks(node: str) -> bool:
        term = _node(node)
        if term is None:
            return False
        ends = [(term, None)] if stored.suffix in _FLAT else [(term, None), (None, term)]
        store = dataset.embedded
        return term in later or any(
            True for subject, value in ends for _ in store.quads_for_pattern(subject, None, value, graph)
        )

    return speaks


def _reader(
    folder: Folder,
    manifest: Manifest,
    dataset: Dataset,
    stored: Stored,
    by_name: Mapping[str, Stored],
    base: str,
    additions: Sequence[ox.Triple],
) -> Callable[[], Positions]:
    def read() -> Positions:
        content = folder.text(stored.sha256)
        if stored.suffix in _FLAT and b"_:" not in content:
            return Positions(stored.file, LinePlaces(decode(content)[0]))
        together = [one for one in by_name.values() if one.suffix == ".json"] if stored.suffix == ".json" else [stored]
        rest: Rest = resting(dataset, manifest, {one.file for one in together})
        files = [
            (File(Path(one.file).with_suffix(one.suffix), one.file, named=False), folder.text(one.sha256))
            for one in together
        ]
        told = read_some(files, base=base, additions=additions, rest=rest)
        return next(source.positions for source in told.sources if source.file == stored.file)

    return read


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
