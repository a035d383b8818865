"""A cluster of Spark gives what DuckDB gives: fact by fact and finding by finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TypeVar

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
from backends import LEFT, copy_on, logged
from random_queries import compared

from graphsc.core.settings import Settings
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.relational import lines_at
from graphsc.relational.spark import Spark
from graphsc.service import open_paths
from graphsc.sources import read
from graphsc.sparql.reading import read as read_query
from graphsc.sparql.reading import read_construct
from graphsc.sparql.syntax import Aggregate, Call
from graphsc.validation.engine import focus_counts, judge
from graphsc.validation.shapes import Shape, compile_shapes

pytestmark = pytest.mark.exhaustive
T = TypeVar("T")

NATION = 5_000
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

    A query costs Spark seconds, however little there is to answer it from. So of the rules and shapes, which DuckDB runs all
    as the same SQL, it runs so many that among them is each construct of SPARQL within each other that it comes in.
    """
    national.write(tmp_path / "nation", NATION)
    compiled = {shape: list(queries_of(shape)) for shape in compile_shapes(loading.load_knowledge(Settings())).shapes}
    shapes = covering({shape: queries for shape, queries in compiled.items() if queries})
    codes = {shape.code for shape in shapes}
    (tmp_path / "cases").mkdir()
    for case in (case for case in MERGEABLE if case.code in codes):
        (tmp_path / "cases" / f"{case.name}.yaml").write_text(case.violating, encoding="utf-8")
    by_duckdb = open_paths([DEMO, tmp_path / "cases"], Settings(as_of=AS_OF, executor="duckdb")).dataset
    by_spark = copy_on(by_duckdb, "spark")
    by_spark.open_backend(())
    results, left = [], []
    for dataset in (by_spark, by_duckdb):
        with logged() as texts:
            results.append(results_of(dataset, shapes))
        left.append({text.en.partition(LEFT)[0] for text in texts})
        assert dataset.backend is not None
    assert results[0] == results[1]
    assert left[0] <= left[1]
    assert len({row[0] for row in results[0]}) > len(shapes) / 2, "most are violated"

    nation = (tmp_path / "nation").as_uri()
    assert lines_at(nation, "spark") == lines_at(nation, "duckdb")
    as_parquet(tmp_path / "nation" / "nation.nt", tmp_path / "nation.parquet")
    parquet = (tmp_path / "nation.parquet").as_uri()
    lines = lines_at(parquet, "spark")
    assert lines == lines_at(parquet, "duckdb")
    assert lines.replace(b" <urn:graphsc:row> .", b" .") == lines_at(f"{nation}/nation.nt", "spark")

    rules = covering({rule: [read_construct(rule.query)] for rule in catalogue.load()})
    names = {rule.name for rule in rules} | TOGETHER
    with logged() as texts:
        demo = [by_rules(executor, names) for executor in ("spark", "duckdb")]
    assert set(demo[0].store) == set(demo[1].store)
    assert {text.en.partition(LEFT)[0] for text in texts if LEFT in text.en} == {"ranked-for-value"}
    for seed in range(200, 204):
        assert compared(Spark(), seed, 25) > 0.2
    spark = Spark()
    for name in ("small", "other"):
        spark.create(name, "SELECT 1::BIGINT AS s, 2::BIGINT AS o")
    assert "Exchange" not in spark._query(JOINS)._jdf.queryExecution().executedPlan().toString()


def as_parquet(text: Path, path: Path) -> None:
    lines = f"SELECT string_split(x, ' ') AS w, x FROM read_csv('{text}', delim = '\x01', header = false, quote = '', columns = {{'x': 'VARCHAR'}})"
    terms = "SELECT w[1] AS s, w[2] AS p, substring(x, length(w[1]) + length(w[2]) + 3, length(x) - length(w[1]) - length(w[2]) - 4) AS o"
    with duckdb.connect() as database:
        database.execute(f"COPY ({terms} FROM ({lines})) TO '{path}' (FORMAT parquet)")


def by_rules(executor: str, names: set[str]) -> Dataset:
    """The demo, with what some rules derive of it, among them those that run again until nothing new comes."""
    dataset = copy_on(loading.load(read([DEMO]), Settings(as_of=AS_OF)), executor)
    derive(dataset, [rule for rule in catalogue.load() if rule.name in names])
    assert dataset.backend is not None
    return dataset


def queries_of(shape: Shape) -> Iterator[object]:
    for query in shape.plan.queries if shape.plan is not None else ():
        with suppress(ValueError):  # which Oxigraph runs with all databases
            yield read_query(query.text)


def results_of(dataset: Dataset, shapes: Sequence[Shape]) -> Counter[tuple[str, ...]]:
    found = judge(dataset, shapes, focus_counts(dataset, shapes))
    return Counter((one.shape.iri, str(one.focus), str(one.value), one.constraint.component) for one in found)


def covering(queries: Mapping[T, Sequence[object]]) -> list[T]:
    """As few as have, among their queries, every construct within every other that any of them has."""
    having = {one: {pair for query in its for pair in constructs(query)} for one, its in queries.items()}
    missing = set[tuple[str, str]]().union(*having.values())
    chosen = []
    while missing:
        best = max(having, key=lambda one: len(having[one] & missing) / (1 + len(having[one])))
        chosen.append(best)
        missing -= having[best]
    return chosen


def constructs(query: object) -> Iterator[tuple[str, str]]:
    """The kinds of the parts of a query, each with that of the part around it."""
    waiting: list[tuple[object, str]] = [(query, "")]
    while waiting:
        part, around = waiting.pop()
        if isinstance(part, tuple):
            waiting += [(one, around) for one in part]
        elif is_dataclass(part):
            called = getattr(part, "name", "") if isinstance(part, Call | Aggregate) else getattr(part, "sign", "")
            kind = f"{type(part).__name__} {called}"
            yield kind, around
            waiting += [(getattr(part, of.name), kind) for of in fields(part)]
        elif isinstance(part, ox.Literal):
            yield f"literal {part.datatype.value}", around
