from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import CLEAN, run

from graphsc.core.problems import Problem
from graphsc.core.settings import Settings, environment_language, load
from graphsc.core.text import Language


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRAPHSC_LANG", "GRAPHSC_AS_OF", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, text: str | bytes, name: str = "graphsc.toml") -> tuple[Settings, list[Problem]]:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(folder)


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    settings, problems = load(tmp_path)
    assert problems == []
    assert settings == Settings(as_of=settings.as_of)
    assert settings.origin == {}
    assert (settings.language, settings.fail_on, settings.base) == (Language.EN, "breach", "urn:graphsc:id:")


def test_every_setting_from_the_file(tmp_path: Path) -> None:
    settings, problems = written(
        tmp_path,
        """
        base = "https://k.example/"
        language = "da"
        fail-on = "question"
        as-of = 2025-06-15
        select = ["SUB", "FLW001"]
        ignore = ["SUB003"]
        baseline = "baseline.json"
        [parameters]
        reassessment = "P14D"
        [severity]
        SUB002 = "breach"
        """,
    )
    assert problems == []
    assert settings.base == "https://k.example/"
    assert settings.language is Language.DA
    assert settings.fail_on == "question"
    assert settings.as_of == date(2025, 6, 15)
    assert (settings.select, settings.ignore) == (("SUB", "FLW001"), ("SUB003",))
    assert settings.baseline == "baseline.json"
    assert settings.parameters == {"reassessment": "P14D"}
    assert settings.severity == {"SUB002": "breach"}
    assert set(settings.origin.values()) == {"graphsc.toml"}
    assert set(settings.origin) == {
        "base", "language", "fail_on", "as_of", "select", "ignore", "baseline", "parameters", "severity",
    }  # fmt: skip


def test_the_table_in_pyproject(tmp_path: Path) -> None:
    settings, problems = written(
        tmp_path, '[project]\nname = "x"\n[tool.graphsc]\nfail-on = "never"\n', "pyproject.toml"
    )
    assert (settings.fail_on, settings.origin, problems) == ("never", {"fail_on": "pyproject.toml"}, [])


@pytest.mark.parametrize("text", ["[tool.other]\nx = 1\n", "tool = 1\n", "[tool]\ngraphsc = 1\n", ""])
def test_a_pyproject_without_the_table_says_nothing(tmp_path: Path, text: str) -> None:
    settings, problems = written(tmp_path, text, "pyproject.toml")
    assert (settings.origin, problems) == ({}, [])


def test_graphsc_toml_comes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.graphsc]\nfail-on = "never"\nlanguage = "da"\n')
    settings, _ = written(tmp_path, 'fail-on = "note"\n')
    assert (settings.fail_on, settings.language) == ("note", Language.EN)  # one file, not both mixed


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("fail-on = \n", 1, 11), ('x = "a"\ny y\n', 2, 3), ("a = 1\na = 2\n", 2, 6)],
)
def test_a_file_that_is_no_toml_is_reported_at_its_place(tmp_path: Path, text: str, line: int, column: int) -> None:
    settings, (problem,) = written(tmp_path, text)
    assert problem.code == "bad-config"
    assert (problem.location.file, problem.location.line, problem.location.column) == ("graphsc.toml", line, column)
    assert problem.message.en.startswith("the file is not TOML: ")
    assert problem.message.da.startswith("filen kan ikke læses som TOML: ")
    assert settings.origin == {}


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    settings, problems = written(tmp_path, b"\xef\xbb\xbflanguage = 'da'\n")
    assert (settings.language, problems) == (Language.DA, [])


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    _, (problem,) = written(tmp_path, b"# x\nbase = '\xff\xfe'\n")
    assert (problem.location.file, problem.location.line) == ("graphsc.toml", 2)
    assert (problem.message.da, problem.message.en) == ("graphsc.toml er ikke UTF-8", "graphsc.toml is not UTF-8")


