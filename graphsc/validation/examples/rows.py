"""What to write: the statements that would satisfy a rule, as rows of a workbook, by sheet and column.

The statements are those that the package writes as YAML. What only the reader knows stays a placeholder in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from graphsc.core import escape
from graphsc.core import vocabulary as v
from graphsc.core.identifiers import is_absolute
from graphsc.core.problems import Location
from graphsc.core.text import Language, Text
from graphsc.sources.terms import Property, normal
from graphsc.sources.workbook.layout import ID, NAME, TYPE, Column, Layout, Sheet, layout
from graphsc.sources.workbook.tables import sheets_by_name
from graphsc.validation import examples
from graphsc.validation.examples import grouping
from graphsc.validation.examples.graphs import (
    EXAMPLE,
    NODE,
    Filled,
    Named,
    Open,
    Stated,
    TextValue,
    Value,
    example_terms,
    filled,
    label,
    replied,
)
from graphsc.validation.findings import Finding, Report, Standing
from graphsc.validation.rules import Rule

_NEW = Text("nyt id", "new id")
_NAMED = Text("navn", "name")
_ANYTHING = "urn:graphsc:anything:"
_NUMBER = re.compile(r"\d+")
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Written:
    """The values to write in the cell under a heading; with ``adds`` the cell may hold other values already."""

    heading: str
    values: tuple[str, ...]
    adds: bool = False

    def text(self, language: Language) -> str:
        """The heading and the values, as an instruction to a person."""
        values = "; ".join(self.values)
        return (
            f"{self.heading}: {Text('tilføj', 'add')[language]} {values}" if self.adds else f"{self.heading} = {values}"
        )


@dataclass(frozen=True, slots=True)
class RowToWrite:
    """A row to fill in: its sheet, its number, the thing in it, and its cells.

    ``number`` is None for a new row, and where only the reader knows the row of ``thing``. ``file`` is the workbook.
    """

    file: str
    sheet: str
    number: int | None
    thing: str
    cells: tuple[Written, ...]

    @property
    def key(self) -> tuple[str, str, int | None, str] | None:
        """The identity of the row; None for a new one, of which there may be several."""
        return None if self.number is None and not self.thing else (self.file, self.sheet, self.number, self.thing)

    def text(self, language: Language) -> str:
        """The row and its cells on one line, without the name of the sheet."""
        row = Text("række", "row")[language]
        where = Text("ny række", "new row")[language]
        if self.number is not None:
            where = f"{row} {self.number}{f' ({self.thing})' if self.thing else ''}"
        elif self.thing:
            where = f"{row} {self.thing}"
        return f"{where}: {' · '.join(cell.text(language) for cell in self.cells)}"

    def __or__(self, other: RowToWrite) -> RowToWrite:
        cells = {cell.heading: cell for cell in self.cells}
        for cell in other.cells:
            earlier = cells.get(cell.heading)
            values = tuple(dict.fromkeys((*earlier.values, *cell.values))) if earlier is not None else cell.values
            cells[cell.heading] = replace(cell, values=values)
        return replace(self, cells=tuple(cells.values()))


def rows(rule: Rule, finding: Finding, report: Report, language: Language, base: str | None = None) -> list[RowToWrite]:
    """What would satisfy the rule of a finding; empty where its subject is in no workbook.

    Also empty where the workbook has no column for it. ``base`` is the IRI that ids in the workbook are relative to,
    ``language`` is that of the placeholders; headings and values are in the language of the workbook.
    """
    return _rows(filled(rule, finding), finding, report, language, report.base if base is None else base)


def reply(kind: str, rule: Rule, finding: Finding, report: Report, language: Language) -> list[RowToWrite]:
    """An answer to a finding or a waiver of it, one of ``REPLIES``; empty where its subject is in no workbook."""
    return _rows(replied(kind, rule, finding), finding, report, language, report.base)


def _rows(example: Filled, finding: Finding, report: Report, language: Language, base: str) -> list[RowToWrite]:
    place = standing(finding, report)
    if place is None:
        return []
    try:
        return _Writer(report.standing, place, language, base).rows(example)
    except _NoColumnError:
        return []


def in_general(rule: Rule, language: Language) -> list[RowToWrite]:
    """What meets a rule, without a finding: ``…`` is written for the thing that it would be about."""
    this = f"{_ANYTHING}…"
    nothing = Text("", "")
    finding = Finding(rule.code, rule.severity, nothing, nothing, this, focus=this, bound=(("value", this),))
    writer = _Writer({}, Standing(Location(""), None), language, _ANYTHING)
    try:
        return writer.rows(filled(rule, finding))
    except _NoColumnError:
        return []


def standing(finding: Finding, report: Report) -> Standing | None:
    """The place in a workbook of the subject of a finding; of a finding without a place, that of anything it mentions."""
    for iri in (finding.subject, finding.focus):
        if iri in report.standing:
            return report.standing[iri]
    if finding.location is not None:
        return None
    return next((report.standing[iri] for _, iri in finding.bound if iri in report.standing), None)


def together(rows: Iterable[RowToWrite]) -> list[RowToWrite]:
    """The rows, with those for the same row merged, grouped by sheet: existing rows first, then new ones."""
    united = grouping.together(rows, lambda row: row.key, lambda row: row.sheet)
    sheets = list(dict.fromkeys(row.sheet for row in united))
    return sorted(united, key=lambda row: (sheets.index(row.sheet), row.key is None))


def lines(rows: Iterable[RowToWrite], language: Language) -> Iterator[str]:
    """The rows as lines of text, each under the name of its sheet."""
    word = Text("Ark", "Sheet")[language]
    return grouping.under_headings(
        rows, lambda row: row.sheet, lambda sheet: f"{word} {sheet}:", lambda row: f"  {row.text(language)}"
    )


class _NoColumnError(Exception):
    """There is no column for something that is to be written."""


@lru_cache(maxsize=1)
def _layout() -> tuple[Layout, Mapping[str, Sheet]]:
    workbook_layout = layout(example_terms())
    return workbook_layout, sheets_by_name(workbook_layout)


@dataclass(frozen=True, slots=True)
class _Owner:
    """The thing that a row is part of: how a cell refers to it, and the property that leads to the row."""

    reference: str
    prop: Property


class _Writer:
    """Writes statements as rows of the workbook that a thing is in."""

    def __init__(self, things: Mapping[str, Standing], place: Standing, language: Language, base: str) -> None:
        self.things, self.file, self.words, self.base = things, place.location.file, language, base
        self.layout, self.by_name = _layout()
        self.terms = self.layout.terms
        self.labels: Mapping[str, Text] = {}
        self.result: list[RowToWrite] = []
        self.language = language
        sheet = self.by_name.get(normal(place.location.sheet or ""))
        if sheet is not None and normal(sheet.name[language]) != normal(place.location.sheet or ""):
            self.language = next(other for other in Language if other is not language)

    def rows(self, example: Filled) -> list[RowToWrite]:
        """The rows for statements; those that give a thing an id come first."""
        self.labels = example.labels
        for stated in example.stated:
            self.row(stated)
        return together(self.result)

    def row(self, stated: Stated, owner: _Owner | None = None) -> None:
        """Write the row of a thing, and those of its parts."""
        place = self.place(stated.node)
        sheet, number, thing = self.where(stated, place)
        heads: list[Written] = []
        first = len(self.result)  # the rows of its parts come after it
        name = place.called if place is not None else thing or None
        if place is None and not thing:
            heads, name = self.identity(stated, sheet, owner)
        cells: list[tuple[int, Written]] = []
        if owner is not None:
            at, column = self.leading(sheet, owner.prop)
            cells.append((at, Written(column.heading[self.language], (owner.reference,))))
        for predicate, values in stated.pairs:
            if predicate == NODE:
                continue
            prop = self.property(predicate, stated.cls)
            plain = [value for value in values if not isinstance(value, Stated)]
            for part in (value for value in values if isinstance(value, Stated)):
                if name is None:
                    name = self.new_id
                    heads.append(Written(ID[self.language], (name,)))
                self.row(part, _Owner(name, prop))
            if plain:
                cells += self.cells(stated, sheet, prop, plain, place is not None or bool(thing))
        written = (*heads, *(cell for _, cell in sorted(cells, key=lambda pair: pair[0])))
        if written:
            self.result.insert(first, RowToWrite(self.file, self.called(sheet, place), number, thing, written))

    def place(self, node: Value | None) -> Standing | None:
        """The place of a recorded thing; None for a new one."""
        return self.things.get(node.iri) if isinstance(node, Named) else None

    def where(self, stated: Stated, place: Standing | None) -> tuple[Sheet, int | None, str]:
        """The sheet of a thing, the number of its row if it has one, and the name of the thing in that row."""
        node = stated.node
        if place is not None:
            if place.location.file != self.file:
                raise _NoColumnError
            sheet = self.by_name.get(normal(place.location.sheet or ""))
            number = _NUMBER.search(place.location.cell or "")
            if sheet is None or number is None:
                raise _NoColumnError
            return sheet, int(number[0]), place.called or ""
        values = [value.iri for _, some in stated.pairs for value in some if isinstance(value, Named)]
        sheet = self.layout.sheet_of(stated.cls, values)
        if sheet is None:
            raise _NoColumnError
        if isinstance(node, Named):
            return sheet, None, self.reference(node.iri)
        return sheet, None, f"<{node.label[self.words]}>" if isinstance(node, Open) and not node.new else ""

    def called(self, sheet: Sheet, place: Standing | None) -> str:
        """The name of the sheet in the workbook."""
        return place.location.sheet or "" if place is not None else sheet.name[self.language]

    @property
    def new_id(self) -> str:
        """The placeholder for an id."""
        return f"<{_NEW[self.words]}>"

    def identity(self, stated: Stated, sheet: Sheet, owner: _Owner | None) -> tuple[list[Written], str | None]:
        """The cells for the class and the name of a new row, and how other cells refer to it."""
        cls, top = stated.cls, sheet.classes[0]
        heads = []
        if cls != top or not all(self.terms.is_a(other, top) for other in sheet.classes):
            heads.append(Written(TYPE[self.language], (self.terms.classes[cls].label[self.language],)))
        name = None
        if isinstance(stated.node, Open) and owner is None and not self.terms.is_a(cls, v.G_EVIDENCE):
            held = [self.terms.classes[cls] for cls in sheet.classes]
            named = any(cls.containers and not self.terms.is_a(cls.iri, v.G_EVIDENCE) for cls in held)
            name = f"<{_NAMED[self.words]}>" if named else self.new_id
            heads.append(Written((NAME if named else ID)[self.language], (name,)))
        return heads, name

    # ------------------------------------------------------------------ cells

    def property(self, predicate: str, cls: str) -> Property:
        """The property of the statements, also where the example only gives the label of one of the class."""
        if predicate.startswith(EXAMPLE):
            called = label(predicate)
            fitting = self.terms.properties_for(called.da, cls) if called is not None else []
            if not fitting:
                raise _NoColumnError
            return fitting[0]
        if predicate not in self.terms.properties:
            raise _NoColumnError
        return self.terms.properties[predicate]

    def leading(self, sheet: Sheet, prop: Property) -> tuple[int, Column]:
        """The column of a sheet for the thing that a row is part of."""
        for at, column in enumerate(sheet.columns):
            if column.prop.iri == (prop.iri if column.inverse else prop.inverse_of):
                return at, column
        raise _NoColumnError

    def cells(
        self, stated: Stated, sheet: Sheet, prop: Property, values: list[Named | Open | TextValue], there: bool
    ) -> Iterator[tuple[int, Written]]:
        """The cell of a property with its values; or the rows of its values, where these name their owner."""
        for at, column in enumerate(sheet.columns):
            if column.prop.iri == prop.iri and not column.inverse:
                texts = tuple(text for value in values if (text := self.value(value, prop, stated.cls)))
                adds = there and not prop.functional and (not prop.literal or prop.iri in self.layout.lists)
                if texts:
                    yield at, Written(column.heading[self.language], texts, adds)
                return
        if not isinstance(stated.node, Named):
            raise _NoColumnError
        for value in values:
            if not isinstance(value, Named | Open):
                raise _NoColumnError
            part = Stated(prop.range or "", ((NODE, (value,)),))
            place = self.place(value)
            target, number, thing = self.where(part, place)
            column = self.leading(target, prop)[1]
            cell = Written(column.heading[self.language], (self.reference(stated.node.iri),), adds=True)
            self.result.append(RowToWrite(self.file, self.called(target, place), number, thing, (cell,)))

    def value(self, value: Named | Open | TextValue, prop: Property, cls: str) -> str:
        """A value as it is written in a cell."""
        if isinstance(value, Open):
            return f"<{value.label[self.words]}>"
        if isinstance(value, TextValue):
            return value.text[self.language]
        concept = self.terms.concepts.get(value.iri)
        if concept is not None:
            schemes, owners = prop.schemes, [cls]
            part = self.terms.classes.get(prop.range or "")
            if not schemes and part is not None and part.shorthand is not None:  # a topic is written for its clause
                schemes, owners = self.terms.properties[part.shorthand].schemes, [part.iri]
            text = concept.label[self.language]
            return text if self.terms.concept(text, schemes, owners) == value.iri else value.iri
        if value.iri in self.labels and self.labels[value.iri][self.language]:
            return self.labels[value.iri][self.language]
        if prop.literal or prop.namespace:
            return prop.code(value.iri)
        return self.reference(value.iri)

    def reference(self, iri: str) -> str:
        """The text by which a cell refers to a thing; a row without a name or an id is given an id."""
        place = self.things.get(iri)
        if place is None or place.location.file != self.file:  # names are those of one workbook
            short = iri.removeprefix(self.base)
            return iri if is_absolute(short) or not short else short
        if place.called is not None:
            return place.called
        sheet, number, _ = self.where(Stated("", ((NODE, (Named(iri),)),)), place)
        cell = Written(ID[self.language], (self.new_id,))
        self.result.append(RowToWrite(self.file, self.called(sheet, place), number, "", (cell,)))
        return self.new_id


def to_write(findings: Iterable[Finding], report: Report, rules: Mapping[str, Rule], language: Language) -> list[str]:
    """The lines that would satisfy the rules of some findings; empty where there is nothing to add.

    Nested lines are indented by two spaces; a line of many thousand characters is cut.
    """
    found: list[RowToWrite] = []
    listed: list[examples.Entry] = []
    for finding in findings:
        rule = rules.get(finding.code)
        if rule is not None:
            fitting = rows(rule, finding, report, language)
            found += fitting
            listed += [] if fitting else examples.example(rule, finding, report.base, language)
    texts = [*lines(together(found), language), *examples.lines(examples.together(listed))]
    return [f"{' ' * (len(text) - len(text.lstrip()))}{escape.brief(text, _LONGEST)}" for text in texts]
