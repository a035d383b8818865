"""Worked cases 1, 2 and 5: approval of subcontractors, and who supervises whom. The docstring of each test is its fixture."""

from datetime import date
from typing import Any

import pytest
from casework import case, short

# ------------------------------------------------------------------ 1 and 2: approval and supervision


def test_case_1_an_approved_subcontractor_with_every_requirement_passed_on() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        underskrevet: 2024-03-01
        periode: 2024-04-01/2028-03-31
        registre: [underleverandører, krav]
        krav: [{id: R1}, {id: R2}]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-06-01
            viderefører: [R1, R2]
            godkendelse: {dato: 2024-05-12, af: K, journal: 2024-1187}
    """
    got = case(test_case_1_an_approved_subcontractor_with_every_requirement_passed_on.__doc__)
    assert got.report.problems == ()
    assert got.results == []
    assert got.supervisors() == {"KL": "K", "LU1": "L"}  # K supervises L, and L supervises U1
    assert got.ask("?what ?tier { ?link g:agreement ?what ; g:tier ?tier }") == [("KL", "1"), ("LU1", "2")]
    assert got.ask("?what ?who { ?what g:customer ?who }") == [("KL", "K"), ("LU1", "L")]


def test_case_1_a_contract_that_was_approved_is_no_subcontract() -> None:
    """
    organisationer: [K, L]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-04-01/2028-03-31
        registre: [tilsyn]
        godkendelse: {dato: 2024-03-12, af: K}
    aktiviteter:
      - {id: T1, art: tilsyn, dato: 2025-03-01, vedrører: KL, af: K}
      - {id: M, art: opstartsmøde, dato: 2024-04-02, vedrører: KL}
    """
    got = case(test_case_1_a_contract_that_was_approved_is_no_subcontract.__doc__)
    assert got.ask("?what { ?what a g:ApprovedSubcontract }") == []
    assert "SUP002" not in {code for _, code, *_ in got.results}  # K supervises L itself, and nobody is below


def test_case_1_the_supplier_owes_the_customer_the_documentation_of_its_supervision() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2025-01-01/2028-03-31
        registre: [tilsyn]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2025-02-01
            godkendelse: {dato: 2025-01-12, af: K}
    aktiviteter:
      - {id: T1, art: tilsyn, dato: 2025-03-01, vedrører: LU1, af: L}
      - {id: T2, art: revisionserklæring, dato: 2025-03-02, vedrører: LU1, af: L, delt med: K}
      - {id: M, art: opstartsmøde, dato: 2025-02-02, vedrører: KL}
    """
    got = case(test_case_1_the_supplier_owes_the_customer_the_documentation_of_its_supervision.__doc__)
    assert got.results == [("question", "SUP003", "T1", "K")]
    assert got.text("SUP003") == (
        "Hvornår fik K dokumentation for tilsyn 2025-03-01? Ikke registreret: at den er delt med K.",
        "When was K given documentation of supervision 2025-03-01? Not recorded: that it was shared with K.",
    )
    assert short(got.of("SUP003").actor.organisation) == "L"


RISK_INPUT = """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-01-01/2028-03-31
        registre: [risici]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-02-01
            godkendelse: {dato: 2024-01-12, af: K}
    aktiviteter:
      - {id: V, art: risikovurdering, dato: 2025-03-01, vedrører: KL, af: K, bidrag fra: L}
"""
FROM_U1 = "      - {id: I1, art: risikobidrag, dato: 2025-01-10, vedrører: LU1, af: U1, delt med: L}\n"
FROM_L = "      - {id: I2, art: risikobidrag, dato: 2025-02-10, vedrører: KL, af: L, delt med: K}\n"


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ("", [("RIN001", "KL", "K"), ("RIN002", "LU1", "K")]),
        (FROM_U1, [("RIN001", "KL", "K")]),
        (FROM_L, [("RIN002", "LU1", "K")]),
        (FROM_U1 + FROM_L, []),
    ],
)
def test_case_1_risk_input_flows_up_the_chain(inputs: Any, expected: Any) -> None:
    got = case(RISK_INPUT + inputs)
    assert got.report.problems == ()
    assert [(f.code, short(f.subject), short(f.actor.organisation)) for f in got.findings] == expected


