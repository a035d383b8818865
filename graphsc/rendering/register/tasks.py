"""The sheets that are not of things: instructions, tasks, and what each register asks for; and a workbook of findings to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from graphsc.core.problems import Location
from graphsc.core.text import Language, Text
from graphsc.rendering.workbook import Book, place_in
from graphsc.sources.terms import Terms, load
from graphsc.sources.workbook.file import RawBook
from graphsc.sources.workbook.layout import FIRST_DAY, Value, text_of
from graphsc.validation import wording
from graphsc.validation.examples.rows import in_general, to_write
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

HEADS = (
    Text("Alvor", "Severity"), Text("Regel", "Rule"), Text("Hvad er der", "What it is"), Text("Hvad skal gøres", "What to do"),
    Text("Skriv, når det er gjort", "Write, once it is done"), Text("Hvem", "Who"), Text("Senest", "By"), Text("Hvor", "Where"),
)  # fmt: skip
_WIDTHS = (18, 10, 60, 50, 70, 30, 12, 30)
_NOT_RECORDED = Text("ikke registreret", "not recorded")
DEMANDS = Text("(Registre)", "(Registers)")
_ABOUT_DEMANDS = Text(
    "Her ser I, hvad hvert register spørger om, når I vælger det under »Registre«. … står for det, det handler om; hvad der skal stå i <…>, ved kun I.",
    "This is what each register asks, once you choose it under “Registers”. … is what it is about; only you know what is in <…>.",
)
_DEMAND_HEADS = (
    Text("Register", "Register"), Text("Det spørges der om", "What is asked"), Text("Ark", "Sheet"), Text("Skriv", "Write"),
    Text("Hvem", "Who"), Text("Regel", "Rule"),
)  # fmt: skip
_DEMAND_WIDTHS = (26, 60, 28, 90, 30, 10)
_DEMAND_HEAD = 2
_STEPS = (
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
        "Kolonner må flyttes, skjules og filtreres. Har du egne kolonner eller ark, så sæt deres navn i parentes; så læses de ikke.",
        "Columns may be moved, hidden and filtered. Put the names of columns and sheets of your own in brackets: they are not read.",
    ),
    Text(
        "Det, I retter, er først med i opgaverne herunder, når arbejdsbogen er gemt, lukket og opdateret: graphsc workbook register.xlsx --refresh",
        "What you change counts in the tasks below once the workbook is saved, closed and renewed: graphsc workbook register.xlsx --refresh",
    ),
)
_CHECKED = Text("Kontrolleret, da filen blev skrevet", "Checked when the file was written")
_ABOUT_BASE = Text("Det, som alle id'er begynder med; lad det stå.", "What all ids begin with; leave it as it is.")
_SHEETS = (Text("Ark", "Sheet"), Text("Rækker", "Rows"), Text("Til hvad", "What for"))
_FINDINGS = Text("Fund", "Findings")
_AGREED = Text("Registrering kontrolleret", "Register checked")
_LONGEST_NOTE = 8_000
_LONGEST_NAME = 31
_MOST_NOTES = 5
Sheets = dict[tuple[str, str], str]
"""The name of the copy of each sheet of a file."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task: severity, rule, message, remedy, what to write then, who must act, by when, about what, and where.

    ``level`` is the format of the row; ``subject`` and ``predicate`` are IRIs.
    """

    level: str
    severity: str
    rule: str
    message: str
    remedy: str
    write: str
    who: str
    due: str
    subject: str
    predicate: str | None = None
    location: Location | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells of the row, without the place."""
        return (self.severity, self.rule, self.message, self.remedy, self.write, self.who, self.due)


Link = Callable[[Task], tuple[str, str] | None]
"""The cell that a task is about: the target of a link, and its name."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is to be done by one validation: the tasks, their numbers with the day, and what to say where there are none."""

    tasks: tuple[Task, ...]
    counts: str
    nothing: str


