"""Duties: a to-do list for a terminal, as Markdown, HTML, CSV, JSON (version 1; `Document` describes it), a calendar and mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from graphsc.core import escape
from graphsc.core.contract import INLINE
from graphsc.core.document import Point, Section, Words
from graphsc.core.problems import Location
from graphsc.core.text import Language, Text, capital
from graphsc.duties import todo, words
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.duties.todo import Line, Task
from graphsc.duties.words import Voice
from graphsc.rendering import sections
from graphsc.rendering.contract import document
from graphsc.validation import wording
from graphsc.validation.findings import Finding

if TYPE_CHECKING:
    import icalendar

FORMATS = ("text", "json", "csv", "markdown", "html", "ics", "mail")
_TITLE = Text("Pligter", "Duties")
_CALENDAR = Text("Pligter i leverandørkæden", "Duties in the supply chain")
_NOTHING = Text(
    "Intet venter efter det, der er registreret. Hvad der ikke kunne kontrolleres, står i graphsc validate.",
    "Nothing is waiting, as far as is recorded. What could not be checked stands in graphsc validate.",
)
_NONE_SO = Text(
    "Ingen pligt er i den tilstand efter det, der er registreret.", "No duty is in that state, as far as is recorded."
)
_TO_ANSWER = Text("Skal besvares (graphsc questions)", "To be answered (graphsc questions)")


def render(shown: Duties, form: str, *, language: Language, color: bool = False) -> str:
    """Render the selected duties in one of ``FORMATS``; only the text has colour, which repeats what the words say."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return _json(shown)
        case "csv":
            columns = _columns(voice)
            owed = sections.csv(columns, shown.duties)
            found = sections.csv(_columns_of_findings(voice), (*shown.findings, *shown.ending))
            return owed + found.partition("\n")[2]
        case "ics":
            return calendar(shown, language=language)
    title = f"{_TITLE[language]}: {words.counts(shown, language)}"
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _sections(shown, voice), language, warning=warning, colour=color)


def _sections(shown: Duties, voice: Voice) -> Iterator[Section]:
    """What each has to do, then the questions by agreement and all other duties, both counted."""
    language = voice.language
    listed = todo.agendas(shown)
    if not listed and not shown.findings:
        yield Section(sentences=(_NONE_SO if shown.asked.states else _NOTHING,))
    for agenda in listed:
        yield Section(voice.agenda(agenda), points=tuple(_point(task, shown, voice) for task in agenda.tasks))
    asked = wording.open_questions(shown.findings).items()
    counted = (Point(f"{voice.name(place)}: {wording.asked(questions, language)}") for place, questions in asked)
    yield Section(_TO_ANSWER[language], points=tuple(counted))
    yield Section(sentences=tuple(_notes(shown, voice)))


def _point(task: Task, shown: Duties, voice: Voice) -> Point:
    """What is done in one go, with each line, where that is written, and the rule."""
    notes: list[tuple[Words, Words]] = []
    for line in task.lines:
        notes += [(voice.standing(line), voice.line(line, shown.as_of)), (words.WHERE, voice.place(line))]
    return Point(capital(task.deed[voice.language]), (*notes, (words.RULE, words.rule(task.rule, task.statements))))


def _notes(shown: Duties, voice: Voice) -> Iterator[str]:
    """The counts of duties that are not listed: met ones that are due again later, and those that are not recorded."""
    language = voice.language
    met = [duty for duty in shown.duties if duty.state is State.MET]
    later = sorted(duty.due for duty in met if duty.due is not None and duty.due > shown.horizon)
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
    """The same columns for findings that no duty is about, or that are closed for a time: the state is how grave they are."""
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
        "waived_until": lambda finding: finding.closed_until,
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
    """What has a day of the to-do list as iCalendar (RFC 5545), with lines that end in CR LF as the standard asks.

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
    for line in todo.dated(shown):
        events.add_component(_event(line, voice, stamp, shown))
    text: bytes = events.to_ical(sorted=True)
    return text.decode("utf-8")


def _event(line: Line, voice: Voice, stamp: datetime, shown: Duties) -> icalendar.Event:
    import icalendar

    about = line.about
    event = icalendar.Event()
    event.add("uid", uid(about) if isinstance(about, Duty) else f"{about.fingerprint}@graphsc")
    event.add("dtstamp", stamp)
    assert line.due is not None
    event.add("dtstart", line.due)
    event.add("dtend", line.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if isinstance(about, Duty):
        state = words.STATE[about.state][voice.language]
        lead = "" if about.state is State.MET else f"{state.capitalize()}: "
        summary, who = lead + voice.what(about), f"{voice.name(about.holder.organisation)}, {voice.who(about)}"
    else:
        state = wording.level(about, voice.language)
        summary, who = f"{capital(voice.standing(line))}: {about.message[voice.language]}", voice.actor(about.actor)
    event.add("summary", escape.brief(summary, 200))
    described = _description(line, who, voice, shown)
    event.add("description", "\n".join(escape.brief(text) for text in described))
    event.add("categories", [line.rule, state])
    return event


def _description(line: Line, who: str, voice: Voice, shown: Duties) -> list[str]:
    language, about = voice.language, line.about
    lines = [f"{words.WHO[language]}: {who}"]
    if isinstance(about, Finding):
        lines.append(f"{words.DOING[language]}: {about.remedy[language]}")
    else:
        if about.latest is not None:
            lines.append(f"{words.LATEST[language]}: {voice.record(about.latest)}")
        if about.waived is not None:
            lines.append(f"{words.STATE[State.WAIVED][language]}: {voice.acceptance(about)}")
        elif action := voice.action(about, shown.rules):
            lines.append(f"{words.DOING[language]}: {action}")
    lines.append(f"{words.WHERE[language]}: {voice.place(line)}")
    return [*lines, f"{words.RULE[language]}: {words.rule(line.rule, about.statements)}"]


def uid(duty: Duty) -> str:
    """The UID of a duty, made of rule, subject, value and holder, but not of the day."""
    key = "\n".join((duty.rule, duty.subject, duty.value or "", duty.holder.organisation or ""))
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@graphsc"
