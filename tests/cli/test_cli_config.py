"""``graphsc config show``, and what a wrong configuration does to every command."""

import re
from pathlib import Path
from typing import Any

import pytest
from command import AS_OF, CLEAN, run
from typer.testing import Result


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")
    return tmp_path


def shown(result: Result) -> dict[str, tuple[str, str]]:
    """Value and origin of each setting and threshold."""
    rows = [re.split(" {2,}", line) for line in result.stdout.splitlines()]
    return {row[0]: (row[1], row[2]) for row in rows}


def test_the_command_line_wins_over_the_environment_over_the_file(here: Path) -> None:
    (here / "graphsc.toml").write_text(
        'language = "da"\nas-of = 2024-01-01\nbase = "https://n.example/"\nfail-on = "question"\nignore = ["PHA"]\n'
        'knowledge = []\n[parameters]\nsupervision = "P6M"\n[severity]\nSUB002 = "breach"\n',
        encoding="utf-8",
    )
    quiet: dict[str, Any] = {"GRAPHSC_LANG": None}
    settings = shown(run("config", "show", env=quiet))
    assert settings["as-of"] == ("2024-01-01", "graphsc.toml")
    assert settings["language"] == ("da", "graphsc.toml")
    assert settings["base"] == ("https://n.example/", "graphsc.toml")
    assert settings["fail-on"] == ("question", "graphsc.toml")
    assert settings["ignore"] == ("PHA", "graphsc.toml")
    assert settings["parameters.supervision"] == ("P6M", "graphsc.toml")
    assert settings["severity"] == ("SUB002=breach", "graphsc.toml")
    assert settings["baseline"] == ("-", "standard")
    settings = shown(run("config", "show", env={"GRAPHSC_AS_OF": "2024-02-02", "GRAPHSC_LANG": "en"}))
    assert settings["as-of"] == ("2024-02-02", "GRAPHSC_AS_OF")
    assert settings["language"] == ("en", "GRAPHSC_LANG")
    settings = shown(
        run("config", "show", "--as-of", "2024-03-03", "--lang", "en", env={"GRAPHSC_AS_OF": "2024-02-02"})
    )
    assert settings["as-of"] == ("2024-03-03", "--as-of")
    assert settings["language"] == ("en", "--lang")
    assert settings["baseline"] == ("-", "default")


def test_every_threshold_is_shown_with_what_it_is_and_what_holds(here: Path) -> None:
    (here / "graphsc.toml").write_text('[parameters]\nat-once = "P9D"\n[limits]\nsingle-points = 0\n', encoding="utf-8")
    result = run("config", "show", "--lang", "en")
    settings = shown(result)
    assert settings["parameters.at-once"] == ("P9D", "graphsc.toml")
    assert settings["parameters.treatment"] == ("P60D", "default")
    assert settings["limits.single-points"] == ("0", "graphsc.toml")
    assert settings["limits.hhi-spend"] == ("-", "default")
    assert re.search(r"parameters.wind-down +P3M +default +Time before the end in which", result.stdout)


def test_a_threshold_that_there_is_not_is_said_where_the_thresholds_are_shown(here: Path) -> None:
    (here / "graphsc.toml").write_text('[parameters]\nsupervison = "P6M"\n', encoding="utf-8")
    result = run("config", "show", "--lang", "en")
    assert result.exit_code == 2
    assert "unknown name under parameters: supervison. There are amendment, at-once, " in result.stderr


def test_the_project_file_serves_when_there_is_no_own_file(here: Path) -> None:
    (here / "pyproject.toml").write_text('[tool.graphsc]\nselect = ["SUB"]\n', encoding="utf-8")
    assert shown(run("config", "show"))["select"] == ("SUB", "pyproject.toml")
    (here / "graphsc.toml").write_text('select = ["FLW"]\n', encoding="utf-8")
    assert shown(run("config", "show"))["select"] == ("FLW", "graphsc.toml")


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\ngraphsc = 3\n", "", "[tool.other]\nx = 1\n"])
def test_a_project_file_without_our_table_is_passed_over(here: Path, text: str) -> None:
    (here / "pyproject.toml").write_text(text, encoding="utf-8")
    assert run("config", "show").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fail_on = 'never'", "an unknown setting: fail_on. Did you mean fail-on?"),
        ("colour = 'never'", "an unknown setting: colour"),
        ("fail-on = 'error'", 'an invalid value for fail-on: error. Write "breach", "question", "note" or "never".'),
        ("as-of = '2025-02-30'", "an invalid value for as-of: 2025-02-30. Write a date such as 2026-11-25."),
        ("language = 'sv'", 'an invalid value for language: sv. Write "da" or "en".'),
        ("select = 'SUB'", 'an invalid value for select: SUB. Write a list such as ["SUB001"].'),
        ("select = [1]", 'an invalid value for select: [1]. Write a list such as ["SUB001"].'),
        ("knowledge = 'rules'", 'an invalid value for knowledge: rules. Write a list such as ["rules"].'),
        ("base = 3", 'an invalid value for base: 3. Write a whole IRI such as "https://example.org/id/".'),
        ("parameters = 3", 'an invalid value for parameters: 3. Write a duration such as "P1Y" or "P14D".'),
        (
            "[parameters]\nat-once = 'P9D'\nsupervision = 'a year'",
            'an invalid value for parameters.supervision: a year. Write a duration such as "P1Y" or "P14D".',
        ),
        (
            "[severity]\nSUB001 = 'bad'",
            'an invalid value for severity.SUB001: bad. Write "breach", "question" or "note".',
        ),
    ],
)
def test_a_wrong_setting_is_said_at_its_line_with_what_to_write_and_exits_2(
    here: Path, text: str, message: str
) -> None:
    (here / "graphsc.toml").write_text(f"# our settings\n{text}\n", encoding="utf-8")
    line = text.count("\n") + 2
    result = run("config", "show")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"graphsc.toml:{line}: error[bad-config]: graphsc.toml has {message}\n")
    result = run("validate", "clean.yaml", *AS_OF)
    assert result.exit_code == 2
    assert message in result.stdout


