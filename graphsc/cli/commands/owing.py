"""``graphsc duties`` and ``graphsc raci``: who owes and who does what."""

from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Color, Lang, Output, Paths, as_format


def duties(
    paths: Paths,
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="ORG", help="Only what this organisation owes.")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="Only what falls to this role.")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="Only what falls to this person.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only what comes under this agreement.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="30d", help="Only what must be done within this time: 30d, 2w, 3m, 1y."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="overdue, open, waived, met or not-recorded. Repeatable."),
    ] = None,
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help="Instead: unfilled roles, duties of nobody, one person on both sides, too much."),
    ] = False,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--most", metavar="WHAT=N", help="With --gaps: what one person may have; agreements, roles, duties."
        ),
    ] = None,
    if_leaves: Annotated[
        str | None, typer.Option("--if-leaves", metavar="ID", help="Instead: what this person leaves behind.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="With --if-leaves: from which day.")] = None,
    form: Annotated[str, as_format("text, json, csv, markdown or ics (a calendar).")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Color = None,
) -> None:
    """Show who owes what by when: what is overdue first, then by date, for each holder.

    A name may be the end of an IRI (p07, org/nordlys) or what the thing is called. Exit code 2: some input could not
    be read.
    """
    from graphsc.cli import owing

    asked = owing.Asked(
        holder, role, person, agreement, within, tuple(state or ()), gaps, tuple(most or ()), if_leaves, on
    )
    owing.run(paths, asked, owing.Printed(form, output, as_of, lang, color))


def raci(
    paths: Paths,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only the matrix of this agreement.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", metavar="ORG", help="Its own matrix, and those of the agreements it is party of."
        ),
    ] = None,
    form: Annotated[str, as_format("text, json, csv or markdown.")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Show who does what: per agreement, which role performs, answers for, assures, approves each task.

    The tasks and their roles are those of annex 4 of the guide and what the chain adds. Exit code 2: some input could
    not be read.
    """
    from graphsc.cli import owing

    owing.show_matrices(paths, agreement, organisation, owing.Printed(form, output, as_of, lang))
