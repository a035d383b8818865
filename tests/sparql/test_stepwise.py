"""A query put in order has the rows that it had."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from case_batches import BATCHES, JUDGED_TWICE, Variant, open_together
from random_queries import Queries, as_set, graphs
from repository import DEMO

from graphsc.core.settings import Settings
from graphsc.derivation import derive, rules
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.sources import read
from graphsc.sparql.reading import read as read_query
from graphsc.sparql.reading import read_construct
from graphsc.sparql.serialising import text
from graphsc.sparql.stepwise import stepwise
from graphsc.validation import engine
from graphsc.validation.shapes import compile_shapes

PROLOGUE = "PREFIX : <https://x.example/> "


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "?x :p ?y FILTER EXISTS { ?z a :C . ?z :q ?w . ?x :q ?z FILTER(?w > ?y) FILTER NOT EXISTS { ?z :r ?w } }",
            "?x :p ?y FILTER EXISTS { ?x :q ?z . FILTER EXISTS { ?z a :C . FILTER EXISTS { ?z :q ?w FILTER(?w > ?y) FILTER NOT EXISTS { ?z :r ?w } } } }",
        ),
        ("?x :p ?y FILTER EXISTS { ?x :q ?z . ?z :r ?y OPTIONAL { ?z :s ?w } }", None),
        (
            "?x :p ?y . { ?z a :C . ?z :q ?x } UNION { ?x :q ?w }",
            "{ ?x :p ?y . ?z a :C . ?z :q ?x } UNION { ?x :p ?y . ?x :q ?w }",
        ),
        (
            "{ ?x :q ?z } UNION { ?z :r ?x } ?x :p ?y . { ?z a :C . ?z :q ?x } UNION { ?x :q ?w }",
            "{ ?x :p ?y . ?x :q ?z } UNION { ?x :p ?y . ?z :r ?x } { ?x :p ?y . ?z a :C . ?z :q ?x } UNION { ?x :p ?y . ?x :q ?w }",
        ),
        ("{ ?x :q ?z } UNION { ?z :r ?x } ?x :p/:q ?y . { ?z a :C . ?z :q ?x } UNION { ?x :q ?w }", None),
        ("?x :p ?y . { ?z a :C . ?z :q ?x FILTER(?y > 1) } UNION { ?x :q ?w }", None),
        ("?x :p ?y . { ?z a :C . ?z :q ?x BIND(?y AS ?w) } UNION { ?x :q ?w }", None),
        ("?x :p ?y . { ?x :q ?w } UNION { ?x :r ?w }", None),
        ("?x :p ?y OPTIONAL { ?x :q ?z } ?x :r ?w", "?x :p ?y . ?x :r ?w OPTIONAL { ?x :q ?z }"),
        ("?x :p ?y OPTIONAL { ?x :q ?z } ?z :r ?w", None),
        (
            "?x :p ?y OPTIONAL { ?x :s ?v } FILTER EXISTS { ?x :q ?w . ?w :r ?v FILTER(?v != :X) }",
            "?x :p ?y OPTIONAL { ?x :s ?v } FILTER EXISTS { ?x :q ?w . FILTER EXISTS { ?w :r ?v FILTER(?v != :X) } }",
        ),
    ],
)
def test_each_pattern_is_looked_up_from_what_is_bound_before_it(query: str, expected: str | None) -> None:
    before, after = (
        text(read_query(f"{PROLOGUE}SELECT DISTINCT ?x ?y WHERE {{ {some} }}")) for some in (query, expected or query)
    )
    assert stepwise(before) == after


@pytest.mark.parametrize(
    ("count", "rewritten"), [("COUNT(?y)", False), ("COUNT(DISTINCT ?y)", True), ("MAX(?y)", True)]
)
def test_what_counts_rows_stays_as_it_is(count: str, rewritten: bool) -> None:
    pattern = "{ ?x :q ?z } UNION { ?z :r ?x } ?x :p ?y . { ?z a :C . ?z :q ?x } UNION { ?x :q ?w }"
    inner = f"SELECT ?x ({count} AS ?n) WHERE {{ {pattern} }} GROUP BY ?x"
    query = text(read_query(f"{PROLOGUE}SELECT DISTINCT ?x ?n WHERE {{ {{ {inner} }} }}"))
    assert (stepwise(query) != query) is rewritten


@pytest.mark.parametrize(("distinct", "rewritten"), [("", False), ("DISTINCT", True)])
def test_what_limits_its_rows_stays_as_it_is_unless_they_are_distinct(distinct: str, rewritten: bool) -> None:
    pattern = "{ ?x :q ?z } UNION { ?z :r ?x } ?x :p ?y . { ?z a :C . ?z :q ?x } UNION { ?x :q ?w }"
    inner = f"SELECT {distinct} ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT 2"
    query = text(read_query(f"{PROLOGUE}SELECT DISTINCT ?x WHERE {{ {{ {inner} }} }}"))
    assert (stepwise(query) != query) is rewritten


def test_a_blank_node_stays_in_one_group() -> None:
    query = text(
        read_query(f"{PROLOGUE}SELECT DISTINCT ?x {{ ?x :p [] . {{ ?z a :C . ?z :q ?x }} UNION {{ ?x :q ?w }} }}")
    )
    assert stepwise(query).count("/p>") == 1
    assert Dataset().run(stepwise(query)) == []


def differing(seed: int, number: int) -> tuple[int, list[str]]:
    """How many of so many random queries are put in order, and which of them have other rows then."""
    chance = random.Random(seed)
    dataset = next(graphs(chance))
    queries = [text(read_query(Queries(chance).query())) for _ in range(number)]
    changed = [query for query in queries if stepwise(query) != query]
    wrong = [query for query in changed if as_set(dataset.run(query)) != as_set(dataset.run(stepwise(query)))]
    return len(changed), wrong


def test_random_queries_have_the_same_rows() -> None:
    changed, wrong = differing(1, 400)
    assert wrong == []
    assert changed > 20


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_random_queries_have_the_same_rows(seed: Any) -> None:
    assert differing(seed, 1000)[1] == []


def assert_alike(loaded: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dataset, derived and judged as a small and as a large one."""
    plain, ordered = loaded.copy(), loaded.copy()
    plain.executor = ordered.executor = "oxigraph"
    derive(plain)
    shapes = [shape for shape in compile_shapes(plain).shapes if shape.plan is not None]
    focus = engine.focus_counts(plain, shapes)
    expected = engine.answers(plain, shapes, focus)
    monkeypatch.setattr(Dataset, "is_large", lambda _: True)
    monkeypatch.setattr(engine, "_WORTH_SHARING", 0)
    derive(ordered)
    assert set(plain.store) == set(ordered.store)
    answers = engine.answers(ordered, shapes, focus)
    assert [query for query in expected if as_set(expected[query]) != as_set(answers[query])] == []


@pytest.mark.exhaustive
def test_the_demo_is_judged_alike_as_a_large_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = loading.load(read([DEMO]), Settings(as_of=date(2026, 11, 25)))
    assert sum(stepwise(rule.query) != text(read_construct(rule.query)) for rule in rules.load()) > 20
    assert_alike(loaded, monkeypatch)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("number", "variant"), JUDGED_TWICE)
def test_the_cases_are_judged_alike_as_a_large_graph(
    number: int, variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_together(BATCHES[number], variant, tmp_path).dataset
    dataset.forget_derived()
    assert_alike(dataset, monkeypatch)
