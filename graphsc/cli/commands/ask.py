"""``graphsc ask``."""

from typing import Annotated

import typer

from graphsc.cli.common import fail_on_name, put, read_settings, show_problems
from graphsc.cli.group import OnData
from graphsc.cli.options import AsOf, Lang, Paths
from graphsc.cli.workbooks import Book, Overwrite, not_written, require_free, require_workbook
from graphsc.service import open_paths
from graphsc.service.lookup import UnknownNameError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=OnData)
def ask(
    supplier: Annotated[str, typer.Argument(help="The supplier: its id or its name.")],
    paths: Paths,
    output: Book,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Write a workbook to send to a supplier: its own part of the chain, and what is missing of it, in Danish and English.

    Nothing of others is in it. Exit code 0: written. 2: some input could not be read, and no workbook was written.
    """
    settings, problems = read_settings(as_of=as_of, language=lang)
    language = settings.language
    require_workbook(language)
    require_free(output, paths, overwrite, language)
    from graphsc.rendering.register.inquiry import render
    from graphsc.service.registers.ask import ask as inquiry

    opened = open_paths(paths, settings, problems)
    try:
        asked = inquiry(opened, supplier)
    except UnknownNameError as error:
        fail_on_name(error.reason, opened.unread, language)
    if asked.problems:
        show_problems(asked.problems, language)
        not_written(language)
    put(render(asked.content, asked.party, asked.day, asked.whole, asked.findings, asked.facts), output, language)
