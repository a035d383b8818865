"""The pages, a module each: from a visit, which knows what its reader may see, to what the page holds."""

from __future__ import annotations

from collections.abc import Callable

from graphsc.core.text import Text
from graphsc.rendering.contract import both, written
from graphsc.web.answering import Page
from graphsc.web.pages import duties, findings, measures, pictures, rules, search, start, thing
from graphsc.web.visit import Visit

PAGES: tuple[tuple[str, Callable[[Visit], Page]], ...] = (
    ("/", start.page),
    ("/findings", findings.page),
    ("/findings/{fingerprint}", findings.one),
    ("/duties", duties.page),
    ("/duties/{key}", duties.one),
    ("/calendar.ics", duties.as_calendar),
    ("/risk", measures.risk),
    ("/coverage", measures.coverage),
    ("/statements", measures.statements),
    ("/statements/{name}", measures.statement),
    ("/rules", rules.page),
    ("/rules/{code}", rules.one),
    ("/map", pictures.drawn),
    ("/report", pictures.printed),
    ("/search", search.page),
    ("/thing", thing.named),
    ("/{id:path}", thing.page),
)
"""The pages by their paths; the last takes what no other does."""


def misasked(reason: Text) -> Page:
    """That an address asks for a value that there is none of."""
    told = {"error": both(reason)}
    return Page("misasked.html", {"reason": reason}, json=lambda: written(told), status=400)


def missing(visit: Visit) -> Page:
    """That there is nothing at an address."""
    return Page("missing.html", {"asked": visit.path}, json=lambda: "{}\n", status=404)
