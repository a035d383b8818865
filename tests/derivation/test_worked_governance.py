"""Worked cases of governing a supplier: who is controlled how often, the clock of sub-processors, the end drawing near."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from casework import Case, case

# ---------------------------------------------------------------------- mandated suppliers

MANDATED = """
    organisationer:
      - {id: K, art: statslig myndighed}
      - {id: L, art: KIND}
    kontrakter:
      - {id: KL, TYPEkunde: K, leverandør: L, underskrevet: 2024-01-01, start: 2024-01-01, registre: [klausuler, leverandørvalg]}
"""


def test_a_mandated_supplier_owes_what_a_chosen_one_does_but_for_the_choice() -> None:
    """No clause may be left out because a task was handed to Statens IT; only the choice of a supplier, and how, falls away."""
    chosen = case(MANDATED.replace("KIND", "virksomhed").replace("TYPE", ""))
    mandated = case(MANDATED.replace("KIND", "Statens IT").replace("TYPE", "type: overdragelse, "))
    assert "SUB010" in chosen.codes
    only_chosen = [(code, value) for _, code, _, value in chosen.results if (code, value) not in _pairs(mandated)]
    assert {code for code, value in only_chosen if not code.startswith("SEL")} == {"PHA001"}
    assert ("SEL001", None) in only_chosen
    of_annex_3 = {(code, value) for code, value in _pairs(mandated) if code.startswith("SIT")}
    assert _pairs(mandated) - of_annex_3 <= _pairs(chosen)


def _pairs(judged: Case) -> set[tuple[str, str | None]]:
    return {(code, value) for _, code, _, value in judged.results}


# ---------------------------------------------------------------------- ranking

RANKED = """
    organisationer: [K, L]
    kontrakter:
"""


def ranked(needs: list[tuple[int, int]]) -> set[str]:
    """The agreements found to be controlled too seldom; each is a rank and a number of months."""
    text = RANKED
    for number, (rank, months) in enumerate(needs):
        text += (
            f"      - {{id: A{number}, kunde: K, leverandør: L, start: 2024-01-01, aktiviteter: "
            f"[{{art: kontrolbehov, dato: 2025-01-01, rang: {rank}, frekvens: P{months}M, planlagt kontrol: tilsyn}}]}}\n"
        )
    return set(case(text, select=("SPL004",)).subjects("SPL004"))


@pytest.mark.parametrize("seed", range(4))
def test_a_more_important_supplier_is_controlled_at_least_as_often(seed: Any) -> None:
    draw = random.Random(seed)
    needs = [(draw.randint(1, 4), draw.choice([1, 3, 6, 12, 24])) for _ in range(12)]
    expected = {
        f"A{number}"
        for number, (rank, months) in enumerate(needs)
        if any(rank < other and months > shorter for other, shorter in needs)
    }
    assert ranked(needs) == expected


def test_only_the_latest_need_for_control_counts() -> None:
    """
    organisationer: [K, L]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        start: 2023-01-01
        registre: [tilsyn]
        aktiviteter:
          - {art: kontrolbehov, dato: 2024-01-01, frekvens: P1M, planlagt kontrol: tilsyn}
          - {art: kontrolbehov, dato: 2025-01-01, frekvens: P1Y, planlagt kontrol: tilsyn}
          - {art: tilsyn, dato: 2025-02-01}
    """
    got = case(test_only_the_latest_need_for_control_counts.__doc__, select=("SPL007",))
    assert got.codes == []


def test_the_reasons_for_a_rank_are_derived_one_by_one() -> None:
    """
    organisationer: [{id: K, land: DK}, {id: L, land: DK}]
    systemer:
      - {id: S, ejer: K, kritikalitet: samfundskritisk, personoplysninger: ja, drives af: L}
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        start: 2024-01-01
        specialløsning: ja
        leverancer: [{system: S, lag: platform, dataplacering: SE}]
        aktiviteter: [{art: hændelse, dato: 2025-03-01}, {art: tvist, dato: 2025-03-01}]
    """
    got = case(test_the_reasons_for_a_rank_are_derived_one_by_one.__doc__)
    assert got.ask("?why { ?agreement g:rankedFor ?why }") == [
        (f"ranking/{name}",)
        for name in (
            *("business-critical", "cooperation", "data-abroad", "events", "operation", "sensitive-data"),
            *("society-critical", "specialised"),
        )
    ]


# ---------------------------------------------------------------------- sub-processors

PROCESSED = """
    organisationer: [K, L, {id: U, land: LAND}]
    systemer: [{id: S, ejer: K, personoplysninger: ja}]
    kontrakter:
      - id: KL
        kunde: K
        leverandør: L
        start: 2024-01-01
        systemer: [S]
        underleverandører:
          - {id: LU, leverandør: U, start: 2025-01-01, personoplysninger: ja NOTICE}
      - {id: D, type: databehandleraftale, kunde: K, leverandør: L, aftale: KL, start: 2024-01-01,
         underdatabehandlere godkendes: generelt, indsigelsesfrist: P14D}
