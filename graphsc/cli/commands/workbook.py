"""``graphsc workbook``: the register in the tool that people keep registers in."""

from pathlib import Path
from typing import Annotated

from typer import Argument

from graphsc.cli.common import put, read_settings, show_problems
from graphsc.cli.options import AsOf, Lang
from graphsc.cli.workbooks import Book, Overwrite, not_written, require_free


def run(
    output: Book,
    paths: Annotated[list[Path] | None, Argument(help="Files and folders. Without any: an empty workbook.")] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Write the register as a workbook. It is for Excel or LibreOffice, kept there and read like any source.

    A sheet for each kind of thing, with help, examples and lists to choose from; first what is to be done. Every fact of
    the input is in it. Exit code 0: written. 2: some input could not be read, and no workbook was written.
    """
    settings, problems = read_settings(as_of=as_of, language=lang)
    language = settings.language
    require_free(output, paths or [], overwrite)
    from graphsc.rendering.register.book import render
    from graphsc.rendering.register.front import demands, tasks
    from graphsc.service.registers.register import register

    kept = register(paths or [], settings, problems)
    if kept.report.problems:
        show_problems(kept.report.problems)
        not_written()
    first_sheet = tasks(kept.report, kept.rules, kept.due, language)
    wanted = demands(kept.rules.values(), language)
    put(render(kept.content, first_sheet, language=language, as_of=settings.as_of, asked=wanted), output)
