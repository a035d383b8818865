"""Duties as iCalendar (RFC 5545).

Each duty with a day, also a past one, is an all-day event: not a VTODO, which the most used calendars of offices do not
import. A duty keeps its UID when its day moves, and DTSTAMP is the evaluation date, so a later export replaces an earlier one.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.duties import words
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.duties.words import Voice

_NAME = Text("Pligter i leverandørkæden", "Duties in the supply chain")


def render(shown: Duties, *, language: Language) -> str:
    """Render the selected duties that have a day, with lines that end in CR LF as the standard asks."""
    voice = Voice(shown.labels, language)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//graphsc//duties 1//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _NAME[language])
    stamp = datetime.combine(shown.as_of, time(), UTC)
    for duty in shown.duties:
        if duty.due is not None and duty.state is not State.NOT_RECORDED:
            calendar.add_component(_event(duty, voice, stamp, shown))
    written: bytes = calendar.to_ical(sorted=True)
    return written.decode("utf-8")


def _event(duty: Duty, voice: Voice, stamp: datetime, shown: Duties) -> Event:
    event = Event()
    event.add("uid", uid(duty))
    event.add("dtstamp", stamp)
    assert duty.due is not None
    event.add("dtstart", duty.due)
    event.add("dtend", duty.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    lead = "" if duty.state is State.MET else f"{words.STATE[duty.state][voice.language].capitalize()}: "
    event.add("summary", escape.brief(lead + voice.what(duty), 200))
    event.add("description", "\n".join(escape.brief(line) for line in _lines(duty, voice, shown)))
    event.add("categories", [duty.rule, words.STATE[duty.state][voice.language]])
    return event


def _lines(duty: Duty, voice: Voice, shown: Duties) -> list[str]:
    language = voice.language
    lines = [f"{words.WHO[language]}: {voice.name(duty.holder.organisation)}, {voice.who(duty)}"]
    if duty.latest is not None:
        lines.append(f"{words.LATEST[language]}: {voice.record(duty.latest)}")
    if duty.waived is not None:
        lines.append(f"{words.STATE[State.WAIVED][language]}: {voice.acceptance(duty)}")
    elif action := voice.action(duty, shown.rules):
        lines.append(f"{words.DOING[language]}: {action}")
    return [*lines, f"{words.RULE[language]}: {voice.rule(duty)}"]


def uid(duty: Duty) -> str:
    """The UID of a duty, made of rule, subject, value and holder, but not of the day."""
    key = "\n".join((duty.rule, duty.subject, duty.value or "", duty.holder.organisation or ""))
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@graphsc"
