"""The lists of choices of cells: concepts, and the things of other sheets, also of new rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from graphsc.core.text import Language, Text
from graphsc.rendering.register.styles import Book, quoted
from graphsc.sources.terms import Property
from graphsc.sources.workbook.layout import Column, Layout

_HEAD = 40
"""Rows at the top of a list with the number of spare rows of each sheet that are filled in."""
SPARE = 250
"""Spare rows below the last of a sheet that can be chosen on other sheets once they are filled in."""
NAME = Text("(lister)", "(lists)")
CHOICE = Text("(valg)", "(choice)")


@dataclass(slots=True)
class Choices:
    """The column by which rows of a sheet are referred to: texts, then spare rows with formulas."""

    sheet: str
    column: int
    first: int
    texts: list[str]

    def spare(self) -> tuple[str, str]:
        """The first and the last cell of the spare rows, with the sheet's name."""
        column = f"${xl_col_to_name(self.column)}$"
        start = self.first + len(self.texts) + 1
        return f"{quoted(self.sheet)}!{column}{start}", f"{column}{start + SPARE - 1}"


@dataclass(slots=True)
class Lists:
    """The sheet of lists, and the name of each list."""

    book: Book
    sheet: Worksheet
    layout: Layout
    language: Language
    choices: dict[str, Choices] = field(default_factory=dict)
    names: dict[tuple[str, ...], str | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def of(self, column: Column, classes: tuple[str, ...]) -> str | None:
        """The name of the list of choices of a column, on a sheet of these classes; None for a column without a list."""
        prop = column.prop
        if prop.schemes:
            return self._concepts(prop.schemes, classes)
        if short := self._short(prop):
            return self._concepts(short, (prop.range or "",))
        classes_offered = self.layout.offered(column)
        if prop.literal or not classes_offered:
            return None
        return self._cached(("things", *classes_offered), lambda: self._things(classes_offered))

    def _short(self, prop: Property) -> tuple[str, ...]:
        """The schemes of the value that is enough for a part, such as the topic of a clause."""
        cls = self.layout.terms.classes.get(prop.range or "")
        short = self.layout.terms.properties.get(cls.shorthand or "") if cls is not None else None
        return short.schemes if short is not None and prop.inverse_of is not None else ()

    def _cached(self, key: tuple[str, ...], make: Callable[[], str | None]) -> str | None:
        if key not in self.names:
            self.names[key] = make()
        return self.names[key]

    def _concepts(self, schemes: tuple[str, ...], classes: tuple[str, ...]) -> str | None:
        terms = self.layout.terms
        fitting = [c for c in terms.concepts.values() if set(schemes) & set(c.schemes) and terms.allows(c.iri, classes)]
        labels = {
            c.label[self.language] for c in fitting if terms.concept(c.label[self.language], schemes, classes) == c.iri
        }
        texts = sorted(labels, key=str.casefold)
        return self._cached(("concepts", *texts), lambda: self._write(texts, [])) if texts else None

    def _things(self, classes: tuple[str, ...]) -> str | None:
        terms = self.layout.terms
        held = {sheet.iri: sheet for sheet in self.layout.sheets if sheet.iri in self.choices}
        sheets = {  # in the order of the classes
            iri: sheet
            for wider in classes
            for iri, sheet in held.items()
            if any(terms.is_a(cls, wider) for cls in sheet.classes)
        }
        self.used |= sheets.keys()
        places = [self.choices[iri] for iri in sheets]
        return self._write([text for place in places for text in place.texts], places) if places else None

    def _write(self, texts: Sequence[str], places: Sequence[Choices]) -> str:
        """Write a list in a new column: the texts, then the spare rows of the sheets that are filled in."""
        column, sheet = len([name for name in self.names.values() if name]), self.sheet
        letter, spares = xl_col_to_name(column), [place.spare() for place in places]
        for at, (first, last) in enumerate(spares):  # the number of filled spare rows of the sheets before
            before = f"${letter}${at}+" if at else ""
            sheet.write_formula(at, column, f'={before}COUNTIF({first}:{last},"?*")', None, 0)
        for row, text in enumerate(texts, _HEAD):
            self.book.write(sheet, row, column, text, "text", self.language)
        start = _HEAD + len(texts)
        for number in range(1, SPARE + 1) if spares else ():
            sheet.write_formula(start + number - 1, column, f"={_spare(number, letter, spares)}", None, "")
        area = f"{quoted(sheet.get_name())}!${letter}${_HEAD + 1}"
        whole = f"{area}:${letter}${start + (SPARE if spares else 1)}"
        name = f"list_{column + 1}"
        self.book.book.define_name(name, f'=OFFSET({area},0,0,MAX(1,COUNTIF({whole},"?*")),1)')
        return name


def _spare(number: int, letter: str, spares: Sequence[tuple[str, str]]) -> str:
    """The formula for the text of a spare row, by its number among all filled ones of the sheets."""
    last = len(spares)
    of_sheet = f'COUNTIF(${letter}$1:${letter}${last},"<{number}")'  # the number of sheets that end before it
    items = [
        f"INDEX({first}:{end},{number}{f'-${letter}${at}' if at else ''})" for at, (first, end) in enumerate(spares)
    ]
    item = items[0] if last == 1 else f"CHOOSE(1+{of_sheet},{','.join(items)})"
    return f'IF({number}>${letter}${last},"",{item})'


def choice_formula(row: int, id_column: int, name_column: int | None) -> str:
    """The formula for the text by which a spare row is referred to once it has a name or an id."""
    id_ = xl_rowcol_to_cell(row, id_column, col_abs=True)
    if name_column is None:
        return f'={id_}&""'
    name = xl_rowcol_to_cell(row, name_column, col_abs=True)
    return f'=IF({name}="",{id_}&"",IF({id_}="",{name}&"",{name}&" ["&{id_}&"]"))'
