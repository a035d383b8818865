"""The formats of cells, and writing text from outside into them without formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.sources.workbook.layout import LONGEST, Value

YES, NO = Text("ja", "yes"), Text("nej", "no")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LOOKS: dict[str, dict[str, object]] = {
    "text": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "number": {"align": "left"},
    "id": {"num_format": "@", "font_color": "#595959", "bg_color": "#F2F2F2"},
    "head": {"bold": True, "bottom": 1, "bg_color": "#DCE6F1"},
    "help": {"font_color": "#595959", "font_size": 9},
    "example": {"italic": True, "font_color": "#7F7F7F", "font_size": 9, "num_format": "@"},
    "title": {"bold": True, "font_size": 14, "text_wrap": False},
    "plain": {},
    "breach": {"bg_color": "#F4CCCC"},
    "question": {"bg_color": "#FFF2CC"},
    "note": {"bg_color": "#DDEBF7"},
    "error": {"bg_color": "#F4B183"},
    "met": {"bg_color": "#DDEFDD"},
    "waived": {"bg_color": "#E4DFEC"},
    "link": {"font_color": "#0563C1", "underline": 1},
}


def quoted(sheet: str) -> str:
    """The name of a sheet in a formula."""
    return "'" + sheet.replace("'", "''") + "'"


def place_in(sheet: str, cell: str = "A1") -> str:
    """A cell of the workbook as the target of a link."""
    return f"internal:{quoted(sheet)}!{cell}"


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet that writes formulas unchanged.

    XlsxWriter searches each for thirty functions that are newer than Excel 2007. There are thousands of formulas here, and
    none uses any of these.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class Book:
    """A workbook being written; the same contents give the same bytes."""

    def __init__(self, day: date, title: str) -> None:
        self._stream = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self._stream, options)
        self.book.worksheet_class = _Sheet
        self.book.set_properties({"title": title, "created": datetime.combine(day, time(), tzinfo=UTC)})
        self._looks: dict[tuple[str, bool], Format] = {}

    def look(self, name: str, *, quoted: bool = False) -> Format:
        """The format of a name; with ``quoted`` a text stays text also when the cell is edited."""
        if (name, quoted) not in self._looks:
            properties = {"valign": "top", "text_wrap": True, "border_color": "#D9D9D9", **_LOOKS[name]}
            self._looks[name, quoted] = self.book.add_format(
                {**properties, "quote_prefix": True} if quoted else properties
            )
        return self._looks[name, quoted]

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, look: str, language: Language) -> None:
        """Write a value to a cell, counted from 0; booleans as words, text never as a formula."""
        if isinstance(value, bool):
            sheet.write_string(row, column, (YES if value else NO)[language], self.look(look))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.look("date" if look == "text" else look))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.look("number" if look == "text" else look))
        else:
            text = escape.shorten(str(value), LONGEST - 100)
            sheet.write_string(row, column, text, self.look(look, quoted=text.startswith(_FORMULA)))

    def heads(self, sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
        """Write the headings of a table, and set the widths of its columns."""
        for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
            sheet.write_string(row, column, text, self.look("head"))
            sheet.set_column(column, column, width)

    def link(self, sheet: Worksheet, row: int, column: int, target: str, shown: str) -> None:
        """Write a link to a place in the workbook."""
        sheet.write_url(row, column, target, self.look("link"), string=shown)

    def close(self) -> bytes:
        """The bytes of the workbook."""
        self.book.close()
        return self._stream.getvalue()
