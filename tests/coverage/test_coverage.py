"""How the guide is covered: by statement, by recommendation, and for each agreement."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import authority
import pytest
from casework import Case, case, short

from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import G
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Recommendation
from graphsc.coverage.status import Cell, Coverage, State, cells
from graphsc.duties.facts import pairs
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.graph.questions import shipped
from graphsc.service import open_paths
from graphsc.service.coverage import coverage
from graphsc.service.query.evaluation import prepare
from graphsc.validation.shapes import compile_shapes

AS_OF = date(2026, 11, 25)

WORLD = """
    base: https://k.example/
    organisationer:
      - {id: K, navn: Kystvagten}
      - {id: L, navn: Løngang}
      - {id: U, navn: Underleverandør}
    personer: [P, Q]
    roller:
      - {person: P, rolle: ledelsen, hos: K, gælder: K, fra: 2020-01-01}
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-01-01/2028-12-31
        registre: [underleverandører, risici, krav, tilsyn]
        aktiviteter:
          - {id: RV, art: risikovurdering, dato: %s, godkendelse: {dato: 2025-05-02, udført af: P}}
        underleverandører:
          - {id: LU, leverandør: U, start: 2024-06-01, godkendelse: {dato: 2024-05-01, omfang: hosting}, opgave: hosting}
"""


UNAPPROVED = WORLD.replace(", godkendelse: {dato: 2024-05-01, omfang: hosting}", "") % "2025-05-01"
"""A subcontractor is recorded as under way, and its approval is not: a breach of SUB001, under R-4.1."""


def covered(judged: Case, **more: Any) -> Coverage:
    return coverage(judged.opened, **more)


def cell(shown: Coverage, recommendation: str, agreement: str = "https://k.example/KL") -> Cell:
    (match,) = (entry for entry in shown.of(recommendation) if entry.agreement == agreement)
    return match


def check(within: Cell, rule: str) -> Any:
    (one,) = (checked for checked in within.checks if checked.rule == rule)
    return one


@cache
def demo() -> Coverage:
    return coverage(authority.opened(), judged=authority.judged())


# ---------------------------------------------------------------------- cells


def test_met_means_that_a_record_meets_the_rule() -> None:
    result = cell(covered(case(WORLD % "2025-05-01")), "R-5.4")
    yearly = check(result, "RSK001")
    assert yearly.outcome is Checked.MET
    assert [short(iri) for iri in yearly.evidence] == ["RV"]
    ((record, day),) = ((record.iri, record.day) for record in yearly.records)
    assert (short(record), day) == ("RV", date(2025, 5, 1))
    assert yearly.finding is None
    assert result.denominator == len(result.checks)


def test_what_is_met_names_who_did_it_and_where_that_stands() -> None:
    shown = covered(
        case((WORLD % "2025-05-01").replace("art: risikovurdering,", "art: risikovurdering, udført af: K,"))
    )
    (record,) = check(cell(shown, "R-5.4"), "RSK001").records
    assert [shown.labels[iri].da for iri in record.performers] == ["Kystvagten"]
    assert shown.places[record.iri].line is not None


def test_one_broken_rule_and_the_recommendation_is_not_met() -> None:
    judged = case(UNAPPROVED)
    result = cell(covered(judged), "R-4.1")
    assert result.state is State.NOT_MET
    assert check(result, "SUB001").outcome is Checked.BROKEN
    assert check(result, "SUB001").finding == judged.of("SUB001").fingerprint
    assert result.rules == ("SUB001",)
    assert result.numerator < result.denominator


def test_an_open_question_says_that_it_is_not_recorded_and_breaks_no_rule() -> None:
    judged = case(WORLD % "2023-05-01")
    result = cell(covered(judged), "R-5.4")
    assert result.state is State.NOT_RECORDED
    assert check(result, "RSK001").outcome is Checked.NOT_RECORDED
    assert check(result, "RSK001").finding == judged.of("RSK001").fingerprint
    assert result.rules == ()
    assert result.numerator < result.denominator


def test_what_is_not_recorded_is_neither_met_nor_broken() -> None:
    text = WORLD.replace("risici, ", "") % "2023-05-01"
    result = cell(covered(case(text)), "R-5.4")
    assert result.state is State.NOT_RECORDED
    assert check(result, "RSK001").outcome is Checked.NOT_RECORDED
    assert result.numerator < result.denominator


def test_what_is_recorded_in_no_register_counts_all_the_same() -> None:
    text = WORLD.replace("risici, ", "") % "2025-05-01"
    assert check(cell(covered(case(text)), "R-5.4"), "RSK001").outcome is Checked.MET


def test_a_waiver_is_not_met_but_waived() -> None:
    text = (
        WORLD % "2023-05-01"
        + """
    accepterede fund:
      - {id: A, regel: RSK, genstand: KL, begrundelse: Fordi., accepteret af: P, udløber: 2025-12-31}
