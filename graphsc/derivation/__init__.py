"""Derivation: the rules run over the dataset in the order of their strata, each into a graph of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphsc import relational
from graphsc.core.bounded import MEMORY, OutOfMemory, TimeUp, Worker, stopped
from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDFS_SUBCLASS_OF, SHACL, G
from graphsc.derivation import rules as catalogue
from graphsc.derivation.rules import Rule, described
from graphsc.derivation.strata import Classes, UnstratifiedError, levels, order, recursive
from graphsc.graph.dataset import RULES, Dataset
from graphsc.graph.saved import is_bounded, save
from graphsc.sparql.stepwise import stepwise

if TYPE_CHECKING:
    from graphsc.relational.execution import Relational

__all__ = ["Classes", "NeverEnding", "Rule", "UnstratifiedError", "classes_of", "derive", "derive_on_oxigraph", "order"]


_SITUATIONS = f"SELECT DISTINCT ?class WHERE {{ ?rule <{G}appliesTo>|<{SHACL}targetClass> ?class }}"
_SUPERCLASSES = f"""
SELECT DISTINCT ?class WHERE {{
  ?narrower <{RDFS_SUBCLASS_OF}>+ ?class . FILTER NOT EXISTS {{ ?narrower <{G}derived> true }}
}}"""


class NeverEnding(Unavailable):
    """Rules of the organisation's own take more than they may; or rules that feed each other, one of which is."""

    def __init__(self, rules: Sequence[Rule], why: Text) -> None:
        names = ", ".join(rule.name for rule in rules)
        super().__init__(Text(f"reglen {names}: {why.da}.", f"the rule {names}: {why.en}."))
        self.rules, self.why = rules, why

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.rules, self.why)


_ROUNDS = 500
"""The most rounds of recursive rules; each takes a chain one link further."""


def classes_of(dataset: Dataset) -> Classes:
    """The classes that obligations apply to and shapes target, and the superclasses of classes that are not derived."""
    result = [dataset.select(query) for query in (_SITUATIONS, _SUPERCLASSES)]
    return Classes(
        *(frozenset(r["class"].value for r in rows if isinstance(r["class"], ox.NamedNode)) for rows in result)
    )


def derive(dataset: Dataset, rules: Sequence[Rule] | None = None) -> None:
    """Run the rules (by default the shipped ones), stratum by stratum, to the fixpoint.

    Raises UnstratifiedError, and Unavailable where the rules never reach a fixpoint.
    """
    selected = catalogue.load() if rules is None else rules
    classes = classes_of(dataset)
    groups = order(selected, classes)  # first, so that rules without an order add nothing to the dataset
    dataset.add(RULES, described(tuple(selected)), update_tables=True)
    large = dataset.is_large()
    relational.choose(dataset)
    tables = relational.of(dataset, [rule.query for rule in selected])
    if tables is not None:
        dataset.deferred = tables
    try:
        for level in levels(groups, classes):
            _level(dataset, tables, level, large=large)
    except (relational.Unsupported, relational.Unfetched) as error:
        derive_on_oxigraph(dataset, selected, error)
    else:
        dataset.relational = tables


def derive_on_oxigraph(dataset: Dataset, rules: Sequence[Rule], reason: Exception) -> None:
    """Run the rules again on Oxigraph, which has all facts but those that a database failed with."""
    relational.give_up(dataset, reason)
    dataset.forget_derived()
    derive(dataset, rules)


def _level(dataset: Dataset, tables: Relational | None, level: Sequence[Sequence[Rule]], *, large: bool) -> None:
    """Run groups of rules that do not depend on each other. Raises Unsupported where the tables fail altogether."""
    remaining = [group for group in level if tables is None or not _on_tables(dataset, tables, group)]
    if large:
        remaining = [[replace(rule, query=stepwise(rule.query)) for rule in group] for group in remaining]
    shipped = [group for group in remaining if not _is_own(dataset, group)]
    _apply(dataset, [group[0] for group in shipped if not recursive(group)], together=large)
    for group in shipped:
        if recursive(group):
            _to_fixpoint(dataset, group, _ROUNDS)
    if own := [group for group in remaining if group not in shipped]:
        _within_limits(dataset, own)
    if tables is not None and remaining:
        derived = (dataset.graph_as_text(ox.NamedNode(rule.graph)) for group in remaining for rule in group)
        tables.change(b"".join(derived))


def _on_tables(dataset: Dataset, tables: Relational, group: Sequence[Rule]) -> bool:
    """Run a group of rules as SQL; False where it is left to Oxigraph."""
    if _is_own(dataset, group):
        return False
    try:
        tables.derive({rule.graph: rule.query for rule in group}, rounds=_ROUNDS if recursive(group) else 1)
    except relational.Unsupported as error:
        for rule in group:
            relational.leave_to_oxigraph(dataset, rule.name, error)
        return False
    return True


def _apply(dataset: Dataset, rules: Sequence[Rule], *, together: bool) -> None:
    """Run rules that do not depend on each other; ``together`` in threads, which pays for a large store."""
    if not together or len(rules) == 1:
        for rule in rules:
            dataset.derive(ox.NamedNode(rule.graph), rule.query)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        result = pool.map(lambda rule: dataset.constructed(rule.query), rules)
        for rule, triples in zip(rules, result, strict=True):
            dataset.load_triples(ox.NamedNode(rule.graph), triples)


def _within_limits(dataset: Dataset, groups: Sequence[Sequence[Rule]]) -> None:
    """Run groups with rules of the organisation's own, any of which may never end. Raises NeverEnding."""
    with (
        TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True) as folder,
        Worker(save(dataset, Path(folder)).restored, MEMORY) as worker,
    ):
        for group in groups:
            try:
                derived = worker(dataset.own.seconds, _derived, group, _ROUNDS)
            except (TimeUp, OutOfMemory) as error:
                raise NeverEnding([rule for rule in group if rule.own], stopped(error, dataset.own.seconds)) from None
            for graph, triples in derived.items():
                dataset.load_triples(ox.NamedNode(graph), triples)


def _is_own(dataset: Dataset, group: Sequence[Rule]) -> bool:
    """Whether a group of rules is run within limits: those of the organisation's own are, but for data that Spark alone has."""
    return is_bounded(dataset) and any(rule.own for rule in group)


def _derived(dataset: Dataset, group: Sequence[Rule], rounds: int) -> dict[str, bytes]:
    """The triples that a group of rules derives, by graph."""
    if recursive(group):
        _to_fixpoint(dataset, group, rounds)
    else:
        _apply(dataset, group, together=False)
    return {rule.graph: dataset.graph_as_text(ox.NamedNode(rule.graph)) for rule in group}


def _to_fixpoint(dataset: Dataset, group: Sequence[Rule], rounds: int) -> None:
    """Run rules until they derive nothing new. Raises Unavailable where they never do, as when each new node makes another."""
    sizes: list[int] | None = None
    for _ in range(rounds):
        for rule in group:
            dataset.derive(ox.NamedNode(rule.graph), rule.query)
        now = [dataset.size(ox.NamedNode(rule.graph)) for rule in group]
        if now == sizes:
            return
        sizes = now
    names = ", ".join(rule.name for rule in group)
    raise Unavailable(
        Text(
            f"udledningsreglerne bliver ikke færdige: Efter {rounds} omgange gav de stadig noget nyt ({names}).",
            f"the derivation rules do not end: after {rounds} rounds they still gave something new ({names}).",
        )
    )
