"""From sources to a dataset, and a dataset as a file or as the merge of its graphs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from graphsc.core import frameworks
from graphsc.core.bounded import Own
from graphsc.core.disk_cache import cached
from graphsc.core.lexical_forms import WrittenForms
from graphsc.core.resources import knowledge_files, knowledge_text, statements
from graphsc.core.settings import Settings, configurations
from graphsc.graph.backend import Term
from graphsc.graph.context import as_of, context, drop_later
from graphsc.graph.dataset import CONTEXT, GUIDE, SHAPES, Dataset, Edition
from graphsc.sources.files import SUFFIXES, find
from graphsc.sources.model import Sources


def depended_on(paths: Sequence[Path], settings: Settings, suffixes: frozenset[str] = SUFFIXES) -> Iterator[Path]:
    """The files with these suffixes that the paths name, the configuration, and own knowledge."""
    files, _, _ = find(paths, settings.ignore_files, suffixes)
    yield from (file.path for file in files)
    yield from configurations()
    for name in settings.knowledge:
        with suppress(OSError):
            yield from sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]


_MERGED = 500_000
"""The most quads to merge: that takes a tenth of a second for each fifty thousand, and as much memory again."""


def is_mergeable(dataset: Dataset) -> bool:
    """Whether `merge` can make a merge: not of very many quads."""
    return dataset.merged or _quads(dataset) is not None


def merge(dataset: Dataset) -> Dataset:
    """A dataset with the same graphs, whose default graph is their merge, which `ask` queries; itself where it is not mergeable.

    A triple that several files state is one triple of the merge. In the union of graphs Oxigraph counts it once for each
    (oxigraph/oxigraph#1919, mended after 0.5), which is wrong wherever rows are counted or added up. Do not derive or
    validate from the merge.
    """
    if dataset.merged:
        return dataset
    quads = _quads(dataset)
    if quads is None:
        return dataset
    store = ox.Store()
    store.extend(quads)
    triples = {quad.triple for quad in quads}
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    other = dataset.with_store(store)
    other.later, other.merged = dataset.later, True
    return other


def _quads(dataset: Dataset) -> list[ox.Quad] | None:
    """All quads of a dataset; None where they are too many."""
    quads = list(islice(dataset.store, _MERGED + 1))
    return quads if len(quads) <= _MERGED else None


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


_NAMED = frozenset(f"http://www.w3.org/2004/02/skos/core#{local}" for local in ("broader", "prefLabel"))


def load(sources: Sources, settings: Settings, additions: Iterable[ox.Triple] = ()) -> Dataset:
    """The dataset as of the evaluation date: knowledge, asserted facts and context."""
    dataset = load_knowledge(settings, additions)
    assert_sources(dataset, sources, settings)
    return dataset


def load_knowledge(settings: Settings, additions: Iterable[ox.Triple] = ()) -> Dataset:
    """A dataset of the knowledge alone: what is shipped and what the organisation adds.

    Labels and broader concepts of a framework are loaded also where it is switched off, since data may use its concepts:
    a significant incident is an incident.
    """
    folders = ("ontology", "ontology/obligations", "ontology/treatment")
    guide = tuple(file for folder in folders for file in knowledge_files(folder, ".ttl"))
    shapes = (*frameworks.descriptions(settings.frameworks), *knowledge_files("shapes", ".ttl"))
    added = tuple(ox.Quad(addition.subject, addition.predicate, addition.object, SHAPES) for addition in additions)
    off = sorted({*frameworks.names()}.difference(settings.frameworks))
    others = tuple(frameworks.descriptions(off))
    edition = _edition(guide, shapes, others, frozenset(added))
    if not edition.quads:
        edition.key = [[file.name for file in files] for files in (guide, shapes, others)], sorted(map(str, added))
        text = cached(("knowledge", edition.key), lambda: _as_text(_knowledge(guide, shapes, others, added)))
        edition.quads = tuple(ox.parse(text, ox.RdfFormat.N_QUADS))
        edition.written.note([quad for quad in edition.quads if quad.graph_name == SHAPES])
    dataset = Dataset()
    dataset.store.extend(edition.quads)
    dataset.written = edition.written.copy()
    dataset.edition = edition
    dataset.own = Own(frozenset(quad.subject for quad in added), settings.timeout)
    return dataset


def _knowledge(
    guide: Iterable[Path], shapes: Iterable[Path], others: Iterable[Path], added: Iterable[ox.Quad]
) -> list[ox.Quad]:
    """The quads of the knowledge, and of the shapes that the obligations become."""
    quads = [
        quad for graph, files in ((GUIDE, guide), (SHAPES, shapes)) for file in files for quad in _in_graph(file, graph)
    ]
    quads += added
    quads += [quad for file in others for quad in _in_graph(file, GUIDE) if quad.predicate.value in _NAMED]
    alone = Dataset()  # sources in the same store could change the shapes
    alone.store.extend(quads)
    triples = alone.construct(knowledge_text("ontology/obligation-shapes.rq"))
    return [*quads, *(ox.Quad(triple.subject, triple.predicate, triple.object, SHAPES) for triple in triples)]


def _as_text(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


@lru_cache(maxsize=8)
def _edition(*_content: Hashable) -> Edition:
    """One edition for each content of the knowledge."""
    return Edition()


def assert_sources(dataset: Dataset, sources: Sources, settings: Settings) -> None:
    """Add the quads of sources as of the evaluation date, and the context of the run."""
    for source in sources.sources:
        dataset.assert_all(source.asserted())
    dataset.add(CONTEXT, [as_of(settings)])
    dataset.later = drop_later(dataset)
    dataset.add(CONTEXT, context(dataset, settings))


@lru_cache(maxsize=128)
def _in_graph(file: Path, graph: ox.NamedNode) -> tuple[ox.Quad, ...]:
    """What a file states, with the same labels of blank nodes in each run; files in different folders may have the same name."""
    stem = f"{file.parent.name}-{file.stem}"
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def relabelled(term: Term) -> Term:
        if not isinstance(term, ox.BlankNode):
            return term
        return names.setdefault(term, ox.BlankNode(f"{stem}-{len(names)}"))

    return tuple(
        ox.Quad(relabelled(quad.subject), quad.predicate, relabelled(quad.object), graph)  # type: ignore[arg-type]
        for quad in statements(file)
    )