"""
    )
    judged = case(text.replace("regel: RSK,", "regel: RSK001,"))
    waived = check(cell(covered(judged), "R-5.4"), "RSK001")
    assert (waived.outcome, waived.finding) == (Checked.WAIVED, judged_fingerprint(judged, "RSK001"))


def judged_fingerprint(judged: Case, code: str) -> str:
    (finding,) = (
        finding for finding in judged.report.findings if finding.code == code and finding.subject.endswith("KL")
    )
    return finding.fingerprint


def test_a_rule_on_a_subcontract_counts_for_the_agreement_on_top() -> None:
    result = cell(covered(case(UNAPPROVED)), "R-4.1")
    assert [short(checked.subject) for checked in result.checks if checked.rule == "SUB001"] == ["LU"]
    assert check(result, "SUB001").outcome is Checked.BROKEN


def test_what_no_rule_of_the_settings_judges_is_not_checked() -> None:
    judged = case(WORLD % "2025-05-01", select=("IDN",))
    result = cell(covered(judged), "R-5.4")
    assert (result.state, result.denominator) == (State.NOT_CHECKED, 0)
    assert "RSK001" in result.not_judged
    assert result.reason is not None


def test_what_concerns_the_organisation_does_not_apply_to_an_agreement() -> None:
    policy = Check("POL001", "K", Checked.MET, ("S-1",), organisation="K")
    one = Recommendation("R-1", Text("", ""), ("S-1",))
    agreement, organisation = cells([one], {"S-1": ["POL001"]}, [policy], frozenset({"POL001"}), ["KL"], {})
    assert (agreement.agreement, agreement.state, agreement.denominator) == ("KL", State.NOT_APPLICABLE, 0)
    assert agreement.reason is not None
    assert "organisation" in agreement.reason.en
    assert (organisation.organisation, organisation.state, organisation.numerator) == ("K", State.MET, 1)


# ---------------------------------------------------------------------- decisions

DECISION = """
    svar:
      - {id: F, anbefaling: %s, vedrører: KL, opfyldt: ikke nødvendigt, begrundelse: Kun åbne data., svaret af: P, dato: 2025-01-01}
