"""The workbook: a sheet for each class of things, with headings, help, examples and lists of choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from graphsc.core import vocabulary as v
from graphsc.core.text import Language, Text
from graphsc.rendering.register.tasks import DEMANDS, Demand, ToDo, demands, line, to_do, write_demands, write_start
from graphsc.rendering.workbook import NO, YES, Book, place_in, quoted
from graphsc.service.registers.register import Register as Kept
from graphsc.sources.terms import Property, Terms
from graphsc.sources.workbook import layout as words
from graphsc.sources.workbook.content import HEAD, Content, Filled, Row, called, type_word
from graphsc.sources.workbook.layout import Column, Layout, Value, referring

TITLE = Text("Register over leverandører", "Register of suppliers")
_KEEP = Text(
    "Id'et skal blive, som det er, så andre rækker kan henvise til det. Nye rækker får selv et.",
    "The id must stay as it is, so that other rows can refer to it. New rows get one by themselves.",
)
_DAY = Text("Skriv en dato, fx 2025-04-01.", "Write a date, such as 2025-04-01.")
_LONG = 24
_LAST = 1_048_575
"""The last row of a sheet, from 0."""
_PIECE = 30_000
_TOP = 40
"""Rows at the top of a list with the number of spare rows of each sheet that are filled in."""
SPARE = 250
"""Spare rows below the last of a sheet that can be chosen on other sheets once they are filled in."""
NAME = Text("(lister)", "(lists)")
CHOICE = Text("(valg)", "(choice)")


@dataclass(slots=True)
class _Head:
    """A column: its heading, the key of its cells, help, an example, and the column of the layout if any.

    ``classes`` are those of its sheet.
    """

    heading: str
    key: str
    help: str = ""
    example: str = ""
    column: Column | None = None
    hidden: bool = False
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class Register:
    """A workbook being written: its content, and the rows and columns of things and properties."""

    content: Content
    language: Language
    book: Book
    lists: Lists
    demands: Sequence[Demand] = ()
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def terms(self) -> Terms:
        """The terms of the columns."""
        return self.content.layout.terms

    def heads(self, filled: Filled) -> list[_Head]:
        """The columns of a sheet; seldom used ones that no register asks for are hidden while they are empty."""
        language, sheet = self.language, filled.sheet
        demanded = {
            heading for demand in self.demands if demand.sheet == sheet.name[language] for heading in demand.headings
        }
        result = [_Head(words.ID[language], "id", _KEEP[language], self.content.layout.example_id(sheet)[language])]
        if len(sheet.classes) > 1 or any(row.cls not in sheet.classes for row in filled.rows):
            labels = [self.terms.classes[cls].label[language] for cls in sheet.classes]
            result.append(_Head(words.TYPE[language], "type", ", ".join(labels), labels[0]))
        named = [key for key in ("name", "da", "en") if filled.uses(key)] or (
            ["name"] if self.content.layout.names(sheet) else []
        )
        for key in named:
            heading = words.NAME if key == "name" else words.NAMES[key]
            result.append(_Head(heading[language], key, "", self.content.layout.example_name(sheet)[language]))
        for number, column in enumerate(filled.columns):
            about = self.content.layout
            result.append(
                _Head(
                    column.heading[language], column.prop.iri, about.help(column.prop, sheet)[language],
                    about.example(column.prop, sheet)[language], column,
                    number >= sheet.first and column.heading[language] not in demanded and not filled.uses(column.prop.iri),
                    sheet.classes,
                )
            )  # fmt: skip
        return result

    # ------------------------------------------------------------------ the sheets

    def sheets(self) -> None:
        """Write every sheet, then the hidden columns by which other sheets choose its rows."""
        language, sheets = self.language, self.content.sheets
        heads = {filled.sheet.iri: self.heads(filled) for filled in sheets}
        for filled in sheets:
            texts = [referring(called(row, language), row.id) for row in filled.rows]
            name = filled.sheet.name[language]
            self.lists.choices[filled.sheet.iri] = Choices(name, len(heads[filled.sheet.iri]), HEAD + 1, texts)
        for filled in sheets:
            self.things(filled, heads[filled.sheet.iri])
        for filled in sheets:
            if filled.sheet.iri in self.lists.used:
                self.choices(filled, heads[filled.sheet.iri])

    def things(self, filled: Filled, heads: list[_Head]) -> None:
        """Write the rows of a sheet."""
        name, language = filled.sheet.name[self.language], self.language
        sheet = self.book.book.get_worksheet_by_name(name)
        about = " ".join(part for part in (filled.sheet.help[language], line(self.demands, name, language)) if part)
        self.top(sheet, about, heads, len(filled.rows))
        self.rows(sheet, filled.rows, heads)
        if not filled.rows:
            sheet.set_tab_color("#BFBFBF")

    def rows(self, sheet: Worksheet, rows: Sequence[Row], heads: Sequence[_Head]) -> None:
        """Write things under the head of a sheet, and note the row of each."""
        for number, row in enumerate(rows, HEAD + 1):
            self.places[row.iri] = (sheet.get_name(), number)
            for at, head in enumerate(heads):
                if (value := self._value(row, head)) is not None:
                    self.book.write(sheet, number, at, value, "id" if head.key == "id" else "text", self.language)

    def choices(self, filled: Filled, heads: list[_Head]) -> None:
        """The hidden column by which other sheets choose a row of this one."""
        language = self.language
        sheet = self.book.book.get_worksheet_by_name(filled.sheet.name[language])
        choice = self.lists.choices[filled.sheet.iri]
        keys = [head.key for head in heads]
        named = next((keys.index(key) for key in (str(language), "name", "da", "en") if key in keys), None)
        sheet.write_string(HEAD, choice.column, CHOICE[language], self.book.look("head"))
        for number, (row, text) in enumerate(zip(filled.rows, choice.texts, strict=True), HEAD + 1):
            name = "" if named is None else row.cells.get(keys[named], "")
            if text == (
                f"{name} [{row.id}]" if name else row.id
            ):  # so that the choice follows what is typed over the row
                sheet.write_formula(number, choice.column, choice_formula(number, 0, named), None, text)
            else:
                self.book.write(sheet, number, choice.column, text, "text", language)
        for number in range(choice.first + len(choice.texts), choice.first + len(choice.texts) + SPARE):
            sheet.write_formula(number, choice.column, choice_formula(number, 0, named), None, "")
        sheet.set_column(choice.column, choice.column, 10, None, {"hidden": True})

    def _value(self, row: Row, head: _Head) -> Value | None:
        if head.key == "id":
            return row.id
        return type_word(row.cls, self.terms, self.language) if head.key == "type" else row.cells.get(head.key)

    def top(self, sheet: Worksheet, about: str, heads: Sequence[_Head], rows: int) -> None:
        """Write the purpose of a sheet and its head: help, examples, frozen headings with filters."""
        look, last = self.book.look, max(rows, 1) + HEAD
        sheet.write_string(0, 0, about, look("title"))
        for at, head in enumerate(heads):
            self.columns[sheet.get_name(), head.key] = at
            sheet.write_string(1, at, head.help, look("help"))
            example = Text(f"fx {head.example}", f"e.g. {head.example}")[self.language] if head.example else ""
            sheet.write_string(2, at, example, look("example"))
            sheet.write_string(HEAD, at, head.heading, look("head"))
            wide = head.column is not None and (not head.column.prop.literal or len(head.example) > _LONG)
            options = {"level": 1, "hidden": True} if head.hidden else {}
            sheet.set_column(at, at, 30 if wide or head.key in ("name", "da", "en") else 18, look("text"), options)
            self.choose(sheet, at, head, rows)
        sheet.set_row(1, 60)
        sheet.freeze_panes(HEAD + 1, min(len(heads), 2))
        sheet.autofilter(HEAD, 0, last, len(heads) - 1)

    def choose(self, sheet: Worksheet, at: int, head: _Head, rows: int) -> None:
        """The validation of the cells of a column; one with a list admits other text too, since a cell may hold several values."""
        language, first, last = self.language, HEAD + 1, _LAST
        options: dict[str, object] = {"error_type": "information", "ignore_blank": True}
        if head.key == "id":
            if rows:
                cells = (first, at, HEAD + rows, at)
                sheet.data_validation(
                    *cells, {"validate": "custom", "value": "=FALSE", "error_message": _KEEP[language]}
                )
            return
        if head.key == "type":
            options |= {"validate": "list", "source": head.help.split(", ")}
        elif head.column is None:
            return
        elif head.column.prop.range == v.XSD_BOOLEAN:
            options |= {"validate": "list", "source": [YES[language], NO[language]], "error_type": "stop"}
        elif head.column.prop.range == v.XSD_DATE:
            options |= {
                "validate": "date",
                "criteria": ">=",
                "value": date(1900, 1, 1),
                "error_message": _DAY[language],
            }
        else:
            name = self.lists.of(head.column, head.classes)
            options |= {"validate": "list", "source": f"={name}"} if name else {"validate": "any"}
        if head.help:
            options |= {"input_title": head.heading[:32], "input_message": head.help[:255]}
        if options["validate"] != "any" or head.help:
            sheet.data_validation(first, at, last, at, options)

    # ------------------------------------------------------------------ sheets that are not of the ontology

    def concepts(self) -> None:
        """Write the concepts that the organisation adds."""
        language, layout = self.language, self.content.layout
        heads = [
            _Head(words.ID[language], "id"), _Head(words.SCHEME[language], "scheme", "", "task"),
            _Head(words.NAME[language], "name"), *(_Head(words.NAMES[item][language], item) for item in ("da", "en")),
        ]  # fmt: skip
        sheet = self.book.book.get_worksheet_by_name(layout.name_of("concepts")[language])
        self.top(sheet, layout.help_of("concepts")[language], heads, len(self.content.concepts))
        self.rows(sheet, self.content.concepts, heads)

    def facts(self) -> None:
        """Write the facts that have no column."""
        language, layout = self.language, self.content.layout
        heads = [
            _Head(Text("Ting", "Thing")[language], "subject"), _Head(Text("Egenskab", "Property")[language], "predicate"),
            _Head(Text("Værdi", "Value")[language], "object"),
        ]  # fmt: skip
        sheet = self.book.book.get_worksheet_by_name(layout.name_of("facts")[language])
        self.top(sheet, layout.help_of("facts")[language], heads, len(self.content.facts))
        for number, (subject, predicate, object_) in enumerate(self.content.facts, HEAD + 1):
            for at, text in enumerate([subject, predicate, *pieces(object_)]):
                self.book.write(sheet, number, at, text, "text", language)

    def link(self, subject: str, predicate: str | None) -> tuple[str, str] | None:
        """The cell of a thing, as the target of a link and in words; that of a property if it has a column."""
        if subject not in self.places:
            return None
        sheet, row = self.places[subject]
        cell = xl_rowcol_to_cell(row, self.columns.get((sheet, predicate or "id"), 0))
        return place_in(sheet, cell), f"{sheet}!{cell}"


def render(content: Content, todo: ToDo, *, language: Language, as_of: date, demands: Sequence[Demand] = ()) -> bytes:
    """The bytes of the workbook; ``todo`` is for the first sheet, by a validation of the same content.

    ``demands`` are what the registers ask for, on a separate sheet. The same content gives the same bytes. Only the lists of
    choices are formulas.
    """
    book = Book(as_of, TITLE[language])
    layout = content.layout
    start = book.book.add_worksheet(layout.name_of("start")[language])
    if demands:
        book.book.add_worksheet(DEMANDS[language])
    for filled in content.sheets:
        book.book.add_worksheet(filled.sheet.name[language])
    if content.concepts:
        book.book.add_worksheet(layout.name_of("concepts")[language])
    if content.facts:
        book.book.add_worksheet(layout.name_of("facts")[language])
    hidden = book.book.add_worksheet(NAME[language])
    hidden.hide()
    register = Register(content, language, book, Lists(book, hidden, layout, language), demands)
    register.sheets()
    if content.concepts:
        register.concepts()
    if content.facts:
        register.facts()
    sheets = [(sheet.sheet.name[language], sheet.sheet.help[language], len(sheet.rows)) for sheet in content.sheets]
    if demands:
        write_demands(book, demands, [filled.sheet.name[language] for filled in content.sheets], language)
    write_start(
        book, start, content.base, todo, sheets, lambda task: register.link(task.subject, task.predicate), language
    )
    return book.close()


def workbook(register: Kept, language: Language) -> bytes:
    """The bytes of the workbook: first the tasks, then what each register asks for, then the register."""
    report, rules = register.report, register.rules
    todo, asks = to_do(report, rules, register.due, language), demands(rules.values(), language)
    return render(register.content, todo, language=language, as_of=report.as_of, demands=asks)


def pieces(text: str) -> list[str]:
    """A text in parts that each fit in a cell."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


