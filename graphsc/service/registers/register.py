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
from graphsc.sources.terms import normal
from graphsc.sources.workbook.content import HEAD, Content, called, content
from graphsc.validation import Report, Rule
from graphsc.validation.findings import Standing
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
    opened = work_out(sources, settings, additions, [*problems, *additions.problems])
    report, rules = validate(opened)
    report = deferred(opened, near_misses(opened, report, rules))
    report = replace(report, standing=_standing(arranged, settings.language))
    return Register(arranged, report, rules, due_days(opened, report, rules))


def _standing(arranged: Content, language: Language) -> dict[str, Standing]:
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
