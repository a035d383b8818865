"""Mappings: how a JSON shape that someone else chose is read, written as data and not as code.

A mapping is a TOML file. Each ``[[record]]`` says what is one thing:

- ``at``: where in a document such things are (below); the whole document unless said otherwise,
- ``class``: what they are, such as ``g:Organisation``,
- ``key``: where the text that names the thing is; the same text is the same thing, in every file. A thing without
  a key is named after where it is written and what it says,
- ``prefix``: what is put before the key in the thing's IRI,
- ``[[record.field]]``: what is read of it.

A field has ``at``, the ``property`` it fills, and for a property that leads to other things either a ``record`` of
its own or, where the property takes values from a concept scheme, nothing more. ``values`` turns what is written
there into what is meant. ``inverse = true`` states the property of the inner thing, with the outer as its value.

``at`` is a path of keys with ``.`` between them; ``[]`` after a key means each element of the list there, and ``.``
alone the value itself. A key that holds a dot or a bracket is written in double quotes. What no field names is not
read. Terms are written with the prefixes ``g:`` and ``rdfs:``, or as whole IRIs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import illegal_in_iri
from graphsc.core.text import Text
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms

_PREFIXES = {"g": v.G, "rdfs": v.RDFS}
_STEP = re.compile(r'\.?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^.\[\]"]+)|(?P<each>\[\]))')
_DEPTH = 16
"""Records within records that a mapping may have."""

Step = str | None
"""A key to go into, or None for each element of a list."""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What is read at one place of a thing, and the property that it fills."""

    at: tuple[Step, ...]
    property: str
    values: Mapping[str, str] = field(default_factory=dict)
    record: RecordMapping | None = None
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """What is one thing, how it is named, and what is read of it."""

    at: tuple[Step, ...]
    cls: str
    key: tuple[Step, ...] | None
    prefix: str
    fields: tuple[FieldMapping, ...]


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """How documents of one shape are read."""

    title: Text
    records: tuple[RecordMapping, ...]


def read_mapping(text: str, file: str, terms: Terms, report: Reporter | None = None) -> DocumentMapping | None:
    """A mapping from its TOML text, or None, with problems of the code ``bad-mapping``, when it cannot be used."""
    reader = _Reader(terms, report if report is not None else Reporter(file))
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The parser's own words are in English in both languages; they name the line.
        reader.fault("", Text(f"Filen er ikke TOML: {error}.", f"The file is not TOML: {error}."))
        return None
    mapping = reader.document(tree)
    return None if reader.faults else mapping


