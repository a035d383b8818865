"""Risk, and how the guide is covered: the same sections as on the command line."""

from __future__ import annotations

from dataclasses import replace

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.triples import facts
from graphsc.coverage import triples as recorded
from graphsc.coverage.results import Coverage
from graphsc.graph.loading import load
from graphsc.rendering import coverage as covering
from graphsc.rendering import risk as risking
from graphsc.rendering import wording
from graphsc.rendering.coverage import content as coverage_content
from graphsc.rendering.coverage import words as coverage_words
from graphsc.rendering.risk import content, explained
from graphsc.service.coverage import coverage as cover
from graphsc.service.lookup import UnknownNameError
from graphsc.service.risk import assess
from graphsc.sources import Sources
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.visit import NoSuchPage, Visit
from graphsc.web.words import WORDS


def measured(state: State) -> Assessment:
    """The measures of risk of a state."""
    return state.once("risk", lambda: assess(state.opened))


def covered(state: State) -> Coverage:
    """How the guide stands in a state.

    For one party only what the guide says and what treats it: whether all else is met, its part cannot tell.
    """
    return state.once("coverage", lambda: _covered(state))


def _covered(state: State) -> Coverage:
    if state.part is None:
        return cover(state.opened, judged=(state.report, dict(state.rules)))
    nothing = load(Sources([], []), state.opened.settings, state.opened.own.triples)
    report = replace(state.report, findings=(), inputs=(), rules=())
    return state.clean(cover(replace(state.opened, dataset=nothing), judged=(report, dict(state.rules))))


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


def coverage(visit: Visit) -> Page:
    """How the guide's recommendations stand, agreement by agreement."""
    result = covered(visit.state)
    return Page(
        "coverage.html",
        {"sections": coverage_content.of_recommendations(result, brief=False), "found": result},
        json=lambda: str(covering.render("json", result, language=visit.language)),
        triples=lambda: recorded.standings(result.cells, result.rules),
    )


def statements(visit: Visit) -> Page:
    """Every statement of the guide, what treats it, and how that stands."""
    result = covered(visit.state)
    by_section: dict[str, list[object]] = {}
    for item in result.statements.values():
        by_section.setdefault(item.section, []).append(item)
    return Page(
        "statements.html",
        {"by_section": by_section, "found": result, "words": coverage_words},
        json=lambda: str(covering.render("json", result, language=visit.language)),
    )


def statement(visit: Visit) -> Page:
    """The page of one statement of the guide."""
    result = covered(visit.state)
    statement = result.statements.get(visit.path.rpartition("/")[2])
    if statement is None:
        raise NoSuchPage
    context = {
        "one": statement,
        "found": result,
        "checks": sorted(result.of_statement.get(statement.id, ()), key=lambda check: check.order),
        "recommendations": [some for some in result.recommendations if statement.id in some.statements],
        "scope": list(wording.scope(statement)),
        "carriers": [carrier.name for carrier in statement.carriers],
        "weight": coverage_words.WEIGHT.get(statement.weight, WORDS["weight"]),
        "words": coverage_words,
    }
    return Page("statement.html", context, json=lambda: str(covering.render("json", result, language=visit.language)))
