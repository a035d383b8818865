"""The relational engine: SPARQL run on the tables of a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import RLock

import pyoxigraph as ox

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.core.vocabulary import NUMBERS
from graphsc.graph.backend import Term, Unsupported
from graphsc.graph.dataset import plain
from graphsc.relational.database import Database
from graphsc.relational.queries import Compiler
from graphsc.relational.relations import Relation, column, listed
from graphsc.relational.tables import CollisionError, Tables
from graphsc.relational.terms import KINDS, as_constant
from graphsc.sparql import form
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.syntax import Ask, Construct, Select, Triple, Var, nodes, variables

COLLISION = "two terms with one hash"


class Relational:
    """A backend on a database, which ``new_database`` makes."""

    def __init__(self, name: str, new_database: Callable[[], Database]) -> None:
        self.name = name
        self._collided = False
        self._lock = RLock()
        self._database = new_database()
        self._queries: dict[str, Select | Ask | Construct] = {}

    def open(self, store: ox.Store) -> None:
        """Read the triples of a store."""
        with self._unsupported():
            self._tables = Tables(store, self._database)

    def close(self) -> None:
        """Drop the tables."""
        del self._tables, self._database

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
        """Parse queries and intern their constants."""
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

    def hand_over(self, store: ox.Store) -> None:
        """Put what was derived since the last time into the graphs of the store. Raises Unavailable where it cannot be read."""
        try:
            with self._lock, self._unsupported():
                self._tables.hand_over(store)
        except Unsupported as error:
            raise Unavailable(
                Text(
                    f"det udledte kan ikke hentes ({error}). Prøv igen, eventuelt med --engine oxigraph.",
                    f"what was derived cannot be fetched ({error}). Try again, perhaps with --engine oxigraph.",
                )
            ) from error

    def add(self, triples: bytes) -> None:
        """Follow what was added to the store, given as N-Triples."""
        with self._working():
            if triples:
                self._tables.add(triples)

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
