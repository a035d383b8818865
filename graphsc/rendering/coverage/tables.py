"""The coverage as tables for a spreadsheet: a row per recommendation and agreement, or per statement."""

from __future__ import annotations

from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import local_name
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Statement
from graphsc.coverage.status import Cell, Coverage, newest
from graphsc.rendering.coverage import words
from graphsc.rendering.spreadsheet import Columns


def cells(shown: Coverage, language: Language) -> Columns[Cell]:
    """The columns of a recommendation for an agreement or organisation."""
    says = {recommendation.id: recommendation.text[language] for recommendation in shown.recommendations}
    return {
        "recommendation": lambda cell: cell.recommendation,
        "says": lambda cell: says[cell.recommendation],
        "agreement": lambda cell: cell.agreement and words.name(cell.agreement, shown)[language],
        "organisation": lambda cell: None if cell.agreement else words.name(cell.organisation, shown)[language],
        "state": lambda cell: words.STATE[cell.state][language],
        "in_order": lambda cell: cell.numerator,
        "of": lambda cell: cell.denominator,
        "rules_broken": lambda cell: cell.rules,
        "decided_by": lambda cell: words.decider(cell, shown)[language],
        "why": lambda cell: words.why(cell)[language],
        "agreement_iri": lambda cell: cell.agreement,
        "organisation_iri": lambda cell: cell.organisation,
        "findings": lambda cell: tuple(sorted({check.finding for check in cell.checks if check.finding})),
        "evidence_iris": lambda cell: cell.evidence,
        "evidence_by": lambda cell: words.whose(cell.records, shown)[language],
    }


def statements(shown: Coverage, language: Language) -> Columns[Statement]:
    """The columns of a statement of the guide."""

    def looked_at(statement: Statement) -> tuple[Check, ...]:
        return shown.of_statement.get(statement.id, ())

    def met(statement: Statement) -> list[Check]:
        return [check for check in looked_at(statement) if check.outcome is Checked.MET]

    def text(optional: Text | None) -> str | None:
        return None if optional is None else optional[language]

    return {
        "statement": lambda statement: statement.id,
        "section": lambda statement: statement.section,
        "phase": lambda statement: statement.phase and local_name(statement.phase),
        "addressee": lambda statement: statement.addressee,
        "weight": lambda statement: statement.weight,
        "says": lambda statement: statement.text[language],
        "treatment": lambda statement: words.treatment(statement, shown)[language],
        "by": lambda statement: statement.by,
        "also": lambda statement: tuple(
            carrier.name for carrier in statement.carriers if carrier.treatment != statement.treatment
        ),
        "reason": lambda statement: text(statement.reason),
        "recommendations": lambda statement: tuple(
            recommendation.id for recommendation in shown.recommendations if statement.id in recommendation.statements
        ),
        "in_order": lambda statement: len(met(statement)),
        "of": lambda statement: len(looked_at(statement)),
        "looks_at": lambda statement: text(statement.looks_at),
        "does_not_see": lambda statement: text(statement.does_not_see),
        "evidence_by": lambda statement: words.whose(newest(met(statement)), shown)[language],
    }
