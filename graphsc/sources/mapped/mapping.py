"""Mappings: data that tell how to read documents of another system's format.

A mapping is a TOML file. ``formats`` names what it reads: ``json`` (unless said otherwise), ``xml``, ``rdf``, ``table`` (CSV and
workbooks, a row being an object whose keys are the headings). Each ``[[record]]`` says what is one thing:

- ``at``: where in a document such things are (`graphsc.sources.mapped.paths`); the whole document unless said otherwise,
- ``class``: what they are, such as ``g:Organisation``,
- ``when``: a table that narrows them: ``has`` (all), ``any`` and ``lacks`` (none) are paths that must or must not be there; at ``at`` must
  stand one of the texts in ``is``, none of those in ``is-not``, or a number over ``above``; several tables must all hold,
- ``key``: where the text that names the thing is; the same text is the same thing, in every file. A thing without
  a key is named after where it is written and what it says. ``within`` are places whose texts come before it,
- ``prefix``: what is put before the key in the thing's IRI,
- ``[[record.field]]``: what is read of it.

A field has ``at``, the ``property`` it fills, and for a property that leads to other things either a ``record`` of
its own (or the name of one under ``[shared.NAME]``) or, where the property takes values from a concept scheme, nothing more.
``values`` turns what is written there into what is meant; what it turns into the empty text says nothing. ``value`` is
said whatever is written. ``inverse = true`` states the property of the inner thing, with the outer as its value. Without a
field that is ``required`` the thing is not taken over. ``first = true`` takes the first of several values. ``split`` are the
characters, beside line breaks and ``;``, between values in one text; where a thing was made of one of several such values, a
field of it that is ``paired`` takes the value of the same number. ``last = true`` takes what stands after the last ``/`` or ``#``. ``when`` is as for a record.

``at``, ``key`` and each place in the list ``within`` may be several paths in a list: the first at which anything is said counts.
``[[index]]`` has a ``name``, ``at`` (all of several paths) and ``key``, for ``{name}`` in a path. ``[[aside]]`` has ``at``, with ``*`` for
anything, and a ``reason`` in both languages: what is left out on purpose. All else that no field names is told as not
read. With ``use`` a ``[[record]]`` is what one under ``shared`` is, but for what it says itself; its fields come after those.
A key that is a whole IRI, without a prefix, is the thing's. Terms are written with the prefixes ``g:`` and ``rdfs:``, or as
whole IRIs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import illegal_in_iri
from graphsc.core.text import Text
from graphsc.sources.mapped.paths import Aside, Kind, Path, parse
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms

Paths = tuple[Path, ...]
"""Several paths, of which the first that has a value counts."""

FORMATS = ("json", "xml", "rdf", "table")


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is read: there are all of some, any of others and none of others, and a text at a place is right.

    The text is one of ``among``, or none of ``besides``, or a number over ``above``.
    """

    has: Paths = ()
    any: Paths = ()
    lacks: Paths = ()
    at: Paths = ()
    among: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    above: float | None = None


Conditions = tuple[Condition, ...]
"""All of them must be met."""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What is read at one place of a thing, and the property that it fills.

    ``record`` is the kind of thing that the property leads to, or the name of one. ``constant`` is said of every thing that has
    anything at the place. A thing without a ``required`` field is not taken over. Of several values ``first`` takes one;
    ``paired`` that with the number of the value that the thing was made of; ``last`` is what stands after the last ``/`` or ``#`` of it.
    """

    at: Paths
    property: str
    values: Mapping[str, str] = field(default_factory=dict)
    record: RecordMapping | str | None = None
    inverse: bool = False
    required: bool = False
    first: bool = False
    split: str = ""
    paired: bool = False
    last: bool = False
    constant: str | None = None
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """One kind of thing: where it is, its class, its key and its fields; ``within`` are texts that are put before its key."""

    at: Path
    cls: str
    key: Paths | None
    prefix: str
    fields: tuple[FieldMapping, ...]
    within: tuple[Paths, ...] = ()
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The places of the things that ``{name}`` leads to, and the key of the text for each."""

    name: str
    at: Paths
    key: Path


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """A mapping for documents of one shape; ``shared`` are records that several fields lead to, by name."""

    title: Text
    records: tuple[RecordMapping, ...]
    formats: tuple[str, ...] = ("json",)
    shared: Mapping[str, RecordMapping] = field(default_factory=dict)
    indexes: tuple[Index, ...] = ()
    aside: tuple[Aside, ...] = ()

    def record(self, reference: RecordMapping | str) -> RecordMapping:
        """A record, given as itself or by its name."""
        return self.shared[reference] if isinstance(reference, str) else reference


