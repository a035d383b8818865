"""Concentration: the textbook's numbers, the two views, and the rules that hold for any holdings."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supply_chains import Below, concentration, concentrations

from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Share, Unit, View, herfindahl, merger

TEXTBOOK = [25, 20, 15, 10, 8, 7, 6, 5, 4]


def spend(*amounts: float) -> list[Holding]:
    return [Holding(f"s{number}", f"k{number}", amount) for number, amount in enumerate(amounts)]


def measured(holdings: list[Holding], **more: object) -> Concentration:
    measure = concentration(holdings, unit=Unit.ORGANISATION, base=Base.SPEND, **more)  # type: ignore[arg-type]
    assert measure is not None
    return measure


# ---------------------------------------------------------------- the textbook


def test_the_index_of_30_30_20_20_is_2600() -> None:
    measure = measured(spend(30, 30, 20, 20))
    assert measure.hhi == 2600
    assert measure.effective_suppliers == pytest.approx(3.846153846)
    assert (measure.cr1, measure.cr3) == (0.3, 0.8)


def test_nine_suppliers_make_1540_and_merging_the_two_smallest_1580() -> None:
    measure = measured(spend(*TEXTBOOK))
    assert measure.hhi == 1540
    assert measure.cr3 == pytest.approx(0.6)
    change = merger(measure, ["s7", "s8"])
    assert change.parties == ("s7", "s8")
    assert change.change == pytest.approx(40)  # 2 · 5 · 4
    assert change.after == pytest.approx(1580)
    assert change.share == pytest.approx(0.09)


def test_merging_the_two_largest_of_the_nine_makes_2540() -> None:
    assert merger(measured(spend(*TEXTBOOK)), ["s0", "s1"]).after == pytest.approx(2540)


def test_one_supplier_is_the_highest_index_and_n_equal_ones_are_n() -> None:
    assert measured(spend(7)).hhi == 10_000
    assert measured(spend(*[3] * 8)).effective_suppliers == 8


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1.0, 1e12, 1e200])
def test_the_unit_of_measure_does_not_matter(scale: float) -> None:
    assert herfindahl([amount * scale for amount in (30, 30, 20, 20)]) == pytest.approx(2600)


# ---------------------------------------------------------------- what counts


def test_two_suppliers_of_one_owner_group_are_two_contracts_and_one_group() -> None:
    """Worked case 14."""
    holdings = [Holding("kontrakt/a", "system/1"), Holding("kontrakt/b", "system/2")]
    supplier = {"kontrakt/a": ("org/nord-drift",), "kontrakt/b": ("org/nord-sky",)}
    group = {"kontrakt/a": ("koncern/nord",), "kontrakt/b": ("koncern/nord",)}
    by_unit = concentrations(
        holdings, base=Base.SYSTEMS, units={Unit.CONTRACT: {}, Unit.ORGANISATION: supplier, Unit.GROUP: group}
    )
    assert {unit: (len(one.shares), one.hhi) for unit, one in by_unit.items()} == {
        Unit.CONTRACT: (2, 5000.0),
        Unit.ORGANISATION: (2, 5000.0),
        Unit.GROUP: (1, 10_000.0),
    }
    assert list(by_unit[Unit.GROUP].shares) == [Share("koncern/nord", 2.0, 1.0, 2, 1.0)]


def test_the_same_fact_twice_counts_once_but_money_adds_up() -> None:
    twice = [Holding("a", "x"), Holding("a", "x"), Holding("b", "x")]
    assert concentration(twice, unit=Unit.ORGANISATION, base=Base.SYSTEMS) == concentration(
        twice[1:], unit=Unit.ORGANISATION, base=Base.SYSTEMS
    )
    assert measured(twice).of("a").amount == 2


def test_what_is_not_recorded_is_left_out_and_said() -> None:
    holdings = [Holding("a", "x", 60), Holding("b", "y", 20), Holding("c", "z", 20)]
    measure = concentration(holdings, unit=Unit.COUNTRY, base=Base.SPEND, units={"a": ("DK",), "b": ("SE",)})
    assert measure is not None
    assert [(share.node, share.share) for share in measure.shares] == [("DK", 0.75), ("SE", 0.25)]
    assert measure.covered == 0.8
    assert measure.of("DK").reach == 0.6


def test_a_holder_in_several_units_counts_in_equal_parts() -> None:
    measure = concentration(
        [Holding("fælles", "x", 10)], unit=Unit.ORGANISATION, base=Base.SPEND, units={"fælles": ("a", "b")}
    )
    assert measure is not None
    assert [(share.node, share.amount, share.items) for share in measure.shares] == [("a", 5.0, 1), ("b", 5.0, 1)]


def test_nothing_held_is_no_concentration() -> None:
    assert concentration([], unit=Unit.GROUP, base=Base.SYSTEMS) is None
    assert concentration([Holding("a", "x")], unit=Unit.COUNTRY, base=Base.SYSTEMS) is None


def test_a_merger_of_a_stranger_is_refused() -> None:
    with pytest.raises(KeyError):
        merger(measured(spend(1, 2)), ["s0", "nobody"])


# ---------------------------------------------------------------- directly and in the end


def test_a_share_moves_to_where_the_chain_ends() -> None:
    """X on A; Y on B, which is on A; Z on B and C. B only passes on."""
    holdings = [Holding("A", "X"), Holding("B", "Y"), Holding("B", "Z"), Holding("C", "Z")]
    chains: Below = {"B": ["A"]}
    direct = concentration(holdings, unit=Unit.ORGANISATION, base=Base.SYSTEMS)
    ultimate = concentration(holdings, unit=Unit.ORGANISATION, base=Base.SYSTEMS, below=chains)
    assert direct is not None
    assert ultimate is not None
    assert (direct.view, ultimate.view) == (View.DIRECT, View.ULTIMATE)
    assert [(s.node, s.amount, s.items) for s in direct.shares] == [("B", 2, 2), ("A", 1, 1), ("C", 1, 1)]
    assert direct.hhi == 3750  # 50² + 25² + 25²
    assert [(s.node, s.amount, s.items) for s in ultimate.shares] == [("A", 3, 3), ("C", 1, 1), ("B", 0, 2)]
    assert ultimate.hhi == 6250  # 75² + 25²
    assert ultimate.of("A").reach == 1.0


def test_the_chain_of_one_contract_is_not_that_of_another() -> None:
    """L uses U under contract 1 only: contract 2 ends at L."""
    holdings = [Holding("k1", "s1"), Holding("k2", "s2")]
    units = {"k1": ("L",), "k2": ("L",), "k1/u": ("U",)}
    measure = concentration(holdings, unit=Unit.ORGANISATION, base=Base.SYSTEMS, below={"k1": ["k1/u"]}, units=units)
    assert measure is not None
    assert [(s.node, s.share, s.items) for s in measure.shares] == [("L", 0.5, 2), ("U", 0.5, 1)]


def test_money_is_weighed_by_amount_when_it_is_followed() -> None:
    holdings = [Holding("k1", "k1", 90.0), Holding("k2", "k2", 10.0)]
    measure = measured(holdings, below={"k1": ["u", "w"], "k2": ["w"]})
    assert {s.node: (s.share, s.reach) for s in measure.shares} == {
        "w": (0.55, 1.0),
        "u": (0.45, 0.9),
        "k1": (0.0, 0.9),
        "k2": (0.0, 0.1),
    }


def test_suppliers_of_each_other_end_in_equal_parts() -> None:
    """Worked case 15: no endless loop."""
    measure = measured([Holding("A", "x", 6.0)], below={"A": ["B"], "B": ["A"]})
    assert [(s.node, s.amount, s.reach) for s in measure.shares] == [("A", 3.0, 1.0), ("B", 3.0, 1.0)]


# ---------------------------------------------------------------- for any holdings

HOLDINGS = st.lists(
    st.builds(Holding, st.sampled_from("abcdef"), st.sampled_from("uvwxyz"), st.integers(1, 1000).map(float)),
    min_size=1,
    max_size=20,
)
GROUPS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["G", "H"]).map(lambda one: (one,)))


@given(HOLDINGS, GROUPS)
def test_against_the_definition(holdings: list[Holding], groups: dict[str, tuple[str]]) -> None:
    sums: dict[str, float] = defaultdict(float)
    for row in holdings:
        sums[groups.get(row.holder, (row.holder,))[0]] += row.amount
    total = sum(sums.values())
    measure = concentration(holdings, unit=Unit.GROUP, base=Base.SPEND, units=groups)
    assert measure is not None
    assert {s.node: s.share for s in measure.shares} == pytest.approx({n: a / total for n, a in sums.items()})
    assert measure.hhi == pytest.approx(sum((100 * a / total) ** 2 for a in sums.values()))
    assert math.fsum(s.share for s in measure.shares) == pytest.approx(1)
    assert 1 - 1e-9 <= measure.effective_suppliers <= len(sums) + 1e-9
    assert list(measure.shares) == sorted(measure.shares, key=lambda s: (-s.share, -s.reach, s.node))


@given(HOLDINGS, st.integers(2, 4))
def test_a_merger_is_the_roll_up_to_one_group(holdings: list[Holding], count: int) -> None:
    holdings = [*holdings, Holding("a", "u", 5.0), Holding("b", "v", 7.0)]
    before = measured(holdings)
    parties = sorted(share.node for share in before.shares)[:count]
    after = measured(holdings, units=dict.fromkeys(parties, ("ny",)))
    change = merger(before, parties)
    assert change.after == pytest.approx(after.hhi)
    assert change.change >= 0


@given(HOLDINGS, st.randoms())
def test_the_order_of_the_facts_does_not_matter(holdings: list[Holding], random: object) -> None:
    mixed = holdings.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    chains: Below = {"a": ["b", "c"], "c": ["c", "d"]}
    for base in Base:
        for below in (None, chains):
            one, other = (concentration(h, unit=Unit.ORGANISATION, base=base, below=below) for h in (holdings, mixed))
            assert one == other


@given(HOLDINGS)
def test_without_chains_the_end_is_the_beginning(holdings: list[Holding]) -> None:
    near, far = measured(holdings), measured(holdings, below={})
    assert (near.shares, near.hhi) == (far.shares, far.hhi)
