"""The coverage as a workbook for Excel: an overview, every cell of the matrix, every statement."""

from __future__ import annotations

from collections.abc import Collection

from xlsxwriter.worksheet import Worksheet

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.coverage.status import Cell, Coverage, State
from graphsc.rendering import spreadsheet
from graphsc.rendering.coverage import tables, words
from graphsc.rendering.register.styles import Book
from graphsc.rendering.spreadsheet import Columns, T

_OVERVIEW = Text("Anbefalinger", "Recommendations")
_CELLS, _STATEMENTS = Text("Aftale for aftale", "By agreement"), Text("Udsagn", "Statements")
_WIDTHS = {"says": 60, "agreement": 30, "organisation": 24, "state": 16, "why": 40, "by": 24, "also": 24, "reason": 50}
_LOOKS = {State.MET: "met", State.NOT_MET: "violation", State.NOT_RECORDED: "warning", State.WAIVED: "waived"}


def render(shown: Coverage, *, language: Language) -> bytes:
    """The workbook's bytes; the same coverage gives the same bytes.

    Everything is written as text or as a number, never as a formula.
    """
    book = Book(shown.as_of, words.MEANING[language])
    sheets = [book.book.add_worksheet(name[language]) for name in (_OVERVIEW, _CELLS, _STATEMENTS)]
    _matrix(book, sheets[0], shown, language)
    _table(book, sheets[1], tables.cells(shown, language), shown.cells, language)
    _table(book, sheets[2], tables.statements(shown, language), shown.statements.values(), language)
    return book.close()


def _matrix(book: Book, sheet: Worksheet, shown: Coverage, language: Language) -> None:
    """A row for each recommendation, a column for each agreement and organisation."""
    places = {place: number for number, place in enumerate(dict.fromkeys(map(_place, shown.cells)), 2)}
    names = [escape.line(words.name(agreement or organisation, shown)[language]) for agreement, organisation in places]
    headings = [Text("Nr.", "No.")[language], words.MEANING[language], *names]
    book.heads(sheet, 0, headings, [8, 60, *(18 for _ in names)])
    for row, recommendation in enumerate(shown.recommendations, 1):
        book.write(sheet, row, 0, recommendation.id, "plain", language)
        book.write(sheet, row, 1, recommendation.text[language], "plain", language)
        for cell in shown.of(recommendation.id):
            state = words.STATE[cell.state][language]
            count = f" ({words.of(cell.numerator, cell.denominator)[language]})" if cell.denominator else ""
            book.write(sheet, row, places[_place(cell)], state + count, _LOOKS.get(cell.state, "plain"), language)
    sheet.freeze_panes(1, 2)


def _place(cell: Cell) -> tuple[str | None, str | None]:
    return cell.agreement, cell.organisation


def _table(book: Book, sheet: Worksheet, columns: Columns[T], items: Collection[T], language: Language) -> None:
    """A table with a frozen head and filters."""
    book.heads(sheet, 0, list(columns), [_WIDTHS.get(name, 14) for name in columns])
    for row, item in enumerate(items, 1):
        for number, value_of in enumerate(columns.values()):
            value = value_of(item)
            text = value if isinstance(value, int) else escape.line(spreadsheet.cell(value))
            book.write(sheet, row, number, text, "plain", language)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(items), len(columns) - 1)
