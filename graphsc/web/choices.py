"""Choosing findings and duties by what an address asks for, and the choices that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import ROOT
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.duties.results import DutyFilter
from graphsc.rendering import wording
from graphsc.rendering.duties import words as owing
from graphsc.service.duties import span
from graphsc.service.lookup import UnknownNameError, find
from graphsc.validation.findings import Finding, Severity
from graphsc.web.desk import State
from graphsc.web.visit import Misasked
from graphsc.web.words import WORDS

_WHO = {"role": ("role",), "person": ("Person",)}
_CLOSED = {"severity", "shown", "state"}
_MOST = 60
_BESIDE = {"group", "view", "all", "format", "lang"}
_NO_FILTER = Text("Det er der ikke noget filter for.", "There is no filter of that name.")


Options = tuple[tuple[str, Text], ...]
"""What can be chosen: values, each with what it is called."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of a form that filters: its parameter, what it is called, its options, and what choosing none of them means."""

    name: str
    label: Text
    options: Options
    none: Text = WORDS["any"]


def named(state: State, iris: Iterable[str]) -> Options:
    """Things by their names in order; those of one name are told apart by their ids."""
    names = {iri: state.name(iri) for iri in iris}
    counts = [Counter(name[language] for name in names.values()) for language in Language]

    def told_apart(iri: str, name: Text) -> Text:
        short = iri.removeprefix(state.report.base).removeprefix(ROOT)
        if all(count[name[language]] == 1 for count, language in zip(counts, Language, strict=True)):
            return name
        return Text(f"{name.da} ({short})", f"{name.en} ({short})")

    return tuple(sorted(((iri, told_apart(iri, name)) for iri, name in names.items()), key=lambda pair: pair[::-1]))


def _filter(state: State, asked: Mapping[str, str], name: str, label: str, iris: Iterable[str | None]) -> Filter:
    """A filter by the things that there are, and by the one that is asked for."""
    return Filter(name, WORDS[label], named(state, {iri for iri in (*iris, asked.get(name)) if iri}))


def asked_of_findings(state: State, query: Mapping[str, str]) -> dict[str, str]:
    """What an address asks of findings, the things by their IRIs. Raises Misasked."""
    asked = _resolved(
        state, query, {**_WHO, "organisation": ("Organisation",), "subject": ()}, finding_filters(state, {})
    )
    codes = state.rules.keys() | {finding.code for finding in state.report.findings}
    if rule := asked.get("rule"):
        known = sorted({code.rstrip("0123456789") for code in codes})
        if not any(code.startswith(rule) for code in codes):
            raise Misasked(_wrong("rule", _none_such(rule), known))
    return asked


def asked_of_duties(state: State, query: Mapping[str, str]) -> dict[str, str]:
    """What an address asks of duties, the things by their IRIs. Raises Misasked."""
    things = {**_WHO, "holder": ("Organisation",), "agreement": ("Agreement",)}
    asked = _resolved(state, query, things, duty_filters(state, {}))
    if within := asked.get("within"):
        try:
            span(within).after(state.report.as_of)
        except (ValueError, OverflowError):
            among("within", within, ["30d", "2w", "3m", "1y"])
    return asked


def _resolved(
    state: State, query: Mapping[str, str], things: Mapping[str, tuple[str, ...]], filters: Sequence[Filter]
) -> dict[str, str]:
    asked = {key: value.strip() for key, value in query.items()}
    known = [*(item.name for item in filters), *(name for name in things if name not in {f.name for f in filters})]
    for name in asked:
        if name not in known and name not in _BESIDE:
            raise Misasked(_wrong(name, _NO_FILTER, known))
    for item in filters:
        value, options = asked.get(item.name), [option for option, _ in item.options]
        if value and item.name in _CLOSED:
            among(item.name, value, options)
    for name, sorts in things.items():
        if value := asked.get(name):
            asked[name] = _iri(state, name, value, sorts, next((f.options for f in filters if f.name == name), ()))
    return asked


def _iri(state: State, name: str, text: str, sorts: tuple[str, ...], options: Iterable[tuple[str, Text]]) -> str:
    base = state.report.base
    there = [iri for iri, _ in options]
    if text in there:
        return text
    try:
        return find(state.opened.dataset, state.labels, text, *sorts, base=base)
    except UnknownNameError as error:
        known = [iri.removeprefix(base).removeprefix(ROOT) for iri in there]
        raise Misasked(_wrong(name, error.reason, known)) from None


