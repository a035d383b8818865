"""``graphsc workbook``: the register in the tool that people keep registers in."""

from pathlib import Path
from typing import Annotated

from graphsc.cli.common import not_written, read_settings, require_new, show_problems, write_output
from graphsc.cli.options import Book, Given, Overwrite, argument

DANISH = """Skriv registeret som en arbejdsbog. Den er til Excel eller LibreOffice, føres dér og læses som enhver anden kilde.

Et ark for hver slags ting med hjælp, eksempler og lister at vælge fra; først det, der skal gøres. Alt i dataene er med.
Slutkode 0: skrevet. 2: Noget kunne ikke læses, og der er ikke skrevet nogen arbejdsbog."""


def run(
    output: Book,
    paths: Annotated[
        list[Path] | None,
        argument(
            da="Filer og mapper. Uden nogen: en tom arbejdsbog.",
            en="Files and folders. Without any: an empty workbook.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    *,
    given: Given,
) -> None:
    """Write the register as a workbook. It is for Excel or LibreOffice, kept there and read like any source.

    A sheet for each kind of thing, with help, examples and lists to choose from; first what is to be done. Every fact of
    the input is in it. Exit code 0: written. 2: some input could not be read, and no workbook was written.
    """
    settings, problems = read_settings(given)
    require_new(output, overwrite)
    from graphsc.rendering.register.book import workbook
    from graphsc.service.registers.register import register

    kept = register(paths or [], settings, problems)
    if kept.report.problems:
        show_problems(kept.report.problems)
        not_written()
    write_output(workbook(kept, settings.language), output)
