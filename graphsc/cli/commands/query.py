"""``graphsc query``."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.commands.queries import no_question
from graphsc.cli.common import check_format, fail, note, read_settings, show_problems, write_output
from graphsc.cli.options import Given, Output, Paths, argument, as_format, option
from graphsc.graph.questions import Question, parse, shipped
from graphsc.rendering.answer import FORMATS, render
from graphsc.service.query.evaluation import ask_within

DANISH = """Stil et spørgsmål i SPARQL til det registrerede og det udledte. Det kan kun læse, og kun det, der er her."""


def run(
    what: Annotated[
        str,
        argument(
            metavar="NAME|FILE|-",
            da="Et spørgsmål, der følger med, en fil med SPARQL eller - for standardinput.",
            en="A shipped question, a file with SPARQL, or - for stdin.",
        ),
    ],
    paths: Paths,
    parameter: Annotated[
        list[str] | None,
        option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            da="En parameter til spørgsmålet. Kan gentages.",
            en="A parameter of the question. Repeatable.",
        ),
    ] = None,
    form: Annotated[
        str, as_format("table, csv, json, eller turtle til CONSTRUCT.", "table, csv, json, or turtle for CONSTRUCT.")
    ] = "table",
    output: Output = None,
    timeout: Annotated[
        float,
        option(
            min=0.01, da="Stop forespørgslen efter så mange sekunder.", en="Stop the query after this many seconds."
        ),
    ] = 60.0,
    *,
    given: Given,
) -> None:
    """Ask a question in SPARQL of the asserted and derived facts. It can only read, and only what is here."""
    settings, problems = read_settings(given)
    answer_format = check_format(form, FORMATS)
    question = _question(what)
    values = dict(_assignment(text) for text in parameter or [])
    answer = ask_within(timeout, paths, settings, question, values, partial(render, answer_format))
    write_output(answer.text, output)
    problems += answer.problems
    show_problems(problems)
    for about in answer.notes:
        typer.echo(about[settings.language], err=True)
    if problems:
        note("Svaret er ufuldstændigt: Noget kunne ikke læses.", "The answer is partial: some input could not be read.")
        raise typer.Exit(2)


def _assignment(text: str) -> tuple[str, str]:
    """The name and the value of ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not equals:
        fail(f"--param skrives navn=værdi, ikke {text}", f"--param is name=value, not {text}")
    return name, value


def _question(what: str) -> Question:
    """The shipped question of a name, or the query in a file or on standard input."""
    questions = shipped()
    if what in questions:
        return questions[what]
    path = Path(what)
    try:
        if what == "-":
            return parse("stdin", sys.stdin.buffer.read().decode("utf-8-sig"))
        if path.is_file():
            return parse(path.name, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        fail(f"{what} kan ikke læses som UTF-8", f"{what} cannot be read as UTF-8")
    return no_question(what, list(questions))
