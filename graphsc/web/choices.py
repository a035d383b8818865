"""Filters of findings and duties: the selection of an address, the options, and the rows by the values of their fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from graphsc.core.text import MONTHS, Language, Text
from graphsc.core.vocabulary import ROOT
from graphsc.duties import words as duty_words
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.duties.results import DutyFilter
from graphsc.service.duties import besides, ending, span
from graphsc.service.lookup import UnknownNameError, find
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Severity
from graphsc.web.desk import State, per_state
from graphsc.web.visit import Misasked, duty_key
from graphsc.web.words import WORDS

R = TypeVar("R")
_WHO = {"role": ("role",), "person": ("Person",)}
_CLOSED = {"severity", "shown", "state", "month", "recommendation"}
_MOST = 60
LATE, NOBODY = "late", "-"
_OPTIONS = 200
"""Filters with more options than this are text fields."""
_EVERYWHERE = {"format", "lang"}
_BESIDE = {"group", "view", "page", *_EVERYWHERE}
_NO_PARAMETER = Text("Siden har ingen parameter af det navn.", "The page has no parameter of that name.")
_NO_FILTER = Text("Det er der ikke noget filter for.", "There is no filter of that name.")
Options = tuple[tuple[str, Text], ...]
"""The options of a filter: values with their labels."""


class Index(Generic[R]):
    """Rows in an order, with an index of the values of their fields."""

    def __init__(self, rows: Sequence[R], fields: Mapping[str, Callable[[R], Iterable[str | None]]]) -> None:
        self.rows = rows
        self._places: dict[str, dict[str, list[int]]] = {field: {} for field in fields}
        for place, row in enumerate(rows):
            for field, values in fields.items():
                for value in set(values(row)):
                    if value:
                        self._places[field].setdefault(value, []).append(place)

    def having(self, selection: Mapping[str, str]) -> Sequence[R]:
        """The rows that have all values of a selection, in order; names that are no fields are ignored."""
        chosen = [(field, value) for field, value in selection.items() if value and field in self._places]
        matching = [set(self._places[field].get(value, ())) for field, value in chosen]
        return [self.rows[place] for place in sorted(set.intersection(*matching))] if matching else self.rows

    def first(self, field: str, value: str | None) -> R | None:
        """The first row with a value of a field; None without any."""
        places = self._places[field].get(value or "")
        return self.rows[places[0]] if places else None

    def counts(self, field: str) -> Mapping[str, int]:
        """The values of a field with their numbers of rows."""
        return {value: len(places) for value, places in self._places[field].items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of a filter form: its parameter, label, options, and the label for no selection."""

    name: str
    label: Text
    options: Options
    none: Text = WORDS["any"]

    @property
    def written(self) -> bool:
        """Whether there are too many options to list."""
        return len(self.options) > _OPTIONS


def named(state: State, iris: Iterable[str]) -> Options:
    """Things in the order of their names; those with the same name have their ids too."""
    names = {iri: state.name(iri) for iri in iris}
    counts = [Counter(name[language] for name in names.values()) for language in Language]

    def distinct(iri: str, name: Text) -> Text:
        short = iri.removeprefix(state.report.base).removeprefix(ROOT)
        if all(count[name[language]] == 1 for count, language in zip(counts, Language, strict=True)):
            return name
        return Text(f"{name.da} ({short})", f"{name.en} ({short})")

    return tuple(sorted(((iri, distinct(iri, name)) for iri, name in names.items()), key=lambda pair: pair[::-1]))


def filter_of(
    state: State, selection: Mapping[str, str], name: str, label: str, index: Index[Any], field: str | None = None
) -> Filter:
    """A filter by the things in an index, and by the selected one."""
    counts = index.counts(field or name)
    options: Options = state.memo(("options", index, name), lambda: named(state, counts.keys() - {NOBODY}))
    if NOBODY in counts:
        options = (*options, (NOBODY, WORDS["nobody"]))
    value = selection.get(name)
    if value and value not in dict(options):
        options = (*options, (value, state.name(value)))
    return Filter(name, WORDS[label], options)


def finding_selection(state: State, query: Mapping[str, str]) -> dict[str, str]:
    """The selection of findings of an address, with IRIs for things. Raises Misasked."""
    selection = resolved(
        state,
        query,
        {**_WHO, "organisation": ("Organisation",), "subject": (), "thing": ()},
        finding_filters(state, {}),
    )
    if rule := selection.get("rule"):
        codes = {*state.rules, *findings_index(state).counts("rule")}
        families = sorted({code.rstrip("0123456789") for code in codes})
        if not any(code.startswith(rule) for code in codes):
            raise Misasked(_wrong("rule", _none_such(rule), families))
    return selection


