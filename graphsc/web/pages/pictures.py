"""The map and the report of the current state; each is a self-contained page."""

from __future__ import annotations

import html
import re

from graphsc.drawing.dates import merge
from graphsc.drawing.mapped import Mapped
from graphsc.drawing.records import Records, records
from graphsc.rendering.map.page import render as render_map
from graphsc.rendering.map.page import title
from graphsc.rendering.report import render as render_report
from graphsc.service.report.document import ReportOptions, report
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.pages.measures import measured
from graphsc.web.pages.thing import picture
from graphsc.web.templating import render
from graphsc.web.visit import Visit

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_BODY = re.compile(r"<body[^>]*>")


def drawn(visit: Visit) -> Page:
    """The map."""
    return _whole(visit, render_map(_mapped(visit.state), title=title(picture(visit.state)), language=visit.language))


def printed(visit: Visit) -> Page:
    """The report; for a reader of one part, that of the party."""
    state = visit.state
    whole = state.opened if state.part is None else state.part.whole.opened
    contents = state.memo.in_turn("report", lambda: report(whole, ReportOptions(party=state.party, quarters=0)))
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
