"""``graphsc raci``."""

from typing import Annotated

from graphsc.cli.common import check_format, naming, read_settings, stop_if_unread, write_output
from graphsc.cli.options import Given, Output, Paths, as_format, option
from graphsc.rendering.responsibility import FORMATS, render_matrices
from graphsc.service import open_paths
from graphsc.service.raci import raci

DANISH = """Vis, hvem der gør hvad i hver aftale. For hver opgave står der, hvilken rolle der udfører den, har ansvaret for den, kvalitetssikrer den og godkender den.

Opgaverne og deres roller er dem i vejledningens bilag 4 og det, som kæden føjer til. Slutkode 2: Noget kunne ikke læses."""


def run(
    paths: Paths,
    agreement: Annotated[
        str | None, option(metavar="ID", da="Kun denne aftales matrix.", en="Only the matrix of this agreement.")
    ] = None,
    organisation: Annotated[
        str | None,
        option(
            metavar="ORG",
            da="Organisationens egen matrix og matrixerne for de aftaler, den er part i.",
            en="Its own matrix, and those of the agreements it is party of.",
        ),
    ] = None,
    form: Annotated[str, as_format("text, json, csv eller markdown.", "text, json, csv or markdown.")] = "text",
    output: Output = None,
    *,
    given: Given,
) -> None:
    """Show who does what in each agreement. Of each task it says which role performs, answers for, assures and approves it.

    The tasks and their roles are those of annex 4 of the guide and what the chain adds. Exit code 2: some input could
    not be read.
    """
    settings, problems = read_settings(given)
    check_format(form, FORMATS)
    opened = open_paths(paths, settings, problems)
    with naming(opened):
        shown = raci(opened, agreement=agreement, organisation=organisation)
    write_output(render_matrices(shown, form, language=settings.language), output)
    stop_if_unread(shown.problems)
