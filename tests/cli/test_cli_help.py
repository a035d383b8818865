"""Help in the language of the reader."""

from collections.abc import Iterator

import pytest
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


def test_a_help_text_of_one_language_stays() -> None:
    assert in_language("as it is", Language.DA) == "as it is"
    assert in_language(both("ja", "yes"), Language.DA) == "ja"


def shown(words: list[str], language: Language) -> str:
    """What the command line prints."""
    environment = {"GRAPHSC_LANG": language.value, "COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    return CliRunner().invoke(app, words, prog_name="graphsc", env=environment).output
