"""The SPARQL 1.1 protocol: a query by GET, as a form, or as the body itself; never an update."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from graphsc.core.problems import Reasoned
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.graph.questions import Question, QuestionError, bind, check, parse
from graphsc.service.query.notes import need_prefixes
from graphsc.web.sparql.answering import SHORT, Answer, Asking
from graphsc.web.sparql.asker import Asker
from graphsc.web.visit import Visit, weighed

_FORM, _DIRECT, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_READ_ONLY = Text("Her kan kun læses.", "This is read-only.")
_ALL_GRAPHS = Text(
    "Der spørges altid i det hele; grafer vælges med GRAPH i forespørgslen.",
    "All graphs are asked; choose among them with GRAPH in the query.",
)
_SINGLE_QUERY = Text("Der skal være netop én query.", "There must be exactly one query.")
_NOT_TEXT = Text("Forespørgslen er ikke UTF-8.", "The query is not UTF-8.")
_MEDIA = Text(f"Send forespørgslen som {_FORM} eller {_DIRECT}.", f"Send the query as {_FORM} or {_DIRECT}.")
_DESCRIPTION = """\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .

[] a sd:Service ;
  sd:endpoint <{address}> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
    formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:RDF_XML .
"""


class Refusal(Reasoned):
    """A request that the protocol does not allow: the HTTP status and the reason."""

    def __init__(self, status: int, reason: Text) -> None:
        super().__init__(reason)
        self.status = status


async def endpoint(request: Request, visit: Visit, asker: Asker) -> Response:
    """The response to a request of the protocol; a browser without a query is redirected to the page for queries."""
    language = visit.language
    accept = request.headers.get("accept", "*/*")
    media = tuple(weighed(accept))
    try:
        if request.method != "POST" and not {"query", "update"} & dict(request.scope["state"]["asked"]).keys():
            if media[:1] == ("text/html",):
                return RedirectResponse(visit.addresses.page("ask"), 303)
            described = _DESCRIPTION.format(address=str(request.url.replace(query="", fragment="")))
            return Response(described, media_type="text/turtle")
        text = await _query(request)
        if request.method != "POST" and media[:1] == ("text/html",):
            return RedirectResponse(visit.addresses.page("ask") + "?" + urlencode({"query": text}), 303)
        asking = await prepared(text, {}, media, visit.state.opened.settings, asker)
    except Refusal as refusal:
        return refused(Answer(refusal=refusal.reason, status=refusal.status), language)
    except QuestionError as error:
        return refused(Answer(refusal=error.reason, status=400), language)
    return response(await asker.ask(visit.state, asking, visit.reader.name), language)


async def _query(request: Request) -> str:
    """The only query of a request. Raises Refusal."""
    pairs: list[tuple[str, str]] = list(request.scope["state"]["asked"])
    if request.method == "POST":
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await request.body()
        if media == _UPDATE:
            raise Refusal(403, _READ_ONLY)
        if media not in {_FORM, _DIRECT}:
            raise Refusal(415, _MEDIA)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(400, _NOT_TEXT) from None
        try:
            more = [("query", text)] if media == _DIRECT else parse_qsl(text, True, max_num_fields=60, errors="strict")
        except ValueError:
            raise Refusal(400, _NOT_TEXT) from None
        pairs += more
    names = [name for name, _ in pairs]
    if "update" in names:
        raise Refusal(403, _READ_ONLY)
    if {"default-graph-uri", "named-graph-uri"} & set(names):
        raise Refusal(400, _ALL_GRAPHS)
    if names.count("query") != 1:
        raise Refusal(400, _SINGLE_QUERY)
    return dict(pairs)["query"]


async def prepared(
    text: str | Question, values: Mapping[str, str], media: tuple[str, ...], settings: Settings, asker: Asker
) -> Asking:
    """A checked query: read-only, with declared prefixes and values of their types. Raises QuestionError.

    Parameters in the header of a text have their defaults; those without one are unbound.
    """
    custom = isinstance(text, str)
    if not isinstance(text, str):
        question = text
    elif len(text) <= SHORT:
        question = _read_cached(text)
    else:
        question = await run_in_threadpool(_read, text)
    bind(question, values, settings)
    return Asking(question, dict(values), media, asker.limits, custom=custom)


def _read(text: str) -> Question:
    check(text)
    need_prefixes(text)
    question = parse("query", text)
    return replace(
        question, parameters=tuple(parameter for parameter in question.parameters if parameter.default is not None)
    )


_read_cached = lru_cache(maxsize=256)(_read)


def response(answer: Answer, language: Language) -> Response:
    """An answer as a response."""
    if answer.refusal is not None:
        return refused(answer, language)
    media = answer.media
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    headers = {"vary": "accept, accept-language", "cache-control": "no-store", "content-type": media + charset}
    if answer.notes:
        headers["graphsc-notes"] = json.dumps([note[language] for note in answer.notes])
    return Response(answer.body, answer.status, headers)


def refused(answer: Answer, language: Language) -> Response:
    """The response with the reason why there is no answer."""
    assert answer.refusal is not None
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "content-language": str(language),
    }
    if answer.status == 503:
        headers["retry-after"] = "5"
    return Response(f"{answer.refusal[language]}\n", answer.status, headers)
