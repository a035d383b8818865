"""``graphsc report``."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.common import (
    check_codes,
    check_format,
    fail,
    naming,
    note,
    progress,
    read_settings,
    require,
    require_analysis,
    show_problems,
    stop_if_unread,
    write_files,
    write_output,
)
from graphsc.cli.options import Choosing, Output, Paths, as_format, option
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.service import open_paths
from graphsc.validation.rules import rules as catalogue

FORMATS = ("html", "pdf")
_QUARTERS = 4

DANISH = """Skriv rapporten til revisorer og ledere. Det er én fil at læse, printe eller sende.

Den kræver hverken netværk eller andre filer. PDF laves af Chromium, Chrome eller WeasyPrint, alt efter hvad der er.

Slutkode 0: skrevet, uanset hvad den viser. 2: Noget kunne ikke læses; det, der kunne, er i rapporten."""


def run(
    paths: Paths,
    output: Output = None,
    form: Annotated[
        str | None,
        as_format(
            "html eller pdf (standard: som filens navn siger).", "html or pdf (default: as the name of the file says)."
        ),
    ] = None,
    since: Annotated[
        Path | None,
        option(
            metavar="OLD",
            da="Vis, hvad der er ændret siden: fund fra validate --format json eller en ældre mappe.",
            en="Show what changed since: findings of validate --format json, or an older folder.",
        ),
    ] = None,
    party: Annotated[
        str | None,
        option(
            "--for",
            metavar="ORG",
            da="Kun denne parts kæde og intet om andre: til at sende til parten.",
            en="Only the chain of this party, and nothing of others: to mail to it.",
        ),
    ] = None,
    classification: Annotated[
        str | None, option(metavar="TEXT", da="Mærk hver side med denne tekst.", en="Mark every page with this.")
    ] = None,
    brief: Annotated[
        bool,
        option(
            "--brief",
            da="To sider i stedet: hvad der skal besluttes, hvem der skal handle hvornår, og de alvorligste fund.",
            en="Two pages instead: what to decide, who must act by when, the gravest findings.",
        ),
    ] = False,
    appendix: Annotated[
        Path | None,
        option(
            metavar="DIR",
            writable=True,
            da="Skriv desuden her hver regel, dens forespørgsel og fundenes tripler.",
            en="Beside it, write here each rule, its query and the triples of findings.",
        ),
    ] = None,
    quarters: Annotated[
        int,
        option(
            "--trend",
            min=0,
            max=40,
            metavar="N",
            da="Hvor mange kvartaler udviklingen går tilbage.",
            en="Quarters of a year that the trend goes back.",
        ),
    ] = _QUARTERS,
    *,
    given: Choosing,
) -> None:
    """Write the report for auditors and managers. It is one file to read, print or mail.

    It needs no network and no other file. PDF is made by Chromium, Chrome or WeasyPrint, whichever is there.

    Exit code 0: written, whatever it found. 2: some input could not be read; what could be is in the report.
    """
    settings, problems = read_settings(given)
    language = settings.language
    if form is None:
        form = "pdf" if output is not None and output.suffix.casefold() == ".pdf" else "html"
    check_format(form, FORMATS)
    require("report", "jinja2")
    require_analysis()
    from graphsc.rendering.report import render, render_brief
    from graphsc.rendering.report.appendix import files
    from graphsc.rendering.report.pdf import pdf
    from graphsc.service.report.document import ReportOptions
    from graphsc.service.report.document import report as document
    from graphsc.service.report.earlier_report import EarlierError, earlier
    from graphsc.service.report.scope import party_of

    _check(form, output, classification)
    with progress() as step:
        step(Text("Læser og udleder", "Reading and deriving"))
        opened = open_paths(paths, settings, problems)
        unread = opened.unread
        check_codes(settings, catalogue(opened.dataset, settings.severity), unread)
        with naming(opened):
            recipient = None if party is None else party_of(opened, party)
        try:
            before = None if since is None else earlier(since, settings)
        except EarlierError as error:
            show_problems([error.problem])
            raise typer.Exit(2) from None
        step(Text("Samler rapporten", "Gathering the report"))
        options = {
            "--since": None if since is None else since.as_posix(),
            "--for": party,
            "--classification": classification,
        }
        if quarters != _QUARTERS:
            options["--trend"] = str(quarters)
        report_options = ReportOptions(
            party=recipient,
            before=before,
            classification=classification,
            quarters=quarters,
            command=command(paths, options, settings, brief=brief),
            paths=tuple(paths),
        )
        contents = document(opened, report_options)
        page: str | bytes = (
            render_brief(contents, language=language)
            if brief
            else render(contents, language=language, opened=form == "pdf")
        )
        if isinstance(page, str) and form == "pdf":
            step(Text("Printer til PDF", "Printing to PDF"))
            page = pdf(page, settings.as_of)
    written = {} if appendix is None else {appendix / name: text for name, text in files(contents).items()}
    write_files(written if output is None else {**written, output: page}, folders=appendix is not None)
    if output is None:
        write_output(page)
    if output is not None:
        note(f"Rapporten er skrevet: {output.as_posix()}", f"The report is written: {output.as_posix()}")
    stop_if_unread(unread)


def _check(form: str, output: Path | None, classification: str | None) -> None:
    """Stop at options that cannot be met."""
    if output is None and (form == "pdf" or sys.stdout.isatty()):
        fail(
            f"rapporten er en fil: sig hvilken med -o, fx -o report.{form}",
            f"the report is a file: name it with -o, such as -o report.{form}",
        )
    if classification is not None and not classification.strip():
        fail("--classification er tom; sig, hvad der skal stå", "--classification is empty; say what to write")


def command(paths: list[Path], options: dict[str, str | None], settings: Settings, *, brief: bool = False) -> str:
    """The command that makes the same report again, without the place of the output.

    A report for one party does not name the files of others.
    """
    shown = paths if options["--for"] is None or len(paths) == 1 else [Path("PATH")]
    words = ["graphsc", "report", *(path.as_posix() for path in shown), *(["--brief"] if brief else [])]
    words += ["--as-of", settings.as_of.isoformat(), "--lang", str(settings.language)]
    for name, value in options.items():
        words += [name, value] if value is not None else []
    for name, values in (("--select", settings.select), ("--ignore", settings.ignore)):
        for value in sorted(values):
            words += [name, value]
    return " ".join(shlex.quote(word) for word in [*words, "-o", "report.html"])
