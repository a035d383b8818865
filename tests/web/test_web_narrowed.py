"""A reader of one part gets, at every address and in every form, what they would get if others had something else altogether."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import unescape
from itertools import count, product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit
from zlib import crc32

import pytest
from desks import SECRET_FILE, Served, served

pytest.importorskip("starlette")

from graphsc.core.settings.serving import Proxied
from graphsc.core.vocabulary import RDFS, XSD, G
from graphsc.sources.terms import load
from graphsc.sources.values import IDENTIFIERS
from graphsc.web.app import Site
from graphsc.web.visit import FORMATS

HEADER, HOST, READER = "x-forwarded-user", "desk.example.dk", "fjord@example.dk"
PROXIED = replace(
    Proxied.of(
        {
            "hosts": [HOST],
            "identity-header": HEADER,
            "proxies": ["127.0.0.1/32"],
            "secret-file": SECRET_FILE,
            "readers": {READER: "org/fjord", "all@example.dk": "everything"},
        }
    ),
    rate=1_000_000,  # a program asks faster than a person
)
OWN = """\
base: https://nordlys.example/

organisationer:
  - {id: org/nordlys, navn: Nordlysstyrelsen}
  - {id: org/fjord, navn: Fjord Hosting, cvr: "20000007", koncern: koncern/hav}
  - {id: org/sky, navn: Sky Drift}

koncerner:
  - {id: koncern/hav, navn: Havkoncernen}

systemer:
  - {id: system/sager, navn: Sagsstyring}

kontrakter:
  - id: kontrakt/drift
    navn: Driftskontrakten
    kunde: org/nordlys
    leverandør: org/fjord
    underskrevet: 2024-03-01
    periode: 2024-04-01/2028-03-31
    årlig udgift: 1200000
    registre: [underleverandører, tilsyn]
    systemer: [system/sager]
    underleverandører:
      - {id: under/sky, leverandør: org/sky, start: 2024-06-01}
"""
"""The part of Fjord Hosting."""
FJORD = """\
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://nordlys.example/system/vagt> a g:ITSystem ; g:owner <https://nordlys.example/org/fjord> ;
    rdfs:label "Vagtplan som hos [udeladt]"@da , "Duty roster as at [left out]"@en .
"""
MARK = "zqskjult"
"""In every name, id, text and file name of what is hidden."""
LATER = 7_000
"""The line of a shared file after which everything is hidden."""
SHARED = f"""
organisations:
  - {{id: org/{MARK}-a, name: Zqskjult A, cvr: "79191000"}}
  - {{id: org/{MARK}-b, name: Zqskjult B, owner group: koncern/{MARK}}}

owner groups:
  - {{id: koncern/{MARK}, name: Zqskjult Koncern}}

persons:
  - {{id: person/{MARK}, name: Zqskjult Person}}

roles:
  - {{id: rolle/{MARK}, person: person/{MARK}, role: contract manager, at: org/nordlys, from: 1913-05-17}}

systems:
  - {{id: system/{MARK}, name: Zqskjult System, owner: org/nordlys}}

contracts:
  - id: kontrakt/{MARK}
    name: Zqskjultkontrakten
    customer: org/nordlys
    supplier: org/{MARK}-a
    signed: 1913-03-01
    period: 1913-04-01/2031-03-31
    yearly spend: 7919021
    registers: [subcontractors, supervision]
    systems: [system/{MARK}]
    subcontractors:
      - {{id: under/{MARK}, supplier: org/{MARK}-b, start: 1914-06-01}}
