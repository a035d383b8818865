"""What came and went, and what stands around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from graphsc.maintenance.reach import Node


class Delta:
    """Triples that came or went, found by their property."""

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        self._all: dict[ox.Triple, None] = {}
        self._by_property: dict[str, list[ox.Triple]] = defaultdict(list)
        self._by_value: dict[tuple[str, object], list[ox.Triple]] = defaultdict(list)
        self.note(triples)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self._all)

    def note(self, triples: Iterable[ox.Triple]) -> None:
        """Add triples."""
        for triple in triples:
            if triple not in self._all:
                self._all[triple] = None
                self._by_property[triple.predicate.value].append(triple)
                self._by_value[triple.predicate.value, triple.object].append(triple)

    def matching(self, predicate: str | None, value: object = None) -> Iterable[ox.Triple]:
        """Those with a property, or all; with one value, where it is given."""
        if predicate is None:
            return self._all if value is None else [triple for triple in self._all if triple.object == value]
        return self._by_property.get(predicate, ()) if value is None else self._by_value.get((predicate, value), ())


class Surroundings:
    """What a store holds, and what went from it."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._gone = ox.Store()
        self._any_gone = False

    def lost(self, triples: Iterable[ox.Triple]) -> None:
        """Note triples that went."""
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples]
        self._gone.extend(quads)
        self._any_gone |= bool(quads)

    def objects(self, node: Node, predicate: str | None) -> Iterator[Node]:
        """The objects of a node, of one property or of any."""
        if not isinstance(node, ox.Literal):
            for store in self._stores():
                for quad in store.quads_for_pattern(node, _property(predicate), None, None):
                    yield quad.object

    def subjects(self, node: Node, predicate: str | None) -> Iterator[Node]:
        """The subjects that name a node, by one property or by any."""
        for store in self._stores():
            for quad in store.quads_for_pattern(None, _property(predicate), node, None):
                yield quad.subject

    def _stores(self) -> tuple[ox.Store, ...]:
        return (self._store, self._gone) if self._any_gone else (self._store,)


@lru_cache(maxsize=4096)
def _property(name: str | None) -> ox.NamedNode | None:
    return None if name is None else ox.NamedNode(name)
