"""SPARQL at the desk: the protocol, the rows of the command line, and limits that really stop a query."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from multiprocessing import active_children
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jena
import pytest
from desks import AS_OF, DEMO, HOST, REGISTER, Served, listening, register, served
from repository import TESTS

pytest.importorskip("starlette")

import pyoxigraph as ox

from graphsc import service
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.graph.questions import filled, shipped
from graphsc.rendering.answer import render
from graphsc.service.query.evaluation import ask, located
from graphsc.web.sparql.answering import Limits
from graphsc.web.sparql.asker import Asker

ANSWERS = TESTS / "answers"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JSON = "application/sparql-results+json"
QUESTIONS = shipped()


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served(DEMO) as server:
        yield server


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(
        register(tmp_path_factory.mktemp("register")),
        query_limits=Limits(seconds=1, memory=64 << 20, bytes=1 << 20, rows=100),
    ) as server:
        yield server


def sparql(site: Served, query: str, **headers: str) -> Any:
    return site.client.get("/sparql", params={"query": query}, headers={"accept": JSON, **headers})


def values_of(name: str) -> dict[str, str]:
    """The parameters that the shipped answer of a question was asked with."""
    words = shlex.split((ANSWERS / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0])
    given = [words[place + 1] for place, word in enumerate(words) if word == "-p"]
    return dict(one.split("=", 1) for one in given)


def rows(text: str) -> Counter[str]:
    document = json.loads(text)
    return Counter(json.dumps(row, sort_keys=True) for row in document["results"]["bindings"])


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_shipped_question_has_the_rows_of_the_command_line(site: Served, name: str) -> None:
    question, values = QUESTIONS[name], values_of(name)
    opened = _alone()
    try:
        bound = located(opened, question, values, opened.settings)
    except ValueError:
        pytest.skip("it is asked of another input")
    answer = rows(ask(opened, question, bound, partial(render, "json"), Language.EN))
    page = site.client.get(f"/ask/{name}", params={**values, "run": "1", "format": "json"})
    assert page.status_code == 200, page.text
    assert rows(page.text) == answer
    header = "\n".join(line for line in question.text.splitlines() if line.startswith("# needs:"))
    direct = sparql(site, f"{header}\n{filled(question, bound)}")
    assert direct.status_code == 200, direct.text
    assert rows(direct.text) == answer


@cache
def _alone() -> service.Opened:
    """The demo, opened as the command line does, to be prepared for each question."""
    return service.open_paths([DEMO], Settings(as_of=AS_OF))


@pytest.mark.exhaustive
def test_a_query_comes_by_get_as_a_form_and_as_the_body(site: Served) -> None:
    answers = [
        sparql(site, COUNT),
        site.client.post("/sparql", data={"query": COUNT}, headers={"accept": JSON}),
        site.client.post(
            "/sparql", content=COUNT, headers={"accept": JSON, "content-type": "application/sparql-query"}
        ),
    ]
    assert {one.status_code for one in answers} == {200}
    assert len({one.text for one in answers}) == 1


@pytest.mark.parametrize(
    "media", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values", "application/xml", "*/*"]
)
def test_solutions_come_in_every_format(site: Served, media: str) -> None:
    answer = sparql(site, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3", accept=media)
    assert answer.status_code == 200
    if media != "*/*":
        assert answer.headers["content-type"].startswith(media)
    if media == "text/csv":
        assert len(list(csv.reader(io.StringIO(answer.text)))) == 4


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_graphs_come_in_every_format(site: Served, media: str, form: ox.RdfFormat) -> None:
    answer = sparql(site, "CONSTRUCT WHERE { ?s a ?o } LIMIT 5", accept=media)
    assert answer.headers["content-type"].startswith(media)
    assert len(list(ox.parse(answer.text, form))) == 5


def test_what_makes_an_answer_less_than_it_looks_is_told_in_a_header_and_on_the_page(site: Served) -> None:
    query = "PREFIX g: <https://w3id.org/graphsc/ns#> SELECT ?s ?p WHERE { ?s a g:Subcontract ; g:approvedBy ?p }"
    answer = sparql(site, query, **{"accept-language": "da"})
    (note,) = json.loads(answer.headers["graphsc-notes"])
    assert note.startswith(
        "Ingen rækker: ?s skulle både være g:Subcontract og have g:approvedBy, som kun g:ChainLink har."
    )
    assert "som kun g:ChainLink har" in site.client.get("/da/ask", params={"query": query}).text
    assert "graphsc-notes" not in sparql(site, COUNT).headers
    again = sparql(site, query, **{"accept-language": "da"})  # now what is known of the query is kept
    assert (again.text, again.headers["graphsc-notes"]) == (answer.text, answer.headers["graphsc-notes"])
    long = f"# {'x' * (9 << 10)}\n{query}"  # nor is it lost of one too long to be kept
    answers = [site.client.post("/sparql", data={"query": long}, headers={"accept-language": "da"}) for _ in range(2)]
    assert {answer.headers["graphsc-notes"] for answer in answers} == {again.headers["graphsc-notes"]}


def test_a_browser_is_led_to_the_page_to_ask_from(site: Served) -> None:
    answer = site.client.get(
        "/sparql", params={"query": COUNT}, headers={"accept": "text/html"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/en/ask?query=")
    assert '<table class="rows">' in site.get(answer.headers["location"]).text
    assert "sd:Service" in site.get("/sparql", accept="text/turtle").text


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"params": {"query": "SELEC"}}, 400),
        ({"params": {"query": "INSERT DATA { <urn:a> <urn:b> <urn:c> }"}}, 400),
        ({"params": {"update": "CLEAR ALL"}}, 403),
        ({"params": {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}}, 400),
        ({"params": {"query": COUNT, "default-graph-uri": "urn:x"}}, 400),
        ({"params": [("query", COUNT), ("query", COUNT)]}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403),
        ({"method": "POST", "content": "CLEAR ALL", "headers": {"content-type": "application/sparql-update"}}, 403),
        ({"method": "POST", "content": "x", "headers": {"content-type": "text/plain"}}, 415),
        ({"method": "POST", "content": b"\xff\xfe", "headers": {"content-type": "application/sparql-query"}}, 400),
        (
            {
                "method": "POST",
                "content": b"query=%ff",
                "headers": {"content-type": "application/x-www-form-urlencoded"},
            },
            400,
        ),
        ({"params": {"query": COUNT}, "headers": {"accept": "image/png"}}, 400),
    ],
)
def test_what_is_no_reading_query_is_refused_in_words(site: Served, request_: dict[str, Any], status: int) -> None:
    answer = site.client.request(request_.pop("method", "GET"), "/sparql", **request_)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.strip()
    assert "Traceback" not in answer.text


def test_time_stops_a_query_and_others_are_answered_meanwhile(small: Served) -> None:
    with ThreadPoolExecutor(1) as reader:
        endless = reader.submit(sparql, small, ENDLESS)
        assert sparql(small, COUNT).status_code == 200
        assert small.get("/en/").status_code == 200
        answer = endless.result()
    assert answer.status_code == 504
    assert "stopped after 1 second" in answer.text
    assert sparql(small, f"{COUNT} # again").status_code == 200


@pytest.mark.exhaustive
def test_processes_are_kept_for_the_next_queries(tmp_path: Path) -> None:
    with served(register(tmp_path / "data")) as site:
        before = set(active_children())
        for query in (COUNT, f"{COUNT} # again", "SELECT", "ASK { ?a ?b ?c }"):
            sparql(site, query)
        assert len(set(active_children()) - before) == 1
    assert set(active_children()) <= before


def test_memory_bytes_and_rows_stop_a_query(small: Served) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?a ?c ?d ?f WHERE { ?a ?b ?c . ?d ?e ?f } }"
    assert sparql(small, heavy).status_code in {504, 507}
    assert "longer than" in sparql(small, "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }").text
    assert "at most 100" in sparql(small, "SELECT * WHERE { ?a ?b ?c } LIMIT 200").text
    assert sparql(small, "SELECT * WHERE { ?a ?b ?c } LIMIT 100").status_code == 200


@pytest.mark.parametrize("media", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml", JSON])
def test_rows_are_counted_in_every_format(small: Served, media: str) -> None:
    many = "SELECT ?a ?b ?c WHERE { ?a ?b ?c } LIMIT 101"
    assert sparql(small, many, accept=media).status_code == 507
    assert sparql(small, many.replace("101", "100"), accept=media).status_code == 200


@pytest.mark.exhaustive
def test_memory_that_the_server_holds_is_not_the_querys(tmp_path: Path) -> None:
    held = bytearray(256 << 20)
    with served(register(tmp_path / "data"), query_limits=Limits(seconds=60, memory=64 << 20)) as site:
        assert sparql(site, COUNT).status_code == 200
        heavy = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?a ?c ?d ?f WHERE { ?a ?b ?c . ?d ?e ?f } }"
        refused = sparql(site, heavy)
        assert (refused.status_code, "more than 64 MB" in refused.text) == (507, True)
    assert len(held) == 256 << 20


@pytest.mark.exhaustive
def test_too_many_queries_at_once_are_told_to_come_again(tmp_path: Path) -> None:
    import httpx

    with served(register(tmp_path / "data"), query_limits=Limits(seconds=0.3)) as site:
        sparql(site, COUNT)

    async def storm() -> list[int]:
        with_limits = served(register(tmp_path / "data"), query_limits=Limits(seconds=0.3))
        with with_limits as site:
            transport = httpx.ASGITransport(site.app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                requests = [client.get("/sparql", params={"query": f"{COUNT} # {number}"}) for number in range(300)]
                return [one.status_code for one in await asyncio.gather(*requests)]

    with ThreadPoolExecutor(1) as aside:  # a browser test before this leaves a loop running in the main thread
        statuses = Counter(aside.submit(lambda: asyncio.run(storm())).result())
    assert set(statuses) <= {200, 503, 504}
    assert statuses[503] > 100


@pytest.mark.exhaustive
def test_a_query_is_answered_once_for_all_who_ask_until_the_data_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[str] = []
    answer = Asker._ask

    async def counted(self: Asker, state: Any, asking: Any) -> Any:
        answered.append(asking.question.text)
        return await answer(self, state, asking)

    monkeypatch.setattr(Asker, "_ask", counted)
    fresh, wrong = "SELECT (RAND() AS ?n) WHERE {}", "SELECT * WHERE { ?a"
    folder = register(tmp_path / "data")
    with served(folder) as site:
        with ThreadPoolExecutor(8) as readers:
            answers = list(readers.map(lambda _: sparql(site, COUNT), range(40)))
        assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
        assert answered == [COUNT]
        assert sparql(site, COUNT, accept="text/csv").status_code == 200
        assert sparql(site, fresh).text != sparql(site, fresh).text
        assert [sparql(site, wrong).status_code for _ in range(2)] == [400, 400]
        register(folder, REGISTER + "# more\n")
        site.desk.reload()
        assert sparql(site, COUNT).status_code == 200
    assert answered == [COUNT, COUNT, fresh, fresh, wrong, wrong, COUNT]


@pytest.mark.exhaustive
def test_a_question_follows_the_state(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    with served(folder) as site:
        query = "SELECT ?name WHERE { <https://nordlys.example/org/sky> <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
        assert "Sky Drift" in sparql(site, query).text
        register(folder, (folder / "register.yaml").read_text(encoding="utf-8").replace("Sky Drift", "Himmel Drift"))
        site.desk.reload()
        assert "Himmel Drift" in sparql(site, query).text


@pytest.mark.exhaustive
def test_a_client_that_is_not_ours_gets_the_rows(site: Served) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    with listening(DEMO) as (address, _):
        client = wrapper.SPARQLWrapper(f"{address}/sparql", returnFormat=wrapper.JSON)
        for method in (wrapper.GET, wrapper.POST):
            client.setMethod(method)
            client.setQuery(QUESTIONS["unapproved-subcontractors"].text)
            reply = client.queryAndConvert()
            answer = site.get("/ask/unapproved-subcontractors?run=1&format=json").text
            assert rows(json.dumps(reply)) == rows(answer)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listening(DEMO) as (base, _):
        yield f"{base}/sparql"


@pytest.fixture(scope="module")
def asked(site: Served) -> dict[str, tuple[str, Counter[str]]]:
    """Each shipped question that can be asked of the demo, as a query, with its rows."""
    opened, replies = _alone(), {}
    for name, question in QUESTIONS.items():
        try:
            query = filled(question, located(opened, question, values_of(name), opened.settings))
        except ValueError:
            continue  # it is asked of another input
        header = "\n".join(line for line in question.text.splitlines() if line.startswith("# needs:"))
        answer = site.client.get(f"/ask/{name}", params={**values_of(name), "run": "1", "format": "json"}).text
        replies[name] = (f"{header}\n{query}", rows(answer))
    return replies


@contextmanager
def sparqlwrapper(address: str) -> Iterator[Callable[[str], str]]:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(address, returnFormat=wrapper.JSON)
    client.setMethod(wrapper.POST)

    def ask(query: str) -> str:
        client.setQuery(query)
        client.queryType = wrapper.SELECT  # it takes a word in a prefix for that of an update
        return json.dumps(client.queryAndConvert())

    yield ask


@contextmanager
def rdflib(address: str) -> Iterator[Callable[[str], str]]:
    stores = pytest.importorskip("rdflib.plugins.stores.sparqlstore")
    store = stores.SPARQLStore(address, method="POST", returnFormat="json")
    yield lambda query: store.query(query).serialize(format="json").decode()


@contextmanager
def jena_(address: str) -> Iterator[Callable[[str], str]]:
    with jena.server() as bridge:
        yield lambda query: jena.answer_to(f"{bridge}/client?{urlencode({'url': address})}", query.encode()).decode()


@pytest.mark.exhaustive
@pytest.mark.parametrize("client", [sparqlwrapper, rdflib, jena_], ids=lambda client: client.__name__)
def test_clients_that_are_not_ours_get_the_rows_of_every_shipped_question(
    address: str, asked: dict[str, tuple[str, Counter[str]]], client: Callable[[str], AbstractContextManager[Any]]
) -> None:
    assert len(asked) > 20
    with client(address) as ask:
        for name, (query, expected) in asked.items():
            assert rows(ask(query)) == expected, name


@pytest.mark.parametrize(
    ("values", "widths"),
    [
        ('("a" 4) ("b" 1) ("c" 0)', ["100.0", "25.0", "0.0"]),
        ('("a" 4.5) ("b" UNDEF)', ["100.0"]),
        ('("a" 4)', []),
        ('("a" -4) ("b" 1)', []),
        ('("a" "4") ("b" "1")', []),
        ('("a" 0) ("b" 0)', []),
        ("(1 4) (2 1)", []),
    ],
)
def test_one_column_of_numbers_is_drawn_as_bars(site: Served, values: str, widths: list[str]) -> None:
    query = f"SELECT ?name ?n WHERE {{ VALUES (?name ?n) {{ {values} }} }}"
    page = site.client.get("/en/ask", params={"query": query}).text
    assert re.findall(r'<rect width="([^"]*)"', page) == widths


def test_the_page_lists_every_question_and_shows_rows_with_names(site: Served) -> None:
    page = site.get("/da/ask").text
    assert all(f'href="/da/ask/{name}"' in page for name in QUESTIONS)
    table = site.get("/da/ask/unapproved-subcontractors?run=1").text
    assert '<table class="rows">' in table
    assert "format=csv" in table
    assert 'role="alert"' in site.get("/en/ask/provenance?run=1").text
    assert site.get("/en/ask/nothing").status_code == 404
    assert (
        "neither a property nor a class"
        in site.client.get(
            "/en/ask", params={"query": "PREFIX g: <https://w3id.org/graphsc/ns#> SELECT * { ?s g:madeUp ?o }"}
        ).text
    )


@pytest.mark.exhaustive
def test_the_words_of_the_model_can_be_had_to_complete_a_query_with(site: Served) -> None:
    document = site.get("/da/ask?format=json").json()
    names = {term["name"]: term["label"] for term in document["terms"]}
    assert names["g:supplier"] == "leverandør"
    assert names["activity:supervision"]
    assert names["rdfs:label"] == "navn"
    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in document["prefixes"].items())
    every = " ".join(sorted(names))
    query = f"{declared}SELECT ?a WHERE {{ VALUES ?a {{ {every} }} }}"  # too long for an address
    assert site.client.post("/sparql", data={"query": query}, headers={"accept": JSON}).status_code == 200
