"""``graphsc report``."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import typer

from graphsc.cli.common import fail, known_codes, known_format, need_report, put, settings, show_problems
from graphsc.cli.progress import progress
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.service import open_paths
from graphsc.validation.catalogue import rules as catalogue

FORMATS = ("html", "pdf")


@dataclass(slots=True)
class Request:
    """The command line of one ``report``."""

    paths: list[Path]
    output: Path | None
    form: str
    since: Path | None
    party: str | None
    classification: str | None
    quarters: int
    as_of: str | None
    language: str | None
    select: list[str]
    ignore: list[str]


def run(request: Request) -> None:
    """Write the report as asked; exit code 2 when that cannot be done or some input not read."""
    found, problems = settings(
        as_of=request.as_of, language=request.language, select=request.select, ignore=request.ignore
    )
    language = found.language
    known_format(request.form, FORMATS, language)
    need_report(language)
    from graphsc.rendering.report import render
    from graphsc.rendering.report.pdf import PrintingError, pdf
    from graphsc.service.lookup import UnknownNameError
    from graphsc.service.report.document import Asked, party_of, report
    from graphsc.service.report.earlier_report import EarlierError, earlier

    _fits(request, found)
    with progress(language) as step:
        step(Text("Læser og udleder", "Reading and deriving"))
        opened = open_paths(request.paths, found, problems)
        unread = sorted({*opened.problems, *opened.sources.problems}, key=lambda problem: problem.order)
        known_codes(found, catalogue(opened.dataset, found.severity), unread)
        try:
            party = None if request.party is None else party_of(opened, request.party)
            before = None if request.since is None else earlier(request.since, found)
        except UnknownNameError as error:
            show_problems(unread, language)  # the name may stand where nothing could be read
            fail(error.reason, language)
        except EarlierError as error:
            show_problems([error.problem], language)
            raise typer.Exit(2) from None
        step(Text("Samler rapporten", "Gathering the report"))
        asked = Asked(
            party=party,
            before=before,
            classification=request.classification,
            quarters=request.quarters,
            command=command(request, found),
            paths=tuple(request.paths),
        )
        page = render(report(opened, asked), language=language, opened=request.form == "pdf")
        printed: str | bytes = page
        if request.form == "pdf":
            step(Text("Printer til PDF", "Printing to PDF"))
            try:
                printed = pdf(page, found.as_of)
            except PrintingError as error:
                fail(error.reason, language)
    _write(printed, request.output, language)
    if unread:
        show_problems(unread, language)
        raise typer.Exit(2)


def _write(printed: str | bytes, output: Path | None, language: Language) -> None:
    put(printed, output, language)
    if output is not None:
        typer.echo(Text(f"Rapporten er skrevet: {output}", f"The report is written: {output}")[language], err=True)


def _fits(request: Request, found: Settings) -> None:
    """Leave when options are given that cannot be met."""
    if request.form == "pdf" and request.output is None:
        fail(
            Text("--format pdf skriver en fil: sig hvilken med -o", "--format pdf writes a file: name it with -o"),
            found.language,
        )
    if request.classification is not None and not request.classification.strip():
        fail(
            Text("--classification er tom; sig, hvad der skal stå", "--classification is empty; say what to write"),
            found.language,
        )


def command(request: Request, found: Settings) -> str:
    """The command that makes the same report again, wherever it is written to; a party is not told of others' files."""
    told = request.paths if request.party is None or len(request.paths) == 1 else [Path("PATH")]
    words = ["graphsc", "report", *(path.as_posix() for path in told)]
    words += ["--as-of", found.as_of.isoformat(), "--lang", str(found.language)]
    for option, value in (
        ("--since", request.since.as_posix() if request.since else None),
        ("--for", request.party),
        ("--classification", request.classification),
        ("--trend", str(request.quarters) if request.quarters != 4 else None),
    ):
        words += [option, value] if value is not None else []
    for option, values in (("--select", found.select), ("--ignore", found.ignore)):
        for value in sorted(values):
            words += [option, value]
    return " ".join(shlex.quote(word) for word in [*words, "-o", "report.html"])
