"""One line per finding, for editors, ``grep`` and pipes."""

from __future__ import annotations

from collections.abc import Mapping

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.text import Language
from graphsc.validation import wording
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule


def render(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:  # noqa: ARG001 every rendering is called alike
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
    if report.partial:
        lines.append(f"# {wording.partial(report, language)}")
    return "\n".join([*lines, f"# {wording.counts(report, language)}"]) + "\n"
