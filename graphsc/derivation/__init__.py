"""Derivation: the rules run in order over the dataset, each into a graph of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from graphsc.derivation import rules as catalogue
from graphsc.derivation.rules import Rule, described
from graphsc.derivation.strata import UnstratifiedError, order, recursive
from graphsc.graph import RULES, Dataset
from graphsc.vocabulary import SHACL, G

__all__ = ["Rule", "UnstratifiedError", "derive", "order", "situations"]


def situations(dataset: Dataset) -> frozenset[str]:
    """The classes that obligations apply to and shapes target."""
    rows = dataset.select(f"SELECT DISTINCT ?class WHERE {{ ?rule <{G}appliesTo>|<{SHACL}targetClass> ?class }}")
    return frozenset(row["class"].value for row in rows if isinstance(row["class"], ox.NamedNode))


def derive(dataset: Dataset, rules: Sequence[Rule] | None = None) -> None:
    """Run the rules (the shipped ones by default) until nothing new comes, stratum by stratum."""
    chosen = catalogue.load() if rules is None else rules
    groups = order(chosen, situations(dataset))  # first, so that rules without an order leave nothing behind
    dataset.add(RULES, described(tuple(chosen)))
    for group in groups:
        sizes: list[int] | None = None
        while True:
            for rule in group:
                dataset.derive(ox.NamedNode(rule.graph), rule.query)
            if not recursive(group):
                break
            now = [dataset.size(ox.NamedNode(rule.graph)) for rule in group]
            if now == sizes:
                break
            sizes = now
