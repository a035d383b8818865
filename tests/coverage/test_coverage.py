"""How the guide is covered: by statement, by recommendation, and for each agreement."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import authority
from casework import Case, case, short

from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.results import Coverage
from graphsc.coverage.statements import Recommendation
from graphsc.coverage.status import Cell, State, cells
from graphsc.graph.dataset import plain
from graphsc.graph.questions import shipped
from graphsc.service import open_paths
from graphsc.service.coverage import coverage
from graphsc.service.query import prepare

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


def covered(found: Case, **more: Any) -> Coverage:
    return coverage(found.opened, **more)


def cell(shown: Coverage, recommendation: str, agreement: str = "https://k.example/KL") -> Cell:
    (found,) = (one for one in shown.of(recommendation) if one.agreement == agreement)
    return found


def check(found: Cell, rule: str) -> Any:
    (one,) = (one for one in found.checks if one.rule == rule)
    return one


@cache
def demo() -> Coverage:
    return coverage(authority.opened(), judged=authority.judged())


# ---------------------------------------------------------------------- cells


def test_met_means_that_a_record_meets_the_rule() -> None:
    found = cell(covered(case(WORLD % "2025-05-01")), "R-5.4")
    yearly = check(found, "RSK001")
    assert yearly.outcome is Checked.MET
    assert [short(iri) for iri in yearly.evidence] == ["RV"]
    ((record, day),) = ((one.iri, one.day) for one in yearly.records)
    assert (short(record), day) == ("RV", date(2025, 5, 1))
    assert yearly.finding is None
    assert found.denominator == len(found.checks)


def test_what_is_met_names_who_did_it_and_where_that_stands() -> None:
    shown = covered(
        case((WORLD % "2025-05-01").replace("art: risikovurdering,", "art: risikovurdering, udført af: K,"))
    )
    (record,) = check(cell(shown, "R-5.4"), "RSK001").records
    assert [shown.labels[iri].da for iri in record.performers] == ["Kystvagten"]
    assert shown.places[record.iri].line is not None


def test_one_broken_rule_and_the_recommendation_is_not_met() -> None:
    judged = case(WORLD % "2023-05-01")
    found = cell(covered(judged), "R-5.4")
    assert found.state is State.NOT_MET
    assert check(found, "RSK001").outcome is Checked.BROKEN
    assert check(found, "RSK001").finding == judged.of("RSK001").fingerprint
    assert "RSK001" in found.rules
    assert found.numerator < found.denominator


def test_what_is_not_recorded_is_neither_met_nor_broken() -> None:
    text = WORLD.replace("risici, ", "") % "2023-05-01"
    found = cell(covered(case(text)), "R-5.4")
    assert found.state is State.NOT_RECORDED
    assert check(found, "RSK001").outcome is Checked.NOT_RECORDED
    assert found.numerator < found.denominator


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
    found = check(cell(covered(judged), "R-5.4"), "RSK001")
    assert (found.outcome, found.finding) == (Checked.WAIVED, judged_fingerprint(judged, "RSK001"))


def judged_fingerprint(judged: Case, code: str) -> str:
    (finding,) = (one for one in judged.report.findings if one.code == code and one.subject.endswith("KL"))
    return finding.fingerprint


def test_a_rule_on_a_subcontract_counts_for_the_agreement_on_top() -> None:
    found = cell(
        covered(case(WORLD.replace(", godkendelse: {dato: 2024-05-01, omfang: hosting}", "") % "2025-05-01")), "R-4.1"
    )
    assert [short(one.subject) for one in found.checks if one.rule == "SUB001"] == ["LU"]
    assert check(found, "SUB001").outcome is Checked.BROKEN


def test_what_no_rule_of_the_settings_judges_is_not_checked() -> None:
    judged = case(WORLD % "2025-05-01", select=("IDN",))
    found = cell(covered(judged), "R-5.4")
    assert (found.state, found.denominator) == (State.NOT_CHECKED, 0)
    assert "RSK001" in found.unjudged
    assert found.reason is not None


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
    fravalgte anbefalinger:
      - {id: F, anbefaling: %s, vedrører: KL, begrundelse: Kun åbne data., besluttet af: P, dato: 2025-01-01}
"""


def test_who_decided_that_a_recommendation_does_not_apply_is_said() -> None:
    without, found = (cell(covered(case((WORLD % "2025-05-01") + more)), "R-4.2") for more in ("", DECISION % "R-4.2"))
    assert (without.state is State.NOT_APPLICABLE, without.denominator) == (False, found.denominator)
    assert found.state is State.NOT_APPLICABLE
    assert found.decision is not None
    assert (short(found.decision.approver), found.decision.reason) == ("P", "Kun åbne data.")
    assert found.decision.day == date(2025, 1, 1)


