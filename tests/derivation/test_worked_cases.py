"""Worked cases 7, 8, 11, 12, 15 and 17: frameworks, Statens IT, critical systems, the end, circles, thin input. The docstring of each test is its fixture."""

from datetime import date
from typing import Any

import pytest
from casework import case, short

# ------------------------------------------------------------------ 7: framework agreements


def test_case_7_framework_agreements() -> None:
    """
    organisationer: [SKI, A, B, C, D, L, M]
    rammeaftaler:
      - {id: F, ejer: SKI, leverandører: [L], periode: 2021-01-01/2024-12-31}
    kontrakter:
      - {id: intime, type: leveranceaftale, rammeaftale: F, kunde: A, leverandør: L, underskrevet: 2024-12-31, periode: 2025-01-01/2027-12-31}
      - {id: stranger, type: leveranceaftale, rammeaftale: F, kunde: B, leverandør: M, underskrevet: 2024-06-01}
      - {id: late, type: leveranceaftale, rammeaftale: F, kunde: C, leverandør: L, underskrevet: 2025-01-01}
    """
    text = test_case_7_framework_agreements.__doc__.replace(
        "[SKI, A, B, C, D, L, M]", "[SKI, A, B, C, L, M, {id: D, bruger rammeaftaler: F}]"
    )
    got = case(text)
    assert got.report.problems == ()
    assert got.results == [
        ("breach", "FRM003", "late", "F"),
        ("question", "FRM001", "D", "F"),
        ("question", "FRM002", "stranger", "F"),
    ]
    assert got.text("FRM001") == (
        "Efter hvilken leveranceaftale på rammeaftalen F køber D? Ikke registreret: en løbende leveranceaftale på rammen.",
        "Under which delivery agreement does D use the framework F? Not recorded: an active delivery agreement on the framework.",
    )
    assert got.text("FRM002") == (
        "Er M leverandør på rammeaftalen F, som aftalen med M bygger på? Ikke registreret: M blandt rammens leverandører.",
        "Is M a supplier on the framework F, on which the agreement with M is based? Not recorded: M among the framework's suppliers.",
    )
    assert got.text("FRM003") == (
        "Aftalen med L er underskrevet 2025-01-01, men rammeaftalen F løb fra 2021-01-01 til 2024-12-31",
        "The agreement with L was signed on 2025-01-01, but the framework F ran from 2021-01-01 to 2024-12-31",
    )
    # The framework itself is no delivery and heads no chain.
    assert got.ask("?root { ?root a g:RootAgreement }") == [("intime",), ("late",), ("stranger",)]


# ------------------------------------------------------------------ 8: Statens IT

STATENS_IT = """
    organisationer:
      - {id: K, art: statslig myndighed}
      - {id: SIT, art: Statens IT}
      - {id: FM, art: tilsynsførende ministerium}
      - {id: U, art: virksomhed}
      - {id: V, art: virksomhed}
    systemer: [{id: S, ejer: K}]
    driftsmodeller: [{id: model, ministeriets lag: [platform, infrastruktur]}]
    kontrakter:
      - id: transfer
        type: overdragelse
        kunde: K
        leverandør: SIT
        start: 2020-01-01
        registre: [tilsyn]
        krav:
          - {id: special, emne: beredskab, særligt: ja}
          - {id: standard, emne: beredskab}
        leverancer:
          - {id: app, system: S, lag: applikation, driftsmodel: model}
          - {id: plat, system: S, lag: platform, driftsmodel: model}
        underleverandører:
          - id: SU
            leverandør: U
            start: 2021-01-01
            underleverandører: [{id: UV, leverandør: V, start: 2021-01-01}]
    aktiviteter:
      - {id: review, art: kontraktgennemgang, dato: 2025-02-01, vedrører: transfer, af: K}
"""
SUPERVISED = "      - {id: own, art: tilsyn, dato: 2025-02-01, vedrører: app, af: K, resultat: overholdt}\n"
REPORTED = "      - {id: written, art: skriftlig rapport, dato: 2025-02-01, vedrører: special, af: SIT}\n"
INSPECTED = "      - {id: seen, art: fysisk tilsyn, dato: 2025-02-01, vedrører: special, af: K}\n"
FM_REPORT = "      - {id: fm, art: tilsynsberetning, dato: 2025-03-01, vedrører: SIT, af: FM, delt med: K}\n"
WEIGHED = (
    "      - {id: weighed, art: stillingtagen til tilsynsberetning, dato: 2025-03-20, vedrører: transfer, af: K}\n"
)

AT_STATENS_IT = [
    *(("must", code) for code in ("SIT001", "SIT007", "SIT018")),
    *(("should", code) for code in ("SIT002", "SIT005")),
]
"""What is asked about Statens IT, in the order in which it is shown."""


