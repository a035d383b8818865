"""What the measures say in words, in both languages."""

from __future__ import annotations

from scales import EU_2004, US_2023
from supply_chains import Below, concentration

from graphsc.analysis.concentration.sentences import (
    BASES,
    ITEMS,
    LEVELS,
    UNITS,
    concentration_sentence,
    merger_sentence,
    overlap_sentence,
    substitutability_sentence,
    ultimate_sentence,
)
from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Level, Substitutability, Unit, merger
from graphsc.analysis.concentration.supply import Overlap
from graphsc.analysis.wording import listing, percent
from graphsc.core.text import Language, Text

DA, EN = Language.DA, Language.EN
HOLDINGS = [Holding("AWS", "a"), Holding("AWS", "b"), Holding("Heroku", "c"), Holding("OVH", "d")]


def measured(base: Base = Base.SYSTEMS, below: Below | None = None) -> Concentration:
    result = concentration(HOLDINGS, unit=Unit.ORGANISATION, base=base, below=below)
    assert result is not None
    return result


def test_numbers_read_as_the_language_writes_them() -> None:
    assert (percent(0.609, DA), percent(0.609, EN)) == ("60,9 %", "60.9%")
    assert (percent(0.0625, DA), percent(0.1875, EN)) == ("6,3 %", "18.8%")
    assert (percent(0.0001, DA), percent(0.9999, EN)) == ("under 0,1 %", "over 99.9%")
    assert (percent(0.0, DA), percent(1.0, EN)) == ("0 %", "100%")


def test_long_lists_are_cut_and_counted() -> None:
    assert listing(["a"], DA) == "a"
    assert listing(["a", "b", "c"], DA) == "a, b og c"
    assert listing(list("abcdefg"), EN) == "a, b, c, d and 3 others"


def test_how_concentrated() -> None:
    assert concentration_sentence(measured(), Text.same, EU_2004) == Text(
        "AWS står for 50,0 % af leverancerne til systemerne. "
        "Det er så koncentreret som 2,7 lige store leverandører (HHI 3.750: høj koncentration).",
        "AWS accounts for 50.0% of the deliveries to the systems. "
        "That is as concentrated as 2.7 equal suppliers (HHI 3,750: high concentration).",
    )


def test_how_concentrated_in_the_end() -> None:
    ultimate = measured(below={"Heroku": ["AWS"]})
    assert concentration_sentence(ultimate, Text.same, EU_2004).da.startswith(
        "Følges kæden, så langt den er registreret, står AWS for 75,0 %"
    )
    assert ultimate_sentence(measured(), ultimate, "AWS", Text.same) == Text(
        "AWS har direkte 50,0 % af leverancerne til systemerne, og 75,0 %, når kæden følges til ende. "
        "I et eller andet led hviler 3 af 4 systemer på AWS.",
        "AWS has 50.0% of the deliveries to the systems directly, and 75.0% when the chain is followed to its end. "
        "At some tier 3 of 4 systems rest on AWS.",
    )
    money = measured(Base.SPEND), measured(Base.SPEND, {"Heroku": ["AWS"]})
    assert ultimate_sentence(*money, "AWS", Text.same).da.endswith("I et eller andet led går 75,0 % af dem gennem AWS.")


def test_one_single_supplier_is_singular() -> None:
    one = concentration([Holding("A", "x")], unit=Unit.GROUP, base=Base.CONTRACTS)
    assert one is not None
    assert concentration_sentence(one, Text.same, EU_2004) == Text(
        "A står for 100 % af kontrakterne. Der er kun denne ene koncern (HHI 10.000: høj koncentration).",
        "A accounts for 100% of the contracts. There is only this one owner group (HHI 10,000: high concentration).",
    )


def test_a_merger() -> None:
    assert merger_sentence(merger(measured(), ["Heroku", "OVH"]), Text.same, EU_2004) == Text(
        "Hvis Heroku og OVH bliver til én, står den for 50,0 %, og HHI går fra 3.750 til 5.000 (+1.250). "
        "Det bør undersøges nærmere.",
        "If Heroku and OVH become one, it accounts for 50.0%, and the HHI goes from 3,750 to 5,000 (+1,250). "
        "That deserves a closer look.",
    )
    nine = [Holding(f"s{n}", f"k{n}", a) for n, a in enumerate([25, 20, 15, 10, 8, 7, 6, 5, 4])]
    textbook = concentration(nine, unit=Unit.ORGANISATION, base=Base.SPEND)
    assert textbook is not None
    small = merger_sentence(merger(textbook, ["s7", "s8"]), Text.same, US_2023)
    assert small.en.endswith("from 1,540 to 1,580 (+40). That is below the limit for a closer look.")


def test_who_stands_behind() -> None:
    overlap = Overlap("Kabel", ("A", "B"), (("A", "Kabel"), ("B", "Kabel")), direct=True)
    assert overlap_sentence(overlap, Text.same) == Text(
        "Kabel står bag 2 forskellige leverandører (A og B) og leverer selv direkte. Svigter Kabel, rammer det dem alle.",
        "Kabel stands behind 2 different suppliers (A and B) and delivers directly as well. "
        "If Kabel fails, all of them are hit.",
    )


def test_what_cannot_be_replaced() -> None:
    some = Substitutability({"a": 0, "b": 0, "c": 2}, ("a", "b"), 2 / 3)
    assert substitutability_sentence(some, Base.CRITICAL_SYSTEMS) == Text(
        "2 af 3 kritiske systemer har ingen anden leverandør at falde tilbage på.",
        "2 of 3 critical systems have no other supplier to fall back on.",
    )


def test_there_is_a_word_for_everything() -> None:
    assert set(UNITS) == set(Unit)
    assert set(BASES) == set(ITEMS) == set(Base)
    assert set(LEVELS) == set(Level)
