"""Spellings of one name: proposed with a reason, never merged without a yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.analysis.spelling import SIGNS, Proposal, Sign
from graphsc.analysis.spelling import proposals as with_numbers


def proposals(names: Iterable[str], numbers: Mapping[str, str] = {}) -> tuple[Proposal, ...]:
    return with_numbers(names, numbers=numbers)


def test_there_is_a_word_for_every_sign() -> None:
    assert set(SIGNS) == set(Sign)


@pytest.mark.parametrize(
    ("names", "sign"),
    [
        (("SoftLayer", "Softlayer"), Sign.LETTERS),
        (("Digital Ocean", "DigitalOcean"), Sign.LETTERS),
        (("Aarhus Kommune", "Århus Kommune"), Sign.LETTERS),
        (("Søjle & Co", "SØJLE og co."), Sign.LETTERS),
        (("Ｎｏｒｄ Drift", "Nord Drift"), Sign.LETTERS),
        (("Fjord Hosting A/S", "Fjord Hosting"), Sign.LEGAL_FORM),
        (("Fjord Hosting ApS", "Fjord Hosting A/S"), Sign.LEGAL_FORM),
        (("Azure", "Microsoft Azure"), Sign.SHORT_FORM),
        (("KMD", "KMD Danmark A/S"), Sign.SHORT_FORM),
        (("AWS", "Amazon Web Services (AWS)"), Sign.INITIALS),
        (("IBM", "International Business Machines Corp."), Sign.INITIALS),
        (("Rackspace", "Rackspce"), Sign.ALMOST),
        (("Nordlysstyrelsen", "Nordlystyrelsen"), Sign.ALMOST),
    ],
)
def test_what_is_proposed(names: tuple[str, str], sign: Sign) -> None:
    (proposal,) = proposals(names)
    assert (proposal.names, proposal.sign) == (tuple(sorted(names)), sign)


@pytest.mark.parametrize(
    "names",
    [
        ("Leverandør A", "Leverandør B"),
        ("Region 1", "Region 2"),
        ("Fond II", "Fond III"),
        ("Google Cloud", "Cloud"),
        ("Hosting.com", "Booking.com"),
        ("Region Nordjylland", "Region Midtjylland"),
        ("Siemens", "Siemens Gamesa"),
        ("Nets", "Nuts"),
        ("Sydbank", "Nydbank"),
        ("", "()"),
        ("A/S", "ApS"),
        ("Data", "Data Service"),
    ],
)
def test_what_is_not(names: tuple[str, str]) -> None:
    assert proposals(names) == ()


def test_a_short_form_of_two_names_is_proposed_for_neither() -> None:
    assert proposals(["Azure", "Microsoft Azure", "Fjord Azure"]) == ()


def test_all_spellings_of_the_same_letters_come_as_one() -> None:
    (proposal,) = proposals(["SoftLayer", "Softlayer", "Soft Layer", "SOFTLAYER", "SoftLayer"])
    assert proposal == Proposal(("SOFTLAYER", "Soft Layer", "SoftLayer", "Softlayer"), Sign.LETTERS)


def test_a_pair_is_proposed_once_and_by_its_strongest_sign() -> None:
    proposed = proposals(["Nets", "NETS", "Nets A/S", "Nets Danmark"])
    assert [(proposal.names, proposal.sign) for proposal in proposed] == [
        (("NETS", "Nets"), Sign.LETTERS),
        (("NETS", "Nets", "Nets A/S"), Sign.LEGAL_FORM),
        (("NETS", "Nets Danmark"), Sign.SHORT_FORM),
    ]


def test_company_numbers_say_who_is_different() -> None:
    names = ["Fjord A/S", "Fjord ApS", "FJORD"]
    numbers = {"Fjord A/S": "11111111", "Fjord ApS": "22222222"}
    assert len(proposals(names)) == 1
    assert proposals(names, numbers=numbers) == ()  # FJORD could be either
    (left,) = proposals(names, numbers={"Fjord A/S": "11111111"})
    assert len(left.names) == 3


def test_very_long_and_very_many_names_take_no_time() -> None:
    long = ["x" * 200_000, "x" * 200_000 + "y", "ord " * 50_000]
    series = ["vendor" + chr(0x4E00 + number) for number in range(3000)]
    assert proposals(long + series) == ()


WORDS = st.sampled_from(
    ["nord", "Nord", "drift", "A/S", "aps", "(ND)", "ND", "1", "II", "cloud", "fjord", "fjorde", "-"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=12), st.randoms())
def test_the_order_of_the_names_does_not_matter_and_nothing_is_proposed_twice(names: list[str], random: object) -> None:
    proposed = proposals(names)
    mixed = names.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert proposals(mixed + names) == proposed
    pairs = [(name, other) for p in proposed for name in p.names for other in p.names if name < other]
    assert all(list(p.names) == sorted(set(p.names)) and len(p.names) > 1 for p in proposed)
    assert {name for pair in pairs for name in pair} <= set(names)
