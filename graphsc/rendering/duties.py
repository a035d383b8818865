"""Duties: a to-do list for a terminal, as Markdown, as CSV, as JSON (version 1; `Document` describes it) and as a calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from graphsc.core import escape
from graphsc.core.contract import INLINE
from graphsc.core.document import Point, Section
from graphsc.core.periods import Period
from graphsc.core.problems import Location
from graphsc.core.text import Language, Text
from graphsc.duties import words
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.duties.words import Voice
from graphsc.rendering import sections
from graphsc.rendering.contract import document
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Severity

if TYPE_CHECKING:
    import icalendar

FORMATS = ("text", "json", "csv", "markdown", "ics")
_TITLE = Text("Pligter", "Duties")
_CALENDAR = Text("Pligter i leverandørkæden", "Duties in the supply chain")
_NOTHING = Text(
    "Intet venter efter det, der er registreret. Hvad der ikke kunne kontrolleres, står i graphsc validate.",
    "Nothing is waiting, as far as is recorded. What could not be checked stands in graphsc validate.",
)
_NONE_SO = Text(
    "Ingen pligt er i den tilstand efter det, der er registreret.", "No duty is in that state, as far as is recorded."
)
_BESIDES = Text("Skal bringes i orden", "To be put right")
_TO_ANSWER = Text("Skal besvares (graphsc questions)", "To be answered (graphsc questions)")
_SOON = Period(0, 60)
"""The list for a terminal shows met duties that must be renewed within this time, where the filter has no day."""


def render(shown: Duties, form: str, *, language: Language, color: bool = False) -> str:
    """Render the selected duties in one of ``FORMATS``; only the text has colour, which repeats what the words say."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return _json(shown)
        case "csv":
            columns = _columns(voice)
            owed = sections.csv(columns, shown.duties)
            found = sections.csv(_columns_of_findings(voice), shown.findings)
            return owed + found.partition("\n")[2]
        case "ics":
            return calendar(shown, language=language)
    title = f"{_TITLE[language]}: {words.counts(shown, language)}"
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _sections(shown, voice), language, warning=warning, colour=color)


def _sections(shown: Duties, voice: Voice) -> Iterator[Section]:
    """What is to be put right, then duties that are overdue, open or waived, with notes; met ones to be renewed in a line each.

    All other duties, and questions by agreement, are counted.
    """
    language = voice.language
    soon = shown.asked.until or _SOON.after(shown.as_of)
    duties = _to_show(shown, soon)
    if not duties and not shown.findings:
        yield Section(sentences=(_NONE_SO if shown.asked.states else _NOTHING,))
    found = [finding for finding in shown.findings if finding.severity is not Severity.QUESTION]
    yield Section(_BESIDES[language], points=tuple(_found(finding, voice) for finding in found))
    for holder, group in words.groups(duties, voice):
        name = voice.name(holder) if holder else words.NO_HOLDER[language]
        for state in State:
            in_state = [duty for duty in group if duty.state is state]
            renewed = state is State.MET and all(duty.due is not None for duty in in_state)
            heading = (words.NEXT if renewed else words.STATES[state])[language].lower()
            yield Section(f"{name}: {heading}", points=tuple(_point(duty, shown, voice) for duty in in_state))
    asked = wording.open_questions(shown.findings).items()
    counted = (Point(f"{voice.name(place)}: {wording.asked(questions, language)}") for place, questions in asked)
    yield Section(_TO_ANSWER[language], points=tuple(counted))
    yield Section(sentences=tuple(_notes(shown, voice, soon)))


def _to_show(shown: Duties, soon: date) -> list[Duty]:
    """The duties to be done, and met ones to be renewed by a day; all duties where the filter has states."""
    return [
        duty
        for duty in shown.duties
        if shown.asked.states
        or duty.state in {State.OVERDUE, State.OPEN, State.WAIVED}
        or (duty.state is State.MET and duty.due is not None and duty.due <= soon)
    ]


