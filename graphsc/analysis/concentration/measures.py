"""Concentration: who holds how much, and how few that is.

A *holding* says that a party (or the contract with it) holds an amount of an item: a share of the spend, a
contract, a system. The measures are those of competition economics: shares, the Herfindahl–Hirschman index
(the sum of squared percentages, 0–10,000), the effective number of suppliers (10,000 / HHI: how many equal ones
would be as concentrated), the share of the one and of the three largest, and the change of the index when
parties merge (2ab; Herfindahl 1950, Hirschman 1964; the effective number after Adelman 1969).

Two views. *Direct* stops at the first tier. *Ultimate* follows the chain, and "ultimate" has two common readings:

- *Where it ends.* Each holding is handed down the chain, in equal parts where a party has several suppliers, until
  it reaches those who have none. The total stays the same, so the shares still add up to one and an index may be
  taken of them. Who only passes work on ends with nothing.
- *Whom it reaches.* The part of the items that meet a party at any tier. This is what falls with that party, but
  the parts add up to more than one, so no index may be taken of them.

``Share.share`` in the ultimate view is the first, ``Share.reach`` the second: shares and the index answer "in whose
hands does it lie in the end", reach answers "how much would be hit". Both stand side by side for each party.

Amounts are additive, so a merger changes the index by exactly 2ab, and rolling up to owner groups before or after
summing gives the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from graphsc.analysis.concentration.chains import Chains
from graphsc.analysis.concentration.flows import Ints
from graphsc.analysis.concentration.shares import Base, Concentration, Share, Shares, Unit, View, herfindahl
from graphsc.analysis.concentration.tally import Kind, Rows, tally

__all__ = [
    "Base",
    "Concentration",
    "Holding",
    "Merger",
    "Share",
    "Shares",
    "Unit",
    "Units",
    "View",
    "by_segment",
    "concentration",
    "concentrations",
    "herfindahl",
    "merger",
    "owner_groups",
    "self_supplied",
    "sole_sourced",
]

Units = Mapping[str, Collection[str]]
"""For each holder the units it counts in; where there are several it counts in equal parts."""


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """That a holder holds an amount (not negative) of an item."""

    holder: str
    item: str
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class Merger:
    """What the index becomes when some units become one; ``change`` is 2ab summed over their pairs."""

    parties: tuple[str, ...]
    share: float
    before: float
    after: float
    change: float


def concentration(
    holdings: Iterable[Holding],
    *,
    unit: Unit,
    base: Base,
    chains: Chains | None = None,
    units: Units | None = None,
) -> Concentration | None:
    """How a base lies in the hands of one kind of unit; as `concentrations`, which see. None when none holds any."""
    return concentrations(holdings, base=base, units={unit: units or {}}, chains=chains).get(unit)


def concentrations(
    holdings: Iterable[Holding],
    *,
    base: Base,
    units: Mapping[Unit, Units],
    chains: Chains | None = None,
) -> dict[Unit, Concentration]:
    """How a base lies in the hands of several kinds of unit: directly, or in the end when the chains are given.

    ``units`` leads, for each kind, from the holders, and from what lies below them, to the units to count in, such
    as from an organisation to its owner group: the roll-up comes before the shares. What is not named counts as a
    unit of its own where the kind allows (`Unit.alone`) and is else left out. A kind of which no unit holds
    anything is not in the answer. ValueError for an amount that is negative or no number.
    """
    rows = list(holdings)
    wrong = next((row for row in rows if not (math.isfinite(row.amount) and row.amount >= 0)), None)
    if wrong is not None:
        raise ValueError(f"an amount must be a number and not negative: {wrong!r}")
    rows = [row for row in rows if row.amount > 0]
    items = {item: number for number, item in enumerate(sorted({row.item for row in rows}))}
    below = (chains or Chains.build({})).with_nodes(row.holder for row in rows)
    holder: Ints = np.array([below.index[row.holder] for row in rows], dtype=np.int64)
    item: Ints = np.array([items[row.item] for row in rows], dtype=np.int64)
    numbered = Rows.of(base, holder, item, np.array([row.amount for row in rows], dtype=np.float64))
    kinds = [Kind.of(unit, below.names, units[unit]) for unit in Unit if unit in units]
    view = View.DIRECT if chains is None else View.ULTIMATE
    return {entry.unit: entry for entry in tally(below.flow, [numbered], len(items), kinds, view)}


def merger(result: Concentration, parties: Collection[str]) -> Merger:
    """What the index becomes when these units become one. KeyError for one that has no share here."""
    names = tuple(sorted(set(parties)))
    known = {share.node: share.share for share in result.shares}
    shares = [known[name] for name in names]
    change = 10_000 * (math.fsum(shares) ** 2 - math.fsum(share * share for share in shares))
    return Merger(names, math.fsum(shares), result.hhi, min(10_000.0, result.hhi + change), change)


def owner_groups(owners: Mapping[str, str], state_bodies: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The unit of each organisation when owner groups count as one: the top of its chain of owners.

    ``owners`` leads from an organisation to its group or owner. State bodies are not one group, though they have
    one owner: from a state body, or into one, nothing is rolled up. Owners in a circle count as the first of
    them in name order.
    """
    apart = frozenset(state_bodies)
    result: dict[str, str] = {}
    for start in sorted(owners):
        path: list[str] = []
        node = start
        while node not in result and node not in path:
            path.append(node)
            above = owners.get(node)
            if above is None or node in apart or above in apart:
                break
            node = above
        top = result[node] if node in result else min(path[path.index(node) :])
        for passed in path:
            result[passed] = top
    return {name: (top,) for name, top in result.items() if name in owners}


def by_segment(holdings: Iterable[Holding], segments: Units) -> dict[str, list[Holding]]:
    """The holdings of each segment, such as a service category or a customer, by their items.

    An index says most within one market: pass each part to `concentration` for itself. What has no segment is
    left out; what is in several is in each of them.
    """
    parts: dict[str, list[Holding]] = defaultdict(list)
    for row in sorted(holdings):
        for segment in sorted(set(segments.get(row.item, ()))):
            parts[segment].append(row)
    return dict(sorted(parts.items()))


def self_supplied(holdings: Iterable[Holding], units: Units | None = None) -> tuple[Holding, ...]:
    """The holdings in which a party supplies itself, so that the item and its holder are the same unit.

    Own production is no purchase: it is counted in the shares, and shown, since without it a supplier may look
    larger or smaller than it is on the market.
    """
    known = units or {}

    def own(row: Holding) -> bool:
        return bool(set(known.get(row.item) or (row.item,)) & set(known.get(row.holder) or (row.holder,)))

    return tuple(sorted({row for row in holdings if own(row)}))


def sole_sourced(holdings: Iterable[Holding], units: Units | None = None) -> tuple[str, ...]:
    """The items that only one unit holds any of."""
    known = units or {}
    holders: dict[str, set[str]] = defaultdict(set)
    for row in holdings:
        if row.amount > 0:
            holders[row.item].update(known.get(row.holder) or (row.holder,))
    return tuple(sorted(item for item, found in holders.items() if len(found) == 1))