def test_a_wrong_setting_in_a_project_file_is_said_at_the_line_of_our_table(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.ruff]\nselect = []\n[tool.graphsc]\nselect = 'SUB'\n", encoding="utf-8")
    assert run("config", "show").stderr.startswith("pyproject.toml:4: error[bad-config]: ")


def test_an_unknown_command_is_said_with_what_may_be_meant() -> None:
    result = run("valdate", "clean.yaml")
    assert result.exit_code == 2
    assert "No such command 'valdate'" in result.stderr


def test_a_wrong_setting_is_said_by_every_command(here: Path) -> None:
    (here / "graphsc.toml").write_text("language = 'sv'\n", encoding="utf-8")
    for words in (["config", "show"], ["rules"], ["explain", "SUB001"]):
        result = run(*words)
        line = "graphsc.toml:1: error[bad-config]: graphsc.toml has an invalid value for language: sv. "
        assert (result.exit_code, result.stderr.startswith(line)) == (2, True), words


def test_a_question_says_a_wrong_setting_too(here: Path) -> None:
    (here / "graphsc.toml").write_text("base = 3\n", encoding="utf-8")
    result = run("query", "longest-chains", "clean.yaml", *AS_OF)
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "graphsc.toml:1: error[bad-config]: graphsc.toml has an invalid value for base: 3. "
    )


def test_a_file_that_is_not_toml_is_named_with_its_place(here: Path) -> None:
    (here / "graphsc.toml").write_text("select = [\n", encoding="utf-8")
    result = run("config", "show")
    assert result.exit_code == 2
    assert result.stderr == (
        "graphsc.toml: error[bad-config]: the file is not TOML: Invalid value (at end of document). "
        "Put text in quotes, and write dates as 2026-11-25.\n"
    )
    (here / "graphsc.toml").write_text("base = 'x'\nselect = [1,,]\n", encoding="utf-8")
    assert run("config", "show").stderr.startswith("graphsc.toml:2:13: error[bad-config]: the file is not TOML: ")
    (here / "graphsc.toml").write_bytes(b"base = '\xff'\n")
    assert run("config", "show").stderr == "graphsc.toml:1: error[bad-config]: graphsc.toml is not UTF-8\n"


@pytest.mark.exhaustive
def test_an_unknown_parameter_or_rule_is_said(here: Path) -> None:
    (here / "graphsc.toml").write_text('[parameters]\nsupervison = "P6M"\n', encoding="utf-8")
    result = run("validate", "clean.yaml", *AS_OF)
    assert result.exit_code == 2
    assert "unknown name under parameters: supervison. There are " in result.stdout
    (here / "graphsc.toml").write_text("[limits]\nsingle-point = 0\n", encoding="utf-8")
    result = run("validate", "clean.yaml", *AS_OF)
    assert result.exit_code == 2
    assert "unknown name under limits: single-point. There are hhi-critical-systems, " in result.stdout
    for wrong in ("-1", '"many"', "true", "inf"):
        (here / "graphsc.toml").write_text(f"[limits]\nsingle-points = {wrong}\n", encoding="utf-8")
        assert "graphsc.toml has an invalid value for limits" in run("validate", "clean.yaml", *AS_OF).stdout
    (here / "graphsc.toml").write_text('[severity]\nQQQ999 = "note"\n', encoding="utf-8")
    result = run("validate", "clean.yaml", *AS_OF)
    assert (result.exit_code, result.stderr) == (2, "graphsc: unknown rule: QQQ999.\n")


def test_a_wrong_day_in_the_environment_is_said() -> None:
    result = run("config", "show", env={"GRAPHSC_AS_OF": "soon"})
    assert result.exit_code == 2
    assert result.stderr == (
        "GRAPHSC_AS_OF: error[bad-config]: GRAPHSC_AS_OF has an invalid value for as-of: soon. "
        "Write a date such as 2026-11-25.\n"
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "da_DK"}, "da"),
        ({"LANG": "da_DK", "GRAPHSC_LANG": "en"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_environment(here: Path, environment: Any, language: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("GRAPHSC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    assert shown(run("config", "show", env={**nothing, **environment}))["language"][0] == language
