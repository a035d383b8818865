"""What is judged and owed as facts, put into the dataset for the questions that ask for it."""

from __future__ import annotations

from graphsc.duties import triples as recorded
from graphsc.duties.duties import duties
from graphsc.graph.dataset import DUTIES, FINDINGS
from graphsc.service import Opened, validate


def add_findings(opened: Opened) -> None:
    """Judge every rule and put what is found into the dataset, once."""
    if not opened.dataset.size(FINDINGS):
        report, rules = validate(opened)
        opened.dataset.add(FINDINGS, recorded.findings(report, rules))


def add_duties(opened: Opened) -> None:
    """Put every duty of today, with its day and state, into the dataset, once."""
    if not opened.dataset.size(DUTIES):
        report, rules = validate(opened)
        result = duties(opened.dataset, opened.settings, report, rules)
        opened.dataset.add(DUTIES, recorded.duties(result, rules))
