"""The templates: each value that they print is text of one language in which nothing from outside can do anything."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup
from markupsafe import escape as html_escape

from graphsc.core import escape
from graphsc.core.text import Language
from graphsc.rendering import wording
from graphsc.rendering.duties import words as owing
from graphsc.rendering.templates import environment, plain
from graphsc.web.visit import Visit, duty_key
from graphsc.web.words import WORDS

_LONGEST = 1200
_NAME = 160
_SHORT = 12
"""What is no longer stays on its line: a day, a number, a code."""


def render(template: str, visit: Visit, context: Mapping[str, Any]) -> str:
    """A page for a visit."""
    state, to = visit.state, cache(visit.addresses.of)
    name = cache(lambda iri: _named(visit, iri))

    @cache
    def thing(iri: str | None) -> str:
        """A link to the page of a thing: here and no macro, since most of a page is such links."""
        return Markup(f'<a href="{html_escape(to(iri))}"><bdi>{html_escape(name(iri))}</bdi></a>') if iri else ""  # noqa: S704

    page = _environment(visit.language).get_template(template)
    return page.render(
        visit=visit,
        state=state,
        report=state.report,
        rules=state.rules,
        as_of=state.report.as_of,
        to=to,
        page=visit.addresses.page,
        name=name,
        thing=thing,
        key=duty_key,
        other=next(language for language in Language if language is not visit.language),
        **context,
    )


def _named(visit: Visit, iri: str | None) -> str:
    if not iri:
        return ""
    return escape.brief(visit.state.name(iri)[visit.language], _NAME)


@lru_cache(maxsize=2)
def _environment(language: Language) -> jinja2.Environment:
    made = environment(jinja2.FunctionLoader(_template), language, longest=_LONGEST, name=_NAME)
    made.globals.update(
        w=WORDS,
        wording=wording,
        owing=owing,
        language=language,
        percent=lambda bar: round(100 * min(1.0, max(0.0, bar.share))),
    )
    made.filters.update(
        is_short=lambda text: len(plain(text, language)) <= _SHORT,
        minute=lambda time: f"{time:%Y-%m-%d %H:%M}",
        as_text=lambda text: plain(text, language),
        lines=lambda text: Markup("\n").join(escape.source(line) for line in text.split("\n")),
        raw=lambda text: html_escape(str(text)),
        drawing=Markup,
    )
    return made


def _template(name: str) -> str:
    return files("graphsc.web.templates").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")
