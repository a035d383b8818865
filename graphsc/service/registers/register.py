"""The register as a workbook: the statements of the input, and the tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from graphsc.core.problems import Location, Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.duties.duties import duties
from graphsc.service import deferred, near_misses, validate
from graphsc.service.opened import Opened, work_out
from graphsc.sources import Sources, own_knowledge, read
from graphsc.sources.files import File
from graphsc.sources.reader import read_some
from graphsc.sources.reporting import Reporter
from graphsc.sources.terms import load, normal
from graphsc.sources.workbook.content import HEAD, Content, called, content
from graphsc.sources.workbook.file import RawSheet, open_book
from graphsc.sources.workbook.layout import layout, text_of
from graphsc.sources.workbook.tables import recognise
from graphsc.validation import Report, Rule
from graphsc.validation.findings import Standing as Place
from graphsc.validation.in_workbooks import standing_of


@dataclass(frozen=True, slots=True)
class Register:
    """The content of the workbook, the report, and the day by which each finding must be dealt with, by fingerprint."""

    content: Content
    report: Report
    rules: Mapping[str, Rule]
    due: Mapping[str, date]


def register(paths: Sequence[Path], settings: Settings, problems: Sequence[Problem] = ()) -> Register:
    """Read files and folders (none for an empty workbook), arrange their statements, and validate them.

    Input that could not be read is among the report's problems and missing from the content, which must then not replace the
    register.
    """
    additions = own_knowledge.read(settings.knowledge)
    sources = read(paths, base=settings.base, additions=additions.triples, ignored=settings.ignore_files)
    return kept(sources, settings, problems)


def kept(sources: Sources, settings: Settings, problems: Sequence[Problem] = ()) -> Register:
    """The register that sources make; what is to be done comes of a validation of what is in its workbook."""
    additions = own_knowledge.read(settings.knowledge)
    arranged = content(sources, language=settings.language, base=settings.base, additions=additions.triples)
    report, rules, due = _judged(sources, settings, additions, problems)
    report = replace(report, standing=_rows(arranged, settings.language))
    return Register(arranged, report, rules, due)


def _judged(
    sources: Sources, settings: Settings, additions: own_knowledge.Additions, problems: Sequence[Problem]
) -> tuple[Report, Mapping[str, Rule], Mapping[str, date]]:
    """The report on sources with near misses, its rules, and the day by which each finding must be dealt with."""
    opened = work_out(sources, settings, additions, [*problems, *additions.problems])
    report, rules = validate(opened)
    report = deferred(opened, near_misses(opened, report, rules))
    return report, rules, due_days(opened, report, rules)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a workbook stands as it is: the report on it alone, with the rules and days as in `Register`.

    ``start`` is its first sheet, ``sheets`` are the others that are read: name, purpose, and number of rows. ``base`` is put before
    ids.
    """

    report: Report
    rules: Mapping[str, Rule]
    due: Mapping[str, date]
    start: RawSheet | None
    sheets: list[tuple[str, str, int]]
    base: str


def stand(name: str, content: bytes, settings: Settings, problems: Sequence[Problem] = ()) -> Standing:
    """How a workbook of this content stands. Raises `UnreadableError`."""
    additions = own_knowledge.read(settings.knowledge)
    file = File(Path(name), name, True)
    sources = read_some([(file, content)], base=settings.base, additions=additions.triples)
    arranged = layout(load(additions.triples))
    recognised = recognise(open_book(content), arranged, Reporter(name))
    sheets = [
        (table.raw.name, table.sheet.help[settings.language], sum(1 for _ in table.rows()))
        for table in recognised.tables
        if table.sheet is not None
    ]
    report, rules, due = _judged(sources, settings, additions, problems)
    start = recognised.start
    bases = [text_of(row[1]).strip() for row in (start.rows if start else ()) if len(row) > 1 and row[0] == "base"]
    return Standing(report, rules, due, start, sheets, next(filter(None, bases), settings.base))


def _rows(arranged: Content, language: Language) -> dict[str, Place]:
    """The sheet and row of each thing in the workbook, so that what to write is described by sheets and columns."""
    rows = [
        (row.iri, Location("", sheet=filled.sheet.name[language], cell=f"A{number}"), called(row, language), row.id)
        for filled in arranged.sheets
        for number, row in enumerate(filled.rows, HEAD + 2)
    ]
    names = Counter(normal(name) for _, _, name, _ in rows)
    return {iri: standing_of(place, (name, id_) if name else (id_,), names) for iri, place, name, id_ in rows}


def due_days(opened: Opened, report: Report, rules: Mapping[str, Rule]) -> dict[str, date]:
    """The day by which each finding must be dealt with, by its fingerprint, where it has a duty with one."""
    owed = duties(opened.dataset, opened.settings, report, rules)
    return {duty.finding: duty.due for duty in reversed(owed) if duty.finding is not None and duty.due is not None}
