"""Duties: worked cases with the days written down, and agreement with the findings of `validate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import authority
import pytest
from case_files import Case as CaseFile
from case_files import all_cases
from casework import case, flush, short
from hypothesis import given, settings
from hypothesis import strategies as st
from mended import mended
from repository import DEMO

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT
from graphsc.duties import facts, words
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.duties.results import Duties, DutyFilter
from graphsc.graph import loading
from graphsc.graph.labels import Labels
from graphsc.service import Opened, open_paths, validate
from graphsc.service.duties import duties, duty_filter, span
from graphsc.service.lookup import UnknownNameError
from graphsc.sources import Sources
from graphsc.validation.findings import Severity

AS_OF = date(2026, 11, 25)

START = """
    base: https://k.example/
    organisationer:
      - {id: K, navn: Kystvagten, art: statslig myndighed, registre: [beslutninger]}
      - {id: L, navn: Løngang}
      - {id: U, navn: Ulvefod}
    roller:
      - {id: r1, person: p1, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2020-01-01}
      - {id: r2, person: p2, rolle: kontraktansvarlig, hos: K, gælder: K, fra: 2020-01-01}
      - {id: r3, person: p3, rolle: ejer af system og data, hos: K, gælder: K, fra: 2020-01-01}
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, periode: 2024-02-29/2030-03-31, registre: [tilsyn, risici, roller, hændelser]}
"""


def owed(activities: str = "", as_of: str = "2026-11-25", **criteria: Any) -> dict[tuple[str, str], Duty]:
    """The duties of Kystvagten's contract with what is added, by rule and subject."""
    text = flush(START) + (f"\naktiviteter:\n{flush(activities)}" if activities else "")
    opened = case(text, date.fromisoformat(as_of)).opened
    return {(duty.rule, short(duty.subject)): duty for duty in duties(opened, duty_filter(opened, **criteria)).duties}


def stands(duty: Duty) -> tuple[str, str | None]:
    return str(duty.state), duty.due.isoformat() if duty.due else None


# ---------------------------------------------------------------------- worked cases


@pytest.mark.parametrize(
    ("as_of", "state", "due"),
    [
        ("2025-02-28", "open", "2025-02-28"),  # from 29 February the first year ends on the 28th, and that day is left
        ("2025-03-01", "overdue", "2025-02-28"),
        ("2024-02-29", "open", "2025-02-28"),
    ],
)
def test_the_first_review_has_a_year_from_the_start(as_of: str, state: str, due: str) -> None:
    assert stands(owed(as_of=as_of)["CON001", "KL"]) == (state, due)


@pytest.mark.parametrize(("as_of", "state"), [("2026-11-25", "met"), ("2027-03-31", "met"), ("2027-04-01", "overdue")])
def test_the_next_review_is_due_a_year_after_the_latest(as_of: str, state: str) -> None:
    duty = owed(
        """
        - {id: g1, art: kontraktgennemgang, vedrører: KL, dato: 2025-05-31}
        - {id: g2, art: kontraktgennemgang, vedrører: KL, dato: 2026-03-31}
        """,
        as_of,
    )["CON001", "KL"]
    assert stands(duty) == (state, "2027-03-31")
    assert duty.latest is not None
    assert short(duty.latest.iri) == "g2"
    assert [short(record.iri) for record in duty.satisfied_by] == (
        {"2026-11-25": ["g2"], "2027-03-31": ["g2"], "2027-04-01": []}[as_of]
    )


def test_a_duty_says_who_owes_what_to_whom_and_why() -> None:
    duty = owed()["CON001", "KL"]
    assert short(duty.kind) == "activity/contract-review"
    holder = duty.holder
    assert [short(iri or "") for iri in (holder.organisation, holder.role, holder.person)] == [
        "K",
        "role/contract-manager",
        "p1",
    ]
    assert [short(iri) for iri in (*duty.counterparties, *duty.agreements)] == ["L", "KL"]
    assert duty.statements == ("S-5.5-09",)


def test_what_the_supplier_contributes_is_obtained_by_the_customer() -> None:
    duty = owed()["RIN001", "KL"]
    assert short(duty.holder.organisation or "") == "K"
    assert short(duty.holder.role or "") == "role/system-data-owner"
    assert duty.holder.person == "https://k.example/p3"
    assert [short(iri) for iri in duty.counterparties] == ["L"]


