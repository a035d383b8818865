"""What a pipeline uses: formats, choices, configuration from a folder above, the hook and the action."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import yaml
from sample_report import EVIL, RICH, RULES

from graphsc.core.settings import load
from graphsc.core.text import Language
from graphsc.rendering import render
from graphsc.rendering.wording import sentences

ROOT = Path(__file__).parent.parent
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
    assert load(inner)[0].fail_on == "violation"  # outside any repository only the folder itself
    (tmp_path / "repository" / ".git").mkdir()
    assert load(inner)[0].fail_on == "violation"  # beyond the top
    (tmp_path / "repository" / "graphsc.toml").write_text('fail-on = "note"\nbaseline = "old.json"\n', encoding="utf-8")
    settings, problems = load(inner)
    assert (settings.fail_on, problems) == ("info", [])
    assert settings.baseline == str(tmp_path / "repository" / "old.json")


def test_the_hook_and_the_action_call_what_there_is() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["entry"], hook["pass_filenames"]) == ("graphsc validate", False)
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert not any("${{" in command for command in commands), "an input must not become part of a script"