"""


def test_who_decided_that_a_recommendation_does_not_apply_is_said() -> None:
    without, decided = (
        cell(covered(case((WORLD % "2025-05-01") + more)), "R-4.2") for more in ("", DECISION % "R-4.2")
    )
    assert (without.state is State.NOT_APPLICABLE, without.denominator) == (False, decided.denominator)
    assert decided.state is State.NOT_APPLICABLE
    assert decided.decision is not None
    assert (short(decided.decision.approver), decided.decision.reason) == ("P", "Kun åbne data.")
    assert decided.decision.day == date(2025, 1, 1)


def test_a_decision_hides_no_broken_rule() -> None:
    result = cell(covered(case(UNAPPROVED + DECISION % "R-4.1")), "R-4.1")
    assert (result.state, result.decision is None) == (State.NOT_MET, False)
    assert check(result, "SUB001").outcome is Checked.BROKEN


def test_a_decision_closes_the_questions_of_its_recommendation() -> None:
    result = cell(covered(case((WORLD % "2023-05-01") + DECISION % "R-5.4")), "R-5.4")
    assert (result.state, result.decision is None) == (State.NOT_APPLICABLE, False)
    assert check(result, "RSK001").outcome is Checked.STATED
    assert result.numerator < result.denominator, "what is stated is not shown"


def test_a_decision_without_a_reason_counts_for_nothing() -> None:
    text = (WORLD % "2025-05-01") + DECISION.replace("begrundelse: Kun åbne data., ", "") % "R-5.4"
    judged = case(text)
    assert cell(covered(judged), "R-5.4").state is not State.NOT_APPLICABLE
    assert judged.subjects("ANS001") == ["F"]


# ---------------------------------------------------------------------- the whole of it


def test_every_check_of_every_rule_stands_in_a_cell_of_each_of_its_recommendations() -> None:
    """Against a slow count from the report: nothing is lost, and nothing is counted twice."""
    shown = demo()
    gathered = {recommendation.id: set(recommendation.statements) for recommendation in shown.recommendations}
    expected: Counter[tuple[str, str, str, str | None]] = Counter()
    for some in shown.checks.values():
        for one in some:
            places: list[str | None] = list(one.agreements) or [one.organisation]
            for name, statements in gathered.items():
                if statements & set(one.statements):
                    expected.update((name, one.rule, one.subject, place) for place in places)
    counts = Counter(
        (entry.recommendation, check.rule, check.subject, entry.agreement or entry.organisation)
        for entry in shown.cells
        for check in entry.checks
    )
    assert counts == expected
    assert set(expected.values()) == {1}


def test_the_counts_are_those_of_the_report() -> None:
    shown, (report, rules) = demo(), authority.judged()
    by_query = {shape.code for shape in compile_shapes(authority.opened().dataset).shapes if shape.query}
    for outcome in report.rules:
        some = shown.checks.get(outcome.code, ())
        if rules[outcome.code].of_records or rules[outcome.code].severity == "note":
            assert not some or rules[outcome.code].grouped, outcome.code
            continue
        wrong = sum(1 for one in some if one.finding is not None)
        assert wrong == outcome.failed, outcome.code
        assert len(some) <= outcome.focus, outcome.code
        if outcome.code not in by_query:
            assert len(some) == outcome.focus, outcome.code


def test_every_recommendation_stands_for_every_agreement() -> None:
    shown = demo()
    assert len(shown.recommendations) == 17
    for recommendation in shown.recommendations:
        assert [entry.agreement for entry in shown.of(recommendation.id) if entry.agreement] == list(shown.agreements)


def test_one_agreement_can_be_asked_for() -> None:
    shown = coverage(authority.opened(), judged=authority.judged(), agreement="kontrakt/drift-2024")
    assert {entry.agreement for entry in shown.cells} == {"https://nordlys.example/kontrakt/drift-2024"}
    assert len(shown.cells) == 17


def test_without_input_there_are_statements_and_no_cells() -> None:
    shown = coverage(open_paths([], Settings(as_of=AS_OF)))
    assert (len(shown.statements), shown.cells) == (464, ())


def test_the_question_on_coverage_answers_what_the_command_shows() -> None:
    question = shipped()["recommendations-met"]
    dataset = authority.opened().dataset.copy()
    prepare(replace(authority.opened(), dataset=dataset), question)
    rows = dataset.select(question.text)
    answers = {
        (plain(row["recommendation"]).rsplit("/", 1)[1], plain(row["agreement"])): (
            plain(row["state"]).rsplit("/", 1)[1].replace("-", " "),
            *(int(plain(row[name])) for name in ("met", "of", "records", "broken")),
        )
        for row in rows
    }
    assert answers == {
        (entry.recommendation, entry.agreement): (
            *(str(entry.state), entry.numerator, entry.denominator),
            *(len(entry.evidence), len(entry.rules)),
        )
        for entry in demo().cells
        if entry.agreement
    }


def test_the_queries_of_this_room_say_what_they_are_for() -> None:
    for name in ("statements", "treatments", "recommendations", "subjects", "decisions"):
        assert "# title.da:" in knowledge_text(f"ontology/coverage/{name}.rq")


def test_who_uses_no_framework_meets_nothing_by_that() -> None:
    shown = covered(case(WORLD % "2025-05-01"))
    looked_at = {checked.rule for entry in shown.of("R-4.1") for checked in entry.checks}
    assert "FRM001" not in looked_at
    using = WORLD.replace("{id: K, navn: Kystvagten}", "{id: K, navn: Kystvagten, bruger rammeaftaler: F}")
    using += """
    rammeaftaler: [{id: F, kunde: L, leverandør: U, start: 2020-01-01}]
"""
    shown = covered(case(using % "2025-05-01"))
    assert [
        (short(checked.subject), checked.outcome)
        for entry in shown.of("R-4.1")
        for checked in entry.checks
        if checked.rule == "FRM001"
    ] == [("K", Checked.NOT_RECORDED)]


# ---------------------------------------------------------------------- what nobody has recorded

PARTIES = """
    organisationer:
      - {id: K, navn: Kystvagten}
      - {id: L, navn: Løngang}
      - {id: U, navn: Underleverandør}
"""
SYSTEM = """
    systemer: [{id: S, navn: Sagssystemet}]
"""
OWNED = """
    systemer: [{id: S, navn: Sagssystemet, ejer: K, drives af: L}]
"""
CONTRACT = """
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-01-01/2028-12-31
"""
SERVES = "        systemer: [S]\n"
CHAIN = "        underleverandører: [{id: LU, leverandør: U, start: 2024-06-01}]\n"
ROLE = """
    personer: [P]
    roller: [{person: P, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2020-01-01}]
