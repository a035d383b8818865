"""``graphsc query``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.commands.queries import no_question
from graphsc.cli.common import fail, known_format, put, read_settings, show_problems
from graphsc.cli.group import OnData
from graphsc.cli.options import AsOf, Lang, Output, Paths, as_format
from graphsc.core.text import Language, Text
from graphsc.graph.questions import Question, QuestionError, parse, shipped
from graphsc.rendering.answer import FORMATS
from graphsc.service.query import ask_within

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=OnData)
def query(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE|-", help="A shipped question, a file with SPARQL, or - for stdin.")
    ],
    paths: Paths,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the question. Repeatable."),
    ] = None,
    form: Annotated[str, as_format("table, csv, json, or turtle for CONSTRUCT.")] = "table",
    output: Output = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.01, help="Stop the query after this many seconds.")
    ] = 60.0,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Ask a question in SPARQL of the asserted and derived facts. It can only read, and only what is here."""
    settings, problems = read_settings(as_of=as_of, language=lang)
    language = settings.language
    known = known_format(form, FORMATS, language)
    question = _question(what, language)
    values = dict(_assignment(text, language) for text in parameter or [])
    try:
        answer = ask_within(timeout, paths, settings, question, values, known)
    except QuestionError as error:
        fail(error.reason, language)
    put(answer.text, output, language)
    for note in answer.notes:
        typer.echo(note[language], err=True)
    problems += answer.problems
    if problems:
        show_problems(problems, language)
        partial = Text(
            "Svaret er ufuldstændigt: noget kunne ikke læses.", "The answer is partial: some input could not be read."
        )
        typer.echo(partial[language], err=True)
        raise typer.Exit(2)


def _assignment(text: str, language: Language) -> tuple[str, str]:
    """The name and the value of ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not equals:
        fail(Text(f"--param skrives navn=værdi, ikke {text}", f"--param is name=value, not {text}"), language)
    return name, value


def _question(what: str, language: Language) -> Question:
    """The shipped question of a name, or the query in a file or on standard input."""
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
        fail(error.reason, language)
    except (OSError, UnicodeDecodeError):
        fail(Text(f"{what} kan ikke læses som UTF-8", f"{what} cannot be read as UTF-8"), language)
    return no_question(what, list(known), language)
