"""Availability: how likely something works when each party works with a given probability, independently.

Exact, by a binary decision diagram of the failure of the target. Cycles are unfolded to the least fixpoint of failure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone
from graphsc.analysis.resilience.diagrams import NEVER, Diagrams, DiagramTooLargeError

LIMIT = 100_000
"""The most nodes of a decision diagram; availability that takes more is not computed."""


def availability(
    graph: DependencyGraph, target: int, probabilities: Mapping[int, float], *, limit: int = LIMIT
) -> float | None:
    """The probability (0–1) that a target works, from the probability that each basic event works.

    Events without a probability are taken to work. None where the decision diagram has more nodes than the limit.
    ValueError for a probability outside 0–1, and for one of a node that cannot fail by itself.
    """
    for node, chance in sorted(probabilities.items()):
        if not 0 <= chance <= 1:
            raise ValueError(f"{chance} of {graph.names[node]!r} is no probability")
        if not graph.basic[node]:
            raise ValueError(f"{graph.names[node]!r} cannot fail by itself")
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return 1.0
    works = _chances(cone, end, probabilities)
    try:
        return _computed(cone, end, works, limit)
    except DiagramTooLargeError:
        return None


def _chances(cone: Cone, end: int, probabilities: Mapping[int, float]) -> dict[int, float]:
    """The probability that each part does not fail by itself; events that act only through one part are joined to one."""
    standing = cone.representatives((end,))
    works: dict[int, float] = defaultdict(lambda: 1.0)
    for part, events in enumerate(cone.basic):
        for node in events:
            if standing[part] != NOWHERE and probabilities.get(node, 1.0) < 1:
                works[standing[part]] *= probabilities[node]
    return dict(sorted(works.items()))


def _computed(cone: Cone, end: int, works: Mapping[int, float], limit: int) -> float:
    """The probability that the end works, by the diagram of its failure.

    The order of the variables is that in which a walk from the top meets the parts that can fail by themselves, so that parts
    that are used together stand together.
    """
    order = [part for part in _walk(cone, end) if part in works]
    diagrams = Diagrams(limit)
    basic = {part: diagrams.event(variable) for variable, part in enumerate(order)}

    def step(part: int, values: list[int]) -> int:
        below = [values[other] for other in cone.needs[part] if values[other] != NEVER]
        fails = basic.get(part, NEVER)
        if cone.thresholds[part] == 1:
            return diagrams.any_of((fails, *below))
        return diagrams.either(fails, diagrams.at_least(below, cone.thresholds[part]))

    failure = cone.solve([NEVER] * len(cone), step)[end]
    return 1.0 - diagrams.probability(failure, [1.0 - works[part] for part in order])


def _walk(cone: Cone, end: int) -> dict[int, None]:
    """The parts below one, in the order in which a walk from it meets them."""
    parts: dict[int, None] = {}
    waiting = [end]
    while waiting:
        part = waiting.pop()
        if part not in parts:
            parts[part] = None
            waiting.extend(reversed(cone.needs[part]))
    return parts
