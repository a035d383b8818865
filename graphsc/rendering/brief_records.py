"""A finding and a duty in short, as the comparisons tell of them in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from typing_extensions import TypedDict

from graphsc.duties.duties import State
from graphsc.rendering.contract import Actor, Both, Place, from_attributes
from graphsc.validation.findings import Finding, Severity
from graphsc.whatif.model import Duties


class Levels(TypedDict):
    """How many findings of each severity count."""

    violation: int  #: Violations.
    warning: int  #: Warnings.
    info: int  #: Notes.


class BriefFinding(TypedDict):
    """A finding, in short."""

    code: str  #: The code of the rule.
    severity: Severity  #: How grave it is.
    message: Both  #: What is wrong.
    remedy: Both  #: What would put it right.
    subject: str  #: What it is about, as an IRI.
    value: str | None  #: Which of several.
    location: Place | None  #: Where the subject is written; null for what is derived.
    statements: list[str]  #: Ids of the guide's statements.
    actor: Actor  #: Who should act.
    fingerprint: str  #: A name that survives edits elsewhere in the file.


class BriefDuty(TypedDict):
    """A duty, in short."""

    rule: str  #: The code of the rule.
    kind: str  #: The kind of evidence owed, as an IRI.
    subject: str  #: What it is about, as an IRI.
    value: str | None  #: Which of several.
    holder: Actor  #: Who owes it.
    state: State  #: How it stands.
    due: date | None  #: By when; null where no day is given.


class ChangedDuty(TypedDict):
    """A duty that is in another state or has another holder."""

    before: BriefDuty  #: As it was.
    after: BriefDuty  #: As it is.


class DutyChanges(TypedDict):
    """The duties of all parties."""

    before: dict[State, int]  #: How many are in each state, before.
    after: dict[State, int]  #: And after.
    new: list[BriefDuty]  #: Duties that come, most pressing first.
    gone: list[BriefDuty]  #: Duties that fall away.
    changed: list[ChangedDuty]  #: Duties that are in another state or have another holder.


def levels(counts: Mapping[Severity, int]) -> Levels:
    """How many findings of each severity."""
    return {"violation": counts[Severity.VIOLATION], "warning": counts[Severity.WARNING], "info": counts[Severity.INFO]}


def brief_finding(finding: Finding) -> BriefFinding:
    """A finding, in short."""
    return from_attributes(BriefFinding, finding, statements=sorted(set(finding.statements)))


def duty_changes(duties: Duties) -> DutyChanges:
    """What becomes of the duties."""
    return from_attributes(
        DutyChanges,
        duties,
        before={state: duties.before[state] for state in State},
        after={state: duties.after[state] for state in State},
        changed=[
            {"before": from_attributes(BriefDuty, old), "after": from_attributes(BriefDuty, new)}
            for old, new in duties.changed
        ],
    )
