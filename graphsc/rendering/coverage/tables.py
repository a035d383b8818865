"""The coverage as rows for a spreadsheet: one per recommendation and agreement, or one per statement."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.core.text import Language
from graphsc.core.vocabulary import local_name
from graphsc.coverage.checks import Checked
from graphsc.coverage.results import Coverage
from graphsc.coverage.statements import Statement
from graphsc.coverage.status import Cell, newest
from graphsc.rendering.coverage import words
from graphsc.rendering.duties.csv import write

CELLS = (
    *("recommendation", "says", "agreement", "organisation", "state", "in_order", "of", "rules_broken"),
    *("decided_by", "why", "agreement_iri", "organisation_iri", "findings", "evidence_iris", "evidence_by"),
)
STATEMENTS = (
    *("statement", "section", "phase", "addressee", "weight", "says", "treatment", "by", "also", "reason"),
    *("recommendations", "in_order", "of", "looks_at", "does_not_see", "evidence_by"),
)
Value = str | int


def csv(shown: Coverage, *, language: Language, statements: bool) -> str:
    """Rows as CSV; column names are the same in every language."""
    names, rows = (STATEMENTS, of_statements(shown, language)) if statements else (CELLS, of_cells(shown, language))
    return write([names, *([str(value) for value in row] for row in rows)])


def of_cells(shown: Coverage, language: Language) -> Iterator[tuple[Value, ...]]:
    """One row for each recommendation and agreement or organisation."""
    says = {recommendation.id: recommendation.text[language] for recommendation in shown.recommendations}
    for cell in shown.cells:
        yield _cell(cell, says[cell.recommendation], shown, language)


def _cell(cell: Cell, says: str, shown: Coverage, language: Language) -> tuple[Value, ...]:
    return (
        cell.recommendation,
        says,
        words.name(cell.agreement, shown)[language] if cell.agreement else "",
        words.name(cell.organisation, shown)[language] if not cell.agreement else "",
        words.STATE[cell.state][language],
        cell.numerator,
        cell.denominator,
        " ".join(cell.rules),
        words.decider(cell, shown)[language],
        words.why(cell)[language],
        cell.agreement or "",
        cell.organisation or "",
        " ".join(sorted({check.finding for check in cell.checks if check.finding})),
        " ".join(cell.evidence),
        words.whose(cell.records, shown)[language],
    )


def of_statements(shown: Coverage, language: Language) -> Iterator[tuple[Value, ...]]:
    """One row for each statement of the guide."""
    gathered = {recommendation.id: recommendation.statements for recommendation in shown.recommendations}
    for statement in shown.statements.values():
        yield _statement(statement, gathered, shown, language)


def _statement(
    statement: Statement, gathered: dict[str, tuple[str, ...]], shown: Coverage, language: Language
) -> tuple[Value, ...]:
    looked_at = shown.of_statement.get(statement.id, ())
    return (
        statement.id,
        statement.section,
        local_name(statement.phase) if statement.phase else "",
        statement.addressee,
        statement.weight,
        statement.text[language],
        words.treatment(statement, shown)[language],
        " ".join(statement.by),
        " ".join(carrier.name for carrier in statement.carriers if carrier.treatment != statement.treatment),
        statement.reason[language] if statement.reason else "",
        " ".join(name for name, statements in gathered.items() if statement.id in statements),
        sum(1 for check in looked_at if check.outcome is Checked.MET),
        len(looked_at),
        statement.looks_at[language] if statement.looks_at else "",
        statement.does_not_see[language] if statement.does_not_see else "",
        words.whose(newest(c for c in looked_at if c.outcome is Checked.MET), shown)[language],
    )
