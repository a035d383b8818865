"""``graphsc coverage``."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.common import (
    colored,
    fail,
    fail_on_name,
    known_codes,
    known_format,
    put,
    read_settings,
    require,
    stop_if_unread,
)
from graphsc.cli.group import OnData
from graphsc.cli.options import AsOf, Color, Lang, Output, as_format
from graphsc.core.text import Text
from graphsc.rendering.coverage import FORMATS, render
from graphsc.service import open_paths
from graphsc.service.coverage import coverage as cover
from graphsc.service.lookup import UnknownNameError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=OnData)
def coverage(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders. Without any: the statements and their treatment.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only how this agreement stands.")
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Instead: every statement of the guide and what treats it.")
    ] = False,
    form: Annotated[str, as_format("text, json, markdown, csv or xlsx.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Color = None,
) -> None:
    """Show how the guide is covered: its 17 recommendations, agreement by agreement, with counts and evidence.

    A recommendation is met where what is recorded breaks none of its rules; what is not recorded, waived, set aside or
    not checked is said to be so. Exit code 0: shown; it is no verdict, so never 1. 2: some input could not be read.
    """
    settings, problems = read_settings(as_of=as_of, language=lang)
    language = settings.language
    known_format(form, FORMATS, language)
    if form == "xlsx":
        if output is None:
            fail(Text("xlsx skrives til en fil: brug --output", "xlsx is written to a file: use --output"), language)
        require("xlsx", ("xlsxwriter",), language)
    if agreement is not None and not paths:
        fail(Text("--agreement kræver et input", "--agreement needs an input"), language)
    opened = open_paths(paths or [], settings, problems)
    try:
        covered = cover(opened, agreement=agreement)
    except UnknownNameError as error:
        fail_on_name(error.reason, opened.unread, language)
    known_codes(settings, covered.rules, covered.problems)
    colour = colored(color) and output is None
    page = render(form, covered, language=language, statements=statements or not paths, colour=colour)
    put(page, output, language)
    stop_if_unread(covered.problems, language)
