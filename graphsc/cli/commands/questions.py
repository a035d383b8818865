"""``graphsc questions``."""

from typing import Annotated

from graphsc.cli.common import check_format, naming, read_settings, require_file, stop_if_unread, write_output
from graphsc.cli.options import Given, Output, Paths, as_format, option
from graphsc.rendering.questions import FORMATS, render
from graphsc.service import open_paths
from graphsc.service.questions import questions

DANISH = """Stil de åbne spørgsmål, aftale for aftale. Det er det, som vejledningen beder om, og som ikke er registreret; det vigtigste står først.

Som arbejdsbog (-f xlsx) har hvert spørgsmål en række, hvor svaret skrives: om det er opfyldt, hvor det står, eller hvorfor det ikke er nødvendigt. Læg den udfyldte fil
blandt registrets andre filer. Slutkode 2: Noget kunne ikke læses."""


def run(
    paths: Paths,
    agreement: Annotated[
        str | None,
        option(
            metavar="ID",
            da="Kun spørgsmålene om denne aftale, eller til denne organisation.",
            en="Only the questions about this agreement, or to this organisation.",
        ),
    ] = None,
    form: Annotated[
        str, as_format("text, markdown, html, json eller xlsx.", "text, markdown, html, json or xlsx.")
    ] = "text",
    output: Output = None,
    *,
    given: Given,
) -> None:
    """Ask the open questions, agreement by agreement. They are what the guide asks for and is not recorded; the most important come first.

    As a workbook (-f xlsx) each question has a row in which its answer is written: whether it is fulfilled, where it stands, or
    why it is not needed. Put the file among the other files of the register when it is filled in. Exit code 2: some input could not be read.
    """
    settings, problems = read_settings(given)
    check_format(form, FORMATS)
    if form == "xlsx":
        require_file(output)
    opened = open_paths(paths, settings, problems)
    with naming(opened):
        shown = questions(opened, agreement=agreement)
    write_output(render(shown, form, language=settings.language), output)
    stop_if_unread(shown.problems)
