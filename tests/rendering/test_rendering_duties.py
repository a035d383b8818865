"""Duties as they are shown: the demo as a whole, and names that would do harm."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import authority
import pytest
import vobject
from casework import case
from hostile import HOSTILE, closed
from jsonschema import Draft202012Validator
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.duties.duties import State
from graphsc.duties.results import Duties, DutyFilter
from graphsc.rendering.duties import calendar, render, uid
from graphsc.service import Opened
from graphsc.service.duties import duties, duty_filter, span

AS_OF = date(2026, 11, 25)
SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "docs/schemas/duties-1.schema.json").read_text(encoding="utf-8"))


@cache
def shown() -> Duties:
    return duties(authority.opened())


@cache
def hostile() -> Duties:
    return duties(case(HOSTILE, AS_OF).opened)


each_language = pytest.mark.parametrize("language", list(Language))


@each_language
def test_the_demo_as_a_list(language: Language, snapshot: SnapshotAssertion) -> None:
    assert _anywhere(render(shown(), "text", language=language)) == snapshot(name=f"demo-{language}")


@each_language
def test_the_demo_as_tables(language: Language, snapshot: SnapshotAssertion) -> None:
    soon = duties(authority.opened(), duty_filter(authority.opened(), within=span("60d")))
    assert _anywhere(render(soon, "markdown", language=language)) == snapshot(name=f"demo-{language}")


def _anywhere(page: str) -> str:
    """A page without the folder in which the repository lies."""
    return page.replace(f"{REPOSITORY.as_posix()}/", "")


@pytest.mark.exhaustive
def test_every_duty_of_the_demo_reads_well_in_both_languages() -> None:
    for language in Language:
        lines = render(
            duties(authority.opened(), duty_filter(authority.opened(), states=list(State))), "text", language=language
        )
        assert "://" not in lines
        assert "{" not in lines


def test_colour_only_doubles_the_words() -> None:
    coloured = render(shown(), "text", language=Language.DA, color=True)
    assert coloured != render(shown(), "text", language=Language.DA)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render(shown(), "text", language=Language.DA)


def test_without_duties_there_is_nothing_to_do() -> None:
    nothing = duties(case("base: https://k.example/\norganisationer: [{id: K}]\n", AS_OF).opened)
    assert (
        render(nothing, "text", language=Language.DA)
        == "Pligter: ingen · pr. 2026-11-25\n\n  Intet venter efter det, der er registreret. Hvad der ikke kunne kontrolleres, står i graphsc validate.\n"
    )
    assert (
        render(nothing, "text", language=Language.EN)
        == "Duties: none · as of 2026-11-25\n\n  Nothing is waiting, as far as is recorded. What could not be checked stands in graphsc validate.\n"
    )
    of_a_state = replace(nothing, asked=DutyFilter(states=frozenset({State.MET})))
    assert "No duty is in that state, as far as is recorded." in render(of_a_state, "text", language=Language.EN)


def test_what_is_not_recorded_is_counted_by_register() -> None:
    silent = case(HOSTILE.replace(", registre: [tilsyn, risici]", ""), AS_OF).opened
    text = render(duties(silent), "text", language=Language.EN)
    assert "Not recorded: whether these duties are met is unknown" in text
    assert re.search(r"supervision \(3\)", text)


# ---------------------------------------------------------------------- JSON


@pytest.mark.exhaustive
@pytest.mark.parametrize("which", [shown, hostile], ids=["demo", "hostile"])
def test_the_schema_describes_every_field(which: Any) -> None:
    contents = json.loads(render(which(), "json", language=Language.DA))
    Draft202012Validator.check_schema(SCHEMA)
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(closed(SCHEMA), format_checker=checker).validate(contents)
    for duty in contents["duties"]:
        named = {duty["subject"], duty["kind"], duty["holder"]["organisation"], duty["holder"]["role"]}
        assert named - {None} <= set(contents["labels"])


@pytest.mark.parametrize(
    "broken", [{"schema": "graphsc.duties/2"}, {"asOf": "today"}, {"duties": [{}]}, {"partial": "no"}]
)
def test_the_schema_refuses(broken: dict[str, Any]) -> None:
    contents = json.loads(render(hostile(), "json", language=Language.DA)) | broken
    assert not Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid(contents)


def test_a_duty_in_json() -> None:
    (contents,) = (
        duty
        for duty in json.loads(render(shown(), "json", language=Language.DA))["duties"]
        if duty["rule"] == "RSK001" and duty["subject"].endswith("kontrakt/varsling-land")
    )
    base, w3id = "https://nordlys.example/", "https://w3id.org/graphsc/"
    assert contents["kind"] == w3id + "activity/risk-assessment"
    assert contents["holder"] == {
        "organisation": base + "org/nordlysstyrelsen",
        "role": w3id + "role/system-data-owner",
        "person": base + "person/p06",
    }
    assert (contents["due"], contents["state"], contents["satisfiedBy"]) == ("2026-10-14", "overdue", [])
    assert contents["counterparties"] == [base + "org/skumsproejt-varsling"]
    assert contents["event"] == {"iri": base + "haendelse/varsling", "day": "2026-09-14", "due": "2026-10-14"}
    assert contents["latest"]["iri"] == base + "risikovurdering/2026-kyst"
    assert contents["finding"] == "b34c8e4e13a2b9c0"


# ---------------------------------------------------------------------- CSV


def test_a_spreadsheet_has_a_line_for_each_duty_and_finding_and_no_formula() -> None:
    for which in (shown(), hostile()):
        lines = list(csv.DictReader(io.StringIO(render(which, "csv", language=Language.DA))))
        assert len(lines) == len(which.duties) + len(which.findings) + len(which.ending)
        assert not [cell for line in lines for cell in line.values() if cell[:1] in "=+-@" and cell]
    lines = list(csv.DictReader(io.StringIO(render(shown(), "csv", language=Language.DA))))
    first = lines[0]
    assert (first["state"], first["due"], first["rule"]) == ("forfalden", "2022-11-01", "EXI003")
    assert first["holder_iri"] == "https://nordlys.example/org/nordlysstyrelsen"
    found = [line for line in lines if line["state"] == "overtrædelse"]
    assert found
    assert all(line["what"] and line["due"] == "" for line in found)


# ---------------------------------------------------------------------- calendar


def events(which: Duties) -> dict[str, Any]:
    """The events as a parser that is not ours reads them, by UID."""
    read = vobject.readOne(calendar(which, language=Language.DA))
    return {event.uid.value: event for event in read.vevent_list}


@pytest.mark.parametrize("which", [shown, hostile], ids=["demo", "hostile"])
def test_a_calendar_has_an_event_for_each_duty_with_a_day(which: Any) -> None:
    dated = {uid(d): d for d in which().duties if d.due is not None and d.state is not State.NOT_RECORDED}
    by_uid = events(which())
    assert set(by_uid) == set(dated)
    assert dated
    for name, event in by_uid.items():
        assert event.dtstart.value == dated[name].due
        assert (event.dtend.value - event.dtstart.value).days == 1
        assert event.dtstamp.value.replace(tzinfo=None) == datetime(2026, 11, 25)  # noqa: DTZ001 - read as UTC
        assert dated[name].rule in event.description.value


@pytest.mark.parametrize("which", [shown, hostile], ids=["demo", "hostile"])
def test_the_lines_of_a_calendar_are_as_the_standard_has_them(which: Any) -> None:
    written = calendar(which(), language=Language.DA)
    assert written.endswith("END:VCALENDAR\r\n")
    assert written.count("\n") == written.count("\r\n")
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert [line for line in written.split("\r\n") if line == "END:VCALENDAR"] == ["END:VCALENDAR"]


def test_a_name_in_a_calendar_is_read_back_as_it_is_shown() -> None:
    (name,) = {
        event.summary.value.partition(": ")[2]
        for event in events(hostile()).values()
        if "CON001" in event.description.value
    }
    assert name.startswith('Kontraktgennemgang: =HYPERLINK("http://x")\\u202e|`[a](http://b)` END:VCALENDAR;,')
    assert name.endswith("<script>")


def test_a_duty_keeps_its_uid_when_its_day_moves() -> None:
    one = {uid(duty): duty for duty in duties(open_at(date(2026, 11, 25))).duties}
    other = {uid(duty): duty for duty in duties(open_at(date(2024, 6, 1))).duties}
    assert len(one) == len(shown_at(one))
    assert set(one) == set(other)


def open_at(day: date) -> Opened:
    return case(HOSTILE, day).opened


def shown_at(by_uid: dict[str, Any]) -> set[tuple[str, str]]:
    return {(duty.rule, duty.subject) for duty in by_uid.values()}


def test_uids_of_the_demo_are_all_different() -> None:
    assert len({uid(duty) for duty in shown().duties}) == len(shown().duties)


# ---------------------------------------------------------------------- names from outside


@pytest.mark.parametrize("language", list(Language))
def test_names_do_no_harm(language: Language) -> None:
    for written in (
        render(hostile(), "text", language=language),
        render(hostile(), "markdown", language=language),
        render(hostile(), "json", language=Language.DA),
        render(hostile(), "csv", language=language),
    ):
        assert "\u202e" not in written
        assert "\r" not in written
    page = render(hostile(), "markdown", language=language)
    assert "<script" not in page
    assert not re.search(r"(?<!\\)\]\(", page)
