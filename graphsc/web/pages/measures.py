"""Risk: the same sections as on the command line."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.triples import facts
from graphsc.rendering import risk as risking
from graphsc.rendering.risk import content, explained
from graphsc.service.lookup import UnknownNameError
from graphsc.service.risk import assess
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.visit import NoSuchPage, Visit


def measured(state: State) -> Assessment:
    """The measures of risk of a state."""
    return state.once("risk", lambda: assess(state.opened))


def risk(visit: Visit) -> Page:
    """The measures of risk, or with ``?node=`` what those of one thing rest on."""
    assessment = measured(visit.state)
    node = visit.query.get("node")
    try:
        title = content.title(assessment) if not node else explained.title(assessment, node)
        parts = content.sections(assessment, 15) if not node else explained.sections(assessment, node, 15)
    except (UnknownNameError, KeyError):
        raise NoSuchPage from None
    return Page(
        "sections.html",
        {"title": title, "sections": parts, "forms": ["ttl", "jsonld", "json"], "note": None},
        json=lambda: risking.render("json", assessment, language=visit.language),
        triples=lambda: facts(assessment.risk),
    )
