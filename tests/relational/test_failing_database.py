"""A database that fails: Oxigraph takes over, with the same answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import authority
import national
import pyoxigraph as ox
import pytest
from command import run
from repository import DEMO

pytest.importorskip("duckdb")
import duckdb

from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import XSD
from graphsc.coverage.words import of
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.relational.duck import DuckDB
from graphsc.relational.execution import Relational
from graphsc.rendering import render
from graphsc.service import near_misses, open_paths, validate
from graphsc.sources import read
from graphsc.validation import engine
from graphsc.validation.shapes import compile_shapes

pytestmark = pytest.mark.exhaustive

STATEMENTS = ("create", "append", "drop", "rows", "column", "lines", "write", "closure")
RULES = [rule for rule in catalogue.load() if rule.name in {"active", "chain", "chain-root", "part-of", "root"}]


class Failing(DuckDB):
    """DuckDB that has no memory for the statements of which ``fails`` says so, by what they do and to which table."""

    def __init__(self, fails: Callable[[str, str], bool]) -> None:
        super().__init__()
        self.fails = fails

    def __getattribute__(self, name: str) -> Any:
        method = super().__getattribute__(name)
        if name not in STATEMENTS:
            return method
        return lambda *given: self.tried(name, method, *given)

    def tried(self, name: str, method: Callable[..., Any], *given: Any) -> Any:
        if self.fails(name, str(given[0])):
            raise duckdb.OutOfMemoryException("Out of Memory Error")
        return method(*given)


@contextmanager
def failing(number: int, *, for_good: bool) -> Iterator[Callable[[], int]]:
    """Databases whose statement of that number fails, and those after it if for good; gives how many there were."""
    numbers = itertools.count(1)

    def fails(*_: str) -> bool:
        now = next(numbers)
        return now >= number if for_good else now == number

    with pytest.MonkeyPatch.context() as context:
        context.setattr("graphsc.relational._database", lambda _: Failing(fails))
        yield lambda: next(numbers) - 1


@pytest.mark.parametrize("table", ["term", "value"])
def test_a_term_that_could_not_be_entered_whole_has_its_value_the_next_time(table: str) -> None:
    dataset = Dataset()
    tables = Relational(dataset.store, database := Failing(lambda *_: False))
    node, size = map(ox.NamedNode, ("urn:a", "urn:size"))
    triple = ox.Triple(node, size, ox.Literal("7", datatype=ox.NamedNode(XSD + "integer")))
    database.fails = lambda *statement: statement == ("append", table)
    assert not tables.update([triple], ())
    database.fails = lambda *_: False
    assert tables.update([triple], ())
    assert tables.rows("SELECT DISTINCT ?s WHERE { ?s <urn:size> ?n FILTER(?n > 5) }") == [{"s": node}]


@pytest.fixture(scope="module")
def demo() -> Any:
    return loading.load(read([DEMO]), Settings(as_of=authority.AS_OF))


def derived(loaded: Any, executor: str) -> Any:
    dataset = loaded.copy()
    dataset.executor = executor
    derive(dataset, RULES)
    return dataset


@pytest.fixture(scope="module")
def by_sparql(demo: Any) -> Any:
    return set(derived(demo, "oxigraph").store)


@pytest.fixture(scope="module")
def statements(demo: Any) -> int:
    with failing(0, for_good=False) as number:
        derived(demo, "duckdb")
        return number()


@pytest.mark.parametrize(("part", "for_good"), [(0.0, True), (0.3, False), (0.6, True), (0.9, False), (0.9, True)])
def test_the_same_is_derived_where_the_database_fails_on_the_way(
    demo: Any, by_sparql: Any, statements: int, part: float, *, for_good: bool
) -> None:
    with failing(1 + int(part * statements), for_good=for_good):
        by_both = derived(demo, "duckdb")
        assert set(by_both.store) == by_sparql
    assert by_both.fallbacks


def test_tables_hold_what_the_store_holds_after_judging_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked next would otherwise be answered with literals as they were written."""
    dataset = Dataset()
    dataset.executor = "duckdb"
    written = ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))
    dataset.assert_all(
        [ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), written, ox.NamedNode(f"{SOURCE_PREFIX}1"))]
    )
    tables = of(dataset)
    assert tables is not None
    shapes = [
        shape
        for shape in compile_shapes(loading.load_knowledge(Settings())).shapes
        if shape.plan is not None and any(not query.by_hand for query in shape.plan.queries)
    ][:1]

    def broken_off(*_: object) -> None:
        assert len(tables.rows("SELECT DISTINCT ?a WHERE { ?a ?b 1 }")) == 0
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_answers", broken_off)
    with pytest.raises(KeyboardInterrupt):
        engine.answers(dataset, shapes, {shape.iri: 1 for shape in shapes})
    assert dataset.relational is tables
    assert len(tables.rows("SELECT DISTINCT ?a WHERE { ?a ?b 1 }")) == 1


@pytest.mark.parametrize("statements", [STATEMENTS, ("write",)], ids=["any", "write"])
def test_the_demo_is_judged_alike_where_the_database_fails_once_all_is_derived(
    statements: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Derived facts that only the tables have are derived again."""
    failing_now: Sequence[str] = ()
    monkeypatch.setattr("graphsc.relational._database", lambda _: Failing(lambda name, _: name in failing_now))
    opened = open_paths([DEMO], Settings(as_of=authority.AS_OF, executor="duckdb"))
    failing_now = statements
    report, rules = validate(opened)
    expected, _ = authority.judged()
    assert (report.findings, report.labels) == (expected.findings, expected.labels)
    assert opened.dataset.fallbacks["duckdb"]
    assert near_misses(opened, report, rules) == near_misses(authority.opened(), expected, rules)


def failing_after(monkeypatch: pytest.MonkeyPatch, name: str, function: Callable[..., Any]) -> list[str]:
    """Let every statement of the database fail once a function, known by a name, has been called; the name is listed then."""
    called: list[str] = []

    def call_and_fail(*arguments: Any) -> Any:
        result = function(*arguments)
        called.append(name)
        return result

    monkeypatch.setattr(name, call_and_fail)
    monkeypatch.setattr("graphsc.relational._database", lambda _: Failing(lambda *_: bool(called)))
    return called


def test_a_command_says_what_to_do_where_the_database_fails_once_all_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_after(monkeypatch, "graphsc.service.duties.validate", validate)
    result = run("duties", str(DEMO), "--as-of", str(authority.AS_OF), "--engine", "duckdb", fresh=True)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "graphsc: what was derived cannot be fetched (Out of Memory Error). Try again, perhaps with --engine oxigraph.\n"
    )


def test_a_nation_is_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the database fails, early, while deriving, while judging or late, for once or for good."""
    monkeypatch.setattr("graphsc.graph.dataset._MANY", 0)
    national.write(tmp_path, 3_000, seed=2, rate=0.5)

    def judged() -> str:
        opened = open_paths([tmp_path], Settings(as_of=national.AS_OF))
        report, rules = validate(opened)
        return render("json", near_misses(opened, report, rules), rules, language=Language.EN)

    with failing(0, for_good=False) as statements:
        expected = judged()
    for number in range(1, statements(), statements() // 4):
        for for_good in (False, True):
            with failing(number, for_good=for_good):
                assert judged() == expected, number