def write_tasks(
    book: Book,
    sheet: Worksheet,
    head: int,
    todo: ToDo,
    place: Callable[[int, Task], None],
    language: Language,
) -> None:
    """Write the tasks as a table with filters, its headings in row ``head``; ``place`` writes the place of each."""
    tasks = todo.tasks
    book.heads(sheet, head, [text[language] for text in HEADS], _WIDTHS)
    for row, task in enumerate(tasks, head + 1):
        for column, shown in enumerate(task.texts):
            book.write(sheet, row, column, shown, task.level if column == 0 else "plain", language)
        place(row, task)
    if not tasks:
        sheet.write_string(head + 1, 0, todo.nothing, book.look("plain"))
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, head + max(len(tasks), 1), len(HEADS) - 1)


def to_do(report: Report, rules: Mapping[str, Rule], due: Mapping[str, date], language: Language) -> ToDo:
    """The problems of reading, then the findings that count, then the registers that are not kept.

    The gravest findings come first, and of these what society depends on; near misses are included. ``due`` has the day by
    which a finding had or has to be dealt with, by its fingerprint.
    """
    error = wording.ERROR[language]
    unread = (
        Task("error", error, problem.code, problem.message[language], "", "", "", "", "", None, problem.location)
        for problem in wording.problems(report)
    )
    tasks = (*unread, *_findings(report, rules, due, language), *_unrecorded(report, language))
    return ToDo(tasks, wording.counts(report, language), wording.nothing(report, language))


def _findings(report: Report, rules: Mapping[str, Rule], due: Mapping[str, date], language: Language) -> Iterable[Task]:
    for finding in (*wording.counted(report), *wording.later(report)):
        day = due.get(finding.fingerprint)
        near = [f"{wording.NEAR[language]}: {miss.text[language]}" for miss in finding.near_misses]
        urgent = [wording.URGENT[language]] if finding.urgent else []
        yield Task(
            str(finding.severity),
            ", ".join([wording.level(finding, language), *urgent]),
            finding.code,
            "\n".join([finding.message[language], *near]),
            finding.remedy[language],
            "\n".join(to_write([finding], report, rules, language)),
            wording.actor(report, finding.actor, language),
            day.isoformat() if day is not None else "",
            finding.subject,
            finding.result_path,
            finding.location,
        )