def test_an_incident_makes_the_risk_assessment_due_again_before_its_year_is_over() -> None:
    done = "- {id: v, art: risikovurdering, vedrører: KL, dato: 2026-10-01}\n"
    incident = "- {id: h, art: hændelse, vedrører: KL, dato: 2026-10-31}\n"
    assert stands(owed(done)["RSK001", "KL"]) == ("met", "2027-10-01")
    within = owed(done + incident, "2026-11-30")["RSK001", "KL"]  # the last of the thirty days
    assert stands(within) == ("open", "2026-11-30")
    assert within.event is not None
    assert short(within.event.iri) == "h"
    assert within.finding is None
    assert stands(owed(done + incident, "2026-12-01")["RSK001", "KL"]) == ("overdue", "2026-11-30")
    again = "- {id: w, art: risikovurdering, vedrører: KL, dato: 2026-11-02}\n"
    assert stands(owed(done + incident + again)["RSK001", "KL"]) == ("met", "2027-11-02")


def test_the_grace_after_an_incident_is_the_organisations_own() -> None:
    text = flush(START) + flush(
        """
        aktiviteter:
          - {id: v, art: risikovurdering, vedrører: KL, dato: 2026-10-01}
          - {id: h, art: hændelse, vedrører: KL, dato: 2026-10-31}
        """
    )
    opened = case(text, AS_OF, parameters={"reassessment": "P3M"}).opened
    (duty,) = (duty for duty in duties(opened).duties if duty.rule == "RSK001")
    assert stands(duty) == ("open", "2027-01-31")


def test_a_role_is_due_again_when_it_lapses() -> None:
    for_all = "  - {id: r2, person: p2, rolle: kontraktansvarlig, hos: K, gælder: K, fra: 2020-01-01}\n"
    assert for_all in flush(START), "whoever manages all contracts manages this one too"
    text = flush(START).replace(for_all, "")
    last_day = text.replace("gælder: KL, fra: 2020-01-01}", "gælder: KL, fra: 2020-01-01, til: 2026-11-25}")
    day_before = last_day.replace("til: 2026-11-25", "til: 2026-11-24")
    for given_text, expected in (
        (text, ("met", None)),
        (last_day, ("met", "2026-11-25")),
        (day_before, ("overdue", "2026-11-24")),
    ):
        duty = {duty.rule: duty for duty in duties(case(given_text, AS_OF).opened).duties}["ROL001"]
        assert stands(duty) == expected
        assert duty.latest is not None
        assert short(duty.latest.person or "") == "p1"


def test_where_no_day_is_given_a_duty_is_open_without_one() -> None:
    duty = owed()["LEG001", "KL"]
    assert stands(duty) == ("open", None)
    assert duty.finding is not None


def test_a_register_that_is_not_kept_tells_nothing() -> None:
    kept, silent = owed()["CON001", "KL"], START.replace("registre: [tilsyn, ", "registre: [")
    duty = {duty.rule: duty for duty in duties(case(silent, AS_OF).opened).duties}["CON001"]
    assert (kept.state, duty.state) == (State.OVERDUE, State.NOT_RECORDED)
    assert duty.finding is None
    assert short(duty.register or "") == "register/supervision"


def test_an_accepted_finding_is_a_waived_duty_until_its_day() -> None:
    waiver = """
    accepterede fund:
      - {id: a, regel: CON001, genstand: KL, begrundelse: Ny kontrakt på vej, accepteret af: p9, udløber: 2026-11-25}
    """
    manager = "\n  - {id: r9, person: p9, rolle: ledelsen, hos: K, gælder: K, fra: 2020-01-01}\nkontrakter:"
    text = flush(START).replace("\nkontrakter:", manager) + flush(waiver)
    for as_of, state in ((AS_OF, "waived"), (AS_OF + timedelta(1), "overdue")):
        duty = {duty.rule: duty for duty in duties(case(text, as_of).opened).duties}["CON001"]
        assert stands(duty) == (state, "2025-02-28")
        assert (duty.waived is not None) is (state == "waived")


