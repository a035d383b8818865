"""The statements of one document that is read by a mapping, of values in the forms that other systems use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, digest, is_absolute, minted, named
from graphsc.core.problems import Cell
from graphsc.sources.mapped.mapping import Condition, Conditions, DocumentMapping, FieldMapping, Paths, RecordMapping
from graphsc.sources.mapped.paths import At, Indexes, Path, first, scalar, walk
from graphsc.sources.mapped.paths import Kind as StepKind
from graphsc.sources.model import Place, Places
from graphsc.sources.reporting import Fault, Reporter, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import DEPTH_LIMIT, Kind, Mapping, Node, Scalar, Sequence, write_json
from graphsc.sources.values import (
    IDENTIFIERS,
    bad_date,
    concept,
    date_fault,
    either_number,
    identifier,
    literal,
    month_of,
    typed,
)
from graphsc.sources.workbook.layout import several

_ISO = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ]\d\d:\d\d\S*)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2})\s?[-./ ]\s?(\d{1,2})\s?[-./ ]\s?(\d{4})(?: (?:kl\. ?)?\d\d?[:.]\d\d.*)?\Z", re.ASCII
)
_NAMED = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]{3,})\.?,?\s+(\d{4})\Z")
_NOTHING = re.compile(r"0001-01-01|1900-01-00|0000-00-00|9999-12-31")
"""Dates that systems write for none, or for never."""
_MONEY = re.compile(r"(?:kr\.?|dkk)?\s*([+-]?[\d.,\s'\u00a0]*\d)\s*(?:,-|kr\.?|dkk)?\Z", re.IGNORECASE)


def read(text: str, datatype: str | None, *, number: bool = False) -> tuple[str, Fault | None]:
    """The lexical form of a value, and its fault if it is not understood; ``number``: it was written as a number in JSON."""
    if datatype == v.XSD_DATE:
        return _day(text)
    if datatype in (v.XSD_DECIMAL, v.XSD_INTEGER) and not number:
        return _number(text, datatype)
    return literal(text, datatype)


def _day(text: str) -> tuple[str, Fault | None]:
    if _NOTHING.match(text):
        return text, bad_date(
            f"{quoted(text)} betyder, at der ikke er nogen dato.", f"{quoted(text)} means that there is no date."
        )
    iso = _ISO.match(text)
    if iso is not None:
        day = "-".join(iso.groups())
        return day, date_fault(day)
    first = _DAY_FIRST.match(text)
    if first is not None and int(first[2]) > 12 >= int(first[1]):
        return text, bad_date(
            f"{quoted(text)} har ingen måned {int(first[2])}; er måneden skrevet først?",
            f"{quoted(text)} has no month {int(first[2])}; is the month written first?",
        )
    named = _NAMED.match(text)
    if first is not None:
        text = f"{first[3]}-{int(first[2]):02}-{int(first[1]):02}"
    elif named is not None and (month := month_of(named[2])):
        text = f"{named[3]}-{month:02}-{int(named[1]):02}"
    return text, date_fault(text)


def _number(text: str, datatype: str) -> tuple[str, Fault | None]:
    """A number with Danish or English separators; one that can be read in both ways has a fault."""
    match = _MONEY.match(text)
    if match is None:
        return literal(text, datatype)
    digits = re.sub(r"[\s'\u00a0]", "", match[1])
    marks = re.findall(r"[.,]", digits)
    tail = len(digits) - 1 - max(digits.rfind("."), digits.rfind(",")) if marks else 0
    if len(set(marks)) == 2:
        digits = digits.replace("." if marks[-1] == "," else ",", "").replace(",", ".")
    elif len(marks) > 1:
        digits = digits.replace(marks[0], "")
    elif marks and tail == 3:
        return text, either_number(text, digits.replace(marks[0], ""), digits.replace(",", "."))
    else:
        digits = digits.replace(",", ".")
    return literal(digits, datatype)


_NO_LETTER = re.compile(r"[^\w.~-]")
"""The characters that are left out of a key in an id; letters stay, Danish ones too."""

_NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)")

REPEATED = "repeated-row"
"""The code of a note that two rows were read as one thing."""


@dataclass(slots=True)
class Reading:
    """Collects the statements of one file; ``things`` is the number of records that were found at the top.

    ``repeated`` are the things that several rows of a table are about.
    """

    mapping: DocumentMapping
    graph: NamedNode
    terms: Terms
    base: str
    report: Reporter
    quads: dict[Quad, None] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    indexes: Indexes = field(default_factory=Indexes)
    things: int = 0
    repeated: set[str] = field(default_factory=set)
    depth: int = 0

    def document(self, root: Node, table: bool = False) -> None:
        """Make the statements of the document; for a ``table``, report where two rows are about the same thing."""
        top = At(root)
        rows: dict[Place, list[tuple[str, At, RecordMapping]]] = {}
        for index in self.mapping.indexes:
            for path in index.at:
                for at in walk(top, path, self.indexes):
                    for key in walk(at, index.key, self.indexes):
                        text = scalar(key.node)
                        if text is not None:
                            self.indexes.add(index.name, text, at)
        matched: set[Place] = set()
        for record in self.mapping.records:
            for at in walk(top, record.at, self.indexes):
                if self.holds(at, record.when) and isinstance(at.node, Mapping | Scalar):
                    self.things += 1
                    matched.add(at.node.place)
                    iri = self.record(at, record, None)
                    if iri is not None and record.key is not None:
                        rows.setdefault(at.node.place, []).append((iri, at, record))
        if table:  # where a row is about several things, it is normal that each is on other rows too
            self.repeats([about[0] for _, about in sorted(rows.items()) if len(about) == 1])
            self.left_out(root, matched)

    def left_out(self, root: Node, matched: set[Place]) -> None:
        """Report each row of a table that no record matched: it is empty where other rows of its sheet name their thing."""
        keys = {path[-1].name for record in self.mapping.records for when in record.when for path in when.any if path}
        heads: dict[str, dict[str, None]] = {}
        unmatched: list[tuple[str, Mapping]] = []
        for row in root.items if isinstance(root, Sequence) else []:
            if not isinstance(row, Mapping):
                continue
            sheet = row.place.sheet if isinstance(row.place, Cell) else ""
            if row.place in matched:
                heads.setdefault(sheet, {}).update({key.text: None for key, _ in row.entries if key.text in keys})
            else:
                unmatched.append((sheet, row))
        for sheet, row in unmatched:
            if heads.get(sheet) and heads[sheet].keys().isdisjoint(key.text for key, _ in row.entries):
                under, beginning = ", ".join(map(quoted, heads[sheet])), scalar(row.entries[0][1])
                begins = quoted(beginning.text if beginning is not None else "")
                self.report.add(
                    "no-row", f"Rækken har intet under {under} og er ikke læst: {begins}.",
                    f"The row has nothing under {under} and was not read: {begins}.", row.place,
                )  # fmt: skip

    def repeats(self, rows: list[tuple[str, At, RecordMapping]]) -> None:
        """Report each row that is about the same thing as an earlier one."""
        seen: dict[str, Place] = {}
        for iri, at, record in rows:
            earlier, name = seen.setdefault(iri, at.node.place), quoted(self.text(at, record.key or ()) or iri)
            if earlier == at.node.place:
                continue
            self.repeated.add(iri)
            label = self.terms.classes[record.cls].label
            if isinstance(earlier, Cell):
                cell = f"{quoted(earlier.sheet)} {earlier.name}"
                da, en = f"i {cell}", f"in {cell}"
            else:
                da, en = f"på linje {earlier[0]}", f"on line {earlier[0]}"
            self.report.add(
                REPEATED,
                f"{name} står også {da}; de to rækker er læst som én ({label.da}). Er det to forskellige, så giv dem hver sit nummer eller navn.",
                f"{name} is also {en}; the two rows were read as one ({label.en}). If they are two, give each a number or name of its own.",
                at.node.place,
            )  # fmt: skip

    def holds(self, at: At, when: Conditions) -> bool:
        """Whether all conditions are met at a place; if so, the texts that decide it count as read."""
        texts: list[Scalar] = []
        met = all(self._meets(at, condition, texts) for condition in when)
        if met:
            self.indexes.used.update(map(id, texts))
        return met

    def _meets(self, at: At, when: Condition, read_: list[Scalar]) -> bool:
        if not all(self._is_there(at, path) for path in when.has) or any(self._is_there(at, p) for p in when.lacks):
            return False
        if when.any and not any(self._is_there(at, path) for path in when.any):
            return False
        if not when.at:
            return True
        texts = [text for place in first(at, when.at, self.indexes) if (text := scalar(place.node)) is not None]
        read_ += texts
        words = {text.text.strip() for text in texts}
        if (when.among and not words & when.among) or words & when.besides:
            return False
        # a number, such as a share or the lower end of a range, begins the text
        numbers = [float(number[1].replace(",", ".")) for text in words if (number := _NUMBER.match(text))]
        return when.above is None or any(number > when.above for number in numbers)

    def _is_there(self, at: At, path: Path) -> bool:
        """Whether a key is there, with or without a value."""
        if not path or path[-1].kind is not StepKind.KEY:
            return any(True for _ in walk(at, path, self.indexes))
        around = [place.node for place in walk(at, path[:-1], self.indexes)]
        return any(isinstance(node, Mapping) and node.get(path[-1].name) is not None for node in around)

    def record(self, at: At, record: RecordMapping, parent: tuple[str, str] | None) -> str | None:
        """Make the statements of a thing and its fields; gives its IRI, or None when it is not taken over."""
        iri = self.name(at, record, parent)
        if iri is None or self.depth > DEPTH_LIMIT:
            return None
        before = len(self.quads)
        self.places.node(iri, at.node.place)
        self.state(iri, v.RDF_TYPE, NamedNode(record.cls), at.node.place)
        self.depth += 1
        for mapping in sorted(record.fields, key=lambda mapping: not mapping.required):
            if self.holds(at, mapping.when) and not self.read(iri, mapping, at) and mapping.required:
                self.missing(mapping, record, at.node.place)
                while len(self.quads) > before:
                    self.quads.popitem()
                iri = None
                break
        self.depth -= 1
        return iri

    def missing(self, mapping: FieldMapping, record: RecordMapping, place: Place) -> None:
        """Report that a thing is not taken over since it lacks a required field."""
        cls, prop = self.terms.classes[record.cls], self.terms.properties.get(mapping.property)
        what_da, what_en = (prop.label.da, prop.label.en) if prop is not None else ("navn", "name")
        self.report.add(
            "not-taken", f"Ikke taget med ({cls.label.da}): Her står intet, der kan bruges som {quoted(what_da)}.",
            f"Not taken over ({cls.label.en}): nothing here can be used as {quoted(what_en)}.", place,
        )  # fmt: skip

    def name(self, at: At, record: RecordMapping, parent: tuple[str, str] | None) -> str | None:
        """The IRI of a thing: from its key, or else from its place and its content."""
        if record.key is None:
            key = digest([write_json(at.node)])
            return minted(*parent, key) if parent is not None else f"{self.graph.value}/{key}"
        parts = [*(self.text(at, paths) for paths in record.within), self.text(at, record.key)]
        if None in parts:
            self.report.add(
                "missing-id", "Her mangler det, som tingen kendes ved.",
                "What the thing is known by is missing here.", at.node.place,
            )  # fmt: skip
            return None
        whole = str(parts[0])
        if not record.prefix and len(parts) == 1 and is_absolute(whole) and named(whole) is not None:
            return whole
        return absolute(
            record.prefix
            + "/".join(_NO_LETTER.sub(lambda odd: quote(odd[0], safe=""), part) for part in parts if part),
            self.base,
        )

    def text(self, at: At, paths: Paths) -> str | None:
        """The first text at the paths, on one line."""
        for place in first(at, paths, self.indexes):
            text = scalar(place.node)
            if text is not None:
                self.indexes.used.add(id(text))
                return " ".join(text.text.split())
        return None

    # ------------------------------------------------------------------ fields

    def read(self, subject: str, mapping: FieldMapping, at: At) -> bool:
        """Make the statements of a field; whether there are any."""
        before = len(self.quads)
        places = first(at, mapping.at, self.indexes)
        if mapping.constant is not None and places:
            self.value(subject, mapping, Scalar(mapping.constant, places[0].node.place))
            return len(self.quads) > before
        values = [part for value in places for part in self.parts(mapping, value)]
        if mapping.paired and values:
            number, of = at.part
            if len(values) != of:
                self.used(values[0].node)
                self.report.add(
                    "not-paired", f"Her er {len(values)} værdier til {of}; de kan ikke parres.",
                    f"There are {len(values)} values here for {of}; they cannot be paired.", values[0].node.place,
                )  # fmt: skip
                return False
            values = [values[number]]
        done = False
        for number, value in enumerate(values):
            if mapping.first and number:
                self.used(value.node)
                self.report.add(
                    "only-first", "Her kan kun stå én værdi; denne er ikke taget med.",
                    "There can be only one value here; this one was not taken over.", value.node.place,
                )  # fmt: skip
            else:
                done = self.field(subject, mapping, value) or done
        return done

    def parts(self, mapping: FieldMapping, at: At) -> Iterator[At]:
        """The single values of a text."""
        text = scalar(at.node)
        if not mapping.split or text is None:
            yield at
            return
        self.indexes.used.add(id(text))
        for mark in mapping.split:
            text = Scalar(text.text.replace(mark, "\n"), text.place, text.kind)
        parts = several(text.text)
        yield from (
            At(Scalar(part, text.place, text.kind), at.up, (number, len(parts))) for number, part in enumerate(parts)
        )

    def used(self, node: Node) -> None:
        """Mark a value as read, since it is reported in another way."""
        text = scalar(node)
        if text is not None:
            self.indexes.used.add(id(text))

    def field(self, subject: str, mapping: FieldMapping, at: At) -> bool:
        """Make the statement of one value of a property, or of the thing it leads to; whether there is one."""
        if mapping.record is not None:
            record = self.mapping.record(mapping.record)
            inner = self.record(at, record, (subject, mapping.property)) if self.holds(at, record.when) else None
            if inner is not None and mapping.inverse:
                self.state(inner, mapping.property, NamedNode(subject), at.node.place)
            elif inner is not None:
                self.state(subject, mapping.property, NamedNode(inner), at.node.place)
            return inner is not None
        text = scalar(at.node)
        if text is None:
            self.report.add(
                "wrong-type", "Her ventes en enkelt værdi.", "A single value is expected here.", at.node.place
            )
            return False
        self.indexes.used.add(id(text))
        return self.value(subject, mapping, text)

    def value(self, subject: str, mapping: FieldMapping, value: Scalar) -> bool:
        """Make the statement of a text, number, date or concept; whether there is one. An empty text gives none."""
        written = " ".join(value.text.split()) if mapping.property == v.RDFS_LABEL else value.text.strip()
        if mapping.last:
            written = re.split(r"[/#]", written)[-1]
        text = mapping.values.get(written)
        if text is None:
            text = next((meant for word, meant in mapping.values.items() if normal(word) == normal(written)), written)
        prop = self.terms.properties.get(mapping.property)
        if not text:
            return False
        if prop is None:
            self.state(subject, mapping.property, Literal(text), value.place)
            return True
        stated: NamedNode | Literal | None
        if prop.literal:
            stated = self.literal(prop, text, value)
        else:
            stated = concept(text, prop, self.terms, self.report, value.place)
        if stated is not None:
            self.state(subject, mapping.property, stated, value.place)
        return stated is not None

    def literal(self, prop: Property, text: str, value: Scalar) -> Literal | None:
        """A text as a normalised literal of the property's type; None, and a problem, when it is invalid."""
        lexical, fault = read(text, prop.range, number=value.kind is Kind.NUMBER)
        if fault is None and prop.iri in IDENTIFIERS:
            lexical, fault = identifier(lexical, prop.iri)
        return None if self.report.fault(fault, value.place) else typed(lexical, prop.range)

    def state(self, subject: str, predicate: str, object_: NamedNode | Literal, place: Place) -> None:
        """Store one triple and its place."""
        self.quads.setdefault(Quad(NamedNode(subject), NamedNode(predicate), object_, self.graph))
        self.places.edge(subject, predicate, place)
        self.places.value(subject, predicate, object_.value, place)
