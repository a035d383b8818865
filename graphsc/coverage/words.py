"""The words that the renderings of the coverage share."""

from __future__ import annotations

from collections.abc import Iterable

from graphsc.core.text import Text
from graphsc.coverage.statements import Statement
from graphsc.coverage.status import Cell, Coverage, Standing, State
from graphsc.duties import words as evidence
from graphsc.duties.facts import Evidence

STATE = {
    State.MET: Text("opfyldt", "met"),
    State.NOT_MET: Text("ikke opfyldt", "not met"),
    State.WAIVED: Text("accepteret", "accepted"),
    State.STATED: Text("oplyst", "stated"),
    State.NOT_APPLICABLE: Text("ikke relevant", "not applicable"),
    State.NOT_RECORDED: Text("ikke registreret", "not recorded"),
    State.NOT_CHECKED: Text("ikke kontrolleret", "not checked"),
}
WEIGHT = {"must": Text("skal", "must"), "should": Text("bør", "should"), "may": Text("kan", "may")}
MEANING = Text(
    "Opfyldt betyder, at det registrerede ikke bryder nogen regel – ikke at det er bevist.",
    "Met means that what is recorded breaks no rule – not that it has been proved.",
)
NOTHING_ELSE = Text("hører ikke under en aftale", "under no agreement")
_BY_RULES = Text("reglerne", "the rules")


def of(numerator: int, denominator: int) -> Text:
    """A count with its denominator."""
    part, whole = Text.number(numerator), Text.number(denominator)
    return Text(f"{part.da} af {whole.da}", f"{part.en} of {whole.en}")


def name(iri: str | None, shown: Coverage | Standing) -> Text:
    """The name of an agreement or an organisation."""
    return NOTHING_ELSE if iri is None else shown.labels.get(iri, Text.same(iri))


def column(cell: Cell, shown: Coverage | Standing) -> Text:
    """The name of a cell's agreement or organisation, or that it has neither."""
    return name(cell.agreement or cell.organisation, shown)


def decider(cell: Cell, shown: Coverage) -> Text:
    """The approver of the decision that a recommendation does not apply, or the rules; empty where it applies."""
    if cell.decision is not None:
        return name(cell.decision.approver, shown)
    return _BY_RULES if cell.state is State.NOT_APPLICABLE else Text("", "")


def why(cell: Cell) -> Text:
    """Why there are no checks, or why the recommendation was set aside."""
    if cell.decision is not None:
        return Text.same(cell.decision.reason)
    return cell.reason or Text("", "")


def whose(records: Iterable[Evidence], shown: Coverage) -> Text:
    """The performers of some evidence, with the latest record of each."""
    return evidence.whose(records, lambda iri: name(iri, shown))


def treatment(statement: Statement, shown: Coverage | Standing) -> Text:
    """The name of a statement's treatment."""
    if statement.treatment is None:
        return Text("mangler", "missing")
    return shown.treatments.get(statement.treatment, Text.same(statement.treatment))
