"""The pages, a module each: from a visit, which knows what its reader may see, to what the page holds."""

from __future__ import annotations

from collections.abc import Callable

from graphsc.web.answering import Page
from graphsc.web.pages import start
from graphsc.web.visit import Visit

PAGES: tuple[tuple[str, Callable[[Visit], Page]], ...] = (("/", start.page),)
"""The pages by their paths; the last takes what no other does."""


def missing(visit: Visit) -> Page:
    """That there is nothing at an address."""
    return Page("missing.html", {"asked": visit.path}, json=lambda: "{}\n", status=404)
