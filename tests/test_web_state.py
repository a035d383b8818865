"""The state of the desk: read once, swapped when a file is saved, kept when the new file is broken; and who may connect."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import HOST, REGISTER, Served, register, served

pytest.importorskip("starlette")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(register(tmp_path_factory.mktemp("register"))) as found:
        yield found


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
    assert 'graphsc_findings{severity="violation"}' in text