def duty_selection(state: State, query: Mapping[str, str]) -> dict[str, str]:
    """The selection of duties of an address, with IRIs for things. Raises Misasked."""
    things = {**_WHO, "holder": ("Organisation",), "agreement": ("Agreement",), "thing": ()}
    selection = resolved(state, query, things, duty_filters(state, {}))
    if within := selection.get("within"):
        try:
            span(within).after(state.report.as_of)
        except (ValueError, OverflowError):
            among("within", within, ["30d", "2w", "3m", "1y"])
    return selection


def resolved(
    state: State, query: Mapping[str, str], things: Mapping[str, tuple[str, ...]], filters: Sequence[Filter]
) -> dict[str, str]:
    """The selection of an address by filters and things, with IRIs for things. Raises Misasked."""
    selection = {key: value.strip() for key, value in query.items()}
    names = [*(item.name for item in filters), *(name for name in things if name not in {f.name for f in filters})]
    for name in selection:
        if name not in names and name not in _BESIDE:
            raise Misasked(_wrong(name, _NO_FILTER, names))
    for item in filters:
        if (value := selection.get(item.name)) and item.name in _CLOSED:
            among(item.name, value, [option for option, _ in item.options])
    for name, sorts in things.items():
        if (value := selection.get(name)) and value != NOBODY:
            selection[name] = _iri(state, name, value, sorts, next((f.options for f in filters if f.name == name), ()))
    return selection


def _iri(state: State, name: str, text: str, sorts: tuple[str, ...], options: Iterable[tuple[str, Text]]) -> str:
    base = state.report.base
    there = [iri for iri, _ in options]
    if text in there:
        return text
    try:
        return find(state.opened.dataset, state.labels, text, *sorts, base=base)
    except UnknownNameError as error:
        ids = [iri.removeprefix(base).removeprefix(ROOT) for iri in there]
        raise Misasked(_wrong(name, error.reason, ids)) from None


def only(query: Mapping[str, str], parameters: Sequence[str]) -> None:
    """Raise Misasked for a parameter of an address that is not among those of the page."""
    for name in query:
        if name not in parameters and name not in _EVERYWHERE:
            raise Misasked(_wrong(name, _NO_PARAMETER, parameters))


def among(name: str, value: str, allowed: Sequence[str]) -> None:
    """Raise Misasked for a value that is not allowed."""
    if value not in allowed:
        raise Misasked(_wrong(name, _none_such(value), allowed))


def _none_such(value: str) -> Text:
    return Text(f"»{value}« findes ikke.", f"There is no “{value}”.")


def _wrong(name: str, reason: Text, allowed: Sequence[str]) -> Text:
    if not allowed:
        return Text(f"{name}: {reason.da}", f"{name}: {reason.en}")
    some = ", ".join(allowed[:_MOST]) + (" …" if len(allowed) > _MOST else "")
    return Text(f"{name}: {reason.da} Det kan være: {some}", f"{name}: {reason.en} It may be: {some}")


@per_state
def findings_index(state: State) -> Index[Finding]:
    """The findings in order; the field ``thing`` is any node that a finding names, ``fingerprint`` is its address."""
    return Index(
        wording.ordered(state.report),
        {
            "shown": _kinds,
            "severity": lambda finding: (str(finding.severity),),
            "organisation": lambda finding: (finding.actor.organisation or NOBODY,),
            "role": lambda finding: (finding.actor.role or NOBODY,),
            "person": lambda finding: (finding.actor.person,),
            "subject": lambda finding: (finding.subject,),
            "rule": lambda finding: (finding.code,),
            "thing": lambda finding: (
                *(finding.subject, finding.focus, finding.value, *finding.path),
                *(finding.actor.organisation, finding.actor.person),
            ),
            "fingerprint": lambda finding: (finding.fingerprint,),
        },
    )


def _kinds(finding: Finding) -> Iterator[str]:
    """The values of the filter ``shown`` that include a finding; ``counts`` is the default."""
    if finding.counts:
        yield "counts"
    if finding.waived is not None:
        yield "waived"
    elif finding.group is not None:
        yield "unrecorded"
    if finding.deferred is not None:
        yield "deferred"


