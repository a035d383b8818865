"""The pages of the desk over the demo: what each holds, in both languages and as data; every link leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from desks import AS_OF, DEMO, Served, register, served
from repository import REPOSITORY

pytest.importorskip("starlette")

import pyoxigraph as ox

from graphsc.core import escape
from graphsc.core.text import Language, capital
from graphsc.duties.todo import agendas
from graphsc.duties.words import Voice
from graphsc.service.duties import duties

NORDLYS = "https://nordlys.example/"


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served(DEMO) as server:
        yield server


PAGES = (
    "/",
    "/findings",
    "/findings?group=who",
    "/findings?group=rule&severity=question",
    "/findings?shown=all",
    "/duties",
    "/duties?view=calendar&within=90d",
    "/duties?view=todo&person=p09",
    "/risk",
    "/coverage",
    "/statements",
    "/statements/B2-04",
    "/rules",
    "/rules/SUB001",
    "/map",
    "/report",
    "/search?q=drift",
    "/person/p09",
    "/org/nordlysstyrelsen",
    "/kontrakt/drift-2024",
    "/system/sagsbehandling",
)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_in_both_languages(site: Served, path: str, language: str) -> None:
    page = site.get(f"/{language}{path}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language


@pytest.mark.parametrize("parameter", ["as-of=2025-01-01", "since=2025-01-01"])
@pytest.mark.parametrize("path", PAGES)
def test_a_parameter_that_a_page_does_not_have_is_refused(site: Served, path: str, parameter: str) -> None:
    page = site.get(f"/en{path}{'&' if '?' in path else '?'}{parameter}")
    assert page.status_code == 400
    assert re.search(
        rf"{parameter.partition('=')[0]}: (The page has no parameter|There is no filter) of that name", page.text
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", [path for path in PAGES if path not in {"/map", "/report"}])
def test_a_page_is_data_at_the_same_address(site: Served, path: str) -> None:
    page = site.get(f"/en{path}")
    offered = set(re.findall(r"format=(\w+)", page.text))
    assert "json" in offered
    joint = "&" if "?" in path else "?"
    assert isinstance(json.loads(site.get(f"/en{path}{joint}format=json").text), dict)
    for form, media in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)):
        answer = site.get(f"/en{path}{joint}format={form}")
        if form in offered:
            assert answer.status_code == 200
            assert list(ox.parse(answer.text, media))
        else:
            assert answer.status_code == 406


@pytest.mark.parametrize("path", ["/da/duties", "/en/rules", "/da/coverage", "/en/statements/B2-04", "/da/risk"])
def test_each_cell_says_under_which_column_it_stands(site: Served, path: str) -> None:
    """Where a screen is narrow it is shown so."""
    for table in re.findall(r'<table class="rows">.*?</table>', site.get(path).text, re.DOTALL):
        head, _, body = table.partition("</thead>")
        columns = re.findall(r'<th scope="col">(.*?)</th>', head)
        rows = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
        assert rows
        assert {tuple(re.findall(r'<t[dh] data-label="(.*?)"', row)) for row in rows} == {tuple(columns)}


def test_an_identifier_can_be_looked_up(site: Served) -> None:
    answer = site.get("/kontrakt/drift-2024", accept="text/turtle, */*;q=0.1")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "accept" in answer.headers["vary"]
    described = {quad.triple for quad in ox.parse(answer.text, ox.RdfFormat.TURTLE)}
    node = ox.NamedNode(NORDLYS + "kontrakt/drift-2024")
    known = {quad.triple for quad in site.desk.state.opened.dataset.store.quads_for_pattern(node, None, None, None)}
    assert known
    assert known <= described


def test_a_share_is_read_in_per_cent_and_is_a_number_as_data(site: Served) -> None:
    path = "/org/taagehorn-drift"
    assert "<bdi>99,85 %</bdi>" in site.get(f"/da{path}").text
    assert "<bdi>99.85%</bdi>" in site.get(f"/en{path}").text
    for form in ("json", "ttl"):
        assert "0.9985" in site.get(f"{path}?format={form}").text


def test_the_findings_are_those_of_the_command_line(site: Served) -> None:
    from graphsc.core.text import Language
    from graphsc.rendering.findings import json as findings_json

    state = site.desk.state
    document = json.loads(site.get("/en/findings?shown=all&format=json").text)
    assert document == json.loads(findings_json.render(state.report, dict(state.rules), language=Language.EN))


def test_findings_are_filtered(site: Served) -> None:
    every = json.loads(site.get("/findings?format=json").text)["findings"]
    grave = json.loads(site.get("/findings?severity=breach&format=json").text)["findings"]
    assert 0 < len(grave) < len(every)
    assert {finding["severity"] for finding in grave} == {"breach"}
    nothing = "/findings?severity=note&shown=deferred"
    assert json.loads(site.get(f"{nothing}&format=json").text)["findings"] == []
    assert "Nothing is like" in site.get(f"/en{nothing}").text


def test_who_has_to_do_what_is_the_list_of_the_command_with_its_places(site: Served) -> None:
    page = unescape(re.sub("<[^>]+>", "", site.get("/en/duties?view=todo").text))
    shown = duties(site.desk.state.opened)
    voice = Voice(shown.labels, Language.EN)
    lines = [line for agenda in agendas(shown) for task in agenda.tasks for line in task.lines]
    assert len(lines) > 15
    for line in lines:
        assert f"{capital(voice.standing(line))} {escape.line(voice.line(line, shown.as_of))}" in page
        assert f"written in {voice.place(line)}" in page


def test_mine_are_the_duties_of_a_person(site: Served) -> None:
    person = NORDLYS + "person/p09"
    owed = json.loads(site.get(f"/duties?person={person}&format=json").text)["duties"]
    assert owed
    assert {one["holder"]["person"] for one in owed} == {person}
    assert "Mine" in site.get("/en/person/p09").text


def test_the_calendar_can_be_subscribed_to(site: Served) -> None:
    answer = site.get("/da/calendar.ics?person=" + NORDLYS + "person/p09")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert answer.text.count("BEGIN:VEVENT") > 3


def test_a_duty_has_a_page_of_its_own(site: Served) -> None:
    match = re.search(r'href="(/en/duties/[0-9a-f]{32})"', site.get("/en/duties?state=overdue").text)
    assert match is not None
    page = site.get(match[1])
    assert page.status_code == 200
    assert "Overdue" in page.text


def test_a_finding_says_what_it_rests_on_and_what_to_write(site: Served) -> None:
    finding = next(
        finding for finding in site.desk.state.report.findings if finding.code == "SUB001" and finding.counts
    )
    page = site.get(f"/en/findings/{finding.fingerprint}").text
    assert "It rests on" in page
    assert "Write this in your data" in page
    assert str(finding.location) in page


def test_search_finds_things_rules_statements_and_findings(site: Served) -> None:
    def kinds(query: str) -> set[str]:
        return {hit["kind"] for hit in json.loads(site.get(f"/search?q={query}&format=json").text)["hits"]}

    assert "thing" in kinds("nordlysstyrelsen")
    assert "rule" in kinds("SUB001")
    assert "statement" in kinds("B2-04")
    assert json.loads(site.get("/search?q=zzzzqqqq&format=json").text)["hits"] == []


@pytest.mark.parametrize(
    "path", ["/nothing/here", "/findings/0000", "/duties/0000", "/rules/XXX", "/statements/X", "/thing?iri=", "/thing"]
)
def test_there_is_a_page_for_what_is_not_there(site: Served, path: str) -> None:
    answer = site.get(f"/en{path}")
    assert answer.status_code == 404
    assert "There is no page here" in answer.text


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2fapp.py", "/%00", "/%ff%fe"]
)
def test_a_path_that_climbs_reaches_no_file(site: Served, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_every_link_leads_to_a_page(site: Served) -> None:
    links = {
        unescape(link)
        for path in PAGES
        if path not in {"/map", "/report"}
        for link in re.findall(r'href="(/(?:en|da|static)/[^"#]*)"', site.get(f"/en{path}").text)
    }
    chosen = sorted(links)[:: max(1, len(links) // 120)]
    assert len(chosen) > 50
    assert [link for link in chosen if site.get(link).status_code != 200] == []


def test_hostile_names_are_inert(tmp_path_factory: pytest.TempPathFactory) -> None:
    names = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "{{ 7 * 191 }}{% raw %}",
        "javascript:alert(1)",
        "\u202egnp.exe",
        "</title></main><h1>",
    ]
    lines = [f"  - {{id: org/o{place}, navn: {json.dumps(name)}}}" for place, name in enumerate(names)]
    text = "\n".join(["base: https://nordlys.example/", "organisationer:", *lines, ""])
    with served(register(tmp_path_factory.mktemp("hostile"), text)) as site:
        pages = [site.get(f"/en/org/o{place}").text for place in range(len(names))]
        pages += [site.client.get("/en/search", params={"q": name}).text for name in names]
        for page in pages:
            assert "<script>" not in page
            assert "<img" not in page
            assert "onmouseover='" not in page
            assert "1337" not in page
            assert "\u202e" not in page
            assert page.count("<h1>") == 1


def test_every_field_of_a_form_holds_its_value_as_it_is() -> None:
    """What is shown in a field is sent again: it may be neither shortened nor marked as other text of a page is."""
    templates = sorted((REPOSITORY / "graphsc" / "web" / "templates").glob("*.html"))
    tags = [
        (file.name, tag)
        for file in templates
        for tag in re.findall(r"<(?:input|option|button)\b.*?(?=>\n|>\{|><|/>)", file.read_text("utf-8"))
        if 'value="{{' in tag
    ]
    assert len(tags) > 15
    assert [pair for pair in tags if not re.search(r'value="\{\{ [^}]*\|raw \}\}"', pair[1])] == []


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_the_ends_of_lines_of_a_query_are_those_that_were_typed(site: Served, end: str) -> None:
    """A browser sends CR LF for each."""
    lines = ["", "# mine", 'SELECT ("a\tb" AS ?a)', "WHERE {}"]
    page = site.client.get("/en/ask", params={"query": end.join(lines)}).text
    field = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert field is not None
    assert unescape(field[1]).split("\n") == lines
    assert "\ufffd" not in page


def test_the_day_is_said_on_every_page(site: Served) -> None:
    assert str(AS_OF) in site.get("/en/rules").text


@pytest.mark.parametrize("name", ["p09", "person/p09", NORDLYS + "person/p09"])
@pytest.mark.parametrize("path", ["/findings", "/duties", "/calendar.ics"])
def test_a_person_goes_by_any_of_the_names_that_the_commands_take(site: Served, path: str, name: str) -> None:
    def told(asked: str) -> str:
        return re.sub(
            r'"(asked|query)".*', "", site.client.get(f"/en{path}", params={"person": asked, "format": "json"}).text
        )

    assert told(name) == told(NORDLYS + "person/p09")
    page = site.client.get("/en/duties", params={"person": name}).text
    assert f'<option value="{NORDLYS}person/p09" selected>' in page


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/findings?severity=bogus", "breach, question, note"),
        ("/findings?shown=bogus", "waived"),
        ("/findings?group=bogus", "who, role, thing, rule"),
        ("/findings?rule=ZZZ", "SUB"),
        ("/findings?organisation=nobody", "org/"),
        ("/findings?subject=nothing", ""),
        ("/duties?state=bogus", "overdue, open"),
        ("/duties?within=90", "30d, 2w, 3m, 1y"),
        ("/duties?person=nobody", "person/"),
        ("/duties?person=org/nordlysstyrelsen", "person/"),
        ("/duties?holder=nobody", "org/"),
        ("/duties?role=bogus", "role/"),
        ("/duties?agreement=bogus", "kontrakt/"),
        ("/calendar.ics?person=nobody", "person/"),
        ("/calendar.ics?state=bogus", "overdue, open"),
        ("/findings?sevrity=question", "severity, shown"),
        ("/duties?holders=x", "state, within, holder"),
        ("/calendar.ics?pers=p09", "person"),
    ],
)
def test_a_value_that_there_is_none_of_is_refused_with_those_that_there_are(
    site: Served, language: str, address: str, known: str
) -> None:
    page = site.get(f"/{language}{address}")
    assert page.status_code == 400
    assert known in unescape(page.text)
    answer = site.get(f"/{language}{address}&format=json")
    assert answer.status_code == 400
    assert known in answer.json()["error"][language]


def test_the_first_page_has_what_is_overdue_before_what_falls_due(site: Served) -> None:
    page = site.get("/en/").text
    section = page[page.index('id="soon"') : page.index('id="changed"')]
    states = re.findall(r'class="state (\w+)"', section)
    late = min(8, sum(1 for duty in site.desk.state.duties if duty.state == "overdue"))
    assert late > 0
    assert states[:late] == ["overdue"] * late
    assert re.search(r'<a href="/en/duties\?view=calendar">\+ \d+ more</a>', section)


def test_the_first_page_says_how_many_findings_there_are_in_all(site: Served) -> None:
    page = site.get("/en/").text
    every = sum(1 for finding in site.desk.state.report.findings if finding.counts)
    assert f">All findings ({every})</a>" in page
    assert f"<h1>Findings ({every})</h1>" in site.get("/en/findings").text


def test_where_no_register_is_kept_the_first_page_does_not_say_that_all_is_done(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = """\
base: https://nordlys.example/
organisationer: [{id: org/kommune, art: kommune}, {id: org/hosting}]
kontrakter: [{id: kontrakt/drift, kunde: org/kommune, leverandør: org/hosting, start: 2024-01-01}]
"""
    with served(register(tmp_path_factory.mktemp("unkept"), text)) as site:
        unknown = site.get("/en/duties?state=not%20recorded&format=json").json()
        page = site.get("/en/").text
    assert "As far as is recorded, nothing is overdue" in page
    count = re.search(
        r'href="/en/duties\?state=not\+recorded">Duties of which it is not recorded whether they are met: (\d+)</a>',
        page,
    )
    assert count is not None
    assert int(count[1]) == len(unknown["duties"]) > 0


def test_dates_stay_on_their_line(site: Served) -> None:
    assert "time, .short { white-space: nowrap; }" in site.get("/static/site.css").text
    assert re.search(
        r'<td data-label="D" class="short"><bdi>\d{4}-', site.client.get("/en/ask", params={"query": _DAYS}).text
    )


_DAYS = "SELECT ?d WHERE { ?a <https://w3id.org/graphsc/ns#signed> ?d } LIMIT 1"


def test_an_agreement_begins_with_its_parties_and_has_its_whole_chain_and_its_duties_folded(site: Served) -> None:
    page = site.get("/en/kontrakt/drift-2024").text
    parts = [page.index(f'id="{name}"') for name in ("first", "chain-strip", "its-findings", "its-duties", "said")]
    assert parts == sorted(parts)
    first = page[parts[0] : parts[1]]
    assert first.index("Customer") < first.index("Supplier") < first.index("2028-03-31")
    chain = page[parts[1] : parts[2]]
    assert len(re.findall(r'<li class="depth-1">', chain)) == 3
    assert "Glasmanet Vagt" in chain[chain.index('class="depth-3"') :]
    duties = page[parts[3] : parts[4]]
    assert "<details>" in duties
    assert 'class="state met"' not in duties[: duties.index("<details>")]
    assert "critical outsourcing" not in page[: parts[0]]


@pytest.mark.parametrize("path", ["/da/map", "/da/report"])
def test_the_map_and_the_report_lead_back(site: Served, path: str) -> None:
    assert '<a href="/da/">← Til overblikket</a>' in site.get(path).text


def test_things_of_one_name_are_told_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    from graphsc.web.choices import named

    text = "base: https://nordlys.example/\norganisationer:\n" + "".join(
        f"  - {{id: org/{name}, navn: Fjord Hosting}}\n" for name in ("en", "to")
    )
    with served(register(tmp_path_factory.mktemp("alike"), text)) as site:
        names = named(site.desk.state, [NORDLYS + "org/en", NORDLYS + "org/to"])
    assert [name.da for _, name in names] == ["Fjord Hosting (org/en)", "Fjord Hosting (org/to)"]
