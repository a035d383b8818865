"""DuckDB gives what Oxigraph gives: fact by fact, row by row and finding by finding."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import authority
import national
import pyoxigraph as ox
import pytest
from repository import DEMO

pytest.importorskip("duckdb")
import duckdb
from backends import LEFT, copy_on, logged, opened
from case_batches import BATCHES, JUDGED_TWICE, Variant, everything, open_together
from random_queries import as_set, compared

from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.problems import Unavailable
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import XSD, G
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.backend import Row, Term, Unsupported, gave_up, left_to_oxigraph
from graphsc.graph.dataset import Dataset
from graphsc.relational import choose
from graphsc.relational.duck import DuckDB
from graphsc.relational.execution import Relational
from graphsc.service import near_misses, open_paths, validate
from graphsc.sources import read
from graphsc.sparql.reading import read as read_query
from graphsc.sparql.syntax import Var
from graphsc.validation import engine
from graphsc.validation.shapes import compile_shapes

ON_THE_DAY = Settings(as_of=authority.AS_OF)
EVERYTHING = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }"
FEW = 25
"""So many of the rules and queries at most are left to Oxigraph: most are not, or nothing would be compared."""
NAMES = {
    "active",
    "active-subcontract",
    "answerable",
    "chain",
    "chain-root",
    "keeper",
    "on-behalf-of",
    "part-of",
    "root",
}
SOME_RULES = [rule for rule in catalogue.load() if rule.name in NAMES]
"""For tests of when the store gets what was derived; that every rule derives the same is a test of its own."""


def assert_alike(loaded: Dataset) -> None:
    """A dataset that nothing is derived of yet, derived and judged twice."""
    by_sql, by_sparql = copy_on(loaded, "duckdb"), copy_on(loaded, "oxigraph")
    with logged() as texts:
        for dataset in (by_sql, by_sparql):
            derive(dataset)
    assert set(by_sql.store) == set(by_sparql.store)
    shapes = [shape for shape in compile_shapes(loaded).shapes if shape.plan is not None]
    focus = engine.focus_counts(by_sql, shapes)
    assert focus == engine.focus_counts(by_sparql, shapes)
    with logged() as more:
        results = [
            {text: as_set(rows) for text, rows in engine.answers(dataset, shapes, focus).items()}
            for dataset in (by_sql, by_sparql)
        ]
    assert [text for text in results[0] if results[0][text] != results[1][text]] == []
    assert by_sql.backend is not None
    assert sum(LEFT in text.en for text in texts + more) < FEW
    folders = ("responsibility", "drawing", "analysis")
    files = (file for folder in folders for file in knowledge_files(f"ontology/{folder}", ".rq"))
    for text in (EVERYTHING, *(file.read_text("utf-8") for file in files)):
        answer, expected = by_sql.rows(text), by_sparql.select(text)
        assert as_set(answer) == as_set(expected), text
        assert sort_keys(text, answer) == sort_keys(text, expected), text


def sort_keys(query: str, answer: Sequence[Row]) -> list[list[Term | None]]:
    """What the rows of an answer are sorted by."""
    order = read_query(query).order
    return [[row.get(key.name) for _, key in order if isinstance(key, Var)] for row in answer]


def altered(dataset: Dataset, chance: random.Random) -> Dataset:
    """A dataset with facts taken out, and with objects of facts exchanged."""
    other = dataset.copy()
    quads = sorted((quad for quad in other.store if str(quad.graph_name.value).startswith(SOURCE_PREFIX)), key=str)
    for quad in chance.sample(quads, len(quads) // 8):
        other.store.remove(quad)
    for quad in chance.sample(quads, len(quads) // 8):
        alike = [another for another in quads if another.predicate == quad.predicate]
        other.store.add(ox.Quad(quad.subject, quad.predicate, chance.choice(alike).object, quad.graph_name))
    return other


@pytest.fixture(scope="module")
def demo() -> Dataset:
    return loading.load(read([DEMO]), ON_THE_DAY)


@pytest.fixture(scope="module")
def by_sparql(demo: Dataset) -> Dataset:
    """The demo with what some rules derive of it, to be read alone."""
    dataset = demo.copy()
    derive(dataset, SOME_RULES)
    return dataset


@pytest.fixture
def by_sql(demo: Dataset) -> Dataset:
    """The same, derived on DuckDB, which is open."""
    dataset = copy_on(demo, "duckdb")
    derive(dataset, SOME_RULES)
    assert dataset.backend is not None
    return dataset


@pytest.mark.exhaustive
def test_the_demo_has_the_same_findings() -> None:
    opened_by_sql = open_paths([DEMO], Settings(as_of=authority.AS_OF, executor="duckdb"))
    report, rules = validate(opened_by_sql)
    expected, _ = authority.judged()
    assert (report.findings, report.labels) == (expected.findings, expected.labels)
    assert near_misses(opened_by_sql, report, rules) == near_misses(authority.opened(), expected, rules)


def test_what_did_the_work_is_told_once(demo: Dataset) -> None:
    dataset = demo.copy()
    with logged() as texts:
        choose(dataset, "auto")
        for _ in range(2):
            choose(dataset, "duckdb")
            left_to_oxigraph("chain", Unsupported("REPLACE"))
        gave_up("DuckDB", Unsupported("two\nlines"))
        choose(dataset, "oxigraph")
    assert [text.en for text in texts] == [
        "Rules and shapes run on Oxigraph.",
        "Rules and shapes run on DuckDB.",
        "chain is left to Oxigraph: REPLACE",
        "DuckDB gave up; Oxigraph runs the rest: two lines",
    ]
    assert texts[0].da == "Regler og shapes kører på Oxigraph."


def test_a_large_graph_runs_on_duckdb_and_a_small_one_on_oxigraph(
    demo: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for large in (False, True):
        monkeypatch.setattr("graphsc.graph.dataset._MANY", 0 if large else 10_000)
        dataset = copy_on(demo, "auto")
        dataset.open_backend(())
        assert (dataset.backend is not None) == large


def test_two_terms_with_one_hash_are_left_to_oxigraph(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hash of two values, of which one is for literals."""
    monkeypatch.setattr("graphsc.relational.duck.DuckDB.hash", "0::BIGINT")
    dataset = copy_on(Dataset(), "duckdb")
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c")))])
    with logged() as texts:
        dataset.open_backend(())
    assert dataset.backend is None
    assert [text.en for text in texts] == ["DuckDB gave up; Oxigraph runs the rest: two terms with one hash"]


