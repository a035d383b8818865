"""Every command on Windows, macOS and Linux alike: here each runs without what Windows does not have."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from command import AS_OF, BROKEN
from repository import REPOSITORY, TESTS

from graphsc.cli.group import COMMANDS

pytestmark = pytest.mark.exhaustive

CROSS = "PREFIX g: <https://w3id.org/graphsc/ns#> SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEAVY = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?a ?c ?d ?f WHERE { ?a ?b ?c . ?d ?e ?f } }"
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix g: <https://w3id.org/graphsc/ns#> . @prefix my: <https://my.example/> .
my:Own sh:targetClass g:Organisation ; sh:property [ sh:path g:country ; sh:minCount 1 ; sh:message "Intet land"@da, "No country"@en ] .
"""
RULE = (
    "PREFIX g: <https://w3id.org/graphsc/ns#> CONSTRUCT { ?a g:specialised true } WHERE { ?a a g:ProcurementProcess }"
)
DATA = "data/register.yaml"
WORDS: dict[str, list[list[str]]] = {
    "init": [["init", "begun"]],
    "validate": [
        ["validate", "data", "--shapes", "own"],
        *(["validate", "data", "-f", form] for form in ("json", "sarif", "junit", "github")),
        ["validate", "data/none.yaml"],
        ["validate", "data", "--write-baseline", "none/baseline.json"],
    ],
    "questions": [["questions", "data", "-f", form] for form in ("text", "json", "html")],
    "workbook": [["workbook", "data", "-o", "out/register.xlsx"], ["workbook", "data", "-o", "none/register.xlsx"]],
    "ask": [["ask", "data", "--supplier", "L", "-o", "out/ask.xlsx"]],
    "import": [["import", "table.csv"], ["import", "none.csv"]],
    "risk": [["risk", "data"]],
    "duties": [
        *(["duties", "data", "-f", form] for form in ("text", "json", "ics")),
        ["duties", "data", "-f", "mail", "-o", "out/mail"],
    ],
    "raci": [["raci", "data"]],
    "coverage": [["coverage", "data"]],
    "what-if": [["what-if", "data", "--lose", "L"]],
    "map": [["map", "data", "-o", "out/map.html"]],
    "report": [["report", "data", "-o", "out/report.html"], ["report", "data", "-o", "none/report.html"]],
    "serve": [["serve", "data", "--access-log", "none/access.log"]],
    "rules": [["rules"]],
    "explain": [["explain", "SUB001", "data"]],
    "query": [
        ["query", "unapproved-subcontractors", "data"],
        ["query", "cross.rq", "data", "--timeout", "0.1"],
        ["query", "none.rq", "data"],
    ],
    "queries": [["queries"]],
    "config": [["config", "show"]],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("elsewhere")
    for name in ("data/deep", "own", "out"):
        (top / name).mkdir(parents=True)
    for name, text in {
        DATA: BROKEN,
        "data/deep/damaged.yaml": "kontrakter: [\n",
        "own/shape.ttl": SHAPE,
        "own/rule.rq": RULE,
        "own/damaged.ttl": "my:",
        "table.csv": "navn;cvr\nKystvagten;\n",
        "cross.rq": CROSS,
        "graphsc.toml": 'baseline = "out/baseline.json"\n',
    }.items():
        (top / name).write_text(text, encoding="utf-8")
    return top


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAPHSC_", "PYTHON", "LC_"))}
    path = os.pathsep.join([str(TESTS / "support" / "elsewhere"), str(REPOSITORY)])
    return {**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", "GRAPHSC_LANG": "en"}


def test_every_command_is_tried() -> None:
    assert [*WORDS] == [*COMMANDS]


@pytest.mark.parametrize("name", WORDS)
def test_a_command_runs_and_writes_paths_with_slashes(name: str, folder: Path) -> None:
    for words in WORDS[name]:
        dated = [*words, *AS_OF] if name not in {"init", "rules", "queries", "import", "config"} else words
        done = subprocess.run(
            [sys.executable, "-m", "graphsc", *dated],
            cwd=folder,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert "Internal error" not in done.stderr
        assert done.returncode in {0, 1, 2}
        fails = any(word.startswith(("none", "data/none")) for word in words) or "cross.rq" in words
        assert done.returncode == 2 or not fails, done.stderr
        written = [done.stdout, done.stderr]
        written += [file.read_text(encoding="utf-8") for file in folder.glob("out/*.html")]
        for text in written:
            assert re.findall(r"(?:data|own|out|none|begun|deep|elsewhere)\\+\w[^\s\"]*", text) == []


SERVE = """
from functools import partial
from graphsc.cli import main
from graphsc.web.sparql import asker

if __name__ == "__main__":
    asker.Limits = partial(asker.Limits, seconds=2, memory=64 << 20)
    main()
"""


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a server in a process of its own."""
    (folder / "serving.py").write_text(SERVE, encoding="utf-8")
    words = [sys.executable, "serving.py", "serve", "data", "--port", "0", *AS_OF]
    process = subprocess.Popen(words, cwd=folder, env=environment(), stderr=subprocess.PIPE, encoding="utf-8")
    assert process.stderr is not None
    try:
        told = process.stderr.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
        assert match, told + process.stderr.read()
        yield int(match[1])
    finally:
        process.kill()
        process.communicate()


def test_a_desk_answers_pages_and_queries_and_stops_those_that_take_too_much(folder: Path) -> None:
    with serving(folder) as port:

        def get(path: str, **parameters: str) -> tuple[int, str]:
            connection = HTTPConnection("127.0.0.1", port, timeout=120)
            connection.request("GET", f"{path}?{urlencode(parameters)}", headers={"accept": "*/*"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

        status, page = get("/en/findings")
        assert status == 200
        assert "SUB001" in page
        assert "data\\" not in page
        status, rows = get("/sparql", query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        assert (status, len(json.loads(rows)["results"]["bindings"])) == (200, 1)
        status, told = get("/sparql", query=CROSS)
        assert (status, "stopped after 2 seconds" in told) == (504, True)
        status, told = get("/sparql", query=HEAVY)
        assert (status, "more than 64 MB" in told) == (507, True)
        assert get("/sparql", query="ASK { ?s ?p ?o }")[0] == 200
