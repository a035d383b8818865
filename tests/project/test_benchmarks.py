"""The engine's benchmark: it fails on any finding that was not planted, and its tables say what was measured."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import platform
from dataclasses import replace
from pathlib import Path
from typing import Any

import engine
import page
import pytest
from national import Planted

BENCHMARKS = Path(engine.__file__).parent

SMALL = engine.Row(
    triples=10_000, quads=30_000, planted=3, bare=0.05, bare_memory=40, steps=(0.1, 0.05, 0.2, 0.1, 0.01), wall=0.4,
    memory=100, asked=(0.01,) * len(engine.QUESTIONS), oracle=40.0, measured=True, full=0.23,
)  # fmt: skip
LARGE = engine.Row(
    triples=100_000, quads=280_000, planted=12, bare=0.4, bare_memory=120, steps=(0.6, 0.4, 1.6, 0.8, 0.01), wall=3.2,
    memory=400, asked=(0.01, 0.02), oracle=400.0, measured=False,
)  # fmt: skip
PLANTED = [Planted("A1", "x:s", None), Planted("A2", "x:s", "x:v")]


@pytest.mark.parametrize(
    ("findings", "wrong"),
    [
        ([["A1", "x:s", None], ["A2", "x:s", "x:v"]], []),
        ([["A1", "x:s", None]], ["not found: A2 x:s x:v"]),
        ([["A1", "x:s", None], ["A2", "x:s", "x:w"]], ["not found: A2 x:s x:v", "not planted: A2 x:s x:w"]),
        ([["A1", "x:s", None], ["A1", "x:s", None], ["A2", "x:s", "x:v"]], ["something was found twice"]),
    ],
)
def test_what_is_found_has_to_be_what_was_planted(findings: Any, wrong: Any) -> None:
    assert engine.unexpected(findings, PLANTED) == wrong


def test_the_tables() -> None:
    assert engine.times_table([SMALL, LARGE]).splitlines()[2:] == [
        "| 10,000 | 30,000 | 0.05 | 0.23 | 0.10 | 0.05 | 0.20 | 0.10 | 0.01 | **0.46** | 9.2 | 2.0 | 0.4 | 100 MB |",
        "| 100,000 | 280,000 | 0.40 |  | 0.60 | 0.40 | 1.60 | 0.80 | 0.01 | **3.41** | 8.5 |  | 3.2 | 400 MB |",
    ]
    assert engine.oracle_table([SMALL, LARGE]).splitlines()[2:] == [
        "| 10,000 | 0.10 | 40 | 400 | 0.05 | 3 |",
        "| 100,000 | 0.80 | 400 (extrapolated) | 500 | 2 ended | 12 |",
    ]
    stopped = replace(SMALL, oracle=90.0, ended=False)
    assert engine.oracle_table([stopped, replace(LARGE, ended=False)]).splitlines()[2:] == [
        "| 10,000 | 0.10 | more than 90 | > 900 | 0.05 | 3 |",
        "| 100,000 | 0.80 | more than 400 (extrapolated) | > 500 | 2 ended | 12 |",
    ]
    assert engine.growth([SMALL, LARGE]).splitlines()[2:] == ["| 10,000 – 100,000 | 10.0 | 8.0 |  | 7.4 | 4.0 |"]
    assert engine.growth([SMALL, replace(LARGE, full=2.3)]).splitlines()[2].split(" | ")[3] == "10.0"


def test_a_program_that_is_stopped_has_said_what_it_had_said() -> None:
    program = "import json\nprint(json.dumps({'a': 1}))\nprint('{\"b\"', end='')"
    assert engine.output_of(program, limit=60) == {"a": 1}


def test_a_program_that_fails_ends_the_run() -> None:
    with pytest.raises(SystemExit, match="ZeroDivisionError"):
        engine.output_of("1 / 0", limit=60)


def test_the_machine_is_described_without_saying_which_one_it_is() -> None:
    said = page.machine()
    assert f"Python {platform.python_version()}" in said
    assert platform.node() not in said
    assert str(Path.home()) not in said


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    kept = engine.Kept(file)
    assert kept.rows == {}
    kept.add(10_000, SMALL)
    kept.add(100_000, LARGE)
    again = engine.Kept(file).rows
    assert sorted(again) == [10_000, 100_000]
    for size, row in ((10_000, SMALL), (100_000, LARGE)):
        assert engine.times_table([again[size]]) == engine.times_table([row])
        assert engine.oracle_table([again[size]]) == engine.oracle_table([row])
    engine.Kept(None).add(10_000, SMALL)


def scripts() -> list[tuple[str, str]]:
    """The programs that a benchmark runs in processes of their own: no type checker reads them."""
    return [
        (file.name, node.value)
        for file in sorted(BENCHMARKS.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\nfrom graphsc" in node.value
    ]


@pytest.mark.parametrize(("name", "script"), scripts())
def test_what_a_program_of_a_benchmark_imports_is_there(name: str, script: str) -> None:
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name) or importlib.util.find_spec(f"{node.module}.{alias.name}"), name
