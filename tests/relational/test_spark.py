"""A cluster of Spark gives what DuckDB gives: fact by fact and row by row, for a share of the shapes each day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import cluster
import pyoxigraph as ox
import pytest
from random_queries import as_set, compared
from repository import DEMO
from turns import share

pytest.importorskip("duckdb")
pytest.importorskip("pyspark")
from graphsc.core.settings import Settings
from graphsc.derivation import Rule, derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.relational import Unsupported
from graphsc.relational.duck import DuckDB
from graphsc.relational.execution import Relational
from graphsc.relational.spark import Spark
from graphsc.sources import read
from graphsc.validation.shapes import compile_shapes

ON_THE_DAY = Settings(as_of=date(2026, 11, 25))
DAYS = 40
"""So many days have all rules and shapes between them."""


@pytest.fixture(scope="module")
def on_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cluster, which Spark's own configuration names."""
    folder = tmp_path_factory.mktemp("spark")
    with cluster.cluster(folder) as master, pytest.MonkeyPatch.context() as environment:
        cluster.configure(folder, master)
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield
        cluster.leave()


@pytest.fixture(scope="module")
def derived() -> Dataset:
    """The demo with all that Oxigraph derives of it."""
    dataset = loading.load(read([DEMO]), ON_THE_DAY)
    dataset.executor = "oxigraph"
    derive(dataset)
    return dataset


@pytest.fixture(scope="module")
def tables(on_cluster: None, derived: Dataset) -> Relational:
    return Relational(derived.embedded, Spark())


@pytest.mark.parametrize("rule", share(catalogue.load(), DAYS), ids=lambda rule: rule.name)
def test_a_rule_derives_the_same_facts(rule: Rule, tables: Relational, derived: Dataset) -> None:
    """What a rule derives of all facts is what it did derive: whatever it builds on was complete."""
    try:
        tables.derive({rule.graph: rule.query}, rounds=1)
    except Unsupported as reason:
        with pytest.raises(Unsupported, match=re.escape(str(reason))):
            Relational(ox.Store(), DuckDB()).derive({rule.graph: rule.query}, rounds=1)
        return
    facts = ox.Store()
    tables.hand_over(facts)
    graph = ox.NamedNode(rule.graph)
    assert set(facts) == set(derived.store.quads_for_pattern(None, None, None, graph))


def test_shapes_are_judged_alike(tables: Relational, derived: Dataset) -> None:
    compiled = [shape for shape in compile_shapes(derived).shapes if shape.plan is not None]
    queries = {query.text for shape in share(compiled, DAYS) for query in shape.plan.queries}
    by_duckdb = Relational(derived.embedded, DuckDB())
    for each in (tables, by_duckdb):
        each.prepare(queries)
    assert [text for text in queries if answer(tables, text) != answer(by_duckdb, text)] == []


def answer(tables: Relational, query: str) -> object:
    try:
        return as_set(tables.rows(query))
    except Unsupported as reason:
        return str(reason)


@pytest.mark.parametrize("seed", share(range(200, 240), DAYS))
@pytest.mark.usefixtures("on_cluster")
def test_a_query_has_the_same_rows(seed: int) -> None:
    assert compared(Spark(), seed, 25) > 0.2


@pytest.mark.usefixtures("on_cluster")
def test_what_rules_build_on_each_other_and_what_is_left_to_oxigraph() -> None:
    """Facts as they are derived, with rules that feed each other and others that SQL does not have."""
    chosen = [
        rule
        for rule in catalogue.load()
        if rule.name in {"active-subcontract", "chain", "known-as", "personal-data-of-system"}
    ]
    results = []
    for executor in ("spark", "duckdb"):
        dataset = loading.load(read([DEMO]), ON_THE_DAY)
        dataset.executor = executor
        derive(dataset, chosen)
        assert dataset.executor == executor
        results.append((set(dataset.store), dataset.left))
    assert results[0] == results[1]
