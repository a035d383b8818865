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
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import overload

import numpy as np

from graphsc.analysis.kernels import Floats, Ints


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


class Shares(Sequence[Share]):
    """The shares of all units, largest first; each object is made on access, since there may be very many."""

    def __init__(self, names: Sequence[str], nodes: Ints, amounts: Floats, items: Ints, reach: Floats) -> None:
        """From arrays on the units that hold or meet anything; ``nodes`` are indices in the sorted ``names``."""
        self._names, self._nodes, self._amounts, self._items, self._reach = names, nodes, amounts, items, reach
        self.total = float(amounts.sum())
        part: Floats = amounts / self.total if self.total > 0 else np.zeros(len(amounts))
        self._part = part

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[Share]:
        return (self._share(place) for place in self._order.tolist())

    @overload
    def __getitem__(self, place: int) -> Share: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Share, ...]: ...
    def __getitem__(self, place: int | slice) -> Share | tuple[Share, ...]:
        if isinstance(place, slice):
            return tuple(self._share(int(item)) for item in self._order[place])
        return self._share(int(self._order[place]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shares) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash((len(self), self.total))

    def __repr__(self) -> str:
        return f"Shares({list(self[:3])!r}{', …' if len(self) > 3 else ''})"

    def of(self, node: str) -> Share:
        """One unit's share; all of it zero for a unit that holds and meets nothing."""
        place = bisect_left(self._nodes, bisect_left(self._names, node))
        if place < len(self) and self._names[self._nodes[place]] == node:
            return self._share(place)
        return Share(node, 0.0, 0.0, 0, 0.0)

    def hhi(self) -> float:
        """The Herfindahl–Hirschman index of the amounts."""
        return herfindahl(self._amounts)

    def largest(self, count: int) -> float:
        """The part that the ``count`` largest have together (0–1)."""
        top = np.partition(self._part, -count)[-count:] if 0 < count < len(self) else self._part
        return min(1.0, math.fsum(top.tolist())) if count > 0 else 0.0

    @cached_property
    def _order(self) -> Ints:
        order: Ints = np.lexsort((self._nodes, -self._reach, -self._part))
        return order

    def _share(self, place: int) -> Share:
        return Share(
            self._names[int(self._nodes[place])],
            float(self._amounts[place]),
            float(self._part[place]),
            int(self._items[place]),
            float(self._reach[place]),
        )


@dataclass(frozen=True, slots=True)
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
    shares: Shares

    @property
    def effective_suppliers(self) -> float:
        """How many equally large units would be as concentrated: 10,000 / HHI."""
        return 10_000 / self.hhi

    @property
    def cr1(self) -> float:
        """The share of the largest unit (0–1)."""
        return self.shares.largest(1)

    @property
    def cr3(self) -> float:
        """The share of the three largest units together (0–1)."""
        return self.shares.largest(3)

    def of(self, node: str) -> Share:
        """One unit's share; all of it zero for a unit that holds and meets nothing."""
        return self.shares.of(node)


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
    values = np.asarray(amounts if isinstance(amounts, np.ndarray) else list(amounts), dtype=np.float64)
    if not len(values) or values.max() <= 0:
        return 0.0
    # Scaled by a power of two, which loses no digit: squares of huge or tiny amounts would overflow or vanish.
    scaled = np.ldexp(values, -math.frexp(float(values.max()))[1])
    return float(10_000 * (scaled * scaled).sum() / scaled.sum() ** 2)
