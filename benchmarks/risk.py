"""The whole risk of generated graphs, beside the same measures in plain networkx, in one run.

Run ``python benchmarks/risk.py [EDGES …]`` (default 100000 1000000). Each size is measured in a process of its own and
printed as a row of a Markdown table. The plain version is what one would write with networkx and no kernels: a cascade for
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
from typing import Any

import networkx as nx
from networks import network

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.records import GivenScores, strengths
from graphsc.analysis.resilience.losses import losses
from graphsc.analysis.risk import Risk, assess

PATIENCE = 20.0
"""Seconds that a part of the plain version may take before the rest of it is extrapolated."""


def ours(graph: DependencyGraph) -> Risk:
    """Every measure of the product, those that are worked out on demand too."""
    draw = random.Random(2)
    strength_scores = {name: draw.choice((0.5, 0.7, 0.9, 1.0)) for name, kind in zip(graph.names, graph.kinds, strict=True)
             if kind == "agreement"}  # fmt: skip
    scores = GivenScores(strength_scores, {})
    risk = assess(graph, strong=strengths((), scores, graph), scores=scores)
    assert risk.points is not None
    assert risk.cuts is not None
    assert risk.overlaps is not None
    return risk


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
    """Seconds for all items, and which part of them was measured."""
    start, done = time.perf_counter(), 0
    order = list(items)
    random.Random(3).shuffle(order)
    for item in order:
        work(item)
        done += 1
        if time.perf_counter() - start > PATIENCE:
            break
    spent = time.perf_counter() - start
    return spent * len(order) / max(1, done), done / max(1, len(order))


def plain(dependencies: DependencyGraph) -> tuple[float, float]:
    """Seconds that the plain version takes, and the smallest part of any of its loops that was measured."""
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
    start = time.perf_counter()
    strength: dict[str, float] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        values = sorted((strength[need] for need in graph.successors(node)), reverse=True)
        enough = graph.nodes[node]["at_least"]
        strength[node] = min(
            1.0 if graph.nodes[node]["kind"] != "agreement" else 0.7, values[enough - 1] if values else 1.0
        )
    whole = sum(seconds for seconds, _ in parts) + time.perf_counter() - start
    fast = {
        dependencies.names[loss.node]: {dependencies.names[node] for node in loss.stops}
        for loss in losses(dependencies)
    }
    assert all(fast[node] == targets for node, targets in stops.items()), "both versions find the same"
    return whole, min(part for _, part in parts)


def measured(edges: int) -> dict[str, float]:
    """One size: the figures of its row."""
    graph = network(edges)
    start = time.perf_counter()
    ours(graph)
    quick = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    slow, part = plain(graph)
    return {
        "nodes": len(graph),
        "edges": len(graph.needs.member),
        "ours": quick,
        "memory": memory,
        "plain": slow,
        "part": part,
    }


def main() -> None:
    """Measure each size in a fresh process and print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(int(sys.argv[2]))))
        return
    sizes = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    print("| edges | nodes | whole risk | memory | plain networkx | ratio |\n|---|---|---|---|---|---|")
    for size in sizes:
        run = subprocess.run([sys.executable, __file__, "--one", str(size)], capture_output=True, text=True, check=True)
        row = json.loads(run.stdout)
        how = "" if row["part"] == 1 else f" (extrapolated; at least {row['part']:.1%} of each loop measured)"
        print(
            f"| {row['edges']:,} | {row['nodes']:,} | {row['ours']:.1f} s | {row['memory']:.2f} GB "
            f"| {row['plain']:.0f} s{how} | {row['plain'] / row['ours']:.0f} × |"
        )


if __name__ == "__main__":
    main()
