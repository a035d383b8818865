"""The pages, a module each: from a visit, narrowed to what its reader may see, to the content of the page."""

from __future__ import annotations

from collections.abc import Callable

from graphsc.core.text import Text
from graphsc.rendering.contract import written
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.pages import coverage, duties, findings, overview, search, thing
from graphsc.web.visit import Visit

PAGES: tuple[tuple[str, Callable[[Visit], Page], tuple[str, ...] | None], ...] = (
    ("/", overview.start, ()),
    ("/findings", findings.page, None),
    ("/findings/{fingerprint}", findings.detail, ()),
    ("/duties", duties.page, None),
    ("/duties/{key}", duties.detail, ()),
    ("/calendar.ics", duties.as_calendar, None),
    ("/risk", overview.risk, ("node", "page")),
    ("/coverage", coverage.coverage, None),
    ("/statements", coverage.statements, ()),
    ("/statements/{name}", coverage.statement, ("outcome", "page")),
    ("/rules", findings.rules, ()),
    ("/rules/{code}", findings.rule, ()),
    ("/map", overview.drawn, ()),
    ("/report", overview.printed, ()),
    ("/search", search.page, ("q", "page")),
    ("/thing", thing.named, ("iri", "property", "reverse", "page")),
    ("/{id:path}", thing.page, ("property", "reverse", "page")),
)
"""The pages by their paths, and the parameters that each has; None for filters, which the page itself holds to what there is.

The last takes all other paths."""


SHARED: tuple[Callable[[State], object], ...] = (
    thing.matrices_of,
    overview.wrong,
    choices.duties_index,
    choices.findings_index,
    search.searched,
    thing.picture,
    coverage.cells,
    coverage.in_short,
    overview.changed,
    overview.measured,
)
"""Values of a state that many pages need, in the order in which readers are likely to need them."""


def misasked(reason: Text) -> Page:
    """The page for an address with a value that does not exist."""
    document = {"error": reason}
    return Page("misasked.html", {"reason": reason}, json=lambda: written(document), status=400)


def missing(visit: Visit) -> Page:
    """The page for an address without anything."""
    return Page("missing.html", {"path": visit.path}, json=lambda: "{}\n", status=404)
