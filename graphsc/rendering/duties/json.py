"""Duties as JSON, version 1 of the contract; `Document` describes it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.rendering.contract import (
    Accepted,
    Actor,
    Both,
    NamedRead,
    Place,
    Recorded,
    both,
    from_attributes,
    names,
    place,
    read,
    recorded,
    written,
)


class Event(TypedDict):
    """What made a duty due again."""

    record: str  #: The event, as an IRI.
    date: date  #: Its day.
    due: date  #: The day by which it must be done because of it.


class Owed(TypedDict):
    """A duty."""

    kind: str  #: The kind of evidence that is owed, as the IRI of an activity, a clause or a role.
    holder: Actor  #: Who owes it.
    #: The other parties of the agreement, to whom or about whom it is owed: a subcontract may serve several customers.
    counterparties: list[str]
    subject: str  #: What it is owed about, as an IRI.
    value: str | None  #: What tells several of one rule on one subject apart, such as an agreed control.
    agreements: list[str]  #: The agreements that it comes under.
    #: The next day by which something must be there, in the past when it is overdue; null where no day is given or nothing remains to be done.
    due: date | None
    #: met: evidence is recorded; open: it is not, or an event has made it due again, and the day has not passed or none is given; overdue: the day has passed; waived: not met, and accepted; not recorded: the register is not kept, so nobody can tell.
    state: State
    satisfiedBy: list[str]  #: What is recorded that meets it, newest first.
    latest: Recorded | None  #: The newest that is recorded, also where it no longer counts.
    event: Event | None  #: What has happened since that makes it due again.
    waived: Accepted | None  #: The waiver in force.
    register: str | None  #: The register that must be kept before absence says something, as an IRI.
    statements: list[str]  #: The guide's statements behind it.
    rule: str  #: The code of the rule that it follows from.
    title: Both  #: What the rule asks.
    remedy: Both  #: What can be done.
    finding: str | None  #: The fingerprint of the finding that `graphsc validate` makes of it.
    location: Place | None  #: Where the subject is written.


class Asked(TypedDict):
    """What the duties were chosen by; null for no choice."""

    holder: str | None  #: The organisation, as an IRI.
    role: str | None  #: The role, as an IRI.
    person: str | None  #: The person, as an IRI.
    agreement: str | None  #: The agreement, as an IRI.
    until: date | None  #: Only what must be done by this day.
    states: list[State]  #: The states; empty for all.


class Document(NamedRead):
    """What `graphsc duties --format json` writes."""

    schema: Literal["graphsc.duties/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the duties are true of.
    asked: Asked  #: What the duties were chosen by.
    duties: list[Owed]  #: Most pressing first: by state, then by day.


def render(shown: Duties) -> str:
    """Render every duty that was chosen, with the names of all it mentions in both languages."""
    contents: Document = {
        "schema": "graphsc.duties/1",
        "asOf": shown.as_of,
        **read(shown.inputs, shown.problems),
        "asked": from_attributes(Asked, shown.asked, states=sorted(shown.asked.states)),
        "duties": [_duty(duty, shown) for duty in shown.duties],
        "labels": names(shown.labels),
    }
    return written(contents)


def _duty(duty: Duty, shown: Duties) -> Owed:
    rule, event, waived = shown.rules[duty.rule], duty.event, duty.waived
    return from_attributes(
        Owed,
        duty,
        satisfiedBy=[evidence.iri for evidence in duty.satisfied_by],
        latest=None if duty.latest is None else recorded(duty.latest),
        event=None if event is None else {"record": event.iri, "date": event.day, "due": event.due},
        waived=None
        if waived is None
        else {"waiver": waived.waiver, "until": waived.until, "reason": waived.reason, "approver": waived.approver},
        title=both(rule.title),
        remedy=both(rule.remedy),
        location=place(shown.locate(duty.subject)),
    )
