"""The duties: as a list, as what each has to do, month by month, as a calendar to subscribe to; and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.text import Text
from graphsc.duties import todo
from graphsc.duties.duties import Duty, duty_triples
from graphsc.duties.results import Duties
from graphsc.duties.words import Voice
from graphsc.rendering import duties as duties_page
from graphsc.service.duties import listed
from graphsc.validation.findings import Finding
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.visit import Misasked, NoSuchPage, Visit, paged

_YEAR = 12
_ACTORS = 20
"""The actors on one page of the to-do list."""
_MOST = 5000
"""The most duties of a calendar, which has no pages."""


@dataclass(frozen=True, slots=True)
class Month:
    """The duties of a month: its value for a filter, its label, and its duties; ``late`` for overdue ones."""

    value: str
    label: Text
    duties: Sequence[Duty]


def page(visit: Visit) -> Page:
    """The selected duties."""
    state = visit.state
    selection = choices.duty_selection(state, visit.query)
    selected = choices.duties(state, selection)
    as_calendar = visit.query.get("view") == "calendar" and visit.form == "html"
    others = choices.besides_duties(state, selection)
    as_todo = visit.query.get("view") == "todo" and visit.form == "html"
    months = paged(_months(selected, state.report.as_of), visit, _YEAR) if as_calendar else None
    listed = _to_do(state, selection, selected, others) if as_todo else None
    agendas = paged(todo.agendas(listed), visit, _ACTORS) if listed is not None else None
    shown = paged(selected, visit) if months is None and agendas is None else None
    context = {
        "filters": choices.duty_filters(state, selection),
        "count": len(selected),
        "shown": shown,
        "months": months,
        "agendas": agendas,
        "voice": Voice(listed.labels, visit.language) if listed is not None else None,
        "others": len(others),
        "whose": {
            name: selection[key]
            for key, name in (("holder", "organisation"), ("role", "role"), ("person", "person"))
            if key in selection
        },
        "selection": {key: value for key, value in selection.items() if key not in {"view", "page", "format"}},
    }
    rows = shown.rows if shown is not None else ()
    return Page(
        "duties.html",
        context,
        json=lambda: duties_page.render(_listed(state, rows, others), "json", language=visit.language),
        triples=lambda: duty_triples(rows, state.rules),
        paged=shown or months or agendas,
    )


def as_calendar(visit: Visit) -> Page:
    """The selected duties as a calendar. Raises Misasked."""
    selection = choices.duty_selection(visit.state, visit.query)
    selected = choices.duties(visit.state, selection)
    if len(selected) > _MOST:
        raise Misasked(
            Text(
                f"Kalenderen ville få {len(selected)} pligter; der er plads til {_MOST}. Vælg person, organisation eller aftale.",
                f"The calendar would have {len(selected)} duties; there is room for {_MOST}. Choose a person, an organisation or an agreement.",
            )
        )
    text = duties_page.calendar(_to_do(visit.state, selection, selected, ()), language=visit.language)
    return Page(whole=text, media="text/calendar; charset=utf-8")


def detail(visit: Visit) -> Page:
    """The page of a duty. Raises NoSuchPage."""
    state = visit.state
    duty = choices.duties_index(state).first("key", visit.path.rpartition("/")[2])
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
        "finding": choices.findings_index(state).first("fingerprint", duty.finding),
    }
    return Page(
        "duty.html",
        context,
        json=lambda: duties_page.render(shown, "json", language=visit.language),
        triples=lambda: duty_triples([duty], state.rules),
    )


def _to_do(state: State, selection: Mapping[str, str], selected: Sequence[Duty], others: Sequence[Finding]) -> Duties:
    """The selection with what ends soon, of which the to-do list is made."""
    criteria, closed = choices.duty_filter(state, selection), choices.ending_soon(state, selection)
    others = others if not criteria.states else ()
    return listed(state.opened, state.report, state.rules, selected, others, state.labels, criteria, closed)


def _listed(state: State, selected: Sequence[Duty], findings: Sequence[Finding] = ()) -> Duties:
    return listed(state.opened, state.report, state.rules, selected, findings, state.labels)


def _months(selected: Iterable[Duty], today: date) -> list[Month]:
    """The duties with a day, by month; overdue ones first."""
    duties: dict[str, list[Duty]] = {}
    for duty in selected:
        if value := choices.month(duty, today):
            duties.setdefault(value, []).append(duty)
    return [
        Month(value, choices.month_name(value), sorted(duties[value], key=lambda item: (str(item.due), item.order)))
        for value in choices.months(duties)
    ]
