"""From holdings, by number, to concentrations: every base in every kind of unit in one sweep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from graphsc.analysis.concentration.flows import Flow
from graphsc.analysis.concentration.shares import Base, Concentration, Shares, Unit, View
from graphsc.analysis.kernels import Floats, Grouping, Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """The holdings of a base, by number; items are numbered across bases. One row per holder and item."""

    base: Base
    holder: Ints
    item: Ints
    amount: Floats

    @classmethod
    def of(cls, base: Base, holder: Ints, item: Ints, amount: Floats) -> Rows:
        """From rows in any order: those of the same holder and item are added up or counted once, depending on the base."""
        order = np.lexsort((amount, item, holder))
        holder, item, amount = holder[order], item[order], amount[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (holder[1:] != holder[:-1]) | (item[1:] != item[:-1])
        starts = np.flatnonzero(fresh)
        if len(starts):
            amount = np.add.reduceat(amount, starts) if base.adds_up else np.maximum.reduceat(amount, starts)
        return cls(base, holder[starts], item[starts], amount)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of unit: the sorted names of its units, and the units of each node."""

    unit: Unit
    names: Sequence[str]
    groups: Grouping

    @classmethod
    def of(cls, unit: Unit, nodes: Sequence[str], units: Mapping[str, Iterable[str]]) -> Kind:
        """From the units of each node; a node without any is a unit by itself where the kind allows that."""
        units_of = [tuple(units.get(node) or ((node,) if unit.alone else ())) for node in nodes]
        names = sorted(set(chain.from_iterable(units_of)))
        index = {name: number for number, name in enumerate(names)}
        pairs = [(node, index[name]) for node, unit_names in enumerate(units_of) for name in unit_names]
        ints: Ints = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(unit, names, Grouping.of(ints[:, 0], ints[:, 1], len(nodes), len(names)))


def tally(flow: Flow, rows: Sequence[Rows], items: int, kinds: Sequence[Kind], view: View) -> list[Concentration]:
    """The concentration of each base in each kind of unit, where any unit of it holds something.

    An item that is in several bases must have the same holders in each.
    """
    rows = [row for row in rows if len(row.holder)]
    if not rows or not kinds:
        return []
    held: Floats = np.zeros((flow.count, len(rows)))
    # A column of items for each base, and of amounts for each that adds up.
    summed = {
        column: len(rows) + place for place, column in enumerate(n for n, row in enumerate(rows) if row.base.adds_up)
    }
    weights: Floats = np.zeros((items, len(rows) + len(summed)))
    for column, row in enumerate(rows):
        held[:, column] = np.bincount(row.holder, row.amount, minlength=flow.count)
        weights[row.item, column] = 1.0
        if column in summed:
            weights[:, summed[column]] = np.bincount(row.item, row.amount, minlength=items)
    ends = held if view is View.DIRECT else flow.ends(held)
    below = flow if view is View.ULTIMATE else Flow(flow.count, np.zeros(0, np.int64), np.zeros(0, np.int64))
    keys, nodes = (np.concatenate([getattr(row, name) for row in rows]) for name in ("item", "holder"))
    met = below.group_weights(keys, nodes, weights, [kind.groups for kind in kinds], [None] * len(kinds))
    whole = [weights[:, column].sum() for column in range(weights.shape[1])]
    ended = [float(ends[:, column].sum()) for column in range(len(rows))]
    concentrations: list[Concentration] = []
    for kind, sums in zip(kinds, met, strict=True):
        amounts = kind.groups.inverted().sums(ends / np.maximum(kind.groups.counts(), 1)[:, None])
        for column, row in enumerate(rows):
            part = summed.get(column, column)
            present: Ints = np.flatnonzero((amounts[:, column] > 0) | (sums[:, column] > 0))
            count = sums[present, column]
            reach = np.where(count == whole[column], 1.0, np.minimum(1.0, sums[present, part] / whole[part]))
            shares = Shares(kind.names, present, amounts[present, column], count.astype(np.int64), reach)
            if shares.total > 0:
                concentrations.append(
                    Concentration(
                        unit=kind.unit,
                        base=row.base,
                        view=view,
                        total=shares.total,
                        items=int(whole[column]),
                        covered=min(1.0, shares.total / ended[column]),
                        hhi=shares.hhi(),
                        shares=shares,
                    )
                )
    return concentrations
