"""The first sheet: how the workbook is used, and what is to be done, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsxwriter.worksheet import Worksheet

from graphsc.core.text import Language, Text
from graphsc.rendering.register.styles import Book, quoted
from graphsc.rendering.register.tasks import HEADS, NOTHING, WIDTHS, Task

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
    for column, (text, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.write_string(head, column, text[language], book.look("head"))
        sheet.set_column(column, column, width)
    for row, task in enumerate(tasks, head + 1):
        for column, shown in enumerate(task.texts):
            book.put(sheet, row, column, shown, task.level if column == 0 else "plain", language)
        place = link(task.subject, task.predicate)
        if place is not None:
            sheet.write_url(row, len(task.texts), place[0], book.look("link"), string=place[1])
    if not tasks:
        sheet.write_string(head + 1, 0, NOTHING[language], book.look("plain"))
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, head + max(len(tasks), 1), len(HEADS) - 1)


def _overview(
    book: Book, sheet: Worksheet, head: int, sheets: Sequence[tuple[str, str, int]], language: Language
) -> None:
    """Of an empty workbook: what each sheet is for."""
    for column, text in enumerate(_SHEETS):
        sheet.write_string(head, column, text[language], book.look("head"))
    for row, (name, about, rows) in enumerate(sheets, head + 1):
        sheet.write_url(row, 0, f"internal:{quoted(name)}!A1", book.look("link"), string=name)
        sheet.write_number(row, 1, rows, book.look("number"))
        sheet.write_string(row, 2, about, book.look("plain"))
    for column, width in enumerate((26, 10, 100)):
        sheet.set_column(column, column, width)