"""
REQUIREMENT = "        krav: [{id: R, tekst: Data slettes.}]\n"
OF_WORDING = {("SMT001", "R"), ("SMT002", "R"), ("SMT003", "R"), ("SMT005", "R"), ("SMT008", "R")}


def judged_met(text: str) -> set[tuple[str, str]]:
    shown = covered(case(text))
    assert not shown.problems
    assert {str(entry.state) for entry in shown.cells} <= {
        "not recorded",
        "not met",
        "not applicable",
    } or "ejer" in text
    return {
        (check.rule, short(check.subject))
        for some in shown.checks.values()
        for check in some
        if check.outcome is Checked.MET
    }


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        (PARTIES, set()),
        (PARTIES + SYSTEM, set()),
        (PARTIES + CONTRACT, set()),
        (PARTIES + CONTRACT + CHAIN, set()),
        (PARTIES + SYSTEM + CONTRACT + SERVES, set()),
        # who owns the system, who runs it, and on what agreement
        (PARTIES + OWNED, {("ACC001", "S")}),
        (PARTIES + OWNED + CONTRACT + SERVES, {("ACC001", "S"), ("ACC002", "S"), ("AGR001", "S")}),
        # one contract manager, and no other beside
        (PARTIES + CONTRACT + ROLE, {("ROL001", "KL"), ("ROL002", "KL")}),
        # how the requirement is worded
        (PARTIES + CONTRACT + REQUIREMENT, OF_WORDING),
    ],
)
def test_nothing_is_in_order_but_what_somebody_recorded(text: str, recorded: set[tuple[str, str]]) -> None:
    assert judged_met(text) == recorded


@pytest.mark.parametrize(
    ("kept", "under_the_other"),
    [("", Checked.NOT_RECORDED), (", registre: [underleverandører]", Checked.BROKEN)],
)
def test_an_approval_under_one_agreement_is_none_under_the_other(kept: str, under_the_other: Checked) -> None:
    text = f"""{PARTIES}
      - {{id: N, navn: Nabovagten}}
    kontrakter:
      - {{id: KL, kunde: K, leverandør: L, start: 2024-01-01, registre: [underleverandører]}}
      - {{id: NL, kunde: N, leverandør: L, start: 2024-01-01{kept}}}
    aftaler:
      - id: LU
        type: underleverance
        leverandør: U
        under: [KL, NL]
        start: 2024-06-01
        godkendelse: {{dato: 2024-05-01, aftale: KL, af: K}}
"""
    shown = covered(case(text))
    outcomes = {
        agreement: check.outcome for check in shown.checks["SUB001"] for agreement in map(short, check.agreements)
    }
    assert outcomes == {"KL": Checked.MET, "NL": under_the_other}
    assert {check(cell(shown, "R-4.1", "https://k.example/" + name), "SUB001").outcome for name in ("KL", "NL")} == {
        Checked.MET,
        under_the_other,
    }


def test_a_register_that_is_kept_and_empty_puts_nothing_in_order() -> None:
    dataset = authority.opened().dataset
    keepers = {register for register, keeper in pairs(dataset, "keptBy") if keeper == G + "ActiveOutsourcing"}
    assert len(keepers) > 10
    labels = Labels(dataset)
    for register in sorted(keepers):
        kept = f"        registre: [{labels[register].da}]\n"
        said = {("SUB020", "KL")} if register.endswith("/subcontractors") else set()
        assert judged_met(PARTIES + CONTRACT + kept + CHAIN) == said, register


def test_what_no_register_is_kept_of_is_not_recorded_for_rules_that_only_find_fault() -> None:
    """That an approval lapsed can only be seen where approvals are recorded."""
    shown = covered(case(PARTIES + CONTRACT + CHAIN))
    for code in ("SUB004", "SUB005", "SUB006", "SUB008", "ROL002"):
        assert {check.outcome for check in shown.checks[code]} == {Checked.NOT_RECORDED}, code


def test_a_rule_that_reads_several_registers_is_kept_only_where_all_are() -> None:
    kept = "        registre: [REGISTERS]\n"
    text = PARTIES + CONTRACT + kept + REQUIREMENT
    one = case(text.replace("REGISTERS", "krav"))
    assert [(check.outcome, check.finding) for check in covered(one).checks["PHA001"]] == [(Checked.NOT_RECORDED, None)]
    (outcome,) = (outcome for outcome in one.report.rules if outcome.code == "PHA001")
    assert outcome.not_checked is not None
    assert outcome.not_checked.en.startswith("the registers “clauses” and ")
    assert outcome.not_checked.en.endswith(" are not all kept for 1 of 1")
    every = case(text.replace("REGISTERS", "krav, risici, leverandørvalg, klausuler, tilsyn"))
    assert [check.finding is not None for check in covered(every).checks["PHA001"]] == [True]


def test_that_records_are_well_formed_is_no_evidence() -> None:
    shown = demo()
    of_records = {rule.code for rule in shown.rules.values() if rule.of_records}
    assert {"DAT001", "DAT012", "AGR002", "CHN001", "IDN002"} <= of_records
    assert not of_records & shown.checks.keys() - {"REG001"}
    assert not of_records & {
        check.rule for entry in shown.cells for check in entry.checks if check.outcome is Checked.MET
    }
