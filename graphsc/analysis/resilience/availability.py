"""Availability: how likely something works when each party works with a given probability, independently.

Exact by a binary decision diagram of the failure of the target where one of moderate size exists; beyond that
estimated from random draws, with an interval. Circles are unfolded to the least fixpoint of failure in both.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.resilience.cone import NOWHERE, Cone
from graphsc.analysis.resilience.diagrams import NEVER, Diagrams, DiagramTooLargeError

LIMIT = 100_000
"""Nodes of a decision diagram beyond which availability is estimated."""

SAMPLES = 1 << 17
"""Random draws of an estimate."""

Z95 = 1.959963984540054
"""The standard normal quantile of a two-sided interval of 95 per cent."""

_BLOCK = 1 << 15


@dataclass(frozen=True, slots=True)
class Availability:
    """The probability (0–1) that a target works.

    ``exact`` says whether it was computed; then ``low`` and ``high`` are the value itself and ``samples`` is 0.
    Otherwise it is the share of ``samples`` random draws in which the target worked, and ``low`` and ``high`` bound
    a 95 per cent confidence interval (Wilson 1927).
    """

    value: float
    low: float
    high: float
    exact: bool
    samples: int


def availability(
    graph: DependencyGraph,
    target: int,
    probabilities: Mapping[int, float],
    *,
    limit: int = LIMIT,
    samples: int = SAMPLES,
    seed: int = 1,
) -> Availability:
    """How likely a target works, given for each basic event how likely it works (0–1).

    Events without a probability are taken to work. With a ``limit`` of 0 the result is always an estimate; the
    same ``seed`` gives the same draws. ValueError for a probability outside 0–1, for one of a node that cannot
    fail by itself, and when there are no samples to draw.
    """
    for node, chance in sorted(probabilities.items()):
        if not 0 <= chance <= 1:
            raise ValueError(f"{chance} of {graph.names[node]!r} is no probability")
        if not graph.basic[node]:
            raise ValueError(f"{graph.names[node]!r} cannot fail by itself")
    cone = Cone.below(graph, (target,))
    end = cone.part_of[target]
    if end < 0:
        return _exactly(1.0)
    works = _chances(cone, end, probabilities)
    if limit > 0:
        try:
            return _exactly(_computed(cone, end, works, limit))
        except DiagramTooLargeError:
            pass
    return _estimated(cone, end, works, samples, seed)


def wilson(hits: int, samples: int) -> tuple[float, float]:
    """The 95 per cent confidence interval (0–1) of a share that was observed so often in so many draws.

    Wilson, "Probable inference, the law of succession, and statistical inference", 1927. ValueError when there are
    no draws.
    """
    if samples < 1:
        raise ValueError("an estimate needs at least one sample")
    share, square = hits / samples, Z95 * Z95
    middle = share + square / (2 * samples)
    spread = Z95 * math.sqrt(share * (1 - share) / samples + square / (4 * samples * samples))
    scale = 1 + square / samples
    low = 0.0 if not hits else max(0.0, (middle - spread) / scale)
    high = 1.0 if hits == samples else min(1.0, (middle + spread) / scale)
    return low, high


def failure_diagram(cone: Cone, end: int, events: Iterable[int], limit: int) -> tuple[Diagrams, int, tuple[int, ...]]:
    """The failure of one part of a cone as a function of the parts that can fail by themselves.

    Gives the diagrams, the function among them, and which part each variable is. Variables stand in the order in
    which a walk from the top meets them, so that what is used together stands together. DiagramTooLargeError
    beyond the limit of nodes.
    """
    able = set(events)
    order = tuple(part for part in _met(cone, end) if part in able)
    diagrams = Diagrams(limit)
    basic = {part: diagrams.event(variable) for variable, part in enumerate(order)}

    def step(part: int, values: list[int]) -> int:
        below = [values[other] for other in cone.needs[part] if values[other] != NEVER]
        fails = basic.get(part, NEVER)
        if cone.thresholds[part] == 1:
            return diagrams.any_of((fails, *below))
        return diagrams.either(fails, diagrams.at_least(below, cone.thresholds[part]))

    return diagrams, cone.solve([NEVER] * len(cone), step)[end], order


def _exactly(value: float) -> Availability:
    return Availability(value, value, value, exact=True, samples=0)


def _chances(cone: Cone, end: int, probabilities: Mapping[int, float]) -> dict[int, float]:
    """How likely each part does not fail by itself, where events that act through one part are one event."""
    standing = cone.representatives((end,))
    works: dict[int, float] = defaultdict(lambda: 1.0)
    for part, events in enumerate(cone.basic):
        for node in events:
            if standing[part] != NOWHERE and probabilities.get(node, 1.0) < 1:
                works[standing[part]] *= probabilities[node]
    return dict(sorted(works.items()))


def _met(cone: Cone, end: int) -> list[int]:
    """The parts below one, in the order in which a walk from it meets them."""
    seen: set[int] = set()
    met: list[int] = []
    open_ = [end]
    while open_:
        part = open_.pop()
        if part not in seen:
            seen.add(part)
            met.append(part)
            open_.extend(reversed(cone.needs[part]))
    return met


def _computed(cone: Cone, end: int, works: Mapping[int, float], limit: int) -> float:
    diagrams, function, order = failure_diagram(cone, end, works, limit)
    return 1.0 - diagrams.probability(function, [1.0 - works[part] for part in order])


def _estimated(cone: Cone, end: int, works: Mapping[int, float], samples: int, seed: int) -> Availability:
    draws = np.random.default_rng(seed)
    hits = 0
    for first in range(0, samples, _BLOCK):
        width = min(_BLOCK, samples - first)
        initial = {part: _drawn(draws, 1.0 - chance, width) for part, chance in works.items()}
        hits += width - cone.flow(initial)[end].bit_count()
    low, high = wilson(hits, samples)
    return Availability(hits / samples, low, high, exact=False, samples=samples)


def _drawn(draws: np.random.Generator, chance: float, width: int) -> int:
    """Bits that are each set with a chance, independently."""
    return int.from_bytes(np.packbits(draws.random(width) < chance, bitorder="little").tobytes(), "little")