def test_case_2_a_subcontractor_of_the_subcontractor_lacks_the_customers_approval() -> None:
    """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-06-01
            godkendelse: {dato: 2024-05-12, af: K}
            underleverandører:
              - {id: U1U2, leverandør: U2, start: 2024-07-01}
    """
    got = case(test_case_2_a_subcontractor_of_the_subcontractor_lacks_the_customers_approval.__doc__)
    assert got.results == [("question", "SUB002", "U1U2", "KL")]  # deeper than tier 2: K is asked
    assert got.path("SUB002") == ["KL", "LU1", "U1U2"]
    assert [short(p) for p in got.of("SUB002").parties] == ["K", "L", "U1", "U2"]
    assert short(got.of("SUB002").actor.organisation) == "K"
    assert got.text("SUB002") == (
        "Har K godkendt U2 (under U1) længere nede i kæden under aftalen med L? Ikke registreret: en godkendelse fra K.",
        "Has K approved U2 (under U1), further down the chain, under the agreement with L? Not recorded: an approval from K.",
    )
    assert got.supervisors() == {"KL": "K", "LU1": "L", "U1U2": "K"}  # K, not U1, has to supervise it


def test_case_2_at_tier_2_it_is_a_breach() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører: [{id: LU1, leverandør: U1, start: 2024-06-01}]
    """
    got = case(test_case_2_at_tier_2_it_is_a_breach.__doc__)
    assert got.results == [("breach", "SUB001", "LU1", "KL")]
    assert got.text("SUB001") == (
        "U1 (under L) er registreret som i gang under aftalen med L, men en godkendelse fra K er ikke registreret",
        "U1 (under L) is recorded as under way under the agreement with L, but an approval from K is not recorded",
    )
    assert got.supervisors() == {"KL": "K", "LU1": "K"}


# ------------------------------------------------------------------ 5: approvals


def test_case_5a_approved_after_the_start() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - {id: LU1, leverandør: U1, start: 2024-06-01, godkendelse: {dato: 2024-06-22, af: K}}
    """
    got = case(test_case_5a_approved_after_the_start.__doc__)
    assert got.results == [("note", "SUB003", "LU1", "KL")]
    assert got.text("SUB003") == (
        "U1 (under L) blev godkendt 2024-06-22, 21 dage efter at arbejdet begyndte 2024-06-01",
        "U1 (under L) was approved on 2024-06-22, 21 days after work began on 2024-06-01",
    )
    assert got.supervisors()["LU1"] == "L"  # late, yet approved


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        ("{dato: 2024-06-01, af: K}", []),  # on the very day
        ("{dato: 2024-06-22, af: K, efterfølgende: ja}", []),  # knowingly given afterwards
        ("{dato: 2024-05-01, af: K}, {dato: 2024-06-22, af: K}", []),  # a renewal
        ("{dato: 2024-05-01, af: K, omfang: support}, {dato: 2024-06-22, af: K, omfang: hosting}", ["2024-06-22"]),
        ("{dato: 2024-06-10, af: K}, {dato: 2024-06-22, af: K}", ["2024-06-10"]),  # the first that holds
        ("{dato: 2024-06-10, af: K, trukket tilbage: 2024-06-12}, {dato: 2024-06-22, af: K}", ["2024-06-22"]),
        ("{dato: 2024-06-10, af: K, efterfølgende: ja}, {dato: 2024-06-22, af: K}", []),
    ],
)
def test_case_5a_what_counts_as_late(approvals: str, expected: Any) -> None:
    text = f"""
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        underleverandører:
          - {{id: LU1, leverandør: U1, ydelse: hosting, start: 2024-06-01, godkendelser: [{approvals}]}}
    """
    got = case(text)
    assert got.report.problems == ()
    assert [(f.code, f.message.en.split(" was approved on ")[1][:10]) for f in got.findings] == [
        ("SUB003", day) for day in expected
    ]


