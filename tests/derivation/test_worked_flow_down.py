"""Worked cases 3 and 4: requirements follow the chain down, and what is dropped is found where it was dropped.

The docstring of each test is its fixture.
"""

from datetime import date
from typing import Any

import pytest
from casework import case


def test_dropped_at_tier_2_is_one_finding_and_deeper_links_are_its_consequences() -> None:
    """
    organisationer: [K, L, U1, U2, U3]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-04-01/2028-03-31
        registre: [krav]
        krav: [{id: R1}, {id: R2}]
        underleverandører:
          - id: LU1
            leverandør: U1
            viderefører: [R1]
            underleverandører:
              - id: U1U2
                leverandør: U2
                viderefører: [R1]
                underleverandører:
                  - {id: U2U3, leverandør: U3, viderefører: [R1]}
    """
    got = case(test_dropped_at_tier_2_is_one_finding_and_deeper_links_are_its_consequences.__doc__)
    assert got.results == [("question", "FLW001", "LU1", "R2")]
    assert got.path("FLW001") == ["KL", "LU1"]
    assert got.consequences("FLW001") == ["U1U2", "U2U3"]
    assert got.text("FLW001") == (
        "Er kravet R2 ført videre til U1 (under L)? Ikke registreret: kravet i U1 (under L) eller en undtagelse for leddet.",
        "Was requirement R2 passed on to U1 (under L)? Not recorded: the requirement in U1 (under L) or an exemption for this link.",
    )
    assert got.of("FLW001").actor.organisation == "https://k.example/L"
    assert [p.rsplit("/", 1)[1] for p in got.of("FLW001").parties] == ["K", "L", "U1"]


def test_dropped_at_tier_3() -> None:
    """
    organisationer: [K, L, U1, U2, U3]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}, {id: R2}]
        underleverandører:
          - id: LU1
            leverandør: U1
            viderefører: [R1, R2]
            underleverandører:
              - id: U1U2
                leverandør: U2
                viderefører: [R2]
                underleverandører:
                  - {id: U2U3, leverandør: U3}
    """
    got = case(test_dropped_at_tier_3.__doc__)
    assert got.results == [("question", "FLW001", "U1U2", "R1"), ("question", "FLW001", "U2U3", "R2")]
    first, second = got.findings
    assert [[iri.removeprefix("https://k.example/") for iri in f.path] for f in (first, second)] == [
        ["KL", "LU1", "U1U2"],
        ["KL", "LU1", "U1U2", "U2U3"],
    ]
    assert got.consequences("FLW001", "U1U2") == ["U2U3"]
    assert got.consequences("FLW001", "U2U3") == []


def test_introduced_again_below_ends_the_consequences_and_can_be_dropped_again() -> None:
    """
    organisationer: [K, L, U1, U2, U3, U4]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - id: LU1
            leverandør: U1
            underleverandører:
              - id: U1U2
                leverandør: U2
                viderefører: [R1]
                underleverandører:
                  - id: U2U3
                    leverandør: U3
                    underleverandører: [{id: U3U4, leverandør: U4}]
    """
    got = case(test_introduced_again_below_ends_the_consequences_and_can_be_dropped_again.__doc__)
    assert got.results == [("question", "FLW001", "LU1", "R1"), ("question", "FLW001", "U2U3", "R1")]
    assert got.consequences("FLW001", "LU1") == []
    assert got.consequences("FLW001", "U2U3") == ["U3U4"]


DIAMOND = """
    organisationer: [K, L, U, V, W, X, Y]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - id: LU
            leverandør: U
            underleverandører:
              - {id: UV, leverandør: V, FIRST}
              - {id: UW, leverandør: W, SECOND}
      - {id: VX, type: underleverance, under: [UV, UW], leverandør: X}
      - {id: XY, type: underleverance, under: VX, leverandør: Y}
"""


