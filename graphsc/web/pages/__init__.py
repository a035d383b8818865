"""The pages, a module each: from a visit, which knows what its reader may see, to what the page holds."""

from __future__ import annotations

from collections.abc import Callable

from graphsc.core.text import Text
from graphsc.rendering.contract import written
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.pages import coverage, duties, findings, measures, pictures, rules, search, start, thing
from graphsc.web.visit import Visit
from graphsc.web.words import WORDS

PAGES: tuple[tuple[str, Callable[[Visit], Page]], ...] = (
    ("/", start.page),
    ("/findings", findings.page),
    ("/findings/{fingerprint}", findings.one),
    ("/duties", duties.page),
    ("/duties/{key}", duties.one),
    ("/calendar.ics", duties.as_calendar),
    ("/risk", measures.risk),
    ("/coverage", coverage.coverage),
    ("/statements", coverage.statements),
    ("/statements/{name}", coverage.statement),
    ("/rules", rules.page),
    ("/rules/{code}", rules.one),
    ("/map", pictures.drawn),
    ("/report", pictures.printed),
    ("/search", search.page),
    ("/thing", thing.named),
    ("/{id:path}", thing.page),
)
"""The pages by their paths; the last takes what no other does."""


SHARED: tuple[Callable[[State], object], ...] = (
    start.coming,
    start.wrong,
    choices.duties_index,
    choices.findings_index,
    search.searched,
    measures.measured,
    thing.matrices_of,
    thing.picture,
    coverage.cells,
    coverage.in_short,
)
"""What many pages need of a state, each worked out once."""


def misasked(reason: Text) -> Page:
    """That an address asks for a value that there is none of."""
    told = {"error": reason}
    return Page("misasked.html", {"reason": reason}, json=lambda: written(told), status=400)


def pending() -> Page:
    """That what an address asks for is still being worked out."""
    told = {"error": WORDS["pending"]}
    return Page("pending.html", json=lambda: written(told), status=503, pending=True)


def missing(visit: Visit) -> Page:
    """That there is nothing at an address."""
    return Page("missing.html", {"asked": visit.path}, json=lambda: "{}\n", status=404)
