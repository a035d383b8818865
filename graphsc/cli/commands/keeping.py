"""``graphsc workbook``: the register in the tool that people keep registers in."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Lang

Book = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The workbook to write, ending in .xlsx.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Write over a workbook that is there; never over an input.")
]


def workbook(
    output: Book,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders. Without any: an empty workbook.")
    ] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Write the register as a workbook for Excel or LibreOffice, to be kept there and read like any source.

    A sheet for each kind of thing, with help, examples and lists to choose from; first what is to be done. Every fact of
    the input is in it. Exit code 0: written. 2: some input could not be read, and no workbook was written.
    """
    from graphsc.cli.workbooks import writing

    writing.workbook(paths or [], output, overwrite, as_of, lang)
