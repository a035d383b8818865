"""Generated dependency graphs of a national size: heavy-tailed suppliers, chains to tier six as a DAG, some options.

The same seed gives the same graph. Shape: many systems, most delivered to under a few agreements; the more popular a
supplier, the likelier it is chosen again (Zipf); subcontracts shared by several agreements; every tenth critical
system has two options; organisations in owner groups and countries.
"""

from __future__ import annotations

import random

from graphsc.analysis.model import DependencyGraph, dependency_graph

TIERS = 6
COUNTRIES = 30


def network(edges: int, seed: int = 1) -> DependencyGraph:
    """A dependency graph with about so many edges."""
    draw = random.Random(seed)
    systems = max(10, edges // 9)
    organisations = max(20, edges // 6)
    nodes: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    enough: dict[str, int] = {}
    weights: dict[str, float] = {}
    for number in range(COUNTRIES):
        nodes[f"country:{number}"] = "country"
    popularity = [1.0 / (rank + 10) ** 0.9 for rank in range(organisations)]
    for number in range(organisations):
        name = f"org:{number}"
        nodes[name] = "organisation"
        needs[name] = [f"country:{min(COUNTRIES - 1, int(draw.expovariate(0.5)))}"]
        if number % 7 == 0:
            nodes[f"group:{number // 21}"] = "group"
            needs[name].append(f"group:{number // 21}")
    suppliers = iter(draw.choices(range(organisations), popularity, k=4 * edges))
    # Subcontracts by tier, deepest first, so that a tier may share those of the next.
    below: list[str] = []
    for tier in range(TIERS, 1, -1):
        here: list[str] = []
        for number in range(max(3, systems // (2 * tier))):
            name = f"sub:{tier}:{number}"
            nodes[name] = "agreement"
            needs[name] = [f"org:{next(suppliers)}", *draw.sample(below, k=min(len(below), draw.choice((0, 1, 1, 2))))]
            here.append(name)
        below = here
    for number in range(systems):
        name = f"sys:{number}"
        nodes[name] = "system"
        critical = number % 5 == 0
        weights[name] = 3.0 if critical else 1.0
        needs[name] = []
        for place in range(draw.choice((1, 1, 2, 3))):
            agreement = f"agr:{number}:{place}"
            nodes[agreement] = "agreement"
            needs[agreement] = [
                f"org:{next(suppliers)}",
                *draw.sample(below, k=min(len(below), draw.choice((0, 1, 2)))),
            ]
            needs[name].append(agreement)
        if critical and number % 10 == 0 and len(needs[name]) > 1:
            gate = f"gate:{number}"
            nodes[gate], needs[gate], enough[gate] = "gate", needs[name], 1
            needs[name] = [gate]
        if number and draw.random() < 0.5:
            needs[name].append(f"sys:{draw.randrange(number)}")
    critical_names = [name for name, weight in weights.items() if weight >= 2]
    for number in range(max(1, systems // 50)):
        function = f"fun:{number}"
        nodes[function] = "function"
        weights[function] = 3.0
        needs[function] = draw.sample(critical_names, k=min(len(critical_names), 3))
    return dependency_graph(
        nodes,
        needs,
        at_least=enough,
        weights=weights,
        critical=[name for name, weight in weights.items() if weight >= 2],
    )
