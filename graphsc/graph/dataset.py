"""The dataset: what the guide says, what the sources assert, what the rules derive, each in graphs of its own.

Graphs: ``urn:graphsc:guide`` for the ontology, ``urn:graphsc:shapes`` for the shapes, ``urn:graphsc:source:…`` for each file,
``urn:graphsc:context`` for the run, ``urn:graphsc:rule:…`` for what each derivation rule derives, ``urn:graphsc:rules``
for what these rules are, ``urn:graphsc:questions`` for what the shipped questions are, ``urn:graphsc:measures``, ``…:findings``
and ``…:duties`` for what was worked out because a question needs it. Queries see the union
of all of them, in which a triple that stands in several graphs counts several times: hence DISTINCT everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.lexical_forms import WrittenForms
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.graph.plain import PlainFacts
from graphsc.graph.server import Server
from graphsc.sparql.patterns import asks_for

if TYPE_CHECKING:
    from graphsc.relational.execution import Relational

GUIDE = ox.NamedNode("urn:graphsc:guide")
SHAPES = ox.NamedNode("urn:graphsc:shapes")
CONTEXT = ox.NamedNode("urn:graphsc:context")
RULES = ox.NamedNode("urn:graphsc:rules")
QUESTIONS = ox.NamedNode("urn:graphsc:questions")
MEASURES = ox.NamedNode("urn:graphsc:measures")
FINDINGS = ox.NamedNode("urn:graphsc:findings")
DUTIES = ox.NamedNode("urn:graphsc:duties")
COVERAGE = ox.NamedNode("urn:graphsc:coverage")
SOURCE_PREFIX = "urn:graphsc:source:"
RULE_PREFIX = "urn:graphsc:rule:"

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = Node | ox.Literal
Row = Mapping[str, Term]


@dataclass(slots=True)
class Edition:
    """The knowledge as it is shipped, with what one organisation adds: its quads, and what was worked out of them."""

    quads: tuple[ox.Quad, ...] = ()
    kept: dict[tuple[Hashable, ...], object] = field(default_factory=dict)


R = TypeVar("R")
_MANY = 10_000
"""The knowledge itself has some thousand things of a class."""
_SMALL = 1000
"""Up to so many quads, most often none, are put in sooner without starting a bulk load."""


class Dataset:
    """The graphs above, in an embedded Oxigraph store or on a server.

    ``knowledge`` is the store to read rules and shapes from. Beside a server it is an embedded one with the same graphs,
    since shapes hold blank nodes, which cannot be asked for over HTTP; beside a store on disk it is one in memory. ``written`` remembers the literals that the store
    does not hold as they were written; None for a server, of which that is not known. ``edition`` is the knowledge that
    it was loaded with; None where there is none, or where it was added to since. ``answers`` are the rows of queries that
    judge, by their text, as they were asked; None where they are not kept. ``later`` is what the sources say of things that come after the
    evaluation date, which does not stand in the store. ``folder`` is where a store on disk lies. ``executor`` says whether
    rules and shapes run on ``oxigraph``, ``duckdb`` or ``spark``, or ``auto`` as long as that is open; ``relational`` are the tables
    of the last two, as long as they hold what the store holds; ``plain`` and ``late`` are plain files and tables whose facts the
    store gets when they are asked for, and ``fallbacks`` is what Oxigraph did nevertheless, with why. ``merged`` says that the store's default graph is the merge of its graphs.
    """

    def __init__(self, server: Server | None = None, store: ox.Store | None = None) -> None:
        self.folder: Path | None = None
        self.knowledge = ox.Store() if store is None else store
        self._store: ox.Store | Server = self.knowledge if server is None else server
        self._written_forms = WrittenForms()
        self.written = self._written_forms if server is None else None
        self.edition: Edition | None = None
        self.answers: dict[str, Sequence[Row]] | None = None
        self.later: set[ox.Quad] = set()
        self.executor = "auto"
        self.relational: Relational | None = None
        self.late: Relational | None = None
        self.plain: PlainFacts | None = None
        self.fallbacks: dict[str, str] = {}
        self.merged = False
        self._looked_up: dict[tuple[str, str], list[Term]] = {}

    @property
    def store(self) -> ox.Store | Server:
        """Where its quads are, all of them."""
        return self.holding(None)

    @store.setter
    def store(self, store: ox.Store | Server) -> None:
        self._store = store

    def holding(self, properties: Collection[str] | None) -> ox.Store | Server:
        """The store, once it has every fact of these properties, given as `asks_for` gives them; of all where it is None."""
        for kept in (self.plain, self.late):
            if kept is not None:
                kept.hand_over(self.partial, properties)
        self._looked_up = {} if properties is None else self._looked_up
        return self._store

    def drop_tables(self) -> None:
        """Let go of the tables; the store then has everything."""
        self.holding(None)
        self.relational = self.late = self.plain = None

    def _lacks(self, graph: str | None = None) -> bool:
        """Whether the store may lack something, of a graph where one is given."""
        return any(kept is not None and kept.keeps(graph) for kept in (self.plain, self.late))

    def _store_for(self, query: str, properties: frozenset[str] | None = None) -> ox.Store | Server:
        """The store, once it has all that a query may ask for, whose variable properties are these where some are given."""
        return self.holding(asks_for(query, properties)) if self._lacks() else self._store

    def _of_graph(self, graph: ox.NamedNode) -> ox.Store | Server:
        """The store, once it has all that is in a graph."""
        return self.store if self._lacks(graph.value) else self._store

    def add(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], *, in_step: bool = False) -> None:
        """Put triples into a graph; tables are kept ``in_step``, or dropped: that is quicker where they are not asked again."""
        tables, triples = (self.relational, list(triples)) if in_step else (None, triples)
        self._touch(graph)
        self.relational = tables
        self.follow(triples)
        graphs = (graph, ox.DefaultGraph()) if self.merged else (graph,)
        quads = (ox.Quad(t.subject, t.predicate, t.object, name) for t in triples for name in graphs)
        if isinstance(self._store, ox.Store):
            batch = list(islice(quads, _SMALL))
            self._store.extend(batch)
            if len(batch) < _SMALL:
                return
        self._store.bulk_extend(quads)

    def follow(self, new: Iterable[ox.Triple], gone: Iterable[ox.Quad] = ()) -> None:
        """Have the tables hold what the store has got and no longer has; they are dropped where that cannot be done."""
        tables, self.relational = self.relational, None
        if tables is not None:
            lost = {q.triple for q in gone if not any(self.statements(q.predicate.value, q.subject, q.object))}
            self.relational = tables if tables.follow(new, lost) else None

    def ask(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
        """The answer to a query of any form: over the merge of all graphs for what `merge` made, else over their union."""
        return self._store_for(query).query(query, use_default_graph_as_union=not self.merged)

    def is_large(self) -> bool:
        """Whether it holds more than a few things of a class, so that work on it is worth sharing out."""
        if self.plain is not None and self.plain.described() > _MANY:
            return True
        some = self._store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None)
        return next(islice(some, _MANY, None), None) is not None

    def size(self, graph: ox.NamedNode) -> int:
        """How many triples a graph has."""
        return sum(1 for _ in self._of_graph(graph).quads_for_pattern(None, None, None, graph))

    def on_server(self, server: Server) -> Dataset:
        """The same graphs on a SPARQL server; this dataset stays their knowledge."""
        other = Dataset(server)
        other.knowledge, other._written_forms, other.edition = self.knowledge, self._written_forms, self.edition
        server.bulk_extend(self.knowledge)
        return other

    def with_store(self, store: ox.Store) -> Dataset:
        """The same graphs in a store that holds them already; this dataset stays their knowledge."""
        other = Dataset()
        other.store, other.knowledge = store, self.knowledge
        other._written_forms, other.edition = self._written_forms.copy(), self.edition
        other.written = other._written_forms
        return other

    @property
    def embedded(self) -> ox.Store:
        """The store of a dataset that is on no server."""
        store = self.store
        assert isinstance(store, ox.Store)
        return store

    def for_tables(self) -> tuple[ox.Store, Iterable[str]]:
        """The store of a dataset that is on no server, once it has all that was derived, and what plain files state beside it, as N-Triples."""
        if self.late is not None:
            self.late.hand_over(self.partial, None)
        return self.partial, () if self.plain is None else self.plain.text()

    @property
    def is_embedded(self) -> bool:
        """Whether it is on no server."""
        return isinstance(self._store, ox.Store)

    @property
    def partial(self) -> ox.Store:
        """The store of a dataset that is on no server, without what it was not asked for yet."""
        assert isinstance(self._store, ox.Store)
        return self._store

    def derive(self, graph: ox.NamedNode, construct: str) -> None:
        """Add the triples of a CONSTRUCT to a graph; on a server, by an update, so that they are not sent to and fro."""
        if isinstance(self._store, ox.Store):
            self.load_triples(graph, self.constructed(construct))
        else:
            _stay_here(construct)
            self._store.update(sparql.inserted(construct, graph.value))

    def constructed(self, construct: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, without a Python object for each.

        Raises:
            ValueError: the query would ask another server.
        """
        _stay_here(construct)
        triples = self._store_for(construct).query(construct, use_default_graph_as_union=True)
        assert isinstance(triples, ox.QueryTriples)
        return triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""

    def graph_as_text(self, graph: ox.NamedNode) -> bytes:
        """The triples of a graph of an embedded store as N-Triples."""
        store = self._of_graph(graph)
        assert isinstance(store, ox.Store)
        return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""

    def load_triples(self, graph: ox.NamedNode, triples: bytes) -> None:
        """Add N-Triples to a graph of an embedded store; blank nodes keep their identity."""
        self._touch(graph)
        if b"_:" in triples:  # loading a document would rename its blank nodes
            self.add(graph, (quad.triple for quad in ox.parse(triples, ox.RdfFormat.N_TRIPLES)))
        else:
            self.partial.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

    def select(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over all graphs; an unbound variable is left out of its row.

        Raises ValueError for a query that would ask another server.
        """
        _stay_here(query)
        return self.run(query, **bound)

    def select_among(self, query: str, properties: frozenset[str] | None) -> Sequence[Row]:
        """The rows of a SELECT whose variable properties are some of these, or any where it is None.

        Raises ValueError for a query that would ask another server.
        """
        _stay_here(query)
        return _rows(self._store_for(query, properties).query(query, use_default_graph_as_union=True))

    def run(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT that is known to ask no other server."""
        store = self._store_for(query)
        return _rows(store.query(query, use_default_graph_as_union=True, substitutions=_substitutions(bound)))

    def column(self, query: str) -> set[Term]:
        """The values of the one variable of a SELECT that is known to ask no other server."""
        solutions = self._store_for(query).query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        return {term for row in solutions if (term := row[0]) is not None}

    def statements(self, predicate: str, subject: Node | None = None, value: Term | None = None) -> Iterator[ox.Quad]:
        """The quads of a property."""
        facts = f"{predicate} {value}" if predicate == RDF_TYPE and value is not None else predicate
        return self.holding((facts,)).quads_for_pattern(subject, ox.NamedNode(predicate), value, None)

    def objects(self, node: Node, predicate: str) -> list[Term]:
        """The values of a property of a node, each once, however many graphs say so."""
        if isinstance(node, ox.NamedNode) and (terms := self._looked_up.get((node.value, predicate))) is not None:
            return terms
        return list(dict.fromkeys(quad.object for quad in self.statements(predicate, node)))

    def look_up(self, iris: Iterable[str], properties: Collection[str], along: Collection[str]) -> None:
        """Ask the tables at once for properties of nodes, and of those that some of the properties lead to.

        Whoever asks for them one by one would have the store filled with every fact of these properties.
        """
        if self.late is not None and self.late is self.relational and self._lacks():
            self._looked_up |= self.late.values(iris, properties, along)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT over all graphs. Raises ValueError for a query that would ask another server."""
        _stay_here(query)
        triples = self._store_for(query).query(query, use_default_graph_as_union=True)
        assert not isinstance(triples, ox.QuerySolutions | ox.QueryBoolean)
        return triples

    def subjects(self, predicate: str, value: str) -> set[str]:
        """The nodes, without blank ones, that have a value under a property; all are IRIs."""
        quads = self.statements(predicate, None, ox.NamedNode(value))
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def values(self, subject: str, predicate: str) -> set[str]:
        """What a node has under a property: IRIs, and the texts of literals."""
        return set(map(plain, self.objects(ox.NamedNode(subject), predicate)))

    def triples(self) -> set[ox.Triple]:
        """Every distinct triple of the dataset."""
        return {quad.triple for quad in self.store}

    def copy(self) -> Dataset:
        """Another dataset with the same graphs."""
        other = Dataset()
        other.store.bulk_extend(self.store)
        other._written_forms, other.edition, other.executor = self._written_forms.copy(), self.edition, self.executor
        other.written = other._written_forms if self.written is not None else None
        return other

    def as_written(self) -> set[ox.Triple]:
        """Every distinct triple; its literals as they were written, where that is known."""
        return {quad.triple for quad in (self.written.written(self.store) if self.written else self.store)}

    def asserted_in(self, graph: ox.NamedNode) -> list[ox.Quad]:
        """The quads of a source's graph, literals as they were written, with those dated after the evaluation date."""
        assert self.written is not None
        later = (quad for quad in self.later if quad.graph_name == graph)
        return list(self.written.written([*self._of_graph(graph).quads_for_pattern(None, None, None, graph), *later]))

    def boxed(self) -> AbstractContextManager[tuple[Collection[ox.Quad], Collection[ox.Quad]]]:
        """Have the store hold the literals that it does not keep boxed, as `WrittenForms` tells."""
        assert self.written is not None
        return self.written.boxed(self.partial)

    def select_knowledge(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over the knowledge alone, guide and shapes, whatever the sources say."""
        return _rows(self.knowledge.query(query, default_graph=[GUIDE, SHAPES], substitutions=_substitutions(bound)))

    def shapes(self) -> frozenset[ox.Triple]:
        """The triples of the shapes, their literals as they were written."""
        quads = self.knowledge.quads_for_pattern(None, None, None, SHAPES)
        return frozenset(quad.triple for quad in (self._written_forms.written(quads) if self._written_forms else quads))

    def assert_all(self, quads: Sequence[ox.Quad]) -> None:
        """Add the quads of one source, which are all in one graph."""
        if quads:
            self._touch(quads[0].graph_name)
        if self.written is not None:
            self.written.note(quads)
        self._store.bulk_extend(quads)

    def cached(self, key: tuple[Hashable, ...], work: Callable[[], R]) -> R:
        """The result of ``work``, cached for all datasets with the same guide and shapes, of which alone it must be made."""
        if self.edition is None:
            return work()
        kept = self.edition.kept
        if key not in kept:
            kept[key] = work()
        return cast("R", kept[key])

    def _touch(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        self.relational = None
        self._looked_up.clear()
        if graph in (GUIDE, SHAPES):
            self.edition = None

    def forget_derived(self) -> None:
        """Remove the derived graphs, so that the rules can run again."""
        self.relational = self.late = None
        for graph in list(self.store.named_graphs()):
            if isinstance(graph, ox.NamedNode) and graph.value.startswith(RULE_PREFIX):
                self.store.remove_graph(graph)


def plain(term: Term | None) -> str:
    """The IRI of a node or the text of a literal; empty for nothing."""
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.Triple) else term.value


def order(row: Row) -> list[tuple[str, str]]:
    """A sort key of rows, so that of several always the same is the first."""
    return sorted((name, str(term)) for name, term in row.items())


def is_true(term: Term | None) -> bool:
    """Whether a truth value is true: ``true`` or ``1``, as a server writes it."""
    return isinstance(term, ox.Literal) and term.value in {"true", "1"}


def _substitutions(bound: Mapping[str, Term]) -> dict[ox.Variable, Term] | None:
    return {ox.Variable(name): term for name, term in bound.items()} or None


def _rows(solutions: object) -> list[dict[str, Term]]:
    assert isinstance(solutions, ox.QuerySolutions)
    names = list(enumerate(variable.value for variable in solutions.variables))  # a place is faster than a name
    return [{name: term for place, name in names if (term := row[place]) is not None} for row in solutions]


@lru_cache(maxsize=1024)
def _stay_here(query: str) -> None:
    """Rules and shapes of the organisation's own are queries from outside, and Oxigraph obeys SERVICE."""
    if sparql.fetches(query):
        raise ValueError("it uses SERVICE and would fetch from the network")
