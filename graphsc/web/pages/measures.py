"""Risk: the same sections as on the command line."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from graphsc.analysis.risk import Assessment, risk_triples
from graphsc.rendering.risk import content, explained, json
from graphsc.service.lookup import UnknownNameError
from graphsc.service.risk import assess
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.paging import Paged, paged
from graphsc.web.visit import NoSuchPage, Visit

_ROWS = 15


def measured(state: State) -> Assessment:
    """The measures of risk of a state."""
    return state.memo.in_turn("risk", lambda: assess(state.opened))


def triples(state: State) -> list[ox.Triple]:
    """The measures of a state as triples."""
    return state.memo("measures as triples", lambda: list(risk_triples(measured(state).risk)))


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
        shown = paged(triples(visit.state), visit)
    rows = shown.rows if shown is not None else ()
    part = shown.part if shown is not None and shown.pages > 1 else json.WHOLE
    return Page(
        "sections.html",
        {"title": title, "sections": parts, "forms": ["ttl", "jsonld", "json"]},
        json=lambda: json.render(assessment, part),
        triples=lambda: rows,
        paged=shown,
    )
