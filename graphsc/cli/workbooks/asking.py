"""``graphsc ask`` and ``graphsc import``."""

from __future__ import annotations

from pathlib import Path

import typer

from graphsc.cli.common import fail, put, settings, show_problems
from graphsc.cli.workbooks.writing import free, need_workbook
from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.service import open_paths
from graphsc.service.lookup import UnknownNameError


def ask(
    supplier: str, paths: list[Path], output: Path, overwrite: bool, as_of: str | None, language: str | None
) -> None:
    """Write what a supplier is asked; exit code 2, and no workbook, when some input was not read."""
    found, problems = settings(as_of=as_of, language=language)
    need_workbook(found.language)
    free(output, paths, overwrite, found.language)
    from graphsc.rendering.register.inquiry_book import render
    from graphsc.service.registers.ask import ask

    opened = open_paths(paths, found, problems)
    try:
        asked = ask(opened, supplier)
    except UnknownNameError as error:
        show_problems([*opened.problems, *opened.sources.problems], found.language)
        fail(error.reason, found.language)
    if asked.problems:
        show_problems(asked.problems, found.language)
        fail(
            Text(
                "arbejdsbogen er ikke skrevet: den ville mangle det, der ikke kunne læses",
                "the workbook was not written: it would lack what could not be read",
            ),
            found.language,
        )
    put(render(asked.content, asked.party, asked.day, asked.whole, asked.facts), output, found.language)
    raise typer.Exit(0)


def take(answer: Path, paths: list[Path], output: Path | None, overwrite: bool, language: str | None) -> None:
    """Show what an answer says otherwise than the register, and write the register with it where that is asked.

    Exit code 1 when something contradicts; 2 when it is no answer or some input was not read; nothing is written then.
    """
    found, _ = settings(language=language)
    need_workbook(found.language)
    if output is not None:
        free(output, [answer, *paths], overwrite, found.language)
    from graphsc.rendering.register.book import render
    from graphsc.rendering.register.difference import lines
    from graphsc.service.registers.answer import AnswerError, Kind
    from graphsc.service.registers.answer import answer as compare

    try:
        held = compare(answer, paths, found)
    except AnswerError as error:
        fail(error.reason, found.language)
    show_problems(held.problems, found.language)
    typer.echo(
        "\n".join(escape.line(line) for line in lines(held.differences, held.party, held.by, held.on, found.language))
    )
    if held.content is None:
        refused = any(one.kind is Kind.CONTRADICTING for one in held.differences)
        _refuse(found.language) if output is not None else None
        raise typer.Exit(2 if held.problems or not refused else 1)
    if output is not None:
        put(render(held.content, [], language=found.language, as_of=found.as_of), output, found.language)
    raise typer.Exit(0)


def _refuse(language: Language) -> None:
    refused = Text(
        "Svaret er ikke taget over: det tages helt eller slet ikke. Ret det, der strider mod registeret, og prøv igen.",
        "The answer was not taken over: it is whole or not at all. Settle what contradicts the register and try again.",
    )
    typer.echo(f"graphsc: {refused[language]}", err=True)
