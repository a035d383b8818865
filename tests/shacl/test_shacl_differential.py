"""The compiled plans against pySHACL, on generated graphs and shapes: the same results, no more and no fewer.

``benchmarks/differential.py`` runs the same on as many cases as one has time for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import jena
import pytest
from shacl_comparison import by_another_engine, compared, dataset_of, on_duckdb, turbo
from shacl_generation import Batch, can_be, core, judges_nothing, kinds
from shacl_graphs import EX, SEVERITIES, parsed
from shacl_queries import COMPONENTS, query_based, query_kinds

from graphsc.validation import engine
from graphsc.validation.shapes import compile_shapes

pytestmark = pytest.mark.exhaustive

pytest.importorskip("duckdb")
pytest.importorskip("pyshacl")
CORE, ASKED = 179, 50
"""So many batches make ten thousand shapes of SHACL Core, and a thousand that judge by queries."""
# A query is compiled only where its focus nodes are surely in the graph, and as they were written.
DECLINED = {
    "its query walks a path of no steps from nodes that may not be in the graph",
    "its target is a value that the store writes otherwise",
}


@pytest.mark.parametrize("seed", range(CORE))
def test_core_gives_what_pyshacl_gives(seed: int) -> None:
    comparison = compared(batch := core(seed))
    assert comparison.declined == Counter()
    assert comparison.ours == comparison.theirs == on_duckdb(batch)[0]


@pytest.mark.parametrize("seed", range(ASKED))
def test_queries_give_what_pyshacl_gives(seed: int) -> None:
    comparison = compared(batch := query_based(seed))
    assert set(comparison.declined) <= DECLINED
    assert comparison.ours == comparison.theirs == on_duckdb(batch)[0]


def test_most_shapes_run_as_sql() -> None:
    """Those of some components are left to Oxigraph."""
    batches = [make(seed) for make in (core, query_based) for seed in range(12)]
    shapes = sum(len(compared(batch).by_shape) for batch in batches)
    assert sum(on_duckdb(batch)[1] for batch in batches) < shapes / 2


few = pytest.mark.parametrize(
    ("make", "seed"),
    [*((core, seed) for seed in range(12)), *((query_based, seed) for seed in range(8))],
)


@few
def test_a_second_engine_agrees(make: Callable[[int], Batch], seed: int) -> None:
    pytest.importorskip("pyshacl_turbo")
    comparison = by_another_engine(make(seed), turbo)
    assert comparison.ours == comparison.theirs


@pytest.fixture(scope="module")
def jena_server() -> Iterator[str]:
    with jena.server() as url:
        yield url


@few
def test_a_third_engine_agrees(jena_server: str, make: Callable[[int], Batch], seed: int) -> None:
    batch = jena.without_misjudged(make(seed))
    comparison = by_another_engine(batch, jena.report(jena_server))
    assert comparison.ours == comparison.theirs


def test_an_ask_gives_each_value_that_it_refuses() -> None:
    """Which pySHACL does not tell of a property shape, so that the comparison leaves it out."""
    shape = "ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; ex:reaching ex:q ."
    dataset = dataset_of(Batch(parsed("ex:a ex:p ex:b , ex:c , 7 . ex:b ex:q 1 ."), parsed(shape + COMPONENTS), ()))
    shapes = compile_shapes(dataset).shapes
    results = engine.judge(dataset, shapes, engine.focus_counts(dataset, shapes))
    assert sorted((str(result.focus), str(result.value)) for result in results) == [
        (f"<{EX}a>", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (f"<{EX}a>", f"<{EX}c>"),
    ]


def test_every_kind_of_shape_is_generated_and_enough_of_them() -> None:
    made = [shape for seed in range(CORE) for shape in core(seed).generated]
    assert {(one.component, one.path, one.severity) for one in made} == set(kinds())
    assert len(made) >= 10_000
    queries = [shape for seed in range(ASKED) for shape in query_based(seed).generated]
    assert {(query.component, query.path, query.severity) for query in queries} == set(query_kinds())
    assert len(queries) >= 1_000


def test_what_is_left_out_is_the_exception_among_the_kinds() -> None:
    assert [kind for kind in kinds() if not can_be(kind, violating=True)] == [
        ("uniqueLang", "inverse", severity) for severity in SEVERITIES
    ]
    assert all(can_be(kind, violating=False) for kind in kinds())
    judging_nothing = {kind[:2] for kind in kinds() if judges_nothing(kind)}
    assert judging_nothing == {
        (component, "inverse")
        for component in ("datatype", "languageIn", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
    }
