"""The page for queries: the shipped questions as forms, a text field for SPARQL, the answer as a table and to download."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import (
    COLUMN,
    NUMBERS,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    ROOT,
    SCHEME,
    SKOS_IN_SCHEME,
    XSD_BOOLEAN,
    G,
    local_name,
)
from graphsc.graph.dataset import plain
from graphsc.graph.labels import spoken
from graphsc.graph.questions import TYPES, Parameter, Question, QuestionError, shipped
from graphsc.rendering.contract import written as written_json
from graphsc.sources.terms import Class, Concept, Property, load
from graphsc.web.answering import Page, written
from graphsc.web.choices import Options, named
from graphsc.web.desk import State, per_state
from graphsc.web.pages import missing
from graphsc.web.sparql.answering import Answer
from graphsc.web.sparql.asker import Asker
from graphsc.web.sparql.protocol import prepared, response
from graphsc.web.visit import Visit
from graphsc.web.words import WORDS

_MOST = 1000
_FEWEST_BARS, _MOST_BARS = 2, 60
_FILES = {
    "csv": ("text/csv", "text/csv"),
    "tsv": ("text/tab-separated-values", "text/tab-separated-values"),
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "ttl": ("text/turtle",),
}
_NAME = re.compile(r"[^\W\d][\w-]*:[\w-]+")
"""A prefixed name that needs no escapes."""
_PREFIXES = {G: "g", RDFS: "rdfs"}
_SHOWN = ("application/sparql-results+json", "text/turtle")
_START = f"PREFIX g: <{G}>\n\nSELECT ?agreement ?supplier WHERE {{\n  ?agreement g:supplier ?supplier .\n}}\n"


@dataclass(frozen=True, slots=True)
class Table:
    """An answer to show: columns and rows, or ``text`` (a graph, or yes or no); ``total`` counts all rows.

    ``bars`` is the index of the only column of numbers, which is also drawn, and ``most`` the largest of them.
    """

    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Mapping[str, str], ...], ...] = ()
    total: int = 0
    text: str = ""
    bars: int | None = None
    most: float = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: the parameter, its value, a hint on the type, and the choices if they are few."""

    parameter: Parameter
    value: str
    hint: Text
    choices: Options


async def page(request: Request, visit: Visit, asker: Asker) -> Response:
    """The page, or with ``format`` only the answer as a file."""
    name, query = request.path_params.get("name"), visit.query.get("query", "")
    question = shipped().get(name) if name is not None else None
    if name is not None and question is None:
        return (await run_in_threadpool(written, missing(visit), visit, "html")).response()
    names = {parameter.name for parameter in question.parameters} if question is not None else set()
    values = {name: value.strip() for name, value in visit.query.items() if name in names and value.strip()}
    form, answer = visit.query.get("format", ""), None
    if "run" in visit.query if question is not None else query.strip():
        media = _FILES.get(form, _SHOWN)
        try:
            asking = await prepared(question or query, values, media, visit.state.opened.settings, asker)
        except QuestionError as error:
            answer = Answer(refusal=error.reason, status=400)
        else:
            answer = await asker.ask(visit.state, asking, visit.reader.name)
        if form in _FILES:
            return response(answer, visit.language)
    if question is None and answer is None and form == "json":
        shown = Page(json=lambda: _vocabulary(visit))
        return (await run_in_threadpool(written, shown, visit, "json")).response()

    def make() -> Response:
        return written(_page(visit, question, values, answer, asker), visit, "html").response()

    return await run_in_threadpool(make)


def _page(
    visit: Visit, question: Question | None, values: Mapping[str, str], answer: Answer | None, asker: Asker
) -> Page:
    """The page of a shipped question, or of all with a field for a query, with the answer if it was asked."""
    themes: dict[Text, list[Question]] = {}
    for one in shipped().values():
        themes.setdefault(one.theme, []).append(one)
    table = _table(visit, answer) if answer is not None and answer.refusal is None else None
    forms = _FILES if table is not None and not table.text else ("ttl", "json")
    path = visit.path.removeprefix("/")
    terms = () if question is not None else _terms(visit.state)
    parameters = question.parameters if question is not None else ()
    context = {
        "themes": themes,
        "question": question,
        "fields": [
            Field(item, values.get(item.name, item.default or ""), TYPES[item.type], _choices(visit.state, item))
            for item in parameters
        ],
        "query": question.text if question is not None else visit.query.get("query") or _START,
        "refusal": answer.refusal if answer is not None else None,
        "table": table,
        "notes": answer.notes if answer is not None else (),
        "files": {form: visit.addresses.page(path, **{**visit.query, "format": form}) for form in forms},
        "terms": [(iri, _short(iri)) for iri in sorted(terms, key=_short) if iri.startswith(G)],
        "limits": asker.limits,
    }
    return Page("ask.html", context)


