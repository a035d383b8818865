"""Sources and context brought up to date in a dataset, and what changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.graph import CONTEXT, RUN, Dataset, as_of, context, drop_later
from graphsc.maintenance.changes import Delta, Surroundings
from graphsc.settings import Settings
from graphsc.sources.model import Source


@dataclass(slots=True)
class Changed:
    """What changed: ``delta`` the triples that came or went, ``written`` those whose literals are written otherwise."""

    around: Surroundings
    delta: Delta = field(default_factory=Delta)
    written: Delta = field(default_factory=Delta)
    came: int = 0
    went: int = 0


def bring_up(
    dataset: Dataset, settings: Settings, read: Sequence[Source] = (), gone: Iterable[ox.NamedNode] = ()
) -> Changed:
    """Put sources that were read in place of what the dataset holds of them, drop those that are gone, and set the date.

    What follows from the sources is not derived again by this.
    """
    store = dataset.knowledge
    changed = Changed(Surroundings(store))
    later = dataset.later
    store.extend(later)
    for source in read:
        _replace(dataset, ox.NamedNode(source.graph), source.quads, changed)
    for graph in gone:
        _replace(dataset, graph, [], changed)
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, CONTEXT)}
    now = as_of(settings)
    for quad in list(store.quads_for_pattern(RUN, now.predicate, None, CONTEXT)):
        store.remove(quad)
    store.add(ox.Quad(now.subject, now.predicate, now.object, CONTEXT))
    dataset.later = drop_later(dataset)
    _note(
        changed,
        went=[quad.triple for quad in dataset.later - later],
        came=[quad.triple for quad in later - dataset.later],
    )
    after = set(context(dataset, settings))
    _exchange(store, CONTEXT, before - after, after - before)
    _note(changed, went=before - after, came=after - before)
    return changed


def _replace(dataset: Dataset, graph: ox.NamedNode, quads: Sequence[ox.Quad], changed: Changed) -> None:
    """Put the quads of a source in place of those that the dataset holds."""
    written, store = dataset.written, dataset.knowledge
    assert written is not None
    lost = written.forget(graph)
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    written.note(quads)
    after = {written.stored(quad).triple for quad in quads}
    _exchange(store, graph, before - after, after - before)
    changed.came += len(after - before)
    changed.went += len(before - after)
    _note(changed, went=before - after, came=after - before)
    now = {one for quad in quads if (stored := written.stored(quad)) is not quad for one in (quad, stored)}
    changed.written.note(quad.triple for quad in lost ^ now)


def _exchange(store: ox.Store, graph: ox.NamedNode, went: Iterable[ox.Triple], came: Iterable[ox.Triple]) -> None:
    for triple in went:
        store.remove(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in came)


def _note(changed: Changed, *, went: Iterable[ox.Triple], came: Iterable[ox.Triple]) -> None:
    went = list(went)
    changed.delta.note(went)
    changed.delta.note(came)
    changed.around.lost(went)
