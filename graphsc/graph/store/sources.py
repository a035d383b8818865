"""The sources of a version: their texts as they were read, and the locations that findings name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from graphsc.core.identifiers import source_graph
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.graph.store.manifest import Manifest, Stored
from graphsc.sources.files import File
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.sources.reader import content_of

TEXTS = "texts.zip"


@dataclass(slots=True, kw_only=True)
class StoredSources(Sources):
    """The sources of a version; ``reread`` reads their texts, for a location that no finding names."""

    reread: Callable[[], Sources]

    def find(self, node: str, predicate: str | None, value: str | None) -> Location | None:
        """The location in the sources, read from their texts."""
        return self.reread().find(node, predicate, value)


def stored_sources(manifest: Manifest, reread: Callable[[], Sources]) -> Sources:
    """The sources of a version, with the locations that findings name; ``reread`` reads their texts."""
    sources = [
        Source(
            stored.file,
            source_graph(stored.file),
            stored.sha256,
            [],
            Positions(stored.file, Places()),
            bases=stored.bases,
            words=dict(stored.words),
        )
        for stored in manifest.sources
    ]
    places = dict(manifest.places)
    return StoredSources(sources, [], concepts=manifest.concepts, places=places, unread=manifest.unread, reread=reread)


def keep_texts(files: Iterable[File], folder: Path, problems: list[Problem]) -> Iterator[tuple[File, bytes]]:
    """Each file with its content, after storing that in a version's folder; what cannot be read becomes a problem."""
    with ZipFile(folder / TEXTS, "w", ZIP_DEFLATED, compresslevel=1) as texts:
        for file in files:
            content = content_of(file)
            if isinstance(content, Problem):
                problems.append(content)
                continue
            name = sha256(content).hexdigest()
            if name not in texts.NameToInfo:
                texts.writestr(name, content)
            yield file, content


def kept_texts(texts: ZipFile, sources: Iterable[Stored]) -> Iterator[tuple[File, bytes]]:
    """Each source as a file, with its content when it was loaded."""
    for stored in sources:
        yield File(Path(stored.file), stored.file, named=False), texts.read(stored.sha256)
