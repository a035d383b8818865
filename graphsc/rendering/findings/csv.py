"""Findings as CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.text import Language
from graphsc.core.writing import comma_separated
from graphsc.validation import wording
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

_COLUMNS = (
    *("severity", "code", "message", "remedy", "who", "file", "line"),
    *("urgent", "statements", "subject", "value", "id"),
)


def render(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:  # noqa: ARG001 every rendering is called alike
    """Render what could not be read and the findings that count, a row each; column names are the same in every language.

    In a workbook the line is sheet and cell.

    No cell is read as a formula.
    """
    return comma_separated([_COLUMNS, *([escape.cell(cell) for cell in row] for row in _rows(report, language))])


def _rows(report: Report, language: Language) -> Iterator[tuple[str, ...]]:
    for problem in wording.problems(report):
        place = problem.location
        message = problem.message[language]
        yield (wording.ERROR[language], problem.code, message, "", "", place.file, _line(place), *[""] * 5)
    for finding in [*wording.counted(report), *wording.later(report)]:
        where = finding.location
        yield (
            wording.level(finding, language),
            finding.code,
            wording.message(finding, language),
            finding.remedy[language],
            wording.actor(report, finding.actor, language),
            where.file if where is not None else "",
            _line(where) if where is not None else "",
            wording.URGENT[language] if finding.urgent else "",
            wording.guide(finding),
            finding.subject,
            finding.value or "",
            finding.fingerprint,
        )


def _line(place: Location) -> str:
    return f"{place.sheet}!{place.cell}" if place.cell is not None else str(place.line or "")
