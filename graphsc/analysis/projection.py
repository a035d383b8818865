"""From the dataset to the dependency graph, which is all that the analysis works on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from graphsc import relational
from graphsc.analysis.model import DependencyGraph
from graphsc.core.cycles import reached
from graphsc.graph.dataset import Dataset, plain

if TYPE_CHECKING:
    import networkx as nx

CRITICAL = 2
"""The loss weight from which a system or function counts as critical."""


def dependency_graph(dataset: Dataset) -> nx.DiGraph[Any]:
    """The dependency graph of a derived dataset for networkx: edges lead from a thing to what it needs.

    Node attributes as `DependencyGraph.from_networkx` reads them.
    """
    return project(dataset).to_networkx()


def project(dataset: Dataset) -> DependencyGraph:
    """The dependency graph of a derived dataset, in time linear in its size.

    A thing needs all that `ontology/analysis/needs.rq` says it needs. The options of a group are needed only through the
    group: it replaces a direct need of an option, or of an agreement with an option.
    """
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    for row in relational.named_rows(dataset, "analysis/kinds"):
        thing = plain(row["thing"])
        kinds.setdefault(thing, plain(row["kind"]))
        weights[thing] = max(weights.get(thing, 0.0), float(plain(row["loss"])))
    needs: dict[str, set[str]] = defaultdict(set)
    for row in relational.named_rows(dataset, "analysis/needs"):
        thing, need = plain(row["thing"]), plain(row["need"])
        if thing in kinds and need in kinds:
            needs[thing].add(need)
    enough = _add_options(dataset, kinds, needs)
    return DependencyGraph.build(
        kinds,
        {thing: sorted(inner) for thing, inner in needs.items()},
        at_least=enough,
        weights=weights,
        critical=[
            thing for thing, weight in weights.items() if weight >= CRITICAL and kinds[thing] in {"function", "system"}
        ],
    )


def _add_options(dataset: Dataset, kinds: dict[str, str], needs: dict[str, set[str]]) -> dict[str, int]:
    """Insert the groups of options as gates; returns how many options of each must work."""
    enough: dict[str, int] = {}
    members: dict[str, set[str]] = defaultdict(set)
    holders: dict[str, set[str]] = defaultdict(set)
    for row in relational.named_rows(dataset, "analysis/options"):
        group = plain(row["group"])
        members[group].add(plain(row["option"]))
        if "enough" in row:
            enough[group] = int(plain(row["enough"]))
        if "thing" in row:
            holders[group].add(plain(row["thing"]))
    for group in members:
        kinds[group] = "gate"
    for group, options in members.items():
        needs[group] = {option for option in options if option in kinds}
        enough.setdefault(group, 1)
        for holder in holders[group] & kinds.keys():
            covered = reached(options, lambda option: members.get(option, ()))
            direct = {need for need in needs[holder] if need in covered or needs.get(need, set()) & covered}
            needs[holder] = (needs[holder] - direct) | {group}
    return enough
