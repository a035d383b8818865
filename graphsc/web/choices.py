"""Choosing findings and duties by what an address asks for, and the choices that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphsc.core.text import Text
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.rendering import wording
from graphsc.rendering.duties import words as owing
from graphsc.service.duties import span
from graphsc.validation.findings import Finding, Severity
from graphsc.web.desk import State
from graphsc.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of a form that filters: its parameter, what it is called, and its options, each a value and a name."""

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...]


def _options(state: State, iris: Iterable[str | None]) -> tuple[tuple[str, Text], ...]:
    return tuple(sorted(((iri, state.name(iri)) for iri in {one for one in iris if one}), key=lambda one: one[1]))


def finding_filters(state: State) -> tuple[Filter, ...]:
    """What findings can be filtered by."""
    found = state.report.findings
    return (
        Filter("severity", WORDS["severity"], tuple((str(one), wording.SEVERITY[one]) for one in Severity)),
        Filter(
            "shown",
            WORDS["shown"],
            (
                ("waived", wording.ACCEPTED),
                ("unrecorded", WORDS["not_recorded"]),
                ("deferred", wording.DEFERRED),
                ("all", WORDS["all"]),
            ),
        ),
        Filter("rule", WORDS["rule"], tuple((c, Text.same(c)) for c in sorted({one.code for one in found}))),
        Filter("organisation", WORDS["organisation"], _options(state, (one.actor.organisation for one in found))),
        Filter("role", WORDS["role"], _options(state, (one.actor.role for one in found))),
        Filter("person", WORDS["person"], _options(state, (one.actor.person for one in found))),
    )


def findings(state: State, query: Mapping[str, str]) -> list[Finding]:
    """The findings that an address asks for, in the order that they are shown."""
    shown = query.get("shown", "")
    tests: list[Callable[[Finding], bool]] = []
    if shown == "waived":
        tests.append(lambda one: one.waived is not None)
    elif shown == "unrecorded":
        tests.append(lambda one: one.group is not None and one.waived is None)
    elif shown == "deferred":
        tests.append(lambda one: one.deferred is not None)
    elif shown != "all":
        tests.append(lambda one: one.counts)
    asked: Sequence[tuple[str, Callable[[Finding], str | None]]] = (
        ("severity", lambda one: str(one.severity)),
        ("organisation", lambda one: one.actor.organisation),
        ("role", lambda one: one.actor.role),
        ("person", lambda one: one.actor.person),
        ("subject", lambda one: one.subject),
    )
    tests += [_is(query[name], value) for name, value in asked if query.get(name)]
    if rule := query.get("rule"):
        tests.append(lambda one: one.code.startswith(rule))
    return [one for one in wording.ordered(state.report) if all(test(one) for test in tests)]


def _is(wanted: str, value: Callable[[Finding], str | None]) -> Callable[[Finding], bool]:
    return lambda one: value(one) == wanted


def duty_filters(state: State) -> tuple[Filter, ...]:
    """What duties can be filtered by."""
    found = state.duties
    lengths = (
        ("30d", Text("30 dage", "30 days")),
        ("90d", Text("90 dage", "90 days")),
        ("1y", Text("et år", "a year")),
    )
    return (
        Filter("state", WORDS["state"], tuple((str(one), owing.STATE[one]) for one in DutyState)),
        Filter("within", WORDS["within"], lengths),
        Filter("holder", WORDS["organisation"], _options(state, (one.holder.organisation for one in found))),
        Filter("role", WORDS["role"], _options(state, (one.holder.role for one in found))),
        Filter("person", WORDS["person"], _options(state, (one.holder.person for one in found))),
        Filter("agreement", WORDS["agreement"], _options(state, (iri for one in found for iri in one.agreements))),
    )


def duties(state: State, query: Mapping[str, str]) -> list[Duty]:
    """The duties that an address asks for, most pressing first; what it asks wrongly leaves none."""
    from graphsc.duties.results import DutyFilter

    states = frozenset(one for one in DutyState if str(one) == query.get("state"))
    if query.get("state") and not states:
        return []
    try:
        until = span(query["within"]).after(state.report.as_of) if query.get("within") else None
    except (ValueError, OverflowError):
        return []
    wanted = DutyFilter(
        holder=query.get("holder") or None,
        role=query.get("role") or None,
        person=query.get("person") or None,
        agreement=query.get("agreement") or None,
        until=until,
        states=states,
    )
    return [duty for duty in state.duties if wanted.takes(duty)]
