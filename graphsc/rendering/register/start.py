"""The first sheet: how the workbook is used, and what is to be done, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsxwriter.worksheet import Worksheet

from graphsc.core.text import Language, Text
from graphsc.rendering.register.styles import Book, place_in
from graphsc.rendering.register.tasks import Task, write_tasks

Link = Callable[[str, str | None], tuple[str, str] | None]
"""Where a thing, or a property of it, stands: the target of a link, and what it is called."""

_HOW = (
    Text(
        "Sådan gør du: Udfyld arkene fra venstre mod højre. Én række er én ting. Kun det, du ved, skal udfyldes.",
        "How to: fill in the sheets from left to right. A row is a thing. Fill in only what you know.",
    ),
    Text(
        "Nye rækker skrives under de andre; lad id'et stå tomt. Henvis til en anden række ved at vælge eller skrive dens navn.",
        "New rows go below the others; leave the id empty. Refer to another row by choosing or writing its name.",
    ),
    Text(
        "Flere værdier i én celle: én på hver linje (Alt+Enter), eller med semikolon imellem. Datoer skrives 2025-04-01.",
        "Several values in a cell: one to a line (Alt+Enter), or with a semicolon between. Dates are written 2025-04-01.",
    ),
    Text(
        "Kolonner må flyttes, skjules og filtreres. Har du egne kolonner eller ark, så sæt deres navn i parentes: så læses de ikke.",
        "Columns may be moved, hidden and filtered. Put the names of columns and sheets of your own in brackets: they are not read.",
    ),
    Text(
        "Kontrollér bagefter arbejdsbogen med: graphsc validate register.xlsx",
        "Then check the workbook with: graphsc validate register.xlsx",
    ),
)
_BASE = Text("Det, som alle id'er begynder med; lad det stå.", "What all ids begin with; leave it as it is.")
_SHEETS = (Text("Ark", "Sheet"), Text("Rækker", "Rows"), Text("Til hvad", "What for"))


def write_start(
    book: Book,
    sheet: Worksheet,
    base: str,
    tasks: Sequence[Task],
    sheets: Sequence[tuple[str, str, int]],
    link: Link,
    language: Language,
) -> None:
    """Write the sheet: steps, the base of ids, then the tasks with links to their rows.

    ``sheets`` are the others: name, what it is for, and how many rows it has. When all are empty they are listed instead.
    """
    for row, text in enumerate(_HOW):
        sheet.write_string(row, 0, text[language], book.look("title" if row == 0 else "plain"))
        if row:
            sheet.merge_range(row, 0, row, 6, text[language], book.look("plain"))
    at = len(_HOW) + 1
    sheet.write_string(at, 0, "base", book.look("id"))
    book.put(sheet, at, 1, base, "id", language)
    sheet.write_string(at, 2, _BASE[language], book.look("help"))
    head = at + 2
    if not any(rows for _, _, rows in sheets):
        _overview(book, sheet, head, sheets, language)
        return

    def place(row: int, task: Task) -> None:
        where = link(task.subject, task.predicate)
        if where is not None:
            book.link(sheet, row, len(task.texts), *where)

    write_tasks(book, sheet, head, tasks, place, language)


def _overview(
    book: Book, sheet: Worksheet, head: int, sheets: Sequence[tuple[str, str, int]], language: Language
) -> None:
    """Of an empty workbook: what each sheet is for."""
    book.heads(sheet, head, [text[language] for text in _SHEETS], (26, 10, 100))
    for row, (name, about, rows) in enumerate(sheets, head + 1):
        book.link(sheet, row, 0, place_in(name), name)
        sheet.write_number(row, 1, rows, book.look("number"))
        sheet.write_string(row, 2, about, book.look("plain"))
