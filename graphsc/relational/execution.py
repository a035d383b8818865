"""The relational engine: SPARQL run on the tables of a dataset."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import RLock

import pyoxigraph as ox

from graphsc.core.vocabulary import NUMBERS
from graphsc.graph.dataset import Term, plain
from graphsc.relational.database import Database
from graphsc.relational.queries import Compiler
from graphsc.relational.relations import Relation, column, listed
from graphsc.relational.tables import CollisionError, Tables
from graphsc.relational.terms import KINDS, as_constant
from graphsc.relational.unsupported import Unfetched, Unsupported
from graphsc.sources.model import named
from graphsc.sparql import form
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.syntax import Ask, Construct, Select, Triple, Var, nodes, variables

COLLISION = "two terms with one hash"


class Relational:
    """The triples of a store, and ``unloaded`` N-Triples that are not in it yet, in a database that answers SPARQL.

    ``external`` are tables that have triples already, of data that are nowhere else here (``is_external``).

    Every method raises Unsupported for what is left to Oxigraph.
    """

    def __init__(
        self, store: ox.Store, database: Database, unloaded: Iterable[bytes] = (), *, external: Tables | None = None
    ) -> None:
        self.is_external = external is not None
        self._collided = False
        self._lock = RLock()
        self._database = database
        with self._unsupported():
            self._tables = Tables(store, database, unloaded) if external is None else external
        self._queries: dict[str, Select | Ask | Construct] = {}

    @contextmanager
    def _unsupported(self) -> Iterator[None]:
        """Raise Unsupported for an error of the database; once two terms have the same hash, for everything."""
        if self._collided:
            raise Unsupported(COLLISION)
        try:
            yield
        except CollisionError as error:
            self._collided = True
            raise Unsupported(COLLISION) from error
        except self._database.errors as error:
            raise Unsupported(self._database.why(error)) from error

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Hold the lock while a query creates intermediate tables, and drop these afterwards."""
        with self._lock, self._unsupported():
            try:
                yield
            finally:
                self._tables.cleared()

    def prepare(self, queries: Iterable[str]) -> None:
        """Parse queries and intern their constants all at once: one by one takes much longer."""
        texts: list[str] = []
        for query in queries:
            with suppress(Unsupported):
                constants = [term for term in nodes(self._read(query)) if isinstance(term, ox.NamedNode | ox.Literal)]
                texts += map(as_constant, constants)
        with self._working():
            self._tables.enter(texts)

    def _read(self, text: str) -> Select | Ask | Construct:
        if text not in self._queries:
            try:
                self._queries[text] = read_construct(text) if form(text) == "CONSTRUCT" else read(text)
            except ValueError as error:
                raise Unsupported(str(error)) from error
        return self._queries[text]

    def rows(self, query: str) -> list[dict[str, Term]]:
        """The distinct rows of a SELECT DISTINCT, in its order. Raises Unsupported."""
        with self._selected(query) as (select, compiler, relation):
            order = [(direction, key.name) for direction, key in select.order if isinstance(key, Var)]
            if len(order) < len(select.order):
                raise Unsupported("ORDER BY an expression")
            columns = relation.columns
            rows = self._tables.rows(compiler.with_steps(f"SELECT {listed(columns)} FROM {relation.name}"), columns)
        for direction, name in reversed(order):
            rows.sort(key=lambda row: _sort_key(row.get(name)), reverse=direction == "DESC")
        return rows

    def count(self, query: str) -> int:
        """The number of rows of a SELECT DISTINCT."""
        with self._selected(query) as (_, compiler, rows):
            ((number,),) = self._database.rows(compiler.with_steps(f"SELECT count(*) FROM {rows.name}"))
            return int(number)

    @contextmanager
    def _selected(self, query: str) -> Iterator[tuple[Select, Compiler, Relation]]:
        """A SELECT DISTINCT, its compiler, and its rows as a relation."""
        if query not in self._queries:
            self.prepare([query])
        select = self._read(query)
        if not isinstance(select, Select) or not select.distinct:
            raise Unsupported("rows that are not distinct")
        with self._working():
            compiler = self._compiler(select)
            yield select, compiler, compiler.select(select)

    def derive(self, rules: Mapping[str, str], *, rounds: int) -> None:
        """Run CONSTRUCTs, given by the graph that their triples are for, and insert the triples.

        Rules that feed each other are run again until nothing new comes; Unsupported where that takes more than ``rounds``.
        """
        constructs = {
            graph: construct for graph, rule in rules.items() if isinstance(construct := self._read(rule), Construct)
        }
        with self._working():
            for _ in range(rounds):
                new = False
                derived = {}
                for graph, construct in constructs.items():
                    derived[graph] = self._derived(construct)
                    new |= self._tables.insert(derived[graph], deduplicate=rounds > 1)
                if rounds == 1 or not new:
                    for graph, triples in derived.items():
                        self._tables.keep(triples, graph)
                    return
            raise Unsupported("no end of rounds")

    def withholds(self, graph: str | None = None) -> bool:
        """Whether the store may lack derived triples (of a graph, where one is given)."""
        with self._lock:
            return self._tables.withholds(graph)

    def hand_over(self, store: ox.Store, properties: Collection[str] | None) -> None:
        """Put derived facts that the store does not have yet into it: those that `facts_read` names, or all where it is None.

        Raises Unfetched for an error of the database.
        """
        with self._fetching():
            self._tables.hand_over(store, properties)

    @contextmanager
    def _fetching(self) -> Iterator[None]:
        """Hold the lock, and raise Unfetched for an error of the database."""
        with self._lock:
            try:
                yield
            except CollisionError as error:
                raise Unfetched(COLLISION) from error
            except self._database.errors as error:
                raise Unfetched(self._database.why(error)) from error

    def values(
        self, iris: Iterable[str], properties: Collection[str], followed: Collection[str]
    ) -> dict[tuple[str, str], list[Term]]:
        """The values of properties of nodes, and of the nodes that ``followed`` properties lead to; empty where the tables fail."""
        result: dict[tuple[str, str], list[Term]] = {}
        seen: set[str] = set()
        nodes = {iri for iri in iris if named(iri) is not None}
        while nodes:
            values: dict[tuple[str, str], list[Term]] = {(node, name): [] for node in nodes for name in properties}
            with suppress(Unsupported), self._working():
                for node, name, value in self._tables.statements(nodes, properties):
                    values[node, name].append(value)
                result |= values
            seen |= nodes
            reached = (value for (_, name), terms in values.items() if name in followed for value in terms)
            nodes = {value.value for value in reached if isinstance(value, ox.NamedNode)} - seen
        return result

    def update(self, added: Iterable[ox.Triple], removed: Iterable[ox.Triple]) -> bool:
        """Follow a change of the store; False for an error of the database, after which the tables are out of date."""
        with suppress(Unsupported):
            self.change(*(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"" for triples in (added, removed)))
            return True
        return False

    def drop(self, nodes: Iterable[str]) -> set[ox.Quad]:
        """Withhold for good every triple from or to nodes, given as IRIs, that `hand_over` has not handed over; these triples."""
        with self._working():
            return self._tables.withhold(f"<{iri}>" for iri in nodes)

    def change(self, added: bytes, removed: bytes = b"") -> None:
        """Follow a change of the store, given as N-Triples."""
        with self._working():
            if added:
                self._tables.add(added)
            if removed:
                self._tables.remove(removed)

    def _compiler(self, query: Select | Construct) -> Compiler:
        names = variables(query)
        if len({name.casefold() for name in names}) < len(names):
            raise Unsupported("variables that differ in case alone")
        return Compiler(self._tables)

    def _derived(self, construct: Construct) -> str:
        """A table of the distinct triples of a CONSTRUCT."""
        query = construct.rows
        if query.aggregates or (query.limit, query.offset, query.values) != (None, None, None):
            raise Unsupported("a CONSTRUCT of more than a pattern")
        compiler = self._compiler(construct)
        rows = compiler.group(query.where)
        needed = variables(construct.template)
        rows = compiler.projection(rows, [name for name in rows.columns if name in needed])
        parts = [self._filled(triple, rows) for triple in construct.template]
        return self._tables.stored(compiler.with_steps(" UNION ".join(parts)))

    def _filled(self, triple: Triple, rows: Relation) -> str:
        """The SQL of a triple of a template for each row, without the triples that RDF does not allow."""
        cells = []
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, Var) and term.name in rows.columns:
                cells.append(column(term.name))
            elif isinstance(term, ox.NamedNode | ox.Literal):
                cells.append(self._tables.constant(term))
            else:
                raise Unsupported("a template with a blank node or a variable that nothing binds")
        s, p, o = cells
        tests = [f"{s} & 1 = 0", f"{o} IS NOT NULL"]
        if isinstance(triple.predicate, Var):
            tests.append(f"{p} & 15 = {KINDS['i']}")
        return f"SELECT {s} AS s, {p} AS p, {o} AS o FROM {rows.name} WHERE {' AND '.join(tests)}"


def _sort_key(term: Term | None) -> tuple[int, float, str]:
    """A sort key in the order of SPARQL: unbound, blank nodes, IRIs, numbers by value, other literals by text."""
    match term:
        case ox.Literal(value=text, datatype=datatype) if datatype.value in NUMBERS:
            return 3, float(text), ""
        case ox.Literal(value=text):
            return 4, 0, text
    return (0 if term is None else 2 if isinstance(term, ox.NamedNode) else 1), 0, plain(term)