def test_agreed_controls_open_matters_and_approvals_have_days_too() -> None:
    text = START.replace(
        "registre: [tilsyn,",
        """aftalt kontrol: [{id: c, art: skriftlig rapport, frekvens: P3M}], underleverandører: [
          {id: LU, leverandør: U, start: 2024-06-01, godkendelse: {dato: 2024-05-01, udløber: 2026-12-31}}], registre: [tilsyn,""",
    )
    activities = """
    aktiviteter:
      - {id: s, art: skriftlig rapport, vedrører: KL, dato: 2026-08-31}
      - {id: f, art: fejl eller mangel, vedrører: KL, dato: 2026-09-01, frist: 2026-11-24, ansvarlig: p2}
      - {id: g, art: fejl eller mangel, vedrører: KL, dato: 2026-09-01, frist: 2026-11-24, lukket: 2026-11-20, ansvarlig: p2}
    """
    by_key = {(d.rule, short(d.subject)): d for d in duties(case(flush(text) + flush(activities), AS_OF).opened).duties}
    control, defect, approval = (by_key[key] for key in (("CTL001", "KL"), ("DEV003", "f"), ("SUB004", "LU")))
    assert stands(control) == ("met", "2026-11-30")
    assert stands(defect) == ("overdue", "2026-11-24")
    assert short(defect.holder.person or "") == "p2"
    assert stands(approval) == ("met", "2026-12-31")
    assert ("DEV003", "g") not in by_key


@pytest.mark.parametrize(
    ("agreed", "done", "met"),
    [
        ("skriftlig rapport", "skriftlig rapport", True),
        ("skriftlig rapport", "fysisk tilsyn", False),  # both are supervision, but a visit is no report
        ("tilsyn", "fysisk tilsyn", True),
        ("skriftlig rapport", "tilsyn", False),
    ],
)
def test_an_agreed_control_is_met_by_its_own_kind_or_a_narrower_one(agreed: str, done: str, met: bool) -> None:
    control = f"registre: [tilsyn], aftalt kontrol: [{{id: c, art: {agreed}, frekvens: P3M}}]"
    text = flush(START.replace("registre: [tilsyn, risici, roller, hændelser]", control))
    judged = case(text + f"\naktiviteter: [{{id: s, art: {done}, vedrører: KL, dato: 2026-10-01}}]\n", AS_OF)
    assert judged.subjects("CTL001") == ([] if met else ["KL"])
    (duty,) = (duty for duty in duties(judged.opened).duties if duty.rule == "CTL001")
    assert (duty.state is State.MET) is met
    assert (duty.finding is None) is met
    if not met and agreed == "skriftlig rapport":
        assert (
            judged.of("CTL001").message.da
            == "Hvornår er skriftlig rapport sidst sket efter aftalen med Løngang? Ikke registreret: skriftlig rapport inden for det aftalte (3 måneder)."
        )


def test_a_subcontract_under_two_suppliers_is_owed_by_each() -> None:
    text = """
    base: https://k.example/
    organisationer: [{id: K}, {id: M}, {id: L1}, {id: L2}, {id: U}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L1
        periode: 2024-01-01/2030-01-01
        registre: [underleverandører, tilsyn]
        underleverandører:
          - id: X
            leverandør: U
            under: ML
            start: 2024-06-01
            godkendelser: [{dato: 2024-05-01, aftale: KL}, {dato: 2024-05-01, aftale: ML}]
      - {id: ML, kunde: M, leverandør: L2, periode: 2024-01-01/2030-01-01}
    """
    both = [duty for duty in duties(case(text).opened).duties if duty.rule == "SUP002"]
    assert sorted(short(duty.holder.organisation or "") for duty in both) == ["L1", "L2"]
    for duty in both:
        assert [short(iri) for iri in duty.counterparties] == ["K", "M"]
        assert [short(iri) for iri in duty.agreements] == ["KL", "ML"]


# ---------------------------------------------------------------------- choosing


@pytest.mark.exhaustive
def test_choosing_by_names_as_people_write_them() -> None:
    assert set(owed(holder="Kystvagten")) == set(owed(holder="https://k.example/K")) == set(owed())
    assert owed(holder="Løngang") == {}
    assert {duty.holder.role for duty in owed(role="systemejer").values()} == {
        duty.holder.role for duty in owed(role="system-data-owner").values()
    }
    assert set(owed(person="p1")) <= set(owed(role="Kontraktansvarlig"))
    assert owed(person="p2") == {}  # p1 is nearer to the contract
    assert set(owed(agreement="KL")) < set(owed())
    with pytest.raises(UnknownNameError, match="Did you mean “Løngang”"):
        owed(holder="Løngangg")


