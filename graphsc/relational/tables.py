"""The triples of a dataset as tables: one of terms, and one of subjects and objects for each property.

Terms stand as ids (see `terms`); the values of numbers, dates and truth values have a small table of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graphsc.graph.backend import Term
from graphsc.graph.dataset import plain
from graphsc.relational.database import Database, Query, quoted
from graphsc.relational.terms import KINDS, as_constant, inside, kind, parsed

_EMPTY = {
    "term": "0::BIGINT AS id, '' AS text, '' AS lex",
    "value": "0::BIGINT AS id, 0::DECIMAL(38, 18) AS num",
}
"""The columns of the tables that begin empty."""
LINES = """
WITH line AS (SELECT x, string_split(x, ' ') AS w FROM lines)
SELECT w[1] AS s, w[2] AS p, CASE WHEN array_length(w) = 4 THEN w[3]
  ELSE substring(x, length(w[1]) + length(w[2]) + 3, length(x) - length(w[1]) - length(w[2]) - 4) END AS o FROM line
"""
"""The terms of lines; few have blanks in their object, and for those alone the line is cut by length, which takes longer."""
_NEW_TERMS = "SELECT id, text FROM texts t ANTI JOIN term k ON k.id = t.id"
_TROUBLE = """
SELECT text, true FROM (SELECT min(text) AS text FROM texts GROUP BY id HAVING count(*) > 1) c
UNION ALL SELECT t.text, true FROM texts t JOIN term k ON k.id = t.id AND k.text <> t.text
UNION ALL SELECT text, false FROM new_term WHERE starts_with(text, '"') AND contains(text, '\\')
UNION ALL SELECT min(text), NULL FROM new_term HAVING count(*) > 0
"""
"""The texts whose id another text has too, those with escapes, and any that is new."""
_NEW_VALUES = f"""
SELECT id, CASE id & 15 WHEN {KINDS["n"]} THEN lex::DECIMAL(38, 18)
  WHEN {KINDS["d"]} THEN replace(lex, '-', '')::DECIMAL(38, 18) ELSE (lex = 'true')::INT END AS num
