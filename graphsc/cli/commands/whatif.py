"""``graphsc what-if``."""

from typing import Annotated, Any

import typer
from typer import Option

from graphsc.cli.common import (
    colored,
    known_codes,
    known_format,
    naming,
    note,
    put,
    read_settings,
    require_analysis,
    show_problems,
)
from graphsc.cli.options import AsOf, Color, Ignore, Lang, Output, Paths, Select, as_format
from graphsc.service import open_paths
from graphsc.validation.catalogue import rules as catalogue


def run(
    paths: Paths,
    without: Annotated[
        list[str] | None, Option(metavar="ORG", help="This organisation or owner group is lost. Repeatable.")
    ] = None,
    without_country: Annotated[
        list[str] | None, Option(metavar="CC", help="Nothing can be delivered from this country. Repeatable.")
    ] = None,
    merge: Annotated[
        list[Any] | None, Option(metavar="A B", help="These two become one owner group. Repeatable.")
    ] = None,
    add_alternative: Annotated[
        list[Any] | None,
        Option(
            metavar="SYSTEM ORG",
            help="This organisation (new: one that is in no data yet) could deliver to the system instead. Repeatable.",
        ),
    ] = None,
    outage: Annotated[
        str | None, Option(metavar="LENGTH", help="The loss passes after this long, such as 14d, 2w or P1M.")
    ] = None,
    form: Annotated[str, as_format("text, json or markdown.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    color: Color = None,
) -> None:
    """Suppose that something is lost, merged or added.

    A supplier is lost, two merge, or a system gets an alternative: what is before and what is after.
    Shows what stops, which agreements end, what hangs on one party alone, how concentration moves, and which
    findings come and go. The options hold together. ORG and SYSTEM are ids as the data writes them, or IRIs.

    Exit code 0: the comparison was made; it is no verdict, so never 1. 2: it could not be, or some input not read.
    """
    settings, problems = read_settings(as_of=as_of, language=lang, select=select, ignore=ignore)
    require_analysis()
    from graphsc.rendering.whatif import FORMATS, render
    from graphsc.service.whatif import scenario, what_if

    known = known_format(form, FORMATS)
    opened = open_paths(paths, settings, problems)
    known_codes(settings, catalogue(opened.dataset, settings.severity), opened.unread)
    with naming(opened):
        supposed = scenario(
            opened,
            without=without or [],
            without_countries=without_country or [],
            mergers=merge or [],
            alternatives=add_alternative or [],
            outage=outage,
        )
    compared = what_if(opened, supposed)
    put(render(known, compared, language=settings.language, colour=colored(color) and output is None), output)
    if compared.partial:
        show_problems(compared.problems)
        note(
            "Sammenligningen er ufuldstændig: Noget kunne ikke læses.",
            "The comparison is partial: some input could not be read.",
        )
        raise typer.Exit(2)
