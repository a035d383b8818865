"""A cluster of Spark gives what DuckDB gives: fact by fact and row by row, for a share of the rules and shapes each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import cluster
import pyoxigraph as ox
import pytest
from repository import DEMO
from turns import share

pytest.importorskip("duckdb")
pytest.importorskip("pyspark")
from random_queries import as_set, compared

from graphsc.core.settings import Settings
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.relational import Unsupported
from graphsc.relational.duck import DuckDB
from graphsc.relational.execution import Relational
from graphsc.relational.spark import Spark
from graphsc.sources import read
from graphsc.validation.shapes import compile_shapes

DAYS = 41
"""So many days of the cluster have all rules, shapes and random queries between them: no multiple of 2 or 3, or its days, every
sixth, would always have the same ones."""
TOGETHER = {"active-subcontract", "chain", "known-as", "personal-data-of-system", "ranked-for-value"}
"""Rules that feed themselves, others, and one that SQL does not have."""


@pytest.fixture
def on_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cluster, which Spark's own configuration names."""
    folder = tmp_path_factory.mktemp("spark")
    with cluster.cluster(folder) as master, pytest.MonkeyPatch.context() as environment:
        cluster.configure(folder, master)
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield
        cluster.leave()


@pytest.mark.exhaustive
@pytest.mark.skipif(
    not any(share([False, True, False, False, False, False], 6)), reason="the turn of the cluster comes every sixth day"
)
@pytest.mark.usefixtures("on_cluster")
def test_a_cluster_gives_the_same_answers() -> None:
    """All in one test: a second process would start a cluster of its own."""
    loaded = loading.load(read([DEMO]), Settings(as_of=date(2026, 11, 25)))
    by_spark = derived(loaded, "spark")
    assert by_spark == derived(loaded, "duckdb")
    assert set(by_spark[1]) == {"ranked-for-value"}

    loaded.executor = "oxigraph"
    derive(loaded)
    spark, duckdb = Relational(loaded.embedded, Spark()), Relational(loaded.embedded, DuckDB())
    rules = {rule.graph: rule.query for rule in share(catalogue.load(), DAYS)}
    assert [name for name in rules if facts(spark, name, rules) != facts(duckdb, name, rules)] == []
    shapes = share([shape.plan for shape in compile_shapes(loaded).shapes if shape.plan is not None], DAYS)
    queries = {query.text for plan in shapes for query in plan.queries}
    for tables in (spark, duckdb):
        tables.prepare(queries)
    assert [query for query in queries if rows(spark, query) != rows(duckdb, query)] == []

    for seed in share(range(200, 241), DAYS):
        assert compared(Spark(), seed, 25) > 0.2


def derived(loaded: Dataset, executor: str) -> tuple[set[ox.Quad], dict[str, str]]:
    """All facts of a dataset once a few rules are run on it as data are, and what was left to Oxigraph."""
    dataset = loaded.copy()
    dataset.executor = executor
    derive(dataset, [rule for rule in catalogue.load() if rule.name in TOGETHER])
    assert dataset.executor == executor
    return set(dataset.store), dataset.fallbacks


def facts(tables: Relational, graph: str, rules: dict[str, str]) -> object:
    """What a rule derives of all facts, which is what it did derive: whatever it builds on was complete."""
    store = ox.Store()
    try:
        tables.derive({graph: rules[graph]}, rounds=1)
    except Unsupported as reason:
        return str(reason)
    tables.hand_over(store, None)
    return set(store)


def rows(tables: Relational, query: str) -> object:
    try:
        return as_set(tables.rows(query))
    except Unsupported as reason:
        return str(reason)