def test_an_unknown_setting_is_named_and_the_rest_still_holds(tmp_path: Path) -> None:
    settings, (problem,) = written(tmp_path, 'fail_on = "never"\nlanguage = "da"\n')
    assert problem.message.da == "graphsc.toml har en ukendt indstilling: fail_on. Mente du fail-on?"
    assert problem.message.en == "graphsc.toml has an unknown setting: fail_on. Did you mean fail-on?"
    assert (settings.fail_on, settings.language) == ("breach", Language.DA)


@pytest.mark.parametrize(
    "line",
    [
        'as-of = "2025-02-31"',
        "as-of = 2025-06-15T10:00:00",
        "as-of = 20250615",
        'language = "sv"',
        'fail-on = "error"',
        "fail-on = []",
        "base = 1",
        'base = "://"',
        'base = "https://a b/"',
        'base = "https://[/"',
        "baseline = true",
        'select = "SUB"',
        "select = [1]",
        'parameters = "P1Y"',
        'parameters = {reassessment = "a month"}',
        "parameters = {reassessment = 30}",
        'severity = {SUB001 = "fatal"}',
        "severity = []",
    ],
)
def test_a_value_that_means_nothing_is_reported_and_left_at_its_default(tmp_path: Path, line: str) -> None:
    settings, (problem,) = written(tmp_path, line + "\n")
    key = line.split(" ")[0]
    assert problem.message.en.startswith(
        tuple(f"graphsc.toml has an invalid value for {key}{end}" for end in (": ", "."))
    )
    assert problem.message.da.startswith(
        tuple(f"graphsc.toml har en ugyldig værdi for {key}{end}" for end in (": ", "."))
    )
    assert problem.location.line == 1
    assert settings == Settings(as_of=settings.as_of)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "da_DK.UTF-8"}, Language.DA),
        ({"LANG": "en_GB.UTF-8"}, Language.EN),
        ({"LANG": "C"}, Language.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "da_DK"}, Language.DA),
        ({"LC_MESSAGES": "da_DK", "LC_ALL": "C"}, Language.EN),
        ({"LC_ALL": "C", "GRAPHSC_LANG": "DA"}, Language.DA),
        ({"GRAPHSC_LANG": "", "LANG": "da"}, Language.DA),
    ],
)
def test_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch, environment: Any, language: Any) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert environment_language() is language


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHSC_LANG", "da")
    monkeypatch.setenv("GRAPHSC_AS_OF", "2025-06-15")
    settings, problems = written(tmp_path, 'language = "en"\nas-of = 2024-01-01\n')
    assert problems == []
    assert (settings.language, settings.as_of) == (Language.DA, date(2025, 6, 15))
    assert settings.origin == {"language": "GRAPHSC_LANG", "as_of": "GRAPHSC_AS_OF"}


def test_the_file_comes_before_the_locale_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    settings, _ = written(tmp_path, 'language = "en"\n')
    assert (settings.language, settings.origin) == (Language.EN, {"language": "graphsc.toml"})


def test_a_date_in_the_environment_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHSC_AS_OF", "2025-02-31")
    settings, (problem,) = written(tmp_path, "as-of = 2024-01-01\n")
    assert problem.message.en == (
        "GRAPHSC_AS_OF has an invalid value for as-of: 2025-02-31. Write a date such as 2026-11-25."
    )
    assert settings.as_of == date(2024, 1, 1)


def test_a_file_that_nests_without_end_is_said(tmp_path: Path) -> None:
    settings, (problem,) = written(tmp_path, "a = " + "[" * 100_000)
    assert (problem.code, settings.base) == ("bad-config", Settings().base)


@pytest.mark.parametrize("value", ["/dev/zero", "\\u0000"])
def test_a_baseline_that_is_no_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graphsc.toml").write_text(f'baseline = "{value}"\n', encoding="utf-8")
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    result = run("validate", "a.yaml", "--as-of", "2025-06-15")
    assert result.exit_code == 2
    assert "error[baseline-" in result.stdout
