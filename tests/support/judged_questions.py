"""Shipped questions about what rules judge: both must name the same things.

The header ``# judged: COLUMN CODE…`` of a question says that its column holds exactly what some rules have an open finding on.
"""

from __future__ import annotations

from repository import REPOSITORY

from graphsc import sparql
from graphsc.graph.dataset import plain
from graphsc.service import Opened
from graphsc.validation import Report

QUESTIONS = {
    path.stem: (path.read_text(encoding="utf-8"), *header["judged"].split())
    for path in sorted((REPOSITORY / "queries").glob("*.rq"))
    if "judged" in (header := sparql.header(path.read_text(encoding="utf-8")))
}


def disagreements(opened: Opened, report: Report) -> dict[str, set[str]]:
    """What only a question names, or only its rules do, by question; those that agree are left out."""
    apart = {}
    for name, (query, column, *codes) in QUESTIONS.items():
        asked = {plain(row[column]) for row in opened.dataset.select(query)}
        found = {f.subject for f in report.findings if f.code in codes and f.group is None and not f.late}
        apart[name] = asked ^ found
    return {name: things for name, things in apart.items() if things}
