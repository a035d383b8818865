"""From sources to a dataset: the knowledge, the asserted facts, and the context of the run."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from graphsc.core import frameworks
from graphsc.core.bounded import Own
from graphsc.core.resources import knowledge_files, knowledge_text, statements
from graphsc.core.settings import Settings
from graphsc.graph.context import SelectRows, as_of, context, drop_later
from graphsc.graph.dataset import CONTEXT, GUIDE, SHAPES, Dataset, Edition, Term
from graphsc.graph.plain import PlainFacts
from graphsc.sources.model import Sources
from graphsc.sources.rdf.ntriples import PlainFile

_NAMED = frozenset(f"http://www.w3.org/2004/02/skos/core#{local}" for local in ("broader", "prefLabel"))


def load(
    sources: Sources, settings: Settings, additions: Iterable[ox.Triple] = (), rows: SelectRows = Dataset.select_among
) -> Dataset:
    """The dataset as of the evaluation date: knowledge, asserted facts and context, whose queries ``rows`` evaluates."""
    dataset = load_knowledge(settings, additions)
    dataset.executor = settings.executor
    assert_sources(dataset, sources, settings, rows)
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
    shape_quads = [quad for file in shapes for quad in _in_graph(file, SHAPES)]
    if not edition.quads:
        alone = Dataset()  # sources in the same store could change the shapes
        quads = [*(quad for file in guide for quad in _in_graph(file, GUIDE)), *shape_quads, *added]
        quads += [quad for file in others for quad in _in_graph(file, GUIDE) if quad.predicate.value in _NAMED]
        alone.partial.extend(quads)
        triples = alone.construct(knowledge_text("ontology/obligation-shapes.rq"))
        edition.quads = (
            *quads,
            *(ox.Quad(triple.subject, triple.predicate, triple.object, SHAPES) for triple in triples),
        )
    dataset = Dataset()
    dataset.partial.extend(edition.quads)
    for quads_ in (shape_quads, added):
        dataset.written.note(quads_)
    dataset.edition = edition
    dataset.own = Own(frozenset(quad.subject for quad in added), settings.timeout)
    return dataset


@lru_cache(maxsize=8)
def _edition(*_content: Hashable) -> Edition:
    """One edition for each content of the knowledge."""
    return Edition()


def assert_sources(
    dataset: Dataset, sources: Sources, settings: Settings, rows: SelectRows = Dataset.select_among
) -> None:
    """Add the quads of sources as of the evaluation date, and the context of the run.

    The facts of plain files are put into the store when a query needs them, if the graph is large.
    """
    plain: list[PlainFile] = []
    for source in sources.sources:
        if source.plain is not None:
            plain.append(source.plain)
            dataset.assert_all(source.plain.lossy)
        else:
            dataset.assert_all(source.asserted())
    dataset.plain = PlainFacts(plain) if plain else None
    if not dataset.is_large():
        dataset.holding(None)
        dataset.plain = None
    dataset.add(CONTEXT, [as_of(settings)])
    for external in (source.external for source in sources.sources if source.external is not None):
        dataset.relational = dataset.deferred = external.tables(dataset.partial)
    dataset.later = drop_later(dataset, rows)
    dataset.add(CONTEXT, context(dataset, settings, rows), update_tables=True)


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