"""
"""What others have, in a file that the part is in too."""


def everything_there_is(numbers: Iterator[int]) -> str:
    """A thing of every class with a value of every property, each of them found nowhere else, as Turtle."""
    terms, first = load(), date(1913, 1, 1)
    lines = [f"@prefix g: <{G}> .", f"@prefix rdfs: <{RDFS}> ."]
    for cls in sorted(terms.classes.values(), key=lambda item: item.iri):
        if cls.derived or not cls.containers:
            continue
        number = next(numbers)
        thing = f"<https://nordlys.example/{MARK}-{number}>"
        lines.append(
            f'{thing} a <{cls.iri}> ; rdfs:label "Zqskjult {number}" ; rdfs:seeAlso [ rdfs:label "Zqskjult blank {number}" ] .'
        )
        for item in sorted(terms.properties.values(), key=lambda item: item.iri):
            if (
                item.derived
                or item.inverse_of
                or not item.literal
                or item.iri in IDENTIFIERS
                or cls.iri not in item.domains
            ):
                continue
            number = next(numbers)
            value = {
                XSD + "date": f"{first + timedelta(number % 700)}",
                XSD + "integer": f"7919{number:03}",
                XSD + "decimal": f"7919{number:03}.5",
                XSD + "boolean": "true",
            }.get(item.range or "", f"Zqskjult text {number}")
            lines.append(f'{thing} <{item.iri}> "{value}"^^<{item.range or XSD + "string"}> .')
    return "\n".join(lines)


OTHERS = """
organisations: [{id: org/qx-7, name: Qvistum}]
contracts: [{id: kontrakt/qx-8, customer: org/nordlys, supplier: org/qx-7, period: 2024-04-01/2031-03-31}]
"""
"""What others have instead: as little as still makes the customer one that has several suppliers, which Fjord Hosting is told."""
NUMBERS = re.compile(r"(?<![0-9a-f])7[.,]?919[.,]?\d\d\d|(?<!\d)191[34](?!\d)|yaml:7\d\d\d|line\": 7\d\d\d")
"""The numbers, days and places of what is hidden."""
EVERYTHING = "SELECT * WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?s ?p ?o ?g"
BASE = "https://nordlys.example/"
MANY = ("rules/", "statements/", "ask/", "findings/", "duties/")


@contextmanager
def desk(folder: Path, *, hidden: bool) -> Iterator[Served]:
    """A desk with the part, and besides it with all that is to be hidden, or with next to nothing."""
    own = re.sub(r"\[(udeladt|left out)\]", "Zqskjult A", FJORD) if hidden else FJORD
    (folder / "fjord.ttl").write_text(own, encoding="utf-8")
    others = SHARED if hidden else OTHERS
    (folder / "register.yaml").write_text(OWN + "#\n" * (LATER - OWN.count("\n")) + others, encoding="utf-8")
    (folder / f"{MARK}.ttl").unlink(missing_ok=True)
    if hidden:
        (folder / f"{MARK}.ttl").write_text(everything_there_is(count(100)), encoding="utf-8")
    with served(folder, proxied=PROXIED) as site:
        assert site.desk.state.report.problems == ()
        site.desk.state = replace(site.desk.state, read_at=datetime(2026, 11, 25, tzinfo=UTC))
        yield site


def get(site: Served, address: str, reader: str = READER) -> Any:
    return site.client.get(address, headers={"host": HOST, HEADER: reader}, follow_redirects=False)


def linked(address: str, page: str) -> Iterator[str]:
    """The addresses of this site that a page leads to: its links, and each choice of its forms alone."""
    found = [unescape(link) for link in re.findall(r'(?:href|src|data-terms)="([^"]*)"', page)]
    for action, form in re.findall(r'<form[^>]* action="([^"]*)" method="get">(.*?)</form>', page, re.DOTALL):
        choices = [
            (name, value)
            for name, options in re.findall(r'<select[^>]* name="([^"]*)">(.*?)</select>', form, re.DOTALL)
            for value in re.findall(r'<option value="([^"]+)"', options)
        ]
        choices += re.findall(r'<button type="submit" name="([^"]*)" value="([^"]*)"', form)
        found += [f"{unescape(action)}?{urlencode({name: unescape(value)})}" for name, value in choices]
    for link in found:
        whole = urljoin(address, link).split("#")[0]
        if whole.startswith("/") and not urlsplit(whole).netloc:
            yield whole


@cache
def is_asked(address: str) -> bool:
    """Whether a crawl asks for an address.

    Of pages that there are many of – rules, statements, questions, findings, duties, terms and lists that are filtered – each is
    asked for in one language and format, so that all of these are tried of each kind; and of the terms an eighth.
    """
    path, query = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    language, _, rest = path.removeprefix("/").partition("/")
    form = query.pop("format", "html")
    term = rest == "thing" and not query.get("iri", "").startswith(BASE)
    filtered = rest != "thing" and bool(query)
    if language not in {"da", "en"} or not (term or filtered or rest.startswith(MANY)):
        return True
    number = crc32(repr((rest, sorted(query.items()))).encode())
    if rest.startswith("ask/"):  # files are only linked from the answer as a page
        return (language == "da") == (crc32(rest.encode()) % 2 == 0) and (form == "html" or number % 8 == 0)
    mine = list(product(("da", "en"), FORMATS))[number % 8]
    return (language, form) == mine and not (term and number // 8 % 8)


def crawled(site: Served, starts: list[str]) -> dict[str, Any]:
    """The answers of a site at every address that its pages lead to from some."""
    answers: dict[str, Any] = {}
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        if address in answers:
            continue
        answer = answers[address] = get(site, address)
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [link for link in linked(address, answer.text) if link not in answers and is_asked(link)]
    return answers


def test_nothing_that_a_reader_of_one_part_gets_depends_on_what_others_have(tmp_path: Path) -> None:
    with desk(tmp_path, hidden=True) as site:
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.iterdir()]
        routes = [route.path for route in Site(site.desk).routes()]
        dumps = [f"/{path}?query={quote(EVERYTHING)}" for path in ("sparql", "en/ask")]
        # addresses that one has to know are asked too: as the things, texts and results of others are called
        state = site.desk.state
        told = [f"/en/{kind}/{MARK}" for kind in ("person", "rolle", "system", "kontrakt", "under", "koncern")]
        theirs = [finding.fingerprint for finding in state.report.findings if MARK in finding.subject]
        told += [f"/en/findings/{name}" for name in theirs[:9]]
        told += [
            f"/en/{path}={BASE}system/{MARK}" for path in ("thing?iri", "findings?thing", "duties?thing", "risk?node")
        ]
        told += [f"/en/ask/parties-of-system?run=1&format=json&system={MARK}", f"/da/search?q={MARK}"]
        answers = crawled(site, ["/", *(re.sub(r"\{.*?\}", "", path) for path in routes), *dumps])
        guessed = {address: get(site, address) for address in told}
        everything = get(site, "/risk?format=json", "all@example.dk").text + get(site, dumps[0], "all@example.dk").text
    assert len(told_of(everything)) > 10
    assert any(digest in everything for digest in digests), "there is something to hide"
    assert len(guessed) == 21
    for pattern in routes:
        path = re.sub(r"\\\{.*?\}", "[^?]+", re.escape(pattern))
        assert any(re.fullmatch(rf"(/da|/en)?{path}", urlsplit(address).path) for address in answers), pattern
    leaks = {
        address: found
        for address, answer in answers.items()
        if (found := told_of(f"{answer.text} {dict(answer.headers) | {'content-security-policy': ''}}"))
    }
    assert leaks == {}
    assert [a for a, answer in answers.items() if any(digest[:12] in answer.text for digest in digests)] == []
    with desk(tmp_path, hidden=False) as site:
        differing = {
            address: _first_difference(answer.text, other.text)
            for address, answer in (answers | guessed).items()
            if _sent(answer) != _sent(other := get(site, address))
        }
    assert differing == {}
    assert len(answers) > 400


def told_of(text: str) -> set[str]:
    """What of the names, texts, numbers, days and places of others is in a text."""
    return {*NUMBERS.findall(text), *([MARK] if MARK in text.lower() else [])}


def _sent(answer: Any) -> tuple[object, ...]:
    return answer.status_code, dict(answer.headers), answer.text


def _first_difference(one: str, other: str) -> tuple[str, str]:
    place = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(0, place - 60) : place + 60], other[max(0, place - 60) : place + 60]
