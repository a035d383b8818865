"""The number of findings of each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graphsc.core import escape
from graphsc.core.text import Language
from graphsc.validation import wording
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule


def render(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
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
    if report.partial:
        lines.append(wording.partial(report, language))
    return "\n".join([*lines, wording.counts(report, language)]) + "\n"