@pytest.mark.parametrize(
    ("first", "second", "expected", "consequences"),
    [
        # Neither way carries it: everything below is a consequence, once.
        ("", "", ["LU"], {"LU": ["UV", "UW", "VX", "XY"]}),
        # One way carries it, and VX drops it; that must not hide that the other way never got it.
        ("viderefører: R1", "", ["LU", "VX"], {"LU": ["UW", "VX", "XY"], "VX": ["XY"]}),
        ("", "viderefører: R1", ["LU", "VX"], {"LU": ["UV", "VX", "XY"], "VX": ["XY"]}),
        # A stricter form on one way ends the consequences there.
        ("viderefører: {id: R1a, skærper: R1}", "", ["LU", "VX"], {"LU": ["UW", "VX", "XY"], "VX": ["XY"]}),
        ("viderefører: {id: R1a, skærper: R1}", "undtagelser: R1", ["LU", "VX"], {"LU": [], "VX": ["XY"]}),
        # Both ways carry it: VX drops it, one finding for two parents.
        ("viderefører: R1", "viderefører: R1", ["LU", "VX"], {"LU": [], "VX": ["XY"]}),
        # An exemption closes its own way only.
        ("undtagelser: R1", "", ["LU"], {"LU": ["UW", "VX", "XY"]}),
        ("undtagelser: R1", "viderefører: R1", ["LU", "VX"], {"LU": [], "VX": ["XY"]}),
        ("undtagelser: R1", "undtagelser: R1", ["LU"], {"LU": []}),
    ],
)
def test_two_ways_down(first: str, second: str, expected: list[str], consequences: Any) -> None:
    got = case(DIAMOND.replace("FIRST", first).replace("SECOND", second))
    assert got.subjects("FLW001") == expected
    assert {subject: got.consequences("FLW001", subject) for subject in expected} == consequences


def test_the_path_goes_by_a_way_that_carried_the_requirement() -> None:
    """
    organisationer: [K, L, U, V, W, X]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - {id: LU, leverandør: U}
          - id: LW
            leverandør: W
            viderefører: R1
            underleverandører: [{id: WV, leverandør: V, viderefører: R1}]
      - {id: VX, type: underleverance, under: [LU, WV], leverandør: X}
    """
    got = case(test_the_path_goes_by_a_way_that_carried_the_requirement.__doc__)
    assert got.subjects("FLW001") == ["LU", "VX"]
    assert got.path("FLW001", "VX") == ["KL", "LW", "WV", "VX"]  # by LU it is shorter, but LU never had it


def test_the_path_where_a_ring_is_the_only_way_that_carried_it() -> None:
    """
    organisationer: [K, L, U, V]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, registre: [krav], krav: [{id: R1}], underleverandører: [{id: LX, leverandør: V, viderefører: R1}]}
      - {id: ML, kunde: K, leverandør: L}
      - {id: MU, type: underleverance, under: [ML, UV], leverandør: U}
      - {id: UV, type: underleverance, under: MU, leverandør: V, viderefører: R1}
    """
    got = case(test_the_path_where_a_ring_is_the_only_way_that_carried_it.__doc__)
    assert got.subjects("FLW001") == ["MU"]
    assert got.path("FLW001") == ["ML", "MU"]


EXEMPTED = """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}, {id: R2}]
        underleverandører:
          - id: LU1
            leverandør: U1
            undtagelser: [{fra krav: R2, dato: 2025-01-10, til: 2025-06-15, af: K}]
            underleverandører: [{id: U1U2, leverandør: U2}]
"""


EXEMPT = [("LU1", "R1"), ("U1U2", "R2")]
NOT_EXEMPT = [("LU1", "R1"), ("LU1", "R2")]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 1, 9), NOT_EXEMPT),  # not yet given
        (date(2025, 1, 10), EXEMPT),
        (date(2025, 6, 14), EXEMPT),
        (date(2025, 6, 15), EXEMPT),  # the last day counts
        (date(2025, 6, 16), NOT_EXEMPT),
    ],
)
def test_exempted_until_a_date_while_the_other_requirement_still_shows(as_of: date, expected: Any) -> None:
    got = case(EXEMPTED, as_of)
    assert got.results == [("question", "FLW001", subject, value) for subject, value in expected]
    # An exemption makes the link itself conform; what is below it still has to carry the requirement.
    below = {"LU1": ["U1U2"], "U1U2": []}
    consequences = [[c.rsplit("/", 1)[1] for c in f.consequences] for f in got.findings]
    assert consequences == [below[subject] for subject, _ in expected]


def test_an_exemption_ends_where_the_requirement_is_introduced_again() -> None:
    """
    organisationer: [K, L, U1, U2, U3]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - id: LU1
            leverandør: U1
            undtagelser: R1
            underleverandører:
              - id: U1U2
                leverandør: U2
                viderefører: R1
                underleverandører: [{id: U2U3, leverandør: U3}]
    """
    got = case(test_an_exemption_ends_where_the_requirement_is_introduced_again.__doc__)
    assert got.results == [("question", "FLW001", "U2U3", "R1")]


