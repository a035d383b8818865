"""A second SPARQL engine behind the same protocol: what Oxigraph's server is tested for holds of another one too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_files import FOLDER, read_case
from command import BROKEN, CLEAN, run
from repository import TESTS
from serving import serving
from test_server import gate
from turns import share

AS_OF = ("--as-of", "2026-11-25")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    program = TESTS / "support" / "rdflib_server.py"
    with serving([sys.executable, str(program)]) as address:
        yield address


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Cases with chains in a circle, requirements passed on, and dates, in one folder."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    for name in ("CHN001", "FLW001-tightened"):
        (folder / f"{name}.yaml").write_text(read_case(FOLDER / f"{name}.yaml").violating, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    "words",
    share([("validate", "--format", "json"), ("query", "open-deviations")], 2),
    ids=" ".join,
)
def test_another_engine_gives_the_same_bytes(server: str, data: str, words: tuple[str, ...]) -> None:
    """All that is found one day, the rows of a question the next."""
    here = run(*words, data, *AS_OF)
    there = run("--endpoint", server, *words, data, *AS_OF)
    assert there.stderr == here.stderr
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)
    if words[0] == "validate":
        assert {code for code in ("CHN001", "FLW001", "SUB001") if f'"{code}"' in there.stdout} == {
            "CHN001", "FLW001", "SUB001",
        }  # fmt: skip


def test_another_engine_that_dies_halfway_leaves_no_claim(server: str, data: str) -> None:
    with gate(server, lambda number, _: 200 if number <= 60 else None) as (url, seen):
        result = run("--endpoint", url, "validate", data, *AS_OF)
    assert len(seen) > 60
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"graphsc: the server {url}/query did not answer as it should")


def test_another_engine_says_what_is_wrong_with_a_query(server: str, tmp_path: Path) -> None:
    data = tmp_path / "clean.yaml"
    data.write_text(CLEAN, encoding="utf-8")
    question = tmp_path / "q.rq"
    question.write_text("SELECT ?x WHERE { ?x a }", encoding="utf-8")
    result = run("--endpoint", server, "query", str(question), str(data), *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "HTTP 400" in result.stderr
