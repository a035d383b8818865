"""Help in the language of the reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import run
from typer.main import get_command
from typer.testing import CliRunner

from graphsc.cli.app import app
from graphsc.cli.options import both, in_language
from graphsc.core.text import Language


def help_texts() -> Iterator[tuple[str, str]]:
    """Every help text as it is written, with what it is of."""

    def of(name: str, command: object) -> Iterator[tuple[str, str]]:
        yield name, getattr(command, "help", None) or ""
        for parameter in getattr(command, "params", ()):
            yield f"{name} {parameter.name}", parameter.help or ""
        for word, below in getattr(command, "commands", {}).items():
            yield from of(f"{name} {word}", below)

    return of("graphsc", get_command(app))


def test_every_help_text_is_written_in_both_languages() -> None:
    texts = dict(help_texts())
    assert len(texts) > 150
    for name, text in texts.items():
        if not name.endswith("_completion"):  # those are typer's
            danish, english = (in_language(text, language) for language in Language)
            assert danish, name
            assert english not in {"", danish}, name


@pytest.mark.parametrize("words", [[], ["validate"], ["init"], ["config"], ["config", "show"]])
def test_help_follows_the_language_of_the_environment(words: list[str]) -> None:
    pages = [shown([*words, "--help"], language) for language in Language]
    danish, english = pages
    assert danish.startswith("Brug: graphsc")
    assert english.startswith("Usage: graphsc")
    for word in ("Usage", "Options", "Commands", "Arguments", "Show", "default", "required", "completion for"):
        assert word not in danish
    assert "\v" not in danish + english


@pytest.mark.parametrize("words", [["--lang", "da", "--help"], ["--help", "--lang=da"]])
def test_help_follows_the_language_that_the_command_names(words: list[str]) -> None:
    assert shown(["rules", *words], Language.EN) == shown(["rules", "--help"], Language.DA)


WRONG_USAGE = {
    "validate": "Argumentet paths mangler.",
    "ask X a.yaml": "Tilvalget --output (-o) skal gives.",
    "valdate": "Kommandoen valdate findes ikke. Mente du 'validate'?",
    "config shwo": "Kommandoen shwo findes ikke. Mente du 'show'?",
    "zzz": "Kommandoen zzz findes ikke.",
    "--zzz": "Tilvalget --zzz findes ikke.",
    "--lang xx rules": "Tilvalget --lang skrives efter kommandoen: graphsc KOMMANDO --lang …",
    "--as-of 2026-11-25 validate data": "Tilvalget --as-of skrives efter kommandoen: graphsc KOMMANDO --as-of …",
    "config show --version": "Tilvalget --version skrives før kommandoen: graphsc --version … KOMMANDO",
    "rules --lan": "Tilvalget --lan findes ikke. Mente du --lang?",
    "validate --first x data": "--first: Skriv et helt tal.",
    "validate --first -1 data": "--first: Tallet skal være mindst 0.",
    "serve --port 70000 data": "--port: Tallet må højst være 65535.",
    "query --timeout 0,5 q data": "--timeout: Skriv et tal, fx 2.5.",
    "risk --top": "Tilvalget --top skal have en værdi.",
    "what-if data --merge a": "Tilvalget --merge skal have 2 værdier.",
    "validate --exit-zero=ja data": "Tilvalget --exit-zero skal stå uden værdi.",
    "init a b": "Der er for mange argumenter: b.",
}


@pytest.mark.parametrize(("words", "message"), WRONG_USAGE.items())
def test_wrong_usage_is_named_in_the_language_of_the_environment(words: str, message: str) -> None:
    assert shown(words.split(), Language.DA).splitlines()[-1] == f"Fejl: {message}"
    assert shown(words.split(), Language.EN).splitlines()[-1].startswith("Error: ")


def test_wrong_usage_names_the_usage_and_exits_2() -> None:
    result = CliRunner().invoke(app, ["rules", "--lang", "da", "--zzz"], prog_name="graphsc")
    usage, way, *_ = result.stderr.splitlines()
    assert (usage, way) == ("Brug: graphsc rules [TILVALG]", "Skriv graphsc rules --help for at få hjælp.")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_help_text_of_one_language_stays() -> None:
    assert in_language("as it is", Language.DA) == "as it is"
    assert in_language(both("ja", "yes"), Language.DA) == "ja"


def shown(words: list[str], language: Language) -> str:
    """What the command line prints."""
    environment = {"GRAPHSC_LANG": language.value, "COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    return CliRunner().invoke(app, words, prog_name="graphsc", env=environment).output


@pytest.mark.parametrize(("language", "word"), [(Language.DA, "Fuldførelse"), (Language.EN, "completion installed")])
def test_the_note_on_completion_is_in_the_language_of_the_reader(
    language: Language, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def installed(**_: object) -> tuple[str, Path]:
        return "bash", tmp_path / "graphsc.sh"

    monkeypatch.setattr("typer.completion.install", installed)
    result = CliRunner().invoke(app, ["--install-completion"], env={"GRAPHSC_LANG": language.value})
    assert (result.exit_code, word in result.stdout) == (0, True)
    assert str(tmp_path / "graphsc.sh") in result.stdout
    assert ("terminal" in result.stdout, "restart" in result.stdout) == (True, language is Language.EN)


@pytest.mark.parametrize("command", [(), ("duties",), ("config", "show")])
def test_help_is_a_command_too(command: tuple[str, ...]) -> None:
    asked = run("help", *command)
    assert (asked.exit_code, asked.stdout) == (0, run(*command, "--help").stdout)
