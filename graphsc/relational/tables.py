"""The triples of a dataset as tables in DuckDB: one of its terms, and one of subjects and objects for each property.

A term's id is a hash of its N-Triples text that ends with its kind, so that most comparisons need no more than the id:
``i`` is an IRI, ``b`` a blank node, ``s`` a string, ``l`` a string with a language, ``n`` an integer or a decimal, ``d`` a date
without a time zone, ``t`` true or false, and ``o`` any other literal, which a comparison leaves to Oxigraph. The values of
``n``, ``d`` and ``t`` have a small table of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import duckdb
import pyoxigraph as ox

from graphsc.core.lexical_forms import is_kept
from graphsc.core.vocabulary import XSD
from graphsc.graph.dataset import Term, plain
from graphsc.relational.unsupported import Unsupported

HASH = "hash(x) & 18446744073709551600::UBIGINT"
KINDS = {"i": 0, "b": 2, "s": 1, "l": 3, "n": 5, "d": 7, "t": 9, "o": 11}
"""The last four bits of an id by the kind of its term: those of literals are odd."""
SCHEMA = rf"""
CREATE MACRO ending(x) AS regexp_extract(x, '"(@[A-Za-z0-9-]+|\^\^<[^<>"]*>)?$', 1);
CREATE MACRO inside(x) AS CASE WHEN x[1] = '"' THEN x[2:length(x) - length(ending(x)) - 1]
  WHEN x[1] = '<' THEN x[2:length(x) - 1] ELSE x END;
CREATE MACRO kind(x) AS CASE
  WHEN starts_with(x, '<<') THEN error('a triple in a triple') WHEN starts_with(x, '<') THEN {KINDS["i"]}
  WHEN starts_with(x, '_') THEN {KINDS["b"]} WHEN ends_with(x, '"') THEN {KINDS["s"]} WHEN NOT ends_with(x, '>') THEN {KINDS["l"]}
  WHEN regexp_matches(x, '^"(0|-?[1-9][0-9]{{0,17}})"\^\^<{XSD}integer>$')
    OR regexp_matches(x, '^"-?[0-9]{{1,15}}(\.[0-9]{{1,18}})?"\^\^<{XSD}decimal>$') THEN {KINDS["n"]}
  WHEN regexp_matches(x, '^"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"\^\^<{XSD}date>$') AND x > '"0001'
    AND try_cast(x[2:11] AS DATE) IS NOT NULL THEN {KINDS["d"]}
  WHEN regexp_matches(x, '^"(true|false)"\^\^<{XSD}boolean>$') THEN {KINDS["t"]}
  WHEN x IS NOT NULL THEN {KINDS["o"]} END;
CREATE MACRO tid(x) AS ({{hash}}) | kind(x)::UBIGINT;
CREATE TABLE term (id UBIGINT, text VARCHAR, lex VARCHAR);
CREATE TABLE value (id UBIGINT, num DECIMAL(38, 18));
CREATE TABLE triple (s UBIGINT, p UBIGINT, o UBIGINT);
"""
_LINES = r"""
CREATE OR REPLACE TEMP TABLE read AS
WITH lines AS (SELECT line, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p FROM read_csv(
  $file, delim = '\x01', header = false, quote = '', escape = '', auto_detect = false, columns = {'line': 'VARCHAR'}))
SELECT s, p, line[length(s) + length(p) + 3:length(line) - 2] AS o FROM lines
"""
_NEW_TERMS = """
CREATE OR REPLACE TEMP TABLE new_term AS
SELECT id, text, inside(text) AS lex FROM texts WHERE id NOT IN (SELECT id FROM term)
"""
_NEW_VALUES = f"""
INSERT INTO value SELECT id, CASE id & 15 WHEN {KINDS["n"]} THEN lex::DECIMAL(38, 18)
  WHEN {KINDS["d"]} THEN replace(lex, '-', '')::DECIMAL(38, 18) ELSE (lex = 'true')::INT END
FROM new_term WHERE id & 15 IN ({KINDS["n"]}, {KINDS["d"]}, {KINDS["t"]})
"""
CONFIG: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}
"""Nothing is fetched, and the order of rows means nothing."""
_COLLIDING = """
SELECT (SELECT count(*) - count(DISTINCT id) FROM texts)
  + (SELECT count(*) FROM texts JOIN term ON term.id = texts.id AND term.text <> texts.text)
