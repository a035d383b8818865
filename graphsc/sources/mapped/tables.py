"""Tables with a row of headings as trees: CSV and workbooks as people keep them.

The row of headings is the one with most headings that the mapping names; what stands above it, totals, notes and repeated
headings are no rows, and are told. A row is an object whose keys are the headings; a cell that is merged downwards holds
for each of its rows. Cells that say nothing are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from graphsc.core.problems import Cell
from graphsc.sources.mapped.headings import Headings, plain
from graphsc.sources.model import Place
from graphsc.sources.reporting import Reporter, is_blank, quoted
from graphsc.sources.tree import Kind, Mapping, Node, Scalar, Sequence
from graphsc.sources.workbook.file import RawBook, RawSheet, open_reported
from graphsc.sources.workbook.layout import Value, text_of

_HEADINGS_WITHIN = 40
"""The number of rows in which headings are looked for."""
_TOTAL = re.compile(
    r"(?:i alt|ialt|total|totalt|subtotal|sum|samlet|in all|grand total)[\W\d_]*(?:kr|dkk)?\W*", re.IGNORECASE
)
_NOTHING = frozenset({"-", "–", "—", "n/a", "i/t"})
_DELIMITERS = ";\t,|"


@dataclass(slots=True)
class _Grid:
    """The cells of one table, and a function that gives their places."""

    name: str
    rows: list[list[Value]]
    place: Callable[[int, int], Place]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def read_workbook(content: bytes, headings: Headings, report: Reporter) -> Node | None:
    """The rows of every sheet of a workbook; None, with a problem, when it cannot be read."""
    book = open_reported(content, report)
    return None if book is None else _document([_grid(sheet, book, report) for sheet in book.sheets], headings, report)


def read_csv(text: str, headings: Headings, report: Reporter) -> Node | None:
    """The rows of a CSV file with any delimiter; None, with a problem, when it cannot be read."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text, headings), strict=True)
    rows: list[list[Value]] = []
    starts: list[int] = []
    before = 0
    try:
        for row in reader:
            rows.append(list(row))
            starts.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        report.add("syntax", f"CSV kan ikke læses: {error}.", f"The CSV cannot be read: {error}.", (before + 1, 1))
        return None
    return _document([_Grid("", rows, lambda row, _: (starts[row], 1))], headings, report)


def _delimiter(text: str, headings: Headings) -> str:
    """The delimiter that gives the most known headings, and of several the most frequent one."""
    lines = text.splitlines()[:_HEADINGS_WITHIN]

    def fitness(mark: str) -> tuple[int, int]:
        known = (sum(bool(headings.key(part.strip('"'))) for part in line.split(mark)) for line in lines)
        return max(known, default=0), sum(line.count(mark) for line in lines)

    return max(_DELIMITERS, key=fitness)


def _grid(sheet: RawSheet, book: RawBook, report: Reporter) -> _Grid:
    """A sheet without the cells whose value cannot be known; these are reported."""
    rows = [list(row) for row in sheet.rows]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if not book.is_known(Cell(sheet.name, row + 1, column + 1), value, report):
                values[column] = ""
    return _Grid(sheet.name, rows, lambda row, column: Cell(sheet.name, row + 1, column + 1), sheet.merged)


def _document(grids: list[_Grid], headings: Headings, report: Reporter) -> Node:
    return Sequence((1, 1), [row for grid in grids for row in _rows(grid, headings, report)])


def _text(value: Value) -> str:
    text = text_of(value).strip()
    return "" if text.casefold() in _NOTHING or is_blank(text) else text


def _rows(grid: _Grid, known: Headings, report: Reporter) -> Iterator[Node]:
    filled = [(number, row) for number, row in enumerate(grid.rows) if any(map(_text, row))]
    scores = [len({key for value in row if (key := known.key(text_of(value)))}) for _, row in filled[:_HEADINGS_WITHIN]]
    if not any(scores):
        if filled:
            report.add(
                "no-headings", "Her er ingen af de overskrifter, der læses; intet herfra er taget med.",
                "There are none of the headings here that are read; nothing of it was taken over.", grid.place(filled[0][0], 0),
            )  # fmt: skip
        return
    at = scores.index(max(scores))
    for number, row in filled[:at]:
        _skipped(grid, number, row, report, "står over overskrifterne", "stands above the headings")
    keys = _keys(filled[at][1], known)
    _fill(grid, filled[at][0])
    for number, row in filled[at + 1 :]:
        reason = _no_row(row, filled[at][1], len([key for key in keys if key]))
        if reason is not None:
            _skipped(grid, number, row, report, *reason)
        else:
            yield _row(grid, number, row, keys)


def _keys(headings: list[Value], known: Headings) -> list[str]:
    """The key of each column: as the mapping writes it, if it does; the later of two with the same name gets its number."""
    keys: list[str] = []
    for value in headings:
        head = " ".join(text_of(value).split())
        key = known.key(head) or head
        count = keys.count(key) + 1 if key else 0
        keys.append(key if count < 2 else f"{key} ({count})")
    return keys


def _no_row(row: list[Value], headings: list[Value], width: int) -> tuple[str, str] | None:
    """The reason why a row is no record, in both languages; None for a record."""
    texts = [text for value in row if (text := _text(value))]
    if _TOTAL.fullmatch(texts[0]):
        return "er en sum", "is a total"
    if [plain(text_of(value)) for value in row] == [plain(text_of(value)) for value in headings]:
        return "gentager overskrifterne", "repeats the headings"
    if len(texts) == 1 and width > 2:
        return "har kun én udfyldt celle", "has only one cell with anything in it"
    return None


def _skipped(grid: _Grid, number: int, row: list[Value], report: Reporter, da: str, en: str) -> None:
    column, text = next((column, _text(value)) for column, value in enumerate(row) if _text(value))
    report.add(
        "no-row", f"Rækken {da} og er ikke læst: {quoted(text)}.", f"The row {en} and was not read: {quoted(text)}.",
        grid.place(number, column),
    )  # fmt: skip


def _fill(grid: _Grid, headings: int) -> None:
    """Give each cell of a downward merge the value of the first."""
    for (top, left), (bottom, right) in grid.merged:
        if headings < top < len(grid.rows) and right == left and left < len(grid.rows[top]):
            for row in grid.rows[top + 1 : bottom + 1]:
                row.extend("" for _ in range(left + 1 - len(row)))
                row[left] = grid.rows[top][left]


def _row(grid: _Grid, number: int, row: list[Value], keys: list[str]) -> Node:
    entries: list[tuple[Scalar, Node]] = []
    for column, value in enumerate(row):
        text = _text(value)
        if text:
            key = (keys[column] if column < len(keys) else "") or f"({Cell('', 1, column + 1).name[:-1]})"
            kind = Kind.NUMBER if isinstance(value, int | float) and not isinstance(value, bool) else Kind.STRING
            place = grid.place(number, column)
            entries.append((Scalar(key, place), Scalar(text, place, kind)))
    return Mapping(grid.place(number, 0), entries)
