"""The coverage as JSON, version 1 of the contract; ``docs/schemas/coverage-1.schema.json`` describes it."""

from __future__ import annotations

from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.results import Coverage
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.coverage.status import Cell, newest
from graphsc.duties.timing import Evidence
from graphsc.rendering.contract import both, place, read, written

SCHEMA = "graphsc.coverage/1"


def render(shown: Coverage) -> str:
    """Render every statement and every cell, with the names of all they mention in both languages.

    Fields may be added to the contract, never changed.
    """
    contents = {
        "schema": SCHEMA,
        "asOf": shown.as_of.isoformat(),
        **read(shown.inputs, shown.problems, partial=shown.partial),
        "treatments": {name: both(label) for name, label in shown.treatments.items()},
        "statements": [_statement(statement, shown) for statement in shown.statements.values()],
        "guide": [_recommendation(recommendation, shown) for recommendation in shown.recommendations],
        "recommendations": [_cell(cell, shown) for cell in shown.cells],
        "labels": {iri: both(name) for iri, name in sorted(shown.labels.items())},
    }
    return written(contents)


def _statement(statement: Statement, shown: Coverage) -> dict[str, object]:
    looked_at = shown.of_statement.get(statement.id, ())
    return {
        "id": statement.id,
        "section": statement.section,
        "phase": statement.phase,
        "addressee": statement.addressee,
        "weight": statement.weight,
        "checkable": statement.checkable,
        "text": both(statement.text),
        "treatment": statement.treatment,
        "by": list(statement.by),
        "also": [
            {"treatment": carrier.treatment, "by": carrier.name}
            for carrier in statement.carriers
            if carrier.treatment != statement.treatment
        ],
        "reason": both(statement.reason) if statement.reason else None,
        "looksAt": both(statement.looks_at) if statement.looks_at else None,
        "doesNotSee": both(statement.does_not_see) if statement.does_not_see else None,
        "records": [_record(evidence, shown) for evidence in newest(c for c in looked_at if c.outcome is Checked.MET)],
        "numerator": sum(1 for check in looked_at if check.outcome is Checked.MET),
        "denominator": len(looked_at),
    }


def _recommendation(recommendation: Recommendation, shown: Coverage) -> dict[str, object]:
    return {
        "id": recommendation.id,
        "text": both(recommendation.text),
        "statements": list(recommendation.statements),
        "statementsWithRule": shown.checked(recommendation),
    }


def _cell(cell: Cell, shown: Coverage) -> dict[str, object]:
    decision = cell.decision
    return {
        "id": cell.recommendation,
        "agreement": cell.agreement,
        "organisation": cell.organisation,
        "state": str(cell.state),
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "evidence": list(cell.evidence),
        "records": [_record(record, shown) for record in cell.records],
        "reason": both(cell.reason) if cell.reason else None,
        "decision": None
        if decision is None
        else {
            "record": decision.iri,
            "by": decision.approver,
            "reason": decision.reason,
            "date": decision.day.isoformat() if decision.day else None,
        },
        "notJudged": list(cell.unjudged),
        "checks": [_check(check) for check in cell.checks],
    }


def _record(record: Evidence, shown: Coverage) -> dict[str, object]:
    """Who did it, when, and where it is written."""
    return {
        "record": record.iri,
        "date": record.day.isoformat() if record.day else None,
        "until": record.until.isoformat() if record.until else None,
        "performers": list(record.performers),
        "person": record.person,
        "location": place(shown.places.get(record.iri)),
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "rule": check.rule,
        "subject": check.subject,
        "outcome": str(check.outcome),
        "finding": check.finding,
        "evidence": list(check.evidence),
    }
