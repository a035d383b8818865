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
    ("/findings/{fingerprint}", findings.detail),
    ("/duties", duties.page),
    ("/duties/{key}", duties.detail),
    ("/calendar.ics", duties.as_calendar),
    ("/risk", measures.risk),
    ("/coverage", coverage.coverage),
    ("/statements", coverage.statements),
    ("/statements/{name}", coverage.statement),
    ("/rules", rules.page),
    ("/rules/{code}", rules.detail),
    ("/map", pictures.drawn),
    ("/report", pictures.printed),
    ("/search", search.page),
    ("/thing", thing.named),
    ("/{id:path}", thing.page),
)
"""The pages by their paths; the last takes what no other does."""


SHARED: tuple[Callable[[State], object], ...] = (
    thing.matrices_of,
    start.coming,
    start.wrong,
    choices.duties_index,
    choices.findings_index,
    search.searched,
    thing.picture,
    coverage.cells,
    coverage.in_short,
    start.changed,
    measures.measured,
)
"""What many pages need of a state, each worked out once, in the order that readers are likely to ask for it."""


def misasked(reason: Text) -> Page:
    """The page for an address with a value that does not exist."""
    document = {"error": reason}
    return Page("misasked.html", {"reason": reason}, json=lambda: written(document), status=400)


def pending(state: State) -> Page:
    """That what an address asks for is still being worked out, and what else is."""
    working = working_on(state)
    document = {"error": WORDS["pending"], "workingOut": working}
    return Page("pending.html", {"working": working}, json=lambda: written(document), status=503, pending=True)


def working_on(state: State) -> list[Text]:
    """What is being worked out of a state and pages wait for, in the order that it was asked for."""
    return [WORDS[key] for key in state.memo.under_way() if isinstance(key, str) and key in WORDS]


def missing(visit: Visit) -> Page:
    """That there is nothing at an address."""
    return Page("missing.html", {"path": visit.path}, json=lambda: "{}\n", status=404)