def _unrecorded(report: Report, language: Language) -> Iterable[Task]:
    for group in wording.not_recorded(report).values():
        for finding in group:
            yield Task(
                "note", _NOT_RECORDED[language], finding.code, finding.message[language], finding.remedy[language], "",
                wording.actor(report, finding.actor, language), "", finding.subject, None, finding.location,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demand:
    """What a register asks for by one rule on one sheet: its title, what to write (or do), who must act, and the code.

    ``headings`` are those of its columns.
    """

    register: str
    title: str
    sheet: str
    write: str
    who: str
    rule: str
    headings: frozenset[str] = frozenset()


def demands(rules: Iterable[Rule], language: Language) -> list[Demand]:
    """What the registers ask for, by register and sheet."""
    terms = load()
    result = []
    for rule in rules:
        for iri in rule.registers:
            rows = in_general(rule, language)
            register, who = (_label(terms, iri_ or "", language) for iri_ in (iri, rule.role))
            for sheet in dict.fromkeys(row.sheet for row in rows) or [""]:
                on_sheet = [row for row in rows if row.sheet == sheet]
                write = "\n".join(row.text(language) for row in on_sheet) or rule.remedy[language]
                headings = frozenset(cell.heading for row in on_sheet for cell in row.cells)
                result.append(Demand(register, rule.title[language], sheet, write, who, rule.code, headings))
    return sorted(result, key=lambda demand: (demand.register, demand.sheet, demand.rule))


def _label(terms: Terms, iri: str, language: Language) -> str:
    concept = terms.concepts.get(iri)
    return concept.label[language] if concept is not None else ""


def line(listed: Iterable[Demand], sheet: str, language: Language) -> str:
    """The registers that ask for something on a sheet; empty if there are none."""
    counts = Counter(demand.register for demand in listed if demand.sheet == sheet)
    if not counts:
        return ""
    named = ", ".join(f"{register} ({count})" for register, count in counts.items())
    return Text(
        f"Registre, der spørger om noget her: {named}. Se arket {DEMANDS.da}.",
        f"Registers that ask for something here: {named}. See the sheet {DEMANDS.en}.",
    )[language]


def write_demands(book: Book, listed: Sequence[Demand], sheets: Iterable[str], language: Language) -> None:
    """Write the overview, which is not read, since its name is in brackets."""
    sheet, sheet_names = book.book.get_worksheet_by_name(DEMANDS[language]), set(sheets)
    sheet.write_string(0, 0, _ABOUT_DEMANDS[language], book.look("title"))
    book.heads(sheet, _DEMAND_HEAD, [text[language] for text in _DEMAND_HEADS], _DEMAND_WIDTHS)
    for row, demand in enumerate(listed, _DEMAND_HEAD + 1):
        texts = (demand.register, demand.title, demand.sheet, demand.write, demand.who, demand.rule)
        for column, text in enumerate(texts):
            book.write(sheet, row, column, text, "plain", language)
        if demand.sheet in sheet_names:
            book.link(sheet, row, 2, place_in(demand.sheet), demand.sheet)
    sheet.freeze_panes(_DEMAND_HEAD + 1, 1)
    sheet.autofilter(_DEMAND_HEAD, 0, _DEMAND_HEAD + max(len(listed), 1), len(_DEMAND_HEADS) - 1)


def write_start(
    book: Book,
    sheet: Worksheet,
    base: str,
    todo: ToDo,
    sheets: Sequence[tuple[str, str, int]],
    link: Link,
    language: Language,
) -> None:
    """Write the sheet: steps, the base of ids, then what is to be done by what is in the workbook, with links to the rows.

    ``sheets`` are the others: name, purpose, and number of rows. If all are empty, they are listed in place of tasks.
    """
    for row, text in enumerate(_STEPS):
        sheet.write_string(row, 0, text[language], book.look("title" if row == 0 else "plain"))
        if row:
            sheet.merge_range(row, 0, row, 6, text[language], book.look("plain"))
    at = len(_STEPS) + 1
    sheet.write_string(at, 0, "base", book.look("id"))
    book.write(sheet, at, 1, base, "id", language)
    sheet.write_string(at, 2, _ABOUT_BASE[language], book.look("help"))
    head = at + 2
    if not any(rows for _, _, rows in sheets):
        _overview(book, sheet, head, sheets, language)
        return

    def place(row: int, task: Task) -> None:
        where = link(task)
        if where is not None:
            book.link(sheet, row, len(task.texts), *where)

    sheet.write_string(head - 1, 0, f"{_CHECKED[language]}: {todo.counts}", book.look("title"))
    write_tasks(book, sheet, head, todo, place, language)


def _overview(
    book: Book, sheet: Worksheet, head: int, sheets: Sequence[tuple[str, str, int]], language: Language
) -> None:
    """Write the purpose of each sheet of an empty workbook."""
    book.heads(sheet, head, [text[language] for text in _SHEETS], (26, 10, 100))
    for row, (name, about, rows) in enumerate(sheets, head + 1):
        book.link(sheet, row, 0, place_in(name), name)
        sheet.write_number(row, 1, rows, book.look("number"))
        sheet.write_string(row, 2, about, book.look("plain"))


def marked(
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
    front = book.book.add_worksheet(_FINDINGS[language])
    names = _copy_names(books, _FINDINGS[language])
    copies = {key: book.book.add_worksheet(name) for key, name in names.items()}
    front.write_string(0, 0, todo.counts, book.look("title"))
    if report.partial:
        front.write_string(1, 0, wording.partial(report, language), book.look("title"))
    write_tasks(book, front, 3, todo, lambda row, task: _link_to(book, front, row, task, names, language), language)
    marks = _marks(todo.tasks)
    for file, raw in books.items():
        for sheet in raw.sheets:
            _copy(book, copies[file, sheet.name], sheet.rows, marks.get((file, sheet.name), {}), language)
    return book.close()


def _copy_names(books: Mapping[str, RawBook], taken: str) -> Sheets:
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


def _link_to(book: Book, front: Worksheet, row: int, task: Task, names: Sheets, language: Language) -> None:
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
