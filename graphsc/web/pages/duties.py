"""The duties: as a list, month by month, as a calendar to subscribe to; and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.duties import triples as recorded
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.duties.results import Duties
from graphsc.rendering.days import MONTHS
from graphsc.rendering.duties import calendar
from graphsc.rendering.duties import json as duties_json
from graphsc.rendering.duties.words import Voice
from graphsc.service.duties import listed
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.visit import NoSuchPage, Visit, duty_key

_SCREENFUL = 200


def page(visit: Visit) -> Page:
    """The duties that an address asks for."""
    state = visit.state
    asked = choices.asked_of_duties(state, visit.query)
    chosen = choices.duties(state, asked)
    months = visit.query.get("view") == "calendar"
    context = {
        "filters": choices.duty_filters(state, asked),
        "count": len(chosen),
        "shown": chosen if "all" in visit.query else chosen[:_SCREENFUL],
        "months": _months(chosen, state.report.as_of) if months else [],
        "as_calendar": months,
        "asked": {key: value for key, value in asked.items() if key not in {"view", "all", "format"}},
    }
    return Page(
        "duties.html",
        context,
        json=lambda: duties_json.render(_listed(state, chosen)),
        triples=lambda: _triples(state, chosen),
    )


def as_calendar(visit: Visit) -> Page:
    """The duties that an address asks for, as a calendar."""
    asked = choices.asked_of_duties(visit.state, visit.query)
    shown = _listed(visit.state, choices.duties(visit.state, asked))
    text = calendar.render(shown, language=visit.language)
    return Page(whole=text, media="text/calendar; charset=utf-8")


def one(visit: Visit) -> Page:
    """The page of a duty."""
    state = visit.state
    every = state.once("duty keys", lambda: {duty_key(duty): duty for duty in state.duties})
    duty = every.get(visit.path.rpartition("/")[2])
    if duty is None:
        raise NoSuchPage
    shown = _listed(state, [duty])
    voice = Voice(shown.labels, visit.language)
    context = {
        "duty": duty,
        "location": shown.locate(duty.subject),
        "voice": voice,
        "action": voice.action(duty, state.rules),
        "rule": state.rules[duty.rule],
        "acceptance": voice.acceptance(duty),
        "finding": next((item for item in state.report.findings if item.fingerprint == duty.finding), None),
    }
    return Page("duty.html", context, json=lambda: duties_json.render(shown), triples=lambda: _triples(state, [duty]))


def _triples(state: State, chosen: Iterable[Duty]) -> Iterable[ox.Triple]:
    return recorded.duties(chosen, state.rules)


def _listed(state: State, chosen: Sequence[Duty]) -> Duties:
    shown = listed(state.opened, state.report, state.rules, chosen, state.labels)
    if state.part is None:
        return shown
    cleaner = state.part.cleaner
    return replace(shown, locate=lambda node: cleaner.of(shown.locate(node)))


def _months(chosen: Iterable[Duty], today: date) -> list[tuple[Text, list[Duty]]]:
    """The duties with a day, month by month; what is overdue first, together."""
    duties: dict[tuple[int, int], list[Duty]] = {}
    for duty in chosen:
        if duty.due is not None and duty.state is not DutyState.NOT_RECORDED:
            late = duty.due < today
            duties.setdefault((0, 0) if late else (duty.due.year, duty.due.month), []).append(duty)
    return [(_month(*key), sorted(duties[key], key=lambda item: (str(item.due), item.order))) for key in sorted(duties)]


def _month(year: int, month: int) -> Text:
    if not year:
        return Text("før i dag", "before today")
    danish, english = MONTHS[month - 1]
    return Text(f"{danish} {year}", f"{english} {year}")