@pytest.mark.parametrize(
    ("performer", "conforms"),
    [("K", True), ("person/k1", True), ("L", False), ("U1", False), ("K2", False), ("person/l1", False)],
)
def test_only_the_customer_itself_can_exempt(performer: str, conforms: bool) -> None:
    text = (
        EXEMPTED.replace("af: K", f"af: {performer}")
        + """
    roller:
      - {id: a1, person: person/k1, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2024-01-01}
      - {id: a2, person: person/l1, rolle: sikkerhedskontakt, hos: L, gælder: KL, fra: 2024-01-01}
    personer: [person/k1, person/l1]
    """
    )
    got = case(text.replace("[K, L, U1, U2]", "[K, K2, L, U1, U2]"))
    assert not got.report.problems
    assert got.results == [("question", "FLW001", *one) for one in (EXEMPT if conforms else NOT_EXEMPT)]


STRICTER = """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}, {id: R2}]
        underleverandører:
          - id: LU1
            leverandør: U1
            viderefører: [R1, SECOND]
            underleverandører:
              - {id: U1U2, leverandør: U2, viderefører: [R1, THIRD]}
    rammeaftaler:
      - id: katalog
        leverandør: L
        krav: [{id: R2a, skærper: R2}, {id: R2b, skærper: R2a}, {id: R0}, {id: R1x, skærper: R1}]
"""


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        ("R2", "R2", []),
        ("R2a", "R2a", []),  # a stricter form satisfies
        ("R2b", "R2a", []),  # also by several steps, and may be loosened again down to the original
        ("R2b", "R2", []),
        ("R2", "R2b", []),
        ("R1x", "R2", [("LU1", "R2")]),  # stricter than another requirement
        ("R0", "R0", [("LU1", "R2")]),
        ("R2a", "R0", [("U1U2", "R2")]),  # what the customer set is what is missed, not the supplier's own wording
        ("R2a, R2b", "R0", [("U1U2", "R2")]),
    ],
)
def test_passed_on_in_a_stricter_form(second: str, third: str, expected: Any) -> None:
    got = case(STRICTER.replace("SECOND", second).replace("THIRD", third))
    assert not got.report.problems
    assert got.results == [("question", "FLW001", subject, value) for subject, value in expected]
    assert [f.consequences for f in got.findings] == [
        ("https://k.example/U1U2",) if s == "LU1" and third == "R0" else () for s, _ in expected
    ]


def test_a_looser_form_does_not_satisfy() -> None:
    """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1, skærper: R0}]
        underleverandører: [{id: LU1, leverandør: U1, viderefører: R0}]
    rammeaftaler: [{id: katalog, leverandør: L, krav: [{id: R0}]}]
    """
    assert case(test_a_looser_form_does_not_satisfy.__doc__).results == [("question", "FLW001", "LU1", "R1")]


def test_both_the_original_and_a_stricter_form_are_required() -> None:
    """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}, {id: R1a, skærper: R1}]
        underleverandører:
          - {id: LU1, leverandør: U1, viderefører: R1}
          - {id: LU2, leverandør: U2, viderefører: R1a}
    """
    got = case(test_both_the_original_and_a_stricter_form_are_required.__doc__)
    assert got.results == [("question", "FLW001", "LU1", "R1a")]


SHARED = """
    organisationer: [K1, K2, L1, L2, H, Z]
    kontrakter:
      - id: K1L1
        kunde: K1
        leverandør: L1
        registre: [krav]
        krav: [{id: R-k1}]
      - id: K2L2
        kunde: K2
        leverandør: L2
        registre: [krav]
        krav: [{id: R-k2}]
      - id: LH
        type: underleverance
        under: [K1L1, K2L2]
        leverandør: H
        PASSED
        undtagelser: [EXEMPTIONS]
        underleverandører: [{id: HZ, leverandør: Z}]
"""
BY_K1 = "{fra krav: R-k1, dato: 2025-01-10, til: 2025-12-31, af: K1}"
K2_FOR_K1 = "{fra krav: R-k1, dato: 2025-01-10, til: 2025-12-31, af: K2}"


