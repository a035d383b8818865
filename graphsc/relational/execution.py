"""Rules and queries of shapes, run on the tables of a dataset."""

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
from graphsc.relational.tables import KINDS, CollisionError, Tables, as_constant
from graphsc.relational.unsupported import Unfetched, Unsupported
from graphsc.sources.model import named
from graphsc.sparql import form
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.syntax import Ask, Construct, Select, Triple, Var, nodes, variables

_COLLISION = "two terms with one hash"


class Relational:
    """A store, and the N-Triples that are to be in it, in a database, asked in SPARQL.

    Every method raises Unsupported for what is left to Oxigraph.
    """

    def __init__(self, store: ox.Store, database: Database, beside: Iterable[str] = ()) -> None:
        self._collided = False
        self._lock = RLock()
        self._database = database
        with self._left():
            self._tables = Tables(store, database, beside)
        self._queries: dict[str, Select | Ask | Construct] = {}

    @contextmanager
    def _left(self) -> Iterator[None]:
        """Say of what the database does not do that it is left to Oxigraph; once two terms have one hash, that is everything."""
        if self._collided:
            raise Unsupported(_COLLISION)
        try:
            yield
        except CollisionError as error:
            self._collided = True
            raise Unsupported(_COLLISION) from error
        except self._database.errors as error:
            raise Unsupported(self._database.why(error)) from error

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Work on the tables, one thread at a time, since a step leaves tables that the next one reads; then without those."""
        with self._lock, self._left():
            try:
                yield
            finally:
                self._tables.cleared()

    def prepare(self, queries: Iterable[str]) -> None:
        """Read queries that are to be run, and enter their constants all at once: one by one takes much longer."""
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
            order = [(way, key.name) for way, key in select.order if isinstance(key, Var)]
            if len(order) < len(select.order):
                raise Unsupported("ORDER BY an expression")
            columns = relation.columns
            rows = self._tables.rows(compiler.whole(f"SELECT {listed(columns)} FROM {relation.name}"), columns)
        for way, name in reversed(order):
            rows.sort(key=lambda row: _place(row.get(name)), reverse=way == "DESC")
        return rows

    def count(self, query: str) -> int:
        """How many rows a SELECT DISTINCT has."""
        with self._selected(query) as (_, compiler, rows):
            ((number,),) = self._database.rows(compiler.whole(f"SELECT count(*) FROM {rows.name}"))
            return int(number)

    @contextmanager
    def _selected(self, query: str) -> Iterator[tuple[Select, Compiler, Relation]]:
        """A SELECT DISTINCT, what compiled it, and its rows as a relation."""
        if query not in self._queries:
            self.prepare([query])
        select = self._read(query)
        if not isinstance(select, Select) or not select.distinct:
            raise Unsupported("rows that are not distinct")
        with self._working():
            compiler = self._compiler(select)
            yield select, compiler, compiler.select(select)

    def derive(self, rules: Mapping[str, str], *, rounds: int) -> None:
        """Enter what CONSTRUCTs derive, by the graph that it is for; those that feed each other in so many rounds at most. Raises Unsupported."""
        constructs = {
            graph: construct for graph, rule in rules.items() if isinstance(construct := self._read(rule), Construct)
        }
        with self._working():
            for _ in range(rounds):
                new = False
                derived = {}
                for graph, construct in constructs.items():
                    derived[graph] = self._derived(construct)
                    new |= self._tables.insert(derived[graph], again=rounds > 1)
                if rounds == 1 or not new:
                    for graph, triples in derived.items():
                        self._tables.keep(triples, graph)
                    return
            raise Unsupported("no end of rounds")

    def keeps(self, graph: str | None = None) -> bool:
        """Whether the store may lack what was derived, for a graph where one is given."""
        with self._lock:
            return self._tables.keeps(graph)

    def hand_over(self, store: ox.Store, properties: Collection[str] | None) -> None:
        """Put what was derived of properties, of all where it is None, into the store, where it is not there yet.

        Raises Unfetched where that cannot be done.
        """
        with self._fetching():
            self._tables.hand_over(store, properties)

    def write_into(self, store: ox.Store) -> None:
        """Put what was derived and is not handed over into another store. Raises Unfetched where that cannot be done."""
        with self._fetching():
            self._tables.write_into(store)

    @contextmanager
    def _fetching(self) -> Iterator[None]:
        """Raise Unfetched where what was derived cannot be had from the database."""
        with self._lock:
            try:
                yield
            except self._database.errors as error:
                raise Unfetched(self._database.why(error)) from error

    def values(
        self, iris: Iterable[str], properties: Collection[str], along: Collection[str]
    ) -> dict[tuple[str, str], list[Term]]:
        """What nodes have under properties, and what those have that some of these lead to; nothing where the tables do not answer."""
        known: dict[tuple[str, str], list[Term]] = {}
        seen: set[str] = set()
        nodes = {iri for iri in iris if named(iri) is not None}
        while nodes:
            values: dict[tuple[str, str], list[Term]] = {(node, name): [] for node in nodes for name in properties}
            with suppress(Unsupported), self._working():
                for node, name, value in self._tables.statements(nodes, properties):
                    values[node, name].append(value)
                known |= values
            seen |= nodes
            reached = (value for (_, name), some in values.items() if name in along for value in some)
            nodes = {value.value for value in reached if isinstance(value, ox.NamedNode)} - seen
        return known

    def follow(self, new: Iterable[ox.Triple], gone: Iterable[ox.Triple]) -> bool:
        """Enter and remove triples that the store has, and no longer has; False where that cannot be done."""
        with suppress(Unsupported):
            self.change(*(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"" for triples in (new, gone)))
            return True
        return False

    def change(self, new: bytes, gone: bytes = b"") -> None:
        """Enter and remove triples, as N-Triples, that the store has, and no longer has."""
        with self._working():
            if new:
                self._tables.add(new)
            if gone:
                self._tables.remove(gone)

    def _compiler(self, query: Select | Construct) -> Compiler:
        names = variables(query)
        if len({name.casefold() for name in names}) < len(names):
            raise Unsupported("variables that differ in case alone")
        return Compiler(self._tables)

    def _derived(self, construct: Construct) -> str:
        """The table of the triples that a CONSTRUCT gives, each once."""
        query = construct.rows
        if query.aggregates or (query.limit, query.offset, query.values) != (None, None, None):
            raise Unsupported("a CONSTRUCT of more than a pattern")
        compiler = self._compiler(construct)
        rows = compiler.group(query.where)
        needed = variables(construct.template)
        rows = compiler.projection(rows, [name for name in rows.columns if name in needed])
        parts = [self._filled(triple, rows) for triple in construct.template]
        return self._tables.stored(compiler.whole(" UNION ".join(parts)))

    def _filled(self, triple: Triple, rows: Relation) -> str:
        """A triple of a template for each row, without those that are not valid."""
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


def _place(term: Term | None) -> tuple[int, float, str]:
    """A sort key of terms, as SPARQL orders them: what is unbound, blank nodes, IRIs, numbers by value, other literals by text."""
    match term:
        case ox.Literal(value=text, datatype=datatype) if datatype.value in NUMBERS:
            return 3, float(text), ""
        case ox.Literal(value=text):
            return 4, 0, text
    return (0 if term is None else 2 if isinstance(term, ox.NamedNode) else 1), 0, plain(term)