def test_case_8_who_supervises_at_statens_it() -> None:
    got = case(STATENS_IT)
    assert got.report.problems == ()
    assert got.supervisors() == {
        "app": "K",  # outside the model
        "plat": "FM",  # covered
        "special": "K",  # a special requirement, on whatever layer; the standard one follows its layer
        "SU": "SIT",  # Statens IT's own subcontractor
        "UV": "U",
    }
    assert got.ask("?what ?who { ?what g:accountable ?who }") == [("S", "K")]  # that never moves


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("", ["SIT001", "SIT005", "SIT018"]),  # a report that the ministry has not made cannot be weighed
        (SUPERVISED, ["SIT005", "SIT018"]),
        (REPORTED, ["SIT001", "SIT018"]),
        (INSPECTED, ["SIT001", "SIT005"]),  # written reporting is the minimum
        (FM_REPORT, ["SIT001", "SIT002", "SIT005", "SIT018"]),
        (FM_REPORT + WEIGHED, ["SIT001", "SIT005", "SIT018"]),
        (SUPERVISED + REPORTED + INSPECTED + FM_REPORT + WEIGHED, []),
    ],
)
def test_case_8_what_the_authority_owes(evidence: Any, expected: Any) -> None:
    got = case(STATENS_IT + evidence, select=("SIT", "SUP"))
    assert got.report.problems == ()
    asked = {
        *expected,
        *([] if FM_REPORT in evidence else ["SIT007"]),
    }  # whether the ministry reported, it is asked itself
    assert [(f.severity.value, f.weight, f.code) for f in got.findings] == [
        ("question", weight, code) for weight, code in AT_STATENS_IT if code in asked
    ]
    # what the ministry has not done is the ministry's to mend, and nobody else's
    assert {(f.code == "SIT007", short(f.actor.organisation)) for f in got.findings} <= {(False, "K"), (True, "FM")}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # The report is of 1 March and 90 days are given; the last weighing is from the year before.
        (date(2025, 5, 30), []),
        (date(2025, 5, 31), ["SIT002"]),
    ],
)
def test_case_8_the_latest_report_is_weighed_in_time(as_of: date, expected: Any) -> None:
    earlier = WEIGHED.replace("2025-03-20", "2024-09-20")
    got = case(STATENS_IT + SUPERVISED + REPORTED + INSPECTED + FM_REPORT + earlier, as_of, select=("SIT",))
    assert got.codes == expected


def test_case_8_a_layer_without_an_operating_model() -> None:
    got = case(STATENS_IT.replace(", lag: platform, driftsmodel: model", ", lag: platform"), select=("SIT004",))
    assert got.results == [("question", "SIT004", "plat", "transfer")]
    assert got.supervisors()["plat"] == "K"


def test_case_8_a_report_that_was_kept_from_a_customer() -> None:
    got = case(STATENS_IT + FM_REPORT.replace(", delt med: K", ""), select=("SIT003",))
    assert got.results == [("question", "SIT003", "fm", "K")]
    assert short(got.of("SIT003").actor.organisation) == "FM"


# ------------------------------------------------------------------ 11: society-critical systems

CRITICAL = """
    organisationer:
      - {id: K, art: KIND}
      - L
    systemer: [{id: S, ejer: K, kritikalitet: CRITICALITY}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        underskrevet: SIGNED
        systemer: S
        registre: [krav, klausuler]
        CLAUSES
"""
THEMES = ["catalogue-control", "catalogue-operation", "catalogue-personal-data", "catalogue-security"]


@pytest.mark.parametrize(
    ("kind", "criticality", "signed", "advice", "themes"),
    [
        ("statslig myndighed", "samfundskritisk", "2024-03-01", True, THEMES),
        ("kommune", "samfundskritisk", "2024-03-01", True, []),  # advice only
        ("region", "samfundskritisk", "2024-03-01", True, []),
        ("virksomhed", "samfundskritisk", "2024-03-01", False, []),
        ("statslig myndighed", "samfundskritisk", "2021-12-31", True, []),  # not a new contract
        ("statslig myndighed", "forretningskritisk", "2024-03-01", False, []),
        ("statslig myndighed", "kritisk it-infrastruktur", "2024-03-01", True, []),  # advice, but no catalogue
        ("statslig myndighed", "kritisk infrastruktur", "2024-03-01", False, []),  # the third word is another thing
    ],
)
def test_case_11_advice_and_comply_or_explain(
    kind: str, criticality: str, signed: str, advice: bool, themes: Any
) -> None:
    text = CRITICAL.replace("KIND", kind).replace("CRITICALITY", criticality).replace("SIGNED", signed)
    got = case(text.replace("CLAUSES", "navn: kontrakten"), select=("CRT002", "CRT003"))
    assert got.report.problems == ()
    expected = [("question", "CRT003", "KL", f"clause/{theme}") for theme in themes]  # must, so before the advice
    assert got.results == expected + ([("question", "CRT002", "KL", None)] if advice else [])


