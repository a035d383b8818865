"""The triples of a dataset as tables in DuckDB: one of its terms, and one of subjects and objects for each property.

A term's id is a hash of its N-Triples text, whose last bit says whether it is a literal. What is compared by value has
its value beside it: ``kind`` is ``i`` an IRI, ``b`` a blank node, ``s`` a string, ``l`` a string with a language, ``n`` an
integer or a decimal, ``d`` a date without a time zone, ``t`` true or false, and ``o`` any other literal, which a
comparison leaves to Oxigraph.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyoxigraph as ox

from graphsc.core.lexical_forms import is_kept
from graphsc.core.vocabulary import XSD
from graphsc.graph.dataset import Term

HASH = "hash(x) & 18446744073709551614::UBIGINT"
SCHEMA = r"""
CREATE MACRO tid(x) AS ({hash}) | (x[1] = '"')::UBIGINT;
CREATE MACRO ending(x) AS regexp_extract(x, '"(@[A-Za-z0-9-]+|\^\^<[^<>"]*>)?$', 1);
CREATE TABLE term (id UBIGINT, text VARCHAR, kind VARCHAR, lex VARCHAR, num DECIMAL(38, 18));
CREATE TABLE base (s UBIGINT, p UBIGINT, o UBIGINT);
"""
_LINES = r"""
CREATE OR REPLACE TEMP TABLE read AS
WITH lines AS (SELECT line, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p FROM read_csv(
  $file, delim = '\x01', header = false, quote = '', escape = '', auto_detect = false, columns = {'line': 'VARCHAR'}))
SELECT s, p, regexp_replace(line[length(s) + length(p) + 3:], ' (<[^ ]*> )?\.$', '') AS o FROM lines
"""
_TERMS = rf"""
INSERT INTO term
WITH apart AS (
  SELECT text, ending(text) AS ending,
    CASE WHEN text[1] = '"' THEN text[2:length(text) - length(ending(text)) - 1]
         WHEN text[1] = '<' THEN text[2:length(text) - 1] ELSE text END AS lex
  FROM texts WHERE text IS NOT NULL AND tid(text) NOT IN (SELECT id FROM term)),
