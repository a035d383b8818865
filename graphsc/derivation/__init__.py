"""Derivation: the rules run over the dataset in the order of their strata, each into a graph of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox

from graphsc.core.bounded import MEMORY, OutOfMemory, TimeUp, Worker, stopped
from graphsc.core.problems import Unavailable
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDFS_SUBCLASS_OF, SHACL, G
from graphsc.derivation import rules as catalogue
from graphsc.derivation.rules import Classes, Rule, UnstratifiedError, described, levels, order, recursive
from graphsc.graph.backend import Unsupported, left_to_oxigraph
from graphsc.graph.dataset import RULES, Dataset
from graphsc.graph.loading import save

__all__ = ["Classes", "NeverEnding", "Rule", "UnstratifiedError", "classes_of", "derive", "order"]


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
    dataset.add(RULES, described(tuple(selected)))
    dataset.open_backend(rule.query for rule in selected)
    for level in levels(groups, classes):
        _level(dataset, level)
    if dataset.backend is not None:
        dataset.backend.hand_over(dataset.store)


def _level(dataset: Dataset, level: Sequence[Sequence[Rule]]) -> None:
    """Run groups of rules that do not depend on each other."""
    remaining = [group for group in level if not _by_backend(dataset, group)]
    if remaining and dataset.backend is not None:
        dataset.backend.hand_over(dataset.store)
    own = [group for group in remaining if any(rule.own for rule in group)]
    for group in remaining:
        if group not in own:
            _apply(dataset, group, _ROUNDS)
    if own:
        _within_limits(dataset, own)


def _by_backend(dataset: Dataset, group: Sequence[Rule]) -> bool:
    """Run a group of rules on the backend; False where it is left to Oxigraph, as all of the organisation's own are."""
    if dataset.backend is None or any(rule.own for rule in group):
        return False
    try:
        dataset.backend.derive({rule.graph: rule.query for rule in group}, rounds=_ROUNDS if recursive(group) else 1)
    except Unsupported as error:
        for rule in group:
            left_to_oxigraph(rule.name, error)
        return False
    return True


def _apply(dataset: Dataset, group: Sequence[Rule], rounds: int) -> None:
    """Run a group of rules on Oxigraph."""
    if recursive(group):
        _to_fixpoint(dataset, group, rounds)
    else:
        for rule in group:
            dataset.derive(ox.NamedNode(rule.graph), rule.query)


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


def _derived(dataset: Dataset, group: Sequence[Rule], rounds: int) -> dict[str, bytes]:
    """The triples that a group of rules derives, by graph."""
    _apply(dataset, group, rounds)
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
