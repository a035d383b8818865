"""Reads the rows of a workbook as the same trees as YAML, so that the same code checks both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE, minted
from graphsc.core.problems import Cell, Problem
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.workbook.file import RawBook, RawSheet, open_reported
from graphsc.sources.workbook.layout import FIRST_DAY, Column, Layout, Value, date_of, layout, several, text_of
from graphsc.sources.workbook.tables import (
    Group,
    Meaning,
    Names,
    Recognised,
    Table,
    Thing,
    id_of_name,
    no_headings,
    recognise,
)
from graphsc.sources.yaml.reader import YamlReading
from graphsc.sources.yaml.statements import KeyMinter


@dataclass(slots=True)
class WorkbookReading:
    """Reads one workbook; ``reading`` is completed with those of the YAML files."""

    reading: YamlReading
    layout: Layout
    book: RawBook
    base: str = ""
    recognised: Recognised = field(init=False)
    things: list[Thing] = field(default_factory=list)
    names: Names = field(init=False)
    writing: dict[str, str] = field(default_factory=dict)
    nameless: set[str] = field(default_factory=set)

    @property
    def report(self) -> Reporter:
        """The reporter of problems."""
        return self.reading.report

    @property
    def terms(self) -> Terms:
        """The terms whose words headings and values are."""
        return self.reading.terms

    def recognise(self) -> None:
        """Recognise the sheets, and the base of ids if the workbook names one."""
        self.writing = self.terms.writing
        self.recognised = recognise(self.book, self.layout, self.report)
        if self.recognised.start is not None:
            self._base(self.recognised.start)

    def names_base(self) -> bool:
        """Whether the workbook itself names the base of its ids."""
        return bool(self.base)

    def read(self, base: str) -> YamlReading:
        """Read every sheet; ``base`` is put before ids if the workbook names none."""
        self.base, recognised = self.base or base, self.recognised
        lost = tuple(cls for table in recognised.lost if table.sheet is not None for cls in table.sheet.classes)
        self.names = Names(self.base, self.terms, self.report, self.reading.words, lost)
        self._gather(recognised)
        for thing in self.things:
            self._fill(thing)
        self._state()
        for table in recognised.concepts:
            self._concepts(table)
        if recognised.facts is not None:
            self._facts(recognised.facts)
        return self.reading

    def _base(self, start: RawSheet) -> None:
        for number, row in enumerate(start.rows, 1):
            if len(row) > 1 and normal(text_of(row[0])) == "base" and (text := text_of(row[1]).strip()):
                if text == DEFAULT_BASE:  # the default in an empty workbook: the base of the other files is used
                    return
                if self.reading.name_base(text, Cell(start.name, number, 2)):
                    self.base = text
                    return

    def empty_sheets(self) -> list[Problem]:
        """The problem of each sheet without a cell, where something is described nowhere and may have stood there."""
        report = Reporter(self.report.file)
        for table in self.recognised.lost:
            if not table.raw.rows:
                no_headings(table, report)
        return report.problems

    # ------------------------------------------------------------------ what rows there are, and what they are called

    def _gather(self, recognised: Recognised) -> None:
        for table in recognised.tables:
            self._merged(table)
            for row in table.rows():
                thing = Thing(row, table)
                for meaning, value, place in row.cells:
                    if meaning in ("id", "type", "name", "da", "en") and self.book.is_known(place, value, self.report):
                        self._head(thing, str(meaning), text_of(value), place)
                self.things.append(thing)
                self._register(thing)
        for thing in self.things:
            for meaning, value, place in thing.row.cells:
                if isinstance(meaning, Column) and meaning.prop.iri in self.layout.adds:
                    for part in several(text_of(value)) if self.book.shown(place, value) is None else ():
                        self.names.add(part, meaning.prop, self.reading, place)

    @staticmethod
    def _head(thing: Thing, meaning: str, text: str, place: Cell) -> None:
        if meaning == "id":
            thing.id = Scalar(text.strip(), place)
        elif meaning == "type":
            thing.type = Scalar(text.strip(), place)
        else:
            text = text.strip()
            thing.names.append(text)
            name: Node = Scalar(text, place)
            if meaning in ("da", "en"):
                name = Mapping(place, [(Scalar(meaning, place), name)])
            thing.entries.append((Scalar("navn", place), name))

    def _register(self, thing: Thing) -> None:
        """Register the row by its id and its names; one with a name and no id gets an id made from the name."""
        sheet, place = thing.table.sheet, thing.row.place
        assert sheet is not None
        cls = self._class(thing)
        if thing.id is None and thing.names and not any(self._down(m) for m, _, _ in thing.row.cells):
            thing.id = Scalar(id_of_name(thing.names[0], cls or sheet.classes[0]), place)
        self.names.note(thing, cls)

    def _class(self, thing: Thing) -> str | None:
        """The class of a row: its type, or else the only class of the sheet."""
        assert thing.table.sheet is not None
        classes = thing.table.sheet.classes
        if thing.type is not None:
            term = self.terms.class_words.get(normal(thing.type.text)) or self.terms.classes.get(thing.type.text)
            return term.iri if term is not None else None
        top = classes[0]
        return top if all(self.terms.is_a(cls, top) for cls in classes) else None

    def _down(self, column: Meaning) -> Property | None:
        """The property from an owner to the thing in the row, if the column is for that."""
        if not isinstance(column, Column):
            return None
        if column.inverse:
            return column.prop
        written = self.writing.get(column.prop.iri)
        return self.terms.properties[written] if written is not None else None

    # ------------------------------------------------------------------ cells

    def _merged(self, table: Table) -> None:
        for (top, left), (bottom, right) in table.raw.merged:
            below = bottom > table.headings
            if below and any(column in table.columns for column in range(left, min(right, 16_384) + 1)):
                self.report.add(
                    "merged-cells", "Cellerne er flettet, så kun den første har en værdi. Ophæv fletningen, og skriv værdien i hver.",
                    "The cells are merged, so only the first has a value. Unmerge them and write the value in each.",
                    Cell(table.raw.name, top + 1, left + 1),
                )  # fmt: skip

    def _fill(self, thing: Thing) -> None:
        """Make the entries of a row, and note its owners."""
        assert thing.table.sheet is not None
        blank = set(thing.table.columns) - {cell.column - 1 for _, _, cell in thing.row.cells}
        for column in blank if self.book.unknown else ():  # a cell without a value may have an unknown one
            self.book.is_known(Cell(thing.table.raw.name, thing.row.place.row, column + 1), "", self.report)
        for meaning, value, place in thing.row.cells:
            if meaning == "period":
                thing.entries.append((Scalar("periode", place), Scalar(text_of(value), place)))
            elif isinstance(meaning, Column) and self.book.is_known(place, value, self.report):
                self._entry(thing, meaning, value, place)

    def _entry(self, thing: Thing, column: Column, value: Value, place: Cell) -> None:
        prop = column.prop
        if prop.range == v.XSD_DATE and isinstance(value, date) and (day := date_of(value)) < FIRST_DAY.isoformat():
            self.report.add(
                "bad-date", f"Tallet i cellen vises som datoen {day}; det er næppe en dag. Skriv hele datoen, eller skriv den som tekst.",
                f"The number in the cell shows as the date {day}; it is hardly a day. Write the whole date, or write it as text.", place,
            )  # fmt: skip
            return
        if prop.literal:
            text = (date_of(value) if prop.range == v.XSD_DATE else text_of(value)).strip()
            parts = several(text) if prop.iri in self.layout.lists else [text]
        else:
            parts = several(text_of(value))
            if not prop.worded:
                parts = [
                    id_ for part in parts if (id_ := self.names.referred(part, prop, column.inverse, place)) is not None
                ]
        if self._down(column) is not None:
            thing.owners += [(prop, part, place) for part in parts]
        elif parts:
            items: list[Node] = [Scalar(part, place) for part in parts]
            key = self._key(prop, self._class(thing))
            thing.entries.append((Scalar(key, place), items[0] if len(items) == 1 else Sequence(place, items)))

    def _key(self, prop: Property, cls: str | None) -> str:
        """The YAML key of the property in a node of a class."""
        for word, _ in prop.keys:
            if next(iter(self.terms.properties_for(word, cls)), None) is prop:
                return word
        return prop.keys[0][0]

    # ------------------------------------------------------------------ statements

    def _state(self) -> None:
        """Make the statements of the rows; rows without an id are named like the nested nodes of YAML, siblings together."""
        groups: dict[tuple[str, str], Group] = {}
        for thing in self.things:
            owner = self._owner(thing) if thing.id is None else None
            if owner is not None:
                thing.group = groups.setdefault(owner, Group(owner[0], self.terms.properties[owner[1]]))
                thing.group.things.append(thing)
        for group in groups.values():
            self._mint(group)
        for thing in self.things:
            if thing.id is not None:
                mapping = self._mapping(thing, thing.owners)
                iri = self.reading.node(mapping, self._class(thing), self.base, None, thing.row.place)
                self._lead(iri, [item for item in thing.owners if self._is_inverse(item[0])])
            elif thing.iri is None:
                self._without_owner(thing)
        for group in groups.values():
            self._nested(group)

    def _mint(self, group: Group) -> None:
        """Make the ids of rows that have none; their owners and the rows they refer to may be such rows too."""
        if group.busy or group.things[0].iri is not None:
            return
        group.busy = True
        owner = self._whole(group.owner)
        if owner is not None:
            items: list[Node] = [self._mapping(thing, thing.owners[1:]) for thing in group.things]
            keys = KeyMinter(self.terms, self.base).keys_of(group.prop, items)
            for thing, key in zip(group.things, keys, strict=True):
                thing.iri = minted(owner, group.prop.iri, key)
                self.reading.words.setdefault(thing.iri, tuple(thing.names))
        group.busy = False

    def _whole(self, text: str) -> str | None:
        """An id as written, or the one made for the row that the placeholder means; None if it has none, which is reported there."""
        part = self.names.parts.get(text)
        if part is None:
            return text
        if part.iri is None and part.group is not None:
            self._mint(part.group)
        return part.iri

    def _with_ids(self, node: Node) -> Node | None:
        """A value in which placeholders of rows are replaced by their ids."""
        if isinstance(node, Sequence):
            items = [item for item in map(self._with_ids, node.items) if item is not None]
            return Sequence(node.place, items) if items else None
        if not isinstance(node, Scalar):
            return node
        text = self._whole(node.text)
        return None if text is None else node if text == node.text else Scalar(text, node.place)

    def _is_inverse(self, prop: Property) -> bool:
        return prop.iri not in self.writing

    def _owner(self, thing: Thing) -> tuple[str, str] | None:
        """The first owner of the row, and the property from it."""
        for prop, text, place in thing.owners:
            iri = text if text in self.names.parts else self.reading.iri(Scalar(text, place), self.base)
            if iri is not None:
                return iri, prop.iri if self._is_inverse(prop) else self.writing[prop.iri]
        return None

    def _mapping(self, thing: Thing, owners: list[tuple[Property, str, Cell]]) -> Mapping:
        """The row as keys and values, including the owners that are values of one of the thing's own properties."""
        pairs = list(thing.entries)
        for prop, text, place in owners:
            if not self._is_inverse(prop):
                pairs.append((Scalar(self._key(prop, self._class(thing)), place), Scalar(text, place)))
        entries = [(key, whole) for key, value in pairs if (whole := self._with_ids(value)) is not None]
        if thing.id is not None:
            entries.insert(0, (Scalar("id", thing.id.place), thing.id))
        if thing.type is not None:
            entries.insert(0, (Scalar("type", thing.type.place), thing.type))
        return Mapping(thing.row.place, entries)

    def _lead(self, iri: str | None, owners: list[tuple[Property, str, Cell]]) -> None:
        for prop, text, place in owners:
            whole = self._whole(text)
            owner = None if whole is None else self.reading.iri(Scalar(whole, place), self.base)
            if owner is not None and iri is not None:
                self.reading.link(owner, prop, iri, place)

    def _nested(self, group: Group) -> None:
        owner, prop = self._whole(group.owner), group.prop
        for thing in group.things:
            if owner is None or thing.iri is None:
                continue
            item = self._mapping(thing, thing.owners[1:])
            result = self.reading.node(item, self._class(thing) or prop.range, self.base, thing.iri, thing.row.place)
            if result is not None:
                self.reading.parents.setdefault(thing.iri, (owner, prop.iri))
                self.reading.link(owner, prop, result, thing.owners[0][2])
                self._lead(result, [entry for entry in thing.owners[1:] if self._is_inverse(entry[0])])

    def _without_owner(self, thing: Thing) -> None:
        """Report which cell to fill in a row that has no name, id or owner; evidence needs no id."""
        table = thing.table
        if table.unknown:
            return  # what it is called or belongs to may stand under a heading that is unknown, which is already reported
        assert table.sheet is not None
        cls = self.terms.classes[self._class(thing) or table.sheet.classes[0]]
        columns = table.columns.items()
        leading = [at for at, meaning in columns if self._down(meaning) is not None]
        if not thing.owners and {cell.column - 1 for _, _, cell in thing.row.cells} & {*leading}:
            return  # its values could not be read, which is already reported
        named = [at for at, meaning in columns if meaning in ("name", "da", "en")]
        ids = [at for at, meaning in columns if meaning == "id"]
        candidates = ids if thing.owners else named or leading or ids
        if self.terms.is_a(cls.iri, v.G_EVIDENCE) or (thing.owners and not candidates):
            self.reading.container(Sequence(thing.row.place, [self._mapping(thing, [])]), cls, self.base)
            return
        if not candidates:
            self._without_names(table)
            return
        place = Cell(thing.row.place.sheet, thing.row.place.row, candidates[0] + 1)
        head = quoted(text_of(table.raw.rows[table.headings][candidates[0]]).strip())
        da, en = "Rækken har hverken navn eller id.", "The row has neither a name nor an id."
        if candidates is ids:
            da, en = "Rækken mangler et id.", "The row has no id."
        elif candidates is leading:
            da, en = "Det fremgår ikke, hvad rækken hører til.", "It does not show what the row belongs to."
        self.report.add(
            "missing-id", f"{da} Udfyld {head} ({place.name}).", f"{en} Fill in {head} ({place.name}).", place
        )

    def _without_names(self, table: Table) -> None:
        """Report once that a sheet has no column that could name its rows."""
        if table.raw.name not in self.nameless:
            self.nameless.add(table.raw.name)
            self.report.add(
                "missing-id", "Arket har hverken en kolonne “Navn” eller “Id”, så dets rækker er ikke læst.",
                "The sheet has neither a column “Name” nor “Id”, so its rows were not read.",
                Cell(table.raw.name, table.headings + 1, 1),
            )  # fmt: skip

    def _concepts(self, table: Table) -> None:
        for row in table.rows():
            entries: list[tuple[Scalar, Node]] = []
            for meaning, value, place in row.cells:
                text = Scalar(text_of(value), place)
                if meaning in ("da", "en"):
                    entries.append((Scalar("navn", place), Mapping(place, [(Scalar(str(meaning), place), text)])))
                elif meaning in ("id", "name", "scheme"):
                    entries.append((Scalar({"name": "navn", "scheme": "liste"}.get(meaning, meaning), place), text))
            self.reading.concepts(Sequence(row.place, [Mapping(row.place, entries)]), self.base)

    def _facts(self, sheet: RawSheet) -> None:
        """Read the statements that are written as N-Triples, a long one in several cells."""
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
    """Open the bytes of a workbook; None, and a problem, when that fails. `YamlReading.resolve` completes the reading."""
    book = open_reported(content, report)
    if book is None:
        return None
    reading = WorkbookReading(YamlReading(NamedNode(graph), report, terms), layout(terms), book)
    reading.recognise()
    return reading
