"""``graphsc query`` and ``graphsc queries``: questions, of the facts and of what can be asked."""

from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Lang, Output, Paths, as_format


def query(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE|-", help="A shipped question, a file with SPARQL, or - for stdin.")
    ],
    paths: Paths,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the question. Repeatable."),
    ] = None,
    form: Annotated[str, as_format("table, csv, json, or turtle for CONSTRUCT.")] = "table",
    output: Output = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.01, help="Stop the query after this many seconds.")
    ] = 60.0,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Ask a question in SPARQL of the asserted and derived facts. It can only read, and only what is here."""
    from graphsc.cli import asking

    asking.query(what, paths, parameter or [], form, output, timeout, as_of, lang)


def queries(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Show all of these: parameters, statements, query.")
    ] = None,
    lang: Lang = None,
) -> None:
    """List the shipped questions and their parameters."""
    from graphsc.cli import asking

    asking.list_questions(names or [], lang)