def test_case_11_a_theme_is_met_by_a_clause_or_by_an_explanation_with_a_reason() -> None:
    """
    organisationer: [{id: K, art: statslig myndighed}, {id: L}]
    systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk}]
    kontrakter:
      - id: KL
        navn: kontrakten
        kunde: K
        leverandør: L
        underskrevet: 2024-03-01
        systemer: S
        registre: [krav, klausuler]
        klausuler: ["kontraktkatalog: sikkerhed"]
        forklaringer:
          - {klausulemne: "kontraktkatalog: persondata", begrundelse: Systemet rummer ingen personoplysninger.}
          - {klausulemne: "kontraktkatalog: kontrol"}
    aktiviteter:
      - {id: advice, art: cfcs-rådgivning, dato: 2024-02-01, vedrører: KL}
    """
    text = test_case_11_a_theme_is_met_by_a_clause_or_by_an_explanation_with_a_reason.__doc__
    got = case(text, select=("CRT002", "CRT003"))
    assert got.report.problems == ()
    assert got.results == [
        ("question", "CRT003", "KL", "clause/catalogue-control"),  # an explanation that gives no reason
        ("question", "CRT003", "KL", "clause/catalogue-operation"),
    ]
    assert (
        got.findings[1].message.da
        == "Hvor i kontrakten står klausulen »kontraktkatalog: driftsafvikling«, eller hvorfor er den udeladt? Ikke registreret: klausulen eller en begrundelse for at udelade den."
    )
    assert (
        got.findings[1].message.en
        == "Where in kontrakten is the clause “clause catalogue: operation”, or why is it left out? Not recorded: the clause or a reason for leaving it out."
    )
    late = case(text.replace("2024-02-01", "2024-03-31"), select=("CRT002",))
    assert late.results == [("note", "CRT002", "KL", None)]  # late evidence is a note, not red for ever
    assert late.text("CRT002")[1].endswith("– but not until 2024-03-31, 30 days late")
    assert late.text("CRT002")[0].endswith("– men først 2024-03-31, 30 dage for sent")


# ------------------------------------------------------------------ 12: after the end

ENDED = """
    organisationer: [K, L]
    systemer: [{id: S, ejer: K}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2022-01-01/2025-05-31
        adgange: [{id: access, system: S, EXTRA}]
"""
KEPT = "opbevaring: {formål: logfiler, til: 2025-12-31}"


@pytest.mark.parametrize(
    ("extra", "as_of", "expected"),
    [
        ("formål: drift", date(2025, 5, 31), []),
        ("formål: drift", date(2025, 6, 1), [("breach", "ACS002", "access", "KL")]),
        ("til: 2025-05-31", date(2025, 6, 1), []),  # removed
        ("til: 2025-06-02", date(2025, 6, 1), [("breach", "ACS002", "access", "KL")]),  # to be removed tomorrow
        (KEPT, date(2025, 6, 1), []),
        (KEPT, date(2025, 12, 31), []),
        (KEPT, date(2026, 1, 1), [("breach", "ACS003", "access", "KL")]),
    ],
)
def test_case_12_access_after_the_end(extra: Any, as_of: date, expected: Any) -> None:
    got = case(ENDED.replace("EXTRA", extra), as_of)
    assert got.report.problems == ()
    assert got.results == expected
    if expected and expected[0][1] == "ACS002":
        assert got.text("ACS002") == (
            "Adgang til S er registreret som åben, selv om aftalen er ophørt",
            "Access to S is recorded as open although the agreement has ended",
        )
    if expected and expected[0][1] == "ACS003":
        assert got.text("ACS003") == (
            "Adgang til S er registreret som åben, men den aftalte opbevaring sluttede 2025-12-31",
            "Access to S is recorded as open, but the agreed retention ended on 2025-12-31",
        )


def test_case_12_a_subcontractors_access_outlives_the_agreement_on_top() -> None:
    """
    organisationer: [K, L, U1]
    systemer: [{id: S, ejer: K}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2022-01-01/2025-05-31
        underleverandører:
          - id: LU1
            leverandør: U1
            start: 2022-02-01
            adgange: [{id: access, system: S}]
    """
    text = test_case_12_a_subcontractors_access_outlives_the_agreement_on_top.__doc__
    assert case(text, date(2025, 5, 31)).results == []
    got = case(text, date(2025, 6, 1))
    assert got.results == [("breach", "ACS002", "access", "LU1"), ("question", "DAT011", "LU1", "KL")]
    assert short(got.of("ACS002").actor.organisation) == "K"


