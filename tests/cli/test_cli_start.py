"""What the command line loads: help stays quick, and validating needs no heavy library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command import AS_OF, BROKEN
from typer.main import get_command

from graphsc.cli.app import app

HEAVY = ["rdflib", "pyshacl", "networkx", "numpy", "scipy", "pyvis", "jinja2", "jsonschema", "xlsxwriter"]
SCRIPT = """
import io, json, sys
from contextlib import redirect_stdout
from graphsc.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["graphsc", *words]
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as said:
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
    said.seek(0)
    print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules}), said.read()]))
"""


def loaded(folder: Path, *commands: list[str]) -> list[tuple[int, set[str], str]]:
    """What comes of commands that one process runs one after the other: for each its exit code, the top-level modules, its output."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)], cwd=folder, capture_output=True, timeout=60, check=True
    )
    return [(code, set(modules), said) for code, modules, said in map(json.loads, done.stdout.splitlines())]


def test_help_and_version_load_nothing_heavy(tmp_path: Path) -> None:
    commands = [[], *([name] for name in vars(get_command(app))["commands"]), ["config", "show"]]
    *helped, (code, modules, said) = loaded(tmp_path, *([*words, "--help"] for words in commands), ["--version"])
    assert (code, said.split()[0]) == (0, "graphsc")
    assert modules & set(HEAVY) == set()
    for words, (code, modules, said) in zip(commands, helped, strict=True):
        assert code == 0, words
        assert said.startswith("Usage: graphsc"), words
        assert modules & set(HEAVY) == set(), words


@pytest.mark.exhaustive
def test_validate_loads_no_other_rdf_library_and_the_map_no_notebook(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    forms = [["validate", "a.yaml", *AS_OF, "--format", form] for form in ("text", "json", "sarif", "shacl")]
    *judged, (code, modules, _) = loaded(tmp_path, *forms, ["map", "a.yaml", *AS_OF])
    assert code == 0
    assert modules & {"IPython", "pyvis", "rdflib"} == set()
    for code, modules, _ in judged:
        assert code == 1
        assert modules & {"rdflib", "pyshacl", "networkx", "pyvis", "jsonschema"} == set()
        assert "pyoxigraph" in modules


@pytest.mark.exhaustive
def test_a_workbook_is_written_asked_with_and_imported_without_an_extra(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    book = ["workbook", "a.yaml", "-o", "a.xlsx", *AS_OF]
    inquiry = ["ask", "Løngang", "a.yaml", "-o", "asked.xlsx", *AS_OF]
    ran = loaded(tmp_path, book, inquiry, ["import", "asked.xlsx", "a.yaml"])
    assert [code for code, _, _ in ran] == [0, 0, 2]  # nobody says in it who answered
    assert ran[-1][1] & {"numpy", "scipy", "networkx", "jinja2"} == set()


def test_without_a_command_there_is_help_and_exit_code_2(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "graphsc"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"Usage: graphsc" in done.stdout + done.stderr
