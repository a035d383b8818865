"""Pages of a register of any size: lists a page at a time, and what takes long worked out once."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from desks import DEMO, REGISTER, Served, register, served

from graphsc.web.choices import Index
from graphsc.web.desk import Memo
from graphsc.web.pages import overview

pytestmark = pytest.mark.exhaustive

LISTS = (
    ("/duties?state=overdue", "duties"),
    ("/findings?shown=all", "findings"),
    ("/coverage", "recommendations"),
    ("/search?q=drift", "hits"),
    ("/statements/B2-04", "checks"),
)


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served(DEMO) as server:
        yield server


@pytest.fixture(scope="module")
def whole(site: Served) -> dict[str, Any]:
    """What each list has, all on one page."""
    return {
        address: body(site.get(f"{address}{'&' if '?' in address else '?'}format=json"))
        for address in (*dict(LISTS), "/risk")
    }


def body(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, whole: dict[str, Any]) -> Iterator[Served]:
    """A desk whose pages have seven rows."""
    for module in ("visit", "pages.findings", "pages.coverage"):
        monkeypatch.setattr(f"graphsc.web.{module}.SCREENFUL", 7)
    for module in ("visit", "pages.coverage"):
        monkeypatch.setattr(f"graphsc.web.{module}.BATCH", 7)
    with served(DEMO) as server:
        yield server


def pages(site: Served, address: str, form: str) -> Iterator[Any]:
    """The pages of a list, each after the one that leads to it."""
    page = f"{address}{'&' if '?' in address else '?'}format={form}"
    while page:
        answer = site.get(page)
        assert answer.status_code == 200, page
        yield answer
        links = dict(re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("link", "")))
        page = next((target for target, name in links.items() if name == "next"), "")


@pytest.mark.parametrize(("address", "rows"), LISTS)
def test_the_pages_of_a_list_have_each_row_once(short: Served, whole: dict[str, Any], address: str, rows: str) -> None:
    every = [body(page) for page in pages(short, address, "json")]
    assert len(every) > 1
    assert "page" not in whole[address]
    shown = [row for page in every for row in page[rows]]
    assert sorted(shown, key=str) == sorted(whole[address][rows], key=str)
    assert {page["page"]["total"] for page in every} == {len(whole[address][rows])}
    assert {page["page"]["of"] for page in every} == {len(every)}
    assert every[-1]["page"]["next"] is None


@pytest.mark.parametrize("address", [address for address, _ in LISTS])
def test_a_reader_turns_the_pages_without_script(short: Served, address: str) -> None:
    first = short.get(f"/en{address}").text
    assert 'rel="prev"' not in first
    following = re.search(r'<a rel="next" href="([^"]*)"', first)
    assert following is not None
    second = short.get(unescape(following[1])).text
    assert re.search(r'<a rel="prev" href="[^"]*page=1', second)
    assert re.findall(r"<h1>.*</h1>", first) == re.findall(r"<h1>.*</h1>", second)  # which counts the whole


@pytest.mark.parametrize("page", ["0", "999", "-1", "x", "1.5", "٣", "9" * 400])
def test_a_page_that_there_is_none_of_is_refused(site: Served, page: str) -> None:
    answer = site.client.get("/en/duties", params={"page": page})
    assert answer.status_code == 400
    assert "There are only pages 1 to" in answer.text


def test_the_summary_of_a_page_of_findings_counts_them_all(short: Served, whole: dict[str, Any]) -> None:
    assert body(short.get("/findings?shown=all&format=json"))["summary"] == whole["/findings?shown=all"]["summary"]


def test_groups_of_many_findings_are_counted_and_each_shown_alone(short: Served) -> None:
    page = short.get("/en/findings?group=rule").text
    groups = re.findall(r'">(\w{3}\d{3}) [^<]*</a> \((\d+)\)</h2>\s*<p><a href="([^"]*)"', page)
    assert groups
    for code, count, address in groups:
        alone = [row for page in pages(short, unescape(address), "json") for row in body(page)["findings"]]
        assert ({row["code"] for row in alone}, len(alone)) == ({code}, int(count))


def test_what_nobody_must_do_anything_about_is_a_group_too(short: Served) -> None:
    state = short.desk.state
    first, *others = state.report.findings
    nobodys = replace(first, actor=replace(first.actor, role=None))
    report = replace(state.report, findings=(nobodys, *others))
    short.desk.state = replace(state, report=report, memo=Memo())
    groups = "".join(page.text for page in pages(short, "/en/findings?group=role&shown=all", "html"))
    ((count, address),) = re.findall(r'<h2>Nobody \((\d+)\)</h2>\s*<p><a href="([^"]*)"', groups)
    (row,) = body(short.get(unescape(address) + "&format=json"))["findings"]
    assert (int(count), row["fingerprint"]) == (1, first.fingerprint)


def test_risk_as_json_is_so_many_rows_of_each_list_a_page(short: Served, whole: dict[str, Any]) -> None:
    risk = whole["/risk"]
    every = [body(page) for page in pages(short, "/risk", "json")]
    assert len(every) > 1
    for name in ("singlePoints", "standsOrFallsWith", "cutSets", "weakestLinks", "improvements", "strengths", "access"):
        assert [row for page in every for row in page[name]] == risk[name]
    assert [row for page in every for row in page["fixes"]["ranked"]] == risk["fixes"]["ranked"]
    for place, shares in enumerate(risk["concentration"]):
        assert [row for page in every for row in page["concentration"][place]["shares"]] == shares["shares"]
        assert {page["concentration"][place]["cr3"] for page in every} == {shares["cr3"]}
    for base, substitutes in risk["substitutability"].items():
        parts = [page["substitutability"][base]["alternatives"] for page in every]
        assert {holder: count for part in parts for holder, count in part.items()} == substitutes["alternatives"]
    for page in every:
        assert {row["node"] for row in page["strengths"]} <= page["labels"].keys()
        assert page["labels"].items() <= risk["labels"].items()
    assert len(every[0]["labels"]) < len(risk["labels"])


def test_risk_as_triples_comes_a_page_at_a_time(short: Served) -> None:
    every = [set(ox.parse(page.text, ox.RdfFormat.TURTLE)) for page in pages(short, "/risk", "ttl")]
    assert len(every) > 1
    assert sum(map(len, every)) == len(overview.measures(short.desk.state))
    assert {quad.triple for page in every for quad in page} == set(overview.measures(short.desk.state))


def test_a_part_of_turtle_says_that_it_is_one(short: Served) -> None:
    assert short.get("/en/duties?format=ttl").text.startswith("# 1/")


def test_the_states_of_a_recommendation_lead_to_what_is_counted(site: Served) -> None:
    page = site.get("/en/coverage").text
    links = re.findall(r'<a href="(/en/coverage\?recommendation=[^"]*)#standings">[^<]*: (\d+)</a>', page)
    assert links
    for address, count in links[:5]:
        rows = json.loads(site.get(unescape(address) + "&format=json").text)["recommendations"]
        assert len(rows) == int(count)


def test_what_is_left_out_on_the_page_of_a_thing_has_a_page_of_its_own(site: Served) -> None:
    node = "https://nordlys.example/org/nordlysstyrelsen"
    customer = "https://w3id.org/graphsc/ns#customer"
    address = {"iri": node, "property": customer, "reverse": "1"}
    page = site.client.get("/en/thing", params=address)
    assert page.status_code == 200
    assert "/en/kontrakt/" in page.text
    rows = json.loads(site.client.get("/en/thing", params={**address, "format": "json"}).text)["values"]
    assert f"({len(rows)})</h1>" in page.text
    assert site.client.get("/en/thing", params={"iri": node, "property": "no iri"}).status_code == 404


def test_a_property_of_many_values_leads_to_all_of_them(tmp_path: Path) -> None:
    systems = [f"system/{number}" for number in range(45)]
    text = REGISTER.replace("systemer: [system/sager]", f"systemer: [{', '.join(systems)}]")
    text = text.replace(
        "systemer:\n", "systemer:\n" + "".join(f"  - {{id: {iri}, navn: {iri}}}\n" for iri in systems), 1
    )
    with served(register(tmp_path / "data", text)) as site:
        for thing in ("kontrakt/drift", "org/nordlys"):
            for link, count in re.findall(
                r'<a href="([^"]*property=[^"]*)"[^>]*>Show all \((\d+)\)', site.get(f"/en/{thing}").text
            ):
                assert f"({count})</h1>" in site.get(unescape(link)).text
        assert "property=" in site.get("/en/kontrakt/drift").text


def test_of_many_options_the_value_is_written(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.web.choices._OPTIONS", 3)
    page = site.get("/en/duties?person=person/p09&page=1").text
    assert re.search(r'<input id="f-person" name="person" value="person/p09"', page)


def test_a_calendar_of_too_many_duties_says_what_to_choose(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.web.pages.duties._MOST", 5)
    answer = site.get("/en/calendar.ics")
    assert answer.status_code == 400
    assert "Choose a person" in answer.text


def test_a_value_is_worked_out_once_and_whoever_asks_meanwhile_waits() -> None:
    once, ready, times = Memo(), threading.Event(), []

    def slow() -> str:
        times.append(1)
        ready.wait(60)
        return "slow"

    with ThreadPoolExecutor(4) as readers:
        slow_ones = [readers.submit(once, "needs it", lambda: once("slow", slow) + "!") for _ in range(3)]
        assert readers.submit(once, "other", lambda: "quick").result(60) == "quick"
        ready.set()
        assert {one.result(60) for one in slow_ones} == {"slow!"}
    assert once("slow", str) == "slow"
    assert len(times) == 1


def test_work_that_failed_is_tried_again() -> None:
    once, outcomes = Memo(), iter([ValueError("no"), "yes"])

    def work() -> object:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with pytest.raises(ValueError, match="no"):
        once("key", work)
    assert once("key", work) == "yes"


def test_rows_are_looked_up_by_all_that_is_asked() -> None:
    words = ["at", "an", "be", "bee"]
    index = Index(words, {"first": lambda word: (word[0],), "letter": tuple})
    assert index.having({"other": "x", "first": ""}) == words
    assert index.having({"first": "b"}) == ["be", "bee"]
    assert index.having({"first": "a", "letter": "t"}) == ["at"]
    assert index.having({"first": "z"}) == []
    assert [index.first("first", value) for value in ("b", "z", "", None)] == ["be", None, None, None]
    assert index.counts("letter") == {"a": 2, "t": 1, "n": 1, "b": 2, "e": 2}
