"""What a pipeline uses: formats, choices, configuration from a folder above, the hook and the action."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from command import BROKEN, CLEAN, run
from repository import REPOSITORY
from sample_report import EVIL, RICH, RULES

from graphsc.core.settings import load
from graphsc.core.text import Language
from graphsc.rendering import render
from graphsc.validation.wording import sentences

EN = Language.EN


def test_gitlab_has_an_entry_for_each_problem_and_finding() -> None:
    entries = json.loads(render("gitlab", RICH, RULES, language=EN))
    counted = [finding for finding in RICH.findings if finding.counts]
    assert len(entries) == len(RICH.problems) + len(counted)
    assert {entry["fingerprint"] for entry in entries} >= {finding.fingerprint for finding in counted}
    assert {entry["severity"] for entry in entries} <= {"blocker", "critical", "minor", "info"}
    assert all(entry["location"]["path"] and entry["location"]["lines"]["begin"] >= 1 for entry in entries)


def test_csv_has_a_row_each_and_no_formula() -> None:
    for report in (RICH, EVIL):
        rows = list(csv.DictReader(io.StringIO(render("csv", report, RULES, language=EN))))
        assert len(rows) == len(report.problems) + sum(finding.counts for finding in report.findings)
        assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row.values() if cell)


def test_statistics_count_by_rule() -> None:
    lines = render("statistics", RICH, RULES, language=EN).splitlines()
    counted = [finding for finding in RICH.findings if finding.counts]
    assert sum(int(line.split()[0]) for line in lines if line.startswith("  ")) == len(counted)


def test_sentences_have_an_end() -> None:
    assert sentences("It is old", "Renew it.", "") == "It is old. Renew it."
    assert sentences("Is it old?", "Renew it") == "Is it old? Renew it"


def test_configuration_is_found_above_as_far_as_the_top_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "data" / "contracts"
    inner.mkdir(parents=True)
    (tmp_path / "graphsc.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    assert load(inner)[0].fail_on == "breach"  # outside any repository only the folder itself
    (tmp_path / "repository" / ".git").mkdir()
    assert load(inner)[0].fail_on == "breach"  # beyond the top
    (tmp_path / "repository" / "graphsc.toml").write_text('fail-on = "note"\nbaseline = "old.json"\n', encoding="utf-8")
    settings, problems = load(inner)
    assert (settings.fail_on, problems) == ("note", [])
    assert settings.baseline == str(tmp_path / "repository" / "old.json")


def test_the_hook_and_the_action_call_what_there_is() -> None:
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["entry"], hook["pass_filenames"]) == ("graphsc validate", False)
    assert hook["always_run"], "files that are only deleted are named to no hook"
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert not any("${{" in command for command in commands), "an input must not become part of a script"
    (python,) = (step for step in action["runs"]["steps"] if "setup-python" in step.get("uses", ""))
    assert python["with"]["update-environment"] is False, "the job keeps its Python"


@pytest.mark.exhaustive
def test_an_audit_of_what_runs_on_github_finds_nothing(tmp_path: Path) -> None:
    """Actions are pinned by hash, no credentials are left, no input becomes part of a script."""
    assert run("init", str(tmp_path / "new"), "--lang", "en").exit_code == 0
    mine = (REPOSITORY / "action.yml", REPOSITORY / ".github" / "workflows")
    audit = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--no-progress"]
    done = subprocess.run([*audit, *mine, tmp_path / "new" / ".github" / "workflows"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with data and, on its path, a graphsc that is this one."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.yaml").write_text(BROKEN, encoding="utf-8")
    tool = tmp_path / "bin" / "graphsc"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nPYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -m graphsc "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    return tmp_path


def acted(repository: Path, **given: str) -> tuple[int, str]:
    """What the composite action does with these inputs, but for installing: the exit code and the output of its last step."""
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
    known = {
        f"inputs.{name}": given.pop(name.replace("-", "_"), declared["default"])
        for name, declared in action["inputs"].items()
    }
    assert not given
    known["steps.graphsc.outputs.tool"] = str(repository / "bin" / "graphsc")
    step = action["runs"]["steps"][-1]
    variables = {
        name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: known[match[1]], value)
        for name, value in step["env"].items()
    }
    summary = {"GITHUB_STEP_SUMMARY": str(repository / "summary.md"), "GRAPHSC_LANG": "en"}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=repository,
        env={**os.environ, **variables, **summary},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.exhaustive
def test_the_action_fails_by_what_it_finds_and_writes_what_is_uploaded(repository: Path) -> None:
    code, output = acted(repository, as_of="2025-06-15", sarif="out.sarif")
    assert code == 1
    assert output.startswith("::error file=data/a.yaml,line=11,col=9,title=SUB001")
    assert json.loads((repository / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.exhaustive
def test_the_inputs_of_the_action_reach_the_command(repository: Path) -> None:
    assert acted(repository, fail_on="never", as_of="2025-06-15")[0] == 0
    assert acted(repository, paths="nowhere")[0] == 2
    assert acted(repository, as_of="2025-06-15", select="DAT,FRM")[0] == 0
    assert acted(repository, as_of="2025-06-15", args="--ignore SUB --ignore=FLW")[0] == 0
    known = repository / "known.json"
    graphsc = (str(repository / "bin" / "graphsc"), "validate", "data", "--as-of", "2025-06-15")
    subprocess.run([*graphsc, "--write-baseline", str(known)], cwd=repository, capture_output=True, check=True)
    assert acted(repository, as_of="2025-06-15", baseline="known.json")[0] == 0


@pytest.mark.exhaustive
def test_the_action_tells_only_what_has_changed_since_an_older_folder(repository: Path) -> None:
    (repository / "old").mkdir()
    (repository / "old" / "a.yaml").write_text(CLEAN, encoding="utf-8")
    assert acted(repository, as_of="2025-06-15", diff="data")[0] == 0
    code, output = acted(repository, as_of="2025-06-15", diff="old")
    assert (code, "SUB001" in output) == (1, True)
    assert (repository / "summary.md").read_text(encoding="utf-8").endswith(output)


@pytest.mark.exhaustive
def test_the_hook_judges_the_folder_as_a_whole(repository: Path) -> None:
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    command = [str(repository / "bin" / "graphsc"), *hook["entry"].split()[1:], *hook["args"], "--as-of", "2025-06-15"]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"SUB001" in done.stdout