_PREFIXES = {"g": v.G, "rdfs": v.RDFS}
_DEPTH = 16
"""The deepest nesting of records in a mapping."""
_DOCUMENT = frozenset({"title", "formats", "record", "shared", "index", "aside"})
_CONDITION = frozenset({"has", "any", "lacks", "at", "is", "is-not", "above"})
_RECORD = frozenset({"at", "class", "key", "within", "prefix", "field", "when"})
_FIELD = frozenset(
    {"at", "property", "values", "value", "record", "inverse", "required", "first", "split", "paired", "last", "when"}
)


def read_mapping(text: str, file: str, terms: Terms, report: Reporter | None = None) -> DocumentMapping | None:
    """A mapping from its TOML text, or None, with problems of the code ``bad-mapping``, when it cannot be used."""
    reader = _Reader(terms, report if report is not None else Reporter(file))
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The parser's own words are in English in both languages; they name the line.
        reader.fault("", f"Filen er ikke TOML: {error}.", f"The file is not TOML: {error}.")
        return None
    mapping = reader.document(tree)
    return None if reader.faults else mapping


class _Reader:
    """Reads and checks a mapping: keys, kinds of value, known terms."""

    def __init__(self, terms: Terms, report: Reporter) -> None:
        self.terms, self.report, self.faults = terms, report, 0
        self.named: set[str] = set()
        self.indexed: set[str] = set()

    def fault(self, where: str, da: str, en: str) -> None:
        """Report a problem of the mapping."""
        self.faults += 1
        if where:
            da, en = f"I {quoted(where)}: {da}", f"In {quoted(where)}: {en}"
        self.report.add("bad-mapping", da, en)

    def keys(self, table: Mapping[str, object], where: str, allowed: frozenset[str]) -> None:
        """Report unknown keys."""
        for key in sorted(table.keys() - allowed):
            self.fault(where, f"nøglen {quoted(key)} er ukendt.", f"the key {quoted(key)} is unknown.")

    def text(self, table: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
        """The text under a key."""
        value = table.get(key, default)
        if isinstance(value, str):
            return value
        self.fault(where, f"{quoted(key)} skal være en tekst.", f"{quoted(key)} must be a text.")
        return ""

    def tables(self, table: Mapping[str, object], key: str, where: str) -> list[dict[str, object]]:
        """The tables in the array under a key."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        self.fault(where, f"{quoted(key)} skal være en række tabeller.", f"{quoted(key)} must be an array of tables.")
        return []

    def document(self, tree: dict[str, object]) -> DocumentMapping:
        """The whole mapping."""
        self.keys(tree, "", _DOCUMENT)
        title = self.both(tree.get("title"))
        if title is None:
            self.fault("", "title mangler, på dansk og engelsk.", "title is missing, in Danish and English.")
        records = self.tables(tree, "record", "")
        if not records:
            self.fault("", "der er ingen [[record]].", "there is no [[record]].")
        formats = tree.get("formats", ["json"])
        if not isinstance(formats, list) or not formats or not set(map(str, formats)) <= set(FORMATS):
            names = ", ".join(FORMATS)
            self.fault("", f"formats skal være nogle af {names}.", f"formats must be some of {names}.")
            formats = ["json"]
        shared = tree.get("shared", {})
        self.named = set(shared) if isinstance(shared, dict) else set()
        indexes = self.tables(tree, "index", "")
        self.indexed = {self.text(entry, "name", "index") for entry in indexes}
        shared_tables = dict(self.inner(tree, "shared"))
        by_name = {name: self.record(entry, f"shared.{name}", 0) for name, entry in shared_tables.items()}
        return DocumentMapping(
            title or Text("", ""),
            tuple(self.top(entry, f"record {number}", shared_tables) for number, entry in enumerate(records, 1)),
            tuple(map(str, formats)),
            by_name,
            tuple(
                Index(
                    self.text(entry, "name", "index"),
                    self.paths(entry, "at", "index"),
                    self.path(entry, "key", "index"),
                )
                for entry in indexes
            ),
            tuple(self.aside(entry) for entry in self.tables(tree, "aside", "")),
        )

    @staticmethod
    def both(value: object) -> Text | None:
        """A text in both languages; None for any other value."""
        if isinstance(value, dict) and all(isinstance(value.get(entry), str) for entry in ("da", "en")):
            return Text(value["da"], value["en"])
        return None

    def inner(self, table: Mapping[str, object], key: str) -> list[tuple[str, dict[str, object]]]:
        """The tables in the table under a key, by name."""
        value = table.get(key, {})
        if isinstance(value, dict) and all(isinstance(entry, dict) for entry in value.values()):
            return list(value.items())
        self.fault("", f"{quoted(key)} skal være tabeller.", f"{quoted(key)} must be tables.")
        return []

    def aside(self, table: dict[str, object]) -> Aside:
        """A pattern of paths that are left out on purpose."""
        self.keys(table, "aside", frozenset({"at", "reason"}))
        reason = self.both(table.get("reason"))
        if reason is None:
            self.fault("aside", "reason mangler, på dansk og engelsk.", "reason is missing, in Danish and English.")
        return Aside(self.text(table, "at", "aside"), reason or Text("", ""))

    def top(self, table: dict[str, object], where: str, shared: Mapping[str, dict[str, object]]) -> RecordMapping:
        """A record at the top: written out, or a shared record with its own keys put over it."""
        if "use" in table:
            name = self.text(table, "use", where)
            if name not in shared:
                self.fault(where, f"der er intet shared.{name}.", f"there is no shared.{name}.")
                return RecordMapping((), "", None, "", ())
            fields = [*self.tables(shared[name], "field", where), *self.tables(table, "field", where)]
            table = {**shared[name], **table, "field": fields}
            del table["use"]
        return self.record(table, where, 0)

    def record(self, table: dict[str, object], where: str, depth: int) -> RecordMapping:
        """One record."""
        self.keys(table, where, _RECORD)
        cls = self.term(self.text(table, "class", where), where)
        class_term = self.terms.classes.get(cls)
        if class_term is None or class_term.derived:
            self.fault(where, f"klassen {quoted(cls)} er ukendt.", f"the class {quoted(cls)} is unknown.")
        if depth >= _DEPTH:
            self.fault(where, "for mange niveauer.", "too many levels.")
            return RecordMapping((), cls, None, "", ())
        prefix = self.text(table, "prefix", where, "")
        wrong = illegal_in_iri(prefix)
        if wrong is not None:
            self.fault(where, f"{quoted(wrong)} kan ikke stå i en IRI.", f"{quoted(wrong)} cannot stand in an IRI.")
        return RecordMapping(
            at=self.path(table, "at", where),
            cls=cls,
            key=self.paths(table, "key", where) if "key" in table else None,
            prefix=prefix,
            fields=tuple(
                self.field(entry, f"{where}, field {number}", depth)
                for number, entry in enumerate(self.tables(table, "field", where), 1)
            ),
            within=self.within(table, where),
            when=self.conditions(table, where),
        )

    def conditions(self, table: Mapping[str, object], where: str) -> Conditions:
        """The conditions of a record or a field: a table, or several tables that must all hold."""
        value = table.get("when", [])
        tables = [value] if isinstance(value, dict) else value
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            self.fault(where, "when skal være en tabel eller flere.", "when must be a table or several.")
            return ()
        return tuple(self.condition(entry, f"{where}, when") for entry in tables)

    def condition(self, table: Mapping[str, object], where: str) -> Condition:
        """One condition."""
        self.keys(table, where, _CONDITION)
        among, besides = (frozenset(self.texts(table, key, where)) for key in ("is", "is-not"))
        has, some, lacks, at = (
            self.paths(table, key, where) if key in table else () for key in ("has", "any", "lacks", "at")
        )
        above = table.get("above")
        if above is not None and not isinstance(above, int | float):
            self.fault(where, "above skal være et tal.", "above must be a number.")
            above = None
        return Condition(has, some, lacks, at, among, besides, above)

    def texts(self, table: Mapping[str, object], key: str, where: str) -> list[str]:
        """The texts in the list under a key."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return value
        self.fault(where, f"{key} skal være tekster.", f"{key} must be texts.")
        return []

    def flag(self, table: Mapping[str, object], key: str, where: str) -> bool:
        """The boolean under a key."""
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fault(where, f"{key} skal være true eller false.", f"{key} must be true or false.")
        return value is True

    def field(self, table: dict[str, object], where: str, depth: int) -> FieldMapping:
        """One field."""
        self.keys(table, where, _FIELD)
        iri = self.term(self.text(table, "property", where), where)
        inner = table.get("record")
        values = table.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            self.fault(where, "values skal være tekster.", "values must be texts.")
            values = {}
        record: RecordMapping | str | None = None
        if isinstance(inner, dict):
            record = self.record(inner, f"{where}, record", depth + 1)
        elif isinstance(inner, str) and inner in self.named:
            record = inner
        elif inner is not None:
            self.fault(
                where,
                "record skal være en tabel eller et navn under shared.",
                "record must be a table or a name under shared.",
            )
        self.check_property(iri, record is not None, where)
        return FieldMapping(
            self.paths(table, "at", where), iri, values, record,
            **{flag: self.flag(table, flag, where) for flag in ("inverse", "required", "first", "paired", "last")},
            split=self.text(table, "split", where, ""),
            constant=self.text(table, "value", where) if "value" in table else None,
            when=self.conditions(table, where),
        )  # fmt: skip

    def check_property(self, iri: str, leads_on: bool, where: str) -> None:
        """Report a property that is unknown, or whose values are not of the kind that the field reads."""
        prop = self.terms.properties.get(iri)
        if iri == v.RDFS_LABEL:
            literal, schemes = True, False
        elif prop is None or prop.derived:
            self.fault(where, f"egenskaben {quoted(iri)} er ukendt.", f"the property {quoted(iri)} is unknown.")
            return
        else:
            literal, schemes = prop.literal, bool(prop.schemes)
        if leads_on and (literal or schemes):
            self.fault(where, "egenskaben fører ikke til andre ting.", "the property leads to no other things.")
        elif not leads_on and not literal and not schemes:
            self.fault(
                where,
                "record mangler: Egenskaben fører til andre ting.",
                "record is missing: the property leads to other things.",
            )

    def term(self, text: str, where: str) -> str:
        """The IRI of a term in a mapping."""
        prefix, mark, local = text.partition(":")
        if mark and prefix in _PREFIXES:
            return _PREFIXES[prefix] + local
        if "://" not in text:
            self.fault(where, f"{quoted(text)} har et ukendt præfiks.", f"{quoted(text)} has an unknown prefix.")
        return text

    def paths(self, table: Mapping[str, object], key: str, where: str) -> Paths:
        """One path or several."""
        value = table.get(key, ".")
        texts = value if isinstance(value, list) else [value]
        return tuple(self.path({key: text}, key, where) for text in texts)

    def within(self, table: Mapping[str, object], where: str) -> tuple[Paths, ...]:
        """The places whose texts are put before a key, each one path or several."""
        value = table.get("within", [])
        if not isinstance(value, list):
            self.fault(where, "within skal være en liste.", "within must be a list.")
            return ()
        return tuple(self.paths({"within": entry}, "within", where) for entry in value)

    def path(self, table: Mapping[str, object], key: str, where: str) -> Path:
        """The steps of a path; none for the value itself."""
        text = self.text(table, key, where, ".")
        steps = parse(text)
        if steps is None:
            self.fault(where, f"stien {quoted(text)} kan ikke læses.", f"the path {quoted(text)} cannot be read.")
            return ()
        for step in steps:
            if step.kind is Kind.INDEX and step.name not in self.indexed:
                self.fault(
                    where, f"der er intet indeks {quoted(step.name)}.", f"there is no index {quoted(step.name)}."
                )
        return steps
