"""DuckDB gives what Oxigraph gives: fact by fact, row by row and finding by finding."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import authority
import national
import pyoxigraph as ox
import pytest
from repository import DEMO

pytest.importorskip("duckdb")
import duckdb
from case_batches import BATCHES, CASES, JUDGED_TWICE, Variant, everything, open_together
from random_queries import as_set, compared

from graphsc.core.identifiers import RULE_PREFIX, SOURCE_PREFIX
from graphsc.core.problems import Unavailable
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, XSD, G
from graphsc.coverage.words import of
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.backend import Row, Term, Unsupported, report_to
from graphsc.graph.dataset import Dataset
from graphsc.relational import LOG, choose, give_up, leave_to_oxigraph
from graphsc.relational.duck import DuckDB
from graphsc.relational.execution import Relational
from graphsc.service import near_misses, open_paths, validate
from graphsc.sources import read
from graphsc.sparql.reading import read as read_query
from graphsc.sparql.syntax import Var
from graphsc.validation import engine
from graphsc.validation.examples import rows
from graphsc.validation.shapes import compile_shapes

ON_THE_DAY = Settings(as_of=authority.AS_OF)
EVERYTHING = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }"
FEW = 25
"""So many of the rules and queries at most are left to Oxigraph: most are not, or nothing would be compared."""
SOME_RULES = [
    rule
    for rule in catalogue.load()
    if rule.name
    in {
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
]
"""For tests of when the store gets what was derived; that every rule derives the same is a test of its own."""


def assert_alike(loaded: Dataset) -> None:
    """A dataset that nothing is derived of yet, derived and judged twice."""
    by_sql, by_sparql = loaded.copy(), loaded.copy()
    by_sql.executor, by_sparql.executor = "duckdb", "oxigraph"
    for dataset in (by_sql, by_sparql):
        derive(dataset)
    assert set(by_sql.store) == set(by_sparql.store)
    shapes = [shape for shape in compile_shapes(loaded).shapes if shape.plan is not None]
    focus = engine.focus_counts(by_sql, shapes)
    assert focus == engine.focus_counts(by_sparql, shapes)
    results = [
        {text: as_set(rows) for text, rows in engine.answers(dataset, shapes, focus).items()}
        for dataset in (by_sql, by_sparql)
    ]
    assert [text for text in results[0] if results[0][text] != results[1][text]] == []
    assert by_sql.executor == "duckdb"
    assert len(by_sql.fallbacks) < FEW
    folders = ("responsibility", "drawing", "analysis")
    files = (file for folder in folders for file in knowledge_files(f"ontology/{folder}", ".rq"))
    for text in (EVERYTHING, *(file.read_text("utf-8") for file in files)):
        answer, expected = rows(by_sql, text), by_sparql.select(text)
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


def by_some_rules(loaded: Any, executor: str) -> Any:
    dataset = loaded.copy()
    dataset.executor = executor
    derive(dataset, SOME_RULES)
    return dataset


@pytest.fixture(scope="module")
def by_sparql(demo: Dataset) -> Any:
    """The demo with what some rules derive of it, to be read alone."""
    return by_some_rules(demo, "oxigraph")


@pytest.mark.exhaustive
def test_the_demo_is_judged_alike_without_every_fact_in_the_store() -> None:
    """What names, holders and scopes of findings are made of is asked of the tables, of the nodes that there are findings of."""
    opened = open_paths([DEMO], Settings(as_of=authority.AS_OF, executor="duckdb"))
    report, _ = validate(opened)
    expected, _ = authority.judged()
    assert (report.findings, report.labels) == (expected.findings, expected.labels)
    by_sql, by_sparql = opened.dataset, authority.opened().dataset
    assert (by_sql.executor, by_sparql.executor) == ("duckdb", "oxigraph")
    part_of = ox.NamedNode(G + "partOf")
    before = len(list(by_sql.holding(()).quads_for_pattern(None, part_of, None, None)))
    assert before < len(list(by_sql.statements(G + "partOf")))
    quads = set(by_sql.store)
    graphs = {quad.graph_name for quad in quads}  # other tests may have put more beside them
    assert not quads ^ {quad for quad in by_sparql.store if quad.graph_name in graphs}
    assert len(by_sql.fallbacks) < FEW


@pytest.mark.exhaustive
def test_a_late_finding_is_told_without_every_fact_in_the_store(tmp_path: Path) -> None:
    """What was to be done by when is a property that the obligation names."""
    case = next(case for case in CASES if case.name == "INC002-late")
    judged = {}
    for executor in ("duckdb", "oxigraph"):
        (tmp_path / "case.yaml").write_text(case.violating, encoding="utf-8")
        opened = open_paths([tmp_path / "case.yaml"], replace(case.settings, executor=executor))
        judged[executor] = [(finding.message, finding.bound) for finding in validate(opened)[0].findings]
        assert executor == "oxigraph" or opened.dataset.deferred.withholds()  # type: ignore[union-attr]
    assert judged["duckdb"] == judged["oxigraph"]
    assert "1 day late" in judged["duckdb"][0][0].en


def test_what_did_the_work_is_told_once(
    demo: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = demo.copy()
    texts: list[Text] = []
    monkeypatch.setattr(LOG, "handlers", [])
    caplog.set_level(logging.DEBUG, LOG.name)
    report_to(texts.append)
    choose(dataset)
    dataset.executor = "duckdb"
    for _ in range(2):
        choose(dataset)
        leave_to_oxigraph(dataset, "chain", Unsupported("REPLACE"))
    give_up(dataset, Unsupported("two\nlines"))
    choose(dataset)
    assert [text.en for text in texts] == [
        "Rules and shapes run on Oxigraph.",
        "Rules and shapes run on DuckDB.",
        "chain is left to Oxigraph: REPLACE",
        "DuckDB gave up; Oxigraph runs the rest: two lines",
    ]
    assert texts[0].da == "Regler og shapes kører på Oxigraph."
    assert dataset.fallbacks == {"chain": "REPLACE", "duckdb": "two\nlines"}


def test_a_small_graph_is_worked_out_on_oxigraph(demo: Any) -> None:
    dataset = demo.copy()
    choose(dataset)
    assert dataset.executor == "oxigraph"
    assert of(dataset) is None


def test_a_large_graph_is_worked_out_on_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dataset, "is_large", lambda _: True)
    dataset = Dataset()
    choose(dataset)
    assert dataset.executor == "duckdb"
    tables = of(dataset)
    assert tables is of(dataset)
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c")))])
    assert of(dataset) is not tables  # they no longer hold what the store holds


def test_the_tables_hold_what_the_store_holds_once_shapes_are_judged() -> None:
    """Meanwhile both hold the literal as it was written."""
    dataset = Dataset()
    dataset.executor = "duckdb"
    written = ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))
    source = ox.NamedNode(f"{SOURCE_PREFIX}1")
    dataset.assert_all([ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), written, source)])
    tables = of(dataset)
    assert tables is not None
    everything = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }"
    before = tables.rows(everything)
    shapes = [
        shape
        for shape in compile_shapes(loading.load_knowledge(Settings())).shapes
        if shape.plan is not None and any(not query.by_hand for query in shape.plan.queries)
    ][:1]
    engine.answers(dataset, shapes, {shape.iri: 1 for shape in shapes})
    assert dataset.relational is tables
    assert tables.rows(everything) == before
    assert len(before) == 1


def test_two_terms_with_one_hash_are_left_to_oxigraph(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hash of two values, of which one is for literals."""
    monkeypatch.setattr("graphsc.relational.duck.DuckDB.hash", "0::BIGINT")
    dataset = Dataset()
    dataset.executor = "duckdb"
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c")))])
    assert of(dataset) is None
    assert (dataset.executor, dataset.fallbacks) == ("oxigraph", {"duckdb": "two terms with one hash"})


