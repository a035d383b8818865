"""Findings in a line each: for editors and pipes, for a spreadsheet, and counted by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from graphsc.core import escape
from graphsc.core.problems import Location
from graphsc.core.text import Language
from graphsc.core.writing import comma_separated
from graphsc.validation import wording
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

_CSV_COLUMNS = (
    *("severity", "code", "message", "remedy", "who", "file", "line"),
    *("urgent", "statements", "subject", "value", "id"),
)


def concise(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:  # noqa: ARG001 every rendering is called alike
    """Render ``file:line:col: severity CODE message``, first the errors, then the findings that count.

    A derived node without a location has ``-`` for its place. What is not recorded is only in the counts in the last line,
    which starts with ``#``.
    """
    rows: list[tuple[Location | None, str, str, str]] = [
        (problem.location, wording.ERROR[language], problem.code, problem.message[language])
        for problem in wording.problems(report)
    ]
    rows += [
        (finding.location, wording.level(finding, language), finding.code, finding.message[language])
        for finding in (*wording.counted(report), *wording.later(report))
    ]
    lines = [
        f"{'-' if location is None else escape.line(str(location))}: {word} {escape.brief(code, 40)} {escape.brief(message)}"
        for location, word, code, message in rows
    ]
    lines += [f"# {escape.brief(notice)}" for notice in wording.notices(report, language)]
    if report.partial:
        lines.append(f"# {wording.partial(report, language)}")
    return "\n".join([*lines, f"# {wording.counts(report, language)}"]) + "\n"


def csv(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:  # noqa: ARG001 every rendering is called alike
    """Render what could not be read, the findings that count and the notices, a row each; column names are the same in every language.

    In a workbook the line is sheet and cell.

    No cell is read as a formula.
    """
    return comma_separated(
        [_CSV_COLUMNS, *([escape.cell(cell) for cell in row] for row in _csv_rows(report, language))]
    )


def _csv_rows(report: Report, language: Language) -> Iterator[tuple[str, ...]]:
    for problem in wording.problems(report):
        place = problem.location
        message = problem.message[language]
        yield (wording.ERROR[language], problem.code, message, "", "", place.file, _csv_line(place), *[""] * 5)
    for finding in [*wording.counted(report), *wording.later(report)]:
        where = finding.location
        yield (
            wording.level(finding, language),
            finding.code,
            wording.message(finding, language),
            finding.remedy[language],
            wording.actor(report, finding.actor, language),
            where.file if where is not None else "",
            _csv_line(where) if where is not None else "",
            wording.URGENT[language] if finding.urgent else "",
            wording.guide(finding),
            finding.subject,
            finding.value or "",
            finding.fingerprint,
        )
    for notice in wording.notices(report, language):
        yield (wording.NOTICE[language], "", notice, *[""] * (len(_CSV_COLUMNS) - 3))


def _csv_line(place: Location) -> str:
    return f"{place.sheet}!{place.cell}" if place.cell is not None else str(place.line or "")


def statistics(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """Render a line per rule with its findings that count, most first, and the counts of all in the last line."""
    findings = wording.counted(report)
    numbers = Counter((finding.code, finding.severity) for finding in findings)
    rows = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    lines = [
        f"{number:>6}  {escape.brief(code, 40)}  {wording.severity(severity, language)}  {escape.brief(rules[code].title[language])}"
        for (code, severity), number in rows
    ]
    if report.deferred:
        lines.append(wording.deferral(report, language))
    lines += [escape.brief(notice) for notice in wording.notices(report, language)]
    if report.partial:
        lines.append(wording.partial(report, language))
    return "\n".join([*lines, wording.counts(report, language)]) + "\n"