def test_case_5a_work_begins_for_a_customer_when_its_own_agreement_does() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        start: 2025-02-01
        registre: [underleverandører]
        underleverandører:
          - {id: LU1, leverandør: U1, start: 2024-06-01, godkendelse: {dato: 2025-01-15, af: K}}
    """
    text = test_case_5a_work_begins_for_a_customer_when_its_own_agreement_does.__doc__
    assert case(text).results == [("breach", "DAT003", "LU1", "KL")]  # it began before what it contributes to
    late = case(text.replace("2025-01-15", "2025-02-04"))
    assert late.text("SUB003")[1].endswith("was approved on 2025-02-04, 3 days after work began on 2025-02-01")


def test_case_5b_withdrawn_later() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-06-01
            godkendelse: {dato: 2024-05-12, af: K, trukket tilbage: 2025-06-15}
    """
    text = test_case_5b_withdrawn_later.__doc__
    assert case(text, date(2025, 6, 14)).results == []
    got = case(text, date(2025, 6, 15))
    assert got.results == [("breach", "SUB004", "LU1", "KL")]
    assert got.text("SUB004") == (
        "U1 (under L) er i gang, selv om godkendelsen under aftalen med L ophørte 2025-06-15",
        "U1 (under L) is under way although its approval under the agreement with L ended on 2025-06-15",
    )
    assert got.supervisors()["LU1"] == "K"


def test_case_5b_run_out() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-06-01
            godkendelser:
              - {dato: 2024-05-12, af: K, til: 2025-06-14}
              - {dato: 2025-06-16, af: K, til: 2026-06-14}
    """
    text = test_case_5b_run_out.__doc__
    assert case(text, date(2025, 6, 14)).results == []
    assert case(text, date(2025, 6, 15)).results == [("breach", "SUB004", "LU1", "KL")]
    # Renewed: that the first approval came before the start is what counts for lateness.
    assert case(text, date(2025, 6, 16)).results == []


def test_case_5c_for_another_scope() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - id: LU1
            leverandør: U1
            ydelse: support
            start: 2024-06-01
            godkendelse: {dato: 2024-05-12, af: K, omfang: hosting}
    """
    text = test_case_5c_for_another_scope.__doc__
    got = case(text)
    assert got.results == [("breach", "SUB005", "LU1", "KL")]
    assert got.text("SUB005") == (
        "U1 (under L) udfører support under aftalen med L, men den registrerede godkendelse fra K omfatter det ikke",
        "U1 (under L) performs support under the agreement with L, but the recorded approval from K does not cover it",
    )
    assert got.supervisors()["LU1"] == "K"
    assert case(text.replace("support", "hosting")).results == []
    assert case(text.replace(", omfang: hosting", "")).results == []  # given without limits


GENERAL = """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        klausuler: [{klausulemne: generel godkendelse, indsigelsesfrist: P30D}]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2025-03-15
            NOTICE
"""