def _point(duty: Duty, shown: Duties, voice: Voice) -> Point:
    """A duty in a line, with its day, holder and evidence; a pressing one with notes on why and what to do."""
    language = voice.language
    latest = duty.satisfied_by[0] if duty.satisfied_by else None
    if duty.state in {State.MET, State.NOT_RECORDED}:
        day = f"{duty.due} " if duty.due else ""
        record = f", {words.LATEST[language]} {voice.record(latest)}" if latest else ""
        return Point(f"{day}{voice.what(duty)} – {voice.who(duty)}{record} [{duty.rule}]")
    day = f"{duty.due}" if duty.due else words.NO_DATE[language]
    distance = f" ({voice.distance(duty.due, shown.as_of)})" if duty.due else ""
    accepted = voice.acceptance(duty)
    notes = (
        (words.WHO, voice.who(duty)),
        (words.TOWARDS, voice.names(duty.counterparties)),
        (words.EVENT, voice.dated(duty.event.iri, duty.event.day) if duty.event else ""),
        (words.LATEST, voice.record(duty.latest) if duty.latest else ""),
        (words.STATE[State.WAIVED], accepted),
        (words.DOING, "" if accepted else voice.action(duty, shown.rules)),
        (words.RULE, words.rule(duty.rule, duty.statements)),
    )
    return Point(f"{day} {voice.what(duty)}{distance}", tuple((key, value) for key, value in notes if value))


def _found(finding: Finding, voice: Voice) -> Point:
    """A finding that no duty is about, with who must do what about it."""
    language = voice.language
    who = ", ".join(voice.name(iri) for iri in (finding.actor.organisation, finding.actor.role) if iri)
    person = f" ({voice.name(finding.actor.person)})" if finding.actor.person else ""
    notes = (
        (words.WHO, f"{who}{person}"),
        (words.DOING, finding.remedy[language]),
        (words.RULE, words.rule(finding.code, finding.statements)),
    )
    return Point(finding.message[language], tuple((key, value) for key, value in notes if value))


def _notes(shown: Duties, voice: Voice, soon: date) -> Iterator[str]:
    """The counts of duties that are not listed: met ones that are due again later, and those that are not recorded."""
    language = voice.language
    met = [duty for duty in shown.duties if duty.state is State.MET]
    later = sorted(duty.due for duty in met if duty.due is not None and duty.due > soon)
    if later and not shown.asked.states:
        yield Text(
            f"Senere: {len(later)} opfyldte pligter skal gøres igen, den næste {later[0]}; --within 1y viser et år frem.",
            f"Later: {len(later)} duties that are met must be done again, the next on {later[0]}; --within 1y shows a year ahead.",
        )[language]
    unknown = words.unrecorded(shown)
    if unknown:
        yield words.unknown(unknown, voice)


def _columns(voice: Voice) -> sections.CsvColumns[Duty]:
    """Names for people, IRIs for programs; column names are the same in every language."""
    return {
        "state": lambda duty: words.STATE[duty.state][voice.language],
        "due": lambda duty: duty.due,
        "rule": lambda duty: duty.rule,
        "what": lambda duty: voice.name(duty.kind),
        "subject": lambda duty: voice.name(duty.subject),
        "holder": lambda duty: voice.name(duty.holder.organisation),
        "role": lambda duty: voice.name(duty.holder.role),
        "person": lambda duty: voice.name(duty.holder.person),
        "counterparty": lambda duty: voice.names(duty.counterparties),
        "agreement": lambda duty: voice.names(duty.agreements),
        "latest": lambda duty: duty.latest and voice.record(duty.latest),
        "waived_until": lambda duty: duty.waived and duty.waived.until,
        "statements": lambda duty: duty.statements,
        "finding": lambda duty: duty.finding,
        "subject_iri": lambda duty: duty.subject,
        "value_iri": lambda duty: duty.value,
        "holder_iri": lambda duty: duty.holder.organisation,
        "agreement_iris": lambda duty: duty.agreements,
    }


