"""Sources and context brought up to date in a dataset, and what changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.graph.context import DEADLINE, DEADLINES, LATER, deadlines, drop_later, frame
from graphsc.graph.dataset import CONTEXT, Dataset, Row
from graphsc.maintenance.changes import Delta, Surroundings
from graphsc.maintenance.reach import Node
from graphsc.maintenance.remembering import Memory
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
    dataset: Dataset,
    settings: Settings,
    memory: Memory,
    read: Sequence[Source] = (),
    gone: Iterable[ox.NamedNode] = (),
) -> Changed:
    """Put sources that were read in place of what the dataset holds of them, and drop those that are gone.

    The evaluation date is that of the dataset. What follows from the sources is not derived again by this.
    """
    store = dataset.embedded
    changed = Changed(Surroundings(store))
    later = dataset.later
    store.extend(later)
    for source in read:
        _replace(dataset, ox.NamedNode(source.graph), source.quads, changed)
    for graph in gone:
        _replace(dataset, graph, [], changed)
    known = {end for quad in later for end in (quad.subject, quad.object)}
    rows, _ = _again(dataset, memory, LATER, changed, known)
    dataset.later = drop_later(dataset, rows)
    _note(
        changed,
        went=[quad.triple for quad in dataset.later - later],
        came=[quad.triple for quad in later - dataset.later],
    )
    _frame(dataset, settings, changed)
    rows, things = _again(dataset, memory, DEADLINES, changed, set())
    ends = [None] if things is None else [thing for thing in things if isinstance(thing, ox.NamedNode)]
    before = {q.triple for end in ends for q in store.quads_for_pattern(end, DEADLINE, None, CONTEXT)}
    after = set(deadlines(rows))
    _exchange(store, CONTEXT, before - after, after - before)
    _note(changed, went=before - after, came=after - before)
    return changed


def _frame(dataset: Dataset, settings: Settings, changed: Changed) -> None:
    """Bring up to date what of the context holds for everything."""
    store = dataset.embedded
    after = set(frame(dataset, settings))
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, CONTEXT)}
    before = {triple for triple in before if triple.predicate != DEADLINE}
    _exchange(store, CONTEXT, before - after, after - before)
    _note(changed, went=before - after, came=after - before)


def _again(
    dataset: Dataset, memory: Memory, name: str, changed: Changed, known: set[Node]
) -> tuple[list[Row], set[Node] | None]:
    """The rows of a query about things that the change can reach, or that are known; and these things, None for all."""
    text = knowledge_text(name)
    kept = memory.select(text, "thing")
    keys = kept.reach.keys(changed.delta, changed.around)
    if keys is None or kept.few is None:
        return list(dataset.select(text)), None
    keys = {key for key in keys | known if isinstance(key, ox.NamedNode)}
    return (list(dataset.select(kept.of(keys))) if keys else []), keys


def _replace(dataset: Dataset, graph: ox.NamedNode, quads: Sequence[ox.Quad], changed: Changed) -> None:
    """Put the quads of a source in place of those that the dataset holds."""
    written, store = dataset.written, dataset.embedded
    assert written is not None
    lost = written.forget(graph)
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    written.note(quads)
    after = {written.stored(quad).triple for quad in quads}
    _exchange(store, graph, before - after, after - before)
    changed.came += len(after - before)
    changed.went += len(before - after)
    _note(changed, went=before - after, came=after - before)
    now = {item for quad in quads if (stored := written.stored(quad)) is not quad for item in (quad, stored)}
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
