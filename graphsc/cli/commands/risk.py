"""``graphsc risk``."""

from collections.abc import Sequence
from typing import Annotated

import typer

from graphsc.cli.common import check_format, colored, fail, read_settings, require_analysis, show_problems, write_output
from graphsc.cli.options import Color, Given, Output, Paths, as_format, option

DANISH = """Mål koncentration, hvad der hænger på én part alene, og svageste led.

Slutkode 0: målt. 2: Noget kunne ikke læses; det, der kunne måles, vises stadig.
Dine egne grænser bliver til fund i validate: se [limits] i graphsc.toml."""


def run(
    paths: Paths,
    form: Annotated[str, as_format("text, json, csv eller markdown.", "text, json, csv or markdown.")] = "text",
    output: Output = None,
    node: Annotated[
        str | None,
        option(
            "--explain",
            metavar="NODE",
            da="Hvad tallene for én knude bygger på: dens id, IRI eller navn.",
            en="What the figures of one node rest on: its id, IRI or name.",
        ),
    ] = None,
    most: Annotated[
        int, option("--top", min=1, metavar="N", da="Antal rækker i en tabel.", en="Rows of a table.")
    ] = 10,
    *,
    given: Given,
    color: Color = None,
) -> None:
    """Measure concentration, single points of failure, weakest links.

    Exit code 0: measured. 2: some input could not be read; what could be measured is still printed.
    Limits of your own become findings of validate: see [limits] in graphsc.toml.
    """
    settings, problems = read_settings(given)
    language = settings.language
    require_analysis()
    from graphsc.rendering.risk import FORMATS, render
    from graphsc.service import open_paths
    from graphsc.service.risk import assess

    output_format = check_format(form, FORMATS)
    assessment = assess(open_paths(paths, settings, problems))
    show_problems(assessment.problems)
    named = None if node is None else _single(node, assessment.named(node))
    colour = colored(color) and output is None
    write_output(render(output_format, assessment, language=language, node=named, most=most, colour=colour), output)
    raise typer.Exit(2 if assessment.problems else 0)


def _single(name: str, nodes: Sequence[str]) -> str:
    """The only node of a name; stops when there is none or several."""
    if not nodes:
        fail(f"{name} findes ikke i dataene.", f"{name} is not in the input given.")
    if len(nodes) > 1:
        several = ", ".join(nodes)
        fail(f"{name} kan være {several}.", f"{name} may be {several}.")
    return nodes[0]
