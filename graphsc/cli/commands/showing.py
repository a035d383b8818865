"""``graphsc coverage``, ``graphsc map`` and ``graphsc report``: the whole, for those who are to see it."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Color, Ignore, Lang, Output, Paths, Select, as_format


def coverage(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders. Without any: the statements and their treatment.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only how this agreement stands.")
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Instead: every statement of the guide and what treats it.")
    ] = False,
    form: Annotated[str, as_format("text, json, markdown, csv or xlsx.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Color = None,
) -> None:
    """Show how the guide is covered: its 17 recommendations, agreement by agreement, with counts and evidence.

    A recommendation is met where what is recorded breaks none of its rules; what is not recorded, waived, set aside or
    not checked is said to be so. Exit code 0: shown; it is no verdict, so never 1. 2: some input could not be read.
    """
    from graphsc.cli import covering

    covering.run(paths or [], form, output, agreement, statements, as_of, lang, color)


def map_(
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the page.")] = Path(
        "map.html"
    ),
    dates: Annotated[
        str | None,
        typer.Option("--dates", metavar="DATE,DATE", help="Also as of these days, at most eight, to see what changed."),
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
) -> None:
    """Write an interactive map: one HTML file that opens in a browser, without network.

    It opens on what is society-critical and on the gravest findings. Pick a function, system, supplier or finding to
    see only its chain. Exit code 0: written. 2: some input could not be read; the map then lacks it and says so.
    """
    from graphsc.cli import mapping

    mapping.run(paths, output, dates, mapping.Asked(as_of, lang, select, ignore))


def report(
    paths: Paths,
    output: Output = None,
    form: Annotated[str, as_format("html or pdf.")] = "html",
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            metavar="OLD",
            help="Show what changed since: findings of validate --format json, or an older folder.",
        ),
    ] = None,
    party: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="ORG", help="Only the chain of this party, and nothing of others: to mail to it."
        ),
    ] = None,
    classification: Annotated[
        str | None, typer.Option("--classification", metavar="TEXT", help="Mark every page with this.")
    ] = None,
    quarters: Annotated[
        int, typer.Option("--trend", min=0, max=40, metavar="N", help="Quarters of a year that the trend goes back.")
    ] = 4,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
) -> None:
    """Write the report for auditors and managers: one page to read, print or mail.

    It needs no network and no other file. PDF is made by Chromium, Chrome or WeasyPrint, whichever is there.

    Exit code 0: written, whatever it found. 2: some input could not be read; what could be is in the report.
    """
    from graphsc.cli import reporting

    reporting.run(
        reporting.Request(
            paths=paths,
            output=output,
            form=form,
            since=since,
            party=party,
            classification=classification,
            quarters=quarters,
            as_of=as_of,
            language=lang,
            select=select or [],
            ignore=ignore or [],
        )
    )