@pytest.mark.parametrize(
    ("passed", "exemptions", "expected"),
    [
        ("", "", [("LH", "R-k1"), ("LH", "R-k2")]),
        ("viderefører: [R-k1]", "", [("HZ", "R-k1"), ("LH", "R-k2")]),
        ("viderefører: [R-k1, R-k2]", "", [("HZ", "R-k1"), ("HZ", "R-k2")]),
        ("", BY_K1, [("HZ", "R-k1"), ("LH", "R-k2")]),  # one customer's exemption leaves the other's finding alone
        ("", K2_FOR_K1, [("LH", "R-k1"), ("LH", "R-k2")]),  # and cannot be given by the other
    ],
)
def test_hosting_shared_by_two_customers(passed: str, exemptions: Any, expected: list[tuple[str, ...]]) -> None:
    got = case(SHARED.replace("PASSED", passed).replace("EXEMPTIONS", exemptions))
    assert not got.report.problems
    assert got.results == [("question", "FLW001", subject, value) for subject, value in expected]
    # The path starts at the agreement whose requirement it is.
    top = {"R-k1": "K1L1", "R-k2": "K2L2"}
    paths = [[iri.rsplit("/", 1)[1] for iri in f.path] for f in got.findings]
    assert paths == [[top[value], "LH"] + (["HZ"] if subject == "HZ" else []) for subject, value in expected]


TERM = """
    organisationer: [K, L, U1]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        periode: 2024-04-01/2025-06-30
        REGISTERS
        krav: [{id: R1}]
        underleverandører: [{id: LU1, leverandør: U1, start: 2025-01-01, slut: 2025-05-31}]
"""


@pytest.mark.parametrize(
    ("as_of", "registers", "expected"),
    [
        (date(2024, 12, 31), "registre: [krav]", []),  # the subcontract has not begun
        (date(2025, 1, 1), "registre: [krav]", ["LU1"]),
        (date(2025, 5, 31), "registre: [krav]", ["LU1"]),
        (date(2025, 6, 1), "registre: [krav]", []),  # it has ended
        (date(2025, 7, 1), "registre: [krav]", []),
        (date(2025, 1, 1), "registre: [tilsyn]", []),  # nobody says that what is passed on gets recorded
    ],
)
def test_only_what_runs_and_is_recorded_is_judged(as_of: date, registers: str, expected: Any) -> None:
    got = case(TERM.replace("REGISTERS", registers), as_of, select=("FLW",))
    assert got.subjects("FLW001") == expected


def test_a_subcontract_that_outlives_the_agreement_above_is_not_judged() -> None:
    """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - id: LU1
            leverandør: U1
            slut: 2025-01-31
            viderefører: R1
            underleverandører: [{id: U1U2, leverandør: U2, slut: 2027-01-31}]
    """
    got = case(test_a_subcontract_that_outlives_the_agreement_above_is_not_judged.__doc__)
    assert got.subjects("FLW001") == []
    assert got.results == [("breach", "DAT003", "U1U2", "LU1")]


def test_what_an_ended_agreement_above_required_is_no_longer_passed_down() -> None:
    """
    organisationer: [K, L, U, V, W]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        registre: [krav]
        krav: [{id: R1}]
        underleverandører:
          - {id: LU, leverandør: U, slut: ENDS, viderefører: R1}
      - {id: KV, kunde: K, leverandør: U, underleverandører: [{id: LV, leverandør: V}]}
      - {id: shared, type: underleverance, under: [LU, LV], leverandør: W}
    """
    text = test_what_an_ended_agreement_above_required_is_no_longer_passed_down.__doc__
    assert case(text.replace("ENDS", "2025-06-15")).results == [("question", "FLW001", "shared", "R1")]
    assert case(text.replace("ENDS", "2025-06-14")).results == []


def test_duties_of_clauses_follow_the_chain_like_requirements() -> None:
    """
    organisationer: [K, L, U1, U2]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        underskrevet: 2024-03-01
        registre: [klausuler]
        klausuler: [tavshedspligt, kontrolret, ansvarsfordeling]
        underleverandører:
          - id: LU1
            leverandør: U1
            underskrevet: 2024-03-01
            klausuler: [kontrolret]
            underleverandører: [{id: U1U2, leverandør: U2}]
    """
    got = case(test_duties_of_clauses_follow_the_chain_like_requirements.__doc__, select=("FLW002",))
    assert got.results == [
        ("question", "FLW002", "LU1", "clause/confidentiality"),
        ("question", "FLW002", "U1U2", "clause/control-right"),
    ]
    assert got.consequences("FLW002", "LU1") == ["U1U2"]
    assert (
        got.of("FLW002", "LU1").message.da
        == "Hvor i U1 (under L) står klausulen om tavshedspligt, som aftalen ovenover har? Ikke registreret: klausulen i U1 (under L)."
    )
    assert (
        got.of("FLW002", "LU1").message.en
        == "Where in U1 (under L) is the clause on confidentiality that the agreement above it has? Not recorded: the clause in U1 (under L)."
    )
