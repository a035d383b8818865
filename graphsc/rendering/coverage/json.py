"""The coverage as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.coverage.checks import Checked
from graphsc.coverage.statements import Statement
from graphsc.coverage.status import Cell, Coverage, State, newest
from graphsc.duties.facts import Evidence
from graphsc.rendering.contract import (
    NamedRead,
    Recorded,
    document,
    from_attributes,
    recorded,
    written,
)


class MeetingRecord(Recorded):
    """A record that meets a duty, and where it is written."""

    location: Location | None  #: Where it is written.


class OtherTreatment(TypedDict):
    """What treats a statement in a weaker way."""

    treatment: str  #: The way.
    by: str  #: What treats it so.


class TreatedStatement(TypedDict):
    """A statement of the guide."""

    id: str  #: Such as B2-04.
    section: str  #: Where in the guide it stands.
    phase: str | None  #: The phase it belongs to, as an IRI.
    addressee: str  #: Whom it addresses.
    weight: str  #: How strongly it speaks: must, should or may.
    checkable: bool  #: Whether it asks for something (must or should) that a graph can show.
    text: Text  #: What it says in short.
    treatment: str | None  #: The strongest way in which it is treated; null when nothing treats it, which is a fault.
    by: list[str]  #: What treats it so: codes of rules, names of derivation rules, questions and measures, or terms.
    also: list[OtherTreatment]  #: What treats it otherwise as well.
    reason: Text | None  #: Why it is not treated as a check, an obligation or a derivation.
    looksAt: Text | None  #: The facts that are looked at before it counts as met; null where that is not described.
    doesNotSee: Text | None  #: What of it cannot be seen in the data; null where that is not described.
    records: list[MeetingRecord]  #: What meets its duties, newest first, with who did it and when.
    numerator: int  #: How many of the things that its rules looked at are in order, as recorded.
    denominator: int  #: How many things its rules looked at; 0 without input.


class NumberedRecommendation(TypedDict):
    """A numbered recommendation of the guide."""

    id: str  #: Such as R-5.4.
    text: Text  #: What it says in short.
    statements: list[str]  #: The statements that it gathers, its own first.
    statementsWithRule: int  #: How many of them a check or an obligation holds.


class Decision(TypedDict):
    """The decision that a recommendation does not apply."""

    record: str  #: The decision, as an IRI.
    by: str | None  #: The person who decided, as an IRI.
    reason: str  #: Why.
    date: date | None  #: When.


class Look(TypedDict):
    """One rule at one thing."""

    rule: str  #: The code of the rule.
    subject: str  #: What was looked at, as an IRI.
    outcome: Checked  #: How it stands.
    finding: str | None  #: The fingerprint of the finding.
    evidence: list[str]  #: The records that meet it, as IRIs.


class Standing(TypedDict):
    """One recommendation for one agreement or organisation."""

    id: str  #: The recommendation.
    agreement: str | None  #: The root agreement; null where it is about an organisation, or about neither.
    organisation: str | None  #: The organisation, where it is not about one agreement.
    state: State  #: How it stands; met means that what is recorded breaks no rule.
    numerator: int  #: How many of the checks are in order, as recorded.
    denominator: int  #: How many checks there are; what is not recorded is among them.
    evidence: list[str]  #: The records that meet its duties, as IRIs.
    records: list[MeetingRecord]  #: The same records with who did it and when, newest first.
    reason: Text | None  #: Why nothing was checked, where nothing was.
    decision: Decision | None  #: Who decided that it does not apply; null where nobody did.
    notJudged: list[str]  #: The rules that were left out, or that need a limit that is not set.
    checks: list[Look]  #: What was looked at, what is wrong first.


class Document(NamedRead):
    """What `graphsc coverage --format json` writes."""

    schema: Literal["graphsc.coverage/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the coverage is true of.
    treatments: dict[str, Text]  #: What each way of treating a statement is called, strongest first.
    statements: list[TreatedStatement]  #: Every statement of the guide, by section.
    guide: list[NumberedRecommendation]  #: The numbered recommendations.
    #: Every recommendation for every agreement, then for organisations; empty without input.
    recommendations: list[Standing]


def render(shown: Coverage) -> str:
    """Render every statement and every cell, with the labels of the IRIs in them in both languages."""
    return written(
        document(
            Document,
            shown,
            statements=[_statement(statement, shown) for statement in shown.statements.values()],
            guide=[
                from_attributes(
                    NumberedRecommendation, recommendation, statementsWithRule=shown.checked(recommendation)
                )
                for recommendation in shown.recommendations
            ],
            recommendations=[_cell(cell, shown) for cell in shown.cells],
        )
    )


def _statement(statement: Statement, shown: Coverage) -> TreatedStatement:
    looked_at = shown.of_statement.get(statement.id, ())
    met = [check for check in looked_at if check.outcome is Checked.MET]
    return from_attributes(
        TreatedStatement,
        statement,
        also=[
            {"treatment": carrier.treatment, "by": carrier.name}
            for carrier in statement.carriers
            if carrier.treatment != statement.treatment
        ],
        records=[_record(evidence, shown) for evidence in newest(met)],
        numerator=len(met),
        denominator=len(looked_at),
    )


def _cell(cell: Cell, shown: Coverage) -> Standing:
    decision = cell.decision
    return from_attributes(
        Standing,
        cell,
        id=cell.recommendation,
        records=[_record(record, shown) for record in cell.records],
        decision=None
        if decision is None
        else from_attributes(Decision, decision, record=decision.iri, by=decision.approver, date=decision.day),
        notJudged=list(cell.unjudged),
    )


def _record(record: Evidence, shown: Coverage) -> MeetingRecord:
    """A record with its day, its performers and its location."""
    return {**recorded(record), "location": shown.places.get(record.iri)}
