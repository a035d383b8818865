"""Gaps in responsibility and handovers: worked cases, each a fact apart, and how they are shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import authority
import pytest
from casework import case, flush, short
from command import UNREADABLE, run
from hostile import HOSTILE, closed
from jsonschema import Draft202012Validator
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.duties.gaps import Gap
from graphsc.duties.results import DutyFilter, Gaps, Handover
from graphsc.rendering import duties as duty_pages
from graphsc.rendering.responsibility import FORMATS, render_gaps, render_handover, render_matrices
from graphsc.service.duties import duties, duty_filter, gaps, if_leaves
from graphsc.service.lookup import UnknownNameError
from graphsc.service.raci import raci

DEMO = str(REPOSITORY / "data" / "demo")
AS_OF = date(2026, 11, 25)

PEOPLE = """
    base: https://k.example/
    organisationer: [{id: K}, {id: L}]
    personer: [p1, p2, p3]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, periode: 2024-01-01/2030-01-01, registre: [tilsyn, roller]}
      - {id: KM, kunde: K, leverandør: L, periode: 2024-01-01/2030-01-01, registre: [tilsyn, roller]}
    aktiviteter:
      - {id: v, art: risikovurdering, vedrører: KL, dato: 2026-05-01, af: p2, godkendelse: {dato: 2026-05-02, af: p3}}
    roller:
      - {id: r1, person: p1, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2020-01-01}
      - {id: r2, person: p2, rolle: kontraktansvarlig, hos: K, gælder: KM, fra: 2020-01-01}
"""


def gaps_of(text: str, kind: str, **most: int) -> list[Gap]:
    opened = case(text, AS_OF).opened
    limits = {f"many-{what}": number for what, number in most.items()}
    return [gap for gap in gaps(opened, most=limits).gaps if short(gap.kind) == f"gap/{kind}"]


def unfilled(text: str) -> dict[str, Gap]:
    return {f"{short(gap.organisation or '')} {short(gap.role or '')}": gap for gap in gaps_of(text, "unfilled")}


# ---------------------------------------------------------------------- gaps


def test_a_role_that_somebody_holds_is_no_gap() -> None:
    assert "K role/contract-manager" not in unfilled(PEOPLE)


def test_a_lapsed_assignment_leaves_a_gap_from_the_day_after() -> None:
    for until, gap in (("2026-11-25", False), ("2026-11-24", True)):
        text = PEOPLE.replace("gælder: KL, fra: 2020-01-01}", f"gælder: KL, fra: 2020-01-01, til: {until}}}")
        assert ("K role/contract-manager" in unfilled(text)) is gap
    there = unfilled(text)["K role/contract-manager"]
    assert [short(iri) for iri in there.subjects] == ["KL"]
    assert there.rules == ("ROL001",), "the finding is named, not found again"
    assert there.duties > 0
    assert there.last is not None
    assert (short(there.last.person), there.last.until) == ("p1", date(2026, 11, 24))


def test_a_successor_for_all_agreements_fills_it() -> None:
    text = PEOPLE.replace("gælder: KL, fra: 2020-01-01}", "gælder: KL, fra: 2020-01-01, til: 2026-11-24}")
    later = "\n      - {id: r4, person: p3, rolle: kontraktansvarlig, hos: K, gælder: K, fra: 2026-11-25}\n"
    assert "K role/contract-manager" in unfilled(text)
    assert "K role/contract-manager" not in unfilled(text.rstrip() + later)


def test_where_roles_are_not_recorded_nobody_is_missed() -> None:
    assert unfilled(PEOPLE.replace("registre: [tilsyn, roller]", "registre: [tilsyn]")) == {}


def test_a_duty_that_nobody_bears() -> None:
    system = "    systemer: [{id: S, samfundskritisk: ja}]\n"
    text = PEOPLE.replace("    personer:", f"{system}    personer:")
    text = text.replace(
        "periode: 2024-01-01/2030-01-01, registre", "periode: 2024-01-01/2030-01-01, systemer: [S], registre", 1
    )
    without = {gap.rules for gap in gaps_of(text, "no-holder")}
    assert ("ROL003",) in without
    assert {gap.rules for gap in gaps_of(text.replace("{id: S,", "{id: S, ejer: K,"), "no-holder")} == set()


def test_one_person_who_performs_and_approves() -> None:
    own = PEOPLE.replace("godkendelse: {dato: 2026-05-02, af: p3}", "godkendelse: {dato: 2026-05-02, af: p2}")
    assert gaps_of(PEOPLE, "own-approval") == []
    (gap,) = gaps_of(own, "own-approval")
    assert (short(gap.person or ""), [short(iri) for iri in gap.subjects]) == ("p2", ["v"])


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("person: p3, rolle: sikkerhedskontakt, hos: L, gælder: KL, fra: 2020-01-01", 0),
        ("person: p1, rolle: sikkerhedskontakt, hos: L, gælder: KL, fra: 2020-01-01", 1),
        ("person: p1, rolle: sikkerhedskontakt, hos: L, gælder: KL, fra: 2020-01-01, til: 2026-11-24", 0),
        ("person: p1, rolle: tilsynsansvarlig, hos: K, gælder: KL, fra: 2020-01-01", 0),
    ],
)
def test_one_person_for_both_customer_and_supplier(assignment: str, expected: int) -> None:
    both = gaps_of(f"{PEOPLE.rstrip()}\n      - {{id: r5, {assignment}}}\n", "both-parties")
    assert len(both) == expected
    for gap in both:
        assert [short(iri or "") for iri in (gap.person, gap.organisation, gap.other)] == ["p1", "K", "L"]
        assert [short(iri) for iri in gap.subjects] == ["KL", "KM"]


@pytest.mark.exhaustive
def test_more_than_one_person_should_have() -> None:
    second = PEOPLE.rstrip() + "\n      - {id: r6, person: p1, rolle: jura, hos: K, gælder: KM, fra: 2020-01-01}\n"
    for what, one, other in (("agreements", PEOPLE, second), ("roles", PEOPLE, second)):
        assert gaps_of(one, f"many-{what}", **{what: 1}) == []
        (gap,) = gaps_of(other, f"many-{what}", **{what: 1})
        assert (short(gap.person or ""), gap.count, gap.most) == ("p1", 2, 1)
        assert gaps_of(other, f"many-{what}", **{what: 2}) == []
    (most,) = (gap for gap in gaps_of(PEOPLE, "many-duties", duties=0) if short(gap.person or "") == "p1")
    assert gaps_of(PEOPLE, "many-duties", duties=most.count or 0) == []


def many(agreements: int, roles: int = 1) -> str:
    names = ("kontraktansvarlig", "jura", "tilsynsansvarlig", "it-ansvarlig")[:roles]
    contracts = "".join(
        f"\n      - {{id: A{n}, kunde: K, leverandør: L, start: 2024-01-01, registre: [tilsyn, roller]}}"
        for n in range(agreements)
    )
    held = "".join(
        f"\n      - {{id: r{n}-{place}, person: p1, rolle: {name}, hos: K, gælder: A{n}, fra: 2020-01-01}}"
        for n in range(agreements)
        for place, name in enumerate(names)
    )
    return f"""
    base: https://k.example/
    organisationer: [{{id: K}}, {{id: L}}]
    personer: [p1]
    kontrakter:{contracts}
    roller:{held}
