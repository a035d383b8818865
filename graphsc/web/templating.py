"""The templates, which print escaped text in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import cycle
from typing import Any, Generic, TypeVar

import jinja2
from markupsafe import Markup
from markupsafe import escape as html_escape

from graphsc.core import escape
from graphsc.core.text import Language, capital
from graphsc.duties import words as duty_words
from graphsc.rendering.templates import environment, plain
from graphsc.validation import wording
from graphsc.web.things import Fact, Value
from graphsc.web.visit import Visit, duty_key
from graphsc.web.words import WORDS

_LONGEST = 1200
_NAME = 160
_SHORT = 12
"""Texts up to this length are not broken: a day, a number, a code."""
_VALUES = 20
"""The most values of a property on the page of a thing."""
_KEPT = 20_000
V = TypeVar("V")


class _ByIri(Generic[V]):
    """A cache of values by IRI for templates: most of a page is names and links, and function calls in Jinja are slow.

    It is kept from page to page, up to a size.
    """

    def __init__(self, work: Callable[[str], V]) -> None:
        self._of = lru_cache(_KEPT)(work)

    def __getitem__(self, iri: str | None) -> V | str:
        return self._of(iri) if iri else ""


@dataclass(frozen=True, slots=True)
class _Naming:
    """The address, name and link of each IRI, and a function that renders the values of a fact."""

    to: _ByIri[str]
    name: _ByIri[str]
    thing: _ByIri[Markup]
    values: Callable[[Fact], Markup]


def _naming(visit: Visit) -> _Naming:
    report, labels, language = visit.state.report, visit.state.labels, visit.language
    to = _ByIri(visit.addresses.of)
    name = _ByIri(lambda iri: escape.brief((report.labels.get(iri) or labels[iri])[language], _NAME))
    thing = _ByIri(lambda iri: Markup(f'<a href="{html_escape(to[iri])}"><bdi>{html_escape(name[iri])}</bdi></a>'))  # noqa: S704

    def values(fact: Fact) -> Markup:
        def shown(value: Value) -> Markup | str:
            if value.iri is not None:
                return thing[value.iri]
            text = escape.brief(value.as_read(fact.predicate, labels)[language], _LONGEST)
            return Markup(f"<bdi>{html_escape(text)}</bdi>")  # noqa: S704

        return Markup(", ").join(map(shown, fact.values[:_VALUES]))

    return _Naming(to, name, thing, values)


def render(template: str, visit: Visit, context: Mapping[str, Any]) -> str:
    """A page for a visit."""
    state = visit.state
    naming = state.memo(("naming", visit.language), lambda: _naming(visit))
    page = _environment(visit.language).get_template(template)
    return page.render(
        visit=visit,
        state=state,
        report=state.report,
        rules=state.rules,
        as_of=state.report.as_of,
        to=naming.to,
        page=visit.addresses.page,
        name=naming.name,
        thing=naming.thing,
        values=naming.values,
        key=duty_key,
        other=next(language for language in Language if language is not visit.language),
        **context,
    )


@lru_cache(maxsize=2)
def _environment(language: Language) -> jinja2.Environment:
    templates = environment(jinja2.FunctionLoader(_template), language, longest=_LONGEST, name=_NAME)
    templates.globals.update(
        w=WORDS,
        wording=wording,
        duty_words=duty_words,
        language=language,
        percent=lambda bar: round(100 * min(1.0, max(0.0, bar.share))),
    )
    templates.filters.update(
        is_short=lambda text: len(plain(text, language)) <= _SHORT,
        minute=lambda time: f"{time:%Y-%m-%d %H:%M}",
        as_text=lambda text: plain(text, language),
        labelled=lambda rows, columns: _labelled(rows, [capital(plain(column, language)) for column in columns]),
        raw=lambda text: Markup(escape.html_field(str(text))),  # noqa: S704
        drawing=Markup,
    )
    return templates


def _labelled(rows: Markup, columns: Sequence[str]) -> Markup:
    """Rows of a table whose cells have their column as an attribute: on a narrow screen, each row is a list."""
    labels = cycle(html_escape(escape.brief(column, _NAME)) for column in columns)
    return Markup(re.sub("<t[dh]", lambda cell: f'{cell[0]} data-label="{next(labels)}"', rows))  # noqa: S704


def compile_templates() -> None:
    """Compile every template, before a reader waits for it."""
    for language in Language:
        for file in files("graphsc.web.templates").iterdir():
            if file.name.endswith(".html"):
                _environment(language).get_template(file.name)


def _template(name: str) -> str:
    return files("graphsc.web.templates").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")