LINKS = f"SELECT DISTINCT ?link ?root WHERE {{ ?link <{G}root> ?root ; <{G}agreement> ?agreement }}"
FROM_RULES = f"SELECT DISTINCT ?s ?o ?rule WHERE {{ GRAPH ?rule {{ ?s <{G}root> ?o }} }}"
UP = f"SELECT DISTINCT ?s ?o WHERE {{ ?link <{G}agreement> ?s . ?s <{G}under>* ?o }}"
COUNTED = "SELECT DISTINCT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.mark.exhaustive
def test_whatever_is_asked_first_has_every_fact_that_was_derived(demo: Any, by_sparql: Any) -> None:
    """Oxigraph's store gets what SQL derived when it is asked for: the properties that a query names, or all there is."""
    by_sql = by_some_rules(demo, "duckdb")
    assert by_sql.deferred.withholds()
    without = len(by_sql.holding(()))
    for query in (LINKS, FROM_RULES, UP):
        assert as_set(by_sql.run(query)) == as_set(by_sparql.run(query)) != set()
    assert by_sql.deferred.withholds(f"{RULE_PREFIX}active")
    agreement = ox.NamedNode("https://nordlys.example/kontrakt/tryk-2024")
    assert sorted(by_sql.objects(agreement, G + "answerable")) == sorted(by_sparql.objects(agreement, G + "answerable"))
    assert without < len(by_sql.holding(())) < len(by_sparql.store)
    active = ox.NamedNode(f"{RULE_PREFIX}active")
    assert by_sql.size(active) == by_sparql.size(active) > 0
    assert as_set(by_sql.run(COUNTED)) == as_set(by_sparql.run(COUNTED))
    assert not by_sql.deferred.withholds()


