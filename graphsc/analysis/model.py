"""The dependency graph, a directed graph of networkx: which nodes fail when others fail.

An edge leads from a node to one that it needs. A node needs all nodes that it points to; a gate needs at least k of its
members, which may be gates. In both cases a node fails when at least `threshold` of its needs have failed (1 for "needs
all", n - k + 1 for "k of n"). Basic events (organisations, owner groups, countries, data locations) can also fail by
themselves; agreements, systems, processes and functions are gates and never single points. Where nodes need each other in
a cycle, failure is the least fixpoint: nothing fails without a cause outside the cycle.

Nodes are IRIs (or any text), with these attributes:

========== ========================================================================
kind       one of ``KINDS``
at_least   how many of its needs must work; without it all of them
weight     how much its loss matters (1 unless it is critical)
critical   whether it is one of the systems and functions that losses are counted on
basic      whether it can fail by itself
========== ========================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

import networkx as nx

from graphsc.core.cycles import reached
from graphsc.graph.dataset import Dataset, plain

DependencyGraph: TypeAlias = "nx.DiGraph[str]"
Value = TypeVar("Value")

KINDS = ("function", "process", "system", "agreement", "organisation", "group", "country", "location", "gate")
BASIC = frozenset({"organisation", "group", "country", "location"})
PARTIES = frozenset({"organisation", "group"})
"""The kinds of basic event that can be replaced by another; a country cannot."""
CRITICAL = 2
"""The loss weight from which a system or function counts as critical."""


def dependency_graph(
    kinds: Mapping[str, str],
    needs: Mapping[str, Iterable[str]],
    *,
    at_least: Mapping[str, int] | None = None,
    weights: Mapping[str, float] | None = None,
    critical: Iterable[str] = (),
    basic: Iterable[str] | None = None,
) -> DependencyGraph:
    """A graph from names: the kind of each node, what it needs, and for gates how many of that must work.

    A need named twice counts once. ``basic`` names the nodes that can fail by themselves (by default those
    of the kinds in ``BASIC``). Nodes and the needs of each are in name order. KeyError for a need that is no node,
    ValueError for a kind that is not in ``KINDS``.
    """
    if unknown := sorted(set(kinds.values()) - set(KINDS)):
        raise ValueError(f"{unknown[0]!r} is no kind of node")
    enough, weight, ends = at_least or {}, weights or {}, frozenset(critical)
    events = {name for name, kind in kinds.items() if kind in BASIC} if basic is None else frozenset(basic)
    graph: DependencyGraph = nx.DiGraph()
    for name in sorted(kinds):
        given = {"at_least": enough[name]} if name in enough else {}
        graph.add_node(
            name, kind=kinds[name], weight=weight.get(name, 1.0), critical=name in ends, basic=name in events, **given
        )
    for name in graph:
        inner = sorted(set(needs.get(name, ())))
        if missing := next((need for need in inner if need not in kinds), None):
            raise KeyError(missing)
        graph.add_edges_from((name, need) for need in inner)
    return graph


def completed(graph: nx.DiGraph[Any]) -> DependencyGraph:
    """A graph of one's own with all attributes: the kind ``gate`` by default, the others as in `dependency_graph`.

    Its nodes are named by their text.
    """
    attributes = {str(node): values for node, values in graph.nodes(data=True)}
    kinds = {name: values.get("kind", "gate") for name, values in attributes.items()}
    return dependency_graph(
        kinds,
        {str(node): map(str, graph.successors(node)) for node in graph},
        at_least={name: values["at_least"] for name, values in attributes.items() if "at_least" in values},
        weights={name: values["weight"] for name, values in attributes.items() if "weight" in values},
        critical=[name for name, values in attributes.items() if values.get("critical")],
        basic=[name for name, values in attributes.items() if values.get("basic", kinds[name] in BASIC)],
    )


def project(dataset: Dataset) -> DependencyGraph:
    """The dependency graph of a derived dataset, in time linear in its size.

    A thing needs all that `ontology/analysis/needs.rq` says it needs. The options of a group are needed only through the
    group: it replaces a direct need of an option, or of an agreement with an option.
    """
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    for row in dataset.named_rows("analysis/kinds"):
        thing = plain(row["thing"])
        kinds.setdefault(thing, plain(row["kind"]))
        weights[thing] = max(weights.get(thing, 0.0), float(plain(row["loss"])))
    needs: dict[str, set[str]] = defaultdict(set)
    for row in dataset.named_rows("analysis/needs"):
        thing, need = plain(row["thing"]), plain(row["need"])
        if thing in kinds and need in kinds:
            needs[thing].add(need)
    enough = _add_options(dataset, kinds, needs)
    critical = [
        thing for thing, weight in weights.items() if weight >= CRITICAL and kinds[thing] in {"function", "system"}
    ]
    return dependency_graph(kinds, needs, at_least=enough, weights=weights, critical=critical)


def _add_options(dataset: Dataset, kinds: dict[str, str], needs: dict[str, set[str]]) -> dict[str, int]:
    """Insert the groups of options as gates; returns how many options of each must work."""
    enough: dict[str, int] = {}
    members: dict[str, set[str]] = defaultdict(set)
    holders: dict[str, set[str]] = defaultdict(set)
    for row in dataset.named_rows("analysis/options"):
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


def of_kind(graph: DependencyGraph, *kinds: str) -> list[str]:
    """The nodes of some kinds, in order."""
    return [node for node, values in graph.nodes.items() if values["kind"] in kinds]


def critical_nodes(graph: DependencyGraph) -> list[str]:
    """The systems and functions that losses are counted on, in order."""
    return [node for node, values in graph.nodes.items() if values["critical"]]


def basic_events(graph: DependencyGraph) -> list[str]:
    """The nodes that can fail by themselves, in order."""
    return [node for node, values in graph.nodes.items() if values["basic"]]


def only_parties(graph: DependencyGraph) -> DependencyGraph:
    """The same graph, in which only organisations and owner groups can be lost, not whole countries."""
    parties = graph.copy()
    for values in parties.nodes.values():
        values["basic"] = values["basic"] and values["kind"] in PARTIES
    return parties


def threshold(graph: DependencyGraph, node: str) -> int:
    """How many needs of a node must fail for it to fail; 0 where it needs nothing."""
    count = len(graph.succ[node])
    return max(1, count - graph.nodes[node].get("at_least", count) + 1) if count else 0


def thresholds(graph: DependencyGraph) -> dict[str, int]:
    """The threshold of every node."""
    return {node: threshold(graph, node) for node in graph}


def components(graph: nx.DiGraph[str]) -> list[list[str]]:
    """The strongly connected components, each after those that it leads to, the nodes of each in order: mostly single nodes."""
    whole = nx.condensation(graph)
    order = list(nx.topological_sort(whole))
    return [sorted(whole.nodes[number]["members"]) for number in reversed(order)]


def fixpoint(
    graph: DependencyGraph, initial: Value, step: Callable[[str, Mapping[str, Value]], Value]
) -> dict[str, Value]:
    """A value of each node, from needs upwards; in cycles by repetition until nothing changes.

    ``step`` computes the value of a node from those so far, all of which begin as ``initial``, and must be monotone.
    """
    values = dict.fromkeys(graph, initial)
    for component in components(graph):
        changed = True
        while changed:
            changed = False
            for node in component:
                value = step(node, values)
                if value != values[node]:
                    values[node] = value
                    changed = len(component) > 1
    return values
