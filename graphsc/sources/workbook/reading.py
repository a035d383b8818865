"""The rows of a workbook as the same trees that YAML is read into, so that all that is said of those is said of these."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, illegal_in_iri, is_absolute, minted
from graphsc.core.location import Cell
from graphsc.core.text import Text
from graphsc.sources.reporting import Reporter, closest, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.workbook.cells import Value, date_of, reference, several, slug, text_of
from graphsc.sources.workbook.file import RawBook, RawSheet, UnreadableError, open_book
from graphsc.sources.workbook.layout import Column, Layout, layout
from graphsc.sources.workbook.tables import Recognised, Row, Table, recognise
from graphsc.sources.yaml.concepts import own_concepts
from graphsc.sources.yaml.names import KeyMinter
from graphsc.sources.yaml.reader import YamlReading

_ERRORS = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!)|Err:\d{3}")


@dataclass(slots=True)
class _Thing:
    """A row on its way to statements: its class if the sheet or a cell says it, its id, and what leads to it."""

    row: Row
    table: Table
    id: Scalar | None = None
    type: Scalar | None = None
    names: list[str] = field(default_factory=list)
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    owners: list[tuple[Property, str, Cell]] = field(default_factory=list)


@dataclass(slots=True)
class WorkbookReading:
    """Reads one workbook; ``reading`` is settled with those of the YAML files."""

    reading: YamlReading
    made: Layout
    book: RawBook
    base: str = ""
    unknown: dict[Cell, str] = field(default_factory=dict)
    recognised: Recognised = field(init=False)
    things: list[_Thing] = field(default_factory=list)
    ids: dict[str, Cell] = field(default_factory=dict)
    named: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    writing: dict[str, str] = field(default_factory=dict)

    @property
    def report(self) -> Reporter:
        """Where what is wrong is noted."""
        return self.reading.report

    @property
    def terms(self) -> Terms:
        """The terms that headings and values are words of."""
        return self.reading.terms

    def recognise(self) -> None:
        """See which sheets there are, and what is to be put before ids where that is said."""
        self.unknown, self.writing = dict(self.book.unknown), self.terms.writing
        self._same_names()
        self.recognised = recognise(self.book, self.made, self.report)
        if self.recognised.start is not None:
            self._base(self.recognised.start)

    def names_base(self) -> bool:
        """Whether the workbook itself says what is put before its ids."""
        return bool(self.base)

    def read(self, base: str) -> YamlReading:
        """Read every sheet; ``base`` is put before ids where the workbook names none."""
        self.base, recognised = self.base or base, self.recognised
        self._gather(recognised)
        for thing in self.things:
            self._fill(thing)
        self._state()
        for table in recognised.concepts:
            self._concepts(table)
        if recognised.facts is not None:
            self._facts(recognised.facts)
        return self.reading

    def _same_names(self) -> None:
        """Of sheets that share a name the first is read: nobody, and no reader of the format, can tell the others from it."""
        seen: dict[str, RawSheet] = {}
        for sheet in self.book.sheets:
            if seen.setdefault(sheet.name, sheet) is not sheet:
                self.report.add(
                    "duplicate-sheet", f"To ark hedder {quoted(sheet.name)}; kun det første er læst. Giv det andet et navn for sig.",
                    f"Two sheets are called {quoted(sheet.name)}; only the first was read. Give the other a name of its own.",
                    Cell(sheet.name, 1, 1),
                )  # fmt: skip
        self.book.sheets = list(seen.values())

    def _base(self, start: RawSheet) -> None:
        for number, row in enumerate(start.rows, 1):
            if len(row) > 1 and normal(text_of(row[0])) == "base" and (text := text_of(row[1]).strip()):
                if is_absolute(text) and illegal_in_iri(text) is None:
                    self.base = text
                    self.reading.said_bases[text] = Cell(start.name, number, 2)
                    return
                self.report.add(
                    "bad-id", "Som base ventes en hel IRI, fx https://example.org/id/.",
                    "A whole IRI is expected as base, such as https://example.org/id/.", Cell(start.name, number, 2),
                )  # fmt: skip

    # ------------------------------------------------------------------ what rows there are, and what they are called

    def _gather(self, recognised: Recognised) -> None:
        for table in recognised.tables:
            self._merged(table)
            for row in table.rows():
                thing = _Thing(row, table)
                for meaning, value, place in row.cells:
                    if meaning in ("id", "type", "name", "da", "en") and self._known(value, place):
                        self._head(thing, str(meaning), text_of(value), place)
                self.things.append(thing)
                self._register(thing)

    @staticmethod
    def _head(thing: _Thing, meaning: str, text: str, place: Cell) -> None:
        if meaning == "id":
            thing.id = Scalar(text.strip(), place)
        elif meaning == "type":
            thing.type = Scalar(text.strip(), place)
        else:
            thing.names.append(text)
            said: Node = Scalar(text, place)
            if meaning in ("da", "en"):
                said = Mapping(place, [(Scalar(meaning, place), said)])
            thing.entries.append((Scalar("navn", place), said))

    def _register(self, thing: _Thing) -> None:
        """Note the row under its id and its names; one with a name and no id gets an id of its name."""
        sheet, place = thing.table.sheet, thing.row.place
        assert sheet is not None
        cls = self._class(thing)
        if thing.id is None and thing.names and not self._is_part(thing):
            kind = v.local_name(cls or sheet.classes[0]).lower()
            thing.id = Scalar(f"{kind}/{slug(thing.names[0])}", place)
        if thing.id is None:
            return
        whole = absolute(thing.id.text, self.base)
        if whole in self.ids:
            other = self.ids[whole]
            self.report.add(
                "duplicate-id",
                f"{quoted(thing.id.text)} står også i {other.sheet}!{other.name}; hver ting skal have én række og sit eget id.",
                f"{quoted(thing.id.text)} is also in {other.sheet}!{other.name}; each thing needs one row and an id of its own.",
                thing.id.place,
            )  # fmt: skip
        else:
            self.ids[whole] = thing.id.place if isinstance(thing.id.place, Cell) else place
        for name in dict.fromkeys(normal(name) for name in thing.names):
            self.named.setdefault(name, []).append((whole, cls or ""))

    def _class(self, thing: _Thing) -> str | None:
        """The class of a row: as its type says, else the one that all on the sheet are of."""
        assert thing.table.sheet is not None
        classes = thing.table.sheet.classes
        if thing.type is not None:
            known = self.terms.class_words.get(normal(thing.type.text)) or self.terms.classes.get(thing.type.text)
            return known.iri if known is not None else None
        top = classes[0]
        return top if all(self.terms.is_a(cls, top) for cls in classes) else None

    def _is_part(self, thing: _Thing) -> bool:
        return any(isinstance(m, Column) and self._down(m) is not None for m, _, _ in thing.row.cells)

    def _down(self, column: Column) -> Property | None:
        """The property that leads from an owner to the thing in the row, if that is what the column is about."""
        if column.turned:
            return column.prop
        written = self.writing.get(column.prop.iri)
        return self.terms.properties[written] if written is not None else None

    # ------------------------------------------------------------------ cells

    def _known(self, value: Value, place: Cell) -> bool:
        shown = self.unknown.get(place)
        if shown is None and isinstance(value, str) and _ERRORS.fullmatch(value.strip()):
            shown = value.strip()
        if shown is None:
            return True
        self._unknown_value(place, shown)
        return False

    def _unknown_value(self, place: Cell, shown: str) -> None:
        if shown:
            self.report.add(
                "error-in-cell", f"Cellen viser fejlen {quoted(shown)} og er ikke læst.",
                f"The cell shows the error {quoted(shown)} and was not read.", place,
            )  # fmt: skip
        else:
            self.report.add(
                "formula-without-value",
                "Cellen har en formel, der ikke er regnet ud. Åbn arbejdsbogen i et regneark, og gem den igen.",
                "The cell has a formula that was never worked out. Open the workbook in a spreadsheet and save it again.", place,
            )  # fmt: skip

    def _merged(self, table: Table) -> None:
        for (top, left), (bottom, right) in table.raw.merged:
            below = bottom > table.headings
            if below and any(column in table.columns for column in range(left, min(right, 16_384) + 1)):
                self.report.add(
                    "merged-cells", "Cellerne er flettet, så kun den første har en værdi. Ophæv fletningen, og skriv værdien i hver.",
                    "The cells are merged, so only the first has a value. Unmerge them and write the value in each.",
                    Cell(table.raw.name, top + 1, left + 1),
                )  # fmt: skip

    def _fill(self, thing: _Thing) -> None:
        """Make the entries of a row, and note what leads to it."""
        assert thing.table.sheet is not None
        blank = set(thing.table.columns) - {cell.column - 1 for _, _, cell in thing.row.cells}
        for column in blank if self.unknown else ():  # a cell without a value may be one that has none to show
            place = Cell(thing.table.raw.name, thing.row.place.row, column + 1)
            if place in self.unknown:
                self._unknown_value(place, self.unknown[place])
        for meaning, value, place in thing.row.cells:
            if meaning == "period":
                thing.entries.append((Scalar("periode", place), Scalar(text_of(value), place)))
            elif isinstance(meaning, Column) and self._known(value, place):
                self._entry(thing, meaning, value, place)

    def _entry(self, thing: _Thing, column: Column, value: Value, place: Cell) -> None:
        prop = column.prop
        if prop.literal:
            text = date_of(value) if prop.range == v.XSD_DATE else text_of(value)
            if prop.range not in (None, v.XSD_STRING):
                text = text.strip()
            parts = several(text) if prop.iri in self.made.lists else [text]
        else:
            parts = several(text_of(value))
            if not prop.schemes:
                parts = [id_ for part in parts if (id_ := self._referred(part, prop, column.turned, place)) is not None]
        if self._down(column) is not None:
            thing.owners += [(prop, part, place) for part in parts]
        elif parts:
            items: list[Node] = [Scalar(part, place) for part in parts]
            key = self._key(prop, self._class(thing))
            thing.entries.append((Scalar(key, place), items[0] if len(items) == 1 else Sequence(place, items)))

    def _key(self, prop: Property, cls: str | None) -> str:
        """The word that means the property in YAML, in a node of a class."""
        for word, _ in prop.keys:
            if next(iter(self.terms.properties_for(word, cls)), None) is prop:
                return word
        return prop.keys[0][0]

    def _referred(self, text: str, prop: Property, turned: bool, place: Cell) -> str | None:
        """The id that a reference names; a problem, and None, when a name is nobody's or that of several."""
        name, id_ = reference(text)
        if id_ is not None:
            return id_
        if is_absolute(name) or absolute(name, self.base) in self.ids:
            return name
        wanted = prop.domain if turned else prop.range
        having = self.named.get(normal(name), [])
        fitting = [iri for iri, cls in having if not wanted or not cls or self.terms.is_a(cls, wanted)]
        fitting = list(dict.fromkeys(fitting or [iri for iri, _ in having]))
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            self.report.add(
                "ambiguous-name", f"{quoted(name)} hedder flere ting. Skriv id'et: {quoted(fitting[0])}, {quoted(fitting[1])} …",
                f"Several things are called {quoted(name)}. Write the id: {quoted(fitting[0])}, {quoted(fitting[1])} …", place,
            )  # fmt: skip
            return None
        shorthand = self.terms.classes[prop.range].shorthand if prop.range in self.terms.classes else None
        if shorthand is not None or illegal_in_iri(name) is None:
            return name  # what it is shows when every file is read
        self.report.add(
            "unknown-name", f"Ingen række i arbejdsbogen hedder {quoted(name)}.",
            f"No row of the workbook is called {quoted(name)}.", place, closest(normal(name), sorted(self.named)),
        )  # fmt: skip
        return None

    # ------------------------------------------------------------------ statements

    def _state(self) -> None:
        """State what each row says; rows without an id are named like the nested nodes of YAML, siblings together."""
        nameless: dict[tuple[str, str], list[_Thing]] = {}
        for thing in self.things:
            owner = self._owner(thing)
            if thing.id is not None:
                mapping = self._mapping(thing, thing.owners)
                iri = self.reading.node(mapping, self._class(thing), self.base, None, thing.row.place)
                self._lead(iri, [item for item in thing.owners if self._turned(item[0])])
            elif owner is not None:
                nameless.setdefault(owner, []).append(thing)
            else:
                self._without_owner(thing)
        for (owner_iri, down), things in nameless.items():
            self._nested(owner_iri, self.terms.properties[down], things)

    def _turned(self, prop: Property) -> bool:
        return prop.iri not in self.writing

    def _owner(self, thing: _Thing) -> tuple[str, str] | None:
        """The first thing that the row is part of, and the property that leads from there."""
        for prop, text, place in thing.owners:
            iri = self.reading.iri(Scalar(text, place), self.base)
            if iri is not None:
                return iri, prop.iri if self._turned(prop) else self.writing[prop.iri]
        return None

    def _mapping(self, thing: _Thing, owners: list[tuple[Property, str, Cell]]) -> Mapping:
        """The row as keys and values, with those of the owners that are values of the thing's own property."""
        entries = list(thing.entries)
        for prop, text, place in owners:
            if not self._turned(prop):
                entries.append((Scalar(self._key(prop, self._class(thing)), place), Scalar(text, place)))
        if thing.id is not None:
            entries.insert(0, (Scalar("id", thing.id.place), thing.id))
        if thing.type is not None:
            entries.insert(0, (Scalar("type", thing.type.place), thing.type))
        return Mapping(thing.row.place, entries)

    def _lead(self, iri: str | None, owners: list[tuple[Property, str, Cell]]) -> None:
        for prop, text, place in owners:
            owner = self.reading.iri(Scalar(text, place), self.base)
            if owner is not None and iri is not None:
                self.reading.link(owner, prop, iri, place)

    def _nested(self, owner: str, prop: Property, things: list[_Thing]) -> None:
        items: list[Node] = [self._mapping(thing, thing.owners[1:]) for thing in things]
        keys = KeyMinter(self.terms, self.base).keys_of(prop, items)
        for thing, item, key in zip(things, items, keys, strict=True):
            assert isinstance(item, Mapping)
            iri = minted(owner, prop.iri, key)
            result = self.reading.node(item, self._class(thing) or prop.range, self.base, iri, thing.row.place)
            if result is not None:
                self.reading.parents.setdefault(iri, (owner, prop.iri))
                self.reading.link(owner, prop, result, thing.owners[0][2])
                self._lead(result, [entry for entry in thing.owners[1:] if self._turned(entry[0])])

    def _without_owner(self, thing: _Thing) -> None:
        assert thing.table.sheet is not None
        cls = self.terms.classes[self._class(thing) or thing.table.sheet.classes[0]]
        self.reading.container(Sequence(thing.row.place, [self._mapping(thing, [])]), cls, self.base)

    def _concepts(self, table: Table) -> None:
        for row in table.rows():
            entries: list[tuple[Scalar, Node]] = []
            for meaning, value, place in row.cells:
                text = Scalar(text_of(value), place)
                if meaning in ("da", "en"):
                    entries.append((Scalar("navn", place), Mapping(place, [(Scalar(str(meaning), place), text)])))
                elif meaning in ("id", "name", "scheme"):
                    entries.append((Scalar({"name": "navn", "scheme": "liste"}.get(meaning, meaning), place), text))
            own_concepts(self.reading, Sequence(row.place, [Mapping(row.place, entries)]), self.base)

    def _facts(self, sheet: RawSheet) -> None:
        """Read the facts that stand as N-Triples, a long one on several cells."""
        for number, row in enumerate(sheet.rows, 1):
            texts = [text_of(value) for value in row]
            if len(texts) < 3 or not texts[0].strip().startswith("<"):
                continue
            place = Cell(sheet.name, number, 1)
            try:
                (quad,) = parse(f"{texts[0]} {texts[1]} {''.join(texts[2:])} .", RdfFormat.N_TRIPLES)
            except (SyntaxError, ValueError):
                self.report.add(
                    "syntax", "Rækken er ikke et faktum i N-Triples.", "The row is no fact in N-Triples.", place
                )
                continue
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self.reading.state(quad.subject.value, quad.predicate.value, quad.object, place)


def open_workbook(content: bytes, graph: str, report: Reporter, terms: Terms) -> WorkbookReading | None:
    """Open the bytes of a workbook; None, and a problem, when it cannot be. What is read is completed by `settle`."""
    try:
        import python_calamine  # noqa: F401

        book = open_book(content)
    except ImportError:
        missing = Text(
            "python-calamine er ikke installeret; det følger med graphsc[workbook].",
            "python-calamine is not installed; it comes with graphsc[workbook].",
        )
        report.add("missing-workbook", missing.da, missing.en)
        return None
    except UnreadableError as error:
        report.add(error.code, error.message.da, error.message.en)
        return None
    reading = WorkbookReading(YamlReading(NamedNode(graph), report, terms), layout(terms), book)
    reading.recognise()
    return reading
