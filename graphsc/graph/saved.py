"""A dataset as a file, for other processes to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.bounded import Own
from graphsc.core.lexical_forms import WrittenForms
from graphsc.graph.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Saved:
    """A dataset: the file of its quads, and what it has beside them."""

    file: Path
    written: WrittenForms
    own: Own

    def restored(self) -> Dataset:
        """The dataset, on Oxigraph."""
        store = ox.Store()
        store.extend(ox.parse(path=self.file, format=ox.RdfFormat.N_QUADS))  # to load it would rename blank nodes
        dataset = Dataset(store=store)
        dataset.written, dataset.own = self.written, self.own
        return dataset


def save(dataset: Dataset, folder: Path, more: Iterable[ox.Quad] = ()) -> Saved:
    """Write every fact of a dataset, and some more, to a file in a folder."""
    file = folder / "graph.nq"
    with file.open("wb") as stream:
        dataset.store.dump(stream, format=ox.RdfFormat.N_QUADS)
        ox.serialize(more, stream, format=ox.RdfFormat.N_QUADS)
    return Saved(file, dataset.written, dataset.own)
