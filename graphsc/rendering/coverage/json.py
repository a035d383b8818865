"""The coverage as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphsc.core.contract import INLINE
from graphsc.coverage.checks import Checked
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.coverage.status import Cell, Coverage, newest
from graphsc.duties.facts import Evidence
from graphsc.rendering.contract import document


@dataclass(frozen=True, slots=True)
class StandingStatement:
    """A statement of the guide, and how it stands."""

    statement: Statement = field(metadata=INLINE)
    records: tuple[Evidence, ...]  #: What meets its duties, newest first, with who did it and when.
    numerator: int  #: How many of the things that its rules looked at are in order, as recorded.
    denominator: int  #: How many things its rules looked at; 0 without input.


@dataclass(frozen=True, slots=True)
class CheckedRecommendation:
    """A numbered recommendation of the guide, and how much of it is checked."""

    recommendation: Recommendation = field(metadata=INLINE)
    statements_with_rule: int  #: How many of its statements a check or an obligation holds.


@dataclass(frozen=True, slots=True)
class Document:
    """How each statement of the guide is treated, and how its recommendations stand."""

    shown: Coverage = field(metadata=INLINE)
    statements: tuple[StandingStatement, ...]  #: Every statement of the guide, by section.
    guide: tuple[CheckedRecommendation, ...]  #: The numbered recommendations.
    #: Every recommendation for every agreement, then for organisations; empty without input.
    recommendations: tuple[Cell, ...]


def render(shown: Coverage) -> str:
    """Render every statement and every cell, with the labels of the IRIs in them in both languages."""
    statements = (_statement(statement, shown) for statement in shown.statements.values())
    guide = (CheckedRecommendation(item, shown.checked(item)) for item in shown.recommendations)
    return document("coverage", Document(shown, tuple(statements), tuple(guide), shown.cells))


def _statement(statement: Statement, shown: Coverage) -> StandingStatement:
    looked_at = shown.of_statement.get(statement.id, ())
    met = [check for check in looked_at if check.outcome is Checked.MET]
    return StandingStatement(statement, newest(met), len(met), len(looked_at))