def finding_filters(state: State, selection: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters of findings."""
    index = findings_index(state)
    shown = (
        ("waived", wording.ACCEPTED),
        ("unrecorded", WORDS["not_recorded"]),
        ("deferred", wording.DEFERRED),
        ("all", WORDS["all"]),
    )
    return (
        Filter("severity", WORDS["severity"], tuple((str(level), wording.SEVERITY[level]) for level in Severity)),
        Filter("shown", WORDS["shown"], shown, WORDS["nothing_else"]),
        Filter(
            "rule",
            WORDS["rule"],
            tuple((c, Text.same(c)) for c in sorted({*index.counts("rule"), selection.get("rule", "")} - {""})),
        ),
        filter_of(state, selection, "organisation", "organisation", index),
        filter_of(state, selection, "role", "role", index),
        filter_of(state, selection, "person", "person", index),
    )


def findings(state: State, query: Mapping[str, str]) -> Sequence[Finding]:
    """The findings of a selection (``finding_selection``), in order."""
    index = findings_index(state)
    shown = query.get("shown") or "counts"
    selection = {**query, "shown": "" if shown == "all" else shown}
    rule = selection.pop("rule", "")
    rows = index.having(selection)
    return [finding for finding in rows if finding.code.startswith(rule)] if rule else rows


@per_state
def duties_index(state: State) -> Index[Duty]:
    """The duties, most pressing first; the field ``thing`` is a subject or a holder, ``key`` is its address."""
    return Index(
        state.duties,
        {
            "state": lambda duty: (str(duty.state),),
            "holder": lambda duty: (duty.holder.organisation,),
            "role": lambda duty: (duty.holder.role,),
            "person": lambda duty: (duty.holder.person,),
            "agreement": lambda duty: (duty.subject, *duty.agreements),
            "under": lambda duty: duty.agreements,
            "month": lambda duty: (month(duty, state.report.as_of),),
            "thing": lambda duty: (
                *(duty.subject, *duty.agreements),
                *(duty.holder.organisation, duty.holder.person, duty.holder.role),
            ),
            "key": lambda duty: (duty_key(duty),),
            "finding": lambda duty: (duty.finding,),
        },
    )


def month(duty: Duty, today: date) -> str | None:
    """The month of a duty in a calendar, such as 2026-12; ``late`` before today, None for a duty that is not in it."""
    if duty.due is None or duty.state is DutyState.NOT_RECORDED:
        return None
    return LATE if duty.due < today else f"{duty.due:%Y-%m}"


def months(values: Iterable[str]) -> list[str]:
    """The months in order, ``late`` first."""
    return sorted(values, key=lambda value: (value != LATE, value))


def month_name(value: str) -> Text:
    """The name of a month."""
    if value == LATE:
        return Text("før i dag", "before today")
    year, _, number = value.partition("-")
    danish, english = MONTHS[int(number) - 1]
    return Text(f"{danish} {year}", f"{english} {year}")


def duty_filters(state: State, selection: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters of duties."""
    index = duties_index(state)
    lengths = (
        ("30d", Text("30 dage", "30 days")),
        ("90d", Text("90 dage", "90 days")),
        ("1y", Text("et år", "a year")),
    )
    return (
        Filter("state", WORDS["state"], tuple((str(item), duty_words.STATE[item]) for item in DutyState)),
        Filter("within", WORDS["within"], lengths),
        filter_of(state, selection, "holder", "organisation", index),
        filter_of(state, selection, "role", "role", index),
        filter_of(state, selection, "person", "person", index),
        filter_of(state, selection, "agreement", "agreement", index, "under"),
        Filter("month", WORDS["month"], tuple((value, month_name(value)) for value in months(index.counts("month")))),
    )


def besides_duties(state: State, selection: Mapping[str, str]) -> Sequence[Finding]:
    """The findings that no duty is about, of the people and the agreement of a selection of duties, gravest first."""
    chosen = duty_filter(state, {**selection, "state": ""})
    return [finding for finding in _besides(state) if chosen.takes_finding(finding)]


def ending_soon(state: State, selection: Mapping[str, str]) -> Sequence[Finding]:
    """The findings of the same that an answer or a waiver closes, but not for long, gravest first."""
    chosen = duty_filter(state, selection)
    closed = ending(state.report, state.duties, chosen.horizon(state.report.as_of))
    return [finding for finding in closed if chosen.takes_finding(finding)]


def duty_filter(state: State, selection: Mapping[str, str]) -> DutyFilter:
    """A selection of duties (``duty_selection``) as a filter."""
    holder, role, person, agreement = (selection.get(key) or None for key in ("holder", "role", "person", "agreement"))
    within, in_state = selection.get("within"), selection.get("state")
    until = span(within).after(state.report.as_of) if within else None
    states = frozenset({DutyState(in_state)}) if in_state else frozenset[DutyState]()
    return DutyFilter(holder, role, person, agreement, until, states)


@per_state
def _besides(state: State) -> Sequence[Finding]:
    return besides(state.report, state.duties)


def duties(state: State, query: Mapping[str, str]) -> Sequence[Duty]:
    """The duties of a selection (``duty_selection``), most pressing first."""
    rows = duties_index(state).having(query)
    if not query.get("within"):
        return rows
    due = DutyFilter(until=span(query["within"]).after(state.report.as_of))
    return [duty for duty in rows if due.takes(duty)]