@dataclass(slots=True)
class Choices:
    """The column by which rows of a sheet are referred to: texts, then spare rows with formulas."""

    sheet: str
    column: int
    first: int
    texts: list[str]

    def of(self, number: int) -> str:
        """The formula for the text of a filled row, counted from 1; empty once the row is deleted."""
        column = f"${xl_col_to_name(self.column)}$"
        first, last = self.first + 1, self.first + len(self.texts)
        return f'=IFERROR(INDEX({quoted(self.sheet)}!{column}{first}:{column}{last},{number})&"","")'

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
        return self._write([], places) if places else None

    def _write(self, texts: Sequence[str], places: Sequence[Choices]) -> str:
        """Write a list in a new column: the texts, those of the rows of the sheets, then their spare rows that are filled in."""
        column, sheet = len([name for name in self.names.values() if name]), self.sheet
        letter, spares = xl_col_to_name(column), [place.spare() for place in places]
        for at, (first, last) in enumerate(spares):  # the number of filled spare rows of the sheets before
            before = f"${letter}${at}+" if at else ""
            sheet.write_formula(at, column, f'={before}COUNTIF({first}:{last},"?*")', None, 0)
        for row, text in enumerate(texts, _TOP):
            self.book.write(sheet, row, column, text, "text", self.language)
        start = _TOP + len(texts)
        for place in places:
            for number, text in enumerate(place.texts, 1):
                sheet.write_formula(start + number - 1, column, place.of(number), None, text)
            start += len(place.texts)
        for number in range(1, SPARE + 1) if spares else ():
            sheet.write_formula(start + number - 1, column, f"={_spare_text(number, letter, spares)}", None, "")
        area = f"{quoted(sheet.get_name())}!${letter}${_TOP + 1}"
        whole = f"{area}:${letter}${start + (SPARE if spares else 1)}"
        name = f"list_{column + 1}"
        last = f'SUMPRODUCT(MAX(({whole}<>"")*(ROW({whole})-{_TOP})))' if places else f'COUNTIF({whole},"?*")'
        self.book.book.define_name(name, f"=OFFSET({area},0,0,MAX(1,{last}),1)")
        return name


def _spare_text(number: int, letter: str, spares: Sequence[tuple[str, str]]) -> str:
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
