"""The duties of an input, the gaps in responsibility and handovers: ``graphsc duties``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from graphsc.core.identifiers import iris
from graphsc.core.periods import Period
from graphsc.core.vocabulary import ROOT
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.duties.facts import rows
from graphsc.duties.gaps import gaps as all_gaps
from graphsc.duties.gaps import leaves
from graphsc.duties.results import Duties, DutyFilter, Gaps, Handover
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.lookup import find
from graphsc.validation import Report, Rule, wording
from graphsc.validation.findings import Finding

_SHORT = re.compile(r"(\d{1,4})\s*([dwmyåu])", re.IGNORECASE)
_UNITS = {"å": "Y", "u": "W"}
_ALL = DutyFilter()


def duties(opened: Opened, criteria: DutyFilter = _ALL) -> Duties:
    """The duties of an opened input, most pressing first."""
    report, rules = validate(opened)
    states = criteria.states or frozenset(State)
    until = criteria.until or date.max
    result = all_duties(opened.dataset, opened.settings, report, rules, states=states, until=until)
    selected = [duty for duty in result if criteria.takes(duty)]
    others = [finding for finding in besides(report, result) if criteria.takes_finding(finding)]
    soon = criteria.horizon(report.as_of)
    closed = [finding for finding in ending(report, result, soon) if criteria.takes_finding(finding)]
    return listed(opened, report, rules, selected, others, Labels(opened.dataset), criteria, closed)


def ending(report: Report, duties: Iterable[Duty], until: date) -> list[Finding]:
    """The findings that an answer or a waiver closes no longer than to a day, and that no accepted duty tells, gravest first."""
    told = {duty.finding for duty in duties if duty.state is State.WAIVED}
    return [
        finding
        for finding in wording.ordered(report)
        if finding.closed_until is not None and finding.closed_until <= until and finding.fingerprint not in told
    ]


def besides(report: Report, duties: Iterable[Duty]) -> list[Finding]:
    """The findings that count and that none of the duties is about, gravest first."""
    told = {duty.finding for duty in duties}
    return [finding for finding in wording.counted(report) if finding.fingerprint not in told]


def listed(
    opened: Opened,
    report: Report,
    rules: Mapping[str, Rule],
    selected: Sequence[Duty],
    findings: Sequence[Finding],
    labels: Labels,
    criteria: DutyFilter = _ALL,
    closed: Sequence[Finding] = (),
) -> Duties:
    """Duties, findings that are none, and such as are ``closed`` for a time, with the labels of all IRIs in them."""
    mentioned = iris(tuple(selected)).union(*(finding.mentioned() for finding in (*findings, *closed)))
    return Duties(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        rules=rules,
        duties=tuple(selected),
        findings=tuple(findings),
        ending=tuple(closed),
        addresses={plain(row["person"]): plain(row["address"]) for row in rows(opened.dataset, "addresses")},
        labels=labels.of(mentioned),
        locate=cache(opened.sources.locate),  # many duties have the same subject
        asked=criteria,
    )


def duty_filter(
    opened: Opened,
    *,
    holder: str | None = None,
    role: str | None = None,
    person: str | None = None,
    agreement: str | None = None,
    within: Period | None = None,
    states: Sequence[State] = (),
) -> DutyFilter:
    """A filter from names as a person writes them. Raises UnknownNameError."""
    labels = Labels(opened.dataset)

    def iri(text: str | None, sort: str) -> str | None:
        return None if text is None else find(opened.dataset, labels, text, sort)

    return DutyFilter(
        holder=iri(holder, "Organisation"),
        role=iri(role, "role"),
        person=iri(person, "Person"),
        agreement=iri(agreement, "Agreement"),
        until=within.after(opened.settings.as_of) if within is not None else None,
        states=frozenset(states),
    )


def span(text: str) -> Period:
    """A period as a person writes it: ``30d``, ``2w``, ``3m``, ``1y``, or in ISO 8601. Raises ValueError."""
    short = _SHORT.fullmatch(text.strip())
    if short is None:
        return Period.parse(text.strip().upper())
    unit = short[2].lower()
    return Period.parse(f"P{short[1]}{_UNITS.get(unit, unit.upper())}")


def gaps(opened: Opened, criteria: DutyFilter = _ALL, most: Mapping[str, int] | None = None) -> Gaps:
    """The gaps in responsibility of an opened input, in the order of their kinds.

    They are filtered by holder, role, person and agreement of the ``criteria``. ``most`` is the most that one person may have,
    by the short name of the gap (``many-roles``, ``many-agreements``, ``many-duties``).
    """
    report, rules = validate(opened)
    duties = all_duties(opened.dataset, opened.settings, report, rules)
    limits = {f"{ROOT}gap/{name}": number for name, number in (most or {}).items()}
    result = [
        gap
        for gap in all_gaps(opened.dataset, duties, report.as_of, limits)
        if criteria.holder in {None, gap.organisation, gap.other}
        and criteria.role in {None, gap.role}
        and criteria.person in {None, gap.person}
        and (criteria.agreement is None or criteria.agreement in gap.subjects)
    ]
    unrecorded = [
        duty
        for duty in duties
        if duty.holder.organisation
        and duty.holder.role
        and not duty.holder.person
        and not duty.roles_kept
        and criteria.takes(duty)
    ]
    labels = Labels(opened.dataset)
    return Gaps(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        gaps=tuple(result),
        labels=labels.of(iris(result)),
        unrecorded=len(unrecorded),
    )


def if_leaves(opened: Opened, person: str) -> Handover:
    """The handover of a person who leaves on the evaluation date of the input.

    ``person`` is named as a person writes it. Raises UnknownNameError.
    """
    labels = Labels(opened.dataset)
    who = find(opened.dataset, labels, person, "Person")
    report, rules = validate(opened)
    duties = all_duties(opened.dataset, opened.settings, report, rules)
    left_behind = leaves(opened.dataset, duties, who, report.as_of)
    return Handover(
        on=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        left=left_behind,
        labels=labels.of(iris(left_behind)),
    )
