"""From the dataset to purchases: spend, service categories and frameworks of the running agreements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from graphsc.graph.dataset import Dataset, is_true, plain


@dataclass(frozen=True, slots=True)
class Purchases:
    """Spend (in kroner a year), service categories and frameworks of the running agreements, and their parties.

    ``parts`` are pairs of a unit and its
    legal unit: that is not supply. Of several categories or frameworks each gets an equal part; state bodies are not rolled up
    to an owner group.
    """

    spend: dict[str, float] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    frameworks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[tuple[str, str], ...] = ()
    state_bodies: frozenset[str] = frozenset()


def purchases(dataset: Dataset) -> Purchases:
    """The purchases of a derived dataset. Of several yearly spends of one agreement the greatest counts."""
    spend: dict[str, float] = {}
    result: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in ("category", "framework")}
    for row in dataset.named_rows("analysis/purchases"):
        agreement = plain(row["agreement"])
        if "spend" in row and (amount := float(plain(row["spend"]))) >= 0:
            spend[agreement] = max(amount, spend.get(agreement, 0.0))
        for name, values in result.items():
            if name in row:
                values[agreement].add(plain(row[name]))
    parts: set[tuple[str, str]] = set()
    state: set[str] = set()
    for row in dataset.named_rows("analysis/parties"):
        party = plain(row["party"])
        if "legal" in row:
            parts.add((party, plain(row["legal"])))
        if is_true(row["state"]):
            state.add(party)

    def by_agreement(name: str) -> dict[str, tuple[str, ...]]:
        return {agreement: tuple(sorted(values)) for agreement, values in sorted(result[name].items())}

    return Purchases(
        spend=spend,
        categories=by_agreement("category"),
        frameworks=by_agreement("framework"),
        parts=tuple(sorted(parts)),
        state_bodies=frozenset(state),
    )
