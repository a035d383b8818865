"""``graphsc raci``."""

from typing import Annotated

import typer

from graphsc.cli.common import fail_on_name, known_format, put, read_settings, stop_if_unread
from graphsc.cli.group import OnData
from graphsc.cli.options import AsOf, Lang, Output, Paths, as_format
from graphsc.rendering.duties import raci as pages
from graphsc.service import open_paths
from graphsc.service.lookup import UnknownNameError
from graphsc.service.raci import raci as matrices

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=OnData)
def raci(
    paths: Paths,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only the matrix of this agreement.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", metavar="ORG", help="Its own matrix, and those of the agreements it is party of."
        ),
    ] = None,
    form: Annotated[str, as_format("text, json, csv or markdown.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Show who does what: per agreement, which role performs, answers for, assures, approves each task.

    The tasks and their roles are those of annex 4 of the guide and what the chain adds. Exit code 2: some input could
    not be read.
    """
    settings, problems = read_settings(as_of=as_of, language=lang)
    language = settings.language
    known_format(form, pages.FORMATS, language)
    opened = open_paths(paths, settings, problems)
    try:
        shown = matrices(opened, agreement=agreement, organisation=organisation)
    except UnknownNameError as error:
        fail_on_name(error.reason, opened.unread, language)
    put(pages.render(shown, form, language=language), output, language)
    stop_if_unread(shown.problems, language)
