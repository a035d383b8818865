"""The dataset: the knowledge, what the sources assert and what the rules derive, each in graphs of its own.

Graphs: ``urn:graphsc:guide`` for the ontology, ``urn:graphsc:shapes`` for the shapes, ``urn:graphsc:source:…`` for each file,
``urn:graphsc:context`` for the run, ``urn:graphsc:rule:…`` for what each derivation rule derives, ``urn:graphsc:rules``
and ``urn:graphsc:questions`` for what the rules and the shipped questions are, ``urn:graphsc:measures``, ``…:findings``,
``…:duties`` and ``…:coverage`` for results that a question needs. Queries see the union of all of them, in which a triple
that stands in several graphs counts several times: hence DISTINCT everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.bounded import Own
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.lexical_forms import WrittenForms
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.graph.plain import PlainFacts
from graphsc.sparql.patterns import facts_read

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

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = Node | ox.Literal
Row = Mapping[str, Term]
Solutions = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples | Iterator[ox.Triple]
"""The answer to a query of any form."""


@dataclass(slots=True)
class Edition:
    """The knowledge as it is shipped, with what one organisation adds: its quads, and a cache of what is computed from them."""

    quads: tuple[ox.Quad, ...] = ()
    cache: dict[tuple[Hashable, ...], object] = field(default_factory=dict)


R = TypeVar("R")
_MANY = 10_000
"""Quads of ``rdf:type`` from which on a dataset is large; the knowledge alone has some thousand."""
_SMALL = 1000
"""Fewer quads than this, most often none, are added quicker without a bulk load."""


class Dataset:
    """The graphs above, in an Oxigraph store in memory.

    - ``partial``: the store as it is, without the facts that no query needed yet; it always has the knowledge.
    - ``written``: the literals whose lexical form the store does not keep.
    - ``edition``: the knowledge that it was loaded with; None where it has none, or where something was added to it.
    - ``later``: what the sources say of things after the evaluation date, not in the store.
    - ``executor``: what rules and shapes run on: ``oxigraph``, ``duckdb`` or ``spark``, or ``auto`` until that is chosen.
    - ``relational``: the tables of the last two, as long as they hold the same as the store.
    - ``plain``, ``deferred``: plain files and tables whose facts the store gets when a query needs them.
    - ``own``: what the organisation's own knowledge is on, and the time that each shape and rule of it may take.
    - ``fallbacks``: what Oxigraph did in place of the tables, and why; ``merged``: whether the default graph is the merge.
    """

    def __init__(self, store: ox.Store | None = None) -> None:
        self.partial = ox.Store() if store is None else store
        self.written = WrittenForms()
        self.edition: Edition | None = None
        self.later: set[ox.Quad] = set()
        self.own = Own()
        self.executor = "auto"
        self.relational: Relational | None = None
        self.deferred: Relational | None = None
        self.plain: PlainFacts | None = None
        self.fallbacks: dict[str, str] = {}
        self.merged = False
        self._looked_up: dict[tuple[str, str], list[Term]] = {}

    @property
    def store(self) -> ox.Store:
        """The store, once it has every fact."""
        return self.holding(None)

    def holding(self, properties: Collection[str] | None) -> ox.Store:
        """The store, once it has these facts, named as `facts_read` names them; every fact where it is None."""
        for facts in (self.plain, self.deferred):
            if facts is not None:
                facts.hand_over(self.partial, properties)
        self._looked_up = {} if properties is None else self._looked_up
        return self.partial

    def drop_tables(self) -> None:
        """Drop the tables, after everything in them was put into the store."""
        self.holding(None)
        self.relational = self.deferred = self.plain = None

    def _lacks(self, graph: str | None = None) -> bool:
        """Whether the store may lack facts (of a graph, where one is given)."""
        return any(facts is not None and facts.withholds(graph) for facts in (self.plain, self.deferred))

    def _store_for(self, query: str, properties: frozenset[str] | None = None) -> ox.Store:
        """The store, once it has all that a query depends on; ``properties`` are all that its variable properties can be."""
        return self.holding(facts_read(query, properties)) if self._lacks() else self.partial

    def _of_graph(self, graph: ox.NamedNode) -> ox.Store:
        """The store, once it has all that is in a graph."""
        return self.store if self._lacks(graph.value) else self.partial

    def add(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], *, update_tables: bool = False) -> None:
        """Add triples to a graph. Without ``update_tables`` the tables are dropped: quicker where no further query needs them."""
        tables, triples = (self.relational, list(triples)) if update_tables else (None, triples)
        self._touch(graph)
        self.relational = tables
        self.follow(triples)
        graphs = (graph, ox.DefaultGraph()) if self.merged else (graph,)
        quads = (ox.Quad(t.subject, t.predicate, t.object, name) for t in triples for name in graphs)
        batch = list(islice(quads, _SMALL))
        self.partial.extend(batch)
        if len(batch) == _SMALL:
            self.partial.bulk_extend(quads)

    def follow(self, added: Iterable[ox.Triple], removed: Iterable[ox.Quad] = ()) -> None:
        """Make the tables follow a change of the store; they are dropped where that fails."""
        tables, self.relational = self.relational, None
        if tables is not None:
            gone = {q.triple for q in removed if not any(self.statements(q.predicate.value, q.subject, q.object))}
            self.relational = tables if tables.update(added, gone) else None

    def ask(self, query: str) -> Solutions:
        """The answer to a query of any form, over the union of all graphs; over their merge for a dataset that `merge` made."""
        return self._store_for(query).query(query, use_default_graph_as_union=not self.merged)

    def is_large(self) -> bool:
        """Whether it has so many typed nodes that threads or tables pay."""
        if self.plain is not None and self.plain.type_count() > _MANY:
            return True
        types = f"SELECT ?node WHERE {{ GRAPH ?graph {{ ?node <{RDF_TYPE}> ?class }} }} OFFSET {_MANY} LIMIT 1"
        return bool(_rows(self.partial.query(types)))

    def size(self, graph: ox.NamedNode) -> int:
        """How many triples a graph has."""
        return sum(1 for _ in self._of_graph(graph).quads_for_pattern(None, None, None, graph))

    def with_store(self, store: ox.Store) -> Dataset:
        """A dataset of a store that holds the same graphs already."""
        other = Dataset(store)
        other.written, other.edition, other.own = self.written.copy(), self.edition, self.own
        return other

    def for_tables(self) -> tuple[ox.Store, Iterable[bytes]]:
        """What tables are made of: the store, with all derived facts, and N-Triples that it lacks."""
        if self.deferred is not None:
            self.deferred.hand_over(self.partial, None)
        return self.partial, () if self.plain is None else (triples for _, triples in self.plain.texts())

    def derive(self, graph: ox.NamedNode, construct: str) -> None:
        """Add the triples of a CONSTRUCT to a graph. Raises ValueError as `constructed` does."""
        self.load_triples(graph, self.constructed(construct))

    def constructed(self, construct: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, without a Python object for each.

        Raises:
            ValueError: the query would ask a server.
        """
        _stay_here(construct)
        triples = self._store_for(construct).query(construct, use_default_graph_as_union=True)
        assert isinstance(triples, ox.QueryTriples)
        return triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""

    def graph_as_text(self, graph: ox.NamedNode) -> bytes:
        """The triples of a graph as N-Triples."""
        return self._of_graph(graph).dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""

    def load_triples(self, graph: ox.NamedNode, triples: bytes) -> None:
        """Add N-Triples to a graph; blank nodes keep their identity."""
        self._touch(graph)
        if b"_:" in triples:  # loading a document would rename its blank nodes
            self.add(graph, (quad.triple for quad in ox.parse(triples, ox.RdfFormat.N_TRIPLES)))
        else:
            self.partial.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

    def select(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over all graphs; an unbound variable is left out of its row.

        Raises ValueError for a query that would ask a server.
        """
        _stay_here(query)
        return self.run(query, **bound)

    def select_among(self, query: str, properties: frozenset[str] | None, **bound: Term) -> Sequence[Row]:
        """The rows of a SELECT; ``properties`` are all that its variable properties can be (None: any).

        Raises ValueError for a query that would ask a server.
        """
        _stay_here(query)
        store = self._store_for(query, properties)
        return _rows(store.query(query, use_default_graph_as_union=True, substitutions=_substitutions(bound)))

    def run(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT that is known to ask no server."""
        store = self._store_for(query)
        return _rows(store.query(query, use_default_graph_as_union=True, substitutions=_substitutions(bound)))

    def column(self, query: str) -> set[Term]:
        """The values of the one variable of a SELECT that is known to ask no server."""
        solutions = self._store_for(query).query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        return {term for row in solutions if (term := row[0]) is not None}

    def statements(self, predicate: str, subject: Node | None = None, value: Term | None = None) -> Iterator[ox.Quad]:
        """The quads with a predicate; of them those with a subject or a value, where these are given."""
        facts = f"{predicate} {value}" if predicate == RDF_TYPE and value is not None else predicate
        return self.holding((facts,)).quads_for_pattern(subject, ox.NamedNode(predicate), value, None)

    def objects(self, node: Node, predicate: str) -> list[Term]:
        """The values of a property of a node, each once, however many graphs hold it."""
        if isinstance(node, ox.NamedNode) and (terms := self._looked_up.get((node.value, predicate))) is not None:
            return terms
        return list(dict.fromkeys(quad.object for quad in self.statements(predicate, node)))

    def look_up(self, iris: Iterable[str], properties: Collection[str], followed: Collection[str]) -> None:
        """Get the values of properties from the tables at once, for nodes and for those that ``followed`` properties lead to.

        Without that, `objects` of a single node would have every fact of these properties put into the store.
        """
        if self.deferred is not None and self.deferred is self.relational and self._lacks():
            self._looked_up |= self.deferred.values(iris, properties, followed)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT over all graphs. Raises ValueError for a query that would ask a server."""
        _stay_here(query)
        triples = self._store_for(query).query(query, use_default_graph_as_union=True)
        assert not isinstance(triples, ox.QuerySolutions | ox.QueryBoolean)
        return triples

    def subjects(self, predicate: str, value: str) -> set[str]:
        """The IRIs of the nodes that have a node as a value of a property; blank nodes are left out."""
        quads = self.statements(predicate, None, ox.NamedNode(value))
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def values(self, subject: str, predicate: str) -> set[str]:
        """The values of a property of a node: IRIs, and the texts of literals."""
        return set(map(plain, self.objects(ox.NamedNode(subject), predicate)))

    def copy(self) -> Dataset:
        """A copy with the same graphs."""
        other = self.with_store(ox.Store())
        other.partial.bulk_extend(self.store)
        other.executor = self.executor
        return other

    def as_written(self) -> set[ox.Triple]:
        """Every distinct triple, literals in the lexical form they were written in."""
        return {quad.triple for quad in self.written.written(self.store)}

    def asserted_in(self, graph: ox.NamedNode) -> list[ox.Quad]:
        """The quads of a source's graph, literals as they were written, with those of things after the evaluation date."""
        later = (quad for quad in self.later if quad.graph_name == graph)
        return list(self.written.written([*self._of_graph(graph).quads_for_pattern(None, None, None, graph), *later]))

    def boxed(self) -> AbstractContextManager[tuple[Collection[ox.Quad], Collection[ox.Quad]]]:
        """Have the store hold boxed the literals whose lexical form it does not keep (see `lexical_forms`)."""
        return self.written.boxed(self.partial)

    def select_knowledge(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over the knowledge alone, guide and shapes."""
        return _rows(self.partial.query(query, default_graph=[GUIDE, SHAPES], substitutions=_substitutions(bound)))

    def shapes(self) -> frozenset[ox.Triple]:
        """The triples of the shapes, their literals as they were written."""
        quads = self.partial.quads_for_pattern(None, None, None, SHAPES)
        return frozenset(quad.triple for quad in self.written.written(quads))

    def assert_all(self, quads: Sequence[ox.Quad]) -> None:
        """Add the quads of one source, which are all in one graph."""
        if quads:
            self._touch(quads[0].graph_name)
        self.written.note(quads)
        self.partial.bulk_extend(quads)

    def cached(self, key: tuple[Hashable, ...], work: Callable[[], R]) -> R:
        """The result of ``work``, cached for all datasets with the same knowledge; it must depend on nothing else."""
        if self.edition is None:
            return work()
        cache = self.edition.cache
        if key not in cache:
            cache[key] = work()
        return cast("R", cache[key])

    def _touch(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        self.relational = None
        self._looked_up.clear()
        if graph in (GUIDE, SHAPES):
            self.edition = None

    def forget_derived(self) -> None:
        """Remove the derived graphs and what is known of the rules, so that rules can run again."""
        self.relational = self.deferred = None
        for graph in list(self.store.named_graphs()):
            if isinstance(graph, ox.NamedNode) and graph.value.startswith((RULE_PREFIX, RULES.value)):
                self.store.remove_graph(graph)


def plain(term: Term | None) -> str:
    """The IRI of a node or the text of a literal; empty for nothing."""
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.Triple) else term.value


def order(row: Row) -> list[tuple[str, str]]:
    """A sort key of rows that does not depend on the order of their variables."""
    return sorted((name, str(term)) for name, term in row.items())


def is_true(term: Term | None) -> bool:
    """Whether a truth value is true: ``true`` or ``1``."""
    return isinstance(term, ox.Literal) and term.value in {"true", "1"}


def _substitutions(bound: Mapping[str, Term]) -> dict[ox.Variable, Term] | None:
    return {ox.Variable(name): term for name, term in bound.items()} or None


def _rows(solutions: object) -> list[dict[str, Term]]:
    assert isinstance(solutions, ox.QuerySolutions)
    names = list(enumerate(variable.value for variable in solutions.variables))  # an index is faster than a name
    return [{name: term for place, name in names if (term := row[place]) is not None} for row in solutions]


@lru_cache(maxsize=1024)
def _stay_here(query: str) -> None:
    """Raise ValueError for a query with SERVICE: rules and shapes may come from outside, and Oxigraph would send it."""
    if sparql.fetches(query):
        raise ValueError("it uses SERVICE and would fetch from the network")
