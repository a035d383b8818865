"""A cluster of Spark gives what DuckDB gives: fact by fact and finding by finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cluster
import national
import pyoxigraph as ox
import pytest
from authority import AS_OF
from case_batches import MERGEABLE
from repository import DEMO

pytest.importorskip("duckdb")
pytest.importorskip("pyspark")
import duckdb
from random_queries import compared

from graphsc.core.settings import Settings
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.relational import at_url
from graphsc.relational.spark import Spark
from graphsc.service import open_paths, validate
from graphsc.sources import read
from graphsc.sources.terms import load as load_terms

pytestmark = pytest.mark.exhaustive

NATION = 20_000
"""The triples of the generated nation."""
TOGETHER = {"active-subcontract", "chain", "known-as", "personal-data-of-system", "ranked-for-value"}
"""Rules that feed themselves, others, and one that SQL does not have."""


@pytest.fixture
def on_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cluster, which Spark's own configuration names."""
    folder = tmp_path_factory.mktemp("spark")
    with cluster.cluster(folder) as master, pytest.MonkeyPatch.context() as environment:
        cluster.configure(folder, master, driver_memory="2g")
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield
        cluster.leave()


JOINS = """
WITH a AS (SELECT x.s, y.o FROM small x JOIN other y ON x.o = y.s), b AS (SELECT s, o FROM small UNION ALL SELECT s, o FROM other),
c AS (SELECT DISTINCT a.s, b.o FROM a JOIN b ON a.o = b.s), d AS (SELECT c.s, c.o FROM c ANTI JOIN other x ON x.s = c.s)
SELECT d.s, x.o FROM d LEFT JOIN small x ON x.s = d.o
"""
"""Joins of each kind, for which rows in one partition need not be exchanged."""


@pytest.mark.usefixtures("on_cluster")
def test_a_cluster_gives_the_same_answers(tmp_path: Path) -> None:
    """All in one test: a second process would start a cluster of its own.

    The demo, all violating cases and a nation are one graph, so that a query is planned once for all of them.
    """
    for case in MERGEABLE:
        (tmp_path / f"{case.name}.yaml").write_text(case.violating, encoding="utf-8")
    national.write(tmp_path / "nation", NATION)
    by_duckdb = open_paths([DEMO, tmp_path], Settings(as_of=AS_OF, executor="duckdb"))
    by_spark = replace(by_duckdb, dataset=by_duckdb.dataset.copy())
    by_spark.dataset.executor = "spark"
    by_spark.dataset.forget_derived()
    derive(by_spark.dataset)
    assert validate(by_spark) == validate(by_duckdb)
    assert by_spark.dataset.executor == "spark"
    assert by_spark.dataset.fallbacks.keys() <= by_duckdb.dataset.fallbacks.keys()
    assert set(by_spark.dataset.store) == set(by_duckdb.dataset.store)

    assert held_of(tmp_path / "nation", "spark") == held_of(tmp_path / "nation", "duckdb")
    as_parquet(tmp_path / "nation" / "nation.nt", tmp_path / "nation.parquet")
    assert held_of(tmp_path / "nation.parquet", "spark") == held_of(tmp_path / "nation" / "nation.nt", "duckdb")

    demo = [by_some_rules(executor) for executor in ("spark", "duckdb")]
    assert set(demo[0].store) == set(demo[1].store)
    assert set(demo[0].fallbacks) == {"ranked-for-value"}
    for seed in range(200, 241):
        assert compared(Spark(), seed, 25) > 0.2
    spark = Spark()
    for name in ("small", "other"):
        spark.create(name, "SELECT 1::BIGINT AS s, 2::BIGINT AS o")
    assert "Exchange" not in spark._query(JOINS)._jdf.queryExecution().executedPlan().toString()


def held_of(path: Path, executor: str) -> set[ox.Triple]:
    """What the tables of an executor hold of data that it reads itself, and finds in order."""
    data = at_url(path.as_uri(), executor)
    sources = read([], external=data.source(load_terms(), whole=False))
    data.settle(sources)
    assert sources.problems == []
    store = ox.Store()
    data.tables(store).hand_over(store, None)
    return {quad.triple for quad in store}


def as_parquet(text: Path, path: Path) -> None:
    lines = f"SELECT string_split(x, ' ') AS w, x FROM read_csv('{text}', delim = '\x01', header = false, quote = '', columns = {{'x': 'VARCHAR'}})"
    terms = "SELECT w[1] AS s, w[2] AS p, substring(x, length(w[1]) + length(w[2]) + 3, length(x) - length(w[1]) - length(w[2]) - 4) AS o"
    with duckdb.connect() as database:
        database.execute(f"COPY ({terms} FROM ({lines})) TO '{path}' (FORMAT parquet)")


def by_some_rules(executor: str) -> Dataset:
    """The demo, with what rules derive of it that run again until nothing new comes."""
    dataset = loading.load(read([DEMO]), Settings(as_of=AS_OF, executor=executor))
    derive(dataset, [rule for rule in catalogue.load() if rule.name in TOGETHER])
    assert dataset.executor == executor
    return dataset
