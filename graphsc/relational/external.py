"""Data at a URL, which the database of the relational engine reads itself: N-Triples, N-Quads or Parquet.

They need not fit into this process. What the ontology says of a statement depends on its property, on the classes of its
subject, and on its value: if that is a node of the data on the classes of this node, if it is a text or a number on its
datatype, if it is a date on the year. So of all statements that are alike in this, one is brought here, as a sample, and
checked as a statement of any other source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox

from graphsc.core.identifiers import source_graph
from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.core.vocabulary import G_UNIT_OF, RDF_TYPE, ROOT, SKOS, SKOS_CONCEPT, XSD, G, is_ours
from graphsc.relational.database import Database
from graphsc.relational.execution import COLLISION, Relational
from graphsc.relational.tables import LINE, LINES, CollisionError, Tables
from graphsc.relational.terms import KINDS, ending
from graphsc.relational.unsupported import Unsupported
from graphsc.sources.model import Places, Positions, Source, Sources, named
from graphsc.sources.rdf.ntriples import SIMPLE_IRI, is_stored_as_written
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import Terms
from graphsc.sources.values import IDENTIFIERS

_IRI = r'<[^\x00-\x20<>"{}|^`\\\x{FFFD}]*>'
_LITERAL = rf'"[^"\\\x00-\x1f\x7f\x{{FFFD}}-\x{{FFFF}}]*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{_IRI})?'
_TRIPLE = rf"{_IRI} {_IRI} (?:{_IRI}|{_LITERAL})"
"""A triple in N-Triples without blank nodes, without escapes, and without the character that stands for bytes that are not UTF-8."""
_BARE = r"""CASE WHEN contains(x, '\') THEN regexp_replace(x, '\\[tnr"\\]', ' ', 'g') ELSE x END"""
"""A line with a blank for each escape that a store writes too. A regular expression with these would be too deep for Java."""
_IS_TRIPLE = rf"regexp_matches({_BARE}, '^{_TRIPLE} \.\z')"
_UNREAD = rf"""
SELECT count(*), min([file, x]) FROM external
WHERE NOT ({_IS_TRIPLE} OR has_graphs AND regexp_matches({_BARE}, '^{_TRIPLE} {_IRI} \.\z'))
"""
_STATEMENTS = (
    rf"SELECT CASE WHEN {_IS_TRIPLE} THEN x ELSE regexp_replace(x, ' <[^ ]*> \.\z', ' .') END AS x FROM external"
)
"""The triples, without the graphs that N-Quads name."""
_WHOLE = r"""regexp_extract(o, '^"-?0*([0-9]*)', 1)"""
_FRACTION = r"""regexp_extract(o, '\.([0-9]*?)0*"', 1)"""
_AS_STORED = rf"""
SELECT s, p, CASE
  WHEN ends_with(o, '"^^<{XSD}string>') THEN left(o, length(o) - {len(XSD) + 10})
  WHEN regexp_matches(o, '^"-?[0-9]+(\.[0-9]+)?"\^\^<{XSD}decimal>$') THEN concat(
    CASE WHEN regexp_matches(o, '^"-[0.]*[1-9]') THEN '"-' ELSE '"' END,
    CASE WHEN {_WHOLE} = '' THEN '0' ELSE {_WHOLE} END, CASE WHEN {_FRACTION} = '' THEN '' ELSE concat('.', {_FRACTION}) END,
    '"^^<{XSD}decimal>')
  WHEN starts_with(o, '"') AND regexp_matches(o, '"@[a-zA-Z0-9-]+$')
    THEN concat(left(o, length(o) - length({ending("o")})), lower({ending("o")}))
  ELSE o END AS o FROM ({LINES.replace("FROM lines", f"FROM ({_STATEMENTS}) y")}) x
"""
"""The terms of the triples, in the form that a store keeps, where SQL can give it."""
_UNUSUAL = f"SELECT text FROM term WHERE id & 15 = {KINDS['i']} AND NOT regexp_matches(text, '^{SIMPLE_IRI}$')"
_CUT = G.rstrip("#")
_PROPERTIES = "SELECT DISTINCT k.text FROM {rows} r JOIN term k ON k.id = r.p"
_SAMPLE = f"""
WITH typed AS (SELECT s, list_sort(list(DISTINCT o)) AS classes FROM {{rows}} WHERE p = {{type}} GROUP BY s),
form AS (
  SELECT id, CASE WHEN id & 15 = {KINDS["s"]} THEN '' WHEN id & 15 = {KINDS["d"]} THEN left(lex, 4) ELSE {ending("text")} END AS form
  FROM term WHERE id & 1 = 1 AND id & 15 <> {KINDS["o"]}
),
ours AS (SELECT id FROM term WHERE starts_with(text, '<{ROOT}')),
statement AS (
  SELECT r.s, r.p, r.o, a.classes AS subject, b.classes AS reached, form,
    r.p IN ({{singly}}) OR coalesce(list_contains(a.classes, {{concept}}), false) AS alone,
    r.p IN ({{read}}) AND (a.classes IS NULL OR r.s IN (SELECT id FROM ours)) AS subject_alone,
    r.p IN ({{by_value}}) OR form IS NULL AND (r.o & 1 = 1 OR r.p IN ({{read}}) AND b.classes IS NULL) AS value_alone
  FROM {{rows}} r LEFT JOIN typed a ON a.s = r.s LEFT JOIN typed b ON b.s = r.o LEFT JOIN form f ON f.id = r.o
),
kind AS (
  SELECT s, p, o, subject, reached, form, CASE WHEN alone OR subject_alone THEN s END AS node, CASE WHEN alone OR value_alone THEN o END AS value
  FROM statement
),
sample AS (SELECT p, min([s, o]) AS pair FROM kind GROUP BY p, subject, reached, form, node, value)
{LINE.replace("{triples}", "SELECT pair[1] AS s, p, pair[2] AS o FROM sample")}"""
"""A statement of each kind. Alone in their kind are those of concepts and of company numbers; of the properties that a check
reads, those of nodes without a class or of our own namespaces; and those whose value is a class, a concept, or without a class."""
_FINGERPRINT = "SELECT count(*), bit_xor({hash}) FROM {rows}"
_MEMBERS = """
SELECT DISTINCT a.text, b.text FROM {rows} r JOIN term a ON a.id = r.s JOIN term b ON b.id = r.o
WHERE r.p = {type} AND r.o & 1 = 0 {limit}
"""
_OF_WANTED = "AND r.s IN (SELECT x FROM wanted)"


class External:
    """Data at a URL, read by a database. Methods raise Unavailable for what cannot be read as it was meant."""

    def __init__(self, url: str, new_database: Callable[[], Database]) -> None:
        self._url = url
        self._graph = ox.NamedNode(source_graph(url))
        self._new_database = new_database
        self._read: tuple[Tables, str] | None = None
        self._fingerprint: tuple[int, ...] | None = None
        self._sample: set[ox.Triple] = set()
        self._removed: set[ox.Triple] = set()
        self._added: set[ox.Triple] = set()

    def source(self, terms: Terms, *, whole: bool) -> Source:
        """The sample as a source; with ``whole`` it tells the classes of every node of the data, which other sources may name."""
        with self._reading() as (tables, rows):
            for (text,) in tables.database.rows(_UNUSUAL):
                if named(text[1:-1]) is None:
                    raise self._refused(Text(f"{quoted(text)} er ikke en IRI.", f"{quoted(text)} is not an IRI."))
            concept, type_ = tables.id(f"<{SKOS_CONCEPT}>"), tables.id(f"<{RDF_TYPE}>")
            properties = [text[1:-1] for (text,) in tables.database.rows(_PROPERTIES.format(rows=rows))]
            read = [iri for iri in properties if is_ours(iri) or iri in {*terms.properties, RDF_TYPE}]
            skos = [iri for iri in properties if iri.startswith(SKOS)]
            sample = _SAMPLE.format(
                rows=rows,
                type=type_,
                concept=concept,
                singly=tables.ids((*IDENTIFIERS, G_UNIT_OF, *skos)),
                read=tables.ids((*read, RDF_TYPE)),
                by_value=tables.ids((*terms.listed, RDF_TYPE)),
            )
            triples = [self._triple(line, terms) for line in sorted(x for (x,) in tables.database.rows(sample))]
            if not triples:
                raise self._refused(Text("Der er ingen udsagn.", "There is no statement."))
            tables.want(str(node) for triple in triples for node in (triple.subject, triple.object))
            members: dict[str, list[str]] = {}
            limit = "" if whole else _OF_WANTED
            for node, class_ in tables.database.rows(_MEMBERS.format(rows=rows, type=type_, limit=limit)):
                members.setdefault(class_[1:-1], []).append(node[1:-1])
        self._sample = set(triples)
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object, self._graph) for triple in triples]
        positions = Positions(self._url, Places())
        return Source(self._url, self._graph.value, "", quads, positions, external=self, classes=members)

    def settle(self, sources: Sources) -> None:
        """Follow what reading changed in the sample: company numbers, and the IRIs of organisations that are one legal unit."""
        wrong = [problem for problem in sources.problems if problem.location.file == self._url]
        if wrong:
            others = Text.counted(
                len(wrong) - 1, Text("anden fejl", "other mistake"), Text("andre fejl", "other mistakes")
            )
            more = Text(f" Der er {others.da}.", f" There are {others.en}.") if len(wrong) > 1 else Text("", "")
            raise self._refused(Text(f"{wrong[0].message.da}{more.da}", f"{wrong[0].message.en}{more.en}"))
        checked = {quad.triple for source in sources.sources if source.external is self for quad in source.quads}
        self._removed, self._added = self._sample - checked, checked - self._sample
        if not sources.same_legal_unit:
            return
        kept = {ox.NamedNode(iri): ox.NamedNode(unit) for iri, unit in sources.same_legal_unit.items()}
        with self._reading() as (tables, rows):
            tables.want(map(str, kept))
            for triple in set(tables.about_wanted(rows)) - self._sample:
                self._removed.add(triple)
                self._added.add(
                    ox.Triple(_united(triple.subject, kept), triple.predicate, _united(triple.object, kept))
                )

    def tables(self, store: ox.Store) -> Relational:
        """The tables of the data and of a store, which lacks the data."""
        with self._reading() as (tables, rows):
            tables.keep(tables.changed(rows, *map(_as_lines, (self._removed, self._added))), self._graph.value)
            self._read = None  # what is derived is added to these tables, so that they serve once
            relational = Relational(store, tables.database, external=tables)
            graphs = (ox.DefaultGraph(), *store.named_graphs())
            relational.change(
                b"".join(store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in graphs)
            )
        return relational

    @contextmanager
    def _reading(self) -> Iterator[tuple[Tables, str]]:
        """The tables of the data, and the name of that of the triples."""
        database = self._new_database() if self._read is None else self._read[0].database
        try:
            if self._read is None:
                database.external("external", self._url)
                for number, least in database.rows(_UNREAD):
                    if number:
                        raise self._refused(_unread(number, *least))
                tables = Tables(ox.Store(), database)
                self._read = tables, tables.stored(tables.interned(_AS_STORED))
                self._compare(*self._read)
            yield self._read
        except (CollisionError, Unsupported) as error:
            raise self._refused(_unreadable(str(error) or COLLISION)) from error
        except database.errors as error:
            raise self._refused(_unreadable(database.why(error))) from error

    def _compare(self, tables: Tables, rows: str) -> None:
        """See that the data are those that were checked, if they are read again."""
        triple = "concat(s::VARCHAR, ' ', p::VARCHAR, ' ', o::VARCHAR)"
        query = _FINGERPRINT.format(rows=rows, hash=tables.database.hash.format(triple))
        (fingerprint,) = tables.database.rows(query)
        if self._fingerprint not in {None, tuple(fingerprint)}:
            raise self._refused(
                Text(
                    "Dataene er ændret, siden de blev læst; begynd forfra.",
                    "The data have changed since they were read; begin again.",
                )
            )
        self._fingerprint = tuple(fingerprint)

    def _triple(self, line: str, terms: Terms) -> ox.Triple:
        """The triple of a line of N-Triples, if it is one that a store keeps as it is written."""
        try:
            quad = next(ox.parse(line, ox.RdfFormat.N_TRIPLES))
        except SyntaxError:
            raise self._refused(
                Text(f"{quoted(line)} er ikke et udsagn i N-Triples.", f"{quoted(line)} is no statement in N-Triples.")
            ) from None
        if not is_stored_as_written(quad, line.partition(" ")[2]):
            raise self._refused(
                Text(
                    f"Skriv værdien i {quoted(line)} på kanonisk form, fx uden foranstillede nuller.",
                    f"Write the value in {quoted(line)} in its canonical form, such as without leading zeros.",
                )
            )
        if (other := terms.inverses.get(quad.predicate.value)) is not None:
            raise self._refused(
                Text(
                    f"{quoted(line)} skal stå omvendt, med {quoted(other)}.",
                    f"{quoted(line)} must be stated inversely, with {quoted(other)}.",
                )
            )
        if any(term.value.startswith(_CUT) and not is_ours(term.value) for term in (quad.predicate, quad.object)):
            raise self._refused(
                Text(
                    f"Navnerummet i {quoted(line)} mangler nok sit afsluttende #.",
                    f"The namespace in {quoted(line)} probably misses its final #.",
                )
            )
        return ox.Triple(quad.subject, quad.predicate, quad.object)

    def _refused(self, why: Text) -> Unavailable:
        return Unavailable(Text(f"{self._url}: {why.da}", f"{self._url}: {why.en}"))


def _unreadable(why: str) -> Text:
    return Text(f"Det kan ikke læses: {why}", f"It cannot be read: {why}")


def _unread(number: int, file: str, line: str) -> Text:
    """Why lines are not read."""
    lines = Text.counted(
        number,
        Text("linje kan ikke læses", "line cannot be read"),
        Text("linjer kan ikke læses", "lines cannot be read"),
    )
    return Text(
        f"{lines.da}, fx {quoted(line)} i {file}. Ved en URL læses N-Triples og N-Quads i UTF-8 med et udsagn på hver linje, "
        'uden blanke knuder, og med ingen andre escapes end \\t, \\n, \\r, \\" og \\\\.',
        f"{lines.en}, such as {quoted(line)} in {file}. At a URL, N-Triples and N-Quads are read in UTF-8 with a statement on "
        'each line, without blank nodes, and with no escapes but \\t, \\n, \\r, \\" and \\\\.',
    )


def _united(term: Any, kept: Mapping[ox.NamedNode, ox.NamedNode]) -> Any:
    """The node that is kept for a node; any other term as it is."""
    return kept.get(term, term) if isinstance(term, ox.NamedNode) else term


def _as_lines(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
