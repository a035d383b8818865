"""``graphsc workbook``: the register in the tool that people keep registers in."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Lang, Paths

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
    from graphsc.cli.workbooks import asking

    asking.ask(supplier, paths, output, overwrite, as_of, lang)


def import_(
    answer: Annotated[Path, typer.Argument(help="The workbook that came back from the supplier.")],
    paths: Paths,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the register with the answer, as a workbook."),
    ] = None,
    overwrite: Overwrite = False,
    lang: Lang = None,
) -> None:
    """Hold a supplier's answer to `ask` against the register: what is new, changed, gone, or contradicts it.

    Without --output nothing is written. With it, the whole answer is taken over, with who said it and when, or none of it.
    Exit code 0: compared, or taken over. 1: something contradicts. 2: it is no answer, or some input could not be read.
    """
    from graphsc.cli.workbooks import asking

    asking.take(answer, paths, output, overwrite, lang)
