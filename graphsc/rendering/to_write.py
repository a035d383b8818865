"""What to write for findings: by sheet and column for those in a workbook, otherwise in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphsc.core import escape
from graphsc.core.text import Language
from graphsc.validation.examples import Entry, example, lines, together
from graphsc.validation.examples import rows as workbook_rows
from graphsc.validation.findings import Finding, Report
from graphsc.validation.rules import Rule

_WIDTH = 4_000


def to_write(findings: Iterable[Finding], report: Report, rules: Mapping[str, Rule], language: Language) -> list[str]:
    """The lines that would satisfy the rules of some findings; empty where there is nothing to add.

    Nested lines are indented by two spaces; a line of many thousand characters is cut.
    """
    rows: list[workbook_rows.RowToWrite] = []
    entries: list[Entry] = []
    for finding in findings:
        rule = rules.get(finding.code)
        if rule is not None:
            fitting = workbook_rows.rows(rule, finding, report, language)
            rows += fitting
            entries += [] if fitting else example(rule, finding, report.base, language)
    texts = [*workbook_rows.lines(workbook_rows.together(rows), language), *lines(together(entries))]
    return [f"{' ' * (len(text) - len(text.lstrip()))}{escape.brief(text, _WIDTH)}" for text in texts]
