"""The whole risk of generated graphs, beside the same measures in plain networkx, in one run.

Run ``python benchmarks/risk.py [--alone] [EDGES …]`` (default 100000 1000000). Each size is measured in a process of its own
and printed as a row of a Markdown table, then what each measure takes by itself; with ``--alone`` only the product is. The plain version is what one would write with networkx and no kernels: a cascade for
each loss, the descendants of each system and of each supplier, chain strengths in topological order. Where it would take too
long it is measured on every so many losses, systems and suppliers and multiplied, and the row says so. The search for the best
alternative, which has no plain counterpart that ends, is in our time and not in the plain one.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import networkx as nx
from networks import network

from graphsc.analysis.concentration.purchases import Purchases
from graphsc.analysis.concentration.shares import Base, Unit
from graphsc.analysis.concentration.substitution import substitutability
from graphsc.analysis.concentration.supply import supply
from graphsc.analysis.exposure.weakest_links import chain_strengths, improvements, weakest_links
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.records import GivenScores, strengths
from graphsc.analysis.resilience.cutsets import cut_sets
from graphsc.analysis.resilience.improvement import cheapest_fix
from graphsc.analysis.resilience.losses import Spread, losses, points_by_target
from graphsc.analysis.risk import DETAILED, MOST, OVERLAPS, only_parties
from graphsc.core.garbage import without_garbage_collection

T = TypeVar("T")

PATIENCE = 20.0
"""CPU seconds that a part of the plain version may take before the rest of it is extrapolated."""


def ours(graph: DependencyGraph) -> dict[str, float]:
    """CPU seconds of every measure of the product, each by itself, those that are worked out on demand too."""
    draw = random.Random(2)
    agreements = (name for name, kind in zip(graph.names, graph.kinds.tolist(), strict=True) if kind == "agreement")
    scores = GivenScores({name: draw.choice((0.5, 0.7, 0.9, 1.0)) for name in agreements}, {})
    spent: dict[str, float] = {}

    def timed(name: str, measure: Callable[[], T]) -> T:
        start = time.process_time()
        with without_garbage_collection():
            result = measure()
        spent[name] = time.process_time() - start
        return result

    strong = timed("strengths", lambda: strengths((), scores, graph))
    supplied = timed("supply", lambda: supply(graph, Purchases()))
    timed("concentration", supplied.measure)
    timed("overlaps", lambda: supplied.overlaps(Base.SYSTEMS, most=OVERLAPS))
    timed("alternatives", lambda: substitutability(graph, units_of=partial(supplied.units_of, unit=Unit.GROUP)))
    spread = timed("spread of failures", lambda: Spread.below(graph, graph.critical))
    each = timed("losses", lambda: losses(graph, spread))
    timed("single points", lambda: points_by_target(graph, each))
    parties = only_parties(graph)
    timed("cheapest fix", lambda: cheapest_fix(parties, spread=spread.among(parties.basic)))
    chains = timed("chains", lambda: chain_strengths(graph, strong.in_chains()))
    timed("weakest links", lambda: weakest_links(chains))
    timed("improvements", lambda: improvements(chains))
    functions = sorted(node for node in graph.critical if graph.kinds[node] == "function")
    timed("combinations of losses", lambda: [cut_sets(parties, node, MOST) for node in functions[:DETAILED]])
    return spent


def cascade(graph: nx.DiGraph[Any], lost: str) -> set[str]:
    """All that fails with one node: each node counts its failed needs."""
    down, waiting, failed = {lost}, [lost], defaultdict(int)
    while waiting:
        for upper in graph.predecessors(waiting.pop()):
            failed[upper] += 1
            needs = graph.out_degree(upper)
            if upper not in down and failed[upper] >= needs - graph.nodes[upper]["at_least"] + 1:
                down.add(upper)
                waiting.append(upper)
    return down


def sampled(items: Sequence[str], work: Callable[[str], object]) -> tuple[float, float]:
    """CPU seconds for all items, and which part of them was measured."""
    start, done = time.process_time(), 0
    order = list(items)
    random.Random(3).shuffle(order)
    for item in order:
        work(item)
        done += 1
        if time.process_time() - start > PATIENCE:
            break
    spent = time.process_time() - start
    return spent * len(order) / max(1, done), done / max(1, len(order))


def plain(dependencies: DependencyGraph) -> tuple[float, float]:
    """CPU seconds that the plain version takes, and the smallest part of any of its loops that was measured."""
    graph = dependencies.to_networkx()
    of_kind: dict[str, list[str]] = defaultdict(list)
    for node, kind in graph.nodes(data="kind"):
        of_kind[kind].append(node)
    critical = {node for node, flag in graph.nodes(data="critical") if flag}
    basic = [node for node, flag in graph.nodes(data="basic") if flag]
    stops: dict[str, set[str]] = {}

    def lose(node: str) -> None:
        stops[node] = cascade(graph, node) & critical

    parts = [sampled(basic, lose)]
    parts.append(sampled(of_kind["system"], lambda node: nx.descendants(graph, node)))
    parts.append(sampled(of_kind["organisation"], lambda node: nx.ancestors(graph, node)))
    start = time.process_time()
    strength: dict[str, float] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        values = sorted((strength[need] for need in graph.successors(node)), reverse=True)
        enough = graph.nodes[node]["at_least"]
        strength[node] = min(
            1.0 if graph.nodes[node]["kind"] != "agreement" else 0.7, values[enough - 1] if values else 1.0
        )
    whole = sum(seconds for seconds, _ in parts) + time.process_time() - start
    fast = {
        dependencies.names[loss.node]: {dependencies.names[node] for node in loss.stops}
        for loss in losses(dependencies)
    }
    assert all(fast[node] == targets for node, targets in stops.items()), "both versions find the same"
    return whole, min(part for _, part in parts)


def measured(edges: int, *, compare: bool) -> dict[str, Any]:
    """One size: the figures of its row, and the CPU seconds of each measure."""
    graph = network(edges)
    spent = ours(graph)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    slow, part = plain(graph) if compare else (0.0, 1.0)
    return {
        "nodes": len(graph),
        "edges": len(graph.needs.member),
        "ours": sum(spent.values()),
        "measures": spent,
        "memory": memory,
        "plain": slow,
        "part": part,
    }


def main() -> None:
    """Measure each size in a fresh process and print the tables."""
    words = [word for word in sys.argv[1:] if word != "--alone"]
    compare = "--alone" not in sys.argv
    if words[:1] == ["--one"]:
        print(json.dumps(measured(int(words[1]), compare=compare)))
        return
    rows: list[dict[str, Any]] = []
    for size in map(int, words or ("100000", "1000000")):
        command = [sys.executable, __file__, "--one", str(size), *([] if compare else ["--alone"])]
        rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    print("| edges | nodes | whole risk, CPU s | memory | plain networkx | ratio |\n|--:|--:|--:|--:|:--|--:|")
    for row in rows:
        how = "" if row["part"] == 1 else f" (extrapolated; at least {row['part']:.1%} of each loop measured)"
        beside = f"{row['plain']:.0f} s{how} | {row['plain'] / row['ours']:.0f} ×" if compare else "not run |"
        print(f"| {row['edges']:,} | {row['nodes']:,} | {row['ours']:.2f} | {row['memory']:.2f} GB | {beside} |")
    print("\n| measure, CPU seconds at |", *(f"{row['edges']:,} edges |" for row in rows))
    print("|:--|", "--:|" * len(rows))
    for name in rows[0]["measures"]:
        print(f"| {name} |", *(f"{row['measures'][name]:.2f} |" for row in rows))


if __name__ == "__main__":
    main()
