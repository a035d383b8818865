"""The statements of plain files, which a store gets fact by fact when a query needs them.

A fact is the IRI of a property, or ``rdf:type`` with a class, as `facts_read` names them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import RLock

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sources.rdf.ntriples import PlainFile
from graphsc.sparql.patterns import among

_TYPE = f"{RDF_TYPE} "


class PlainFacts:
    """The statements of plain files that one store does not have yet."""

    def __init__(self, files: Sequence[PlainFile]) -> None:
        self._files = files
        self._missing = {fact for file in files for fact in file.starts}
        self._dropped: frozenset[str] = frozenset()
        self._lock = RLock()

    @property
    def size(self) -> int:
        """How many statements there are, whether the store has them or not."""
        return sum(file.size for file in self._files)

    def type_count(self) -> int:
        """How many statements of ``rdf:type`` there are."""
        types = (starts for file in self._files for fact, starts in file.starts.items() if fact.startswith(_TYPE))
        return sum(map(len, types))

    def withholds(self, graph: str | None = None) -> bool:
        """Whether the store may lack some (of a graph, where one is given)."""
        if graph is None:
            return bool(self._missing)
        return any(file.graph.value == graph and not self._missing.isdisjoint(file.starts) for file in self._files)

    def hand_over(self, store: ox.Store, properties: Collection[str] | None) -> None:
        """Put facts that the store does not have yet into it: those that `facts_read` names, or all where it is None."""
        with self._lock:
            facts = among(self._missing, properties)
            if not facts:
                return
            for file in self._files:
                text = "".join(self._lines(file, facts))
                if text:
                    store.load(text.encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=file.graph)
            self._missing = self._missing - facts

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """The statements that the store lacks, as N-Triples, with their graph: in its order, since files may share a graph."""
        for file in sorted(self._files, key=lambda file: file.graph.value):
            yield file.graph.value, "".join(self._lines(file, self._missing)).encode()

    def drop(self, nodes: Collection[str]) -> set[ox.Quad]:
        """Withhold for good every statement from or to the nodes that the store does not have yet; these statements."""
        self._dropped |= frozenset(nodes)
        return {
            ox.Quad(quad.subject, quad.predicate, quad.object, file.graph)
            for file in self._files
            for quad in ox.parse(
                "".join(line for line in file.lines(self._missing) if self._is_dropped(line)), ox.RdfFormat.N_TRIPLES
            )
        }

    def _lines(self, file: PlainFile, facts: set[str]) -> Iterable[str]:
        if not self._dropped and file.starts.keys() <= facts:
            return (file.facts(),)
        lines = file.lines(fact for fact in file.starts if fact in facts)
        return [line for line in lines if not self._is_dropped(line)] if self._dropped else lines

    def _is_dropped(self, line: str) -> bool:
        subject, _, value = line.split(" ", 2)
        return subject[1:-1] in self._dropped or (value.startswith("<") and value[1:-4] in self._dropped)
