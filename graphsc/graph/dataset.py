"""The dataset: the knowledge, what the sources assert and what the rules derive, each in graphs of its own.

Graphs: ``urn:graphsc:guide`` for the ontology, ``urn:graphsc:shapes`` for the shapes, ``urn:graphsc:source:…`` for each file,
``urn:graphsc:context`` for the run, ``urn:graphsc:rule:…`` for what each derivation rule derives, ``urn:graphsc:rules``
and ``urn:graphsc:questions`` for what the rules and the shipped questions are, ``urn:graphsc:measures``, ``…:findings``,
``…:duties`` and ``…:coverage`` for results that a question needs. Queries see the union of all of them, in which a triple
that stands in several graphs counts several times: hence DISTINCT everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar, cast

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.bounded import Own
from graphsc.core.disk_cache import cached
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.lexical_forms import WrittenForms
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.graph.backend import Backend, Row, Term, Unsupported, gave_up

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
Solutions = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples | Iterator[ox.Triple]
"""The answer to a query of any form."""


@dataclass(slots=True)
class Edition:
    """The knowledge as it is shipped, with what one organisation adds: its quads, and a cache of what is computed from them.

    ``key`` names the files and what is added; ``written`` are the literals of its shapes whose lexical form a store loses.
    """

    quads: tuple[ox.Quad, ...] = ()
    key: object = None
    written: WrittenForms = field(default_factory=WrittenForms)
    cache: dict[tuple[Hashable, ...], object] = field(default_factory=dict)


R = TypeVar("R")
_MANY = 10_000
"""Quads of ``rdf:type`` from which on a dataset is large; the knowledge alone has some thousand."""


class Dataset:
    """The graphs above, in an Oxigraph store in memory, which has every fact.

    - ``written``: the literals whose lexical form the store does not keep.
    - ``edition``: the knowledge that it was loaded with; None where it has none, or where something was added to it.
    - ``later``: what the sources say of things after the evaluation date, not in the store.
    - ``new_backend``: makes what rules and shapes run on in place of Oxigraph, where that was chosen for a large graph.
    - ``backend``: that, while it is open; it has the triples of the store.
    - ``own``: what the organisation's own knowledge is on, and the time that each shape and rule of it may take.
    - ``merged``: whether the default graph is the merge.
    """

    def __init__(self, store: ox.Store | None = None) -> None:
        self.store = ox.Store() if store is None else store
        self.written = WrittenForms()
        self.edition: Edition | None = None
        self.later: set[ox.Quad] = set()
        self.new_backend: Callable[[], Backend] | None = None
        self.backend: Backend | None = None
        self.own = Own()
        self.merged = False

    # ------------------------------------------------------------------ the backend

    def open_backend(self, queries: Iterable[str]) -> None:
        """Open the backend that was chosen, if any, with the triples of the store; ``queries`` will be run on it."""
        if self.new_backend is None or self.backend is not None:
            return
        backend = self.new_backend()
        try:
            backend.open(self.store)
            backend.prepare(queries)
        except Unsupported as error:
            gave_up(backend.name, error)
        else:
            self.backend = backend

    def prepare(self, queries: Iterable[str]) -> None:
        """Have the backend read the queries that will be run, all at once."""
        if self.backend is not None:
            with suppress(Unsupported):
                self.backend.prepare(queries)

    def close_backend(self) -> None:
        """Free the memory of the backend; queries run on Oxigraph from here on."""
        if self.backend is not None:
            self.backend.close()
            self.backend = None

    def _follow(self, added: bytes) -> None:
        """Have the backend follow what was added to the store, given as N-Triples; it is closed where that fails."""
        if self.backend is None:
            return
        try:
            self.backend.add(added)
        except Unsupported as error:
            gave_up(self.backend.name, error)
            self.close_backend()

    def rows(self, query: str) -> Sequence[Row]:
        """The rows of a SELECT DISTINCT, in its order, from the backend where one is open and can run it."""
        if self.backend is not None:
            with suppress(Unsupported):
                return self.backend.rows(query)
        return self.select(query)

    def named_rows(self, name: str) -> Sequence[Row]:
        """The rows of a query of the ontology; ``name`` is its file below ``ontology``, such as ``analysis/access``."""
        return self.rows(knowledge_text(f"ontology/{name}.rq"))

    def count(self, query: str) -> int:
        """The number of rows of a SELECT DISTINCT without a prologue."""
        if self.backend is not None:
            with suppress(Unsupported):
                return self.backend.count(query)
        (row,) = self.run(f"SELECT (COUNT(*) AS ?count) WHERE {{ {query} }}")
        return int(plain(row["count"]))

    # ------------------------------------------------------------------ triples

    def add(self, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> None:
        """Add triples to a graph."""
        self._touch(graph)
        if self.backend is not None:
            triples, alone = list(triples), ox.Store()
            alone.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
            self._follow(
                alone.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
            )  # as stores write
        graphs = (graph, ox.DefaultGraph()) if self.merged else (graph,)
        self.store.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in triples for name in graphs)

    def ask(self, query: str) -> Solutions:
        """The answer to a query of any form, over the union of all graphs; over their merge for a dataset that `merge` made."""
        return self.store.query(query, use_default_graph_as_union=not self.merged)

    def is_large(self) -> bool:
        """Whether it has so many typed nodes that a backend pays."""
        types = f"SELECT ?node WHERE {{ GRAPH ?graph {{ ?node <{RDF_TYPE}> ?class }} }} OFFSET {_MANY} LIMIT 1"
        return bool(_rows(self.store.query(types)))

    def size(self, graph: ox.NamedNode) -> int:
        """How many triples a graph has."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, graph))

    def with_store(self, store: ox.Store) -> Dataset:
        """A dataset of a store that holds the same graphs already."""
        other = Dataset(store)
        other.written, other.edition, other.own = self.written.copy(), self.edition, self.own
        return other

    def derive(self, graph: ox.NamedNode, construct: str) -> None:
        """Add the triples of a CONSTRUCT to a graph. Raises ValueError as `constructed` does."""
        self.load_triples(graph, self.constructed(construct))

    def constructed(self, construct: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, without a Python object for each.

        Raises:
            ValueError: the query would ask a server.
        """
        _stay_here(construct)
        triples = self.store.query(construct, use_default_graph_as_union=True)
        assert isinstance(triples, ox.QueryTriples)
        return triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""

    def graph_as_text(self, graph: ox.NamedNode) -> bytes:
        """The triples of a graph as N-Triples."""
        return self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""

    def load_triples(self, graph: ox.NamedNode, triples: bytes) -> None:
        """Add N-Triples, as a store writes them, to a graph; blank nodes keep their identity."""
        self._touch(graph)
        if b"_:" in triples:  # loading a document would rename its blank nodes
            self.add(graph, (quad.triple for quad in ox.parse(triples, ox.RdfFormat.N_TRIPLES)))
        else:
            self._follow(triples)
            self.store.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

    def select(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over all graphs; an unbound variable is left out of its row.

        Raises ValueError for a query that would ask a server.
        """
        _stay_here(query)
        return self.run(query, **bound)

    def run(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT that is known to ask no server."""
        return _rows(self.store.query(query, use_default_graph_as_union=True, substitutions=_substitutions(bound)))

    def column(self, query: str) -> set[Term]:
        """The values of the one variable of a SELECT that is known to ask no server."""
        solutions = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        return {term for row in solutions if (term := row[0]) is not None}

    def statements(self, predicate: str, subject: Node | None = None, value: Term | None = None) -> Iterator[ox.Quad]:
        """The quads with a predicate; of them those with a subject or a value, where these are given."""
        return self.store.quads_for_pattern(subject, ox.NamedNode(predicate), value, None)

    def objects(self, node: Node, predicate: str) -> list[Term]:
        """The distinct values of a property of a node, however many graphs state them."""
        return list(dict.fromkeys(quad.object for quad in self.statements(predicate, node)))

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT over all graphs. Raises ValueError for a query that would ask a server."""
        _stay_here(query)
        triples = self.store.query(query, use_default_graph_as_union=True)
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
        other.store.extend(self.store)
        other.new_backend = self.new_backend
        return other

    def as_written(self) -> set[ox.Triple]:
        """Every distinct triple, literals in the lexical form they were written in."""
        return {quad.triple for quad in self.written.written(self.store)}

    def asserted_in(self, graph: ox.NamedNode) -> list[ox.Quad]:
        """The quads of a source's graph, literals as they were written, with those of things after the evaluation date."""
        later = (quad for quad in self.later if quad.graph_name == graph)
        return list(self.written.written([*self.store.quads_for_pattern(None, None, None, graph), *later]))

    def select_knowledge(self, query: str, **bound: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT over the knowledge alone, guide and shapes."""
        return _rows(self.store.query(query, default_graph=[GUIDE, SHAPES], substitutions=_substitutions(bound)))

    def shapes(self) -> frozenset[ox.Triple]:
        """The triples of the shapes, their literals as they were written."""
        quads = self.store.quads_for_pattern(None, None, None, SHAPES)
        return frozenset(quad.triple for quad in self.written.written(quads))

    def assert_all(self, quads: Sequence[ox.Quad]) -> None:
        """Add the quads of one source, which are all in one graph."""
        if quads:
            self._touch(quads[0].graph_name)
        self.written.note(quads)
        self.store.extend(quads)

    def cached(self, key: tuple[Hashable, ...], work: Callable[[], R]) -> R:
        """The result of ``work``, cached for all datasets with the same knowledge, and kept between runs.

        It must depend on nothing else but ``key``, a name and sorted tuples.
        """
        if self.edition is None:
            return work()
        cache = self.edition.cache
        if key not in cache:
            cache[key] = cached((self.edition.key, key), work)
        return cast("R", cache[key])

    def _touch(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        if graph in (GUIDE, SHAPES):
            self.edition = None

    def forget_derived(self) -> None:
        """Remove the derived graphs and what is known of the rules, so that rules can run again."""
        self.close_backend()
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
