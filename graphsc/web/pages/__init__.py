"""The pages, a module each: from a visit, narrowed to what its reader may see, to the content of the page."""

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
"""The pages by their paths; the last takes all other paths."""


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
"""Values of a state that many pages need, in the order in which readers are likely to need them."""


def misasked(reason: Text) -> Page:
    """The page for an address with a value that does not exist."""
    document = {"error": reason}
    return Page("misasked.html", {"reason": reason}, json=lambda: written(document), status=400)


def pending(state: State) -> Page:
    """The page for a value that is still being computed, with everything else that is."""
    working = working_on(state)
    document = {"error": WORDS["pending"], "workingOut": working}
    return Page("pending.html", {"working": working}, json=lambda: written(document), status=503, pending=True)


def working_on(state: State) -> list[Text]:
    """The values of a state that are being computed and pages wait for, in the order of the requests."""
    return [WORDS[key] for key in state.memo.under_way() if isinstance(key, str) and key in WORDS]


def missing(visit: Visit) -> Page:
    """The page for an address without anything."""
    return Page("missing.html", {"path": visit.path}, json=lambda: "{}\n", status=404)
