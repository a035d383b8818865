"""The coverage as a workbook for Excel: an overview, every cell of the matrix, every statement."""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import UTC, datetime, time

import xlsxwriter

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.coverage.results import Coverage
from graphsc.coverage.status import Cell, State
from graphsc.rendering import spreadsheet
from graphsc.rendering.coverage import tables, words
from graphsc.rendering.spreadsheet import Columns, T

_OVERVIEW = Text("Anbefalinger", "Recommendations")
_CELLS, _STATEMENTS = Text("Aftale for aftale", "By agreement"), Text("Udsagn", "Statements")
_WIDTHS = {"says": 60, "agreement": 30, "organisation": 24, "state": 16, "why": 40, "by": 24, "also": 24, "reason": 50}
_FILL = {State.MET: "#DDEFDD", State.NOT_MET: "#F4CCCC", State.NOT_RECORDED: "#FFF2CC", State.WAIVED: "#E4DFEC"}
_TOO_LONG = 32_000
"""Excel takes 32,767 characters in a cell."""


def render(shown: Coverage, *, language: Language) -> bytes:
    """The workbook's bytes; the same coverage gives the same bytes.

    Everything is written as text or as a number, never as a formula.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = datetime.combine(shown.as_of, time(), tzinfo=UTC)
    book.set_properties({"title": words.MEANING[language], "created": day})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    fills = {
        state: book.add_format({"bg_color": colour, "valign": "top", "text_wrap": True})
        for state, colour in _FILL.items()
    }
    _matrix(book.add_worksheet(_OVERVIEW[language]), shown, language, head, wrapped, fills)
    _sheet(book.add_worksheet(_CELLS[language]), tables.cells(shown, language), shown.cells, head, wrapped)
    columns, statements = tables.statements(shown, language), shown.statements.values()
    _sheet(book.add_worksheet(_STATEMENTS[language]), columns, statements, head, wrapped)
    book.close()
    return stream.getvalue()


def _text(value: str) -> str:
    return escape.shorten(escape.line(value), _TOO_LONG)


def _matrix(
    sheet: xlsxwriter.worksheet.Worksheet,
    shown: Coverage,
    language: Language,
    head: xlsxwriter.format.Format,
    wrapped: xlsxwriter.format.Format,
    fills: dict[State, xlsxwriter.format.Format],
) -> None:
    """Recommendations down, agreements and organisations across."""
    places: dict[tuple[str | None, str | None], int] = {}
    for cell in shown.cells:
        places.setdefault((cell.agreement, cell.organisation), len(places) + 2)
    sheet.write_string(0, 0, Text("Nr.", "No.")[language], head)
    sheet.write_string(0, 1, words.MEANING[language], head)
    for (agreement, organisation), column in places.items():
        sheet.write_string(0, column, _text(words.name(agreement or organisation, shown)[language]), head)
    for row, recommendation in enumerate(shown.recommendations, 1):
        sheet.write_string(row, 0, recommendation.id, wrapped)
        sheet.write_string(row, 1, recommendation.text[language], wrapped)
        for cell in shown.of(recommendation.id):
            column = places[cell.agreement, cell.organisation]
            sheet.write_string(row, column, _shown(cell, language), fills.get(cell.state, wrapped))
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 1 + max(len(places), 1), 18)
    sheet.freeze_panes(1, 2)


def _shown(cell: Cell, language: Language) -> str:
    state = words.STATE[cell.state][language]
    if not cell.denominator:
        return state
    return f"{state} ({words.of(cell.numerator, cell.denominator)[language]})"


def _sheet(
    sheet: xlsxwriter.worksheet.Worksheet,
    columns: Columns[T],
    items: Collection[T],
    head: xlsxwriter.format.Format,
    wrapped: xlsxwriter.format.Format,
) -> None:
    """A table with a head that stays in view and can be filtered."""
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, head)
        sheet.set_column(at, at, _WIDTHS.get(name, 14))
    for row, item in enumerate(items, 1):
        for at, value_of in enumerate(columns.values()):
            value = value_of(item)
            if isinstance(value, int):
                sheet.write_number(row, at, value, wrapped)
            else:
                sheet.write_string(row, at, _text(spreadsheet.cell(value)), wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(items), len(columns) - 1)
