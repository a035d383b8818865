"""Sources after reading: quads in a graph of their own, and the places of the nodes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graphsc.core.identifiers import named
from graphsc.core.problems import Cell, Location, Problem
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL

if TYPE_CHECKING:
    from graphsc.sources.terms import Concept

Place = tuple[int, int] | Cell
"""Line and column, from 1, or a cell of a workbook."""
PlaceKey = tuple[str, str | None, str | None]
"""The key of a place: a node, one of its properties (or None), and a value of that (or None)."""
_NAMING = ((2, RDFS_LABEL), (1, RDF_TYPE))
"""How well a source describes a node (see `Source.describes`) by the properties it states of it."""


class Lines:
    """Line and column of each offset of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(item.end() for item in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


@dataclass(slots=True)
class Places:
    """The places in a file of nodes, of their properties, and of single values; keys are IRIs and value texts."""

    nodes: dict[str, Place] = field(default_factory=dict)
    edges: dict[tuple[str, str], Place] = field(default_factory=dict)
    values: dict[tuple[str, str, str], Place] = field(default_factory=dict)

    def node(self, iri: str, place: Place) -> None:
        """Note where a node stands; the first place wins."""
        self.nodes.setdefault(iri, place)

    def edge(self, iri: str, predicate: str, place: Place) -> None:
        """Note where a property of a node stands; the first place wins."""
        self.edges.setdefault((iri, predicate), place)

    def value(self, iri: str, predicate: str, value: str, place: Place) -> None:
        """Note where one value of a property stands; the first place wins."""
        self.values.setdefault((iri, predicate, value), place)

    def at_node(self, iri: str) -> Place | None:
        """Where a node stands."""
        return self.nodes.get(iri)

    def at_edge(self, iri: str, predicate: str) -> Place | None:
        """Where a property of a node stands."""
        return self.edges.get((iri, predicate))

    def at_value(self, iri: str, predicate: str, value: str) -> Place | None:
        """Where one value of a property stands."""
        return self.values.get((iri, predicate, value))

    def with_inverses(self, inverses: Mapping[str, str]) -> Places:
        """These places, with those of write-only inverse properties also under the stored property."""
        for (subject, predicate, value), place in list(self.values.items()):
            stored = inverses.get(predicate)
            if stored is not None:
                self.edge(value, stored, place)
                self.value(value, stored, subject, place)
        return self


class Positions:
    """Finds the places of the nodes of a source.

    The places are read the first time they are needed, since most runs need few.

    - ``parents``: for a minted IRI the node and property it was written under
    - ``aliases``: for the IRI of a legal unit the other IRIs that the sources use for it
    - ``by_statement``: a node only has a place if a statement names it, so a source without such statements is not
      searched
    """

    def __init__(
        self,
        file: str,
        places: Places | Callable[[], Places],
        parents: Mapping[str, tuple[str, str]] | None = None,
        *,
        by_statement: bool = False,
    ) -> None:
        self.by_statement = by_statement
        self._file = file
        self._places = places
        self._parents = parents or {}
        self.aliases: Mapping[str, tuple[str, ...]] = {}

    @property
    def places(self) -> Places:
        """The places of the file; read at the first use."""
        if callable(self._places):
            self._places = self._places()
        return self._places

    def nodes(self) -> set[str] | None:
        """Every node that may have a place here; None where that is not known without reading the file."""
        if self.by_statement:
            return None
        places = self.places
        within = {node for node, _ in places.edges} | {node for node, _, _ in places.values}
        return places.nodes.keys() | within | self._parents.keys()

    def locate(self, node: str, predicate: str | None = None, value: str | None = None) -> Location | None:
        """The place of a node, or of one of its properties, or of one value of that; None if it is not here.

        ``node`` and ``predicate`` are IRIs, ``value`` an IRI or the text of a literal. Without an exact place
        the place around it is given: for a value that of its property, for a property that of its node, for a
        blank node that of the property it is written under.
        """
        seen: set[str] = set()
        while node not in seen:
            seen.add(node)
            place = self._place(node, predicate, value)
            if place is not None:
                return Location.at(self._file, place)
            parent = self._parents.get(node)
            if parent is None:
                return None
            node, predicate, value = parent[0], parent[1], None
        return None

    def _place(self, node: str, predicate: str | None, value: str | None) -> Place | None:
        places = self.places
        names = (node, *self.aliases.get(node, ()))
        values = () if value is None else (value, *self.aliases.get(value, ()))
        if predicate is not None:
            for name in names:
                for text in values:
                    if (place := places.at_value(name, predicate, text)) is not None:
                        return place
            for name in names:
                if (place := places.at_edge(name, predicate)) is not None:
                    return place
        return next((place for name in names if (place := places.at_node(name)) is not None), None)


@dataclass(slots=True)
class Source:
    """One file that was read.

    - ``file``: its name as the user gave it
    - ``graph``: the IRI of the named graph that all its ``quads`` are in
    - ``sha256``: the digest of its bytes; empty for data at a URL
    - ``store``: the store that holds the quads after loading; ``asserted_in`` reads them from it
    - ``at_url``: whether its statements are at a URL, where they have no lines
    - ``bases``: the bases of ids that the file itself names
    - ``words``: for an IRI the names and ids by which a workbook writes it
    """

    file: str
    graph: str
    sha256: str
    quads: list[Quad]
    positions: Positions
    complete: bool = True
    store: Store | None = None
    asserted_in: Callable[[NamedNode], Sequence[Quad]] | None = None
    at_url: bool = False
    bases: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _described: dict[str, int] | None = None

    @classmethod
    def unplaced(cls, statements: Iterable[Quad], graph: NamedNode, base: str | None = None) -> Source:
        """A source of statements that are in no file; ``base`` is what the files that they are from name."""
        quads = [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in statements]
        return cls("", graph.value, "", quads, Positions("", Places()), bases=() if base is None else (base,))

    def asserted(self) -> Sequence[Quad]:
        """All statements of the source, also those dated after the evaluation date."""
        if self.asserted_in is not None:
            return self.asserted_in(NamedNode(self.graph))
        return self.quads

    def statements(self, predicate: str) -> Iterable[Quad]:
        """The statements of one property; only before the quads are moved to a store."""
        return (quad for quad in self.quads if quad.predicate.value == predicate)

    def members(self) -> Iterable[tuple[str, list[str]]]:
        """Each class with nodes that the source gives it; only before the quads are moved to a store."""
        members: dict[str, list[str]] = {}
        for quad in self.statements(RDF_TYPE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                members.setdefault(quad.object.value, []).append(quad.subject.value)
        return members.items()

    def place(self, quad: Quad, *, at_value: bool = True) -> Location:
        """The place of a statement's value or property; only the file where no more is known."""
        subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        value = quad.object.value if at_value and isinstance(quad.object, NamedNode | Literal) else None
        return self.positions.locate(subject, quad.predicate.value, value) or Location(self.file)

    def describes(self, node: str) -> int:
        """How well the source describes the node: 2 if it gives a name, 1 if it only gives a class, otherwise 0."""
        if self.store is not None:
            return self._describes(self.store, node)
        if self._described is None:
            self._described = dict.fromkeys(self._subjects_of(RDF_TYPE), 1) | dict.fromkeys(
                self._subjects_of(RDFS_LABEL), 2
            )
        return max(self._described.get(name, 0) for name in (node, *self.positions.aliases.get(node, ())))

    def _describes(self, store: Store, node: str) -> int:
        term, graph = named(node), NamedNode(self.graph)
        for rank, predicate in _NAMING:
            for _ in store.quads_for_pattern(term, NamedNode(predicate), None, graph) if term is not None else ():
                return rank
        return 0

    def _subjects_of(self, predicate: str) -> set[str]:
        nodes = (quad.subject for quad in self.asserted() if quad.predicate.value == predicate)
        return {subject.value for subject in nodes if not isinstance(subject, Triple)}


def described(sources: Iterable[Source]) -> dict[str, frozenset[str]]:
    """The classes of every node that sources describe; nodes with the same classes share one set."""
    joined = cache(lambda classes, more: classes | {more})
    none: frozenset[str] = frozenset()
    classes_of: dict[str, frozenset[str]] = {}
    for source in sources:
        for class_, nodes in source.members():
            if classes_of.keys().isdisjoint(nodes):
                classes_of |= dict.fromkeys(nodes, joined(none, class_))
                continue
            for node in nodes:
                classes_of[node] = joined(classes_of.get(node, none), class_)
    return classes_of


@dataclass(slots=True)
class Sources:
    """The sources, and the problems of what could not be read.

    - ``same_legal_unit``: for each replaced IRI the IRI of its legal unit
    - ``concepts``: those that the sources declare
    - ``places``: a cache of the places that were looked up
    - ``unread``: the files in folders whose format has no reader
    """

    sources: list[Source]
    problems: list[Problem]
    same_legal_unit: dict[str, str] = field(default_factory=dict)
    concepts: list[Concept] = field(default_factory=list)
    store: Store | None = None
    places: dict[PlaceKey, Location | None] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    _writing: dict[str | None, list[int]] | None = None

    @property
    def base(self) -> str | None:
        """The base of ids that most files name."""
        counts = Counter(source.bases[0] for source in self.sources if source.bases)
        return min(counts, key=lambda base: (-counts[base], base), default=None)

    def read_from(self, store: Store, asserted_in: Callable[[NamedNode], Sequence[Quad]]) -> None:
        """Drop the quads in memory and read them from a store from now on; ``asserted_in`` gives those of a graph."""
        self.store = store
        for source in self.sources:
            source.store, source.asserted_in, source.quads = store, asserted_in, []

    def locate(self, node: str, predicate: str | None = None, value: str | None = None) -> Location | None:
        """The most exact place of the node in the sources; among equals, the first source that names it.

        The source with most statements about the node would be wrong: a file that copies several others has more.
        """
        key = node, predicate, value
        if key not in self.places:
            self.places[key] = self.find(*key)
        return self.places[key]

    def find(self, node: str, predicate: str | None, value: str | None) -> Location | None:
        """What `locate` looks up once."""
        places: list[tuple[bool, Source, Location]] = []
        for source in self._speaking(node):
            location = source.positions.locate(node, predicate, value)
            if location is not None:
                fine = predicate is not None and source.positions.locate(node) != location
                places.append((not fine, source, location))
        if not places:
            return next((Location(source.file) for source in self.sources if source.at_url), None)
        if len(places) == 1:  # the usual case, in which `describes` need not be counted
            return places[0][2]
        return min(places, key=lambda place: (place[0], -place[1].describes(node)))[2]

    def _speaking(self, node: str) -> list[Source]:
        """The sources that may mention a node; with many or large files, it would take long to search them all."""
        if self._writing is None:
            self._writing = self._indexed()
        aliases = self.sources[0].positions.aliases if self.sources else {}  # all of them have the same
        names: tuple[str | None, ...] = (node, *aliases.get(node, ()), None)
        some = [self.sources[place] for place in sorted({at for name in names for at in self._writing.get(name, ())})]
        term = named(node) if self.store is not None and node not in self.same_legal_unit else None
        if self.store is None or term is None or not any(source.positions.by_statement for source in some):
            return some
        graphs = {str(quad.graph_name)[1:-1] for quad in self.store.quads_for_pattern(term, None, None, None)}
        return [source for source in some if source.graph in graphs or not source.positions.by_statement]

    def _indexed(self) -> dict[str | None, list[int]]:
        """The numbers of the sources that may mention a node; under None those for which that is not known."""
        result: dict[str | None, list[int]] = {}
        for place, source in enumerate(self.sources):
            nodes = source.positions.nodes()
            for node in (None,) if nodes is None else nodes:
                result.setdefault(node, []).append(place)
        return result
