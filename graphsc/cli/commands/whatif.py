"""``graphsc what-if``."""

from typing import Annotated, Any

import typer

from graphsc.cli.common import (
    check_codes,
    check_format,
    colored,
    naming,
    note,
    read_settings,
    require_analysis,
    show_problems,
    write_output,
)
from graphsc.cli.options import Choosing, Color, Output, Paths, as_format, option
from graphsc.service import open_paths
from graphsc.validation.rules import rules as catalogue

DANISH = """Antag, at noget falder bort, slås sammen eller kommer til.

En leverandør falder bort, to slås sammen, eller et system får et alternativ: hvad der er før, og hvad der er efter.
Du ser, hvad der går i stå, hvilke aftaler der ophører, hvad der hænger på én part alene, hvordan koncentrationen flytter sig, og hvilke
fund der kommer og går. Tilvalgene gælder samlet. ORG og SYSTEM er id'er, som dataene skriver dem, eller IRI'er.

Slutkode 0: sammenlignet; det er ingen dom, så aldrig 1. 2: Det kunne ikke lade sig gøre, eller noget kunne ikke læses."""


def run(
    paths: Paths,
    without: Annotated[
        list[str] | None,
        option(
            metavar="ORG",
            da="Denne organisation eller koncern falder bort. Kan gentages.",
            en="This organisation or owner group is lost. Repeatable.",
        ),
    ] = None,
    without_country: Annotated[
        list[str] | None,
        option(
            metavar="CC",
            da="Intet kan leveres fra dette land. Kan gentages.",
            en="Nothing can be delivered from this country. Repeatable.",
        ),
    ] = None,
    merge: Annotated[
        list[Any] | None,
        option(
            metavar="A B",
            da="Disse to bliver én koncern. Kan gentages.",
            en="These two become one owner group. Repeatable.",
        ),
    ] = None,
    add_alternative: Annotated[
        list[Any] | None,
        option(
            metavar="SYSTEM ORG",
            da="Denne organisation (new: en, der ikke er i dataene endnu) kunne levere til systemet i stedet. Kan gentages.",
            en="This organisation (new: one that is in no data yet) could deliver to the system instead. Repeatable.",
        ),
    ] = None,
    outage: Annotated[
        str | None,
        option(
            metavar="LENGTH",
            da="Bortfaldet varer så længe, f.eks. 14d, 2w eller P1M.",
            en="The loss passes after this long, such as 14d, 2w or P1M.",
        ),
    ] = None,
    form: Annotated[str, as_format("text, json eller markdown.", "text, json or markdown.")] = "text",
    output: Output = None,
    *,
    given: Choosing,
    color: Color = None,
) -> None:
    """Suppose that something is lost, merged or added.

    A supplier is lost, two merge, or a system gets an alternative: what is before and what is after.
    Shows what stops, which agreements end, what hangs on one party alone, how concentration moves, and which
    findings come and go. The options hold together. ORG and SYSTEM are ids as the data writes them, or IRIs.

    Exit code 0: the comparison was made; it is no verdict, so never 1. 2: it could not be, or some input not read.
    """
    settings, problems = read_settings(given)
    require_analysis()
    from graphsc.rendering.whatif import FORMATS, render
    from graphsc.service.whatif import scenario, what_if

    output_format = check_format(form, FORMATS)
    opened = open_paths(paths, settings, problems)
    check_codes(settings, catalogue(opened.dataset, settings.severity), opened.unread)
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
    write_output(
        render(output_format, compared, language=settings.language, colour=colored(color) and output is None), output
    )
    if compared.partial:
        show_problems(compared.problems)
        note(
            "Sammenligningen er ufuldstændig: Noget kunne ikke læses.",
            "The comparison is partial: some input could not be read.",
        )
        raise typer.Exit(2)