def test_a_decision_hides_no_broken_rule() -> None:
    found = cell(covered(case((WORLD % "2023-05-01") + DECISION % "R-5.4")), "R-5.4")
    assert (found.state, found.decision is None) == (State.NOT_MET, False)


def test_a_decision_without_a_reason_counts_for_nothing() -> None:
    text = (WORLD % "2025-05-01") + DECISION.replace("begrundelse: Kun åbne data., ", "") % "R-5.4"
    judged = case(text)
    assert cell(covered(judged), "R-5.4").state is not State.NOT_APPLICABLE
    assert judged.subjects("REC001") == ["F"]


# ---------------------------------------------------------------------- the whole of it


def test_every_check_of_every_rule_stands_in_a_cell_of_each_of_its_recommendations() -> None:
    """Against a slow count from the report: nothing is lost, and nothing is counted twice."""
    shown = demo()
    gathered = {one.id: set(one.statements) for one in shown.recommendations}
    expected: Counter[tuple[str, str, str, str | None]] = Counter()
    for some in shown.checks.values():
        for one in some:
            places: list[str | None] = list(one.agreements) or [one.organisation]
            for name, statements in gathered.items():
                if statements & set(one.statements):
                    expected.update((name, one.rule, one.subject, place) for place in places)
    found = Counter(
        (one.recommendation, check.rule, check.subject, one.agreement or one.organisation)
        for one in shown.cells
        for check in one.checks
    )
    assert found == expected
    assert set(expected.values()) == {1}


def test_the_counts_are_those_of_the_report() -> None:
    shown, (report, rules) = demo(), authority.judged()
    for outcome in report.rules:
        some = shown.checks.get(outcome.code, ())
        if not some or rules[outcome.code].grouped:
            assert outcome.focus == 0 or rules[outcome.code].severity == "info" or rules[outcome.code].grouped
            continue
        wrong = sum(1 for one in some if one.outcome in {Checked.BROKEN, Checked.WAIVED})
        assert (len(some), wrong) == (outcome.focus, outcome.failed), outcome.code


def test_every_recommendation_stands_for_every_agreement() -> None:
    shown = demo()
    assert len(shown.recommendations) == 17
    for one in shown.recommendations:
        assert [found.agreement for found in shown.of(one.id) if found.agreement] == list(shown.agreements)


def test_one_agreement_can_be_asked_for() -> None:
    shown = coverage(authority.opened(), judged=authority.judged(), agreement="kontrakt/drift-2024")
    assert {found.agreement for found in shown.cells} == {"https://nordlys.example/kontrakt/drift-2024"}
    assert len(shown.cells) == 17


def test_without_input_there_are_statements_and_no_cells() -> None:
    shown = coverage(open_paths([], Settings(as_of=AS_OF)))
    assert (len(shown.statements), shown.cells) == (464, ())


def test_the_question_on_coverage_answers_what_the_command_shows() -> None:
    question = shipped()["recommendations-met"]
    dataset = authority.opened().dataset.copy()
    prepare(replace(authority.opened(), dataset=dataset), question)
    rows = dataset.select(question.text)
    found = {
        (plain(row["recommendation"]).rsplit("/", 1)[1], plain(row["agreement"])): (
            plain(row["state"]).rsplit("/", 1)[1].replace("-", " "),
            *(int(plain(row[name])) for name in ("met", "of", "records", "broken")),
        )
        for row in rows
    }
    assert found == {
        (one.recommendation, one.agreement): (
            *(str(one.state), one.numerator, one.denominator),
            *(len(one.evidence), len(one.rules)),
        )
        for one in demo().cells
        if one.agreement
    }


def test_the_queries_of_this_room_say_what_they_are_for() -> None:
    for name in ("statements", "treatments", "recommendations", "subjects", "decisions"):
        assert "# title.da:" in knowledge_text(f"ontology/coverage/{name}.rq")


def test_who_uses_no_framework_meets_nothing_by_that() -> None:
    shown = covered(case(WORLD % "2025-05-01"))
    looked_at = {one.rule for found in shown.of("R-4.1") for one in found.checks}
    assert "FRM001" not in looked_at
    using = WORLD.replace("{id: K, navn: Kystvagten}", "{id: K, navn: Kystvagten, bruger rammeaftaler: F}")
    using += """
    rammeaftaler: [{id: F, kunde: L, leverandør: U, start: 2020-01-01}]
"""
    shown = covered(case(using % "2025-05-01"))
    assert [
        (short(one.subject), one.outcome) for found in shown.of("R-4.1") for one in found.checks if one.rule == "FRM001"
    ] == [("K", Checked.BROKEN)]
