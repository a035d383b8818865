"""Concentration: which units hold how much, as shares and indices.

A *holding* says that a party (or the contract with it) holds an amount of an item: a share of the spend, a
contract, a system. The measures are those of competition economics: shares, the Herfindahl–Hirschman index
(the sum of squared percentages, 0–10,000), the effective number of suppliers (10,000 / HHI: how many equal ones
would be as concentrated), the shares of the largest and of the three largest, and the change of the index when
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
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Unit(StrEnum):
    """The kinds of unit that have shares."""

    CONTRACT = "contract"
    CATEGORY = "category"
    SYSTEM = "system"
    FUNCTION = "function"
    ORGANISATION = "organisation"
    GROUP = "group"
    COUNTRY = "country"
    FRAMEWORK = "framework"

    @property
    def alone(self) -> bool:
        """Whether a holder without a unit is a unit by itself, as a company without an owner group is."""
        return self in (Unit.CONTRACT, Unit.ORGANISATION, Unit.GROUP)


class Base(StrEnum):
    """What is shared: money, or things, of which each counts one per holder."""

    SPEND = "spend"
    CONTRACTS = "contracts"
    SYSTEMS = "systems"
    CRITICAL_SYSTEMS = "critical-systems"
    SOCIETY_CRITICAL_FUNCTIONS = "society-critical-functions"
    ORGANISATIONS = "organisations"

    @property
    def adds_up(self) -> bool:
        """Whether two rows of the same holder and item are two amounts, not the same fact twice."""
        return self is Base.SPEND


class View(StrEnum):
    """How far down the chain."""

    DIRECT = "direct"
    ULTIMATE = "ultimate"


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """That a holder holds an amount (not negative) of an item."""

    holder: str
    item: str
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's share."""

    node: str  #: The holder.
    amount: float  #: The amount.
    share: float  #: Its part of the amounts, from 0 to 1.
    items: int  #: How many things meet it at any tier of the view.
    reach: float  #: Their part of all, from 0 to 1, weighted by amount where the base is money.


@dataclass(frozen=True)
class Concentration:
    """The concentration of a base in the units of a kind.

    ``shares`` come largest first; a unit that only passes work on has a share of 0. ``items`` is the number of different
    items; ``covered`` is the part of all amounts (0–1) whose unit is recorded: the shares leave out the others.
    """

    unit: Unit
    base: Base
    view: View
    total: float
    items: int
    covered: float
    hhi: float
    shares: tuple[Share, ...]

    @property
    def effective_suppliers(self) -> float:
        """How many equally large units would be as concentrated: 10,000 / HHI."""
        return 10_000 / self.hhi

    @property
    def cr1(self) -> float:
        """The share of the largest unit (0–1)."""
        return self._largest(1)

    @property
    def cr3(self) -> float:
        """The share of the three largest units together (0–1)."""
        return self._largest(3)

    def of(self, node: str) -> Share:
        """One unit's share; all of it zero for a unit that holds and meets nothing."""
        return self._by_node.get(node) or Share(node, 0.0, 0.0, 0, 0.0)

    def _largest(self, count: int) -> float:
        return min(1.0, math.fsum(share.share for share in self.shares[:count]))

    @cached_property
    def _by_node(self) -> dict[str, Share]:
        return {share.node: share for share in self.shares}


@dataclass(frozen=True, slots=True)
class Merger:
    """The index before and after some units merge; ``change`` is 2ab summed over their pairs."""

    parties: tuple[str, ...]
    share: float
    before: float
    after: float
    change: float


def merger(result: Concentration, parties: Collection[str]) -> Merger:
    """The index after a merger of these units. KeyError for a unit without a share."""
    names = tuple(sorted(set(parties)))
    by_node = {share.node: share.share for share in result.shares}
    shares = [by_node[name] for name in names]
    change = 10_000 * (math.fsum(shares) ** 2 - math.fsum(share * share for share in shares))
    return Merger(names, math.fsum(shares), result.hhi, min(10_000.0, result.hhi + change), change)


def herfindahl(amounts: Iterable[float]) -> float:
    """The Herfindahl–Hirschman index of amounts in any unit of measure, 0–10,000; 0 when there are none."""
    values = list(amounts)
    largest = max(values, default=0.0)
    if largest <= 0:
        return 0.0
    # Scaled by a power of two, which loses no digit: squares of huge or tiny amounts would overflow or vanish.
    exponent = -math.frexp(largest)[1]
    scaled = [math.ldexp(value, exponent) for value in values]
    return 10_000 * math.fsum(value * value for value in scaled) / math.fsum(scaled) ** 2