# ------------------------------------------------------------------ 15: circles


def test_case_15_two_parties_subcontract_to_each_other_under_different_roots() -> None:
    """
    organisationer: [K, M, A, B]
    kontrakter:
      - id: KA
        kunde: K
        leverandør: A
        registre: [underleverandører, krav]
        krav: [{id: R1}]
        underleverandører:
          - {id: AB, leverandør: B, viderefører: R1, godkendelse: {dato: 2024-01-01, af: K}}
      - id: MB
        kunde: M
        leverandør: B
        registre: [underleverandører, krav]
        krav: [{id: R2}]
        underleverandører:
          - {id: BA, leverandør: A, viderefører: R2, godkendelse: {dato: 2024-01-01, af: M}}
    """
    got = case(test_case_15_two_parties_subcontract_to_each_other_under_different_roots.__doc__)
    assert got.report.problems == ()
    assert got.results == []
    assert got.supervisors() == {"KA": "K", "AB": "A", "MB": "M", "BA": "B"}


def test_a_circle_within_one_chain_is_an_error_and_ends() -> None:
    """
    organisationer: [K, L, A, B]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, registre: [krav], krav: [{id: R1}]}
      - {id: LA, type: underleverance, under: [KL, AB], leverandør: A}
      - {id: AB, type: underleverance, under: LA, leverandør: B}
    """
    got = case(test_a_circle_within_one_chain_is_an_error_and_ends.__doc__)
    assert got.results == [
        ("breach", "CHN001", "AB", None),
        ("breach", "CHN001", "LA", None),
        ("question", "FLW001", "LA", "R1"),
    ]
    assert got.of("CHN001", "AB").message.da == "B (under A) er underleverance til sig selv"
    assert got.of("CHN001", "AB").message.en == "B (under A) is a subcontract to itself"
    assert got.consequences("FLW001") == ["AB"]


def test_a_party_that_turns_up_again_in_its_own_chain() -> None:
    """
    organisationer: [K, A, B]
    kontrakter:
      - id: KA
        kunde: K
        leverandør: A
        underleverandører:
          - {id: AB, leverandør: B, underleverandører: [{id: BA, leverandør: A}]}
    """
    got = case(test_a_party_that_turns_up_again_in_its_own_chain.__doc__)
    assert got.results == [("breach", "CHN002", "BA", "A")]
    assert got.path("CHN002") == ["KA", "AB", "BA"]


# ------------------------------------------------------------------ 17: thin and faulty input


def test_case_17_an_organisation_without_agreements() -> None:
    """
    organisationer: [{id: K, navn: Kommunen, cvr: "10150817"}]
    """
    got = case(test_case_17_an_organisation_without_agreements.__doc__)
    assert got.report.problems == ()
    assert {(finding.code, finding.group is None) for finding in got.report.findings} == {("REG002", False)}
    assert got.report.worst() is None


def test_case_17_an_agreement_without_a_supplier() -> None:
    """
    organisationer: [K]
    kontrakter:
      - {id: KL, kunde: K}
    """
    got = case(test_case_17_an_agreement_without_a_supplier.__doc__)
    assert got.results == [("question", "AGR002", "KL", None)]
    assert got.text("AGR002") == (
        "Hvem leverer efter KL? Ikke registreret: en leverandør.",
        "Who delivers under KL? Not recorded: a supplier.",
    )
    location = got.of("AGR002").location
    assert (location.file.rsplit("/", 1)[1], location.line, location.column) == ("case0.yaml", 4, 5)


def test_case_17_a_date_that_does_not_exist() -> None:
    """
    organisationer: [K, L]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, underskrevet: 2025-02-31}
    """
    got = case(test_case_17_a_date_that_does_not_exist.__doc__)
    (problem,) = got.report.problems
    assert (problem.location.line, problem.location.column) == (4, 53)
    assert problem.location.file.endswith("case0.yaml")
    assert "2025-02-31" in problem.message.da
    assert "2025-02-31" in problem.message.en
    assert got.report.partial


def test_case_17_a_business_number_with_a_wrong_check_digit() -> None:
    """
    organisationer:
      - {id: K, cvr: "10150817"}
      - {id: L, cvr: "10150818"}
    """
    got = case(test_case_17_a_business_number_with_a_wrong_check_digit.__doc__)
    (problem,) = got.report.problems
    assert (problem.location.line, problem.location.column) == (4, 18)
    assert "10150818" in problem.message.da
    assert "10150818" in problem.message.en