"""
_KEPT = """
SELECT concat(a.text, ' ', b.text, ' ', c.text, ' <', g, '> .') FROM {kept} x JOIN term a ON a.id = x.s
JOIN term b ON b.id = x.p JOIN term c ON c.id = x.o
"""
_ESCAPED = "SELECT text FROM new_term WHERE text[1] = '\"' AND contains(text, '\\')"


class CollisionError(Exception):
    """Two terms have the same hash."""


class Tables:
    """A store's triples in DuckDB; `insert` keeps them in step with what is derived, and `hand_over` the store."""

    def __init__(self, store: ox.Store) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True)
        self.connection = duckdb.connect(config={**CONFIG, "temp_directory": self._folder.name})
        self.connection.execute(SCHEMA.replace("{hash}", HASH))
        self._tables: dict[str, str] = {}
        self._paths: dict[str, tuple[str, frozenset[str]]] = {}
        self._ids: dict[str, int] = {}
        self._terms: dict[int, Term] = {}
        self._number = 0
        self._stored: list[str] = []
        self._kept: list[tuple[str, str]] = []
        with self._file() as path:
            with path.open("wb") as file:
                for graph in (ox.DefaultGraph(), *store.named_graphs()):
                    store.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            self._read(path)
        self.connection.execute("INSERT INTO triple SELECT DISTINCT tid(s), tid(p), tid(o) FROM read ORDER BY 2")

    @contextmanager
    def _file(self) -> Iterator[Path]:
        """The path of a file that is gone afterwards."""
        path = Path(self._folder.name) / "lines"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _read(self, path: Path) -> None:
        """Read N-Triples into the table ``read``, and enter their terms."""
        if path.stat().st_size:
            self.connection.execute(_LINES.replace("$file", quoted(str(path))))
        else:
            self.connection.execute("CREATE OR REPLACE TEMP TABLE read (s VARCHAR, p VARCHAR, o VARCHAR)")
        self._intern("SELECT DISTINCT unnest([s, p, o]) AS text FROM read")

    # ------------------------------------------------------------------ terms

    def _intern(self, texts: str) -> None:
        """Enter the terms whose N-Triples texts are the column ``text`` of a query without duplicates."""
        query = f"SELECT text, tid(text) AS id FROM ({texts}) WHERE text IS NOT NULL"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE texts AS {query}")
        self.connection.execute(_NEW_TERMS)
        row = self.connection.execute(_COLLIDING).fetchone()
        if row and row[0]:
            raise CollisionError
        escaped = [(text, plain(parsed(text))) for (text,) in self.connection.execute(_ESCAPED).fetchall()]
        if escaped:
            rows = ", ".join(f"({quoted(text)}, {quoted(lex)})" for text, lex in escaped)
            self.connection.execute(
                f"UPDATE new_term SET lex = v.lex FROM (VALUES {rows}) v(text, lex) WHERE new_term.text = v.text"
            )
        self.connection.execute("INSERT INTO term FROM new_term")
        self.connection.execute(_NEW_VALUES)

    def enter(self, texts: Iterable[str]) -> None:
        """Enter terms by their N-Triples texts."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._ids]
        if unknown:
            self._intern(f"SELECT unnest([{', '.join(map(quoted, unknown))}]) AS text")
            self._ids.update(self.connection.execute("SELECT text, id FROM texts").fetchall())

    def id(self, text: str) -> str:
        """The id of a term by its N-Triples text, as SQL; the term is entered."""
        self.enter([text])
        return f"{self._ids[text]}::UBIGINT"

    def constant(self, term: Term) -> str:
        """The id of a term of a query, as SQL."""
        return self.id(as_constant(term))

    def made(self, query: str) -> str:
        """Run a query that makes terms, as their texts in the column ``#text``, and enter them; the table of its rows."""
        table = self.stored(query)
        self._intern(f'SELECT DISTINCT "#text" AS text FROM {table}')
        return table

    def stored(self, query: str) -> str:
        """The rows of a query as a table that `cleared` drops."""
        self._number += 1
        table = f"made{self._number}"
        self._stored.append(table)
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        return table

    def cleared(self) -> None:
        """Drop what was stored on the way."""
        for table in self._stored:
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self._stored = []

    def _look_up(self, ids: set[int]) -> None:
        """Make the terms of ids known."""
        unknown = list(ids - self._terms.keys())
        if unknown:
            query = "SELECT id, text FROM term WHERE id IN (SELECT unnest(?::UBIGINT[]))"
            self._terms.update(
                (id_, parsed(text)) for id_, text in self.connection.execute(query, [unknown]).fetchall()
            )

    # ------------------------------------------------------------------ triples

    def table(self, name: str) -> str:
        """The table of a property: its subjects and objects."""
        if name not in self._tables:
            table = f"p{len(self._tables)}"
            self.connection.execute(f"CREATE TABLE {table} AS SELECT s, o FROM triple WHERE p = {self.id(f'<{name}>')}")
            self._tables[name] = table
        return self._tables[name]

    def path(self, query: str, properties: Iterable[str]) -> str:
        """The table of the pairs of a path, kept as long as none of its properties changes."""
        if query not in self._paths:
            self._number += 1
            table = f"path{self._number}"
            self.connection.execute(f"CREATE TABLE {table} AS {query}")
            self._paths[query] = (table, frozenset(map(self.table, properties)))
        return self._paths[query][0]

    def _changed(self, table: str) -> None:
        """Drop the paths that lead along a property."""
        for query, (path, along) in [*self._paths.items()]:
            if table in along:
                self.connection.execute(f"DROP TABLE {path}")
                del self._paths[query]

    def _parts(self, triples: str) -> list[tuple[str, str]]:
        """The properties in a table ``(s, p, o)``: the table of each, and its id as SQL."""
        ids = {row[0] for row in self.connection.execute(f"SELECT DISTINCT p FROM {triples}").fetchall()}
        self._look_up(ids)
        return [(self.table(plain(self._terms[id_])), f"{id_}::UBIGINT") for id_ in ids]

    def insert(self, triples: str, *, again: bool = False) -> int:
        """Add the triples of a table ``(s, p, o)``, where some may stand ``again`` only those that are new; how many were added.

        Where it does not matter how many are new they are not looked up: a triple that stands twice changes no answer.
        """
        parts = self._parts(triples)
        if again and parts:
            triples = self.stored(
                " UNION ALL ".join(
                    f"SELECT s, p, o FROM {triples} x WHERE p = {id_} "
                    f"AND NOT EXISTS (SELECT 1 FROM {table} y WHERE y.s = x.s AND y.o = x.o)"
                    for table, id_ in parts
                )
            )
        for table, id_ in parts:
            self.connection.execute(f"INSERT INTO {table} SELECT s, o FROM {triples} WHERE p = {id_}")
            self._changed(table)
        row = self.connection.execute(f"INSERT INTO triple SELECT s, p, o FROM {triples}").fetchone()
        return int(row[0]) if row else 0

    def _triples(self, ntriples: bytes) -> str:
        """N-Triples as a table ``(s, p, o)``."""
        with self._file() as path:
            path.write_bytes(ntriples)
            self._read(path)
        return self.stored("SELECT DISTINCT tid(s) AS s, tid(p) AS p, tid(o) AS o FROM read")

    def add(self, ntriples: bytes) -> None:
        """Add triples that stand in the store."""
        self.insert(self._triples(ntriples))

    def remove(self, ntriples: bytes) -> None:
        """Remove triples that the store no longer has."""
        triples = self._triples(ntriples)
        for table, id_ in self._parts(triples):
            self.connection.execute(
                f"DELETE FROM {table} WHERE (s, o) IN (SELECT (s, o) FROM {triples} WHERE p = {id_})"
            )
            self._changed(table)
        self.connection.execute(f"DELETE FROM triple WHERE (s, p, o) IN (SELECT (s, p, o) FROM {triples})")

    def keep(self, triples: str, graph: str) -> None:
        """Keep a table of triples for a graph of the store."""
        self._stored.remove(triples)
        self._kept.append((graph, triples))

    def hand_over(self, store: ox.Store) -> None:
        """Put what was kept into the store; blank nodes keep their identity."""
        if not self._kept:
            return
        parts = [f"SELECT {quoted(graph)} AS g, s, p, o FROM {table}" for graph, table in self._kept]
        quads = _KEPT.replace("{kept}", f"({' UNION ALL '.join(parts)})")
        blank = f"(s & 15 = {KINDS['b']} OR o & 15 = {KINDS['b']})"
        with self._file() as path:
            copy = f"TO {quoted(str(path))} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
            self.connection.execute(f"COPY ({quads} WHERE NOT {blank}) {copy}")
            store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
        for (line,) in self.connection.execute(f"{quads} WHERE {blank}").fetchall():
            store.extend(ox.parse(line, ox.RdfFormat.N_QUADS))
        self._stored += [table for _, table in self._kept]
        self._kept = []
        self.cleared()

    def rows(self, query: str, names: Iterable[str]) -> list[dict[str, Term]]:
        """The rows of a query of ids, as terms; what is unbound is left out."""
        names = list(names)
        rows = self.connection.execute(query).fetchall()
        if not names:
            return [{} for _ in rows]
        self._look_up({id_ for row in rows for id_ in row if id_ is not None})
        return [
            {name: self._terms[id_] for name, id_ in zip(names, row, strict=True) if id_ is not None} for row in rows
        ]


def as_constant(term: Term) -> str:
    """The N-Triples text of a term of a query. Raises Unsupported for a literal that a store keeps otherwise."""
    if isinstance(term, ox.Literal) and not is_kept(term):
        raise Unsupported(f"the constant {term}")
    return str(term)


@lru_cache(maxsize=65536)
def parsed(text: str) -> Term:
    """The term that an N-Triples text is."""
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)
    term: Term = quad.object
    return term


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