def test_what_is_added_after_the_rules_ran_is_in_both(by_sql: Dataset) -> None:
    """Given as triples, as N-Triples with and without blank nodes, and as what a CONSTRUCT makes."""
    graph = ox.NamedNode("urn:g")
    backend = by_sql.backend
    number = ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))
    by_sql.add(graph, [ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), value) for value in (graph, number)])
    by_sql.load_triples(graph, b'<urn:b> <urn:p> "a \\"b\\" c"@da .\n<urn:a> <urn:p> <urn:g> .\n')
    by_sql.load_triples(graph, b"_:x <urn:p> <urn:b> .\n<urn:b> <urn:p> _:x .\n")
    by_sql.derive(graph, "CONSTRUCT { ?o <urn:q> ?s } WHERE { ?s <urn:p> ?o FILTER(!isLiteral(?o)) }")
    assert by_sql.backend is backend is not None
    assert as_set(backend.rows(EVERYTHING)) == as_set(by_sql.run(EVERYTHING))
    added = "SELECT DISTINCT ?s ?o WHERE { ?s <urn:p>|<urn:q> ?o }"
    assert backend.count(added) == len(backend.rows(added)) == 6


def test_what_was_derived_stays_until_it_is_to_be_derived_again(by_sql: Dataset, by_sparql: Dataset) -> None:
    by_sql.close_backend()
    assert set(by_sql.store) == set(by_sparql.store)
    by_sql.forget_derived()
    assert by_sql.run(f"SELECT ?link WHERE {{ ?link <{G}root> ?root }}") == []
    derive(by_sql, SOME_RULES)
    assert set(by_sql.store) == set(by_sparql.store)


@pytest.mark.exhaustive
def test_threads_have_the_rows_of_their_own_questions(by_sql: Dataset, by_sparql: Dataset) -> None:
    """The desk works things out beside the pages that it answers, and both ask the tables and the store."""
    questions = [text.read_text("utf-8") for text in knowledge_files("ontology/responsibility", ".rq")]
    asks = [(ask, text) for text in questions for ask in (Dataset.rows, Dataset.select, Dataset.rows)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda question: as_set(question[0](by_sql, question[1])), asks)
        expected = {text: as_set(by_sparql.select(text)) for text in questions}
        assert [text for (_, text), answer in zip(asks, answers, strict=True) if answer != expected[text]] == []


def test_derived_facts_that_cannot_be_had_are_no_facts_that_there_are_not(
    demo: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(DuckDB, "write", fail)
    with pytest.raises(Unavailable, match="No space left"):
        derive(copy_on(demo, "duckdb"), SOME_RULES)


@pytest.mark.parametrize(
    "test",
    [
        "!(?n = STR(?s))",
        "?n != STR(?s)",
        "IRI(STR(?s)) = ?s",
        "STRLEN(?x) + ?n = 7",
        "STRBEFORE(?x, ?none) = 1 || true",
    ],
)
def test_computed_values_compare_as_in_sparql(test: str) -> None:
    dataset = Dataset()
    s, n, x = map(ox.NamedNode, ("https://x.example/s", "urn:n", "urn:x"))
    number = ox.Literal("2", datatype=ox.NamedNode(XSD + "integer"))
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(s, n, number), ox.Triple(s, x, ox.Literal("aæ😀 \u00a0"))])
    query = f"SELECT DISTINCT ?s WHERE {{ ?s <urn:n> ?n ; <urn:x> ?x OPTIONAL {{ ?s <urn:y> ?none }} FILTER({test}) }}"
    assert opened(dataset, DuckDB()).rows(query) == dataset.run(query) == [{"s": s}]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "test",
    [
        "isIRI(DATATYPE(?v))",
        "!isLiteral(DATATYPE(?v))",
        "isLiteral(STR(?v))",
        "!isIRI(LANG(?v))",
        "isIRI(IRI(?none))",
        "isLiteral(COALESCE(?v = ?none))",
    ],
)
@pytest.mark.parametrize("value", ["<urn:o>", "_:b", '"a"', '"a"@en', f'"2"^^<{XSD}integer>'])
def test_the_kind_of_an_error_is_an_error(test: str, value: str) -> None:
    dataset = Dataset()
    statement = f"<urn:s> <urn:v> {value} .".encode()
    dataset.add(ox.NamedNode("urn:g"), [quad.triple for quad in ox.parse(statement, ox.RdfFormat.N_TRIPLES)])
    query = f"SELECT DISTINCT ?s WHERE {{ ?s <urn:v> ?v OPTIONAL {{ ?s <urn:y> ?none }} FILTER({test}) }}"
    assert opened(dataset, DuckDB()).rows(query) == dataset.run(query)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2))
