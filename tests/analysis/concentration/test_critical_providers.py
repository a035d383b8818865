"""The indicators of Delegated Regulation (EU) 2024/1502, where the graph can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from graphsc.analysis.concentration.critical_providers import EVERYONE, Indicator, Use, critical_provider_indicators

CUSTOMERS = {f"bank{number}": "bank" for number in range(1, 6)} | {"pension": "pension", "uden": EVERYONE}
USES = [
    Use("bank1", "betalinger", "sky"),
    Use("bank1", "netbank", "sky"),
    Use("bank2", "betalinger-2", "sky"),
    Use("bank2", "intranet", "sky", critical=False),
    Use("bank3", "netbank-3", "drift"),
    Use("pension", "intranet-p", "sky", critical=False),
    Use("fremmed", "x", "sky"),
]


def all_of(
    uses: list[Use] = USES,
    customers: dict[str, str] = CUSTOMERS,
    without: Collection[str] = (),
    below: Mapping[str, list[str]] = {},
) -> tuple[Indicator, ...]:
    return critical_provider_indicators(
        "sky", uses, customers=customers, without_alternative=without, subcontractors=below
    )


def indicators(**more: Any) -> dict[str, Indicator]:
    return {indicator.code: indicator for indicator in all_of(**more)}


def shares(one: Indicator) -> dict[str, tuple[float, float]]:
    return {value.category: (value.part, value.whole) for value in one.values}


def test_they_come_in_the_order_of_the_regulation() -> None:
    assert [(indicator.code, indicator.step, indicator.article.en) for indicator in all_of()] == [
        ("1.1", 1, "Article 2(1)(a)"),
        ("1.2", 1, "Article 2(1)(b)"),
        ("1.3", 2, "Article 2(5)(a)"),
        ("1.4", 2, "Article 2(5)(b)"),
        ("2.1", 1, "Article 3(1)(a)"),
        ("2.2", 1, "Article 3(1)(b)"),
        ("2.3", 2, "Article 3(4)"),
        ("3.1", 2, "Article 4(1)"),
        ("4.1", 1, "Article 5(1)(a)"),
        ("4.2", 1, "Article 5(1)(b)"),
        ("4, step 2", 2, "Article 5(5)"),
    ]


def test_only_what_is_critical_counts_as_reliance_and_only_customers_on_record() -> None:
    one = indicators()["1.1"]
    assert shares(one) == {"": (0, 1), "bank": (2, 5), "pension": (0, 1)}
    assert one.values[1].facts == ("bank1", "bank2")


def test_the_limit_is_ten_per_cent() -> None:
    assert indicators()["1.1"].limit == 0.1


def test_what_an_interruption_hits() -> None:
    one = indicators()["1.3"]
    assert shares(one)["bank"] == (2, 5)
    assert one.values[1].facts == ("betalinger", "betalinger-2", "netbank")
    assert one.limit is None


def test_subcontractors_that_stand_behind_other_providers_too() -> None:
    one = indicators(below={"sky": ["rack", "kabel", "sky"], "drift": ["rack"]})["1.4"]
    assert shares(one) == {EVERYONE: (1, 2)}
    assert one.values[0].facts == ("rack",)


def test_the_part_that_is_critical() -> None:
    assert shares(indicators()["3.1"]) == {"": (0, 0), "bank": (3, 4), "pension": (0, 1)}


def test_customers_without_an_alternative() -> None:
    assert shares(indicators(without={"netbank", "netbank-3"})["4.1"])["bank"] == (1, 5)


def test_what_cannot_be_computed_says_why() -> None:
    for code in ("1.2", "2.1", "2.2", "2.3", "4.2", "4, step 2"):
        one = indicators()[code]
        assert one.values == ()
        assert one.not_computed is not None
        assert one.not_computed.da.endswith(".")
        assert one.not_computed.da != one.not_computed.en
