"""The workbook that a supplier is asked with: its own part of the chain, in both languages, what is missing in yellow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from xlsxwriter.utility import xl_rowcol_to_cell

from graphsc.core.text import Language, Text
from graphsc.rendering.register.book import HEAD, PIECE, Register, called
from graphsc.rendering.register.content import Content, Filled, escaped
from graphsc.rendering.register.inquiry import FACTS, both, write_facts, write_inquiry
from graphsc.rendering.register.lists import NAME, Lists
from graphsc.rendering.register.styles import Book, place_in
from graphsc.sources.workbook.cells import referring

_LANGUAGE = Language.DA
_TITLE = Text("Spørgsmål til leverandør", "Questions to a supplier")


def render(
    content: Content, party: str, day: date, whole: Collection[str], facts: Sequence[tuple[str, str, str]]
) -> bytes:
    """The bytes of the workbook.

    ``party`` is the IRI of the supplier, ``whole`` the things that it is asked about, ``facts`` what is recorded of
    them, as in N-Triples.
    """
    shown = replace(content, sheets=[_bilingual(sheet) for sheet in content.sheets if sheet.sheet.asked or sheet.rows])
    book = Book(day, both(_TITLE))
    start = book.book.add_worksheet(content.layout.name_of("start")[_LANGUAGE])
    for filled in shown.sheets:
        book.book.add_worksheet(filled.sheet.name[_LANGUAGE])
    if content.facts:
        book.book.add_worksheet(content.layout.name_of("facts")[_LANGUAGE])
    kept, lists = book.book.add_worksheet(FACTS), book.book.add_worksheet(NAME[_LANGUAGE])
    lists.hide()
    register = Register(shown, _LANGUAGE, book, Lists(book, lists, content.layout, _LANGUAGE))
    register.sheets()
    questions = [question for filled in shown.sheets for question in _missing(register, filled, whole)]
    if content.facts:
        register.facts()
    write_inquiry(book, start, party, day.isoformat(), content.base, questions)
    write_facts(book, kept, facts, [escaped(object_) for _, _, object_ in facts], PIECE)
    return book.close()


def _bilingual(filled: Filled) -> Filled:
    """The same sheet with its headings in both languages; what is asked always shows."""
    columns = [replace(column, heading=Text.same(both(column.heading))) for column in filled.columns]
    asked = [column for column in columns if column.prop.iri in filled.sheet.asked]
    first = [column for column in columns[: filled.sheet.first] if column not in asked]
    rest = [column for column in columns if column not in asked and column not in first]
    sheet = replace(filled.sheet, help=Text.same(both(filled.sheet.help)), first=len(asked))
    return replace(filled, sheet=sheet, columns=[*asked, *first, *rest])


def _missing(register: Register, filled: Filled, whole: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Colour the cells that are asked for and empty; for each row where they are, what they are, and a link."""
    name = filled.sheet.name[_LANGUAGE]
    sheet = register.book.book.get_worksheet_by_name(name)
    result: list[tuple[str, str, str, str]] = []
    for number, row in enumerate(filled.rows, HEAD + 1):
        empty = [
            (at, column) for column in filled.columns
            if column.prop.iri in filled.sheet.asked and column.prop.iri not in row.cells and row.iri in whole
            and (at := register.columns.get((name, column.prop.iri))) is not None
        ]  # fmt: skip
        for at, _ in empty:
            sheet.write_blank(number, at, None, register.book.look("warning"))
        if empty:
            missing = ", ".join(column.heading.da for _, column in empty)
            what = referring(called(row, _LANGUAGE), row.id)
            result.append((place_in(name, xl_rowcol_to_cell(number, empty[0][0])), name, what, missing))
    return result