"""


@pytest.mark.exhaustive
def test_how_much_one_person_should_have_by_default() -> None:
    assert gaps_of(many(10), "many-agreements") == []
    (gap,) = gaps_of(many(11), "many-agreements")
    assert (gap.count, gap.most) == (11, 10)
    assert gaps_of(many(1, roles=3), "many-roles") == []
    (gap,) = gaps_of(many(1, roles=4), "many-roles")
    assert (gap.count, gap.most) == (4, 3)
    (gap,) = gaps_of(many(11, roles=4), "many-duties")
    assert gap.most == 40


def test_the_gaps_of_the_demo(snapshot: SnapshotAssertion) -> None:
    for language in Language:
        for form in ("text", "markdown"):
            assert render_gaps(demo_gaps(), form, language=language) == snapshot(name=f"{form}-{language}")


# ---------------------------------------------------------------------- handover


def test_what_only_one_person_held_is_orphaned() -> None:
    left = if_leaves(case(PEOPLE, AS_OF).opened, "p1").left
    (role,) = left.roles
    assert [short(iri) for iri in (role.role, role.organisation or "")] == ["role/contract-manager", "K"]
    assert [[short(iri) for iri in iris] for iris in (role.scopes, role.orphaned, role.candidates)] == [
        ["KL"],
        ["KL"],
        ["p2"],
    ]
    assert left.duties
    assert left.orphaned == left.duties
    assert {short(duty.duty.agreements[0]) for duty in left.duties} == {"KL"}


def test_what_another_holds_too_passes_on() -> None:
    text = f"{PEOPLE.rstrip()}\n      - {{id: r7, person: p3, rolle: kontraktansvarlig, hos: K, gælder: K, fra: 2020-01-01}}\n"
    left = if_leaves(case(text, AS_OF).opened, "p1").left
    assert left.orphaned == ()
    assert {short(duty.passes_to or "") for duty in left.duties} == {"p3"}
    assert left.roles[0].orphaned == ()


def test_who_holds_nothing_leaves_nothing() -> None:
    left = if_leaves(case(PEOPLE, AS_OF).opened, "p3").left
    assert (left.roles, left.duties) == ((), ())
    with pytest.raises(UnknownNameError):
        if_leaves(case(PEOPLE, AS_OF).opened, "p9")


def test_a_successor_who_is_appointed_for_later_counts_from_then_on() -> None:
    text = f"{PEOPLE.rstrip()}\n      - {{id: r8, person: p3, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2026-12-01}}\n"
    assert if_leaves(case(text, date(2026, 11, 30)).opened, "p1").left.orphaned
    assert not if_leaves(case(text, date(2026, 12, 1)).opened, "p1").left.orphaned


@cache
def demo_gaps() -> Gaps:
    return gaps(authority.opened())


@cache
def demo_handover() -> Handover:
    return if_leaves(authority.opened(), "p09")


def test_a_handover_of_the_demo(snapshot: SnapshotAssertion) -> None:
    for language in Language:
        for form in ("text", "markdown"):
            assert render_handover(demo_handover(), form, language=language) == snapshot(name=f"{form}-{language}")


def test_every_duty_of_the_leaver_is_orphaned_or_passed_on() -> None:
    left = demo_handover().left
    assert len(left.duties) == len(left.orphaned) + sum(1 for duty in left.duties if duty.passes_to)
    assert all(duty.duty.holder.person == left.person != duty.passes_to for duty in left.duties)


# ---------------------------------------------------------------------- how it is shown

EVIL = HOSTILE.rstrip() + flush(
    """
    roller:
      - {id: r1, person: "=p1", rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2020-01-01}
      - {id: r2, person: "=p1", rolle: sikkerhedskontakt, hos: L, gælder: KL, fra: 2020-01-01}
    """
).replace("\n", "\n    ")


@pytest.mark.parametrize("name", ["gaps", "handover"])
def test_the_schema_describes_every_field(name: str) -> None:
    opened = case(EVIL, AS_OF).opened
    schema: dict[str, Any] = json.loads((REPOSITORY / f"docs/schemas/{name}-1.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(closed(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
    if name == "gaps":
        written = [render_gaps(shown, "json", language=Language.DA) for shown in (demo_gaps(), gaps(opened))]
    else:
        shown = (demo_handover(), if_leaves(opened, "=p1"))
        written = [render_handover(one, "json", language=Language.DA) for one in shown]
    for text in written:
        validator.validate(json.loads(text))
        assert not Draft202012Validator(schema).is_valid(json.loads(text) | {"schema": "other"})


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", FORMATS)
def test_names_do_no_harm(form: str) -> None:
    opened = case(EVIL, AS_OF).opened
    assert any(short(gap.kind) == "gap/both-parties" for gap in gaps(opened).gaps)
    for written in (
        render_gaps(gaps(opened), form, language=Language.DA),
        render_handover(if_leaves(opened, "=p1"), form, language=Language.DA),
    ):
        assert "\u202e" not in written
        assert "\r" not in written
        assert form != "markdown" or "<script" not in written
        if form == "csv":
            lines = list(csv.DictReader(io.StringIO(written)))
            assert lines
            assert not [cell for line in lines for cell in line.values() if cell[:1] in "=+-@" and cell]


def test_choosing_among_the_gaps() -> None:
    wanted = duty_filter(authority.opened(), holder="Sandvig Kommune")
    assert [gap.rules for gap in gaps(authority.opened(), wanted).gaps] == [("ROL007",)]
    none = gaps(authority.opened(), duty_filter(authority.opened(), person="p01"))
    assert render_gaps(none, "text", language=Language.DA) == "Ingen huller i ansvaret · pr. 2026-11-25\n"


def chosen_by(criterion: str, name: str) -> DutyFilter:
    return DutyFilter(**{criterion: name})  # type: ignore[arg-type]


def test_only_the_gaps_of_the_role_the_holder_and_the_agreement_that_were_asked_for() -> None:
    opened = case(many(1, roles=4), AS_OF).opened
    everything = gaps(opened).gaps
    names: dict[str, Callable[[Gap], set[str | None]]] = {
        "role": lambda gap: {gap.role},
        "holder": lambda gap: {gap.organisation, gap.other},
        "person": lambda gap: {gap.person},
        "agreement": lambda gap: {*gap.subjects},
    }
    for criterion, of in names.items():
        named = sorted({name for gap in everything for name in of(gap) if name is not None})
        assert named, criterion
        asked = {name: gaps(opened, chosen_by(criterion, name)).gaps for name in named[:2]}
        assert asked == {name: tuple(gap for gap in everything if name in of(gap)) for name in asked}
        assert all(len(chosen) < len(everything) for chosen in asked.values()), criterion


@pytest.mark.exhaustive
def test_on_the_command_line() -> None:
    found_gaps = run("duties", DEMO, "--as-of", "2026-11-25", "--gaps", "--most", "agreements=11", "--format", "json")
    assert {gap["kind"].rpartition("/")[2] for gap in json.loads(found_gaps.stdout)["gaps"]} == {"unfilled"}
    left = run("duties", DEMO, "--if-leaves", "p10", "--on", "2026-10-31", "--lang", "da")
    assert left.exit_code == 0
    assert left.stdout.startswith("Hvis p10 er væk fra 2026-10-31\n")
    assert "samme rolle har p09, p11" in left.stdout
    gone = run("duties", DEMO, "--if-leaves", "p10", "--on", "2026-11-01", "--lang", "da")
    assert "Personen har ingen registreret rolle på den dag, så det er ukendt, hvilke pligter" in gone.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--gaps", "--if-leaves", "p10"), "--gaps and --if-leaves cannot be used together"),
        (("--gaps", "--within", "30d"), "--gaps and --within cannot be used together"),
        (("--if-leaves", "p10", "--state", "met"), "--if-leaves and --state cannot be used together"),
        (("--if-leaves", "p10", "--on", "2026-13-01"), "--on must be a date such as 2026-11-25, not 2026-13-01"),
        (
            ("--if-leaves", "p10", "--on", "2026-12-01", "--as-of", "2026-11-25"),
            "--on and --as-of cannot be used together",
        ),
        (("--if-leaves", "p99"), "p99 is not in the input given."),
        (("--on", "2026-12-01"), "--on belongs to --if-leaves"),
        (("--most", "roles=2"), "--most belongs to --gaps"),
        (("--gaps", "--most", "roles=two"), "--most is agreements=N, roles=N, duties=N, not roles=two"),
        (("--gaps", "--format", "ics"), "unknown format: ics."),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], message: str) -> None:
    result = run("duties", DEMO, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.exhaustive
@pytest.mark.parametrize("words", [("duties", "--gaps"), ("duties", "--if-leaves", "p1"), ("raci",)])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_what_could_be_read_is_shown_and_said_to_be_partial(words: tuple[str, ...], form: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(flush(PEOPLE), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run(words[0], str(tmp_path), *words[1:], "--as-of", "2026-11-25", "--format", form)
    assert result.exit_code == 2
    assert ("INCOMPLETE: 1 place" in result.stdout) is (form != "json")
    assert form != "json" or json.loads(result.stdout)["partial"] is True
    assert "b.yaml:2:1: error" in result.stderr


def test_where_no_register_of_roles_is_kept_it_is_not_recorded_who_holds_them() -> None:
    """Not that nobody does: that would be a gap, or a matrix full of vacancies, made of an absence that says nothing."""
    kept = case(PEOPLE, AS_OF).opened
    text = PEOPLE.replace("registre: [tilsyn, roller]", "registre: [tilsyn]")
    silent = case(text.replace("person: p1, rolle: kontraktansvarlig", "person: p1, rolle: ledelsen"), AS_OF).opened
    shown = gaps(silent)
    assert shown.unrecorded > gaps(kept).unrecorded
    page = render_gaps(shown, "text", language=Language.EN)
    assert "Not recorded: who holds the role behind" in page
    assert "No gaps in responsibility · " not in page
    owed = [duty for duty in duties(silent).duties if duty.holder.role and duty.agreements]
    assert {duty.roles_kept for duty in owed if short(duty.agreements[0]) == "KL"} == {False}
    written = duty_pages.render(duties(silent), "text", language=Language.EN)
    assert "contract manager (not recorded)" in written
    assert "(nobody)" not in written
    (matrix,) = (matrix for matrix in raci(silent).matrices if short(matrix.subject) == "KL")
    assert {column.roles_kept for column in matrix.columns} == {False}
    drawn = render_matrices(raci(silent), "text", language=Language.EN)
    assert "contract manager (not recorded)" in drawn
    assert "(nobody)" not in drawn.partition("KL")[2]
    assert "not recorded" in render_matrices(raci(silent), "csv", language=Language.EN)
