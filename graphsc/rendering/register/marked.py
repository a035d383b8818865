"""Findings as a workbook to read: a row for each, and copies of the input sheets with marked and commented cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from graphsc.core.text import Language, Text
from graphsc.rendering.register.front import HEADS, Task, to_do, write_tasks
from graphsc.rendering.register.styles import Book, place_in
from graphsc.sources.workbook.cells import FIRST_DAY, Value, text_of
from graphsc.sources.workbook.file import RawBook
from graphsc.validation import wording
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

_NAME = Text("Fund", "Findings")
_AGREED = Text("Registrering kontrolleret", "Register checked")
_LONGEST_NOTE = 8_000
_LONGEST_NAME = 31
_MOST_NOTES = 5
Sheets = dict[tuple[str, str], str]
"""The name of the copy of each sheet of a file."""


def render(
    report: Report,
    rules: Mapping[str, Rule],
    due: Mapping[str, date],
    books: Mapping[str, RawBook],
    *,
    language: Language,
) -> bytes:
    """The bytes of a workbook with the findings of a report, and copies of the workbooks in which they are.

    ``due`` has the day by which a finding must be dealt with, by its fingerprint; ``books`` are the workbooks among the
    inputs, by file name. The same report gives the same bytes, without formulas.
    """
    book = Book(report.as_of, _AGREED[language])
    todo = to_do(report, rules, due, language)
    front = book.book.add_worksheet(_NAME[language])
    names = _names(books, _NAME[language])
    copies = {key: book.book.add_worksheet(name) for key, name in names.items()}
    front.write_string(0, 0, todo.counts, book.look("title"))
    if report.partial:
        front.write_string(1, 0, wording.partial(report, language), book.look("title"))
    write_tasks(book, front, 3, todo, lambda row, task: _link(book, front, row, task, names, language), language)
    marks = _marks(todo.tasks)
    for file, raw in books.items():
        for sheet in raw.sheets:
            _copy(book, copies[file, sheet.name], sheet.rows, marks.get((file, sheet.name), {}), language)
    return book.close()


def _names(books: Mapping[str, RawBook], taken: str) -> Sheets:
    """The name of each sheet's copy: that of the sheet where it is free, otherwise with a number."""
    used, names = {taken.casefold()}, {}
    for file, raw in books.items():
        for sheet in raw.sheets:
            name, number = sheet.name[:_LONGEST_NAME], 1
            while name.casefold() in used:
                number += 1
                name = f"{sheet.name[: _LONGEST_NAME - 5]} ({number})"
            used.add(name.casefold())
            names[file, sheet.name] = name
    return names


def _link(book: Book, front: Worksheet, row: int, task: Task, names: Sheets, language: Language) -> None:
    place, column = task.location, len(HEADS) - 1
    if place is None:
        shown = wording.DERIVED[language] if task.level != "error" else ""
        book.write(front, row, column, shown, "plain", language)
        return
    name = names.get((place.file, place.sheet or ""))
    if name is None or place.cell is None:
        book.write(front, row, column, str(place), "plain", language)
    else:
        book.link(front, row, column, place_in(name, place.cell), f"{name}!{place.cell}")


def _marks(listed: Sequence[Task]) -> dict[tuple[str, str], dict[tuple[int, int], list[Task]]]:
    """The findings by file and sheet, then by cell, counted from 0; the gravest first."""
    marks: dict[tuple[str, str], dict[tuple[int, int], list[Task]]] = {}
    for task in listed:
        place = task.location
        if place is not None and place.cell is not None and place.sheet is not None:
            cell = xl_cell_to_rowcol(place.cell)
            marks.setdefault((place.file, place.sheet), {}).setdefault(cell, []).append(task)
    return marks


def _copy(
    book: Book,
    sheet: Worksheet,
    rows: Sequence[Sequence[Value]],
    marks: Mapping[tuple[int, int], Sequence[Task]],
    language: Language,
) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            tasks_ = marks.get((number, column), ())
            look = tasks_[0].level if tasks_ else "text"
            if tasks_ or text_of(value) != "":
                book.write(sheet, number, column, _cell_value(value), look, language)
    for (number, column), tasks_ in marks.items():
        if number >= len(rows) or column >= len(rows[number]):
            book.write(sheet, number, column, "", tasks_[0].level, language)
        notes = [_note(task) for task in tasks_[:_MOST_NOTES]]
        if len(tasks_) > _MOST_NOTES:
            notes.append(Text(f"og {len(tasks_) - _MOST_NOTES} til", f"and {len(tasks_) - _MOST_NOTES} more")[language])
        note = "\n\n".join(notes)[:_LONGEST_NOTE]
        sheet.write_comment(number, column, note, {"author": "graphsc", "x_scale": 3, "y_scale": 2})


def _note(task: Task) -> str:
    message = " – ".join(text for text in (task.rule, task.message, task.remedy) if text)
    return f"{message}\n{task.write}" if task.write else message


def _cell_value(value: Value) -> Value:
    """A value in the copy: dates as dates, values that no cell can hold as text."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        return value
    return text_of(value) if isinstance(value, date | time | timedelta) else value