def test_choosing_by_time_takes_what_is_late_and_what_comes() -> None:
    opened = case(
        flush(START)
        + flush(
            """
            aktiviteter:
              - {id: g, art: kontraktgennemgang, vedrører: KL, dato: 2025-12-25}
              - {id: v, art: risikovurdering, vedrører: KL, dato: 2025-12-26}
            """
        ),
        AS_OF,
    ).opened
    selected = duties(opened, duty_filter(opened, within=span("30d"))).duties  # until 25 December
    rules = {duty.rule for duty in selected}
    assert "CON001" in rules
    assert "RSK001" not in rules
    assert {"RIN001", "LEG001"} <= rules, "what is overdue, and what is open without a day"
    assert "SUB010" in rules, "nobody can tell: the clauses are not recorded"
    assert {duty.state for duty in selected if duty.due is None} <= {State.OPEN, State.NOT_RECORDED}


@pytest.mark.parametrize(
    ("text", "iso"),
    [("30d", "P30D"), ("2W", "P2W"), ("2u", "P2W"), ("3m", "P3M"), ("1y", "P1Y"), ("1å", "P1Y"), ("p1y6m", "P1Y6M")],
)
def test_a_length_of_time_as_people_write_it(text: str, iso: str) -> None:
    assert span(text) == span(iso)


