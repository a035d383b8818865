"""``graphsc what-if``."""

from typing import Annotated, Any

import typer

from graphsc.cli.common import (
    colored,
    fail_on_name,
    known_codes,
    known_format,
    put,
    read_settings,
    require_analysis,
    show_problems,
)
from graphsc.cli.group import Pairing
from graphsc.cli.options import AsOf, Color, Ignore, Lang, Output, Paths, Select, as_format
from graphsc.core.text import Text
from graphsc.service import open_paths
from graphsc.validation.catalogue import rules as catalogue

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("what-if", cls=Pairing)
def what_if(
    paths: Paths,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="ORG", help="This organisation or owner group is lost. Repeatable."),
    ] = None,
    without_country: Annotated[
        list[str] | None,
        typer.Option("--without-country", metavar="CC", help="Nothing can be delivered from this country. Repeatable."),
    ] = None,
    merge: Annotated[
        list[Any] | None,
        typer.Option("--merge", metavar="A B", help="These two become one owner group. Repeatable."),
    ] = None,
    add_alternative: Annotated[
        list[Any] | None,
        typer.Option(
            "--add-alternative",
            metavar="SYSTEM ORG",
            help="This organisation (new: one that is in no data yet) could deliver to the system instead. Repeatable.",
        ),
    ] = None,
    outage: Annotated[
        str | None,
        typer.Option("--outage", metavar="LENGTH", help="The loss passes after this long, such as 14d, 2w or P1M."),
    ] = None,
    form: Annotated[str, as_format("text, json or markdown.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    color: Color = None,
) -> None:
    """Suppose that a supplier is lost, that two merge, or that a system gets an alternative: before and after.

    Shows what stops, which agreements end, what hangs on one party alone, how concentration moves, and which
    findings come and go. The options hold together. ORG and SYSTEM are ids as the data writes them, or IRIs.

    Exit code 0: the comparison was made; it is no verdict, so never 1. 2: it could not be, or some input not read.
    """
    settings, problems = read_settings(as_of=as_of, language=lang, select=select, ignore=ignore)
    language = settings.language
    require_analysis(language)
    from graphsc.rendering.whatif import FORMATS, render
    from graphsc.service.lookup import UnknownNameError
    from graphsc.service.whatif import ScenarioError, scenario
    from graphsc.service.whatif import what_if as compare

    known = known_format(form, FORMATS, language)
    opened = open_paths(paths, settings, problems)
    unread = opened.unread
    known_codes(settings, catalogue(opened.dataset, settings.severity), unread)
    try:
        supposed = scenario(
            opened,
            without=without or [],
            without_countries=without_country or [],
            mergers=merge or [],
            alternatives=add_alternative or [],
            outage=outage,
        )
    except (ScenarioError, UnknownNameError) as error:
        fail_on_name(error.reason, unread, language)
    compared = compare(opened, supposed)
    put(render(known, compared, language=language, colour=colored(color) and output is None), output, language)
    if compared.partial:
        show_problems(compared.problems, language)
        partial = Text(
            "Sammenligningen er ufuldstændig: noget kunne ikke læses.",
            "The comparison is partial: some input could not be read.",
        )
        typer.echo(partial[language], err=True)
        raise typer.Exit(2)
