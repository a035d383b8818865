"""``graphsc coverage``."""

from pathlib import Path
from typing import Annotated

from graphsc.cli.common import (
    check_codes,
    check_format,
    colored,
    fail,
    naming,
    read_settings,
    require_file,
    stop_if_unread,
    write_output,
)
from graphsc.cli.options import Color, Given, Output, argument, as_format, option
from graphsc.rendering.coverage import FORMATS, render
from graphsc.service import open_paths
from graphsc.service.coverage import coverage

DANISH = """Vis, hvordan vejledningen er dækket. Dens 17 anbefalinger står aftale for aftale med antal og dokumentation.

En anbefaling er opfyldt, når det registrerede ikke bryder nogen af dens regler; det, der ikke er registreret, er
accepteret, fravalgt eller ikke kontrolleret, står der som det. Slutkode 0: vist; det er ingen dom, så aldrig 1. 2: Noget kunne ikke læses."""


def run(
    paths: Annotated[
        list[Path] | None,
        argument(
            da="Filer og mapper. Uden nogen: udsagnene, og hvordan de behandles.",
            en="Files and folders. Without any: the statements and their treatment.",
        ),
    ] = None,
    agreement: Annotated[
        str | None, option(metavar="ID", da="Kun denne aftales tilstand.", en="Only how this agreement stands.")
    ] = None,
    statements: Annotated[
        bool,
        option(
            "--statements",
            da="I stedet: alle vejledningens udsagn, og hvad der behandler dem.",
            en="Instead: every statement of the guide and what treats it.",
        ),
    ] = False,
    form: Annotated[
        str, as_format("text, json, markdown, csv eller xlsx.", "text, json, markdown, csv or xlsx.")
    ] = "text",
    output: Output = None,
    *,
    given: Given,
    color: Color = None,
) -> None:
    """Show how the guide is covered. Its 17 recommendations stand agreement by agreement, with counts and evidence.

    A recommendation is met where what is recorded breaks none of its rules; what is not recorded, waived, set aside or
    not checked is said to be so. Exit code 0: shown; it is no verdict, so never 1. 2: some input could not be read.
    """
    settings, problems = read_settings(given)
    check_format(form, FORMATS)
    if form == "xlsx":
        require_file(output)
    if agreement is not None and not paths:
        fail("--agreement kræver et input", "--agreement needs an input")
    opened = open_paths(paths or [], settings, problems)
    with naming(opened):
        covered = coverage(opened, agreement=agreement)
    check_codes(settings, covered.rules, covered.problems)
    colour, every = colored(color) and output is None, statements or not paths
    write_output(render(form, covered, language=settings.language, statements=every, colour=colour), output)
    stop_if_unread(covered.problems)