def among(name: str, value: str, known: Sequence[str]) -> None:
    """Raise Misasked where a value is none of those known."""
    if value not in known:
        raise Misasked(_wrong(name, _none_such(value), known))


def _none_such(value: str) -> Text:
    return Text(f"»{value}« findes ikke.", f"There is no “{value}”.")


def _wrong(name: str, reason: Text, known: Sequence[str]) -> Text:
    if not known:
        return Text(f"{name}: {reason.da}", f"{name}: {reason.en}")
    some = ", ".join(known[:_MOST]) + (" …" if len(known) > _MOST else "")
    return Text(f"{name}: {reason.da} Det kan være: {some}", f"{name}: {reason.en} It may be: {some}")


def finding_filters(state: State, asked: Mapping[str, str]) -> tuple[Filter, ...]:
    """What findings can be filtered by."""
    result = state.report.findings
    return (
        Filter(
            "severity", WORDS["severity"], tuple((str(severity), wording.SEVERITY[severity]) for severity in Severity)
        ),
        Filter(
            "shown",
            WORDS["shown"],
            (
                ("waived", wording.ACCEPTED),
                ("unrecorded", WORDS["not_recorded"]),
                ("deferred", wording.DEFERRED),
                ("all", WORDS["all"]),
            ),
            WORDS["nothing_else"],
        ),
        Filter(
            "rule",
            WORDS["rule"],
            tuple(
                (c, Text.same(c)) for c in sorted({*(finding.code for finding in result), asked.get("rule", "")} - {""})
            ),
        ),
        _filter(state, asked, "organisation", "organisation", (finding.actor.organisation for finding in result)),
        _filter(state, asked, "role", "role", (finding.actor.role for finding in result)),
        _filter(state, asked, "person", "person", (finding.actor.person for finding in result)),
    )


def findings(state: State, query: Mapping[str, str]) -> list[Finding]:
    """The findings that an address asks for (``asked_of_findings``), in the order that they are shown."""
    shown = query.get("shown", "")
    tests: list[Callable[[Finding], bool]] = []
    if shown == "waived":
        tests.append(lambda finding: finding.waived is not None)
    elif shown == "unrecorded":
        tests.append(lambda finding: finding.group is not None and finding.waived is None)
    elif shown == "deferred":
        tests.append(lambda finding: finding.deferred is not None)
    elif shown != "all":
        tests.append(lambda finding: finding.counts)
    asked: Sequence[tuple[str, Callable[[Finding], str | None]]] = (
        ("severity", lambda finding: str(finding.severity)),
        ("organisation", lambda finding: finding.actor.organisation),
        ("role", lambda finding: finding.actor.role),
        ("person", lambda finding: finding.actor.person),
        ("subject", lambda finding: finding.subject),
    )
    tests += [_is(query[name], value) for name, value in asked if query.get(name)]
    if rule := query.get("rule"):
        tests.append(lambda finding: finding.code.startswith(rule))
    return [finding for finding in wording.ordered(state.report) if all(test(finding) for test in tests)]


def _is(wanted: str, value: Callable[[Finding], str | None]) -> Callable[[Finding], bool]:
    return lambda finding: value(finding) == wanted


def duty_filters(state: State, asked: Mapping[str, str]) -> tuple[Filter, ...]:
    """What duties can be filtered by."""
    result = state.duties
    lengths = (
        ("30d", Text("30 dage", "30 days")),
        ("90d", Text("90 dage", "90 days")),
        ("1y", Text("et år", "a year")),
    )
    return (
        Filter("state", WORDS["state"], tuple((str(item), owing.STATE[item]) for item in DutyState)),
        Filter("within", WORDS["within"], lengths),
        _filter(state, asked, "holder", "organisation", (duty.holder.organisation for duty in result)),
        _filter(state, asked, "role", "role", (duty.holder.role for duty in result)),
        _filter(state, asked, "person", "person", (duty.holder.person for duty in result)),
        _filter(state, asked, "agreement", "agreement", (iri for duty in result for iri in duty.agreements)),
    )


def duties(state: State, query: Mapping[str, str]) -> list[Duty]:
    """The duties that an address asks for (``asked_of_duties``), most pressing first."""
    states = frozenset(item for item in DutyState if str(item) == query.get("state"))
    until = span(query["within"]).after(state.report.as_of) if query.get("within") else None
    wanted = DutyFilter(
        holder=query.get("holder") or None,
        role=query.get("role") or None,
        person=query.get("person") or None,
        agreement=query.get("agreement") or None,
        until=until,
        states=states,
    )
    return [duty for duty in state.duties if wanted.takes(duty)]