def test_random_graphs_are_judged_alike(demo: Any, seed: Any) -> None:
    """The demo as it is, and altered at random."""
    assert_alike(altered(demo, random.Random(seed)) if seed else demo)


@pytest.mark.exhaustive
def test_oxigraph_takes_over_where_the_tables_fail_midway(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Unsupported("two terms with one hash")

    by_sql, by_sparql = copy_on(demo, "duckdb"), demo.copy()
    monkeypatch.setattr(Relational, "add", fail)
    derive(by_sql)
    derive(by_sparql)
    assert set(by_sql.store) == set(by_sparql.store)
    assert by_sql.backend is None


@pytest.mark.exhaustive
def test_a_nation_is_judged_alike(tmp_path: Path) -> None:
    national.write(tmp_path, 10_000, seed=2, rate=0.5)
    assert_alike(loading.load(read([tmp_path]), ON_THE_DAY))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("number", "variant"), JUDGED_TWICE)
def test_the_cases_are_judged_alike(
    number: int, variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = []
    for executor in ("duckdb", "oxigraph"):
        monkeypatch.setattr("graphsc.relational.choose", lambda dataset, _, name=executor: choose(dataset, name))
        folder = tmp_path / executor
        folder.mkdir()
        batch = open_together(BATCHES[number], variant, folder)
        assert (batch.dataset.backend is not None) == (executor == "duckdb")
        facts = {quad.triple for quad in batch.dataset.store}
        findings = near_misses(batch, *validate(batch)).findings
        reports.append((facts, sorted(repr((everything(f), [miss.text for miss in f.near_misses])) for f in findings)))
    assert reports[0] == reports[1]


# ---------------------------------------------------------------------- any query


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2))
def test_a_query_has_the_same_rows(seed: Any) -> None:
    assert compared(DuckDB(), seed, 60) > 0.3


class Forgetful:
    """A connection without the memory for a query of several steps."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, query: str, *values: Any) -> Any:
        if "WITH x1 AS" in query and not query.startswith("CREATE TABLE"):
            raise duckdb.OutOfMemoryException("out of memory")
        return self.connection.execute(query, *values)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2))
def test_a_query_too_large_for_the_memory_is_asked_by_steps(seed: Any) -> None:
    database = DuckDB()
    database._connection = Forgetful(database._connection)  # type: ignore[assignment]
    assert compared(database, seed, 60) > 0.3
    tables = {name for (name,) in database.rows("SELECT table_name FROM information_schema.tables")}
    assert not {name for name in tables if name.startswith("x")}


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_queries_have_the_same_rows(seed: Any) -> None:
    compared(DuckDB(), seed, 250)


def test_a_path_of_no_length_does_not_start_from_a_property_that_is_no_node() -> None:
    dataset = Dataset()
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:p", "urn:b")))])
    query = "SELECT DISTINCT ?p ?x WHERE { <urn:a> ?p <urn:b> . ?p <urn:p>* ?x }"
    assert opened(dataset, DuckDB()).rows(query) == dataset.run(query) == []


def test_what_is_left_to_oxigraph_is_said_with_why() -> None:
    tables = opened(Dataset(), DuckDB())
    for query, why in (
        ("SELECT ?x WHERE { ?x ?y ?z }", "not distinct"),
        ("SELECT DISTINCT ?x ?X WHERE { ?x ?X ?z }", "case"),
        ("SELECT DISTINCT ?x WHERE { ?x ?y ?z } LIMIT 1", "LIMIT"),
        ("SELECT DISTINCT ?x WHERE { ?x ?y ?z FILTER(MD5(?z) = ?x) }", "MD5"),
    ):
        with pytest.raises(Unsupported, match=why):
            tables.rows(query)


def test_the_lesser_of_two_limits_of_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for limits in (["50%", "64MB"], ["64MB", "50%"], ["64MB"]):
        monkeypatch.setattr("graphsc.relational.duck.MEMORY", limits)
        shown.append([*DuckDB().rows("SELECT current_setting('memory_limit')")])
    assert shown[0] == shown[1] == shown[2]