@pytest.mark.parametrize(
    ("notice", "as_of", "expected"),
    [
        ("", date(2025, 6, 15), ["SUB007"]),
        # 30 days from 12 March: the customer may object until and including 11 April.
        ("varsel: {dato: 2025-03-12}", date(2025, 4, 11), ["SUB008"]),
        ("varsel: {dato: 2025-03-12}", date(2025, 4, 12), []),
        ("varsel: {dato: 2025-03-12, indsigelse: 2025-04-11}", date(2025, 4, 12), ["SUB006"]),
        ("varsel: {dato: 2025-03-12, indsigelse: 2025-04-12}", date(2025, 4, 13), []),  # too late
        # An approval lifts the objection.
        (
            "varsel: {dato: 2025-03-12, indsigelse: 2025-03-13}\n            godkendelse: {dato: 2025-03-14, af: K}",
            date(2025, 6, 15),
            [],
        ),
    ],
)
def test_case_5d_and_5e_general_authorisation(notice: str, as_of: date, expected: Any) -> None:
    got = case(GENERAL.replace("NOTICE", notice), as_of)
    assert got.report.problems == ()
    assert got.codes == expected
    approved = got.ask("?what { ?link g:agreement ?what ; g:approvedBy ?given }")
    assert approved == ([("LU1",)] if expected == [] else [])
    assert got.supervisors()["LU1"] == ("L" if expected == [] else "K")


def test_case_5d_objection_in_time() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        klausuler: [{klausulemne: generel godkendelse, indsigelsesfrist: P30D}]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2025-03-01
            varsel: {dato: 2025-02-12, indsigelse: {dato: 2025-03-02}}
    """
    got = case(test_case_5d_objection_in_time.__doc__)
    assert got.results == [("breach", "SUB006", "LU1", "KL")]
    assert got.text("SUB006") == (
        "U1 (under L) er i gang, selv om kunden gjorde indsigelse 2025-03-02 under aftalen med L",
        "U1 (under L) is under way although the customer objected on 2025-03-02 under the agreement with L",
    )


def test_case_5e_no_objection() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        klausuler: [generel godkendelse]
        underleverandører:
          - {id: LU1, leverandør: U1, start: 2025-04-01, varsel: 2025-02-12}
    """
    got = case(test_case_5e_no_objection.__doc__)
    assert got.results == []
    assert got.supervisors()["LU1"] == "L"


@pytest.mark.parametrize(
    ("performer", "agreement", "approved"),
    [
        ("K", "", True),
        ("K", "aftale: KL", True),
        ("person/k", "", True),  # whoever acts for the customer
        ("L", "", False),
        ("M", "", False),  # another customer's yes
        ("K", "aftale: ML", False),  # the right customer, but for another agreement
    ],
)
def test_an_approval_counts_for_the_agreement_of_the_right_customer(
    performer: str, agreement: str, approved: bool
) -> None:
    text = f"""
    organisationer: [K, L, M, U1]
    personer: [person/k]
    roller:
      - {{id: a1, person: person/k, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2024-01-01}}
    kontrakter:
      - {{id: ML, kunde: M, leverandør: L}}
      - id: KL
        kunde: K
        leverandør: L
        registre: [underleverandører]
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2024-06-01
            godkendelse: {{dato: 2024-05-12, af: {performer}, {agreement}}}
    """
    got = case(text)
    assert got.report.problems == ()
    assert got.results == ([] if approved else [("breach", "SUB001", "LU1", "KL")])


def test_hosting_shared_by_two_customers_is_approved_for_each_of_them() -> None:
    """
    organisationer: [K, M, L, H]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, registre: [underleverandører]}
      - {id: ML, kunde: M, leverandør: L, registre: [underleverandører]}
      - id: LH
        type: underleverance
        under: [KL, ML]
        leverandør: H
        start: 2024-06-01
        godkendelse: {dato: 2024-05-12, af: K}
    """
    text = test_hosting_shared_by_two_customers_is_approved_for_each_of_them.__doc__
    got = case(text)
    assert got.results == [("breach", "SUB001", "LH", "ML")]
    assert got.path("SUB001") == ["ML", "LH"]
    assert got.ask("?root ?who { ?link g:agreement <https://k.example/LH> ; g:root ?root ; g:supervisor ?who }") == [
        ("KL", "L"),
        ("ML", "M"),
    ]
    nameless = case(text.replace(", af: K", ""))  # whose approval it is cannot be told
    assert nameless.results == [("breach", "SUB001", "LH", "KL"), ("breach", "SUB001", "LH", "ML")]