@pytest.mark.parametrize("text", ["", "30", "d", "-3d", "3 apples", "1y2", "99999999d"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        span(text)


# ---------------------------------------------------------------------- the same as the findings


def consistent(opened: Opened, shown: Duties) -> None:
    """That the duties say exactly what the findings of their obligations say."""
    report, rules = validate(opened)
    obligations = {rule.code for rule in rules.values() if rule.evidence}
    unmet = {
        (f.code, f.subject): f.waived is not None
        for f in report.findings
        if f.code in obligations and f.group is None and not f.shape.endswith("/late")
    }
    of_obligations = [duty for duty in shown.duties if duty.rule in obligations]
    broken = {
        (d.rule, d.subject): d.state is State.WAIVED
        for d in of_obligations
        if d.state in {State.OVERDUE, State.WAIVED} or (d.state is State.OPEN and not time_left(d, shown.as_of))
    }
    assert broken == unmet
    focus = Counter({rule.code: rule.focus for rule in report.rules if rule.code in obligations})
    subjects = Counter(code for code, _ in {(d.rule, d.subject) for d in of_obligations})
    assert subjects == +focus, "a duty for each subject that the rule was asked of"
    for duty in shown.duties:
        if duty.satisfied_by:  # met, or met until something made it due again
            assert duty.state is State.MET or (duty.state is State.OPEN and duty.event is not None)
        else:
            assert duty.state is not State.MET
        if duty.state is State.OVERDUE:
            assert duty.due is not None
            assert duty.due < shown.as_of
        elif duty.state in {State.MET, State.OPEN}:
            assert duty.due is None or duty.due >= shown.as_of
        assert len({state for state in State if duty.state is state}) == 1


def time_left(duty: Duty, as_of: date) -> bool:
    return duty.due is not None and duty.due >= as_of


def batches() -> list[list[CaseFile]]:
    """The cases as one graph, and those that must stand alone."""
    every = all_cases()
    mergeable = [duty for duty in every if duty.mergeable]
    return [mergeable, *([duty] for duty in every if not duty.mergeable)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("cases", batches(), ids=lambda cases: cases[0].name)
@pytest.mark.parametrize("variant", ["conforming", "violating"])
def test_duties_and_findings_agree_on_every_case(cases: Sequence[CaseFile], variant: str, tmp_path: Path) -> None:
    for one in cases:
        text = one.conforming if variant == "conforming" else one.violating
        (tmp_path / f"{one.name}.yaml").write_text(text, encoding="utf-8")
    opened = open_paths([tmp_path], cases[0].settings)
    consistent(opened, duties(opened))


@cache
def demo(folder: str) -> Opened:
    return authority.opened() if folder == "demo" else open_paths([mended()], Settings(as_of=AS_OF))


@pytest.mark.exhaustive
@pytest.mark.parametrize("by", ["holder", "role", "person"])
def test_what_is_found_stands_in_the_list_of_whoever_must_act_and_in_no_other(by: str) -> None:
    counting = [finding for finding in validate(demo("demo"))[0].findings if finding.counts]
    actors = {"holder": "organisation", "role": "role", "person": "person"}
    concerned = sorted({getattr(finding.actor, actors[by]) for finding in counting} - {None})
    assert concerned
    everything = duties(demo("demo"))
    for iri in concerned:
        chosen = DutyFilter(**{by: iri})
        expected = [finding.fingerprint for finding in counting if getattr(finding.actor, actors[by]) == iri]
        told = [finding.fingerprint for finding in everything.findings if chosen.takes_finding(finding)]
        owed = [duty for duty in everything.duties if chosen.takes(duty) and duty.state is not State.WAIVED]
        assert sorted(expected) == sorted([*told, *(duty.finding for duty in owed if duty.finding)])
    one = duties(demo("demo"), DutyFilter(**{by: concerned[0]}))
    assert one.findings == tuple(f for f in everything.findings if one.asked.takes_finding(f))


@pytest.mark.parametrize("folder", ["demo", "mended"])
def test_duties_and_findings_agree_on_the_demo(folder: str) -> None:
    shown = duties(demo(folder))
    consistent(demo(folder), shown)
    assert sum(map(shown.count, State)) == len(shown.duties)
    assert shown.count(State.OVERDUE) == {"demo": 9, "mended": 0}[folder]


def test_an_ignored_rule_has_no_duties() -> None:
    opened = case(START, AS_OF, select=("CON",)).opened
    assert {duty.rule for duty in duties(opened).duties} == {"CON001"}


def test_what_stands_in_two_sources_is_owed_once() -> None:
    once, twice = (duties(case(START, AS_OF, copies=copies).opened) for copies in (1, 2))
    assert [duty.order for duty in once.duties] == [duty.order for duty in twice.duties]


days = st.dates(date(2024, 3, 1), date(2027, 6, 1))


@pytest.mark.exhaustive
@settings(max_examples=8, deadline=None)
@given(
    reviews=st.lists(days, max_size=3), assessments=st.lists(days, max_size=3), incidents=st.lists(days, max_size=3),
    as_of=days, until=st.none() | days,
)  # fmt: skip
def test_a_duty_is_due_on_the_last_day_that_validates(
    reviews: list[date], assessments: list[date], incidents: list[date], as_of: date, until: date | None
) -> None:
    """The due date computed forwards is the last day without the finding that the cut-off date gives."""
    known = [(kind, day) for kind, days_of_kind in (("kontraktgennemgang", reviews), ("risikovurdering", assessments),
             ("hændelse", incidents)) for day in days_of_kind if day <= as_of]  # fmt: skip
    lines = [f"- {{id: a{n}, art: {kind}, vedrører: KL, dato: {day}}}" for n, (kind, day) in enumerate(known)]
    text = flush(START) + ("\naktiviteter:\n" + "\n".join(lines) if lines else "") + "\n"
    if until is not None:
        text = text.replace("gælder: KL, fra: 2020-01-01}", f"gælder: KL, fra: 2020-01-01, til: {until}}}")
    with TemporaryDirectory() as folder:
        Path(folder, "case.yaml").write_text(text, encoding="utf-8")

        def at(day: date) -> Duties:
            opened = open_paths(
                [Path(folder)], Settings(as_of=day, base="https://k.example/", select=("CON001", "RSK001", "ROL001"))
            )
            shown = duties(opened)
            consistent(opened, shown)
            return shown

        for duty in at(as_of).duties:
            if duty.rule in {"CON001", "RSK001", "ROL001"} and duty.due is not None and duty.due >= as_of:
                for day, finding in ((duty.due, False), (duty.due + timedelta(1), True)):
                    (later,) = (one for one in at(day).duties if (one.rule, one.subject) == (duty.rule, duty.subject))
                    assert (later.finding is not None) is finding, (duty, day)
                    assert later.due == duty.due


@pytest.mark.exhaustive
def test_wanting_nothing_in_particular_takes_all() -> None:
    shown = duties(demo("demo"))
    assert all(DutyFilter().takes(duty) for duty in shown.duties)
    kinds = [{state} for state in State]
    parts = [duties(demo("demo"), DutyFilter(states=frozenset(kind))).duties for kind in kinds]
    assert sorted((d.order for part in parts for d in part), key=repr) == sorted(
        (d.order for d in shown.duties), key=repr
    )


def test_the_late_note_is_no_finding_of_an_unmet_duty(tmp_path: Path) -> None:
    (late,) = (case for case in all_cases() if case.name == "EXI001-late")
    opened = late.open(tmp_path, late.violating)
    report, _ = validate(opened)
    assert {(f.code, f.severity) for f in report.findings} == {("EXI001", Severity.NOTE)}
    (duty,) = (duty for duty in duties(opened).duties if duty.rule == "EXI001")
    assert (duty.state, duty.finding) == (State.MET, None)


def test_a_duty_is_called_the_same_in_the_graph_as_in_words() -> None:
    dataset = loading.load(Sources([], []), Settings(as_of=date(2026, 11, 25)))
    labels = Labels(dataset)
    for state, text in words.STATE.items():
        assert labels[f"{ROOT}duty-state/{state.value.replace(' ', '-')}"] == text


def assert_left_out(opened: Opened, until: date, states: frozenset[State]) -> None:
    """The duties in some states, and of those that are met the ones due again by a day, are the same as among all duties."""
    (report, rules), day = validate(opened), opened.settings
    every = all_duties(opened.dataset, day, report, rules)
    some = all_duties(opened.dataset, day, report, rules, states=states, until=until)
    assert some == [
        duty
        for duty in every
        if duty.state in states and (duty.state is not State.MET or (duty.due or date.max) <= until)
    ]


WAITING = frozenset({State.OVERDUE, State.OPEN, State.MET})


@pytest.mark.parametrize("executor", ["oxigraph", pytest.param("duckdb", marks=pytest.mark.exhaustive)])
def test_what_nobody_asked_for_is_left_out_and_nothing_else(executor: str) -> None:
    """A map asks for what waits; of a large graph what is met for longer is not even read."""
    opened = open_paths([DEMO], Settings(as_of=AS_OF, executor=executor))
    for days, states in [(30, WAITING), (400, frozenset(State)), (-1, WAITING), (0, WAITING - {State.MET})]:
        assert_left_out(opened, AS_OF + timedelta(days), states)
    report, rules = validate(opened)
    read = facts.owed(opened.dataset, opened.settings, recorded=True, beyond=AS_OF)
    shown = all_duties(opened.dataset, opened.settings, report, rules, states=WAITING - {State.MET})
    assert len(shown) <= len(read) < (10 if executor == "duckdb" else 1000) * len(shown)


@pytest.mark.exhaustive
@settings(max_examples=8, deadline=None)
@given(
    done=st.lists(
        st.tuples(
            st.sampled_from(["kontraktgennemgang", "risikovurdering", "hændelse"]),
            days,
            st.sampled_from(["K", "L", "p1", "p3"]),
        ),
        max_size=8,
    ),
    as_of=days, end=st.none() | days, ahead=st.integers(-30, 500), states=st.frozensets(st.sampled_from(State)),
)  # fmt: skip
def test_what_is_met_for_longer_than_asked_is_left_out(
    done: list[tuple[str, date, str]], as_of: date, end: date | None, ahead: int, states: frozenset[State]
) -> None:
    lines = [
        f"- {{id: a{n}, art: {kind}, vedrører: KL, dato: {day}, udført af: {who}}}"
        for n, (kind, day, who) in enumerate(done)
    ]
    text = flush(START) + ("\naktiviteter:\n" + "\n".join(lines) if lines else "") + "\n"
    if end is not None:
        text = text.replace("gælder: KL, fra: 2020-01-01}", f"gælder: KL, fra: 2020-01-01, til: {end}}}")
    with TemporaryDirectory() as folder:
        Path(folder, "case.yaml").write_text(text, encoding="utf-8")
        opened = open_paths([Path(folder)], Settings(as_of=as_of, base="https://k.example/", executor="duckdb"))
        assert {problem.code for problem in opened.unread} <= {"dangling-reference"}
        assert_left_out(opened, as_of + timedelta(ahead), states | {State.MET})


@pytest.mark.exhaustive
@pytest.mark.parametrize("cases", batches(), ids=lambda cases: cases[0].name)
def test_of_every_case_what_is_met_for_longer_is_left_out(cases: Sequence[CaseFile], tmp_path: Path) -> None:
    for one in cases:
        (tmp_path / f"{one.name}.yaml").write_text(one.conforming, encoding="utf-8")
    opened = open_paths([tmp_path], replace(cases[0].settings, executor="duckdb"))
    for days in (0, 60, 700):
        assert_left_out(opened, opened.settings.as_of + timedelta(days), frozenset(State))