def test_what_was_looked_up_is_asked_again_once_something_is_added(demo: Any) -> None:
    dataset = by_some_rules(demo, "duckdb")
    iri, name = "https://nordlys.example/kontrakt/tryk-2024", G + "answerable"
    node, other = map(ox.NamedNode, (iri, "urn:b"))
    dataset.look_up([iri, "no IRI"], (name, RDFS_LABEL), (name,))
    answerable = dataset.objects(node, name)
    assert answerable
    assert dataset.deferred.withholds()
    assert dataset.objects(answerable[0], RDFS_LABEL)
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(node, ox.NamedNode(name), other)])
    assert set(dataset.objects(node, name)) == {*answerable, other}


@pytest.mark.exhaustive
def test_of_what_nodes_are_the_store_gets_the_classes_that_are_asked_for(demo: Any, by_sparql: Any) -> None:
    by_sql = by_some_rules(demo, "duckdb")
    before = len(by_sql.holding(()))
    active, every = (f"SELECT ?this WHERE {{ ?this a {cls} }}" for cls in (f"<{G}ActiveAgreement>", "?class"))
    assert as_set(by_sql.run(active)) == as_set(by_sparql.run(active))
    assert len(by_sql.holding(())) == before + len(by_sql.run(active))
    subcontracts = [dataset.subjects(RDF_TYPE, G + "Subcontract") for dataset in (by_sql, by_sparql)]
    assert subcontracts[0] == subcontracts[1] != set()
    held = by_sql.holding(()).quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None)
    assert len(list(held)) < len(list(by_sparql.statements(RDF_TYPE)))
    assert as_set(by_sql.run(every)) == as_set(by_sparql.run(every))


@pytest.mark.exhaustive
def test_threads_have_the_rows_of_their_own_questions(demo: Any, by_sparql: Any) -> None:
    """The desk works things out beside the pages that it answers, and both ask the tables and the store."""
    by_sql = by_some_rules(demo, "duckdb")
    questions = [text.read_text("utf-8") for text in knowledge_files("ontology/responsibility", ".rq")]
    asks = [(ask, text) for text in questions for ask in (rows, Dataset.select, rows)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda question: as_set(question[0](by_sql, question[1])), asks)
        expected = {text: as_set(by_sparql.select(text)) for text in questions}
        assert [text for (_, text), answer in zip(asks, answers, strict=True) if answer != expected[text]] == []


def test_what_is_added_after_the_rules_ran_does_not_lose_what_they_derived(demo: Any) -> None:
    dataset = by_some_rules(demo, "duckdb")
    dataset.add(ox.NamedNode("urn:g"), [ox.Triple(*map(ox.NamedNode, ("urn:a", "urn:b", "urn:c")))])
    assert dataset.relational is None
    assert len(dataset.run(LINKS)) > 0
    dataset.forget_derived()
    assert dataset.run(LINKS) == []


def test_derived_facts_that_cannot_be_had_are_no_facts_that_there_are_not(
    demo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    dataset = by_some_rules(demo, "duckdb")
    with monkeypatch.context() as context:
        context.setattr(DuckDB, "write", fail)
        for _ in range(2):
            with pytest.raises(Unavailable, match="No space left"):
                dataset.run(LINKS)
    assert len(dataset.run(LINKS)) > 0


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
    assert Relational(dataset.store, DuckDB()).rows(query) == dataset.run(query) == [{"s": s}]


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
    assert Relational(dataset.store, DuckDB()).rows(query) == dataset.run(query)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(4))
def test_random_graphs_are_judged_alike(demo: Any, seed: Any) -> None:
    """The demo as it is, and altered in three ways."""
    assert_alike(altered(demo, random.Random(seed)) if seed else demo)


@pytest.mark.exhaustive
def test_oxigraph_takes_over_where_the_tables_fail_midway(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(tables: Relational, new: bytes, gone: bytes = b"") -> None:
        raise Unsupported("two terms with one hash")

    by_sql, by_sparql = demo.copy(), demo.copy()
    by_sql.executor, by_sparql.executor = "duckdb", "oxigraph"
    monkeypatch.setattr(Relational, "change", fail)
    derive(by_sql)
    derive(by_sparql)
    assert set(by_sql.store) == set(by_sparql.store)
    assert by_sql.executor == "oxigraph"


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
        monkeypatch.setattr(
            "graphsc.relational.choose", lambda dataset, name=executor: setattr(dataset, "executor", name)
        )
        folder = tmp_path / executor
        folder.mkdir()
        opened = open_together(BATCHES[number], variant, folder)
        assert opened.dataset.executor == executor
        facts = {quad.triple for quad in opened.dataset.store}
        findings = near_misses(opened, *validate(opened)).findings
        reports.append((facts, sorted(repr((everything(f), [miss.text for miss in f.near])) for f in findings)))
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
    assert Relational(dataset.store, DuckDB()).rows(query) == dataset.run(query) == []


def test_what_is_left_to_oxigraph_is_said_with_why() -> None:
    tables = Relational(ox.Store(), DuckDB())
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