def _columns_of_findings(voice: Voice) -> sections.CsvColumns[Finding]:
    """The same columns for findings that no duty is about: the state is how grave they are."""
    return {
        "state": lambda finding: wording.level(finding, voice.language),
        "due": lambda _: None,
        "rule": lambda finding: finding.code,
        "what": lambda finding: finding.message[voice.language],
        "subject": lambda finding: voice.name(finding.subject),
        "holder": lambda finding: voice.name(finding.actor.organisation),
        "role": lambda finding: voice.name(finding.actor.role),
        "person": lambda finding: voice.name(finding.actor.person),
        "counterparty": lambda _: None,
        "agreement": lambda finding: voice.name(finding.agreement),
        "latest": lambda _: None,
        "waived_until": lambda _: None,
        "statements": lambda finding: finding.statements,
        "finding": lambda finding: finding.fingerprint,
        "subject_iri": lambda finding: finding.subject,
        "value_iri": lambda finding: finding.value,
        "holder_iri": lambda finding: finding.actor.organisation,
        "agreement_iris": lambda finding: finding.agreement,
    }


@dataclass(frozen=True, slots=True)
class RuledDuty:
    """A duty, with what its rule says."""

    duty: Duty = field(metadata=INLINE)
    title: Text  #: What the rule asks.
    remedy: Text  #: What can be done.
    location: Location | None  #: Where the subject is written.


@dataclass(frozen=True, slots=True)
class Document:
    """The selected duties."""

    shown: Duties = field(metadata=INLINE)
    duties: tuple[RuledDuty, ...]  #: Most pressing first: by state, then by day.


def _json(shown: Duties) -> str:
    rules = shown.rules
    duties = (
        RuledDuty(duty, rules[duty.rule].title, rules[duty.rule].remedy, shown.locate(duty.subject))
        for duty in shown.duties
    )
    return document("duties", Document(shown, tuple(duties)))


def calendar(shown: Duties, *, language: Language) -> str:
    """The selected duties that have a day as iCalendar (RFC 5545), with lines that end in CR LF as the standard asks.

    Each, also a past one, is an all-day event: not a VTODO, which the most used calendars of offices do not import. A duty keeps
    its UID when its day moves, and DTSTAMP is the evaluation date, so a later export replaces an earlier one.
    """
    import icalendar

    voice = Voice(shown.labels, language)
    events = icalendar.Calendar()
    events.add("version", "2.0")
    events.add("prodid", "-//graphsc//duties 1//EN")
    events.add("method", "PUBLISH")
    events.add("x-wr-calname", _CALENDAR[language])
    stamp = datetime.combine(shown.as_of, time(), UTC)
    for duty in shown.duties:
        if duty.due is not None and duty.state is not State.NOT_RECORDED:
            events.add_component(_event(duty, voice, stamp, shown))
    text: bytes = events.to_ical(sorted=True)
    return text.decode("utf-8")


def _event(duty: Duty, voice: Voice, stamp: datetime, shown: Duties) -> icalendar.Event:
    import icalendar

    event = icalendar.Event()
    event.add("uid", uid(duty))
    event.add("dtstamp", stamp)
    assert duty.due is not None
    event.add("dtstart", duty.due)
    event.add("dtend", duty.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    lead = "" if duty.state is State.MET else f"{words.STATE[duty.state][voice.language].capitalize()}: "
    event.add("summary", escape.brief(lead + voice.what(duty), 200))
    event.add("description", "\n".join(escape.brief(line) for line in _description(duty, voice, shown)))
    event.add("categories", [duty.rule, words.STATE[duty.state][voice.language]])
    return event


def _description(duty: Duty, voice: Voice, shown: Duties) -> list[str]:
    language = voice.language
    lines = [f"{words.WHO[language]}: {voice.name(duty.holder.organisation)}, {voice.who(duty)}"]
    if duty.latest is not None:
        lines.append(f"{words.LATEST[language]}: {voice.record(duty.latest)}")
    if duty.waived is not None:
        lines.append(f"{words.STATE[State.WAIVED][language]}: {voice.acceptance(duty)}")
    elif action := voice.action(duty, shown.rules):
        lines.append(f"{words.DOING[language]}: {action}")
    return [*lines, f"{words.RULE[language]}: {words.rule(duty.rule, duty.statements)}"]


def uid(duty: Duty) -> str:
    """The UID of a duty, made of rule, subject, value and holder, but not of the day."""
    key = "\n".join((duty.rule, duty.subject, duty.value or "", duty.holder.organisation or ""))
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@graphsc"
