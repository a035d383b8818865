"""The sources of a version, as everything else sees sources: what each speaks of, and where that is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graphsc.core.identifiers import source_graph
from graphsc.core.location import Location
from graphsc.graph.dataset import Dataset
from graphsc.graph.store import sealed
from graphsc.graph.store.changing import rest_of, stored_source
from graphsc.graph.store.folder import Folder
from graphsc.graph.store.manifest import Manifest, Stored
from graphsc.graph.store.sealed import Damaged, NotAStore
from graphsc.sources.legal_units import aliases_of
from graphsc.sources.model import Places, Positions, Source, Sources, named
from graphsc.sources.rdf.turtle_places import LinePlaces
from graphsc.sources.reader import Rest, read_some


class _Positions(Positions):
    """Where a stored source writes what: read from its text when that is asked, and remembered."""

    def __init__(
        self, file: str, speaks: Callable[[str], bool], read: Callable[[], Positions], memory: Path, *, flat: bool
    ) -> None:
        super().__init__(file, Places(), by_statement=flat)
        self._speaks, self._read, self._memory = speaks, read, memory
        self._real: Positions | None = None
        self._found: dict[str, list[Any] | None] = {}
        self._new = False
        with suppress(OSError, Damaged, NotAStore):
            self._found = sealed.read(memory)

    def nodes(self) -> None:
        """Nothing is known before the text is read."""

    def locate(self, node: str, predicate: str | None = None, value: str | None = None) -> Location | None:
        """Where the node is written, or one property of it, or one value of that; None if it is not here."""
        if not self._speaks(node):
            return None
        key = json.dumps([node, predicate, value])
        if key not in self._found:
            place = self._positions().locate(node, predicate, value)
            known = place is not None and (place.column is not None or place.cell is not None)
            self._found[key] = (
                [place.line, place.column, place.sheet, place.cell] if place is not None and known else None
            )
            self._new = True
        result = self._found[key]
        return Location(self._file, *result) if result is not None else None

    def remember(self) -> None:
        """Keep what was found for the next time; where that cannot be written, it is found again then."""
        if self._new:
            with suppress(OSError):
                self._memory.parent.mkdir(exist_ok=True)
                sealed.write(self._memory, self._found)

    def _positions(self) -> Positions:
        if self._real is None:
            self._real = self._read()
            self._real.aliases = self.aliases
        return self._real


def stored_sources(
    folder: Folder, manifest: Manifest, dataset: Dataset, *, base: str, additions: Sequence[ox.Triple]
) -> Sources:
    """The sources of a version."""
    aliases = aliases_of(manifest.same_legal_unit)
    by_name = {stored.file: stored for stored in manifest.sources}
    result: list[Source] = []
    for stored in manifest.sources:
        if stored.told:
            positions = _Positions(
                stored.file,
                _speaker(dataset, manifest, stored),
                _reader(folder, manifest, dataset, stored, by_name, base, additions),
                folder.places / f"{stored.sha256}.json",
                flat=stored.by_statement,
            )
            positions.aliases = aliases
            result.append(
                Source(
                    stored.file,
                    source_graph(stored.file),
                    stored.sha256,
                    [],
                    positions,
                    parties=stored.parties,
                    bases=stored.bases,
                )
            )
    sources = Sources(result, [], dict(manifest.same_legal_unit), list(manifest.concepts))
    sources.read_from(dataset.embedded, dataset.asserted_in)
    return sources


def remember(sources: Sources) -> None:
    """Keep the places that were looked up."""
    for source in sources.sources:
        if isinstance(source.positions, _Positions):
            source.positions.remember()


def _speaker(dataset: Dataset, manifest: Manifest, stored: Stored) -> Callable[[str], bool]:
    graph = ox.NamedNode(source_graph(stored.file))
    later = {quad.subject for quad in manifest.later if quad.graph_name == graph}

    def speaks(node: str) -> bool:
        term = named(node)
        if term is None:
            return False
        ends = [(term, None)] if stored.by_statement else [(term, None), (None, term)]
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
        if stored.by_statement:
            return Positions(stored.file, LinePlaces(content.decode("utf-8-sig", "replace")))
        together = (
            [item for item in by_name.values() if item.suffix == ".json"] if stored.suffix == ".json" else [stored]
        )
        rest: Rest = rest_of(dataset, manifest, {item.file for item in together})
        files = [stored_source(folder, item) for item in together]
        told = read_some(files, base=base, additions=additions, rest=rest)
        return next(source.positions for source in told.sources if source.file == stored.file)

    return read
