"""Who may see what at the desk: a reader of one part sees no byte of another's, on any page, in any format, query or error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from desks import DEMO, SECRET_FILE, Served, register, served
from repository import REPOSITORY

pytest.importorskip("starlette")

from graphsc.core.problems import Unavailable
from graphsc.core.settings.serving import Proxied
from graphsc.graph.labels import Labels, readable
from graphsc.graph.questions import shipped
from graphsc.web.access import PROOF

HEADER, HOST = "x-forwarded-user", "desk.example.dk"
PROXIED = Proxied.of(
    {
        "hosts": [HOST],
        "identity-header": HEADER,
        "proxies": ["127.0.0.1/32"],
        "secret-file": SECRET_FILE,
        "readers": {
            "anna": "everything",
            "bo": "edit",
            "sms@supplier.example": "org/skumsproejt-varsling",
            "lost": "org/there-is-none",
        },
    }
)
SENT = {PROOF: PROXIED.secret().decode()}
PAGES = (
    "/", "/findings", "/findings?shown=all", "/findings?group=who", "/duties", "/duties?page=1", "/coverage?state=met", "/statements/B2-04?outcome=met", "/findings?group=thing&shown=all", "/duties?view=calendar", "/duties?view=todo",
    "/calendar.ics", "/risk", "/coverage", "/statements", "/statements/B2-04", "/rules", "/rules/SUB001", "/rules/RSK001",
    "/map", "/report", "/search?q=e", "/search?q=drift", "/search?q=org", "/ask", "/thing",
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    # the tests ask faster than a person
    with served(DEMO, proxied=replace(PROXIED, rate=1000), editing=True) as server:
        yield server


def get(site: Served, path: str, name: str = "sms@supplier.example", **headers: str) -> Any:
    return site.client.get(path, headers={"host": HOST, HEADER: name, **headers}, follow_redirects=False)


@pytest.fixture(scope="module")
def secrets(site: Served) -> frozenset[str]:
    """What the reader of one part may not be shown: IRIs, ids and names of others."""
    from graphsc.web.desk import narrowed

    part = narrowed(site.desk.state, "org/skumsproejt-varsling")
    assert part is not None
    assert part.part is not None
    seen = part.part.seen
    labels = Labels(site.desk.state.opened.dataset)
    shown = {name for iri in seen.whole | seen.named for name in (labels[iri].da, labels[iri].en, readable(iri))}
    apart = [
        iri for iri in seen.hidden if re.search(r"/(org|system|kontrakt|person|gruppe|underleverance)/[^/]+$", iri)
    ]
    names = {
        name
        for iri in apart
        for name in (iri, iri.removeprefix("https://nordlys.example/"), labels[iri].da, labels[iri].en)
    }
    return frozenset(name for name in names - shown if len(name) > 5 and not _of_the_product(name))


@cache
def _product() -> str:
    """All that the product itself says: it names institutions of the state, and uses words that are also names."""
    files = [
        *(REPOSITORY / "ontology").rglob("*.ttl"),
        *(REPOSITORY / "queries").glob("*.rq"),
        *(REPOSITORY / "graphsc").rglob("*.js"),
    ]
    files += [
        *(REPOSITORY / "graphsc").rglob("*.py"),
        *(REPOSITORY / "shapes").rglob("*.ttl"),
        *(REPOSITORY / "ontology").rglob("*.rq"),
    ]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _of_the_product(name: str) -> bool:
    # a word is looked for where its letters stand at all: to search by expression alone is a hundred times slower
    return "/" not in name and name in _product() and re.search(rf"\b{re.escape(name)}\b", _product()) is not None


def leaked(text: str, secrets: frozenset[str]) -> list[str]:
    text = unescape(text)
    return sorted(name for name in secrets if name in text and re.search(rf"(?<!\w){re.escape(name)}(?![\w-])", text))


def test_there_is_something_to_hide(secrets: frozenset[str]) -> None:
    assert len(secrets) > 100
    assert any("nordlys.example/system/" in secret for secret in secrets)


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_another(site: Served, secrets: frozenset[str], path: str, language: str) -> None:
    answer = get(site, f"/{language}{path}")
    assert answer.status_code in {200, 404}
    assert leaked(answer.text, secrets) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", ["json", "ttl", "jsonld"])
@pytest.mark.parametrize("path", [path for path in PAGES if path not in {"/map", "/report", "/calendar.ics", "/ask"}])
def test_no_format_names_another(site: Served, secrets: frozenset[str], path: str, form: str) -> None:
    answer = get(site, f"/en{path}{'&' if '?' in path else '?'}format={form}")
    assert answer.status_code in {200, 404, 406}
    assert leaked(answer.text, secrets) == []


def test_no_further_page_of_a_list_names_another(
    site: Served, secrets: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("visit.SCREENFUL", "pages.findings.SCREENFUL", "pages.coverage.SCREENFUL", "visit.BATCH"):
        monkeypatch.setattr(f"graphsc.web.{name}", 3)
    turned = 0
    for path in ("/findings?shown=all", "/findings?group=thing&shown=all", "/duties", "/search?q=o", "/coverage"):
        address = f"/en{path}{'&' if '?' in path else '?'}lang=en"  # which no other test has asked for
        for _ in range(6):
            answer = get(site, address)
            assert answer.status_code == 200
            assert leaked(answer.text + answer.headers.get("link", ""), secrets) == []
            following = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
            if following is None:
                break
            address, turned = following[1], turned + 1
    assert turned > 6


def test_no_rule_is_kept_for_a_reader_of_one_part_on_what_is_not_recorded(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    proxied = replace(PROXIED, readers={"all@example.dk": "everything", "fjord@example.dk": "org/fjord"})
    with served(register(tmp_path_factory.mktemp("part")), proxied=proxied) as site:
        for name in ("all@example.dk", "fjord@example.dk"):
            page = get(site, "/en/rules/SUB021", name).text
            assert "nothing to check" in page
            assert "2 of" not in page


def test_a_filter_by_what_is_hidden_is_one_by_what_is_not_there(site: Served, secrets: frozenset[str]) -> None:
    hidden = next(name for name in sorted(secrets) if "nordlys.example/system/" in name)
    for path in (
        "/findings?thing=",
        "/duties?thing=",
        "/findings?subject=",
        "/coverage?agreement=",
        "/thing?property=x:y&iri=",
    ):
        answers = [get(site, f"/en{path}{iri}") for iri in (hidden, "https://nordlys.example/system/there-is-none")]
        assert len({answer.status_code for answer in answers}) == 1
        assert answers[0].status_code in {400, 404}
        assert leaked(answers[0].text.replace(hidden, ""), secrets - {hidden, hidden.rpartition("example/")[2]}) == []


@pytest.mark.exhaustive
def test_no_page_of_a_thing_finding_or_duty_names_another(site: Served, secrets: frozenset[str]) -> None:
    links: set[str] = set()
    for path in ("/en/", "/en/findings", "/en/duties", "/en/search?q=e", "/en/org/skumsproejt-varsling"):
        links |= {unescape(link) for link in re.findall(r'href="(/en/[^"#]*)"', get(site, path).text)}
    assert len(links) > 40
    for link in sorted(links)[:150]:
        answer = get(site, link)
        assert answer.status_code == 200, link
        assert leaked(answer.text, secrets) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_question_names_another(site: Served, secrets: frozenset[str], name: str) -> None:
    for form in ("html", "json"):
        answer = get(site, f"/en/ask/{name}?run=1" + ("&format=json" if form == "json" else ""))
        assert leaked(answer.text, secrets) == []


@pytest.mark.exhaustive
def test_no_query_names_another(site: Served, secrets: frozenset[str]) -> None:
    every = "SELECT * WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 90000"
    answer = get(site, f"/sparql?query={quote(every)}", accept="text/csv")
    assert answer.status_code == 200
    assert len(answer.text) > 10_000
    assert leaked(answer.text, secrets) == []


def test_what_is_hidden_answers_as_what_is_not_there(site: Served, secrets: frozenset[str]) -> None:
    hidden = sorted(
        secret.rsplit("/", 1)[1] for secret in secrets if secret.startswith("https://nordlys.example/system/")
    )[:5]
    assert hidden
    for name in hidden:
        stranger = "q" * len(name)
        for path in ("/en/system/{}", "/en/search?q=system/{}", "/en/thing?iri=https://nordlys.example/system/{}"):
            answers = [get(site, path.format(one)) for one in (name, stranger)]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].text.replace(name, stranger) == answers[1].text
        asked = [get(site, f"/ask/parties-of-system?run=1&format=json&system={one}") for one in (name, stranger)]
        assert asked[0].text.replace(name, stranger) == asked[1].text


def test_trouble_with_files_is_said_without_names(site: Served, secrets: frozenset[str]) -> None:
    from graphsc.core.problems import Location, Problem
    from graphsc.core.text import Text

    broken = Text.same("https://nordlys.example/system/secret-thing")
    site.desk.trouble = (Problem("bad", broken, Location("kontrakter/secret.yaml", 3)),)
    try:
        page = get(site, "/en/").text
        assert "secret" not in page
        assert "cannot be read" in page
        assert "secret.yaml" in get(site, "/en/", name="anna").text
    finally:
        site.desk.trouble = ()


def test_only_the_proxy_is_believed(site: Served) -> None:
    assert get(site, "/en/", name="anna").status_code == 200
    assert get(site, "/en/", name="nobody").status_code == 403
    assert get(site, "/en/", name="").status_code == 403
    assert get(site, "/en/", name="lost").status_code == 403
    assert site.client.get("/en/", headers={"host": HOST}).status_code == 403
    twice = site.client.get("/en/", headers=[("host", HOST), (HEADER, "anna"), (HEADER, "bo")])
    assert twice.status_code == 403
    assert site.client.get("/health", headers={"host": HOST}).status_code == 200
    from starlette.testclient import TestClient

    forged = TestClient(site.app, base_url=f"http://{HOST}", client=("10.1.2.3", 999))
    assert forged.get("/en/", headers={HEADER: "anna"} | SENT).status_code == 403
    beside = TestClient(site.app, base_url=f"http://{HOST}", client=("127.0.0.1", 999))
    assert beside.get("/en/", headers={HEADER: "anna"} | SENT).status_code == 200
    for guess in (b"", b"not-a-secret-but-for-test", b"\xf8"):
        guessed = [(HEADER.encode(), b"anna"), (PROOF.encode(), guess)]
        assert beside.get("/en/", headers=guessed).status_code == 403
    assert beside.get("/en/", headers={HEADER: "anna"}).status_code == 403
    assert beside.get("/en/", headers=[(HEADER, "anna"), *SENT.items(), *SENT.items()]).status_code == 403


@pytest.mark.parametrize("content", ["", "short", "two words that are long enough", "x" * 201])
def test_a_secret_that_is_none_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(content, encoding="utf-8")
    with pytest.raises(Unavailable, match="20 to 200 characters"):
        replace(PROXIED, secret_file=tmp_path / "secret").secret()


def test_each_sees_and_does_what_the_configuration_says(site: Served) -> None:
    finding = next(
        finding for finding in site.desk.state.report.findings if finding.code == "SUB001" and finding.counts
    )
    path = f"/en/edit/finding/{finding.fingerprint}"
    assert get(site, path, name="bo").status_code == 200
    assert get(site, path, name="anna").status_code == 404
    assert get(site, path).status_code == 404
    assert get(site, f"/en/findings/{finding.fingerprint}", name="anna").status_code == 200
    assert len(get(site, "/en/findings?format=json").text) < len(
        get(site, "/en/findings?format=json", name="anna").text
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"hosts": []},
        {"identity-header": "a b"},
        {"proxies": ["everyone"]},
        {"readers": {"anna": 1}},
        {"secret-file": ""},
        {"reader": {}},
        {"hosts": ["a b"]},
    ],
)
def test_a_configuration_that_says_it_wrongly_is_none(wrong: dict[str, Any]) -> None:
    right = {
        "hosts": [HOST],
        "identity-header": HEADER,
        "proxies": ["10.0.0.0/8"],
        "secret-file": SECRET_FILE,
        "readers": {},
    }
    with pytest.raises((ValueError, TypeError, KeyError)):
        Proxied.of(right | wrong if wrong else {})


def test_the_figures_are_for_this_machine_itself(site: Served) -> None:
    assert site.client.get("/metrics", headers={"host": HOST}).status_code == 200
    assert get(site, "/metrics").status_code == 403


def test_a_reader_who_asks_too_often_waits_and_the_others_do_not() -> None:
    with served(DEMO, proxied=replace(PROXIED, rate=0.2)) as site:
        assert [get(site, "/version", "anna").status_code for _ in range(3)] == [200, 200, 429]
        assert get(site, "/version", "anna").headers["retry-after"] == "1"
        assert get(site, "/version", "bo").status_code == 200
        assert get(site, "/health", "anna").status_code == 200


def test_what_was_not_asked_for_a_while_may_be_asked_at_once() -> None:
    from graphsc.web.access import Paced

    now = 0.0
    paced = Paced(lambda *_: None, 2, lambda: now)  # type: ignore[arg-type]
    assert sum(paced._may("anna") for _ in range(100)) == 20
    now = 3.0
    assert sum(paced._may("anna") for _ in range(100)) == 6
    now = 1000.0
    assert sum(paced._may("anna") for _ in range(100)) == 20


@pytest.mark.parametrize("rate", [0, -1, True, "20", float("nan")])
def test_a_rate_that_is_none_is_refused(rate: object) -> None:
    table = {
        "hosts": [HOST],
        "identity-header": HEADER,
        "proxies": ["127.0.0.1/32"],
        "secret-file": SECRET_FILE,
        "rate": rate,
    }
    with pytest.raises((ValueError, TypeError)):
        Proxied.of(table)
