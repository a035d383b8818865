"""What is to be done, as rows: each finding with who acts, by when, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from graphsc.core.location import Location
from graphsc.core.text import Language, Text
from graphsc.rendering import wording
from graphsc.rendering.findings.to_write import to_write
from graphsc.rendering.register.styles import Book
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

HEADS = (
    Text("Alvor", "Severity"), Text("Regel", "Rule"), Text("Hvad er der", "What it is"), Text("Hvad skal gøres", "What to do"),
    Text("Skriv, når det er gjort", "Write, once it is done"), Text("Hvem", "Who"), Text("Senest", "By"), Text("Hvor", "Where"),
)  # fmt: skip
_WIDTHS = (18, 10, 60, 50, 70, 30, 12, 30)
_NOTHING = Text(
    "Der er intet fund på dagen. Det siger kun noget om det, der er registreret.",
    "Nothing was found on the day. That says something only of what is recorded.",
)
_NOT_RECORDED = Text("ikke registreret", "not recorded")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: how grave, by which rule, what is wrong, what to do, what to write then, who, by when, about what, and where.

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
        """What stands in the row, but for the place."""
        return (self.severity, self.rule, self.message, self.remedy, self.write, self.who, self.due)


def write_tasks(
    book: Book,
    sheet: Worksheet,
    head: int,
    tasks: Sequence[Task],
    place: Callable[[int, Task], None],
    language: Language,
) -> None:
    """Write the tasks as a table that can be filtered, its headings in row ``head``; ``place`` writes where each is."""
    book.heads(sheet, head, [text[language] for text in HEADS], _WIDTHS)
    for row, task in enumerate(tasks, head + 1):
        for column, shown in enumerate(task.texts):
            book.put(sheet, row, column, shown, task.level if column == 0 else "plain", language)
        place(row, task)
    if not tasks:
        sheet.write_string(head + 1, 0, _NOTHING[language], book.look("plain"))
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, head + max(len(tasks), 1), len(HEADS) - 1)


def tasks(report: Report, rules: Mapping[str, Rule], due: Mapping[str, date], language: Language) -> list[Task]:
    """What could not be read, then the findings that count, then the registers that are not kept.

    The gravest findings come first, and of those what society depends on; beneath each is what nearly counted.

    ``due`` gives the day by which a finding was or is to be dealt with, by its fingerprint.
    """
    error = wording.ERROR[language]
    unread = (
        Task("error", error, problem.code, problem.message[language], "", "", "", "", "", None, problem.location)
        for problem in wording.problems(report)
    )
    return [*unread, *_findings(report, rules, due, language), *_unrecorded(report, language)]


def _findings(report: Report, rules: Mapping[str, Rule], due: Mapping[str, date], language: Language) -> Iterable[Task]:
    gravest = sorted(wording.counted(report), key=lambda finding: (finding.severity.rank, not finding.urgent))
    for finding in (*gravest, *wording.later(report)):
        day = due.get(finding.fingerprint)
        near = [f"{wording.NEAR[language]}: {miss.text[language]}" for miss in finding.near]
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
                "info", _NOT_RECORDED[language], finding.code, finding.message[language], finding.remedy[language], "",
                wording.actor(report, finding.actor, language), "", finding.subject, None, finding.location,
            )  # fmt: skip