"""


def processed(notice: str, as_of: date) -> list[str]:
    return case(PROCESSED.replace("LAND", "SE").replace("NOTICE", notice), as_of, select=("DPA",)).codes


def test_the_clock_of_a_general_authorisation_of_sub_processors() -> None:
    given = ", varsel: {dato: 2025-06-01, aftale: D}"
    objected = ", varsel: {dato: 2025-06-01, aftale: D, indsigelse: 2025-06-15}"
    too_late = ", varsel: {dato: 2025-06-01, aftale: D, indsigelse: 2025-06-16}"
    assert processed("", date(2025, 7, 1)) == ["DPA003"]
    assert processed(given, date(2025, 6, 15)) == ["DPA004"]  # the last day to object
    assert processed(given, date(2025, 6, 16)) == []  # tacit approval
    assert processed(objected, date(2025, 6, 16)) == ["DPA005"]
    assert processed(too_late, date(2025, 6, 17)) == []


def test_a_notice_of_one_agreement_does_not_start_the_clock_of_another() -> None:
    """A notice for the contract alone is no notice under the data processing agreement."""
    assert processed(", varsel: {dato: 2025-03-01, aftale: KL}", date(2025, 7, 1)) == ["DPA003"]


def test_the_list_of_a_data_processing_agreement_authorises() -> None:
    listed = PROCESSED.replace("generelt, indsigelsesfrist: P14D", "efter liste, underdatabehandlere: WHO")
    listed = listed.replace("LAND", "SE").replace("NOTICE", "")
    assert case(listed.replace("WHO", "U"), select=("DPA",)).codes == []
    assert case(listed.replace("WHO", "L"), select=("DPA",)).codes == ["DPA002"]


def test_a_supplier_that_processes_no_personal_data_needs_no_agreement_on_it() -> None:
    text = """
        organisationer: [K, L]
        systemer: [{id: S, ejer: K, personoplysninger: ja}]
        kontrakter:
          - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: [S], registre: [persondata] SAID}
    """
    assert case(text.replace("SAID", ""), select=("DPA",)).codes == ["DPA001"]
    assert case(text.replace("SAID", ", personoplysninger: nej"), select=("DPA",)).codes == []


@pytest.mark.parametrize(
    ("country", "leaves"), [("SE", False), ("NO", False), ("IS", False), ("GB", True), ("IN", True)]
)
def test_countries_of_the_eea_are_no_third_countries(country: str, leaves: bool) -> None:
    got = case(PROCESSED.replace("LAND", country).replace("NOTICE", ""))
    assert got.ask("?country { ?agreement g:thirdCountry ?country }") == ([(f"country/{country}",)] if leaves else [])


# ---------------------------------------------------------------------- the end


def test_the_plan_for_the_end_falls_due_three_months_before_it() -> None:
    ends = date(2025, 9, 15)

    def codes(as_of: date) -> list[str]:
        text = f"""
            organisationer: [K, L]
            kontrakter:
              - {{id: KL, kunde: K, leverandør: L, periode: 2023-01-01/{ends}, registre: [ophør]}}
        """
        return case(text, as_of, select=("EXI010",)).codes

    assert codes(date(2025, 6, 15)) == ["EXI010"]
    assert codes(date(2025, 6, 15) - timedelta(days=1)) == []
    assert codes(ends + timedelta(days=1)) == []
