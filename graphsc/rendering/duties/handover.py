"""Handovers for a terminal, as Markdown, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.duties.gaps import LeftDuty, LeftRole
from graphsc.duties.results import Handover
from graphsc.rendering import sections, spreadsheet
from graphsc.rendering.contract import NamedRead, from_attributes, names, read, written
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice
from graphsc.rendering.sections import Section, Words

FORMATS = ("text", "json", "csv", "markdown")
_PRESSING = {State.OVERDUE, State.OPEN, State.WAIVED}


def render(shown: Handover, form: str, *, language: Language) -> str:
    """Render the handover in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return _json(shown)
        case "csv":
            return spreadsheet.csv(_columns(voice), shown.left.duties)
    who = voice.name(shown.left.person)
    title = Text(f"Hvis {who} er væk fra {shown.on}", f"If {who} is gone from {shown.on}")
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _sections(shown, voice), language, warning=warning)


def _sections(shown: Handover, voice: Voice) -> Iterator[Section]:
    """The roles, then the duties that pass to nobody, then those that pass to others."""
    left = shown.left
    if not left.roles:
        unknown = Text(
            "Personen har ingen registreret rolle på den dag, så det er ukendt, hvilke pligter der følger med.",
            "The person has no recorded role on that day, so it is unknown which duties go with it.",
        )
        yield Section(sentences=(unknown,))
    yield Section(Text("Roller", "Roles"), points=tuple(_role(role, voice) for role in left.roles))
    yield _duties(
        Text("Pligter, som ingen andre er registreret til", "Duties for which nobody else is recorded"),
        left.orphaned,
        voice,
    )
    passing = [duty for duty in left.duties if duty.passes_to is not None]
    yield _duties(Text("Pligter i roller, som andre også har", "Duties of roles that others hold too"), passing, voice)


def _duties(title: Text, duties: Sequence[LeftDuty], voice: Voice) -> Section:
    """The duties that are pressing or have a day; all others are counted."""
    shown = [left for left in duties if left.duty.state in _PRESSING or left.duty.due is not None]
    points: list[Words] = [_duty(left, voice) for left in shown]
    if rest := len(duties) - len(shown):
        points.append(
            Text(
                f"{rest} til er opfyldt eller ikke registreret og har ingen frist",
                f"{rest} more are met or not recorded and have no due date",
            )
        )
    return Section(f"{title[voice.language]}: {len(duties)}", points=tuple(points))


def _role(role: LeftRole, voice: Voice) -> str:
    language = voice.language
    at = f", {voice.name(role.organisation)}" if role.organisation else ""
    candidates = voice.names(role.candidates) or Text("ingen registreret", "nobody recorded")[language]
    same = Text(f"samme rolle har {candidates}", f"the same role is held by {candidates}")[language]
    if not role.orphaned:
        return f"{voice.name(role.role)}{at}: {Text('andre er på plads', 'others are in place')[language]} ({same})"
    things = voice.names(role.orphaned)
    return f"{voice.name(role.role)}{at}: {Text('ingen til', 'nobody for')[language]} {things} ({same})"


def _duty(left: LeftDuty, voice: Voice) -> str:
    duty = left.duty
    day = duty.due.isoformat() if duty.due else words.NO_DATE[voice.language]
    to = f" → {voice.name(left.passes_to)}" if left.passes_to else ""
    state = f" ({words.STATE[duty.state][voice.language]})" if duty.state in _PRESSING else ""
    return f"{day} {voice.what(duty)}{state} – {voice.name(duty.holder.role)}{to} [{duty.rule}]"


def _columns(voice: Voice) -> spreadsheet.Columns[LeftDuty]:
    return {
        "state": lambda left: words.STATE[left.duty.state][voice.language],
        "due": lambda left: left.duty.due,
        "rule": lambda left: left.duty.rule,
        "what": lambda left: voice.name(left.duty.kind),
        "subject": lambda left: voice.name(left.duty.subject),
        "organisation": lambda left: voice.name(left.duty.holder.organisation),
        "role": lambda left: voice.name(left.duty.holder.role),
        "passes_to": lambda left: voice.name(left.passes_to),
        "subject_iri": lambda left: left.duty.subject,
        "organisation_iri": lambda left: left.duty.holder.organisation,
        "role_iri": lambda left: left.duty.holder.role,
        "passes_to_iri": lambda left: left.passes_to,
    }


class HeldDuty(TypedDict):
    """A duty that falls to the person."""

    rule: str  #: The code of the rule that it follows from.
    kind: str  #: The kind of evidence that is owed, as an IRI.
    subject: str  #: What about, as an IRI.
    value: str | None  #: What tells several of one rule on one subject apart.
    organisation: str | None  #: Who owes it, as an IRI.
    role: str | None  #: The role that must act.
    state: State  #: As in graphsc.duties/1.
    due: date | None  #: The next day by which something must be there.
    passesTo: str | None  #: Who holds the role then; null for nobody.


class Document(NamedRead):
    """What `graphsc duties --if-leaves --format json` writes."""

    schema: Literal["graphsc.handover/1"]  #: The name and version of this contract.
    on: date  #: The day from which the person is gone.
    person: str  #: Who, as an IRI.
    roles: list[LeftRole]  #: The roles that the person holds on that day.
    duties: list[HeldDuty]  #: The duties that fall to the person, most pressing first.


def _json(shown: Handover) -> str:
    contents: Document = {
        "schema": "graphsc.handover/1",
        "on": shown.on,
        "person": shown.left.person,
        **read(shown.inputs, shown.problems),
        "roles": list(shown.left.roles),
        "duties": [
            from_attributes(
                HeldDuty,
                left.duty,
                organisation=left.duty.holder.organisation,
                role=left.duty.holder.role,
                passesTo=left.passes_to,
            )
            for left in shown.left.duties
        ],
        "labels": names(shown.labels),
    }
    return written(contents)
