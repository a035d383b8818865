"""Who decided that a recommendation does not apply, to what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graphsc.core.resources import knowledge_text
from graphsc.graph.dataset import Dataset, plain


@dataclass(frozen=True, slots=True)
class Decision:
    """That someone decided that a recommendation does not apply; ``iri``, ``concerns`` and ``approver`` are IRIs."""

    iri: str
    recommendation: str
    concerns: str
    reason: str
    approver: str
    day: date | None


def decisions(dataset: Dataset) -> dict[tuple[str, str], Decision]:
    """The decisions by recommendation and by the agreement or organisation they are about; the latest counts.

    One without a reason or without anyone who made it is none; a rule says so.
    """
    result: dict[tuple[str, str], Decision] = {}
    rows = dataset.select(knowledge_text("ontology/coverage/decisions.rq"))
    for row in sorted(rows, key=lambda row: (plain(row.get("date")), plain(row["decision"]))):
        day = plain(row.get("date"))
        decision = Decision(
            iri=plain(row["decision"]),
            recommendation=plain(row["recommendation"]),
            concerns=plain(row["concerns"]),
            reason=plain(row["reason"]),
            approver=plain(row["approver"]),
            day=date.fromisoformat(day) if day else None,
        )
        result[decision.recommendation, decision.concerns] = decision
    return result
