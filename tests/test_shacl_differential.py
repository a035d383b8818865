"""The compiled plans against pySHACL, on generated graphs and shapes: the same results, no more and no fewer.

``benchmarks/differential.py`` runs the same on as many cases as one has time for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from shacl_comparison import by_a_second_engine, compared
from shacl_generation import ANYWHERE, OF_PATHS, PATHS, Batch, asked, core

pytest.importorskip("pyshacl")
# A query is compiled only where its focus nodes are surely in the graph, and as they were written.
DECLINED = {
    "its query walks a path of no steps from nodes that may not be in the graph",
    "its target is a value that the store writes otherwise",
}


@pytest.mark.parametrize("seed", range(60))
def test_core_gives_what_pyshacl_gives(seed: int) -> None:
    found = compared(core(seed))
    assert found.declined == Counter()
    assert found.ours == found.theirs


@pytest.mark.parametrize("seed", range(20))
def test_queries_give_what_pyshacl_gives(seed: int) -> None:
    found = compared(asked(seed))
    assert set(found.declined) <= DECLINED
    assert found.ours == found.theirs


@pytest.mark.parametrize(
    ("make", "seed"), [*((core, seed) for seed in range(12)), *((asked, seed) for seed in range(4))]
)
def test_a_second_engine_agrees(make: Callable[[int], Batch], seed: int) -> None:
    pytest.importorskip("pyshacl_turbo")
    found = by_a_second_engine(make(seed))
    assert found.ours == found.theirs


def test_every_component_is_generated_on_every_path() -> None:
    made = {(one.component, one.path) for seed in range(60) for one in core(seed).made}
    pairs = {(component, path) for component in ANYWHERE for path in ("node", *PATHS)}
    pairs |= {(component, path) for component in OF_PATHS if component[:4] != "less" for path in PATHS}
    assert pairs - made == set()
