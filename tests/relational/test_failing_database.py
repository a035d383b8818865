"""A database that fails: Oxigraph takes over with the same answers, or one message says what to do."""

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
from backends import LEFT, copy_on, logged, opened

from graphsc.core.problems import Unavailable
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import XSD
from graphsc.derivation import derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import loading
from graphsc.graph.backend import Unsupported
from graphsc.graph.dataset import Dataset
from graphsc.relational.duck import DuckDB
from graphsc.rendering import render
from graphsc.service import near_misses, open_paths, validate
from graphsc.sources import read

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
    tables = opened(Dataset(), database := Failing(lambda *_: False))
    triple = f'<urn:a> <urn:size> "7"^^<{XSD}integer> .\n'.encode()
    database.fails = lambda *statement: statement == ("append", table)
    with pytest.raises(Unsupported, match="Out of Memory"):
        tables.add(triple)
    database.fails = lambda *_: False
    tables.add(triple)
    assert tables.rows("SELECT DISTINCT ?s WHERE { ?s <urn:size> ?n FILTER(?n > 5) }") == [{"s": ox.NamedNode("urn:a")}]


@pytest.fixture(scope="module")
def demo() -> Any:
    return loading.load(read([DEMO]), Settings(as_of=authority.AS_OF))


def derived(loaded: Dataset, executor: str) -> set[ox.Quad]:
    dataset = copy_on(loaded, executor)
    derive(dataset, RULES)
    return set(dataset.store)


@pytest.fixture(scope="module")
def by_sparql(demo: Dataset) -> set[ox.Quad]:
    return derived(demo, "oxigraph")


@pytest.fixture(scope="module")
def statements(demo: Dataset) -> int:
    with failing(0, for_good=False) as number:
        derived(demo, "duckdb")
        return number()


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.9])
def test_the_same_is_derived_where_the_database_fails_once_on_the_way(
    demo: Dataset, by_sparql: set[ox.Quad], statements: int, part: float
) -> None:
    with failing(1 + int(part * statements), for_good=False), logged() as texts:
        assert derived(demo, "duckdb") == by_sparql
    assert any(LEFT in text.en or "gave up" in text.en for text in texts)


@pytest.mark.parametrize("part", [0.6, 0.9])
def test_what_was_derived_is_not_left_out_where_the_database_fails_for_good(
    demo: Dataset, statements: int, part: float
) -> None:
    with (
        failing(1 + int(part * statements), for_good=True),
        pytest.raises(Unavailable, match="what was derived cannot"),
    ):
        derived(demo, "duckdb")


def test_the_demo_is_judged_alike_where_the_database_fails_once_all_is_derived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing_now: Sequence[str] = ()
    monkeypatch.setattr("graphsc.relational._database", lambda _: Failing(lambda name, _: name in failing_now))
    demo = open_paths([DEMO], Settings(as_of=authority.AS_OF, executor="duckdb"))
    failing_now = STATEMENTS
    with logged() as texts:
        report, rules = validate(demo)
    expected, _ = authority.judged()
    assert (report.findings, report.labels) == (expected.findings, expected.labels)
    assert any(text.en.startswith("SUB001 is left to Oxigraph: Out of Memory") for text in texts)
    assert near_misses(demo, report, rules) == near_misses(authority.opened(), expected, rules)


def test_a_command_says_what_to_do_where_what_was_derived_cannot_be_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.relational._database", lambda _: Failing(lambda name, _: name == "write"))
    result = run("duties", str(DEMO), "--as-of", str(authority.AS_OF), "--engine", "duckdb", fresh=True)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "graphsc: what was derived cannot be fetched (Out of Memory Error). Try again, perhaps with --engine oxigraph.\n"
    )


def test_a_nation_is_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the database fails, early, while deriving, while judging or late; for good it may say that it cannot."""
    monkeypatch.setattr("graphsc.graph.dataset._MANY", 0)
    national.write(tmp_path, 3_000, seed=2, rate=0.5)

    def judged() -> str:
        nation = open_paths([tmp_path], Settings(as_of=national.AS_OF))
        report, rules = validate(nation)
        return render("json", near_misses(nation, report, rules), rules, language=Language.EN)

    with failing(0, for_good=False) as statements:
        expected = judged()
    told = []
    for number in range(1, statements(), statements() // 5):
        for for_good in (False, True):
            with failing(number, for_good=for_good):
                try:
                    assert judged() == expected, number
                except Unavailable as error:
                    told.append(str(error).partition(".")[0])
    assert set(told) == {"what was derived cannot be fetched (Out of Memory Error)"}
    assert len(told) < 6
