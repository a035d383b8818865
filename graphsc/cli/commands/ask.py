"""``graphsc ask``."""

from typing import Annotated

from graphsc.cli.common import naming, not_written, read_settings, require_new, show_problems, write_output
from graphsc.cli.options import Book, Given, Overwrite, Paths, argument
from graphsc.service import open_paths

DANISH = """Skriv en arbejdsbog til at sende til en leverandør. Den rummer leverandørens egen del af kæden, og hvad der mangler i den, på dansk og engelsk.

Den rummer intet om andre. Slutkode 0: skrevet. 2: Noget kunne ikke læses, og der er ikke skrevet nogen arbejdsbog."""


def run(
    supplier: Annotated[str, argument(da="Leverandøren: dens id eller navn.", en="The supplier: its id or its name.")],
    paths: Paths,
    output: Book,
    overwrite: Overwrite = False,
    *,
    given: Given,
) -> None:
    """Write a workbook to send to a supplier. It holds the supplier's own part of the chain, and what is missing of it, in Danish and English.

    Nothing of others is in it. Exit code 0: written. 2: some input could not be read, and no workbook was written.
    """
    settings, problems = read_settings(given)
    require_new(output, overwrite)
    from graphsc.rendering.register.inquiry import render
    from graphsc.service.registers.ask import ask

    opened = open_paths(paths, settings, problems)
    with naming(opened):
        inquiry = ask(opened, supplier)
    if inquiry.problems:
        show_problems(inquiry.problems)
        not_written()
    write_output(render(inquiry), output)
