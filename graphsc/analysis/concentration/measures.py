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
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graphsc.analysis.concentration.shares import Concentration

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


def merger(result: Concentration, parties: Collection[str]) -> Merger:
    """What the index becomes when these units become one. KeyError for one that has no share here."""
    names = tuple(sorted(set(parties)))
    known = {share.node: share.share for share in result.shares}
    shares = [known[name] for name in names]
    change = 10_000 * (math.fsum(shares) ** 2 - math.fsum(share * share for share in shares))
    return Merger(names, math.fsum(shares), result.hhi, min(10_000.0, result.hhi + change), change)
