"""``graphsc query`` and ``graphsc queries``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn, get_args

import typer

from graphsc.cli.common import fail, put, settings, show_problems, suggestion
from graphsc.questions import Question, QuestionError, parse, shipped
from graphsc.rendering.answer import Format
from graphsc.service.asking import ask_within
from graphsc.settings import Settings
from graphsc.text import Language, Text


def query(
    what: str,
    paths: list[Path],
    parameters: list[str],
    form: str,
    output: Path | None,
    timeout: float,
    as_of: str | None,
    language: str | None,
) -> None:
    """Ask one question and print the answer; exit code 2 when it cannot be asked or some input not read."""
    found, problems = settings(as_of=as_of, language=language)
    chosen: Format | None = next((name for name in get_args(Format) if name == form), None)
    if chosen is None:
        fail(Text(f"ukendt format: {form}", f"unknown format: {form}"), found.language)
    question = _question(what, found)
    values: dict[str, str] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            fail(
                Text(f"--param skrives navn=værdi, ikke {parameter}", f"--param is name=value, not {parameter}"),
                found.language,
            )
        values[name] = value
    try:
        answer = ask_within(timeout, paths, found, question, values, chosen)
    except QuestionError as error:
        fail(error.reason, found.language)
    put(answer.text, output, found.language)
    problems += answer.problems
    show_problems(problems, found.language)
    if problems:
        typer.echo(
            Text(
                "Svaret er ufuldstændigt: noget kunne ikke læses.",
                "The answer is partial: some input could not be read.",
            )[found.language],
            err=True,
        )
        raise typer.Exit(2)


def _question(what: str, found: Settings) -> Question:
    known = shipped()
    if what in known:
        return known[what]
    path = Path(what)
    try:
        if what == "-":
            return parse("stdin", sys.stdin.buffer.read().decode("utf-8-sig"))
        if path.is_file():
            return parse(path.name, path.read_text(encoding="utf-8-sig"))
    except QuestionError as error:
        fail(error.reason, found.language)
    except (OSError, UnicodeDecodeError):
        fail(Text(f"{what} kan ikke læses som UTF-8", f"{what} cannot be read as UTF-8"), found.language)
    return _unknown(what, list(known), found.language)


def _unknown(what: str, known: list[str], language: Language) -> NoReturn:
    near = suggestion(what, known)
    fail(
        Text(
            f"{what} er hverken en fil eller et spørgsmål, der følger med.{near.da} graphsc queries viser dem.",
            f"{what} is neither a file nor a shipped question.{near.en} graphsc queries lists them.",
        ),
        language,
    )


def list_questions(language: str | None) -> None:
    """Print the shipped questions."""
    found, _ = settings(language=language)
    for question in shipped().values():
        typer.echo(f"{question.name}\n    {question.title[found.language]}. {question.description[found.language]}")
        for parameter in question.parameters:
            default = f" = {parameter.default}" if parameter.default else ""
            typer.echo(f"    --param {parameter.name}{default}: {parameter.description[found.language]}")
        typer.echo(f"    {', '.join(question.statements)}")
