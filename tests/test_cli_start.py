"""What the command line loads: help stays quick, and validating needs no heavy library."""

import json
import subprocess
import sys

import pytest
from command import AS_OF, BROKEN
from typer.main import get_command

from graphsc.cli.app import app

HEAVY = ["rdflib", "pyshacl", "networkx", "scipy", "pyvis", "jinja2", "jsonschema", "xlsxwriter"]
SCRIPT = """
import json, sys
sys.argv = ["graphsc", *json.loads(sys.argv[1])]
from graphsc.cli import main
try:
    main()
except SystemExit as left:
    code = left.code or 0
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def loaded(words, folder):
    """Exit code and top-level modules after running a command, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(words)], cwd=folder, capture_output=True, timeout=60, check=True
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules), done.stdout.decode()


@pytest.mark.parametrize(
    "words", [[], *([name] for name in get_command(app).commands), ["config", "show"]], ids=" ".join
)
def test_help_loads_nothing_heavy(tmp_path, words):
    code, modules, said = loaded([*words, "--help"], tmp_path)
    assert code == 0
    assert said.startswith("Usage: graphsc")
    assert modules & set(HEAVY) == set()


def test_version_loads_nothing_heavy(tmp_path):
    code, modules, said = loaded(["--version"], tmp_path)
    assert (code, said.split()[0]) == (0, "graphsc")
    assert modules & set(HEAVY) == set()


@pytest.mark.parametrize("form", ["text", "json", "sarif", "shacl"])
def test_validate_loads_no_other_rdf_library(tmp_path, form):
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    code, modules, _ = loaded(["validate", "a.yaml", *AS_OF, "--format", form], tmp_path)
    assert code == 1
    assert modules & {"rdflib", "pyshacl", "networkx", "pyvis", "jsonschema"} == set()
    assert "pyoxigraph" in modules


def test_writing_the_map_loads_no_notebook(tmp_path):
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    code, modules, _ = loaded(["map", "a.yaml", *AS_OF], tmp_path)
    assert code == 0
    assert modules & {"IPython", "pyvis", "rdflib"} == set()


def test_without_a_command_there_is_help_and_exit_code_2(tmp_path):
    done = subprocess.run([sys.executable, "-m", "graphsc"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"Usage: graphsc" in done.stdout + done.stderr
