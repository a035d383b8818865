"""What each measure of risk takes on generated dependency graphs.

Run ``python benchmarks/risk.py [EDGES …]`` (default: the edges of a nation of a million triples, and six times as many). Each size is
measured in a process of its own; printed is a Markdown table, a row for each measure by itself, those that are worked out on demand too.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from networks import network

from graphsc.analysis.concentration.shares import Base, Purchases, Unit, substitutability
from graphsc.analysis.concentration.supply import supply
from graphsc.analysis.exposure.weakest_links import chain_strengths, improvements, weakest_links
from graphsc.analysis.model import DependencyGraph, of_kind, only_parties
from graphsc.analysis.records import GivenScores, strengths
from graphsc.analysis.resilience.improvement import cheapest_fix
from graphsc.analysis.resilience.losses import cut_sets, losses, points_by_target
from graphsc.analysis.risk import DETAILED, MOST, OVERLAPS
from graphsc.core.garbage import without_garbage_collection

T = TypeVar("T")


def spent(graph: DependencyGraph) -> dict[str, float]:
    """CPU seconds of every measure, each by itself."""
    draw = random.Random(2)
    scores = GivenScores({name: draw.choice((0.5, 0.7, 0.9, 1.0)) for name in of_kind(graph, "agreement")}, {})
    seconds: dict[str, float] = {}

    def timed(name: str, measure: Callable[[], T]) -> T:
        start = time.process_time()
        with without_garbage_collection():
            result = measure()
        seconds[name] = time.process_time() - start
        return result

    strong = timed("strengths", lambda: strengths((), scores, graph))
    supplied = timed("supply", lambda: supply(graph, Purchases()))
    timed("concentration", supplied.measure)
    timed("overlaps", lambda: supplied.overlaps(Base.SYSTEMS, most=OVERLAPS))
    timed("alternatives", lambda: substitutability(graph, units_of=partial(supplied.units_of, unit=Unit.GROUP)))
    each = timed("losses", lambda: losses(graph))
    timed("single points", lambda: points_by_target(graph, each))
    parties = only_parties(graph)
    timed("cheapest fix", lambda: cheapest_fix(parties))
    chains = timed("chains", lambda: chain_strengths(graph, strong.in_chains()))
    timed("weakest links", lambda: weakest_links(chains))
    timed("improvements", lambda: improvements(chains))
    functions = [node for node in of_kind(graph, "function") if graph.nodes[node]["critical"]]
    timed("combinations of losses", lambda: [cut_sets(parties, node, MOST) for node in functions[:DETAILED]])
    return seconds


def measured(edges: int) -> dict[str, Any]:
    """One size: its nodes, edges and memory (GB), and the CPU seconds of each measure."""
    graph = network(edges)
    measures = spent(graph)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"nodes": len(graph), "edges": graph.number_of_edges(), "measures": measures, "memory": memory}


def main() -> None:
    """Measure each size in a fresh process and print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(int(sys.argv[2]))))
        return
    rows: list[dict[str, Any]] = []
    for size in map(int, sys.argv[1:] or ("16000", "100000")):
        command = [sys.executable, __file__, "--one", str(size)]
        rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    print("| measure, CPU seconds |", *(f"{row['nodes']:,} nodes, {row['edges']:,} edges |" for row in rows))
    print("|:--|", "--:|" * len(rows))
    for name in rows[0]["measures"]:
        print(f"| {name} |", *(f"{row['measures'][name]:.2f} |" for row in rows))
    print("| **all** |", *(f"**{sum(row['measures'].values()):.2f}** |" for row in rows))
    print("| memory |", *(f"{row['memory']:.2f} GB |" for row in rows))


if __name__ == "__main__":
    main()
