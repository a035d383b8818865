"""All on one page: the first page, the measures of risk, the map and the report."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pyoxigraph as ox

from graphsc.analysis import sections as content
from graphsc.analysis.risk import Assessment, risk_triples
from graphsc.drawing.dates import merge
from graphsc.drawing.records import Records, records
from graphsc.duties import duties
from graphsc.duties.duties import Duty
from graphsc.rendering.contract import written
from graphsc.rendering.findings.text import Item, blocks
from graphsc.rendering.map.page import render as render_map
from graphsc.rendering.map.page import title
from graphsc.rendering.report import render as render_report
from graphsc.rendering.risk import explained, json
from graphsc.service import validate
from graphsc.service.lookup import UnknownNameError
from graphsc.service.map import Mapped
from graphsc.service.opened import as_of
from graphsc.service.report.document import ReportOptions, report
from graphsc.service.risk import assess
from graphsc.validation import wording
from graphsc.validation.findings import Severity
from graphsc.web import choices
from graphsc.web.answering import Page, render
from graphsc.web.desk import State, per_state
from graphsc.web.pages.thing import picture
from graphsc.web.visit import NoSuchPage, Paged, Visit, paged
from graphsc.whatif.model import Findings, compared_findings

_MOST, _CHANGES = 8, 100
_WEEK = timedelta(days=7)
_SOON = timedelta(days=60)
_ROWS = 15
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_BODY = re.compile(r"<body[^>]*>")


def start(visit: Visit) -> Page:
    """The first page."""
    state, report = visit.state, visit.state.report
    due = coming(state)
    context = {
        "items": [block[0] for block in wrong(state)[:_MOST]],
        "counted": sum(len(item.findings) for block in wrong(state) for item in block),
        "due": due[:_MOST],
        "more_due": max(0, len(due) - _MOST),
        "duty_counts": choices.duties_index(state).counts("state"),
        "changed": changed(state),
        "most_changes": _CHANGES,
        "breaches": report.count(Severity.BREACH),
        "questions": report.count(Severity.QUESTION),
        "unkept": [group for group in wording.not_recorded(report) if wording.is_register(group)],
        "holdings": wording.holdings(report, visit.language),
        "nothing": wording.nothing(report, visit.language),
        "deferral": wording.deferral(report, visit.language),
    }
    return Page("start.html", context, json=lambda: _json(visit))


@per_state
def wrong(state: State) -> list[list[Item]]:
    """The findings that count, as things to do, gravest first."""
    return blocks([finding for finding in state.report.findings if finding.counts], state.rules)


def coming(state: State) -> list[Duty]:
    """The overdue duties, then those that fall due soon, each by day."""
    today = state.report.as_of
    return duties.coming(state.duties, today, today + _SOON)


@per_state
def changed(state: State) -> Findings:
    """The findings that are new or gone within a week."""
    if state.part is not None:
        whole = changed(state.part.whole)
        return Findings({}, {}, state.part.findings(whole.new), state.part.findings(whole.gone))
    report, _ = validate(as_of(state.opened, state.report.as_of - _WEEK))
    return compared_findings(report, state.report)


def _json(visit: Visit) -> str:
    state, changes = visit.state, changed(visit.state)
    return written(
        {
            "schema": "graphsc.start/1",
            "asOf": state.report.as_of.isoformat(),
            "partial": state.report.partial,
            "summary": {
                "breach": state.report.count(Severity.BREACH),
                "question": state.report.count(Severity.QUESTION),
                "note": state.report.count(Severity.NOTE),
                "waived": state.report.waived,
                "stated": state.report.stated,
                "notRecorded": state.report.not_recorded,
            },
            "duties": dict(sorted(choices.duties_index(state).counts("state").items())),
            "sinceLastWeek": {
                "new": [{"fingerprint": finding.fingerprint, "message": finding.message} for finding in changes.new],
                "gone": [{"fingerprint": finding.fingerprint, "message": finding.message} for finding in changes.gone],
            },
        }
    )


@per_state
def measured(state: State) -> Assessment:
    """The measures of risk of a state."""
    return assess(state.opened)


@per_state
def measures(state: State) -> list[ox.Triple]:
    """The measures of a state as triples."""
    return list(risk_triples(measured(state).risk))


def risk(visit: Visit) -> Page:
    """The measures of risk, or with ``?node=`` those of one thing with their facts; JSON has a page of each list. Raises NoSuchPage."""
    assessment, node = measured(visit.state), visit.query.get("node")
    try:
        title = explained.title(assessment, node) if node else content.title(assessment)
        parts = explained.sections(assessment, node, _ROWS) if node else content.sections(assessment, _ROWS)
    except (UnknownNameError, KeyError):
        raise NoSuchPage from None
    shown: Paged[Any] | None = None
    if visit.form == "json":
        shown = paged(range(json.longest(assessment)), visit)
    elif visit.form in {"ttl", "jsonld"}:
        shown = paged(measures(visit.state), visit)
    rows = shown.rows if shown is not None else ()
    part = shown.part if shown is not None and shown.pages > 1 else json.WHOLE
    return Page(
        "sections.html",
        {"title": title, "sections": parts, "forms": ["ttl", "jsonld", "json"]},
        json=lambda: json.render(assessment, part),
        triples=lambda: rows,
        paged=shown,
    )


def drawn(visit: Visit) -> Page:
    """The map."""
    return _whole(visit, render_map(_mapped(visit.state), title=title(picture(visit.state)), language=visit.language))


def printed(visit: Visit) -> Page:
    """The report; for a reader of one part, that of the party."""
    state = visit.state
    whole = state.opened if state.part is None else state.part.whole.opened
    contents = state.memo("report", lambda: report(whole, ReportOptions(party=state.party, quarters=0)))
    return _whole(visit, render_report(contents, language=visit.language))


def _mapped(state: State) -> Mapped:
    """The content of the map; for a reader of one part without records of agreements and people, which name others."""
    return Mapped(
        dated=merge([picture(state)], state.report.as_of),
        report=state.report,
        rules=state.rules,
        duties=tuple(state.duties),
        risk=measured(state).risk,
        labels=state.labels,
        problems=state.report.problems,
        records=Records() if state.part is not None else records(state.opened.dataset, state.opened.sources.locate),
    )


def _whole(visit: Visit, page: str) -> Page:
    """A self-contained page with its content security policy, which has the hashes of its scripts and styles.

    A link to the other pages is put before its content, and the warning of trouble if there is any.
    """
    match = _POLICY.search(page)
    assert match is not None
    before = render("way-back.html", visit, {})
    page = _BODY.sub(lambda body: f"{body[0]}\n{before}", page, count=1)
    return Page(whole=page, policy=f"{html.unescape(match[1])}; frame-ancestors 'none'")