def _choices(state: State, parameter: Parameter) -> Options:
    """The choices of a field: the concepts of its schemes, or the things of its classes."""
    store = state.opened.dataset.store
    result: set[str] = set()
    for sort in parameter.sorts:
        scheme = sort[:1].islower()
        predicate, value = (SKOS_IN_SCHEME, SCHEME + sort) if scheme else (RDF_TYPE, G + sort)
        quads = store.quads_for_pattern(None, NamedNode(predicate), NamedNode(value), None)
        for quad in quads:
            result.add(plain(quad.subject))
            if len(result) > _MOST:
                return ()
    return named(state, result)


def _table(visit: Visit, answer: Answer) -> Table:
    if answer.media == "text/turtle":
        return Table(text=escape.turtle(answer.body.decode()))
    result: dict[str, Any] = json.loads(answer.body)
    if "boolean" in result:
        return Table(text=spoken(str(result["boolean"]).lower(), XSD_BOOLEAN)[visit.language])
    names = result["head"]["vars"]
    every = result["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name), visit.language) for name in names) for row in every[:_MOST])
    bars, most = _bars(names, every)
    return Table(tuple(visit.state.labels[COLUMN + name] for name in names), rows, len(every), bars=bars, most=most)


def _bars(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[int | None, float]:
    """The index of the only column of non-negative numbers, and the largest of them; None where rows make no chart."""
    columns = [[row.get(name, {}) for row in rows] for name in names]
    places = [
        place
        for place, cells in enumerate(columns)
        if any(cells) and all(not cell or cell.get("datatype") in NUMBERS for cell in cells)
    ]
    if not _FEWEST_BARS <= len(rows) <= _MOST_BARS or len(places) != 1 or len(names) == 1:
        return None, 0
    values = [float(cell["value"]) for cell in columns[places[0]] if cell]
    whole = all(0 <= value < math.inf for value in values) and max(values) > 0
    return (places[0], max(values)) if whole else (None, 0)


def _cell(term: Mapping[str, Any] | None, language: Language) -> Mapping[str, str]:
    if term is None:
        return {"iri": "", "text": ""}
    if term["type"] == "uri":
        return {"iri": term["value"], "text": ""}
    value = term["value"] if isinstance(term["value"], str) else json.dumps(term["value"])
    return {"iri": "", "text": spoken(value, term.get("datatype", ""))[language]}


@per_state
def _terms(state: State) -> Mapping[str, Text]:
    """The labels of classes, properties and concepts by IRI, and of the properties of names."""
    vocabulary = load(state.opened.additions.triples)
    kinds: tuple[Mapping[str, Class | Property | Concept], ...] = (
        vocabulary.classes,
        vocabulary.properties,
        vocabulary.concepts,
    )
    return {RDFS_LABEL: WORDS["name"]} | {iri: term.label for kind in kinds for iri, term in kind.items()}


def _split(iri: str) -> tuple[str, str, str]:
    """A prefix for an IRI, named after its namespace; the namespace; and the local name."""
    local = local_name(iri)
    namespace = iri.removesuffix(local)
    return _PREFIXES.get(namespace) or local_name(namespace[:-1]), namespace, local


def _short(iri: str) -> str:
    prefix, _, local = _split(iri)
    return f"{prefix}:{local}"


def _vocabulary(visit: Visit) -> str:
    """The words for completing a query: prefixes, and the terms with their labels."""
    terms = _terms(visit.state)
    prefixes: dict[str, str] = {}
    words: list[dict[str, str]] = []
    for iri in sorted(terms, key=lambda iri: (not iri.startswith(ROOT), iri)):  # a prefix that is ours stays ours
        prefix, namespace, _ = _split(iri)
        if _NAME.fullmatch(_short(iri)) and prefixes.setdefault(prefix, namespace) == namespace:
            words.append({"name": _short(iri), "label": terms[iri][visit.language]})
    return written_json({"schema": "graphsc.terms/1", "prefixes": prefixes, "terms": words})