FROM (SELECT id, {{lex}} AS lex FROM new_term) n WHERE id & 15 IN ({KINDS["n"]}, {KINDS["d"]}, {KINDS["t"]})
"""
_QUADS = """
SELECT concat(a.text, ' ', b.text, ' ', c.text, ' ', d.g, ' .') AS x
FROM ({derived}) d JOIN term a ON a.id = d.s JOIN term b ON b.id = d.p JOIN term c ON c.id = d.o
"""
"""The N-Quads of a query of triples and their graphs."""


class CollisionError(Exception):
    """Two terms have the same hash."""


class Tables:
    """The triples of a store in a database.

    `insert` adds derived triples, and `hand_over` puts those that were kept into the store. Methods raise Unsupported and
    CollisionError.
    """

    def __init__(self, store: ox.Store, database: Database) -> None:
        self.database = database
        self._tables: dict[str, str] = {}
        self._paths: dict[str, tuple[str, frozenset[str]]] = {}
        self._ids: dict[str, int] = {}
        self._terms: dict[int, Term] = {}
        self._number = 0
        self._stored: list[str] = []
        self._properties_of: dict[str, dict[str, str]] = {}
        self._kept: list[tuple[str, str]] = []
        for name, query in _EMPTY.items():
            database.create(name, f"SELECT {query} WHERE false")
        with self._file() as path:
            with path.open("wb") as file:
                for graph in (ox.DefaultGraph(), *store.named_graphs()):
                    store.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            database.create("triple", f"{self._read(path)} ORDER BY p")

    @contextmanager
    def _file(self) -> Iterator[Path]:
        """The path of a temporary file."""
        with tempfile.TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True) as folder:
            yield Path(folder) / "lines"

    def _read(self, path: Path) -> str:
        """Read N-Triples and intern their terms; the query of their triples."""
        self.database.lines("lines", path)
        self.database.create("read", LINES)
        self._intern("SELECT s AS text FROM read UNION SELECT p FROM read UNION SELECT o FROM read")
        return f"SELECT DISTINCT {self.tid('s')} AS s, {self.tid('p')} AS p, {self.tid('o')} AS o FROM read"

    # ------------------------------------------------------------------ terms

    def tid(self, x: str) -> str:
        """The id of a term as SQL, from the SQL of its N-Triples."""
        return f"({self.database.hash.format(x)} | ({kind(x)})::BIGINT)"

    def _intern(self, texts: str) -> None:
        """Add new terms to the tables, given by a query of distinct N-Triples in a column ``text``."""
        database = self.database
        database.create("texts", f"SELECT text, {self.tid('text')} AS id FROM ({texts}) t WHERE text IS NOT NULL")
        database.create("new_term", _NEW_TERMS)
        trouble = [*database.rows(_TROUBLE)]
        if any(collides for _, collides in trouble):
            raise CollisionError
        if not trouble:
            return
        escaped = (text for text, collides in trouble if collides is not None)
        cells = "".join(f" WHEN {quoted(text)} THEN {quoted(plain(parsed(text)))}" for text in escaped)
        lex = f"CASE text{cells} ELSE {inside('text')} END" if cells else inside("text")
        # values first: were they missing, a term that is known would compare as one that has none, while twice is as once
        database.append("value", _NEW_VALUES.replace("{lex}", inside("text")))
        database.append("term", f"SELECT id, text, {lex} AS lex FROM new_term")

    def enter(self, texts: Iterable[str]) -> None:
        """Intern terms, given as N-Triples."""
        new = [text for text in dict.fromkeys(texts) if text not in self._ids]
        if new:
            self.database.column("entered", "VARCHAR", new)
            self._intern("SELECT x AS text FROM entered")
            self._ids.update(self.database.rows("SELECT text, id FROM texts"))
            self._terms.update((self._ids[text], parsed(text)) for text in new)

    def id(self, text: str) -> str:
        """The id of a term, given as N-Triples, as SQL; the term is interned."""
        self.enter([text])
        return f"{self._ids[text]}::BIGINT"

    def constant(self, term: Term) -> str:
        """The id of a term of a query, as SQL."""
        return self.id(as_constant(term))

    def computed(self, query: Query) -> str:
        """Run a query that computes terms, in N-Triples in its column ``#text``, and intern them; the table of its rows."""
        table = self.stored(query)
        self._intern(f'SELECT DISTINCT "#text" AS text FROM {table}')
        return table

    def stored(self, query: str | Query) -> str:
        """The rows of a query as a table that `cleared` drops."""
        table = self._new("stored", query)
        self._stored.append(table)
        return table

    def _new(self, kind: str, query: str | Query) -> str:
        """Create a table of the rows of a query, and return its name."""
        self._number += 1
        self.database.create(f"{kind}{self._number}", query)
        return f"{kind}{self._number}"

    def cleared(self) -> None:
        """Drop the intermediate tables."""
        for table in self._stored:
            self.database.drop(table)
        self._stored, self._properties_of = [], {}

    def _look_up(self, ids: set[int]) -> None:
        """Read the terms of ids into the cache."""
        missing = list(ids - self._terms.keys())
        if missing:
            self.database.column("wanted", "BIGINT", missing)
            rows = self.database.rows("SELECT id, text FROM term t SEMI JOIN wanted w ON w.x = t.id")
            self._terms.update((id_, parsed(text)) for id_, text in rows)

    # ------------------------------------------------------------------ triples

    def table(self, name: str) -> str:
        """The table of the subjects and objects of a property."""
        if name not in self._tables:
            self._tables[name] = self._new("p", f"SELECT s, o FROM triple WHERE p = {self.id(f'<{name}>')}")
        return self._tables[name]

    def path(self, query: Query, properties: Iterable[str], *, repeated: bool) -> str:
        """The table of the pairs of a path, or of its transitive closure, cached until one of its properties changes."""
        key = f"{query}+" if repeated else f"{query}"
        if key not in self._paths:
            self._number += 1
            table = f"path{self._number}"
            (self.database.closure if repeated else self.database.create)(table, query)
            self._paths[key] = (table, frozenset(map(self.table, properties)))
        return self._paths[key][0]

    def _changed(self, table: str) -> None:
        """Drop the cached paths that use the table of a property."""
        for query, (path, properties) in [*self._paths.items()]:
            if table in properties:
                self.database.drop(path)
                del self._paths[query]

    def _by_property(self, triples: str) -> dict[str, str]:
        """For each property in a table ``(s, p, o)`` the query of its triples."""
        if triples not in self._properties_of:
            names = sorted(plain(row["p"]) for row in self.rows(f"SELECT DISTINCT p FROM {triples}", ("p",)))
            self.enter(f"<{name}>" for name in names)
            self._properties_of[triples] = {
                name: f"SELECT s, p, o FROM {triples} WHERE p = {self.id(f'<{name}>')}" for name in names
            }
        return self._properties_of[triples]

    def insert(self, triples: str, *, deduplicate: bool = False) -> bool:
        """Add the triples of a table ``(s, p, o)``; with ``deduplicate`` only new ones. Returns whether any were added.

        Deduplication is needed only to see whether anything is new: a triple that stands twice changes no answer.
        """
        parts = self._by_property(triples)
        if deduplicate and parts:
            triples = self.stored(
                " UNION ALL ".join(
                    f"SELECT x.* FROM ({part}) x ANTI JOIN {self.table(name)} y ON y.s = x.s AND y.o = x.o"
                    for name, part in parts.items()
                )
            )
            parts = self._by_property(triples)
        for name, part in parts.items():
            if table := self._tables.get(name):
                self.database.append(table, f"SELECT s, o FROM ({part}) x")
                self._changed(table)
        if parts:
            self.database.append("triple", f"SELECT s, p, o FROM {triples}")
        return bool(parts)

    def add(self, ntriples: bytes) -> None:
        """Add triples, given as N-Triples."""
        with self._file() as path:
            path.write_bytes(ntriples)
            self.insert(self.stored(self._read(path)))

    def keep(self, triples: str, graph: str) -> None:
        """Keep a table of derived triples, to be handed over to a graph of the store."""
        self._stored.remove(triples)
        self._kept.append((graph, triples))

    def hand_over(self, store: ox.Store) -> None:
        """Move the kept triples into the graphs of the store. Blank nodes, which loading a file would rename, stay the same."""
        if not self._kept:
            return
        tables = (f"SELECT s, p, o, {quoted(f'<{graph}>')} AS g FROM {table}" for graph, table in self._kept)
        quads = _QUADS.replace("{derived}", " UNION ALL ".join(tables))
        blank = f"(d.s & 15 = {KINDS['b']} OR d.o & 15 = {KINDS['b']})"
        with self._file() as path:
            self.database.write(f"{quads} WHERE NOT {blank}", path)
            store.load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
        for (line,) in self.database.rows(f"{quads} WHERE {blank}"):
            store.extend(ox.parse(line, ox.RdfFormat.N_QUADS))
        for _, table in self._kept:
            self.database.drop(table)
        self._kept = []

    def rows(self, query: str | Query, names: Iterable[str]) -> list[dict[str, Term]]:
        """The rows of a query of ids, as terms; an unbound variable is left out of its row."""
        names = list(names)
        rows = [*self.database.rows(query)]
        if not names:
            return [{} for _ in rows]
        self._look_up({id_ for row in rows for id_ in row if id_ is not None})
        return [
            {name: self._terms[id_] for name, id_ in zip(names, row, strict=True) if id_ is not None} for row in rows
        ]
