"""The graph of a version on disk, and beside it its quads, by which the next version sees what came and went.

They are text, but for derived ones that are in tables: of these, ids of terms are quicker to compare.

To put quads into the indexes of a store on disk takes longer than all else that a load does, and to ask it for them almost as
long; yet few of them change from one load to the next.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pyoxigraph as ox

from graphsc.graph.dataset import Dataset

if TYPE_CHECKING:
    from graphsc.relational.execution import Relational

QUADS = "quads.zip"
"""The triples of each graph, but for those in tables, as N-Triples; its comment says how many may still come or go before the store is filled anew."""
_PART = 10
"""That is one quad in so many: a store keeps the terms of those that are gone."""
DERIVED = "derived"
"""The folder of the derived facts that tables hold: as they save them."""


@dataclass(slots=True)
class _Change:
    """What came and went since the version before: all of it as long as ``limit``, how much more it may be, is not below 0.

    ``size`` is how many quads there are now; then a little more, where sources state a triple twice.
    """

    limit: int
    size: int = 0
    new: list[ox.Quad] = field(default_factory=list)
    gone: list[ox.Quad] = field(default_factory=list)

    def compare(self, graph: str, now: bytes, before: bytes) -> None:
        """Enter how the N-Triples of a graph differ."""
        if self.limit < 0:
            self.size += now.count(b"\n")
            return
        new = {*now.splitlines(keepends=True)}
        self.size += len(new)
        if now == before:
            return
        gone = {*before.splitlines(keepends=True)}
        new, gone = new - gone, gone - new
        self.limit -= len(new) + len(gone)
        if self.limit >= 0:
            self.new += _quads(graph, new)
            self.gone += _quads(graph, gone)

    def compare_tables(self, tables: Relational | None, now: Path, before: Path) -> None:
        """Enter how what tables saved to two folders differs; that is not known where only one of them is there."""
        if self.limit < 0 or (tables is None and not before.exists()):
            return
        differences = tables.differences(now, before, self.limit) if tables is not None and before.exists() else None
        new, gone = differences or ([], [])
        self.limit = -1 if differences is None else self.limit - len(new) - len(gone)
        self.new += new
        self.gone += gone


def write_graph(dataset: Dataset, folder: Path, before: Path | None) -> list[ox.Quad] | None:
    """Write the graph of a dataset into a version's folder; ``before`` is that of the version before.

    What came or went since then; None where the store was filled anew.
    """
    tables = dataset.deferred
    if tables is not None and dataset.executor != "duckdb":  # no other database saves to files
        tables.hand_over(dataset.partial, None)
    if tables is not None and not tables.withholds():
        tables = None
    with ZipFile(folder / QUADS, "w", ZIP_DEFLATED, compresslevel=1) as texts:
        change = _written(dataset, texts, None if before is None else before / QUADS)
        if tables is not None:
            (folder / DERIVED).mkdir()
            change.size += tables.save(folder / DERIVED)
        store, changed = None, None
        if before is not None:
            change.compare_tables(tables, folder / DERIVED, before / DERIVED)
            if change.limit >= 0:
                store, changed = _changed(before, folder / "open", change), [*change.new, *change.gone]
        if store is None:
            store, changed, change.limit = _filled(texts, tables, folder / "open"), None, change.size // _PART
        texts.comment = str(change.limit).encode()
    store.flush()
    store.backup(str(folder / "graph"))  # a store that is open still changes its files
    del store
    shutil.rmtree(folder / "open")
    return changed


def _written(dataset: Dataset, texts: ZipFile, before: Path | None) -> _Change:
    """Write the graphs of a dataset as text; how they differ from those before."""
    if before is None or not before.exists():
        change = _Change(-1)
        for graph, triples in _texts(dataset):
            texts.writestr(graph, triples)
            change.compare(graph, triples, b"")
        return change
    with ZipFile(before) as old:
        change = _Change(int(old.comment))
        rest = {*old.namelist()}
        for graph, triples in _texts(dataset):
            texts.writestr(graph, triples)
            change.compare(graph, triples, old.read(graph) if graph in rest else b"")
            rest.discard(graph)
        for graph in rest:
            change.compare(graph, b"", old.read(graph))
        return change


def _texts(dataset: Dataset) -> Iterator[tuple[str, bytes]]:
    """Each graph with its triples as N-Triples, those of plain files that the dataset's store lacks too."""
    store = dataset.partial
    names = {graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
    for graph, parts in groupby(() if dataset.plain is None else dataset.plain.texts(), itemgetter(0)):
        yield graph, b"".join(triples for _, triples in parts) + _dumped(store, graph)
        names.discard(graph)
    for graph in sorted(names):
        yield graph, _dumped(store, graph)


def _dumped(store: ox.Store, graph: str) -> bytes:
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""


def _quads(graph: str, lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """N-Triples as quads; blank nodes keep their identity, which loading a document would not."""
    name = ox.NamedNode(graph)
    triples = ox.parse(b"".join(lines), ox.RdfFormat.N_TRIPLES, lenient=True)
    return (ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)


def _changed(before: Path, folder: Path, change: _Change) -> ox.Store | None:
    """The store of the version before, changed, in a folder; None where it does not then hold what it should."""
    ox.Store.read_only(str(before / "graph")).backup(str(folder))
    store = ox.Store(str(folder))
    for quad in change.gone:
        store.remove(quad)
    store.extend(change.new)
    for graph in {quad.graph_name for quad in change.gone}:
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)
    if len(store) == change.size:
        return store
    del store
    shutil.rmtree(folder)
    return None


def _filled(texts: ZipFile, tables: Relational | None, folder: Path) -> ox.Store:
    """A store in a folder with the quads of all texts and tables; in one bulk load, since after two each reader has to merge them."""
    store = ox.Store(str(folder))
    with tempfile.TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True) as elsewhere:
        path = Path(elsewhere) / "quads"
        blank = [] if tables is None else tables.write(path)
        with path.open("ab") as file:
            for graph in texts.namelist():
                triples = texts.read(graph)
                if b"_:" in triples:
                    lines = triples.splitlines(keepends=True)
                    blank += _quads(graph, (line for line in lines if b"_:" in line))
                    triples = b"".join(line for line in lines if b"_:" not in line)
                file.write(triples.replace(b" .\n", f" <{graph}> .\n".encode()))
        store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
    store.bulk_extend(blank)
    return store
