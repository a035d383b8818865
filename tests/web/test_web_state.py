"""The state of the desk: read once, swapped when a file is saved, kept when the new file is broken; and who may connect."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
from desks import HOST, REGISTER, Served, configured, listening, register, served

pytest.importorskip("starlette")
from graphsc.web.desk import Desk, Memo
from graphsc.web.pages.coverage import covered


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(register(tmp_path_factory.mktemp("register"))) as server:
        yield server


@pytest.mark.exhaustive
def test_a_saved_file_is_there_after_the_next_look(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    with served(folder) as site:
        before = site.desk.state
        assert not site.desk.changed()
        register(folder, REGISTER.replace("Sky Drift", "Himmel Drift"))
        assert site.desk.changed()
        site.desk.reload()
        assert site.desk.state.number == before.number + 1
        assert not site.desk.changed()
        assert "Himmel Drift" in site.desk.state.name("https://nordlys.example/org/sky").da


def test_a_page_that_is_computed_changes_no_answer_of_a_query(tmp_path: Path) -> None:
    state = Desk((register(tmp_path / "data"),), configured).state
    before = len(state.opened.dataset.store)
    assert covered(state).cells
    assert len(state.opened.dataset.store) == before


@pytest.mark.exhaustive
def test_the_last_good_state_stays_when_a_file_breaks_and_every_page_says_what_and_where(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    with served(folder) as site:
        good = site.desk.state
        register(folder, REGISTER + "kontrakter: [\n")
        site.desk.reload()
        assert site.desk.state is good
        page = site.get("/en/").text
        assert "The files have changed, but the new ones cannot be read" in page
        assert "register.yaml:" in page
        assert site.get("/health").json()["status"] == "stale"
        register(folder, REGISTER)
        site.desk.reload()
        assert "cannot be read" not in site.get("/en/").text
        assert site.get("/health").json()["status"] == "ok"


@pytest.mark.exhaustive
def test_what_was_broken_from_the_start_is_said_to_be_incomplete(tmp_path: Path) -> None:
    folder = register(tmp_path / "data", REGISTER + "ukendt nøgle: 1\n")
    with served(folder) as site:
        assert "Incomplete" in site.get("/en/").text
        register(folder)
        site.desk.reload()
        assert "Incomplete" not in site.get("/en/").text


def test_a_named_file_that_is_deleted_leaves_the_last_good_state(tmp_path: Path) -> None:
    file = register(tmp_path / "data") / "register.yaml"
    with served(file) as site:
        file.unlink()
        site.desk.reload()
        assert "does not exist" in site.get("/en/").text
        assert site.desk.state.number == 1


@pytest.mark.exhaustive
def test_a_deleted_file_is_told_until_it_is_back(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    more = folder / "more.yaml"
    more.write_text("organisationer:\n  - {id: org/ny, navn: Ny}\n", encoding="utf-8")
    with served(folder) as site:
        assert "were deleted" not in site.get("/en/").text
        more.unlink()
        site.desk.reload()
        for address in ("/en/", "/en/org/fjord", "/en/map", "/en/report"):
            page = site.get(address).text
            assert "were deleted" in page
            assert "more.yaml" in page
        register(folder, REGISTER.replace("Sky Drift", "Himmel Drift"))
        site.desk.reload()
        assert "more.yaml" in site.get("/en/").text
        more.write_text("organisationer:\n  - {id: org/ny, navn: Ny}\n", encoding="utf-8")
        site.desk.reload()
        assert "were deleted" not in site.get("/en/").text


def test_a_save_that_was_read_already_is_not_read_again(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    with served(folder) as site:
        site.desk.refresh()
        assert site.desk.state.number == 1
        register(folder, REGISTER + "# more\n")
        site.desk.refresh()
        assert site.desk.state.number == 2


def test_the_language_is_that_of_the_path_the_query_the_browser_or_the_settings(site: Served) -> None:
    assert '<html lang="da">' in site.get("/da/", **{"accept-language": "en"}).text
    assert '<html lang="da">' in site.get("/?lang=da").text
    assert '<html lang="da">' in site.get("/", **{"accept-language": "de, da;q=0.8, en;q=0.2"}).text
    assert '<html lang="en">' in site.get("/").text


def test_no_other_name_is_answered_to(site: Served) -> None:
    for host in ("evil.example", "127.0.0.1", f"{HOST}.evil.example", ""):
        assert site.get("/health", host=host).status_code == 421
    assert site.get("/health", host="LOCALHOST:8710").status_code == 200


def test_pages_of_others_may_not_ask(site: Served) -> None:
    assert site.get("/", origin="http://evil.example").status_code == 403
    assert site.get("/", origin="null").status_code == 403
    assert site.get("/", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code == 403
    assert site.get("/", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}).status_code == 200
    assert site.get("/", origin=f"http://{HOST}").status_code == 200


def test_what_is_too_large_is_refused(site: Served) -> None:
    assert site.client.post("/", content=b"x" * (2 << 20)).status_code == 413
    assert site.client.post("/", content=iter([b"x" * (1 << 20)] * 2)).status_code in {405, 413}
    assert site.get("/?" + "x" * 20_000).status_code == 414
    assert site.client.request("DELETE", "/").status_code == 405


@pytest.mark.parametrize("address", ["/", "/da/", "/health", "/nothing/here", "/static/site.css", "/static/../app.py"])
def test_every_response_has_the_headers_of_safety(site: Served, address: str) -> None:
    headers = site.get(address).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_page_that_is_had_already_is_not_sent_again(site: Served) -> None:
    first = site.get("/en/")
    again = site.get("/en/", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_access_log_says_who_asked_for_what(site: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "graphsc.access"):
        site.get("/health?a=%1b[31m%0d%0aforged")
    line = json.loads(caplog.records[-1].getMessage())
    assert line["client"] == "127.0.0.1"
    assert line["status"] == 200
    assert line["method"] == "GET"
    assert "\x1b" not in caplog.text


def test_no_page_has_script_or_style_in_it(site: Served) -> None:
    page = site.get("/en/").text
    assert "<style" not in page
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick" not in page


def test_there_are_figures_for_prometheus(site: Served) -> None:
    site.get("/en/")
    text = site.get("/metrics").text
    assert 'graphsc_requests_total{method="GET",status="200"}' in text
    assert "graphsc_stale 0.0" in text
    assert 'graphsc_findings{severity="breach"}' in text


@pytest.mark.parametrize("address", ["/en/map", "/en/report", "/en/", "/en/?format=json"])
def test_what_is_had_already_keeps_its_policy(site: Served, address: str) -> None:
    first = site.get(address)
    again = site.get(address, **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


@pytest.mark.exhaustive
def test_the_map_the_report_and_all_data_say_that_they_are_not_of_the_newest_files(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    pages = ["/da/map", "/da/report"]
    data = [
        f"/en{path}?format=json" for path in ("/", "/findings", "/duties", "/risk", "/search", "/rules", "/nothing")
    ]
    with served(folder) as site:
        for address in (*pages, *data):
            answer = site.get(address)
            assert "graphsc-stale" not in answer.headers
            assert "kan ikke læses" not in answer.text
            assert address in pages or "stale" not in answer.json()
        fresh = site.get("/en/rules?format=ttl").headers["etag"]
        register(folder, REGISTER + "kontrakter: [\n")
        site.desk.reload()
        for address in pages:
            page = site.get(address).text
            assert "de nye kan ikke læses" in page
            assert "register.yaml:" in page
        for address in data:
            told = site.get(address).json()["stale"]
            assert told[0]["location"]["file"].endswith("register.yaml")
            assert set(told[0]["message"]) == {"da", "en"}
        turtle = site.get("/en/rules?format=ttl", **{"if-none-match": fresh})
        assert turtle.status_code == 200
        problems = str(len(site.desk.trouble))
        assert turtle.headers["graphsc-stale"] == problems
        assert site.get("/sparql?query=ASK%7B%7D").headers["graphsc-stale"] == problems


@pytest.mark.parametrize("language", ["da", "en"])
def test_one_of_a_sort_is_in_the_singular(tmp_path: Path, language: str) -> None:
    from graphsc.validation.findings import Severity

    def one_each(state: Any) -> Any:
        findings = state.report.findings
        first = [
            next(finding for finding in findings if finding.counts and finding.severity is level)
            for level in Severity
            if level != "note"
        ]
        group = next(finding.group for finding in findings if finding.group)
        first += [finding for finding in findings if finding.group == group]
        overdue = [next(duty for duty in state.duties if duty.state == "overdue")]
        report = replace(state.report, findings=tuple(first))
        return replace(state, number=99, report=report, owed=lambda: overdue, memo=Memo())

    with served(register(tmp_path / "data")) as site:
        site.desk.state = one_each(site.desk.state)
        matches = re.findall(r"<b>(\d+)</b> ([^<]*)", site.get(f"/{language}/").text)
    assert (
        matches
        == {
            "da": [
                ("1", "overtrædelse"),
                ("1", "spørgsmål"),
                ("1", "forfalden pligt"),
                ("1", "register, der ikke føres"),
            ],
            "en": [("1", "breach"), ("1", "question"), ("1", "overdue duty"), ("1", "register not kept")],
        }[language]
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/search?q=%ff%fe", 200),
        ("/en/%ff%fe", 404),
        ("/en/duties?person=%ed%a0%80", 400),
        ("/en/thing?iri=%00", 404),
        ("/sparql?query=%ff", 400),
        ("/en/search?" + "a=b&" * 61, 400),
        ("/sparql?" + "query=x&" * 61, 400),
    ],
)
def test_an_address_that_is_no_text_or_has_too_much_is_answered(site: Served, address: str, status: int) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_more_connections_than_can_be_served_are_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphsc.web.serving._CONNECTIONS", 2)
    monkeypatch.setattr("graphsc.web.serving._TurnedAway.room", 1)
    with listening(register(tmp_path / "data")) as (address, _), ExitStack() as open_ones:

        def connection() -> HTTPConnection:
            return open_ones.enter_context(closing(HTTPConnection(address.removeprefix("http://"), timeout=10)))

        def status(of: HTTPConnection) -> tuple[int, str | None]:
            of.request("GET", "/health")
            answer = of.getresponse()
            answer.read()
            return answer.status, answer.headers["retry-after"]

        served = [connection(), connection()]
        assert [status(of) for of in served] == [(200, None)] * 2
        assert status(connection()) == (503, "5")
        monkeypatch.setattr("graphsc.web.serving._TurnedAway.room", 0)
        with pytest.raises((ConnectionError, RemoteDisconnected)):
            status(connection())
        assert [status(of) for of in served] == [(200, None)] * 2  # those that are there are not disturbed


def test_what_is_kept_takes_so_much_room_however_small_each_of_it_is() -> None:
    from graphsc.web.answering import Cache
    from graphsc.web.sparql.answering import Answer

    cache = Cache[Answer](1 << 20)

    async def answer() -> Answer:
        return Answer()

    async def many() -> None:
        for number in range(1000):
            await cache.get(number, answer)

    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, many()).result()
    assert 10 < len(cache._kept) < 200


def test_a_body_without_end_and_one_that_does_not_come_are_refused(tmp_path: Path) -> None:
    from graphsc.web.access import Limits

    async def posted(app: Any, receive: Any) -> int:
        headers = [(b"host", HOST.encode()), (b"content-type", b"application/sparql-query")]
        scope = {"type": "http", "method": "POST", "path": "/sparql", "raw_path": b"/sparql", "query_string": b""}
        told: list[int] = []

        async def send(message: Any) -> None:
            told.append(message.get("status", 0))

        await app({**scope, "headers": headers, "client": ("127.0.0.1", 1), "http_version": "1.1"}, receive, send)
        return told[0]

    async def endless() -> dict[str, object]:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def silent() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    with served(register(tmp_path / "data"), limits=Limits(body=10_000, sending=0.2)) as site:
        with ThreadPoolExecutor(1) as aside:  # a browser test before this leaves a loop running in the main thread
            statuses = [aside.submit(asyncio.run, posted(site.app, body)).result() for body in (endless, silent)]
        assert statuses == [413, 408]
        assert site.get("/en/").status_code == 200


def test_a_body_with_two_lengths_is_refused_and_what_follows_it_is_not_read(tmp_path: Path) -> None:
    import socket

    head = "POST /sparql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/sparql-query\r\n"
    body = "0\r\n\r\nGET /version HTTP/1.1\r\nHost: {}\r\n\r\n"
    with listening(register(tmp_path / "data")) as (address, _):
        host = address.removeprefix("http://")
        for lengths in (
            "Content-Length: 6\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 6",
        ):
            with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=30) as connection:
                connection.sendall(f"{head}{lengths}\r\n\r\n{body}".format(host, host).encode())
                answer = b"".join(iter(lambda: connection.recv(4096), b""))  # until it is closed
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert answer.count(b"HTTP/1.1 ") == 1
