"""The first page: findings, duties, and changes since last week."""

from __future__ import annotations

from datetime import timedelta

from graphsc.duties import duties
from graphsc.duties.duties import Duty
from graphsc.rendering import wording
from graphsc.rendering.contract import written
from graphsc.rendering.findings.folding import Item, blocks
from graphsc.service import validate
from graphsc.service.opened import as_of
from graphsc.validation.findings import Severity
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.memo import Pending
from graphsc.web.visit import Visit
from graphsc.whatif.model import Findings, compared_findings

_MOST, _CHANGES = 8, 100
_WEEK = timedelta(days=7)
_SOON = timedelta(days=60)


def page(visit: Visit) -> Page:
    """The first page; changes take longest to compute, and the page is shown without them meanwhile."""
    state = visit.state
    due = coming(state)
    try:
        changes = changed(state)
    except Pending:
        if visit.form != "html":
            raise
        changes = None
    context = {
        "items": [block[0] for block in wrong(state)[:_MOST]],
        "counted": sum(len(item.findings) for block in wrong(state) for item in block),
        "due": due[:_MOST],
        "more_due": max(0, len(due) - _MOST),
        "duty_counts": choices.duties_index(state).counts("state"),
        "changed": changes,
        "most_changes": _CHANGES,
        "violations": state.report.count(Severity.VIOLATION),
        "warnings": state.report.count(Severity.WARNING),
        **state.memo(("said at first", visit.language), lambda: _sentences(visit)),
    }
    return Page("start.html", context, json=lambda: _json(visit), pending=changes is None)


def _sentences(visit: Visit) -> dict[str, object]:
    """The sentences about all findings of a state."""
    report, language = visit.state.report, visit.language
    return {
        "unkept": [group for group in wording.not_recorded(report) if wording.is_register(group)],
        "holdings": wording.holdings(report, language),
        "nothing": wording.nothing(report, language),
        "deferral": wording.deferral(report, language),
    }


def wrong(state: State) -> list[list[Item]]:
    """The findings that count, as things to do, gravest first."""
    return state.memo(
        "blocks", lambda: blocks([finding for finding in state.report.findings if finding.counts], state.rules)
    )


def coming(state: State) -> list[Duty]:
    """The overdue duties, then those that fall due soon, each by day."""
    today = state.report.as_of
    return state.memo("coming", lambda: duties.coming(state.duties, today, today + _SOON))


def changed(state: State) -> Findings:
    """The findings that are new or gone within a week."""
    if state.part is None:
        return state.memo.in_turn("changed", lambda: _changed(state))
    part, whole = state.part, changed(state.part.whole)
    return state.memo("changed", lambda: Findings({}, {}, part.findings(whole.new), part.findings(whole.gone)))


def _changed(state: State) -> Findings:
    """The findings of today compared with those of the same data as of a week ago."""
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
                "violation": state.report.count(Severity.VIOLATION),
                "warning": state.report.count(Severity.WARNING),
                "info": state.report.count(Severity.INFO),
                "waived": state.report.waived,
                "notRecorded": state.report.not_recorded,
            },
            "duties": dict(sorted(choices.duties_index(state).counts("state").items())),
            "sinceLastWeek": {
                "new": [{"fingerprint": finding.fingerprint, "message": finding.message} for finding in changes.new],
                "gone": [{"fingerprint": finding.fingerprint, "message": finding.message} for finding in changes.gone],
            },
        }
    )