kinds AS (
  SELECT *, CASE
    WHEN starts_with(text, '<<') THEN error('a triple in a triple') WHEN text[1] = '<' THEN 'i' WHEN text[1] = '_' THEN 'b'
    WHEN ending = '' THEN 's' WHEN ending[1] = '@' THEN 'l'
    WHEN ending = '^^<{XSD}integer>' AND regexp_matches(lex, '^(0|-?[1-9][0-9]{{0,17}})$')
      OR ending = '^^<{XSD}decimal>' AND regexp_matches(lex, '^-?[0-9]{{1,15}}(\.[0-9]{{1,18}})?$') THEN 'n'
    WHEN ending = '^^<{XSD}date>' AND regexp_matches(lex, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$') AND lex > '0001'
      AND try_cast(lex AS DATE) IS NOT NULL THEN 'd'
    WHEN ending = '^^<{XSD}boolean>' AND lex IN ('true', 'false') THEN 't' ELSE 'o' END AS kind
  FROM apart)
SELECT tid(text), text, kind, lex, CASE WHEN kind = 'n' THEN lex::DECIMAL(38, 18) END FROM kinds
"""
_CONFIG: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}
"""Nothing is fetched, and the order of rows means nothing."""
_COLLIDING = "SELECT count(*) FROM texts JOIN term ON term.id = tid(texts.text) AND term.text <> texts.text"
_ESCAPED = "SELECT text FROM texts WHERE text[1] = '\"' AND contains(text, '\\')"


class CollisionError(Exception):
    """Two terms have the same hash."""


class Unsupported(Exception):  # noqa: N818
    """A query that is not compiled to SQL; says what of it."""


class Tables:
    """A store's triples in DuckDB; `insert` keeps them in step with what is derived."""

    def __init__(self, store: ox.Store) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True)
        self.connection = duckdb.connect(config={**_CONFIG, "temp_directory": self._folder.name})
        self.connection.execute(SCHEMA.replace("{hash}", HASH))
        self._tables: dict[str, str] = {}
        self._known: set[str] = set()
        self._terms: dict[str, Term] = {}
        self._number = 0
        self._stored: list[str] = []
        self._entered: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "all.nq"
            store.dump(file, format=ox.RdfFormat.N_QUADS)
            self._read(file)
        self._intern("SELECT DISTINCT unnest([s, p, o]) AS text FROM read")
        self.connection.execute("INSERT INTO base SELECT DISTINCT tid(s), tid(p), tid(o) FROM read ORDER BY 2")
        self.connection.execute("DROP TABLE read")

    def _read(self, file: Path) -> None:
        if file.stat().st_size:
            self.connection.execute(_LINES.replace("$file", quoted(str(file))))
        else:
            self.connection.execute("CREATE OR REPLACE TEMP TABLE read (s VARCHAR, p VARCHAR, o VARCHAR)")

    # ------------------------------------------------------------------ terms

    def _intern(self, texts: str) -> None:
        """Enter the terms whose N-Triples texts are the column ``text`` of a query without duplicates."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE texts AS {texts}")
        self.connection.execute(_TERMS)
        row = self.connection.execute(_COLLIDING).fetchone()
        if row and row[0]:
            raise CollisionError
        for (text,) in self.connection.execute(_ESCAPED).fetchall():
            term = self.term(text)
            if isinstance(term, ox.Literal):
                self.connection.execute("UPDATE term SET lex = ? WHERE id = tid(?)", [term.value, text])

    def constant(self, term: Term) -> str:
        """The id of a term, as SQL; the term is entered. Raises Unsupported for a literal that a store keeps otherwise."""
        if isinstance(term, ox.Literal) and not is_kept(term):
            raise Unsupported(f"the constant {term}")
        text = str(term)
        if text not in self._known:
            self._known.add(text)
            self._entered.append(text)
        return f"tid({quoted(text)})"

    def enter(self) -> None:
        """Enter the constants of queries, before one of them runs."""
        if self._entered:
            self._intern(" UNION ALL ".join(f"SELECT {quoted(text)} AS text" for text in self._entered))
            self._entered = []

    def made(self, query: str) -> str:
        """Run a query that makes terms, as their texts in the column ``#text``, and enter them; the table of its rows."""
        table = self.stored(query)
        self._intern(f'SELECT DISTINCT "#text" AS text FROM {table}')
        return table

    def stored(self, query: str) -> str:
        """The rows of a query as a table that `cleared` drops."""
        self.enter()
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

    def term(self, text: str) -> Term:
        """The term that a text is, as N-Triples writes it."""
        if text not in self._terms:
            (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)
            self._terms[text] = quad.object
        return self._terms[text]

    # ------------------------------------------------------------------ triples

    def table(self, name: str) -> str:
        """The table of a property: its subjects and objects."""
        if name not in self._tables:
            table = f"p{len(self._tables)}"
            self.connection.execute(
                f"CREATE TABLE {table} AS SELECT s, o FROM base WHERE p = tid({quoted(f'<{name}>')})"
            )
            self._tables[name] = table
        return self._tables[name]

    @property
    def everything(self) -> str:
        """All triples, as SQL."""
        ids = [f"tid({quoted(f'<{name}>')})" for name in self._tables]
        parts = [f"SELECT s, p, o FROM base WHERE p NOT IN ({', '.join(ids)})" if ids else "SELECT s, p, o FROM base"]
        parts += [
            f"SELECT s, {iri} AS p, o FROM {table}" for iri, table in zip(ids, self._tables.values(), strict=True)
        ]
        return " UNION ALL ".join(parts)

    def insert(self, triples: str) -> int:
        """Add the triples of a table ``(s, p, o)``; how many of them are new."""
        properties = self.connection.execute(f"SELECT DISTINCT text FROM {triples} JOIN term ON id = p").fetchall()
        new = 0
        for (text,) in properties:
            table = self.table(text[1:-1])
            row = self.connection.execute(
                f"INSERT INTO {table} SELECT s, o FROM {triples} x WHERE p = tid({quoted(text)}) "
                f"AND NOT EXISTS (SELECT 1 FROM {table} y WHERE y.s = x.s AND y.o = x.o)"
            ).fetchone()
            new += int(row[0]) if row else 0
        return new

    def add(self, ntriples: bytes) -> None:
        """Add triples that were derived elsewhere."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "some.nt"
            file.write_bytes(ntriples)
            self._read(file)
        self._intern("SELECT DISTINCT unnest([s, p, o]) AS text FROM read")
        self.insert(self.stored("SELECT DISTINCT tid(s) AS s, tid(p) AS p, tid(o) AS o FROM read"))

    def written(self, triples: str) -> bytes:
        """The triples of a table as N-Triples."""
        row = self.connection.execute(
            "SELECT string_agg(concat(a.text, ' ', b.text, ' ', c.text, ' .', chr(10)), '') "
            f"FROM {triples} x JOIN term a ON a.id = x.s JOIN term b ON b.id = x.p JOIN term c ON c.id = x.o"
        ).fetchone()
        return (row[0] or "").encode() if row else b""

    def rows(self, query: str, names: Iterable[str]) -> list[dict[str, Term]]:
        """The rows of a query of ids, as terms; what is unbound is left out."""
        self.enter()
        names = list(names)
        if not names:
            return [{} for _ in self.connection.execute(query).fetchall()]
        texts = ", ".join(f'"t{n}".text' for n in range(len(names)))
        joins = " ".join(f'LEFT JOIN term "t{n}" ON "t{n}".id = x."{name}"' for n, name in enumerate(names))
        solutions = self.connection.execute(f"SELECT {texts} FROM ({query}) x {joins}").fetchall()
        return [
            {name: self.term(text) for name, text in zip(names, row, strict=True) if text is not None}
            for row in solutions
        ]


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