class _Reader:
    """Checks a mapping while it is read: keys, kinds of value, known terms."""

    def __init__(self, terms: Terms, report: Reporter) -> None:
        self.terms, self.report, self.faults = terms, report, 0

    def fault(self, where: str, what: Text) -> None:
        """Note what is wrong with the mapping."""
        self.faults += 1
        da, en = (f"I {quoted(where)}: {what.da}", f"In {quoted(where)}: {what.en}") if where else (what.da, what.en)
        self.report.add("bad-mapping", da, en)

    def keys(self, table: Mapping[str, object], where: str, known: frozenset[str]) -> None:
        """Note the keys that mean nothing."""
        for key in sorted(table.keys() - known):
            self.fault(where, Text(f"nøglen {quoted(key)} er ukendt.", f"the key {quoted(key)} is unknown."))

    def text(self, table: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
        """The text under a key."""
        value = table.get(key, default)
        if isinstance(value, str):
            return value
        self.fault(where, Text(f"{quoted(key)} skal være en tekst.", f"{quoted(key)} must be a text."))
        return ""

    def tables(self, table: Mapping[str, object], key: str, where: str) -> list[dict[str, object]]:
        """The tables in the array under a key."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        self.fault(
            where, Text(f"{quoted(key)} skal være en række tabeller.", f"{quoted(key)} must be an array of tables.")
        )
        return []

    def document(self, tree: dict[str, object]) -> DocumentMapping:
        """The whole mapping."""
        self.keys(tree, "", frozenset({"title", "record"}))
        title = tree.get("title")
        said = title if isinstance(title, dict) else {}
        if not said:
            self.fault("", Text("title mangler, på dansk og engelsk.", "title is missing, in Danish and English."))
        records = self.tables(tree, "record", "")
        if not records:
            self.fault("", Text("der er ingen [[record]].", "there is no [[record]]."))
        return DocumentMapping(
            Text(self.text(said, "da", "title", ""), self.text(said, "en", "title", "")),
            tuple(self.record(one, f"record {number}", 0) for number, one in enumerate(records, 1)),
        )

    def record(self, table: dict[str, object], where: str, depth: int) -> RecordMapping:
        """One kind of thing."""
        self.keys(table, where, frozenset({"at", "class", "key", "prefix", "field"}))
        cls = self.term(self.text(table, "class", where), where)
        known = self.terms.classes.get(cls)
        if known is None or known.derived:
            self.fault(where, Text(f"klassen {quoted(cls)} er ukendt.", f"the class {quoted(cls)} is unknown."))
        if depth >= _DEPTH:
            self.fault(where, Text("for mange niveauer.", "too many levels."))
            return RecordMapping((), cls, None, "", ())
        prefix = self.text(table, "prefix", where, "")
        wrong = illegal_in_iri(prefix)
        if wrong is not None:
            self.fault(
                where,
                Text(f"{quoted(wrong)} kan ikke stå i en IRI.", f"{quoted(wrong)} cannot stand in an IRI."),
            )
        return RecordMapping(
            at=self.path(table, "at", where),
            cls=cls,
            key=self.path(table, "key", where) if "key" in table else None,
            prefix=prefix,
            fields=tuple(
                self.field(one, f"{where}, field {number}", depth)
                for number, one in enumerate(self.tables(table, "field", where), 1)
            ),
        )

    def field(self, table: dict[str, object], where: str, depth: int) -> FieldMapping:
        """One thing that is read."""
        self.keys(table, where, frozenset({"at", "property", "values", "record", "inverse"}))
        iri = self.term(self.text(table, "property", where), where)
        inner, inverse = table.get("record"), table.get("inverse", False)
        values = table.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            self.fault(where, Text("values skal være tekster.", "values must be texts."))
            values = {}
        if not isinstance(inverse, bool):
            self.fault(where, Text("inverse skal være true eller false.", "inverse must be true or false."))
        record: RecordMapping | None = None
        if isinstance(inner, dict):
            record = self.record(inner, f"{where}, record", depth + 1)
        elif inner is not None:
            self.fault(where, Text("record skal være en tabel.", "record must be a table."))
        self.check_property(iri, record is not None, where)
        return FieldMapping(self.path(table, "at", where), iri, values, record, inverse is True)

    def check_property(self, iri: str, leads_on: bool, where: str) -> None:
        """Note a property that is unknown, or one whose values are not of the kind that the field reads."""
        known = self.terms.properties.get(iri)
        if iri == v.RDFS_LABEL:
            literal, schemes = True, False
        elif known is None or known.derived:
            self.fault(where, Text(f"egenskaben {quoted(iri)} er ukendt.", f"the property {quoted(iri)} is unknown."))
            return
        else:
            literal, schemes = known.literal, bool(known.schemes)
        if leads_on and (literal or schemes):
            self.fault(where, Text("egenskaben fører ikke til andre ting.", "the property leads to no other things."))
        elif not leads_on and not literal and not schemes:
            self.fault(
                where,
                Text(
                    "record mangler: egenskaben fører til andre ting.",
                    "record is missing: the property leads to other things.",
                ),
            )

    def term(self, text: str, where: str) -> str:
        """The IRI of a term as it is written in a mapping."""
        prefix, mark, local = text.partition(":")
        if mark and prefix in _PREFIXES:
            return _PREFIXES[prefix] + local
        if "://" not in text:
            self.fault(where, Text(f"{quoted(text)} har et ukendt præfiks.", f"{quoted(text)} has an unknown prefix."))
        return text

    def path(self, table: Mapping[str, object], key: str, where: str) -> tuple[Step, ...]:
        """The steps of a path; none for the value itself."""
        text = self.text(table, key, where, ".")
        if text == ".":
            return ()
        steps: list[Step] = []
        place = 0
        while place < len(text):
            match = _STEP.match(text, place)
            if match is None or (place == 0 and text.startswith(".")):
                self.fault(
                    where, Text(f"stien {quoted(text)} kan ikke læses.", f"the path {quoted(text)} cannot be read.")
                )
                return ()
            steps.append(None if match["each"] else match["quoted"] or match["plain"])
            place = match.end()
        return tuple(steps)
