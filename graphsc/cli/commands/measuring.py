"""``graphsc risk`` and ``graphsc what-if``: how the chain bears up, as it is and as it might be."""

from typing import Annotated, Any

import typer

from graphsc.cli.options import AsOf, Color, Ignore, Lang, Output, Paths, Select, as_format


def risk(
    paths: Paths,
    form: Annotated[str, as_format("text, json, csv or markdown.")] = "text",
    output: Output = None,
    node: Annotated[
        str | None,
        typer.Option("--explain", metavar="NODE", help="What the figures of one node rest on: its id, IRI or name."),
    ] = None,
    most: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Rows of a table.")] = 10,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Color = None,
) -> None:
    """Measure concentration, single points of failure and weakest links.

    Exit code 0: measured. 2: some input could not be read; what could be measured is still printed.
    Limits of your own become findings of validate: see [limits] in graphsc.toml.
    """
    from graphsc.cli import measuring

    measuring.risk(paths, form, output, node, most, as_of, lang, color)


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
    from graphsc.cli import supposing

    supposing.run(
        supposing.Request(
            paths=paths,
            without=without or [],
            without_countries=without_country or [],
            mergers=merge or [],
            alternatives=add_alternative or [],
            outage=outage,
            form=form,
            output=output,
            as_of=as_of,
            language=lang,
            select=select,
            ignore=ignore,
            color=color,
        )
    )
